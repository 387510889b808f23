import re

import pytest
from django.core import mail
from django.core.management import call_command

from apps.core.ownership import Owner
from apps.notifications.models import Message
from apps.orders import services
from apps.orders.models import GuestLink, Order
from apps.orders.tests.factories import make_cart, make_order
from apps.users.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database("sqlite")]


def told():
    return [message.kind for message in Message.objects.order_by("pk")]


def test_a_guest_is_told_each_step_once():
    order = make_order(paid=True)
    services.record_fulfilment(order_id=order.pk, to="packed")
    data = {"carrier": "Post", "tracking_number": "AB1", "tracking_url": "https://example.com/AB1"}
    services.record_fulfilment(order_id=order.pk, to="shipped", data=data)
    assert told() == ["order.confirmation", "order.payment_received", "order.shipped"]
    assert {message.recipient for message in Message.objects.all()} == {"ada@example.com"}
    shipped = Message.objects.get(kind="order.shipped")
    assert "AB1" in shipped.text
    assert 'href="https://example.com/AB1"' in shipped.html


def test_the_confirmation_names_goods_total_and_address():
    order = make_order()
    message = Message.objects.get()
    assert order.number in message.subject
    for part in ("1 × Mug", "€24.89", "10115 Berlin", order.number):
        assert part in message.text
        assert part in message.html


def test_the_link_in_a_guests_mail_opens_the_order(client):
    order = make_order()
    link = re.search(r"http://testserver(/orders/link/\S+)", Message.objects.get().text)[1]
    response = client.get(link)
    assert response["Location"] == order.get_absolute_url()
    assert client.get(response["Location"]).status_code == 200


def test_a_customers_mail_leads_to_the_order_without_a_key():
    user = User.objects.create_user("grace@example.com")
    order = make_order(owner=make_cart(owner=Owner(user_id=user.pk)), email="grace@example.com")
    assert GuestLink.unscoped.count() == 0
    assert f"http://testserver{order.get_absolute_url()}" in Message.objects.get().text


def test_mails_speak_the_language_of_the_order():
    make_order(language="de")
    message = Message.objects.get()
    assert message.language == "de"
    assert "http://testserver/de/orders/link/" in message.text
    assert "24,89" in message.text


def test_closing_an_order_is_told():
    services.cancel_order(order_id=make_order().pk, restock=True, actor=None)
    late = make_order()
    Order.unscoped.filter(pk=late.pk).update(hold_expires_at=late.placed_at)
    services.sweep()
    assert told()[-2:] == ["order.confirmation", "order.expired"]
    assert "order.cancelled" in told()


def test_what_a_person_typed_does_not_become_html():
    make_order(shipping_address={"name": "<b>Ada</b>", "country": "DE"})
    message = Message.objects.get()
    assert "<b>Ada</b>" not in message.html
    assert "<b>Ada</b>" in message.text


def test_the_worker_sends_the_mail():
    make_order()
    call_command("worker", "--once")
    assert [sent.to for sent in mail.outbox] == [["ada@example.com"]]
