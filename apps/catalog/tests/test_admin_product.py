import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from apps.catalog.models import Listing, Product, ProductImage, StockMovement, Variant
from apps.catalog.tests.factories import make_category, make_product, make_variant, published_together
from apps.core.translated_forms import LANGUAGES
from apps.jobs.models import Job
from apps.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

ADD = reverse("admin:catalog_product_add")


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def boss(client):
    user = User.objects.create_superuser("boss@example.com", "a quiet harbour")
    client.force_login(user)
    return user


def photo(name="mug.jpg", size=(900, 1200)):
    content = BytesIO()
    Image.new("RGB", size, "teal").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue())


def rows(prefix, items, initial=0):
    """The fields of a formset: `items` are dictionaries, those with an id first."""
    data = {f"{prefix}-TOTAL_FORMS": len(items), f"{prefix}-INITIAL_FORMS": initial}
    for number, item in enumerate(items):
        data |= {f"{prefix}-{number}-{field}": value for field, value in item.items()}
    return data


def typed(options=(), variants=(), images=(), old_options=0, old_images=0, **fields):
    return {
        "title": "Quiet mug",
        "slug": "",
        "status": "active",
        "tax_class": "standard",
        "description": "<p>Holds tea.</p><script>alert(1)</script>",
        "base_price": "19.99",
        "sku_prefix": "MUG",
        "stock_each": "5",
        "weight_each": "400",
        **rows("options", options, old_options),
        **rows("variants", variants, len(variants)),
        **rows("images", images, old_images),
        **fields,
    }


TWO_BY_THREE = [
    {"name": "Colour", "values_text": "Moss, Rust, Sand", "name_de": "Farbe", "values_de": "Moos, Rost, Sand"},
    {"name": "Size", "values_text": "S, M, L"},
]


def make_matrix(client, **fields):
    answer = client.post(ADD, typed(options=TWO_BY_THREE, **fields))
    assert answer.status_code == 302
    return Product.objects.get()


def change(client, product, options=None, variants=None, **fields):
    """Save the product's page again, with what is stored but for what the test changes."""
    if options is None:
        options = [
            {"id": o.pk, "name": o.name, "values_text": ", ".join(v.value for v in o.values.all())}
            for o in product.options.all()
        ]
    old = sum("id" in row for row in options)
    options = [{"product": product.pk, **row} for row in options]
    stored = [
        {"id": v.pk, "product": product.pk, "sku": v.sku, "price": "19.99", "weight_grams": v.weight_grams}
        for v in product.variants.order_by("position", "pk")
    ]
    data = typed(options, stored if variants is None else variants(stored), old_options=old, **fields)
    return client.post(reverse("admin:catalog_product_change", args=[product.pk]), data)


def test_two_options_three_pictures_and_stock_are_made_in_one_save(client, boss):
    pictures = [{"file": photo(f"{n}.jpg"), "alt": f"View {n}", "position": n} for n in range(3)]
    make_category(name="Tableware")
    answer = client.post(ADD, typed(options=TWO_BY_THREE, images=pictures, title_de="Stille Tasse"))
    assert answer.status_code == 302
    product = Product.objects.get()
    variants = list(product.variants.select_related("stock").order_by("position"))
    assert [variant.sku for variant in variants] == [
        "MUG-MOSS-S", "MUG-MOSS-M", "MUG-MOSS-L", "MUG-RUST-S", "MUG-RUST-M", "MUG-RUST-L",
        "MUG-SAND-S", "MUG-SAND-M", "MUG-SAND-L",
    ]  # fmt: skip
    assert {(v.price, v.weight_grams, v.stock.on_hand) for v in variants} == {(1999, 400, 5)}
    assert set(StockMovement.objects.values_list("delta", "reason", "actor")) == {(5, "initial", boss.pk)}
    assert product.images.count() == 3
    assert Job.objects.filter(task_path__endswith="make_renditions").count() == 3
    assert product.slug == "quiet-mug"
    assert product.description == "<p>Holds tea.</p>"
    assert product.localized("title", "de") == "Stille Tasse"
    assert variants[0].option_text("de") == "Moos / S"
    assert Listing.objects.get().price_min == 1999


