import pytest

from apps.catalog.importing.pipeline import import_file
from apps.catalog.importing.woocommerce_headers import columns
from apps.catalog.models import Category, Product, Stock, Variant
from apps.catalog.tests.importing.pictures import NoNetwork

pytestmark = pytest.mark.django_db

ENGLISH = (
    'ID,Type,SKU,"GTIN, UPC, EAN, or ISBN",Name,Published,"Visibility in catalog","Short description",Description,'
    '"Date sale price starts","Date sale price ends","Tax status","Tax class","In stock?",Stock,"Backorders allowed?",'
    '"Weight (kg)","Sale price","Regular price",Categories,Images,Parent,"Attribute 1 name","Attribute 1 value(s)",'
    '"Attribute 2 name","Attribute 2 value(s)"\n'
)
GERMAN = (
    'ID,Typ,Artikelnummer,Name,Veröffentlicht,"Sichtbarkeit im Katalog",Beschreibung,Vorrätig?,Lager,"Gewicht (kg)",'
    'Angebotspreis,"Regulärer Preis",Kategorien,"Übergeordnetes Produkt","Attribut 1 Name","Attribut 1 Wert(e)"\n'
)
# The exporter's own order in a language that nobody has taught the shop.
UNKNOWN = [
    "ID", "Tyyppi", "Tuotetunnus", "Nimi", "Julkaistu", "a", "b", "c", "Kuvaus", "d", "e", "f", "g", "h", "Varasto",
    "i", "j", "k", "Paino (kg)", "Pituus (cm)", "Leveys (cm)", "Korkeus (cm)", "l", "m", "Alennushinta", "Hinta",
    "Osastot", "n", "o", "Kuvat", "p", "q", "Ylätuote", "r", "s", "t", "u", "v", "Sijainti",
    "Ominaisuus 1 nimi", "Ominaisuus 1 arvo(t)", "Ominaisuus 1 näkyvissä",
]  # fmt: skip


@pytest.fixture
def run(tmp_path):
    def run(text, **options):
        path = tmp_path / "products.csv"
        path.write_text(text, encoding="utf-8")
        return import_file(path, fetcher=NoNetwork().fetcher(), **options)

    return run


def counts(report):
    return tuple(report.outcomes[name] for name in ("created", "updated", "unchanged", "skipped", "failed"))


def row(**cells):
    """A row of the English header; what is not said is empty."""
    names = columns(ENGLISH.strip().replace('"GTIN, UPC, EAN, or ISBN"', "barcode_").replace('"', "").split(","))
    order = [names.get(name.casefold(), "barcode") for name in ENGLISH_NAMES]
    return ",".join('"' + str(cells.get(field, "")).replace('"', '""') + '"' for field in order) + "\n"


ENGLISH_NAMES = ENGLISH.strip().replace('"GTIN, UPC, EAN, or ISBN"', "barcode_").replace('"', "").split(",")


def test_a_simple_product_comes_with_texts_price_stock_and_the_deepest_category(run):
    report = run(
        ENGLISH
        + row(
            id=7, type="simple", sku="CUP", barcode="4006381333931", title="Cup &amp; saucer", published=1,
            visibility="visible", short="For two", description=r"One.\nTwo.\n\nThree <b>b</b>", tax_status="taxable",
            tax_class="reduced-rate", in_stock=1, quantity=4, backorders="notify", weight_kg="0.4", sale="8,50",
            price="10,00", categories=r"Home, Home > Cups\, mugs, Sale",
        )
    )  # fmt: skip
    assert report.format == "woocommerce"
    assert counts(report) == (1, 0, 0, 0, 0)
    cup = Product.objects.get()
    assert (cup.slug, cup.title, cup.subtitle, cup.status) == ("cup-saucer", "Cup & saucer", "For two", "active")
    assert cup.description == "<p>One.<br>Two.</p>\n\n<p>Three <b>b</b></p>"
    assert cup.tax_class == "reduced"
    assert cup.category.name == "Cups, mugs" and cup.category.parent.name == "Home"
    assert Category.objects.count() == 2
    variant = cup.variants.get()
    assert (variant.sku, variant.barcode, variant.price, variant.compare_at_price, variant.weight_grams) == (
        "CUP", "4006381333931", 850, 1000, 400,
    )  # fmt: skip
    assert (variant.stock.on_hand, variant.stock.backorder) == (4, True)


