import pytest

from apps.core.proxies import client_address


@pytest.mark.parametrize(
    ("forwarded_for", "trusted", "client"),
    [
        ("203.0.113.7", 0, "10.0.0.1"),
        ("203.0.113.7", 1, "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7", 1, "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7, 10.0.0.9", 2, "203.0.113.7"),
        ("", 1, "10.0.0.1"),
        ("203.0.113.7", 2, "10.0.0.1"),
        ("203.0.113.7:4433", 1, "203.0.113.7"),
        ("[2001:db8::1]:4433", 1, "2001:db8::1"),
        ("[2001:db8::1]", 1, "2001:db8::1"),
        ("2001:db8::1%" + "x" * 300, 1, "2001:db8::1"),
        ("x" * 300, 1, "10.0.0.1"),
        ("unknown", 1, "10.0.0.1"),
    ],
)
def test_only_what_trusted_proxies_wrote_counts(forwarded_for, trusted, client):
    assert client_address("10.0.0.1", forwarded_for, trusted) == client
