from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.catalog.audits import prices_without_an_entry
from apps.catalog.models import PriceChange, Product, Variant
from apps.catalog.services import publish
from apps.catalog.tests.factories import make_variant
from apps.users.models import User

pytestmark = pytest.mark.django_db


def ask(variant, price, compare_at=None):
    """What staff or an import do: write the price, then publish."""
    Variant.objects.filter(pk=variant.pk).update(price=price, compare_at_price=compare_at)
    publish([variant.product_id])
    variant.refresh_from_db()
    return variant


def asked_before(variant, price, *, days):
    PriceChange.objects.create(variant=variant, price=price, at=timezone.now() - timedelta(days=days))


def ledger(variant):
    return list(variant.price_changes.order_by("pk").values_list("price", flat=True))


@pytest.fixture
def mug():
    return make_variant(price=2000)


def test_the_ledger_notes_each_price_once_and_from_when_on(mug):
    assert ledger(mug) == [2000]
    publish([mug.product_id])
    ask(mug, 1500)
    ask(mug, None)
    ask(mug, 1500)
    assert ledger(mug) == [2000, 1500, None, 1500]
    assert timezone.now() - mug.price_changes.first().at < timedelta(minutes=1)


def test_a_draft_is_offered_to_nobody():
    draft = make_variant(active=False)
    assert ledger(draft) == []
    Product.objects.filter(pk=draft.product_id).update(status="active")
    publish([draft.product_id])
    assert ledger(draft) == [1999]


def test_a_reduction_is_compared_with_the_lowest_price_of_the_30_days_before(mug):
    PriceChange.objects.all().delete()
    for price, days in ((1000, 90), (1800, 40), (2200, 20), (1900, 10), (2000, 5)):
        asked_before(mug, price, days=days)
    assert ask(mug, 1500, 2500).lowest_before == 1800  # in force until 20 days ago; 1000 was longer ago
    assert ledger(mug)[-1] == 1500


def test_it_stays_the_same_while_the_reduction_lasts_and_begins_anew_with_the_next(mug):
    assert ask(mug, 1500, 2000).lowest_before == 2000
    publish([mug.product_id])
    mug.refresh_from_db()
    assert mug.lowest_before == 2000
    assert ask(mug, 1500, 2100).lowest_before == 2000
    assert ask(mug, 1200, 2000).lowest_before == 1500
    assert ask(mug, 2000).lowest_before is None


def test_a_price_that_was_never_higher_is_no_reduction(mug):
    ask(mug, 2000, 3000)
    assert mug.lowest_before == 2000
    mug.product.listing.refresh_from_db()
    assert (mug.product.listing.percent_off, mug.product.listing.price_before) == (0, None)
    assert "<del>" not in mug.product.listing.cards["en"]


def test_without_a_history_nothing_is_claimed():
    new = make_variant(price=1500, compare_at_price=2000)
    assert new.lowest_before is None
    assert new.product.listing.percent_off == 25


def test_percentages_start_from_the_lowest_price_on_the_page_and_on_cards(client, mug):
    asked_before(mug, 1600, days=20)
    ask(mug, 1200, 2400)
    mug.product.listing.refresh_from_db()
    assert (mug.lowest_before, mug.product.listing.percent_off) == (1600, 25)
    card = mug.product.listing.cards["en"]
    assert "−25 %" in card and "<del>€16.00</del>" in card
    text = client.get(f"/products/{mug.product.slug}/").content.decode()
    assert "−25 %" in text
    assert "Lowest price of the 30 days before: €16.00" in text
    assert "16,00\xa0€" in client.get(f"/de/products/{mug.product.slug}/").content.decode()


def test_prices_of_many_variants_cost_as_few_statements_as_those_of_one(django_assert_max_num_queries):
    product = make_variant(options={"Size": "0"}).product
    for number in range(1, 12):
        make_variant(product=product, options={"Size": str(number)})
    Variant.objects.update(price=900, compare_at_price=1200)
    with django_assert_max_num_queries(25):
        publish([product.pk])
    assert set(Variant.objects.values_list("asked__lowest", flat=True)) == {1999}


def test_staff_read_the_ledger_and_can_not_change_it(client, mug, django_assert_num_queries):
    client.force_login(User.objects.create_superuser("boss@example.com", "a quiet harbour"))
    address = reverse("admin:catalog_pricechange_changelist")
    make_variant(sku="BOWL-1", title="Bowl", price=700)
    text = client.get(address, {"q": "bowl"}).content.decode()
    assert "BOWL-1" in text and "€7.00" in text and mug.sku not in text
    assert client.get(f"{address}{mug.price_changes.get().pk}/change/").status_code == 403
    with django_assert_num_queries(6):
        client.get(address)
    for price in range(22):
        ask(mug, 1000 + price)
    with django_assert_num_queries(6):
        client.get(address)


def test_audit_finds_a_price_that_the_ledger_does_not_know(mug):
    assert list(prices_without_an_entry()) == []
    PriceChange.objects.update(price=1)
    assert list(prices_without_an_entry()) == [f"{mug.sku} was offered at 2000, the ledger says 1."]
