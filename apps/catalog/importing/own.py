"""The shop's own file, as its export writes it: a row per variant, everything of the product on its first row.

A file with fewer columns changes less: `product`, `sku` and `price` alone are a price list.
"""

import re
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from apps.catalog.importing import cells
from apps.catalog.importing.cells import BadCell
from apps.catalog.importing.drafts import PictureDraft, ProductDraft, VariantDraft
from apps.catalog.importing.grouping import grouped
from apps.catalog.importing.naming import Names
from apps.catalog.importing.own_columns import TRANSLATED, field_of, languages, split_path
from apps.catalog.importing.reading import Row, SourceFile
from apps.catalog.importing.shopify import read_barcode
from apps.catalog.importing.texts import first, product_fields
from apps.catalog.models.product import TaxClass
from apps.core.sanitize import sanitize_html

GUARDED = True
NAMELESS = False
SAYS_SOMETHING = {"title", "sku", "price", "on_hand", "status"}
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,160}")
SLUGS = re.compile(r"[-a-zA-Z0-9_]{1,80}(/[-a-zA-Z0-9_]{1,80})*")
OPTION = re.compile(r"option_([0-9]{1,2})")


def reader(header: list[str]) -> Callable[[str], str]:
    """Names the field of a column, the same in every file."""
    return field_of


def recognises(header: list[str]) -> bool:
    fields = {field_of(name) for name in header}
    return "product" in fields and bool(fields & SAYS_SOMETHING)


def claims(source: SourceFile) -> Iterator[tuple[str, str]]:
    """Each row's SKU and barcode, as the file writes them."""
    for row in source.rows():
        if not row.problem:
            yield row["sku"], row["barcode"]


def drafts(source: SourceFile) -> Iterator[ProductDraft | Row]:
    """Products in the order in which their last row comes; a row that belongs to none comes by itself."""
    names = Names()
    numbers = sorted({int(match[1]) for name in source.header if (match := OPTION.fullmatch(field_of(name)))})
    for entry in grouped(source, lambda row: "" if row.problem else row["product"] or row["title"]):
        yield entry if isinstance(entry, Row) else read_product(*entry, names, numbers)


def read_product(handle: str, rows: list[Row], names: Names, numbers: list[int]) -> ProductDraft:
    """The product of one address. What is wrong with a row is kept in `failed`, and the other rows still count."""
    slug = handle if SLUG.fullmatch(handle) and rows[0]["product"] else names.slug(handle)
    draft = ProductDraft(handle, slug, [row.number for row in rows], states_positions=False)
    _fields(draft, rows)
    variant_rows = [row for row in rows if _has_variant(row)]
    draft.is_bare = not variant_rows
    draft.states_options = bool(numbers)
    _options(draft, variant_rows, numbers)
    seen: dict[tuple[str, ...], int] = {}
    for row in variant_rows:
        try:
            line = _line(draft, row, numbers)
            key = line.values if draft.states_options else (line.asked_sku,)
            if key in seen:
                raise BadCell(_("It repeats the options of row %(row)d.") % {"row": seen[key]})
        except BadCell as error:
            draft.failed[row.number] = str(error)
            continue
        seen[key] = row.number
        line.position = len(draft.variants)
        draft.variants.append(line)
    _pictures(draft, rows)
    if variant_rows and not draft.variants:
        reason = _("The product has no usable variant, see row %(row)d.") % {"row": min(draft.failed)}
        for number in draft.rows:
            draft.failed.setdefault(number, reason)
    return draft


def _has_variant(row: Row) -> bool:
    if row["sku"] or row["price"] or row["on_hand"] or row["barcode"]:
        return True
    return any(value and name.startswith("value_") for name, value in row.cells.items())


def _fields(draft: ProductDraft, rows: list[Row]) -> None:
    product_fields(draft, rows)
    if (subtitle := first(rows, "subtitle")) is not None:
        draft.fields["subtitle"] = " ".join(subtitle.split())[:120]
    if tax_class := first(rows, "tax_class"):
        if tax_class.casefold() in TaxClass.values:
            draft.fields["tax_class"] = TaxClass(tax_class.casefold())
        else:
            draft.note(draft.lead_row, _("The tax class %(name)s is unknown here.") % {"name": tax_class[:40]})
    draft.category = split_path(first(rows, "category_names") or "")
    path = first(rows, "category_path") or ""
    if SLUGS.fullmatch(path):
        draft.category_slugs = tuple(path.split("/"))
        draft.category = draft.category or draft.category_slugs
    for language in languages():
        for field, longest in TRANSLATED.items():
            text = first(rows, f"{field}_{language}")
            if text is not None:
                clean = sanitize_html(text) if field == "description" else " ".join(text.split())[:longest]
                draft.texts.setdefault(language, {})[field] = clean


