"""Requests that are broken below the forms: bytes, headers, cookies."""

import io
from itertools import cycle, product

import pytest
from django.conf import settings
from django.core import mail
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client, override_settings
from django.test.client import FakePayload

from apps.core.readable import ReadableRequest
from apps.jobs.worker import Worker

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("postgres")]

BODIES = [
    b"sku=\xff\xfe&quantity=1",
    b"sku=%ff%fe&quantity=%00",
    b"\x00" * 1000,
    b"=" * 1000,
    b"&" * 5000,
    b"a=1&" * 3000,
    b"sku=" + b"%ed%a0%80",
    bytes(range(256)),
    b"{" * 10_000,
]
TYPES = [
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "x" * 300,
    "application/json",
    "text/plain",
    "",
]
POSTED = ["/cart/lines/", "/cart/lines/WALK-1/", "/checkout/", "/account/login/", "/account/signup/"]


@pytest.mark.parametrize("path", [*POSTED, "/payments/sandbox/webhook/"])
def test_a_body_that_is_no_form_is_refused(path, world):
    """Each type with each body at the cart; bodies are read before any form is, so elsewhere each once."""
    pairs = product(TYPES, BODIES) if path == "/cart/lines/" else zip(cycle(TYPES), BODIES, strict=False)
    for content_type, body in pairs:
        response = world.ask("guest", "POST", path, data=body, content_type=content_type, watch=True)
        assert 400 <= response.status_code < 500, (content_type, body[:20])
        assert response.written == {}


def ask_server(environ):
    """As a server asks: the request is made of the environment, before any middleware."""
    handler = WSGIHandler()
    handler.request_class = ReadableRequest
    answers = []
    basic = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/products/",
        "QUERY_STRING": "q=mug",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.input": FakePayload(b""),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
    }
    # A server's request gives its database connection back, which this test still needs.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        handler({**basic, **environ}, lambda status, headers: answers.append(status)).close()
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
    return int(answers[0].split()[0])


@pytest.mark.parametrize(
    "charset", ["hex", "rot13", "base64", "undefined", "utf-16", "utf-7", "idna", "unicode_escape"]
)
def test_a_codec_that_is_no_encoding_of_forms_is_refused(charset):
    assert ask_server({"CONTENT_TYPE": f"text/plain; charset={charset}"}) == 400


@pytest.mark.parametrize(
    "content_type",
    ["text/plain; " + "x" * 20_000, "text/plain; charset*=nothing''x", "text/plain; charset*=utf-8''%ff"],
)
def test_a_content_type_that_can_not_be_read_is_refused(content_type):
    assert ask_server({"CONTENT_TYPE": content_type}) in {200, 400}


def test_usual_requests_pass():
    for content_type in (
        "",
        "text/plain",
        "application/x-www-form-urlencoded; charset=UTF-8",
        "text/plain; charset=foo",
    ):
        assert ask_server({"CONTENT_TYPE": content_type}) == 200


COOKIES = [
    '"\\000\\000\\000\\000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"',
    '"\\377\\376' + "a" * 40 + '"',
    "x" * 6000,
    "é" * 43,
    "",
]


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "stoa_guest", "messages", "django_language"])
def test_a_strange_cookie_is_as_good_as_none(name, world):
    for value in COOKIES:
        for path, status in [("/", 200), ("/cart/", 200), ("/orders/", 200), ("/account/", 302), ("/admin/", 302)]:
            response = world.ask("guest", "GET", path, headers={"Cookie": f"{name}={value}"}, watch=True)
            assert (response.status_code, response.written) == (status, {}), (value[:20], path)
        response = world.ask("guest", "POST", "/cart/lines/", data=b"sku=x", headers={"Cookie": f"{name}={value}"})
        assert response.status_code == 404


JUNK = [
    "%ff",
    "x" * 9000,
    "é",
    "http://[",
    "javascript:alert(1)",
    "//evil.example",
    "http://testserver:99999/",
    "../x",
    "#",
]


@pytest.mark.parametrize(
    "header",
    [
        "HX-Target",
        "HX-Trigger",
        "HX-Trigger-Name",
        "HX-Current-URL",
        "HX-Prompt",
        "HX-Boosted",
        "HX-Target-URI-AutoEncoded",
    ],
)
def test_headers_of_htmx_can_not_name_templates_or_break_pages(header, world):
    for value in [*JUNK, "true", "live", "base.html", "results#x", "orders/order_detail.html"]:
        for path in ("/products/", "/cart/"):
            response = world.ask("owner", "GET", path, headers={"HX-Request": "true", header: value})
            assert response.status_code == 200, (value[:30], path)


@pytest.mark.parametrize("host", ["evil.example", "testserver@evil.example", "x" * 300, "[::1", "a b"])
def test_another_host_is_refused(host, world):
    for path in ("/", "/account/password/reset/", "/admin/"):
        assert world.ask("guest", "GET", path, headers={"Host": host}).status_code == 400


def test_the_host_header_does_not_get_into_mails(world):
    run_jobs()  # what the world's own orders have to say
    for headers in (
        {"Host": "localhost"},
        {"Host": "localhost:6666", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
        {"Forwarded": "host=evil.example", "X-Original-Host": "evil.example", "X-Host": "evil.example"},
    ):
        for path in ("/account/password/reset/", "/account/login/code/"):
            mail.outbox.clear()
            client = Client()
            client.post(path, {"email": world.rows.owner.email}, headers=headers)
            run_jobs()
            text = "".join(str(message.message()) for message in mail.outbox)
            assert len(mail.outbox) == 1
            assert "evil.example" not in text and "localhost" not in text
            if "reset" in path:
                assert f"{settings.SITE_URL}/account/password/reset/key/" in text.replace("=\n", "")


def run_jobs():
    Worker().drain()


@override_settings(TRUSTED_PROXY_COUNT=1)
def test_a_client_behind_the_proxy_can_not_choose_its_address(world):
    """Only what the proxy appended counts; limits then see one client, whatever it claims."""
    client = Client()
    statuses = [
        client.post(
            "/account/password/reset/",
            {"email": f"person{n}@example.com"},
            headers={"X-Forwarded-For": f"10.0.0.{n}, <script>, 203.0.113.7"},
        ).status_code
        for n in range(30)
    ]
    assert 429 in statuses


@pytest.mark.parametrize("claimed", ["x", "é" * 200, "1.2.3.4, ::1", "," * 5000, "<b>", "[::1]:80", "unknown"])
@pytest.mark.parametrize("trusted", [0, 1])
def test_a_strange_forwarded_address_breaks_nothing(claimed, trusted, world):
    with override_settings(TRUSTED_PROXY_COUNT=trusted):
        for path in ("/account/login/", "/account/password/reset/", "/account/login/code/"):
            data = b"login=a%40example.com&email=a%40example.com&password=x"
            response = world.ask("guest", "POST", path, data=data, headers={"X-Forwarded-For": claimed})
            assert response.status_code < 500
