from pathlib import Path

import pytest

from apps.catalog.importing.pipeline import import_file
from apps.catalog.models import Product, Stock, StockMovement, Variant
from apps.catalog.services import adjust_stock, hold_stock
from apps.catalog.tests.importing.pictures import NoNetwork

pytestmark = pytest.mark.django_db
FILES = Path(__file__).parent / "files"
OUTCOMES = ("created", "updated", "unchanged", "skipped", "failed")


def run(path, **options):
    return import_file(path, fetcher=NoNetwork().fetcher(), **options)


def write(tmp_path, text, name="products.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def counts(report):
    return tuple(report.outcomes[name] for name in OUTCOMES)


def reasons(report):
    return {row: reason for row, _handle, reason in report.failures}


def shop():
    """Everything that an import may change, to compare."""
    return (
        list(Product.objects.order_by("slug").values("slug", "title", "description", "vendor", "status", "tax_class")),
        list(Variant.objects.order_by("sku").values("sku", "merchant_sku", "price", "compare_at_price", "barcode")),
        list(Stock.objects.order_by("variant__sku").values("variant__sku", "on_hand", "reserved", "backorder")),
        StockMovement.objects.count(),
    )


def test_every_row_of_a_classic_file_is_accounted_for():
    report = run(FILES / "classic.csv")
    assert report.rows == 10
    # Two pictures on rows of their own are dead; they fail alone.
    assert counts(report) == (5, 0, 0, 2, 3)
    assert sorted(reasons(report)) == [3, 7, 9]
    assert reasons(report)[7] == "“nine” is not a number."
    assert {row for row, _handle, _text in report.skips} == {8, 10}


def test_a_classic_file_becomes_products_with_options_and_stock():
    run(FILES / "classic.csv")
    towel = Product.objects.get(slug="linen-towel")
    assert [option.name for option in towel.options.all()] == ["Colour", "Size"]
    assert [variant.option_text() for variant in towel.variants.all()] == [
        "Sand / Small",
        "Sand / Large",
        "Moss / Small",
    ]
    assert [variant.price for variant in towel.variants.all()] == [1950, 24800, None]
    tray = Variant.objects.get(sku="TRAY-1")
    assert (tray.price, tray.compare_at_price, tray.weight_grams, tray.barcode) == (4900, 5900, 820, "4000000000017")
    assert tray.product.options.count() == 0
    assert tray.product.category.path == "kitchen"
    assert tray.product.listing.price_min == 4900


def test_rich_text_is_sanitised():
    run(FILES / "classic.csv")
    assert Product.objects.get(slug="walnut-tray").description == "<p>Oiled walnut,\nturned by hand.</p>"


def test_a_compare_at_price_that_is_not_above_the_price_is_dropped_and_told():
    report = run(FILES / "classic.csv")
    assert Variant.objects.get(merchant_sku="TOWEL", price=24800).compare_at_price is None
    assert any(row == 5 and "95.00" in text for row, _handle, text in report.notes)


def test_negative_stock_is_nothing_on_the_shelf_and_the_policy_says_whether_it_sells():
    run(FILES / "classic.csv")
    stock = Stock.objects.get(variant__price=24800)
    assert (stock.on_hand, stock.backorder) == (0, True)


def test_without_a_tracker_a_count_of_pieces_still_counts(tmp_path):
    report = run(
        write(
            tmp_path,
            "Handle,Title,Variant Price,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy\n"
            "a,A,1.00,,4,deny\nb,B,1.00,,0,deny\nc,C,1.00,shopify,0,deny\n",
        )
    )
    stocks = {stock.variant.product.slug: (stock.on_hand, stock.backorder) for stock in Stock.objects.all()}
    assert stocks == {"a": (4, False), "b": (0, True), "c": (0, False)}
    assert [row for row, _handle, _text in report.notes] == [3]


def test_a_repeated_sku_gets_a_number_and_is_told():
    report = run(FILES / "classic.csv")
    pairs = list(Variant.objects.filter(product__slug="linen-towel").values_list("sku", "merchant_sku"))
    assert pairs == [("TOWEL", "TOWEL"), ("TOWEL-2", "TOWEL"), ("linen-towel-Moss-Small", "")]
    assert report.derived_skus == [(5, "TOWEL", "TOWEL-2"), (6, "", "linen-towel-Moss-Small")]


def test_a_derived_sku_never_takes_one_that_a_later_row_has_by_right(tmp_path):
    run(write(tmp_path, "Handle,Title,Variant SKU,Variant Price\na,A,X,1\nb,B,X,2\nc,C,X-2,3\nd,D,X 2,4\n"))
    assert dict(Variant.objects.values_list("product__slug", "sku")) == {"a": "X", "b": "X-3", "c": "X-2", "d": "X-2-2"}


def test_a_sku_of_another_product_of_the_shop_is_not_taken(tmp_path):
    run(write(tmp_path, "Handle,Title,Variant SKU,Variant Price\nold,Old,X,1\n"))
    run(write(tmp_path, "Handle,Title,Variant SKU,Variant Price\nnew,New,X,2\n"))
    assert dict(Variant.objects.values_list("sku", "merchant_sku")) == {"X": "X", "X-2": "X"}


def test_status_and_publication_decide_what_is_visible(tmp_path):
    run(
        write(
            tmp_path,
            "Handle,Title,Variant Price,Published,Status\n"
            "a,A,1,TRUE,Active\nb,B,1,FALSE,active\nc,C,1,true,draft\nd,D,1,,archived\ne,E,1,True,\nf,F,1,true,unlisted\n",
        )
    )
    states = dict(Product.objects.values_list("slug", "status"))
    assert states == {"a": "active", "b": "draft", "c": "draft", "d": "archived", "e": "active", "f": "draft"}
    assert set(Product.objects.filter(listing__isnull=False).values_list("slug", flat=True)) == {"a", "e"}


def test_the_new_header_reads_with_semicolons_commas_as_decimals_and_a_title_alone():
    report = run(FILES / "new.csv")
    assert (report.delimiter, report.rows) == (";", 3)
    assert counts(report) == (3, 0, 0, 0, 0)
    cup = Product.objects.get(slug="stoneware-cup")
    assert cup.category.path == "home-garden/kitchen-dining/tableware"
    assert report.categories == [
        "Home & Garden",
        "Home & Garden > Kitchen & Dining",
        "Home & Garden > Kitchen & Dining > Tableware",
    ]
    assert [(v.sku, v.price, v.compare_at_price) for v in cup.variants.all()] == [
        ("CUP-W", 1450, None),
        ("CUP-B", 1450, 1800),
    ]
    assert Stock.objects.get(variant__sku="CUP-B").backorder is True
    assert Variant.objects.get(product__slug="plain-jug").price is None
    assert report.ignored_columns == ["Color (product.metafields.shopify.color-pattern)"]


@pytest.mark.parametrize("name", ["classic.csv", "new.csv"])
def test_a_second_import_changes_nothing(name):
    run(FILES / name)
    before = shop()
    report = run(FILES / name)
    assert shop() == before
    assert report.outcomes["created"] == report.outcomes["updated"] == 0
    assert report.products["unchanged"] == Product.objects.count()


@pytest.mark.parametrize("name", ["classic.csv", "new.csv"])
def test_a_dry_run_tells_the_same_numbers_and_changes_nothing(name, tmp_path):
    before = shop()
    dry = run(FILES / name, dry_run=True)
    assert shop() == before
    wet = run(FILES / name)
    assert dry.products == wet.products
    assert dry.variants == wet.variants
    assert dry.derived_skus == wet.derived_skus
    assert dry.categories == wet.categories
    assert dry.rows == wet.rows


def test_a_second_file_updates_what_it_states_and_leaves_the_rest(tmp_path):
    run(FILES / "classic.csv")
    report = run(write(tmp_path, "handle,TITLE,Variant SKU,variant price\nwalnut-tray,Walnut Tray XL,TRAY-1,55\n"))
    assert counts(report) == (0, 1, 0, 0, 0)
    tray = Variant.objects.get(sku="TRAY-1")
    assert (tray.price, tray.compare_at_price, tray.weight_grams) == (5500, 5900, 820)
    assert tray.product.title == "Walnut Tray XL"
    assert tray.product.description.startswith("<p>Oiled walnut")
    assert Stock.objects.get(variant=tray).on_hand == 12


def test_a_raised_price_takes_the_price_before_the_reduction_with_it(tmp_path):
    run(FILES / "classic.csv")
    run(write(tmp_path, "Handle,Title,Variant SKU,Variant Price\nwalnut-tray,Walnut Tray,TRAY-1,60\n"))
    assert Variant.objects.values_list("price", "compare_at_price").get(sku="TRAY-1") == (6000, None)


def test_a_renamed_option_value_is_found_by_its_sku(tmp_path):
    head = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n"
    run(write(tmp_path, head + "a,A,Colour,Red,A-1,1\na,,,Blue,A-2,1\n"))
    report = run(write(tmp_path, head + "a,A,Colour,Crimson,A-1,1\na,,,Blue,A-2,1\n"))
    assert counts(report) == (0, 1, 1, 0, 0)
    assert [(v.sku, v.option_text()) for v in Variant.objects.all()] == [("A-1", "Crimson"), ("A-2", "Blue")]


def test_a_variant_that_the_file_leaves_out_stays_and_is_told(tmp_path):
    head = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n"
    run(write(tmp_path, head + "a,A,Colour,Red,A-1,1\na,,,Blue,A-2,1\n"))
    report = run(write(tmp_path, head + "a,A,Colour,Red,A-1,1\n"))
    assert Variant.objects.count() == 2
    assert report.notes == [(2, "a", "The shop's variant A-2 is not in the file and stays.")]


def test_rows_of_one_product_may_stand_apart(tmp_path):
    text = "Handle,Title,Option1 Name,Option1 Value,Variant Price\na,A,Size,S,1\nb,B,,,2\nA,,,L,3\n"
    report = run(write(tmp_path, text))
    assert counts(report) == (3, 0, 0, 0, 0)
    assert Product.objects.get(slug="a").variants.count() == 2


def test_two_handles_with_one_slug_stay_two_products(tmp_path):
    path = write(tmp_path, "Handle,Title,Variant Price\ngröße,A,1\ngrosse,B,2\n茶,C,3\n")
    assert counts(run(path)) == (3, 0, 0, 0, 0)
    assert counts(run(path)) == (0, 0, 3, 0, 0)
    assert Product.objects.count() == 3


def test_a_broken_row_fails_with_its_number_and_the_rest_goes_on(tmp_path):
    head = "Handle,Title,Option1 Name,Option1 Value,Variant Price,Variant Inventory Qty\n"
    rows = [
        "a,A,Size,S,1.00,5",
        "a,,,S,2.00,5",
        "a,,,,3.00,5",
        "a,,,M,-1,5",
        "a,,,L,1.005,5",
        "a,,,XL,1,2.5",
        "a,,,XXL,10000000000000,1",
        ",,,,4.00,1",
        'b,"B never closed,,,1,1',
        "c,C,,,7.00,1,,surplus",
        "d,,,,7.00,1",
        "e,E,,,1,٣",
        "f,F,,,8.00,1",
    ]
    report = run(write(tmp_path, head + "\n".join(rows) + "\n"))
    assert counts(report) == (2, 0, 0, 0, 11)
    assert sorted(reasons(report)) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]
    assert reasons(report)[3] == "It repeats the options of row 2."
    assert reasons(report)[4] == "It has no value for the option Size."
    assert set(Product.objects.values_list("slug", flat=True)) == {"a", "f"}