FAMILY = (
    row(id=1, type="variable", sku="TEE", title="Tee", published=1, attribute1_name="Size", attribute1_values="S, M, L",
        attribute2_name="Colour", attribute2_values="Red, Blue")
    + row(id=2, type="variation", sku="TEE-S", title="Tee - S", published=1, in_stock=1, quantity=5, price="9.00",
          parent="TEE", attribute1_name="Size", attribute1_values="s", attribute2_name="Colour",
          attribute2_values="Red")
    + row(id=3, type="variation", title="Tee - any", published=1, in_stock=1, quantity=7, price="9.50", parent="id:1",
          attribute1_name="Size", attribute1_values="L", attribute2_name="Colour", attribute2_values="")
    + row(id=4, type="variation", title="Tee - off", published=0, parent="id:1", attribute1_name="Size",
          attribute1_values="M", attribute2_name="Colour", attribute2_values="Red")
)  # fmt: skip


def test_variations_find_their_parent_by_sku_or_id_even_before_it(run):
    head, *variations = FAMILY.splitlines(keepends=True)
    report = run(ENGLISH + "".join([*variations, head]))
    assert counts(report) == (3, 0, 0, 1, 0)
    tee = Product.objects.get()
    assert [(v.sku, v.option_text(), v.price, v.stock.on_hand) for v in tee.variants.all()] == [
        ("TEE-S", "S / Red", 900, 5),
        ("tee-L-Red", "L / Red", 950, 4),
        ("tee-L-Blue", "L / Blue", 950, 3),
    ]


def test_the_same_file_again_changes_nothing_and_a_new_name_keeps_the_product(run):
    run(ENGLISH + FAMILY)
    assert counts(run(ENGLISH + FAMILY)) == (0, 0, 3, 1, 0)
    report = run(ENGLISH + FAMILY.replace('"Tee"', '"Shirt"'))
    assert counts(report) == (0, 1, 2, 1, 0)
    assert Product.objects.get().title == "Shirt"


def test_rows_that_can_not_be_sold_here_are_accounted_for(run):
    report = run(
        ENGLISH
        + row(id=1, type="grouped", title="Set", published=1)
        + row(id=2, type="external", title="Elsewhere", published=1, price="3")
        + row(id=3, type="variation", title="Lost", parent="id:99", price="3")
        + row(id=4, type="variable", title="Empty", published=1)
        + row(id=5, type="simple", title="Bad", published=-1, price="'=1")
        + row(id=6, type="simple", title="Draft", published=-1, price="2", tax_status="none", in_stock="backorder")
        + row(id=7, type="simple", title="'@home", published=1, price="2", sale="1", sale_to="2020-01-31", in_stock=0)
    )
    assert counts(report) == (2, 0, 0, 2, 3)
    assert {number: reason for number, _handle, reason in report.failures} == {
        4: "Its product, id:99, is not in this file.",
        5: "It has no variations in this file.",
        6: "“=1” is not a number.",
    }
    draft, home = Product.objects.order_by("pk")
    assert (draft.slug, draft.status, draft.tax_class) == ("draft", "draft", "zero")
    assert draft.variants.get().stock.backorder
    assert (home.title, home.variants.get().price, home.variants.get().stock.backorder) == ("@home", 200, False)


def test_pieces_that_the_parent_counts_are_divided(run):
    sizes = "".join(
        row(id=n, type="variation", title=size, published=1, quantity="parent", in_stock=1, price=1, parent="id:1",
            attribute1_name="Size", attribute1_values=size)
        for n, size in enumerate("SML", start=2)
    )  # fmt: skip
    head = row(id=1, type="variable", title="Tee", published=1, quantity=10, attribute1_name="Size",
               attribute1_values="S, M, L")  # fmt: skip
    run(ENGLISH + head + sizes)
    assert list(Stock.objects.order_by("variant__position").values_list("on_hand", flat=True)) == [4, 3, 3]


def test_a_german_header_and_any_other_in_the_order_of_the_exporter_are_understood(run):
    report = run(
        GERMAN + '1,variable,T,Tee,1,visible,,,,,,,Hemden,,Größe,"S, M"\n'
        '2,variation,T-S,Tee – S,1,visible,,1,3,"0,2","7,90","9,90",,T,Größe,S\n'
    )
    assert counts(report) == (2, 0, 0, 0, 0)
    variant = Variant.objects.get()
    assert (variant.price, variant.compare_at_price, variant.weight_grams, variant.option_text()) == (
        790, 990, 200, "S",
    )  # fmt: skip
    finnish = ",".join(UNKNOWN) + "\n9,simple,K,Kuppi,1" + "," * 10 + "6" + "," * 4 + "0.3" + "," * 7 + "4.00" + "\n"
    assert counts(run(finnish)) == (1, 0, 0, 0, 0)
    cup = Product.objects.get(title="Kuppi").variants.get()
    assert (cup.sku, cup.price, cup.weight_grams, cup.stock.on_hand) == ("K", 400, 300, 6)
    fields = columns(UNKNOWN)
    assert fields["ominaisuus 1 nimi"] == "attribute1_name"
    assert fields["ominaisuus 1 arvo(t)"] == "attribute1_values"
