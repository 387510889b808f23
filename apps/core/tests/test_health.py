import pytest

from apps.core import health


def test_the_process_answers_without_a_database_and_under_any_host(client):
    response = client.get("/healthz", headers={"Host": "probe.internal"})
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_a_ready_shop_says_so(client):
    response = client.get("/readyz", headers={"Host": "probe.internal"})
    assert response.status_code == 200
    assert set(response.json().values()) == {"ok"}


@pytest.mark.django_db
def test_a_probe_that_finds_something_makes_the_shop_unready(client, monkeypatch):
    monkeypatch.setitem(health._probes, "queue", lambda: "nothing works the queue")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["queue"] == "nothing works the queue"


@pytest.mark.django_db
def test_a_probe_that_breaks_names_its_error_and_no_detail(client, monkeypatch):
    def broken():
        raise RuntimeError("password=secret")

    monkeypatch.setitem(health._probes, "queue", broken)
    assert client.get("/readyz").json()["queue"] == "RuntimeError"
