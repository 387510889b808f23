"""Shopify's product export, classic and new header, as drafts.

One row per variant or picture; rows of one product share a handle and may stand apart; product texts are on the first.
"""

import re
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.catalog.importing import cells
from apps.catalog.importing.cells import BadCell
from apps.catalog.importing.drafts import PictureDraft, ProductDraft, VariantDraft
from apps.catalog.importing.grouping import grouped
from apps.catalog.importing.naming import Names
from apps.catalog.importing.reading import Row, SourceFile, UnreadableFile
from apps.catalog.importing.texts import product_fields

GUARDED = False
NAMELESS = False
OPTION_POSITIONS = (1, 2, 3)
# Both generations of headers, in lower case.
FIELDS = {
    "handle": "handle",
    "url handle": "handle",
    "title": "title",
    "body (html)": "description",
    "description": "description",
    "vendor": "vendor",
    "product category": "category",
    "type": "type",
    "published": "published",
    "published on online store": "published",
    "status": "status",
    "variant sku": "sku",
    "sku": "sku",
    "variant barcode": "barcode",
    "barcode": "barcode",
    "variant price": "price",
    "price": "price",
    "variant compare at price": "compare_at",
    "compare-at price": "compare_at",
    "compare at price": "compare_at",
    "variant taxable": "taxable",
    "charge tax": "taxable",
    "variant inventory tracker": "tracker",
    "inventory tracker": "tracker",
    "variant inventory qty": "quantity",
    "inventory quantity": "quantity",
    "variant inventory policy": "policy",
    "continue selling when out of stock": "policy",
    "variant grams": "grams",
    "weight value (grams)": "grams",
    "image src": "picture",
    "product image url": "picture",
    "image position": "picture_position",
    "image alt text": "picture_alt",
    "variant image": "variant_picture",
    "variant image url": "variant_picture",
    "gift card": "gift_card",
    "seo title": "seo_title",
    "seo description": "seo_description",
    **{f"option{n} {part}": f"option{n}_{part}" for n in OPTION_POSITIONS for part in ("name", "value")},
    **{f"option{n} linked to": f"option{n}_linked" for n in OPTION_POSITIONS},
}
OTHER_FILES = {
    "lineitem name": gettext_lazy("This is a file of orders, not of products."),
    "accepts email marketing": gettext_lazy("This is a file of customers, not of products."),
    "location": gettext_lazy("This is a file of stock by location, not of products."),
}


def field_of(header: str) -> str:
    return FIELDS.get(" ".join(header.split()).casefold(), "")


def reader(header: list[str]) -> Callable[[str], str]:
    """Names the field of a column, the same in every file."""
    return field_of


def recognises(header: list[str]) -> bool:
    """Raises UnreadableFile for the other files of the same system, which share some of the columns."""
    names = {" ".join(name.split()).casefold() for name in header}
    for column, sentence in OTHER_FILES.items():
        if column in names:
            raise UnreadableFile(sentence)
    fields = {field_of(name) for name in header}
    return "title" in fields and bool(fields & {"handle", "price", "sku", "option1_value"})


def drafts(source: SourceFile) -> Iterator[ProductDraft | Row]:
    """Products in the order in which their last row comes; a row that belongs to none comes by itself."""
    names = Names()
    for entry in grouped(source, _handle_of):
        yield entry if isinstance(entry, Row) else read_product(*entry, names)


def claims(source: SourceFile) -> Iterator[tuple[str, str]]:
    """Each row's SKU and barcode, as the file writes them."""
    for row in source.rows():
        if not row.problem:
            yield cells.plain(row["sku"]), cells.plain(row["barcode"])


def _handle_of(row: Row) -> str:
    return "" if row.problem else (row["handle"] or row["title"]).casefold()


def read_product(handle: str, rows: list[Row], names: Names) -> ProductDraft:
    """The product of one handle. What is wrong with a row is kept in `failed`, and the other rows still count."""
    draft = ProductDraft(handle, names.slug(handle), [row.number for row in rows])
    if any(cells.boolean(row["gift_card"]) for row in rows):
        draft.skipped = dict.fromkeys(draft.rows, _("Gift cards are not goods and are not imported."))
        return draft
    product_fields(draft, rows)
    variant_rows = _variant_rows(rows)
    draft.option_names = _option_names(variant_rows, rows)
    seen: dict[tuple[str, ...], int] = {}
    for row in variant_rows:
        try:
            variant = _variant(draft, row)
            if variant.values in seen:
                raise BadCell(_("It repeats the options of row %(row)d.") % {"row": seen[variant.values]})
        except BadCell as error:
            draft.failed[row.number] = str(error)
            continue
        seen[variant.values] = row.number
        variant.position = len(draft.variants)
        draft.variants.append(variant)
    _pictures(draft, rows)
    _account_for_the_rest(draft, rows, {row.number for row in variant_rows})
    return draft


def _variant_rows(rows: list[Row]) -> list[Row]:
    """Rows of pictures have neither options nor a price; a product of one row may have nothing but a title."""
    optioned = [row for row in rows if row["option1_value"]]
    found = [row for row in rows if row["option1_value"] or row["price"] or row["sku"] or row["barcode"]]
    if optioned and found[0] not in optioned and found[0]["title"]:
        found = found[1:]  # a head row, which speaks of the product only
    return found or [row for row in rows if row["title"]][:1]


