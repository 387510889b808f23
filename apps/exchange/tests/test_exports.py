import csv
import io

import openpyxl
import pytest
from django.test import Client

from apps.catalog.importing.pipeline import import_file
from apps.catalog.models import Category, Option, OptionValue, Product, ProductImage, Stock, StockMovement, Variant
from apps.catalog.tests.factories import make_category, make_image, make_product, make_variant, published_together
from apps.catalog.tests.importing.pictures import NoNetwork, picture
from apps.core.ownership import Owner
from apps.exchange.exporting.customers import customer_records
from apps.exchange.exporting.orders import order_records
from apps.exchange.exporting.products import product_records
from apps.exchange.exporting.streams import csv_stream
from apps.orders.tests.factories import make_order
from apps.users.models import User
from apps.users.tests.factories import make_address, make_user

pytestmark = pytest.mark.django_db
OUTCOMES = ("created", "updated", "unchanged", "skipped", "failed")


@pytest.fixture
def manager():
    client = Client()
    client.force_login(make_user(email="boss@example.com", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def catalogue(settings, tmp_path):
    """Two languages, options with translations, a picture, texts that a spreadsheet would run, and a bare product."""
    settings.MEDIA_ROOT = tmp_path / "media"
    cups = make_category(name="Cups > mugs", slug="cups", parent=make_category(name="Home", slug="home"))
    mug = make_product(
        slug="Mug_1",
        title="=HYPERLINK(1)",
        description='<p>Line one,\r\n"two"</p><script>x</script>',
        category=cups,
        translations={"de": {"title": "Becher", "description": "<p>Gut</p>"}},
    )
    red = make_variant(
        product=mug, sku="M-RED", options={"Colour": "Red", "Size": "L"}, price=1999, compare_at_price=2500, on_hand=3
    )
    make_variant(product=mug, sku="M-BLUE", options={"Colour": "Blue", "Size": "L"}, price=None, backorder=True)
    Option.objects.filter(name="Colour").update(translations={"de": {"name": "Farbe"}})
    OptionValue.objects.filter(value="Red").update(translations={"de": {"value": "Rot"}})
    Variant.objects.filter(pk=red.pk).update(merchant_sku="'@7", barcode="0040063")
    make_image(product=mug, variant=red, alt="", static_name="", source_url="https://p.example/a b.png?v=1")
    make_image(
        product=mug, alt="Two  mugs", static_name="", source_url="https://p.example/b.png",
        translations={"de": {"alt": "Zwei Becher"}},
    )  # fmt: skip
    make_product(slug="idea", title="- an idea", active=False, tax_class="reduced")


def export(kind="csv"):
    client = Client()
    boss = User.objects.filter(is_superuser=True).first()
    client.force_login(boss or make_user(email="boss@example.com", is_staff=True, is_superuser=True))
    response = client.get(f"/admin/exports/products.{kind}")
    assert response.streaming
    return b"".join(response.streaming_content)


def empty_the_shop():
    for model in (ProductImage, StockMovement, Stock, Variant, Product):
        model.objects.all().delete()
    while Category.objects.exists():
        Category.objects.filter(children=None).delete()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_comes_back_to_the_byte_in_the_same_and_in_an_empty_shop(catalogue, tmp_path, kind):
    before = export(kind)
    path, folder = tmp_path / f"products.{kind}", tmp_path / "pictures"
    path.write_bytes(before)
    folder.mkdir()
    for name in ("a b.png", "b.png"):
        (folder / name).write_bytes(picture())
    report = import_file(path, fetcher=NoNetwork().fetcher())
    assert (report.format, [report.outcomes[name] for name in OUTCOMES]) == ("own", [0, 1, 2, 0, 0])
    assert report.notes == []
    again = export(kind)
    assert again == before
    assert [import_file(path, fetcher=NoNetwork().fetcher()).outcomes[name] for name in OUTCOMES] == [0, 0, 3, 0, 0]
    empty_the_shop()
    report = import_file(path, images=folder, fetcher=NoNetwork().fetcher())
    assert [report.outcomes[name] for name in OUTCOMES] == [3, 0, 0, 0, 0]
    assert ProductImage.objects.count() == 2
    assert export(kind) == before


def test_nothing_of_a_file_is_run_as_a_formula():
    texts = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "'plain", "1-1", ""]
    table = list(csv.reader(io.StringIO(b"".join(csv_stream([texts])).decode("utf-8-sig"), newline="")))
    assert table == [["'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "''=1", "'plain", "1-1", ""]]


def test_a_workbook_opens_elsewhere_with_texts_only(catalogue):
    sheet = openpyxl.load_workbook(io.BytesIO(export("xlsx")), read_only=True).active
    rows = list(sheet.iter_rows(values_only=True))
    cells = dict(zip(rows[0], rows[1], strict=True))
    assert len(rows) == 4
    assert (cells["title"], cells["price"], cells["barcode"]) == ("'=HYPERLINK(1)", "19.99", "0040063")


def test_amounts_of_an_order_stand_on_its_first_line_only():
    order = make_order(lines={make_variant(sku="A", price=500): 2, make_variant(sku="B", price=300): 1})
    header, first, second = order_records()
    cells = dict(zip(header, first, strict=True))
    assert (cells["order"], cells["total"], cells["shipping_city"]) == (
        order.number,
        f"{order.total / 100:.2f}",
        "Berlin",
    )
    assert (cells["sku"], cells["quantity"], cells["unit_price"], cells["line_total"]) == ("A", "2", "5.00", "10.00")
    cells = dict(zip(header, second, strict=True))
    assert (cells["order"], cells["total"], cells["sku"]) == (order.number, "", "B")


def test_customers_come_with_their_address_and_staff_do_not():
    ada = make_user(email="ada@example.com", full_name="Ada")
    make_address(user=ada, city="Berlin")
    make_user(email="staff@example.com", is_staff=True)
    make_order(owner=Owner(user_id=ada.pk))  # not paid
    header, row = customer_records()
    cells = dict(zip(header, row, strict=True))
    assert (cells["email"], cells["name"], cells["city"], cells["orders"], cells["spent"]) == (
        "ada@example.com", "Ada", "Berlin", "0", "0.00",
    )  # fmt: skip


def test_an_export_asks_as_often_for_one_row_as_for_many(django_assert_num_queries):
    make_variant(options={"Colour": "Red"})
    with django_assert_num_queries(8):
        list(product_records())
    with published_together():
        for number in range(23):
            make_variant(options={"Colour": f"Red {number}"})
    with django_assert_num_queries(8):
        list(product_records())


@pytest.mark.parametrize("page", ["catalog/product", "orders/order", "users/user"])
def test_lists_of_the_admin_lead_to_their_export(manager, page):
    name = {"catalog/product": "products", "orders/order": "orders", "users/user": "customers"}[page]
    assert f'href="/admin/exports/{name}.csv"' in manager.get(f"/admin/{page}/").text


def exported(client, address, column):
    rows = list(csv.reader(io.StringIO(b"".join(client.get(address).streaming_content).decode("utf-8-sig"))))
    return [row[rows[0].index(column)] for row in rows[1:]]


def test_an_export_holds_what_the_list_shows(manager):
    first = make_order(email="ada@example.com", lines={make_variant(sku="A"): 1})
    make_order(email="bo@example.com", lines={make_variant(sku="B"): 1})
    make_variant(sku="C", active=False)
    make_user(email="ada@example.com", full_name="Ada")
    make_user(email="bo@example.com", full_name="Bo")
    assert exported(manager, "/admin/exports/orders.csv?q=ada@example.com", "order") == [first.number]
    assert exported(manager, "/admin/exports/orders.csv?status=paid", "order") == []
    assert exported(manager, "/admin/exports/customers.csv?q=Bo&o=1", "email") == ["bo@example.com"]
    assert exported(manager, "/admin/exports/products.csv?status__exact=draft", "sku") == ["C"]
    page = manager.get("/admin/orders/order/?q=ada@example.com").text
    assert 'href="/admin/exports/orders.csv?q=ada%40example.com"' in page


def test_an_export_of_a_list_that_there_is_not_leads_to_the_list(manager):
    answer = manager.get("/admin/exports/orders.csv?nothing__like=this")
    assert (answer.status_code, answer.url) == (302, "/admin/orders/order/")