def test_a_product_without_options_has_one_variant(client, boss):
    client.post(ADD, typed())
    variant = Variant.objects.get()
    assert (variant.sku, variant.option_key, variant.stock.on_hand) == ("MUG", "", 5)
    assert Listing.objects.get().available is True


def test_a_draft_is_not_listed_and_can_be_previewed_from_its_page(client, boss):
    product = make_matrix(client, status="draft")
    page = client.get(reverse("admin:catalog_product_change", args=[product.pk])).content.decode()
    assert not Listing.objects.exists()
    assert 'href="/products/quiet-mug/?preview=1"' in page
    assert client.get("/products/quiet-mug/?preview=1").status_code == 200


def test_a_deleted_row_stays_a_hole(client, boss):
    product = make_matrix(client)

    def without_first(stored):
        return [{**stored[0], "DELETE": "on"}, *stored[1:]]

    assert change(client, product, variants=without_first).status_code == 302
    assert change(client, product).status_code == 302
    assert product.variants.count() == 8
    assert not Variant.objects.filter(sku="MUG-MOSS-S").exists()
    assert change(client, product, fill="on").status_code == 302
    assert product.variants.count() == 9


def test_a_new_value_makes_its_combinations_and_keeps_the_others(client, boss):
    product = make_matrix(client)
    kept = set(product.variants.values_list("pk", flat=True))
    options = list(product.options.all())
    new = [
        {"id": options[0].pk, "name": "Colour", "values_text": "Moss, Rust, Sand, Ink"},
        {"id": options[1].pk, "name": "Size", "values_text": "S, M, L"},
    ]
    assert change(client, product, options=new).status_code == 302
    assert product.variants.count() == 12
    assert kept < set(product.variants.values_list("pk", flat=True))


def test_a_name_in_the_place_of_another_renames_the_value(client, boss):
    product = make_matrix(client)
    before = dict(product.variants.values_list("pk", "option_key"))
    options = list(product.options.all())
    renamed = [
        {"id": options[0].pk, "name": "Colour", "values_text": "Fern, Rust, Sand"},
        {"id": options[1].pk, "name": "Size", "values_text": "S, M, L"},
    ]
    assert change(client, product, options=renamed).status_code == 302
    assert dict(product.variants.values_list("pk", "option_key")) == before
    assert product.variants.order_by("position")[0].option_text() == "Fern / S"


def test_a_new_option_gives_the_old_variants_its_first_value(client, boss):
    product = make_product(title="Plain", slug="plain")
    variant = make_variant(product=product, sku="PLAIN")
    sizes = [{"name": "Size", "values_text": "S, M"}]
    assert change(client, product, options=sizes).status_code == 302
    variant.refresh_from_db()
    assert variant.option_text() == "S"
    assert [v.option_text() for v in product.variants.order_by("position")] == ["S", "M"]


def test_an_option_that_tells_variants_apart_cannot_go(client, boss):
    product = make_matrix(client)
    colour, size = product.options.all()
    without_size = [
        {"id": colour.pk, "name": "Colour", "values_text": "Moss, Rust, Sand"},
        {"id": size.pk, "name": "Size", "values_text": "S, M, L", "DELETE": "on"},
    ]
    answer = change(client, product, options=without_size, title="New title")
    assert answer.status_code == 200
    assert "some variants would be the same" in answer.content.decode()
    product.refresh_from_db()
    assert (product.title, product.options.count(), product.variants.count()) == ("Quiet mug", 2, 9)


def test_prices_are_typed_in_major_units_and_the_old_price_must_be_higher(client, boss):
    product = make_matrix(client)

    def dearer(stored):
        return [{**stored[0], "price": "24.50", "compare_at_price": "29"}, *stored[1:]]

    assert change(client, product, variants=dearer).status_code == 302
    variant = product.variants.order_by("position")[0]
    assert (variant.price, variant.compare_at_price) == (2450, 2900)

    def wrong(stored):
        return [{**stored[0], "price": "24.50", "compare_at_price": "20"}, *stored[1:]]

    answer = change(client, product, variants=wrong)
    assert "This must be more than the price." in answer.content.decode()
    variant.refresh_from_db()
    assert variant.compare_at_price == 2900


