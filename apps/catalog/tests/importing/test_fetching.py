"""Pictures from the web: no test leaves this machine. A plain server stands in for the public host."""

import http.client
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from apps.catalog.importing.fetching import Fetcher, FetchFailed, is_public
from apps.catalog.importing.pictures import decode
from apps.catalog.tests.importing.pictures import picture

PUBLIC = "93.184.215.14"


class Stub(BaseHTTPRequestHandler):
    seen: list[str] = []

    def do_GET(self):
        Stub.seen.append(f"{self.headers['Host']}{self.path}")
        path = self.path.partition("?")[0]
        if path == "/dead":
            self.send_error(404)
        elif path == "/endless":
            self.redirect("/endless")
        elif path == "/inside":
            self.redirect("https://inside.example/secret")
        elif path == "/downgrade":
            self.redirect("http://pictures.example/ok.png")
        elif path == "/moved":
            self.redirect("/ok.png")
        elif path == "/slow":
            self.trickle()
        else:
            self.answer(b"x" * 5000 if path == "/large" else picture(), length=path != "/large")

    def redirect(self, target):
        self.send_response(302)
        self.send_header("Location", target)
        self.end_headers()

    def answer(self, body, *, length):
        self.send_response(200)
        if length:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def trickle(self):
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(200):
                self.wfile.write(b"X")
                time.sleep(0.05)
        except OSError:
            pass

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def port():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


class Web:
    """Names, their addresses, and a note of every connection that was asked for."""

    def __init__(self, port, names=None):
        self.port = port
        self.names = {"pictures.example": [PUBLIC], **(names or {})}
        self.connected = []

    def resolve(self, host):
        return self.names[host]

    def connect(self, host, address):
        self.connected.append((host, address))
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)

    def fetcher(self, **limits):
        return Fetcher(resolve=self.resolve, connect=self.connect, **limits)


@pytest.fixture
def web(port):
    Stub.seen.clear()
    return Web(port)


INNER = """127.0.0.1 127.8.8.8 0.0.0.0 10.0.0.5 172.16.3.4 192.168.1.1 169.254.169.254 100.64.0.1 224.0.0.1 240.0.0.1
    255.255.255.255 192.0.2.1 198.18.0.1 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::7f00:1 fe80::1 fe80::1%eth0 fc00::1
    fd12::1 ff02::1 64:ff9b::7f00:1 2002:7f00:1:: 2001:0:7f00:1:: nonsense"""


@pytest.mark.parametrize("address", INNER.split())
def test_an_address_that_is_not_on_the_internet_is_never_connected_to(port, address):
    web = Web(port, {"inside.example": [address]})
    with pytest.raises(FetchFailed, match="not on the public internet"):
        web.fetcher().fetch("https://inside.example/a.png")
    assert web.connected == []


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_are_public(address):
    assert is_public(address)


def test_one_private_address_among_public_ones_is_enough_to_refuse(port):
    web = Web(port, {"both.example": [PUBLIC, "10.0.0.1"]})
    with pytest.raises(FetchFailed):
        web.fetcher().fetch("https://both.example/a.png")
    assert web.connected == []


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "localhost"])
def test_loopback_in_disguise_is_refused_by_the_real_resolver(port, host):
    web = Web(port)
    with pytest.raises(FetchFailed):
        Fetcher(connect=web.connect).fetch(f"https://{host}/a.png")
    assert web.connected == []


@pytest.mark.parametrize(
    "url",
    [
        "http://pictures.example/a.png", "file:///etc/passwd", "ftp://pictures.example/a", "//pictures.example/a.png",
        "gopher://pictures.example/", "data:image/png;base64,AAAA", "https:///a.png", "https://a:b@pictures.example/a.png",
        "https://pictures.example:22/a.png", "https://pictures.example:99999/", "https://[::1/a.png", "",
    ],
)  # fmt: skip
def test_only_plain_https_addresses_are_asked(web, url):
    with pytest.raises(FetchFailed):
        web.fetcher().fetch(url)
    assert web.connected == []


def test_the_connection_goes_to_the_address_that_was_checked(web):
    """A name that answers differently the second time (DNS rebinding) is asked only once."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    fetcher = Fetcher(resolve=lambda host: next(answers), connect=web.connect)
    assert fetcher.fetch("https://pictures.example/ok.png") == picture()
    assert web.connected == [("pictures.example", PUBLIC)]


def test_blanks_and_other_letters_in_the_path_are_encoded(web):
    web.fetcher().fetch("https://pictures.example/grün tasse.png?v=1 2")
    assert Stub.seen == [f"127.0.0.1:{web.port}/gr%C3%BCn%20tasse.png?v=1%202"]


def test_a_redirect_is_followed(web):
    assert web.fetcher().fetch("https://pictures.example/moved") == picture()


@pytest.mark.parametrize(("path", "asked"), [("/inside", 1), ("/downgrade", 1), ("/endless", 4)])
def test_a_redirect_is_checked_like_the_first_address(port, web, path, asked):
    web.names["inside.example"] = ["10.0.0.8"]
    with pytest.raises(FetchFailed):
        web.fetcher().fetch(f"https://pictures.example{path}")
    assert [address for _host, address in web.connected] == [PUBLIC] * asked


def test_too_large_a_body_is_left_with_and_without_a_stated_length(web):
    for path in ("/large", "/ok.png"):
        with pytest.raises(FetchFailed, match="larger"):
            web.fetcher(size_limit=100).fetch(f"https://pictures.example{path}")


def test_a_host_that_sends_byte_by_byte_is_left_at_the_deadline(web):
    started = time.monotonic()
    with pytest.raises(FetchFailed):
        web.fetcher(deadline=0.5).fetch("https://pictures.example/slow")
    assert time.monotonic() - started < 3


def test_a_missing_picture_says_so(web):
    with pytest.raises(FetchFailed, match="404"):
        web.fetcher().fetch("https://pictures.example/dead")


@pytest.mark.parametrize(
    "body", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", picture()[:80], b"GIF89a"]
)
def test_what_is_not_a_whole_picture_is_refused(body):
    with pytest.raises(FetchFailed):
        decode(body)


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked():
    body = bytearray(picture())
    body[16:24] = (30_000).to_bytes(4) + (30_000).to_bytes(4)
    with pytest.raises(FetchFailed):
        decode(bytes(body))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "GIF"])
def test_usual_kinds_are_read(kind):
    content = decode(picture(kind=kind))
    assert (content.width, content.height) == (64, 48)
