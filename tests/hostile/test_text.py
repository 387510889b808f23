"""A NUL, a flood, a second line for a header or bytes that are no text, in every field of every form."""

from itertools import cycle
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.core.ownership import Owner
from apps.jobs.worker import Worker
from apps.orders import services
from apps.orders.tests.factories import ADDRESS, make_order
from apps.users.models import User
from tests.access.world import counts
from tests.hostile.forms import FORMS
from tests.hostile.inputs import HEADERS, NUL, OVERLONG

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("postgres")]


def spoiled(form, name, value, world, watch=False):
    data = urlencode({**form.fields, name: value}).encode()
    return world.ask(form.role, "POST", form.path.format(**vars(world.rows)), data=data, watch=watch)


every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.path}-{form.role}")


@every_form
def test_a_nul_is_refused_in_every_field(form, world):
    before = counts()
    for name in form.typed:
        response = spoiled(form, name, NUL, world, watch=before)
        assert response.status_code < 500, name
        assert response.written == {}, name
    for name in form.others:
        assert spoiled(form, name, NUL, world).status_code < 500, name


FLOODS = [OVERLONG, "9" * 5000, "\ud7ff\U0010ffff"]


@every_form
def test_a_flood_breaks_nothing(form, world):
    path = form.path.format(**vars(world.rows))
    for value in FLOODS:
        everything = urlencode({**dict.fromkeys(form.typed, value), **form.others}).encode()
        assert world.ask(form.role, "POST", path, data=everything).status_code < 500, value[:9]
    for name, value in zip(form.others, cycle(FLOODS), strict=False):
        assert spoiled(form, name, value, world).status_code < 500, name


@every_form
def test_bytes_that_are_no_text_break_nothing(form, world):
    path = form.path.format(**vars(world.rows))
    for raw in (b"%ff%fe", b"\xff\xfe", b"%ed%a0%80", b"%c0%80"):
        everything = b"&".join(name.encode() + b"=" + raw for name in form.typed)
        data = urlencode(form.others).encode() + b"&" + everything
        assert world.ask(form.role, "POST", path, data=data).status_code < 500, raw
        data = urlencode(form.typed).encode() + b"&" + b"&".join(name.encode() + b"=" + raw for name in form.others)
        assert world.ask(form.role, "POST", path, data=data).status_code < 500, raw


# --- A second line must not become a header.


@pytest.mark.parametrize("path", ["/account/signup/", "/account/password/reset/", "/account/login/code/"])
def test_an_address_with_a_second_line_gets_no_mail(path, world):
    data = urlencode({"email": "a@example.com\r\nBcc: b@example.com", "password1": "a quiet harbour"}).encode()
    response = world.ask("guest", "POST", path, data=data, watch=True)
    assert (response.status_code, response.written) == (422, {})


def test_a_name_with_a_second_line_adds_no_header_to_a_mail(world):
    owner = Owner(user_id=world.rows.owner.pk)
    address = {**ADDRESS, "name": HEADERS, "company": HEADERS}
    make_order(
        owner=owner,
        lines={world.rows.variant: 1},
        payment_method="sandbox",
        shipping_address=address,
        billing_address=address,
        note=HEADERS,
    )
    User.objects.filter(pk=owner.user_id).update(full_name=HEADERS)
    Worker().drain()
    assert mail.outbox
    for message in mail.outbox:
        assert message.recipients() == [message.to[0]]
        assert "Bcc" not in message.message()
        assert "\n" not in message.subject


def test_markup_in_names_is_shown_as_text(world):
    markup = '<script>alert(1)</script>"><img src=x onerror=alert(1)><!--stoa:csrf-->'
    person = world.rows.owner
    order = make_order(
        owner=Owner(user_id=person.pk),
        lines={world.rows.variant: 1},
        payment_method="sandbox",
        shipping_address={**ADDRESS, "name": markup, "city": markup},
        note=markup,
    )
    User.objects.filter(pk=person.pk).update(full_name=markup[:120], bio=markup)
    services.add_note(order_id=order.pk, text=markup, actor=None, public=True)
    for role, path in (
        ("owner", f"/orders/{order.ref}/"),
        ("owner", "/account/"),
        ("owner", "/"),
        ("manager", f"/admin/orders/order/{order.pk}/change/"),
        ("manager", "/admin/orders/order/"),
        ("manager", f"/admin/users/user/{person.pk}/change/"),
        ("manager", "/admin/users/user/"),
    ):
        text = world.ask(role, "GET", path).content.decode()
        assert "<script>alert" not in text and "<img src=x" not in text, path
        assert "&lt;!--stoa:csrf" in text or "stoa:csrf" not in text, path


# --- Uploads.

FILES = {
    "page.html": b"<script>alert(1)</script>",
    "picture.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "picture.png": b"<?php system($_GET['c']) ?>",
    "picture.webp": b"RIFF\xff\xff\xff\xffWEBPVP8 ",
    "picture.gif": b"GIF89a\xff\xff\xff\xff\x00\x00\x00;",
    "../../escape.png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
    "empty.png": b"",
    "a\x00b.png": b"\x89PNG",
    "picture.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (r) file",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_picture_is_not_kept(name, world):
    client = Client(raise_request_exception=False)
    client.force_login(world.rows.owner)
    upload = SimpleUploadedFile("x", FILES[name], content_type="image/png")
    upload.name = name
    response = client.post("/account/", {"full_name": "Ada", "bio": "", "language": "en", "avatar": upload})
    assert response.status_code == 422
    assert not User.objects.get(pk=world.rows.owner.pk).avatar
