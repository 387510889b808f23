from datetime import datetime, time, timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from apps.catalog.models import Product, Stock, StockMovement, Variant
from apps.catalog.tests.factories import make_variant
from apps.core import roles
from apps.orders import services
from apps.orders.models import GuestLink, Order, OrderEvent
from apps.orders.panels import takings
from apps.orders.tests.factories import make_order
from apps.users.models import User
from apps.users.services import create_account

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

LIST = reverse("admin:orders_order_changelist")


@pytest.fixture
def clerk(client):
    user = create_account(email="clerk@example.com", password=None, full_name="Cleo Clerk", is_staff=True)
    user.groups.add(Group.objects.get(name=roles.ORDER_CLERK))
    client.force_login(user)
    return user


def page(client, order):
    return client.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()


def step(client, name, order, **data):
    return client.post(reverse(f"admin:{name}", args=[order.pk]), data)


def test_the_list_shows_a_state_and_finds_an_order_by_its_number(client, clerk):
    order, other = make_order(paid=True), make_order()
    text = client.get(LIST).content.decode()
    assert '<span class="badge badge--info">Paid</span>' in text
    for typed in (order.number, order.number.lower().replace("-", ""), f"#{order.number}"):
        found = client.get(LIST, {"q": typed}).content.decode()
        assert order.number in found
        assert other.number not in found


def test_the_list_finds_orders_by_address_and_name(client, clerk):
    order, other = make_order(email="grace@example.com"), make_order()
    assert other.number not in client.get(LIST, {"q": "grace@"}).content.decode()
    assert order.number in client.get(LIST, {"q": "GRACE@example"}).content.decode()
    assert order.number in client.get(LIST, {"q": "lovelace"}).content.decode()
    assert "Nothing fits what you look for." in client.get(LIST, {"q": "nobody"}).content.decode()
    assert client.get(LIST, {"q": "nobody\x00"}).status_code == 400


def test_the_filters_tell_what_waits_for_a_parcel(client, clerk):
    order, other = make_order(paid=True), make_order()
    text = client.get(LIST, {"status": "to-ship"}).content.decode()
    assert order.number in text
    assert other.number not in text


def test_the_list_costs_the_same_for_1_and_24_orders(client, clerk, django_assert_num_queries):
    make_order()
    client.get(LIST)
    with django_assert_num_queries(8):
        client.get(LIST)
    variant = make_variant(on_hand=100)
    for _ in range(23):
        make_order(lines={variant: 1})
    with django_assert_num_queries(8):
        assert client.get(LIST).content.decode().count("ada@example.com") == 24


def test_the_page_shows_lines_totals_addresses_payment_and_what_happened(client, clerk):
    order = make_order(lines={make_variant(title="Blue bowl", price=2450): 2}, paid=True)
    text = page(client, order)
    for part in ("Blue bowl", "€49.00", "Lange Straße 1", "Payment received", "Order placed"):
        assert part in text


def test_an_order_goes_from_packed_to_shipped_to_delivered(client, clerk):
    variant = make_variant(on_hand=5)
    order = make_order(lines={variant: 2}, paid=True)
    step(client, "shipping_pack", order)
    order.refresh_from_db()
    assert order.status == "fulfilling"
    tracking = {"carrier": "DHL", "tracking_number": "0034", "tracking_url": "https://example.com/0034"}
    step(client, "shipping_ship", order, **tracking)
    order.refresh_from_db()
    assert (order.status, Stock.objects.get().on_hand) == ("shipped", 3)
    assert OrderEvent.unscoped.get(kind="shipped").data == tracking
    assert OrderEvent.unscoped.get(kind="shipped").actor == clerk
    assert StockMovement.objects.filter(reason="sale").get().delta == -2
    step(client, "shipping_deliver", order)
    order.refresh_from_db()
    assert order.status == "delivered"


def test_only_the_possible_steps_are_offered(client, clerk):
    order = make_order()
    text = page(client, order)
    assert reverse("admin:shipping_pack", args=[order.pk]) not in text
    assert reverse("admin:orders_order_cancel", args=[order.pk]) in text
    services.record_payment(order_id=order.pk, amount=order.total, currency=order.currency, payment_ref="p")
    assert reverse("admin:shipping_pack", args=[order.pk]) in page(client, order)


def test_an_illegal_step_says_so_and_changes_nothing(client, clerk):
    order = make_order()
    answer = client.post(reverse("admin:shipping_pack", args=[order.pk]), follow=True)
    assert "messagelist" in answer.content.decode()
    order.refresh_from_db()
    assert (order.status, order.version) == ("awaiting_payment", Order.unscoped.get().version)
    assert not OrderEvent.unscoped.filter(kind="packed").exists()


def test_a_tracking_page_that_is_no_address_comes_back_with_what_was_typed(client, clerk):
    order = make_order(paid=True)
    answer = step(client, "shipping_ship", order, carrier="DHL", tracking_url="javascript:alert(1)")
    assert answer.status_code == 422
    assert 'value="DHL"' in answer.content.decode()
    order.refresh_from_db()
    assert order.status == "paid"


@pytest.mark.parametrize(("restock", "on_hand"), [("yes", 5), ("no", 3)])
def test_cancelling_puts_the_goods_back_or_writes_them_off(client, clerk, restock, on_hand):
    variant = make_variant(on_hand=5)
    order = make_order(lines={variant: 2})
    assert step(client, "orders_order_cancel", order, restock=restock, reason="Changed their mind").status_code == 302
    order.refresh_from_db()
    stock = Stock.objects.get()
    assert (order.status, stock.on_hand, stock.reserved) == ("cancelled", on_hand, 0)
    event = OrderEvent.unscoped.get(kind="cancelled")
    assert (event.text, event.actor) == ("Changed their mind", clerk)