def _options(draft: ProductDraft, rows: list[Row], numbers: list[int]) -> None:
    names = [(number, first(rows, f"option_{number}") or "") for number in numbers] if rows else []
    named = [(number, name[:80]) for number, name in names if name]
    draft.option_names = tuple(dict.fromkeys(name for _number, name in named))
    for number, name in named:
        for language in languages():
            if text := first(rows, f"option_{number}_{language}"):
                draft.option_texts.setdefault((name, ""), {})[language] = text[:80]
            for row in rows:
                if (value := row[f"value_{number}"]) and (text := row[f"value_{number}_{language}"]):
                    draft.option_texts.setdefault((name, value), {})[language] = text[:120]


def _line(draft: ProductDraft, row: Row, numbers: list[int]) -> VariantDraft:
    """Raises BadCell; a fault of the price or the stock fails the row, since a wrong offer is worse than none."""
    values = []
    named = {first([row], f"option_{number}") or "": number for number in reversed(numbers)}
    for place, name in enumerate(draft.option_names):
        number = named.get(name) or numbers[min(place, len(numbers) - 1)]
        value = row[f"value_{number}"]
        if not value:
            raise BadCell(_("It has no value for the option %(name)s.") % {"name": name})
        if len(value) > 120:
            raise BadCell(_("The value of the option %(name)s is longer than 120 characters.") % {"name": name})
        values.append(value)
    if len(row["sku"]) > 64 or len(row["source_sku"]) > 255:
        raise BadCell(_("The SKU is longer than %(n)d characters.") % {"n": 64 if len(row["sku"]) > 64 else 255})
    line = VariantDraft(row.number, tuple(values), row["source_sku"], {}, asked_sku=row["sku"])
    if "source_sku" in row.cells:
        line.fields["merchant_sku"] = row["source_sku"]
    _prices(draft, line, row)
    if row["weight_grams"]:
        line.fields["weight_grams"] = cells.grams(row["weight_grams"])
    if "barcode" in row.cells:
        line.fields["barcode"] = read_barcode(draft, row)
    if row["sell_when_sold_out"]:
        line.backorder = cells.boolean(row["sell_when_sold_out"])
    if row["on_hand"]:
        pieces = cells.pieces(row["on_hand"])
        line.quantity = pieces if line.backorder else max(pieces, 0)
    return line


def _prices(draft: ProductDraft, line: VariantDraft, row: Row) -> None:
    if "price" in row.cells:
        line.fields["price"] = cells.amount(row["price"])
    if "price_before" in row.cells:
        before = line.fields["compare_at_price"] = cells.amount(row["price_before"])
        price = line.fields.get("price")
        if before is not None and "price" in line.fields and (price is None or before <= price):
            raise BadCell(
                _("The price before the reduction, %(text)s, is not above the price.") % {"text": row["price_before"]}
            )


def _pictures(draft: ProductDraft, rows: list[Row]) -> None:
    """Each line is an address and, behind a blank, what the picture shows."""
    by_source: dict[str, PictureDraft] = {}
    for row in rows:
        for source, text in _lines(row["pictures"]):
            picture = PictureDraft(row.number, source, text[:300], len(by_source) + 1, is_exact=True)
            by_source.setdefault(source, picture)
        for language in languages():
            for source, text in _lines(row[f"pictures_{language}"]):
                if source in by_source:
                    by_source[source].texts[language] = text[:300]
    variants = {line.row: line for line in draft.variants}
    for row in rows:
        for source, _text in _lines(row["variant_pictures"]) if row.number in variants else ():
            picture = by_source.setdefault(source, PictureDraft(row.number, source, "", len(by_source) + 1))
            picture.variant = picture.variant or variants[row.number]
    draft.pictures = list(by_source.values())


def _lines(cell: str) -> Iterator[tuple[str, str]]:
    for line in cell.splitlines():
        source, _blank, text = line.strip().partition(" ")
        if source:
            yield source, " ".join(text.split())
