import gzip
import pickle
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
import zstandard
from django.http import HttpResponse
from django.middleware.csrf import get_token

from apps.core import placeholders
from apps.core.accepted import encodings
from apps.core.compression import CompressionMiddleware
from apps.core.markers import marker
from apps.core.packing import Packing, compressed_in_passing
from apps.core.pieces import PiecedResponse, Pieces

NAME, COUNT, CSRF = (marker(name).encode() for name in ("name", "count", "csrf"))
PAGE = b"<p>Hello %b, you have %b things.</p>" % (NAME, COUNT) + b"<i>The same for all.</i>" * 200


def answer(rf, pieces, *, values=("Ada", "3"), accept="gzip, br", common=False):
    response = PiecedResponse(pieces, {"Content-Type": "text/html; charset=utf-8"})
    response.fill([value.encode() for value in values])
    response.is_common = common
    request = rf.get("/", headers={"Accept-Encoding": accept})
    return CompressionMiddleware(lambda request: response)(request)


@pytest.mark.parametrize("values", [("Ada", "3"), ("", ""), ("Ä" * 70_000, "0"), ("x", "y" * 65_535)])
def test_kept_pieces_and_personal_parts_make_one_gzip_file(rf, values):
    pieces = Pieces(PAGE)
    name, count = (value.encode() for value in values)
    whole = PAGE.replace(NAME, name).replace(COUNT, count)
    assert pieces.length([name, count]) == len(whole)
    for kept in (pieces, pieces, Pieces(PAGE).packed(Packing(b"<p>Hello</p>"))):
        response = answer(rf, kept, values=values)
        assert response["Content-Encoding"] == "gzip"
        assert response["Content-Length"] == str(len(response.content))
        assert "Accept-Encoding" in response["Vary"]
        assert gzip.decompress(response.content) == whole


FORM = b"<p>Hello %b</p><form>%b</form><form>%b</form>%b." % (NAME, CSRF, CSRF, COUNT)


def test_one_gzip_file_after_another_is_right_for_who_it_is_for(rf):
    pieces = Pieces(FORM + b"<i>The same for all.</i>" * 200)
    for common, values in [
        (True, ["", "Anna's token", "Anna's token", "3 things"]),
        (True, ["", "Bert's token", "Bert's token", "3 things"]),
        (True, ["", "Cleo's token", "Cleo's token", "4 things"]),
        (False, ["Dora", "Dora's token", "Dora's token", "1 thing"]),
        (True, ["", "Emil's token", "Emil's token", "a thing"]),
    ]:
        response = answer(rf, pieces, values=values, accept="gzip, br", common=common)
        assert response["Content-Encoding"] == "gzip"
        assert gzip.decompress(response.content) == pieces.filled([value.encode() for value in values])


def test_nothing_that_is_a_visitors_own_is_remembered_with_the_page(rf):
    pieces = Pieces(FORM)
    answer(rf, pieces, values=["", "Anna's token", "Anna's token", "3 things"], common=True)
    answer(rf, pieces, values=["Dora", "Dora's token", "Dora's token", "1 thing"])
    remembered = pickle.dumps(pieces).decode("latin-1")
    assert "3 things" in remembered
    assert not [own for own in ("Anna", "Dora", "1 thing") if own in remembered]


def test_a_page_is_compressed_in_passing_until_it_has_been_asked_for_often(rf):
    pieces = Pieces(PAGE)
    *first, seventh = (answer(rf, pieces, accept="gzip, deflate, br, zstd") for _ in range(7))
    assert [answer["Content-Encoding"] for answer in (*first, seventh)] == ["zstd"] * 6 + ["gzip"]
    assert zstandard.decompress(first[-1].content) == gzip.decompress(seventh.content)


def test_a_page_like_another_one_is_kept_as_what_sets_it_apart(rf):
    numbers = "".join(f"<li>{number * 7919 % 10_007}</li>" for number in range(2_000)).encode()
    pieces = Pieces(numbers + PAGE).packed(Packing(b"<p>The model</p>" + numbers))
    assert pieces.size < 250 < len(numbers) // 50
    assert pieces.filled([b"Ada", b"3"]) == (numbers + PAGE).replace(NAME, b"Ada").replace(COUNT, b"3")


def test_threads_that_pack_at_once_each_get_their_own_text_back():
    packing = Packing(PAGE)
    texts = [PAGE + str(number).encode() * 5_000 for number in range(40)]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda text: packing.unpacked(packing.packed(text)), texts)) == texts
        sent = threads.map(lambda text: zstandard.decompress(compressed_in_passing(text)), texts)
        assert list(sent) == texts


def test_every_form_that_a_kept_page_has_by_now_is_counted(rf):
    pieces = Pieces(PAGE).packed(Packing(PAGE))
    plain = pieces.size
    answer(rf, pieces, accept="gzip")
    gzipped = pieces.size
    body = answer(rf, pieces, accept="br", common=True).content
    assert 0 < plain < gzipped
    assert pieces.size == gzipped + len(body) + len("Ada3")