def test_the_same_count_read_again_does_not_bring_back_what_was_sold(tmp_path):
    path = write(tmp_path, "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty\na,A,A-1,1,10\n")
    run(path)
    variant = Variant.objects.get()
    adjust_stock(variant=variant, delta=-3, reason=StockMovement.Reason.SALE)
    report = run(path)
    assert Stock.objects.get().on_hand == 7
    assert counts(report) == (0, 0, 1, 0, 0)
    assert "the shop's own count, 7, stays" in report.notes[0][2]


def test_another_count_sets_the_shelf_by_a_movement(tmp_path):
    head = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty\n"
    run(write(tmp_path, head + "a,A,A-1,1,10\n"))
    assert counts(run(write(tmp_path, head + "a,A,A-1,1,25\n"))) == (0, 1, 0, 0, 0)
    assert Stock.objects.get().on_hand == 25
    assert list(StockMovement.objects.order_by("pk").values_list("delta", "reason")) == [(10, "import"), (15, "import")]


def test_a_count_below_what_is_promised_is_refused_for_its_row_alone(tmp_path, django_capture_on_commit_callbacks):
    head = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty\n"
    run(write(tmp_path, head + "a,A,A-1,1,10\nb,B,B-1,1,10\n"))
    hold_stock(quantities={Variant.objects.get(sku="A-1").pk: 6})
    report = run(write(tmp_path, head + "a,A,A-1,2,5\nb,B,B-1,2,5\n"))
    assert reasons(report) == {2: "6 pieces are promised to orders, more than the file counts."}
    assert Variant.objects.get(sku="A-1").price == 100
    assert Variant.objects.get(sku="B-1").price == 200
    assert dict(Stock.objects.values_list("variant__sku", "on_hand")) == {"A-1": 10, "B-1": 5}


def test_untaxed_goods_get_the_class_without_tax(tmp_path):
    run(FILES / "classic.csv")
    assert Product.objects.get(slug="old-bowl").tax_class == "zero"
    assert Product.objects.get(slug="walnut-tray").tax_class == "standard"


def test_gift_cards_are_skipped_with_a_reason():
    report = run(FILES / "classic.csv")
    assert not Product.objects.filter(slug="gift").exists()
    assert (8, "gift", "Gift cards are not goods and are not imported.") in report.skips
