"""The demo's catalogue fits together: pictures, SKUs, languages and the option matrix."""

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import product as combinations
from pathlib import Path

import pytest

from apps.demo.catalogue import DemoProduct, Text, load

PICTURES = Path(__file__).resolve().parents[3] / "static" / "img" / "demo"
PRODUCTS = load().products
each_product = pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.slug)


def texts_of(product: DemoProduct) -> list[Text]:
    texts = [product.title, product.subtitle, product.description]
    texts += [picture.alt for picture in product.pictures]
    for option in product.options:
        texts += [option.name, *option.values]
    return texts


def test_there_are_about_sixty_products_in_at_least_eight_categories() -> None:
    roots = {category.path.partition("/")[0] for category in load().categories}
    assert len(PRODUCTS) >= 60
    assert len(roots) >= 8


def test_about_half_of_the_products_have_options_and_some_matrices_have_holes() -> None:
    with_options = [product for product in PRODUCTS if product.options]
    with_holes = [
        product
        for product in with_options
        if len(product.variants) < len(list(combinations(*(option.values for option in product.options))))
    ]
    assert len(PRODUCTS) * 0.4 <= len(with_options) <= len(PRODUCTS) * 0.7
    assert len(with_holes) >= 4


def test_slugs_and_skus_are_unique_and_skus_follow_the_rule() -> None:
    slugs = Counter(product.slug for product in PRODUCTS)
    skus = Counter(variant.sku for product in PRODUCTS for variant in product.variants)
    assert [slug for slug, count in slugs.items() if count > 1] == []
    assert [sku for sku, count in skus.items() if count > 1] == []
    assert [sku for sku in skus if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", sku)] == []


@each_product
def test_every_picture_named_is_there_in_all_widths(product: DemoProduct) -> None:
    wanted = [f"{picture.name}-{width}.avif" for picture in product.pictures for width in (320, 480, 640, 960)]
    wanted += [f"{picture.name}-480.webp" for picture in product.pictures]
    assert [name for name in wanted if not (PICTURES / name).exists()] == []


def test_every_picture_in_the_folder_is_used() -> None:
    used = {picture.name for product in PRODUCTS for picture in product.pictures}
    stored = {path.stem.rpartition("-")[0] for path in PICTURES.iterdir() if not path.name.startswith("scene-")}
    assert stored - used == set()


@each_product
def test_every_text_has_english_and_german(product: DemoProduct) -> None:
    assert [text for text in texts_of(product) if not text.en or not text.de] == []
    assert product.title.de != product.title.en
    assert product.description.de != product.description.en


@each_product
def test_subtitles_are_short_enough_for_a_card(product: DemoProduct) -> None:
    assert max(len(product.subtitle.en), len(product.subtitle.de)) <= 40, product.subtitle


class SimpleHtml(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen.add(tag)
        assert not attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@each_product
@pytest.mark.parametrize("language", ["en", "de"])
def test_descriptions_are_simple_and_closed_html(product: DemoProduct, language: str) -> None:
    reader = SimpleHtml()
    reader.feed(getattr(product.description, language))
    assert reader.open == []
    assert reader.seen <= {"p", "ul", "li", "strong"}


@each_product
def test_variants_match_the_options(product: DemoProduct) -> None:
    matrix = {
        tuple(value.en for value in values) for values in combinations(*(option.values for option in product.options))
    }
    chosen = [variant.values for variant in product.variants]
    assert set(chosen) <= matrix
    assert len(set(chosen)) == len(chosen)
    for index, option in enumerate(product.options):
        assert {values[index] for values in chosen} == {value.en for value in option.values}


@each_product
def test_prices_are_whole_cents_and_reductions_are_reductions(product: DemoProduct) -> None:
    for variant in product.variants:
        assert variant.price > 0
        assert variant.compare_at is None or variant.compare_at > variant.price
        assert variant.weight_grams > 0
        assert variant.stock >= 0


def test_every_product_lies_in_a_category_and_every_category_has_its_parent() -> None:
    paths = {category.path for category in load().categories}
    assert {product.category for product in PRODUCTS} <= paths
    assert {category.parent_path for category in load().categories if category.parent_path} <= paths


def test_the_demo_shows_reductions_sold_out_low_stock_and_a_back_order() -> None:
    variants = [variant for product in PRODUCTS for variant in product.variants]
    sold_out = [product for product in PRODUCTS if all(variant.stock == 0 for variant in product.variants)]
    assert len([variant for variant in variants if variant.compare_at]) >= 6
    assert len(sold_out) >= 1
    assert len([variant for variant in variants if 0 < variant.stock <= 3]) >= 3
    assert [variant.sku for variant in variants if variant.backorder] == ["NL-BELL-PINE-45"]
    assert {product.tax_class for product in PRODUCTS} == {"standard", "reduced"}
