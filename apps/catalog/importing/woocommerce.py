"""WooCommerce's product export as drafts: one row per product, one per variation, which names its parent.

The file knows no addresses, so products are found again by their articles (`importing.adopting`), else by their names.
"""

import html
import re
from collections.abc import Callable, Iterator

from django.utils.html import linebreaks
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.catalog.importing import cells
from apps.catalog.importing.drafts import PictureDraft, ProductDraft
from apps.catalog.importing.naming import Names
from apps.catalog.importing.reading import Row, SourceFile
from apps.catalog.importing.texts import product_fields
from apps.catalog.importing.woocommerce_headers import columns, is_in_order, plain_name
from apps.catalog.importing.woocommerce_variants import read_lines
from apps.catalog.models.product import TaxClass
from apps.catalog.text import plain

GUARDED = True
NAMELESS = True
HINTS = {"type", "price", "in_stock", "parent", "visibility", "tax_status", "categories"}
NOT_GOODS = {"grouped", "external"}
BLOCKS = re.compile(r"<(p|div|ul|ol|h[1-6]|table|blockquote|br)\b", re.IGNORECASE)
TAX_CLASSES = {"": TaxClass.STANDARD, "reduced-rate": TaxClass.REDUCED, "zero-rate": TaxClass.ZERO}
SUBTITLE_LENGTH = 120


def reader(header: list[str]) -> Callable[[str], str]:
    """Names the field of a column of this file."""
    fields = columns(header)
    return lambda name: fields.get(plain_name(name), "")


def recognises(header: list[str]) -> bool:
    found = set(columns(header).values())
    return is_in_order(header) or ("title" in found and len(found & HINTS) >= 3)


def claims(source: SourceFile) -> Iterator[tuple[str, str]]:
    """Each row's SKU and barcode, as the file writes them."""
    for row in source.rows():
        if not row.problem:
            yield row["sku"], row["barcode"]


def drafts(source: SourceFile) -> Iterator[ProductDraft | Row]:
    """Products in the order in which their last row comes; a row that belongs to none comes by itself."""
    families = _Families(source)
    names = Names()
    waiting: dict[str, list[Row]] = {}
    for row in source.rows():
        key = families.key_of(row)
        if not key:
            yield families.stray(row)
            continue
        waiting.setdefault(key, []).append(row)
        if families.last_row[key] == row.number:
            yield read_product(key, waiting.pop(key), names)


class _Families:
    """Which rows belong together, learnt in a first reading; a variation may stand before its parent."""

    def __init__(self, source: SourceFile) -> None:
        self.last_row: dict[str, int] = {}
        self._keys: dict[str, str] = {}
        last_of_parent: dict[str, int] = {}
        for row in source.rows():
            if is_variation(row):
                last_of_parent[_parent(row)] = row.number
            elif key := _own_key(row):
                self.last_row[key] = row.number
                for name in (f"id:{row['id']}", row["sku"].casefold()):
                    self._keys.setdefault(name, key)
        for parent, number in last_of_parent.items():
            if key := self._keys.get(parent, ""):
                self.last_row[key] = max(self.last_row[key], number)

    def key_of(self, row: Row) -> str:
        if row.problem:
            return ""
        return self._keys.get(_parent(row), "") if is_variation(row) else _own_key(row)

    def stray(self, row: Row) -> Row:
        if row.problem or not is_variation(row):
            return row
        parent = row["parent"][:80] or "–"
        return Row(row.number, row.cells, _("Its product, %(parent)s, is not in this file.") % {"parent": parent})


def is_variation(row: Row) -> bool:
    return not row.problem and ("variation" in types(row) or (not row["type"] and bool(row["parent"])))


def types(row: Row) -> set[str]:
    return {word.strip() for word in row["type"].casefold().split(",")}


def _parent(row: Row) -> str:
    """ "id:44" or a SKU, with or without blanks."""
    return re.sub(r"^id:\s*", "id:", row["parent"].casefold())


def _own_key(row: Row) -> str:
    if row.problem or not row["title"]:
        return ""
    return f"id:{row['id']}" if row["id"] else (row["sku"] or row["title"]).casefold()


