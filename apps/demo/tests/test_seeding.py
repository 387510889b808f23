"""`manage.py seed`: a whole shop whose books are in order, the same one every time, never twice."""

import io
from datetime import timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from apps.catalog.models import Category, Listing, Product, ProductImage, Stock, StockMovement, Variant
from apps.core import invariants
from apps.demo.seeding.fates import WAITING, Fate, fate
from apps.orders.models import Order, OrderEvent, OrderLine
from apps.payments.models import Payment
from apps.shipping.models import Shipment
from apps.users.models import Address, User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]
HOLD = timedelta(minutes=30)


def seed(**options: int) -> str:
    out = io.StringIO()
    call_command("seed", stdout=out, **options)
    return out.getvalue()


def counts() -> dict[str, int]:
    models = (Category, Product, Variant, Stock, StockMovement, ProductImage, Listing, User)
    found = {model.__name__: model.objects.count() for model in models}
    owned = (Order, OrderLine, OrderEvent, Payment, Shipment, Address)
    return found | {model.__name__: model.unscoped.count() for model in owned}


def test_a_second_run_adds_nothing() -> None:
    seed(orders=40)
    before = counts()

    seed(orders=40)

    assert counts() == before
    assert invariants.audit() == []


def test_more_may_be_asked_for_later() -> None:
    seed(products=5, orders=10)
    seed(products=9, orders=25)

    assert Product.objects.count() == 9
    assert Order.unscoped.count() == 25
    assert invariants.audit() == []


def test_the_same_seed_gives_the_same_shop_and_another_seed_another() -> None:
    seed(products=80, orders=0)
    titles = list(Product.objects.order_by("variants__sku").values_list("title", "variants__sku", "variants__price"))
    people = set(User.objects.values_list("email", flat=True))
    StockMovement.objects.all().delete()  # the ledger protects what it counts
    Product.objects.all().delete()
    User.objects.all().delete()

    seed(products=80, orders=0)
    assert (
        list(Product.objects.order_by("variants__sku").values_list("title", "variants__sku", "variants__price"))
        == titles
    )
    assert set(User.objects.values_list("email", flat=True)) == people

    User.objects.all().delete()
    seed(products=80, orders=0, seed=2)
    assert set(User.objects.values_list("email", flat=True)) != people


def test_zero_products_and_zero_orders_are_none() -> None:
    seed(products=0, orders=0)

    assert Product.objects.count() == 0
    assert Order.unscoped.count() == 0


def test_orders_without_anything_to_sell_are_none() -> None:
    seed(products=0, orders=20)

    assert Order.unscoped.count() == 0


def test_what_staff_changed_is_left_as_it_is() -> None:
    seed(products=3, orders=0)
    Product.objects.filter(slug="harbour-mug").update(title="Our own mug")

    seed(products=3, orders=0)

    assert Product.objects.get(slug="harbour-mug").title == "Our own mug"


def test_a_taken_sku_keeps_its_product_out() -> None:
    seed(products=1, orders=0)
    Product.objects.update(slug="somebody-elses-lamp")

    seed(products=1, orders=0)

    assert list(Product.objects.values_list("slug", flat=True)) == ["somebody-elses-lamp"]


def test_more_products_than_the_demo_has_are_editions_of_its_own() -> None:
    seed(products=150, orders=0)

    assert Product.objects.count() == 150
    assert Listing.objects.count() == 150
    assert invariants.audit() == []
    assert Variant.objects.filter(compare_at_price__lte=F("price")).count() == 0


def test_the_model_stamps_the_present_again_afterwards() -> None:
    seed(products=2, orders=3)

    product = Product.objects.create(slug="new", title="New")
    assert timezone.now() - product.created_at < timedelta(minutes=1)
    event = OrderEvent.unscoped.create(order=Order.unscoped.first(), kind=OrderEvent.Kind.NOTE)
    assert timezone.now() - event.at < timedelta(minutes=1)


@override_settings(DEBUG=True)
def test_in_development_staff_and_one_customer_can_sign_in() -> None:
    said = seed(products=0, orders=0)

    assert User.objects.get(email="admin@example.com").check_password("stoa")
    assert User.objects.get(email="admin@example.com").is_superuser
    assert User.objects.get(email="anna@example.com").check_password("stoa")
    assert "admin@example.com" in said


@override_settings(DEBUG=True)
def test_a_changed_password_stays_changed() -> None:
    seed(products=0, orders=0)
    for user in User.objects.filter(email__in=["admin@example.com", "anna@example.com"]):
        user.set_password("another one")
        user.save()

    seed(products=0, orders=0)

    assert User.objects.get(email="admin@example.com").check_password("another one")
    assert User.objects.get(email="anna@example.com").check_password("another one")


@override_settings(DEBUG=False)
def test_elsewhere_nobody_has_a_known_password() -> None:
    seed(products=0, orders=0)

    assert User.objects.filter(is_staff=True).count() == 0
    assert [user.email for user in User.objects.all() if user.has_usable_password()] == []


@override_settings(LANGUAGE_CODE="de")
def test_a_german_shop_has_german_texts_first() -> None:
    seed(products=1, orders=0)

    product = Product.objects.get()
    assert product.title == "Leuchte Vesper"
    assert product.translations["en"]["title"] == "Vesper lamp"


@override_settings(SHOP_CURRENCY="JPY")
def test_a_currency_without_decimals_has_prices_without_them() -> None:
    seed(products=1, orders=0)

    assert Variant.objects.get(sku="NL-VESPER-PINE").price == 189


def test_each_colour_is_shown_by_its_own_picture() -> None:
    seed(products=1, orders=0)

    variants = Variant.objects.order_by("position")
    covers = [variant.summary["cover"]["renditions"]["avif"][0][1] for variant in variants]
    names = ("pine", "terracotta", "chalk", "ochre")
    assert covers == [f"img/demo/vesper-lamp-{name}-320.avif" for name in names]


def test_a_seeded_product_has_its_page(client) -> None:
    seed(products=1, orders=0)

    page = client.get(reverse("catalog:product-detail", args=["vesper-lamp"]))

    assert page.status_code == 200
    assert b"vesper-lamp-pine-640.avif" in page.content


@pytest.mark.parametrize("index", [0, 1, 2, 3, 7, 8, 50, 400])
def test_a_fate_never_reaches_into_the_future(index: int) -> None:
    now = timezone.now()
    for number in range(60):
        drawn: Fate = fate(index, Random(f"{index}:{number}"), now, HOLD)
        moments = [at for _, at in drawn.steps]
        assert moments == sorted(moments)
        assert moments[-1] <= now
        assert (index < WAITING) == (now - drawn.placed_at < HOLD)
