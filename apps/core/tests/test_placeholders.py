import pytest
from django.http import HttpResponse, StreamingHttpResponse

from apps.core import placeholders
from apps.core.markers import marker


@pytest.fixture
def fillers(monkeypatch):
    registered = {}
    monkeypatch.setattr(placeholders, "_fillers", registered)
    return registered


def respond(rf, response):
    return placeholders.PlaceholderMiddleware(lambda request: response)(rf.get("/"))


def test_each_marker_is_filled_and_each_filler_asked_once(rf, fillers):
    asked = []
    fillers["name"] = lambda request: asked.append(1) or "<b>Ada</b>"
    page = f"<p>{marker('name')}</p><p>{marker('name')}</p>"

    response = respond(rf, HttpResponse(page))

    assert response.content == b"<p><b>Ada</b></p><p><b>Ada</b></p>"
    assert asked == [1]


def test_a_filled_page_is_private(rf, fillers):
    fillers["name"] = lambda request: "Ada"
    response = respond(rf, HttpResponse(marker("name")))
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Vary"] == "Cookie"


def test_a_page_without_markers_is_left_alone(rf, fillers):
    response = respond(rf, HttpResponse("<p>Hello</p>"))
    assert response.content == b"<p>Hello</p>"
    assert "Cache-Control" not in response


@pytest.mark.parametrize("text", ["\x1a", "\x1a\x1a&lt;!--stoa:name--&gt;", "<!--stoa:name-->", "\x1a<!--stoa:NAME-->"])
def test_what_only_looks_like_a_marker_is_text(rf, fillers, text):
    fillers["name"] = lambda request: "Ada"
    page = f"{marker('name')}{text}{marker('name')}{text}"
    assert respond(rf, HttpResponse(page)).content.decode() == f"Ada{text}Ada{text}"


def test_a_marker_that_nobody_fills_leaves_nothing_behind(rf, fillers):
    assert respond(rf, HttpResponse(marker("unknown"))).content == b""


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(marker("name"), content_type="text/plain"),
        StreamingHttpResponse([marker("name")]),
    ],
)
def test_only_whole_html_pages_are_filled(rf, fillers, response):
    fillers["name"] = lambda request: "Ada"
    assert b"Ada" not in b"".join(respond(rf, response))
