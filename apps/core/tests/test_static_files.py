import pytest
from django.http import HttpResponseNotFound

from apps.core.static_files import StaticFilesMiddleware


@pytest.fixture
def static_files(settings, tmp_path):
    """The middleware over a folder with one stylesheet, in two forms, and a neighbour that is none of its business."""
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    settings.STATIC_ROOT = tmp_path / "staticfiles"
    (settings.STATIC_ROOT / "css").mkdir(parents=True)
    (settings.STATIC_ROOT / "css" / "shop.css").write_bytes(b"p { margin: 0 }")
    (settings.STATIC_ROOT / "css" / "shop.css.br").write_bytes(b"packed")
    (tmp_path / "secret.txt").write_bytes(b"not for you")
    return StaticFilesMiddleware(lambda request: HttpResponseNotFound())


def test_a_file_is_looked_at_when_it_is_first_asked_for(static_files, rf):
    assert static_files.files == {}
    for _ in range(2):
        response = static_files(rf.get("/static/css/shop.css"))
        assert (response.status_code, response["Content-Type"]) == (200, 'text/css; charset="utf-8"')
        assert b"".join(response) == b"p { margin: 0 }"
        assert list(static_files.files) == ["/static/css/shop.css"]


def test_a_browser_that_takes_it_gets_the_compressed_form(static_files, rf):
    response = static_files(rf.get("/static/css/shop.css", headers={"Accept-Encoding": "br"}))
    assert (response["Content-Encoding"], b"".join(response)) == ("br", b"packed")


@pytest.mark.parametrize(
    "path",
    [
        "/static/css/other.css",
        "/static/css",
        "/static/css/",
        "/static/css/shop.css.br",
        "/static/../secret.txt",
        "/static/css/../../secret.txt",
        "/static//css/shop.css",
        "/css/shop.css",
    ],
)
def test_anything_else_is_left_to_the_shop_and_not_remembered(static_files, rf, path):
    request = rf.get("/")
    request.path_info = path
    assert static_files(request).status_code == 404
    assert static_files.files == {}