def test_a_shipped_order_is_not_cancelled(client, clerk):
    order = make_order(paid=True)
    step(client, "shipping_ship", order)
    answer = step(client, "orders_order_cancel", order, restock="yes")
    assert answer.status_code == 422
    order.refresh_from_db()
    assert order.status == "shipped"


def test_a_note_is_for_colleagues_only(client, clerk):
    order = make_order()
    step(client, "orders_order_note", order, text="Rings twice")
    event = OrderEvent.unscoped.get(kind="note")
    assert (event.text, event.public, event.actor) == ("Rings twice", False, clerk)
    step(client, "orders_order_note", order, text="")
    assert OrderEvent.unscoped.filter(kind="note").count() == 1


def test_all_links_to_an_order_can_be_ended(client, clerk):
    order = make_order()
    services.issue_guest_link(order=order)
    step(client, "orders_order_revoke", order)
    assert not GuestLink.unscoped.filter(revoked_at__isnull=True).exists()


def test_attention_is_marked_as_looked_after(client, clerk):
    order = make_order()
    services.record_payment(order_id=order.pk, amount=1, currency=order.currency, payment_ref="p")
    assert "another amount" in page(client, order)
    step(client, "orders_order_settle", order)
    order.refresh_from_db()
    assert order.attention == ""
    assert "Cleo Clerk" in page(client, order)


STEPS = [
    ("orders_order_cancel", "cancel_order"),
    ("orders_order_note", "change_order"),
    ("orders_order_settle", "change_order"),
    ("orders_order_revoke", "change_order"),
    ("shipping_pack", "fulfil_order"),
    ("shipping_ship", "fulfil_order"),
    ("shipping_deliver", "fulfil_order"),
]


@pytest.mark.parametrize("name", [name for name, _ in STEPS])
def test_who_may_not_take_a_step_does_not_see_it_and_is_refused(client, name):
    reader = create_account(email="reader@example.com", password=None, is_staff=True)
    reader.user_permissions.add(*_permissions("view_order"))
    client.force_login(reader)
    order = make_order(paid=True)
    assert reverse(f"admin:{name}", args=[order.pk]) not in page(client, order)
    assert step(client, name, order, restock="yes", text="x").status_code == 403
    order.refresh_from_db()
    assert order.status == "paid"


@pytest.mark.parametrize("name", [name for name, _ in STEPS if name not in {"orders_order_cancel", "shipping_ship"}])
def test_a_step_of_one_button_answers_only_to_post(client, clerk, name):
    order = make_order()
    assert client.get(reverse(f"admin:{name}", args=[order.pk])).status_code == 405


@pytest.mark.parametrize("name", [name for name, _ in STEPS])
def test_guests_and_customers_find_no_step(client, name):
    order = make_order()
    address = reverse(f"admin:{name}", args=[order.pk])
    assert client.post(address).status_code in {302, 404}
    client.force_login(create_account(email="ada@example.com", password=None))
    assert client.post(address, {"restock": "yes", "text": "x"}).status_code in {302, 403, 404}
    assert OrderEvent.unscoped.filter(order=order).exclude(kind="placed").count() == 0


def test_the_page_of_an_order_takes_no_post_and_has_no_missing_neighbour(client, clerk):
    order = make_order()
    assert client.post(reverse("admin:orders_order_change", args=[order.pk])).status_code == 405
    assert client.get(reverse("admin:orders_order_change", args=[999999])).status_code == 404
    assert client.get(reverse("admin:orders_order_delete", args=[order.pk])).status_code == 403


def test_the_first_page_of_an_empty_shop(client):
    client.force_login(User.objects.create_superuser("boss@example.com", "a quiet harbour"))
    text = client.get(reverse("admin:index")).content.decode()
    assert "Takings today" in text
    assert "€0.00" in text


def test_the_first_page_counts_takings_and_what_waits(client, clerk):
    paid, _ = make_order(paid=True), make_order()
    text = client.get(reverse("admin:index")).content.decode()
    assert str(paid.money(paid.total)) in text
    assert f'href="{reverse("admin:orders_order_change", args=[paid.pk])}"' in text
    assert "2 orders placed today" in text


def test_takings_are_those_of_the_days_of_the_shop():
    today = timezone.localdate()
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    moments = [midnight, midnight - timedelta(seconds=1), midnight - timedelta(days=29), midnight - timedelta(days=30)]
    totals = []
    for moment in moments:
        order = make_order(paid=True)
        totals.append(order.total)
        Order.unscoped.filter(pk=order.pk).update(paid_at=moment)

    shown = takings(None)

    amounts = {bar.day: bar.money.amount for bar in shown["bars"] if bar.money.amount}
    assert amounts == {
        today: totals[0],
        today - timedelta(days=1): totals[1],
        today - timedelta(days=29): totals[2],
    }
    assert shown["total"].amount == sum(totals[:3])


def test_a_sold_variant_cannot_be_removed_and_its_product_is_archived_instead(client):
    client.force_login(User.objects.create_superuser("boss@example.com", "a quiet harbour"))
    variant = make_variant(sku="SOLD-1")
    make_order(lines={variant: 1})
    answer = client.post(
        reverse("admin:catalog_product_delete", args=[variant.product_id]), {"post": "yes"}, follow=True
    )
    assert "archived instead of deleted" in answer.content.decode()
    assert (Product.objects.get().status, Variant.objects.count()) == ("archived", 1)
    assert StockMovement.objects.count() == 1


def _permissions(*codenames):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename__in=codenames)
