"""The columns of the shop's own product file, for the export that writes and the import that reads it."""

import re

from django.conf import settings

PRODUCT_COLUMNS = (
    "product", "title", "subtitle", "description", "maker", "category", "category_path", "status", "tax_class",
    "seo_title", "seo_description", "pictures",
)  # fmt: skip
VARIANT_COLUMNS = (
    "sku", "source_sku", "price", "price_before", "on_hand", "sell_when_sold_out", "weight_grams", "barcode",
    "variant_pictures",
)  # fmt: skip
# Texts of a product in other languages, with the longest that is kept.
TRANSLATED = {"title": 200, "subtitle": 120, "description": 4_000_000}
FEWEST_OPTIONS = 3
# Columns that are read under the name of the common reader.
ALIASES = {"maker": "vendor", "category": "category_names"}
NUMBERED = re.compile(r"(option|value)_[1-9][0-9]?(_(?P<language>[a-z-]+))?")


def languages() -> list[str]:
    """The languages beside the shop's first one, which has the columns without a mark."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def field_of(header: str) -> str:
    """The field of a column; "" for one that is none of ours."""
    name = "_".join(header.casefold().split())
    if name in PRODUCT_COLUMNS or name in VARIANT_COLUMNS:
        return ALIASES.get(name, name)
    if match := NUMBERED.fullmatch(name):
        return name if match["language"] in {None, *languages()} else ""
    translated = {f"{field}_{code}" for field in (*TRANSLATED, "pictures") for code in languages()}
    return name if name in translated else ""


def columns(options: int) -> list[str]:
    """The header of an export in which the product of the most options has so many."""
    marks = [f"_{code}" for code in languages()]
    names = [*PRODUCT_COLUMNS, *(f"{field}{mark}" for mark in marks for field in (*TRANSLATED, "pictures"))]
    for number in range(1, max(options, FEWEST_OPTIONS) + 1):
        names += [f"{part}_{number}{mark}" for mark in ("", *marks) for part in ("option", "value")]
    return [*names, *VARIANT_COLUMNS]


def join_path(names: list[str]) -> str:
    r""" "Home > Decor"; a > within a name is written \>."""
    return " > ".join(" ".join(name.split()).replace("\\", "\\\\").replace(">", "\\>") for name in names)


def split_path(text: str) -> tuple[str, ...]:
    """Takes `join_path` back."""
    parts, current, escaped = [], "", False
    for char in text:
        if escaped or char not in "\\>":
            current, escaped = current + char, False
        elif char == "\\":
            escaped = True
        else:
            parts.append(current)
            current = ""
    names = (" ".join(part.split())[:120] for part in [*parts, current])
    return tuple(name for name in names if name)
