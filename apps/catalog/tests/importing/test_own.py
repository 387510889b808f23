import zipfile

import openpyxl
import pytest
from django.test import override_settings

from apps.catalog.importing import workbook
from apps.catalog.importing.own_columns import join_path, split_path
from apps.catalog.importing.pipeline import import_file
from apps.catalog.importing.reading import UnreadableFile
from apps.catalog.models import Category, Product, Variant
from apps.catalog.services import save_category
from apps.catalog.tests.factories import make_variant
from apps.catalog.tests.importing.pictures import NoNetwork

pytestmark = pytest.mark.django_db

HEADER = (
    "product,title,category,category_path,status,sku,source_sku,option_1,option_1_de,value_1,value_1_de,title_de,"
    "price,price_before,on_hand,sell_when_sold_out\n"
)
MUG = (
    "Mug_1,'=Mug,Home > Cups,home/cups-2,draft,M-1,'-9,Colour,Farbe,Red,Rot,Becher,9.00,12.00,4,no\n"
    "Mug_1,,,,,M-2,,Colour,,Blue,Blau,,9.00,,0,yes\n"
)


@pytest.fixture
def run(tmp_path):
    def run(text):
        path = tmp_path / "products.csv"
        path.write_text(text)
        return import_file(path, fetcher=NoNetwork().fetcher())

    return run


def counts(report):
    return tuple(report.outcomes[name] for name in ("created", "updated", "unchanged", "skipped", "failed"))


def test_an_own_file_restores_addresses_skus_categories_and_translations(run):
    save_category(category=Category(name="Home", slug="home"))
    report = run(HEADER + MUG)
    assert (report.format, counts(report)) == ("own", (2, 0, 0, 0, 0))
    mug = Product.objects.get()
    assert (mug.slug, mug.title, mug.translations) == ("Mug_1", "=Mug", {"de": {"title": "Becher"}})
    assert mug.category.path == "home/cups-2"
    red, blue = mug.variants.all()
    assert (red.sku, red.merchant_sku, red.price, red.compare_at_price) == ("M-1", "-9", 900, 1200)
    assert (red.option_text("de"), blue.option_text("de")) == ("Rot", "Blau")
    assert (blue.sku, blue.stock.on_hand, blue.stock.backorder) == ("M-2", 0, True)
    assert counts(run(HEADER + MUG)) == (0, 0, 2, 0, 0)


def test_a_price_list_changes_prices_and_nothing_else(run):
    red = make_variant(product_fields={"slug": "mug"}, sku="RED", options={"Colour": "Red"}, on_hand=3)
    make_variant(product=red.product, sku="BLUE", options={"Colour": "Blue"})
    report = run("product,sku,price\nmug,BLUE,7.50\nmug,RED,19.99\nmug,GREEN,1.00\n")
    assert counts(report) == (0, 1, 1, 0, 1)
    assert [(v.sku, v.price, v.option_text()) for v in red.product.variants.all()] == [
        ("RED", 1999, "Red"),
        ("BLUE", 750, "Blue"),
    ]
    assert report.failures == [(4, "mug", "The product has no variant with this SKU, and the file no options.")]


def test_a_product_without_variants_is_one(run):
    assert counts(run("product,title,sku,price\nidea,Idea,,\n")) == (1, 0, 0, 0, 0)
    assert Product.objects.get().variants.count() == 0


def test_a_workbook_is_read_as_people_see_it(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["product", "title", "sku", "price", "on_hand", "barcode", "sell_when_sold_out"])
    book.active.append([])
    book.active.append(["mug", "Mug", "M", 19.9, 3.0, 4006381333931, True])
    path = tmp_path / "products.xlsx"
    book.save(path)
    report = import_file(path)
    assert (report.encoding, counts(report)) == ("xlsx", (1, 0, 0, 0, 0))
    variant = Variant.objects.get()
    assert (variant.price, variant.barcode, variant.stock.on_hand) == (1990, "4006381333931", 3)


def test_a_zip_that_is_no_workbook_or_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.txt", "x" * 1000)
    with pytest.raises(UnreadableFile, match="not a workbook"):
        import_file(path)
    monkeypatch.setattr(workbook, "UNPACKED_LIMIT", 999)
    with pytest.raises(UnreadableFile, match="unpacks to more"):
        import_file(path)


def test_category_names_may_hold_the_sign_between_them():
    names = ("A > B", "C\\D", "E")
    assert split_path(join_path(list(names))) == names


@override_settings(LANGUAGE_CODE="de")
def test_columns_of_the_shops_first_language_have_no_mark(run):
    assert run("product,title,title_en,title_de\na,A,B,C\n").ignored_columns == ["title_de"]
