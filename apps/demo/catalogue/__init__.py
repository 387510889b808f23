"""The demo's catalogue as data: one TOML file per branch of the category tree, read into frozen dataclasses.

German for option names and values stands once, in words.toml. A product's pictures are named by its slug: one per
value of the option that carries `pictures`, then the closer one, `<slug>-detail`.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
# The order of the shop's navigation.
BRANCHES = (
    "tableware",
    "kitchen",
    "lighting",
    "furniture",
    "walls",
    "textiles",
    "plants",
    "bath",
    "paper",
    "bags",
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the shop's first language and in German."""

    en: str
    de: str


@dataclass(frozen=True, slots=True)
class DemoCategory:
    path: str
    name: Text
    description: Text

    @property
    def slug(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def parent_path(self) -> str:
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class DemoOption:
    name: Text
    values: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class DemoVariant:
    """`values` are the English option values in the order of the options; prices are minor units of EUR."""

    sku: str
    values: tuple[str, ...]
    price: int
    compare_at: int | None
    weight_grams: int
    stock: int
    backorder: bool


@dataclass(frozen=True, slots=True)
class DemoPicture:
    """A picture under static/img/demo; `shows` is the English option value it is of, "" for the whole product."""

    name: str
    alt: Text
    shows: str


@dataclass(frozen=True, slots=True)
class DemoProduct:
    slug: str
    title: Text
    subtitle: Text
    description: Text
    vendor: str
    category: str
    tax_class: str
    options: tuple[DemoOption, ...]
    variants: tuple[DemoVariant, ...]
    pictures: tuple[DemoPicture, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    categories: tuple[DemoCategory, ...]
    products: tuple[DemoProduct, ...]


@cache
def load() -> Catalogue:
    """The whole demo catalogue. Raises KeyError where a text or its German is missing."""
    german = _read("words")["de"]
    categories: list[DemoCategory] = []
    products: list[DemoProduct] = []
    for branch in BRANCHES:
        data = _read(branch)
        categories += [
            DemoCategory(path=row["path"], name=_text(row["name"]), description=_text(row["description"]))
            for row in data["category"]
        ]
        products += [_product(row, german) for row in data["product"]]
    return Catalogue(tuple(categories), tuple(products))


def _read(branch: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{branch}.toml").read_text(encoding="utf-8"))


def _text(row: dict[str, str]) -> Text:
    return Text(en=row["en"].strip(), de=row["de"].strip())


def _product(row: dict[str, Any], german: dict[str, str]) -> DemoProduct:
    options = row.get("options", [])
    return DemoProduct(
        slug=row["slug"],
        title=_text(row["title"]),
        subtitle=_text(row["subtitle"]),
        description=_text(row["description"]),
        vendor=row["vendor"],
        category=row["category"],
        tax_class=row.get("tax_class", "standard"),
        options=tuple(
            DemoOption(
                name=Text(option["name"], german[option["name"]]),
                values=tuple(Text(value, german[value]) for value in option["values"]),
            )
            for option in options
        ),
        variants=tuple(_variant(variant) for variant in row["variants"]),
        pictures=tuple(_pictures(row["slug"], _text(row["alt"]), options, german)),
    )


def _variant(row: dict[str, Any]) -> DemoVariant:
    return DemoVariant(
        sku=row["sku"],
        values=tuple(row.get("values", ())),
        price=row["price"],
        compare_at=row.get("compare_at"),
        weight_grams=row["grams"],
        stock=row["stock"],
        backorder=row.get("backorder", False),
    )


def _pictures(slug: str, alt: Text, options: list[dict[str, Any]], german: dict[str, str]) -> list[DemoPicture]:
    shown = next((option for option in options if "pictures" in option), None)
    if shown is None:
        found = [DemoPicture(slug, alt, "")]
    else:
        found = [
            DemoPicture(f"{slug}-{suffix}", Text(f"{alt.en}: {value}", f"{alt.de}: {german[value]}"), value)
            for value, suffix in zip(shown["values"], shown["pictures"], strict=True)
        ]
    close = Text(f"{alt.en}, seen from nearby", f"{alt.de}, aus der Nähe")
    return [*found, DemoPicture(f"{slug}-detail", close, "")]
