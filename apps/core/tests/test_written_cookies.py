from http.cookies import SimpleCookie

import pytest
from django.http import HttpResponse

from apps.core.written_cookies import WrittenCookies, WrittenCookiesResponse, WrittenCookiesTemplateResponse

ATTRIBUTES = {"path": "/", "domain": None, "secure": True, "httponly": True, "samesite": "Lax"}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A second that lasts until the test says otherwise."""
    times = [1_800_000_000.0]
    monkeypatch.setattr("time.time", lambda: times[-1])
    WrittenCookies._last = None
    yield times
    WrittenCookies._last = None


def both(*cookies):
    """What Django would send, and what is sent."""
    plain, quick = HttpResponse(), WrittenCookiesResponse()
    for key, value, attributes in cookies:
        for response in (plain, quick):
            response.set_cookie(key, value, **attributes)
    return plain.cookies, quick.cookies


def lines(cookies):
    return [cookie.OutputString() for cookie in cookies.values()]


@pytest.mark.parametrize("value", ["abc", "", "a b;c", 'quoted "text"', "ü", "42"])
@pytest.mark.parametrize(
    "attributes",
    [{"max_age": 60, **ATTRIBUTES}, {"max_age": 60}, {"max_age": 0, "samesite": "None"}, ATTRIBUTES, {"expires": 7}],
)
def test_each_cookie_is_the_one_that_django_would_set(value, attributes):
    for _ in range(2):
        plain, quick = both(("token", value, attributes))
        assert lines(quick) == lines(plain)
        assert quick["token"].items() == plain["token"].items()
        assert (quick["token"].key, quick["token"].value) == ("token", value)


def test_each_visitor_gets_their_own_and_the_date_of_then(clock):
    first = both(("token", "Anna", {"max_age": 60}))
    second = both(("token", "Bert", {"max_age": 60}))
    clock.append(clock[-1] + 5)
    third = both(("token", "Anna", {"max_age": 60}))
    other = both(("token", "Anna", {"max_age": 60, "path": "/de/"}))
    for plain, quick in (first, second, third, other):
        assert lines(quick) == lines(plain)
    assert len({line for _, quick in (first, second, third, other) for line in lines(quick)}) == 4


def test_what_is_said_of_it_later_is_sent(clock):
    both(("token", "Anna", {"max_age": 60}))
    plain, quick = both(("token", "Anna", {"max_age": 60}))
    for cookies in (plain, quick):
        cookies["token"]["secure"] = True
    assert lines(quick) == lines(plain)
    assert quick["token"].OutputString([]) == plain["token"].OutputString([]) == "token=Anna"


def test_a_cookie_that_is_set_twice_keeps_what_was_said_of_it_before():
    plain, quick = both(("token", "Anna", {"max_age": 60, "secure": True}), ("token", "Bert", {"max_age": 60}))
    assert lines(quick) == lines(plain)


def test_a_client_reads_it_as_any_other():
    _, quick = both(("token", "Anna", {"max_age": 60}))
    jar = SimpleCookie()
    jar.update(quick)
    assert jar["token"].coded_value == "Anna"


def test_pages_of_templates_set_it_alike(rf):
    response = WrittenCookiesTemplateResponse(rf.get("/"), "base.html")
    for value in ("Anna", "Bert"):
        plain, quick = both(("token", value, {"max_age": 60}))
        response.cookies.clear()
        response.set_cookie("token", value, max_age=60)
        assert lines(response.cookies) == lines(quick) == lines(plain)


def test_nothing_of_a_visitor_is_remembered():
    both(("token", "Anna", {"max_age": 60}))
    assert "Anna" not in repr(WrittenCookies._last)