def test_what_many_visitors_get_is_kept_in_a_smaller_form(rf):
    pieces = Pieces(PAGE)
    answer(rf, pieces, common=True)
    response = answer(rf, pieces, common=True)
    assert response["Content-Encoding"] == "br"
    assert brotli.decompress(response.content).startswith(b"<p>Hello Ada, you have 3 things.")
    other = answer(rf, pieces, values=("Grace", "1"), common=True)
    assert brotli.decompress(other.content).startswith(b"<p>Hello Grace, you have 1 things.")


@pytest.mark.parametrize("accept", ["", "identity", "gzip;q=0, br;q=0.0"])
def test_a_client_that_takes_nothing_compressed_gets_it_plain(rf, accept):
    response = answer(rf, Pieces(PAGE), accept=accept, common=True)
    assert response.content.startswith(b"<p>Hello Ada, you have 3 things.")
    assert "Content-Encoding" not in response


def test_encodings_are_read_with_their_weights():
    assert encodings("GZIP, br;q=0.5, zstd; q=0") == {"gzip", "br"}


def test_content_written_over_a_kept_page_is_what_is_sent(rf):
    response = PiecedResponse(Pieces(PAGE), {"Content-Type": "text/html"})
    response.fill([b"Ada", b"3"])
    assert response["Content-Length"] == str(len(response.content))
    response.content = b"Something else"
    assert response.pieces is None
    assert "Content-Length" not in response
    assert b"".join(response) == b"Something else"


@pytest.fixture
def visit(rf, monkeypatch):
    """A visit to a kept page of which one part is the visitor's name, from a cookie; answered by its middleware."""
    monkeypatch.setattr(
        placeholders,
        "_fillers",
        {"name": lambda request: request.COOKIES.get("sessionid", ""), "csrf": placeholders.csrf_field},
    )

    def make(page=b"<p>%b</p>" % NAME, cookies=None, **headers):
        request = rf.get("/", headers=headers)
        request.COOKIES.update(cookies or {})
        if secret := request.COOKIES.get("csrftoken"):
            request.META["CSRF_COOKIE"] = secret
        response = PiecedResponse(Pieces(page), {"Content-Type": "text/html"})
        return placeholders.PlaceholderMiddleware(lambda request: response)(request)

    return make


def test_a_browser_that_has_the_page_as_it_would_be_filled_is_told_so(visit):
    first = visit(cookies={"sessionid": "Ada"})
    again = visit(cookies={"sessionid": "Ada"}, If_None_Match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == again["Cache-Control"] == "private, no-cache"
    assert visit(cookies={"sessionid": "Grace"}, If_None_Match=first["ETag"]).content == b"<p>Grace</p>"
    other_page = visit(b"<b>%b</b>" % NAME, cookies={"sessionid": "Ada"}, If_None_Match=first["ETag"])
    assert other_page.content == b"<b>Ada</b>"
    waiting = visit(cookies={"sessionid": "Ada", "messages": "x"}, If_None_Match=first["ETag"])
    assert waiting.status_code == 200


def test_a_token_is_masked_anew_but_the_same_page_for_who_has_its_secret(visit, rf):
    form = b"<form>%b</form>" % CSRF
    request = rf.get("/")
    get_token(request)
    mine = {"csrftoken": request.META["CSRF_COOKIE"]}
    first, second = visit(form, cookies=mine), visit(form, cookies=mine)
    assert first.content != second.content
    assert visit(form, cookies=mine, If_None_Match=first["ETag"]).status_code == 304
    get_token(stranger := rf.get("/"))
    theirs = {"csrftoken": stranger.META["CSRF_COOKIE"]}
    assert visit(form, cookies=theirs, If_None_Match=first["ETag"]).status_code == 200


def test_only_a_visitor_without_cookies_of_ours_is_a_stranger(visit):
    assert visit().is_common
    assert visit(cookies={"theme": "dark"}).is_common
    assert not visit(cookies={"sessionid": "Ada"}).is_common
    assert not visit(cookies={"stoa_guest": "x"}).is_common


def test_a_plain_response_passes_as_before(rf):
    response = CompressionMiddleware(lambda request: HttpResponse(b"x" * 500))(
        rf.get("/", headers={"Accept-Encoding": "gzip"})
    )
    assert gzip.decompress(response.content) == b"x" * 500


def test_what_is_shared_by_strangers_is_told_by_each_value(rf):
    """Not by all of them in a row, which may be the same of others."""
    pieces = Pieces(PAGE)
    for values in (("Ad", "a3"), ("Ada", "3"), ("", "Ada3")):
        response = answer(rf, pieces, values=values, accept="br", common=True)
        assert brotli.decompress(response.content).startswith(
            f"<p>Hello {values[0]}, you have {values[1]} things.".encode()
        )