def test_an_active_product_needs_something_to_sell(client, boss):
    product = make_matrix(client, status="draft")

    def none(stored):
        return [{**row, "DELETE": "on"} for row in stored]

    answer = change(client, product, variants=none, status="active")
    assert "at least one variant" in answer.content.decode()
    assert (Product.objects.get().status, product.variants.count()) == ("draft", 9)


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("a.jpg", b"no picture at all"),
        SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
    ],
    ids=["text", "svg"],
)
def test_a_file_that_is_no_picture_is_refused_and_nothing_is_stored(client, boss, upload):
    answer = client.post(ADD, typed(images=[{"file": upload, "alt": "", "position": 0}]))
    assert answer.status_code == 200
    assert (Product.objects.count(), ProductImage.objects.count(), Job.objects.count()) == (0, 0, 0)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(client, boss):
    content = BytesIO()
    Image.new("1", (9000, 9000)).save(content, "PNG")
    upload = SimpleUploadedFile("bomb.png", content.getvalue())
    answer = client.post(ADD, typed(images=[{"file": upload, "alt": "", "position": 0}]))
    assert "50 megapixels" in answer.content.decode()
    assert Product.objects.count() == 0


def test_a_product_that_was_never_sold_can_be_deleted_with_its_stock(client, boss):
    product = make_matrix(client)
    answer = client.post(reverse("admin:catalog_product_delete", args=[product.pk]), {"post": "yes"})
    assert answer.status_code == 302
    assert (Product.objects.count(), Variant.objects.count(), StockMovement.objects.count()) == (0, 0, 0)


def test_every_other_language_has_its_fields():
    assert [code for code, _ in LANGUAGES] == ["de"]


def test_the_list_costs_the_same_for_1_and_24_products(client, boss, django_assert_num_queries):
    address = reverse("admin:catalog_product_changelist")
    make_variant()
    client.get(address)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(address)
    category = make_category()
    with published_together():
        for _ in range(23):
            make_variant(product_fields={"category": category})
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(address).content.decode().count('class="with-thumb"') == 24
    with django_assert_num_queries(LIST_QUERIES + 3):
        client.get(address, {"q": "mug"})


def test_lists_and_choices_show_titles_in_the_language_of_the_admin_and_search_finds_both(
    client, boss, django_assert_num_queries
):
    german = {"de": {"name": "Küche"}}
    kitchen = make_category(name="Kitchen", slug="kitchen", translations=german)
    fields = {"category": kitchen, "translations": {"de": {"title": "Becher"}}}
    mug = make_variant(title="Mug", sku="M-1", product_fields=fields).product
    make_variant(title="Apron", sku="A-1", product_fields={"translations": {"de": {"title": ""}}})
    products = reverse("admin:catalog_product_changelist")
    shown = re.compile(r'<span class="with-thumb">.*?<span>(\w+)</span>')
    assert shown.findall(client.get(products).text) == ["Apron", "Mug"]
    client.get(f"/de{products}")
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(f"/de{products}?o=1").text
    assert shown.findall(page) == ["Apron", "Becher"]
    assert "Küche" in page and "Kitchen" not in page
    for term in ("bech", "mug", "M-1"):
        assert shown.findall(client.get(f"/de{products}?q={term}").text) == ["Becher"]
    for path in ("stock", "stockmovement", "pricechange"):
        assert "Becher" in client.get(f"/de/admin/catalog/{path}/").text
    assert "Becher" in client.get("/de/admin/catalog/stock/?q=bech").text
    for term in ("küche", "kitchen", "Küch"):
        assert 'tree--0">Küche<' in client.get("/de/admin/catalog/category/", {"q": term}).text
    choice = {"app_label": "pricing", "model_name": "discount", "field_name": "products", "term": "bech"}
    found = client.get("/de/admin/autocomplete/", choice).json()["results"]
    assert found == [{"id": str(mug.pk), "text": "Becher"}]
    form = client.get(f"/de/admin/catalog/product/{mug.pk}/change/").text
    assert ">Küche</option>" in form
    assert 'value="Mug"' in form


LIST_QUERIES = 8