def read_product(key: str, rows: list[Row], names: Names) -> ProductDraft:
    """The product of one family of rows. What is wrong with a row is kept in `failed`, and the others still count."""
    heads = [row for row in rows if not is_variation(row)]
    head, variations = heads[0], [row for row in rows if is_variation(row)]
    title = html.unescape(head["title"])
    numbers = [head.number, *(row.number for row in rows if row is not head)]
    draft = ProductDraft(title, names.slug(key, title), numbers)
    if NOT_GOODS & types(head):
        draft.skipped = dict.fromkeys(numbers, _("Grouped and external products are not sold by this shop itself."))
        return draft
    for row in heads[1:]:
        draft.failed[row.number] = _("It is the same product as row %(row)d.") % {"row": head.number}
    _fields(draft, head, title)
    if variations or "variable" in types(head):
        read_lines(draft, head, variations)
    else:
        read_lines(draft, head, [head])
    _pictures(draft, head, variations)
    if not draft.variants:
        reason = _("It has no variations in this file.")
        if draft.failed:
            reason = _("The product has no usable variant, see row %(row)d.") % {"row": min(draft.failed)}
        for number in numbers:
            if number not in draft.skipped:
                draft.failed.setdefault(number, reason)
    return draft


def _fields(draft: ProductDraft, head: Row, title: str) -> None:
    """In the words of the common reader of product texts; only columns that the file has."""
    said = {"title": title}
    if "brand" in head.cells:
        said["vendor"] = html.unescape(cells.listed(head["brand"])[0] if head["brand"] else "")
    if "description" in head.cells:
        said["description"] = _html(head["description"])
    if "published" in head.cells:
        said["status"] = _status(draft, head)
    if head["tax_status"]:
        said["taxable"] = "false" if head["tax_status"].casefold() == "none" else "true"
    for name in ("seo_title", "seo_description"):
        if head[name] and "%" not in head[name]:  # a pattern of the search plugin is no text
            said[name] = head[name]
    _short_description(draft, head, said)
    _category(draft, head, said)
    product_fields(draft, [Row(head.number, said)])
    if "tax_class" in head.cells and draft.taxable is not False:
        draft.fields["tax_class"] = TAX_CLASSES.get(head["tax_class"].casefold(), TaxClass.STANDARD)
    if "downloadable" in types(head):
        draft.note(head.number, _("It is a download at the source; the file itself is not part of the export."))


def _html(text: str) -> str:
    r"""The exporter writes a line break as \n and a real \n as \\n; paragraphs are made where there are no tags."""
    text = "\\n".join(part.replace("\\n", "\n") for part in text.split("\\\\n"))
    return text if BLOCKS.search(text) else linebreaks(text, autoescape=False)


def _short_description(draft: ProductDraft, head: Row, said: dict[str, str]) -> None:
    if "short" not in head.cells:
        return
    body = _html(head["short"]) if head["short"] else ""
    short = " ".join(html.unescape(plain(body)).split())
    if len(short) > SUBTITLE_LENGTH:
        said["description"] = body + said.get("description", "")
        short = ""
    draft.fields["subtitle"] = Truncator(short).chars(SUBTITLE_LENGTH)


def _status(draft: ProductDraft, head: Row) -> str:
    if head["published"].casefold() not in {"1", "publish", "yes", "true"}:
        return "draft"
    if head["visibility"].casefold() == "hidden":
        draft.note(head.number, _("It is hidden in the catalogue at the source: a draft."))
        return "draft"
    return "active"


def _category(draft: ProductDraft, head: Row, said: dict[str, str]) -> None:
    """A product stands in one category here: the deepest one, of equals the first."""
    paths = [html.unescape(path) for path in cells.listed(head["categories"])]
    if not paths:
        return
    chosen = max(paths, key=lambda path: path.count(">"))
    said["category"] = chosen
    others = [path for path in paths if path != chosen and not chosen.startswith(f"{path} >")]
    if others:
        draft.note(
            head.number,
            ngettext(
                "It stands in %(category)s; %(n)d other category was left out.",
                "It stands in %(category)s; %(n)d other categories were left out.",
                len(others),
            )
            % {"category": chosen, "n": len(others)},
        )


def _pictures(draft: ProductDraft, head: Row, variations: list[Row]) -> None:
    """The first one leads; a variation's first picture shows that variation."""
    by_source: dict[str, PictureDraft] = {}
    for source in cells.listed(head["pictures"]):
        by_source.setdefault(source, PictureDraft(head.number, source, "", len(by_source) + 1))
    for row in variations:
        variant = next((line for line in draft.variants if line.row == row.number), None)
        for source in cells.listed(row["pictures"])[:1] if variant else ():
            picture = by_source.setdefault(source, PictureDraft(row.number, source, "", len(by_source) + 1))
            picture.variant = picture.variant or variant
    draft.pictures = list(by_source.values())
