import pytest
from django.test import Client

from apps.catalog.models import Listing, Product, StockMovement, Variant
from apps.catalog.services import set_on_hand
from apps.catalog.tests.factories import make_category, make_variant
from apps.exchange.models import BulkEdit
from apps.orders.tests.factories import make_order
from apps.users.tests.factories import make_user

pytestmark = pytest.mark.django_db
SHEET = "/admin/exchange/bulkedit/add/"


@pytest.fixture
def manager():
    client = Client()
    client.force_login(make_user(email="boss@example.com", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def pair():
    """Two variants of one product."""
    red = make_variant(sku="RED", price=1000, on_hand=5, options={"Colour": "Red"})
    return red, make_variant(product=red.product, sku="BLUE", price=1500, on_hand=2, options={"Colour": "Blue"})


def form_of(client, query=""):
    """What a browser would send back from the sheet as it is."""
    form = client.get(SHEET + query).context["form"]
    data = {name: "" if (value := form[name].value()) is None else str(value) for name in form.fields}
    return data | {"variant": [str(variant.pk) for variant in form.variants], "column": "price", "reason": "count"}


def test_prices_stock_status_and_category_change_in_one_step_and_go_back_in_one(manager, pair):
    red, blue = pair
    cups = make_category(name="Cups", slug="cups")
    data = form_of(manager)
    data |= {f"v{red.pk}-price": "12,50", f"v{red.pk}-compare_at_price": "20", f"v{blue.pk}-on_hand": "7"}
    data |= {f"p{red.product_id}-category_id": "cups", "reason": "delivery", "note": "Monday"}
    preview = manager.post(SHEET, data | {"action": "preview"})
    assert (preview.status_code, BulkEdit.objects.count()) == (200, 0)
    assert "3 rows change" in preview.text and "€10.00" in preview.text
    assert preview.text.index("3 rows change") < preview.text.index("Change all 2 articles")  # seen without scrolling
    answer = manager.post(SHEET, data)
    edit = BulkEdit.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/admin/exchange/bulkedit/{edit.pk}/change/")
    red, blue = Variant.objects.order_by("pk")
    assert (red.price, red.compare_at_price, blue.stock.on_hand) == (1250, 2000, 7)
    assert red.product.category == cups
    assert Listing.objects.get().category_path == "cups/"
    moved = StockMovement.objects.filter(variant=blue).latest("pk")
    assert (moved.delta, moved.reason, moved.note, moved.actor.email) == (5, "delivery", "Monday", "boss@example.com")
    assert "Undo all of it" in manager.get(answer.url).text
    manager.post(f"/admin/exchange/bulkedit/{edit.pk}/undo/")
    red, blue = Variant.objects.order_by("pk")
    assert (red.price, red.compare_at_price, blue.stock.on_hand, red.product.category) == (1000, None, 2, None)
    assert "Undo all of it" not in manager.get(answer.url).text


def test_a_percent_is_calculated_on_the_page_and_changes_nothing_yet(manager, pair):
    page = manager.post(SHEET, form_of(manager) | {"action": "percent", "column": "price", "percent": "-33.33"})
    form = page.context["form"]
    assert [form[f"v{variant.pk}-price"].value() for variant in pair] == ["6.67", "10.00"]
    assert list(Variant.objects.order_by("pk").values_list("price", flat=True)) == [1000, 1500]


def test_the_sheet_writes_prices_as_its_language_does_and_reads_both_ways(manager, pair):
    red, blue = pair
    sheet = f"/de{SHEET}"
    data = {name: value for name, value in form_of(manager).items() if "price" not in name}
    form = manager.get(sheet).context["form"]
    data |= {name: form[name].value() or "" for name in form.fields if "price" in name}
    assert [data[f"v{variant.pk}-{name}"] for variant in pair for name in ("price", "price-was")] == [
        *("10,00", "10,00", "15,00", "15,00")
    ]
    assert data[f"v{red.pk}-compare_at_price"] == ""
    page = manager.post(sheet, data | {"action": "percent", "column": "price", "percent": "10"})
    assert page.context["form"][f"v{blue.pk}-price"].value() == "16,50"
    manager.post(sheet, data | {f"v{red.pk}-price": "79,50", f"v{blue.pk}-price": "79.00"})
    assert list(Variant.objects.order_by("pk").values_list("price", flat=True)) == [7950, 7900]
    manager.post(SHEET, form_of(manager) | {f"v{red.pk}-price": "1.000,50"})
    assert list(Variant.objects.order_by("pk").values_list("price", flat=True)) == [100050, 7900]


def test_what_can_not_be_is_said_and_nothing_changes(manager, pair):
    red, blue = pair
    data = form_of(manager)
    wrong = {f"v{red.pk}-price": "much", f"v{blue.pk}-compare_at_price": "15", f"p{red.product_id}-category_id": "none"}
    answer = manager.post(SHEET, data | wrong)
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == sorted(wrong)
    make_order(lines={red: 2})
    answer = manager.post(SHEET, data | {f"v{red.pk}-on_hand": "1", f"v{blue.pk}-price": "1"})
    assert (answer.status_code, BulkEdit.objects.count()) == (409, 0)
    assert Variant.objects.get(sku="BLUE").price == 1500
    assert manager.post(SHEET, data).status_code == 409
    assert manager.post(SHEET, {}).status_code == 422


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(manager, pair):
    red, _blue = pair
    data = form_of(manager)
    Variant.objects.filter(pk=red.pk).update(price=900)
    answer = manager.post(SHEET, data | {f"v{red.pk}-price": "11"})
    assert answer.status_code == 409
    assert "Somebody else has changed this meanwhile: RED." in answer.text
    data = form_of(manager)
    manager.post(SHEET, data | {f"v{red.pk}-on_hand": "9"})
    set_on_hand(variant=red, counted=8, reason="count")
    edit = BulkEdit.objects.get()
    manager.post(f"/admin/exchange/bulkedit/{edit.pk}/undo/")
    edit.refresh_from_db()
    red.refresh_from_db()
    assert (edit.undone_at, red.stock.on_hand) == (None, 8)


def test_the_sheet_is_filtered_and_asks_as_often_for_one_row_as_for_many(manager, pair, django_assert_num_queries):
    cups = make_category(name="Cups", slug="cups")
    for number in range(24):
        make_variant(sku=f"CUP-{number}", title="Cup", product_fields={"category": cups})
    assert [row.variant.sku for row in manager.get(f"{SHEET}?q=blu").context["rows"]] == ["BLUE"]
    assert len(manager.get(f"{SHEET}?category=cups&status=active").context["rows"]) == 24
    counts = []
    for query in ("?q=blu", "?category=&status=active"):
        with django_assert_num_queries(11, exact=False) as captured:
            assert manager.get(SHEET + query).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    Product.objects.update(translations={"de": {"title": "Tasse"}})
    with django_assert_num_queries(counts[0]):
        page = manager.get(f"/de{SHEET}?q=tasse").text
    assert page.count(">Tasse</span>") == 26 and 'aria-label="Tasse: Status"' in page and ">Cup<" not in page
