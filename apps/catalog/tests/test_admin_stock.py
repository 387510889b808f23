import pytest
from django.urls import reverse

from apps.catalog.models import OptionValue, Stock, StockMovement
from apps.catalog.services import hold_stock, publish
from apps.catalog.tests.factories import make_variant, published_together
from apps.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

LIST = reverse("admin:catalog_stock_changelist")


@pytest.fixture(autouse=True)
def boss(client):
    user = User.objects.create_superuser("boss@example.com", "a quiet harbour", full_name="Bo Boss")
    client.force_login(user)
    return user


@pytest.fixture
def stock():
    return make_variant(on_hand=10, sku="MUG-1").stock


def change(client, stock, **fields):
    data = {"mode": "change", "number": 5, "reason": "delivery", "note": "", "expected": stock.on_hand, **fields}
    return client.post(reverse("admin:catalog_stock_change", args=[stock.pk]), data)


def test_a_delivery_is_added_with_its_reason_and_who_wrote_it(client, stock, boss):
    assert change(client, stock, note="Pallet 7").status_code == 302
    stock.refresh_from_db()
    movement = StockMovement.objects.first()
    assert stock.on_hand == 15
    assert (movement.delta, movement.reason, movement.note, movement.actor) == (5, "delivery", "Pallet 7", boss)
    text = client.get(reverse("admin:catalog_stock_change", args=[stock.pk])).content.decode()
    assert "Pallet 7" in text and "Bo Boss" in text


def test_a_count_replaces_the_number(client, stock):
    change(client, stock, mode="counted", number=7, reason="count")
    stock.refresh_from_db()
    assert (stock.on_hand, StockMovement.objects.first().delta) == (7, -3)


def test_less_than_what_is_promised_is_refused(client, stock):
    hold_stock(quantities={stock.variant_id: 4})
    answer = change(client, stock, mode="counted", number=3, reason="count")
    assert answer.status_code == 409
    assert "4 pieces are promised to orders" in answer.content.decode()
    stock.refresh_from_db()
    assert (stock.on_hand, StockMovement.objects.count()) == (10, 1)


def test_a_page_that_is_out_of_date_changes_nothing(client, stock):
    change(client, stock)
    answer = change(client, stock, expected=10, mode="counted", number=9, reason="count")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "15 are on hand now" in text
    assert '<input type="hidden" name="expected" value="15"' in text
    stock.refresh_from_db()
    assert stock.on_hand == 15


@pytest.mark.parametrize("fields", [{"number": "1.5"}, {"number": "x"}, {"reason": "sale"}, {"note": "a\x00b"}])
def test_what_cannot_be_read_is_422_and_changes_nothing(client, stock, fields):
    assert change(client, stock, **fields).status_code == 422
    stock.refresh_from_db()
    assert stock.on_hand == 10


def test_selling_beyond_the_shelf_can_be_allowed(client, stock):
    client.post(reverse("admin:catalog_stock_backorder", args=[stock.pk]))
    assert Stock.objects.get().backorder is True


def test_the_list_filters_what_runs_low_and_finds_by_sku_and_title(client, stock):
    make_variant(on_hand=2, sku="LOW-1", title="Bowl")
    make_variant(on_hand=0, sku="OUT-1", title="Plate")
    low = client.get(LIST, {"level": "low"}).content.decode()
    assert "LOW-1" in low and "OUT-1" in low and "MUG-1" not in low
    out = client.get(LIST, {"level": "out"}).content.decode()
    assert "OUT-1" in out and "LOW-1" not in out
    for typed in ("LOW-1", "bowl", "low-"):
        found = client.get(LIST, {"q": typed}).content.decode()
        assert "LOW-1" in found and "MUG-1" not in found


def test_the_options_are_named_in_the_language_of_the_admin(client, stock):
    variant = make_variant(sku="MUG-2", options={"Colour": "Moss"})
    OptionValue.objects.update(translations={"de": {"value": "Moos"}})
    publish([variant.product_id])
    assert '<span class="quiet">Moss</span>' in client.get(LIST).text
    assert '<span class="quiet">Moos</span>' in client.get(f"/de{LIST}").text


def test_the_list_costs_the_same_for_1_and_24_rows(client, stock, django_assert_num_queries):
    client.get(LIST)
    with django_assert_num_queries(6):
        client.get(LIST)
    with published_together():
        for _ in range(23):
            make_variant()
    with django_assert_num_queries(6):
        client.get(LIST)