def _option_names(variant_rows: list[Row], rows: list[Row]) -> tuple[str, ...]:
    """Names stand on the first row only; an option without values is none, nor is a lone Default Title."""
    names: list[str] = []
    for n in OPTION_POSITIONS:
        values = {row[f"option{n}_value"] for row in variant_rows} - {""}
        if not values or (n == 1 and {value.casefold() for value in values} == {"default title"}):
            break
        name = next((row[f"option{n}_name"] for row in rows if row[f"option{n}_name"]), "")
        linked = next((row[f"option{n}_linked"] for row in rows if row[f"option{n}_linked"]), "")
        name = name or re.sub(r"[-_]+", " ", linked.rpartition(".")[2]).capitalize() or _("Option %(n)d") % {"n": n}
        while name.casefold() in {other.casefold() for other in names}:
            name += "′"
        names.append(name[:80])
    return tuple(names)


def _variant(draft: ProductDraft, row: Row) -> VariantDraft:
    """Raises BadCell; a fault of the price or the stock fails the row, since a wrong offer is worse than none."""
    values = []
    for n, name in enumerate(draft.option_names, start=1):
        value = row[f"option{n}_value"]
        if not value:
            raise BadCell(_("It has no value for the option %(name)s.") % {"name": name})
        if len(value) > 120:
            raise BadCell(_("The value of the option %(name)s is longer than 120 characters.") % {"name": name})
        values.append(value)
    sku = cells.plain(row["sku"])
    if len(sku) > 255:
        raise BadCell(_("The SKU is longer than 255 characters."))
    variant = VariantDraft(row.number, tuple(values), sku, {})
    _prices(draft, variant, row)
    if row["grams"]:
        variant.fields["weight_grams"] = cells.grams(row["grams"])
    if "barcode" in row.cells:
        variant.fields["barcode"] = read_barcode(draft, row)
    _stock(draft, variant, row)
    return variant


def _prices(draft: ProductDraft, variant: VariantDraft, row: Row) -> None:
    if "price" not in row.cells:
        return
    price = variant.fields["price"] = cells.amount(row["price"])
    if price is None:
        draft.note(row.number, _("It has no price and is shown as “price on request”."))
    if "compare_at" in row.cells:
        before = cells.amount(row["compare_at"])
        if before is not None and (price is None or before <= price):
            if before:
                draft.note(
                    row.number,
                    _("The price before the reduction, %(text)s, is not above the price and was dropped.")
                    % {"text": row["compare_at"]},
                )
            before = None
        variant.fields["compare_at_price"] = before


def read_barcode(draft: ProductDraft, row: Row) -> str:
    """The barcode of the row; "" for one of which a spreadsheet has kept only the first digits."""
    barcode = cells.plain(row["barcode"])
    if len(barcode) > 64 or cells.is_spreadsheet_number(barcode):
        draft.note(row.number, _("The barcode %(text)s is damaged and was left out.") % {"text": barcode[:40]})
        return ""
    return barcode


def _stock(draft: ProductDraft, variant: VariantDraft, row: Row) -> None:
    """No tracker and no pieces: the source does not count this one and always sells it; so does the shop."""
    if "policy" in row.cells and row["policy"]:
        variant.backorder = row["policy"].casefold() == "continue" or cells.boolean(row["policy"])
    if "quantity" not in row.cells:
        return
    quantity = cells.pieces(row["quantity"]) if row["quantity"] else None
    if "tracker" in row.cells and not row["tracker"] and (quantity or 0) <= 0:
        variant.backorder = True
        variant.quantity = 0
        draft.note(row.number, _("Its stock is not counted at the source: it can always be ordered."))
    elif quantity is not None:
        if quantity < 0:
            draft.note(row.number, _("Stock of %(text)s was read as 0.") % {"text": row["quantity"]})
        variant.quantity = max(quantity, 0)


def _pictures(draft: ProductDraft, rows: list[Row]) -> None:
    """Each picture once; the first variant that names one gets it."""
    by_source: dict[str, PictureDraft] = {}
    variants = {variant.row: variant for variant in draft.variants}
    for row in rows:
        if (source := row["picture"]) and source not in by_source:
            order = row["picture_position"]
            position = int(order) if re.fullmatch("[0-9]{1,4}", order) else len(by_source) + 1
            by_source[source] = PictureDraft(row.number, source, row["picture_alt"][:300], position)
    for row in rows:
        if source := row["variant_picture"]:
            picture = by_source.setdefault(source, PictureDraft(row.number, source, "", len(by_source) + 1))
            picture.variant = picture.variant or variants.get(row.number)
    draft.pictures = list(by_source.values())


def _account_for_the_rest(draft: ProductDraft, rows: list[Row], variant_rows: set[int]) -> None:
    pictured = {picture.row for picture in draft.pictures}
    for row in rows:
        if row.number in draft.failed or row.number in draft.skipped or row.number in variant_rows | pictured:
            continue
        if row.number != draft.lead_row:
            reason = _("The picture is listed before.") if row["picture"] else _("Nothing but the handle is filled in.")
            draft.skipped[row.number] = reason
    if not draft.variants:
        reason = _("No row of this product has a title, an option or a price.")
        if draft.failed:
            reason = _("The product has no usable variant, see row %(row)d.") % {"row": min(draft.failed)}
        for number in draft.rows:
            if number not in draft.skipped:
                draft.failed.setdefault(number, reason)
