import gzip

import pytest
import zstandard
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import Client

from apps.core.compression import CompressionMiddleware
from apps.core.pieces import PiecedResponse, Pieces
from apps.core.zstd_pages import ZstdMiddleware

PAGE = b"<p>The cart of Ada Lovelace</p>" * 40
BROWSER = "gzip, deflate, br, zstd"


def answer(rf, response, accept=BROWSER):
    request = rf.get("/", headers={"Accept-Encoding": accept})
    return CompressionMiddleware(ZstdMiddleware(lambda request: response))(request)


def unpacked(body):
    """As a browser reads it, piece by piece."""
    reader = zstandard.ZstdDecompressor().decompressobj()
    return b"".join(reader.decompress(body[at : at + 7]) for at in range(0, len(body), 7))


def test_a_page_of_one_visitor_is_compressed_with_zstd(rf):
    response = answer(rf, HttpResponse(PAGE, headers={"Vary": "Cookie", "ETag": '"1"'}))
    assert response["Content-Encoding"] == "zstd"
    assert response["Content-Length"] == str(len(response.content))
    assert (response["Vary"], response["ETag"]) == ("Cookie, Accept-Encoding", 'W/"1"')
    assert unpacked(response.content) == PAGE
    assert len(response.content) < len(PAGE) / 4


def test_its_length_does_not_tell_how_well_it_is_compressed(rf):
    answers = [answer(rf, HttpResponse(PAGE)).content for _ in range(300)]
    assert {unpacked(content) for content in answers} == {PAGE}
    lengths = sorted({len(content) for content in answers})
    assert {length % 3 for length in lengths} == {lengths[0] % 3}
    assert 60 < lengths[-1] - lengths[0] < 100


@pytest.mark.parametrize("accept", ["gzip, br", "gzip, zstd;q=0"])
def test_who_does_not_take_it_gets_gzip(rf, accept):
    response = answer(rf, HttpResponse(PAGE), accept)
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == PAGE
    assert "Content-Encoding" not in answer(rf, HttpResponse(PAGE), "identity")


def test_an_etag_that_is_weak_stays_as_it_is(rf):
    assert answer(rf, HttpResponse(PAGE, headers={"ETag": 'W/"1"'}))["ETag"] == 'W/"1"'
    assert "ETag" not in answer(rf, HttpResponse(PAGE))


@pytest.mark.parametrize("content", [b"", b"x" * 199, bytes(range(256))])
def test_what_would_not_become_shorter_is_left_alone(rf, content):
    response = answer(rf, HttpResponse(content))
    assert response.content == content
    assert "Content-Encoding" not in response


def test_what_is_compressed_kept_or_sent_in_parts_is_left_to_others(rf, tmp_path):
    assert answer(rf, HttpResponse(PAGE, headers={"Content-Encoding": "br"})).content == PAGE
    kept = Pieces(PAGE)
    kept.uses = 10
    response = answer(rf, PiecedResponse(kept, {"Content-Type": "text/html"}))
    assert (response["Content-Encoding"], response.pieces) == ("gzip", None)
    (file := tmp_path / "page.html").write_bytes(PAGE)
    for streamed in (StreamingHttpResponse([PAGE]), FileResponse(file.open("rb"))):
        assert answer(rf, streamed)["Content-Encoding"] == "gzip"


@pytest.mark.django_db
def test_a_cart_is_the_same_however_it_is_compressed():
    client = Client()
    plain = client.get("/cart/").content
    response = client.get("/cart/", headers={"Accept-Encoding": BROWSER})
    assert response["Content-Encoding"] == "zstd"
    assert unpacked(response.content) == plain
