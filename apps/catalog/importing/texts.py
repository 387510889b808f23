"""The texts and the state of a product, from the rows that carry them."""

from typing import Any

from django.utils.translation import gettext as _

from apps.catalog.importing import cells
from apps.catalog.importing.drafts import ProductDraft
from apps.catalog.importing.reading import Row
from apps.catalog.models import Product
from apps.core.sanitize import sanitize_html

# Field of the product, column, longest text.
TEXTS = (("title", 200), ("vendor", 120), ("seo_title", 200), ("seo_description", 320))
CATEGORY_DEPTH = 5
NO_CATEGORY = {"uncategorized", "default", "none", "n/a", "-"}


def first(rows: list[Row], column: str) -> str | None:
    """The first filled cell; "" when the column is there and empty everywhere; None without the column."""
    stated = [row.cells[column] for row in rows if column in row.cells]
    return next((cell for cell in stated if cell), "") if stated else None


def product_fields(draft: ProductDraft, rows: list[Row]) -> None:
    """Fills `fields`, `category` and `taxable`; only what the file states."""
    for name, longest in TEXTS:
        text = first(rows, name)
        if text is None or (name == "title" and not text):
            continue
        if len(text) > longest:
            draft.note(draft.lead_row, _("The %(field)s was cut to %(n)d characters.") % {"field": name, "n": longest})
        draft.fields[name] = " ".join(text.split())[:longest]
    if (body := first(rows, "description")) is not None:
        draft.fields["description"] = sanitize_html(body)
    draft.category = category_path(first(rows, "category") or "") or category_path(first(rows, "type") or "")
    draft.fields |= _status(draft, rows)
    taxed = {cells.boolean(row["taxable"]) for row in rows if row["taxable"]}
    if len(taxed) > 1:
        draft.note(draft.lead_row, _("Only some of its variants are taxed at the source; all are taxed here."))
    draft.taxable = True in taxed if taxed else None


def category_path(text: str) -> tuple[str, ...]:
    """ "Home & Garden > Decor" as names from the root; nothing for a number or a placeholder."""
    names = [" ".join(part.split())[:120] for part in text.split(">")]
    names = [name for name in names if name and name.casefold() not in NO_CATEGORY][:CATEGORY_DEPTH]
    return () if text.isdecimal() else tuple(names)


def _status(draft: ProductDraft, rows: list[Row]) -> dict[str, Any]:
    """Active only if it is both active and published; a state that this shop does not know becomes a draft."""
    status, published = first(rows, "status"), first(rows, "published")
    if not status and not published:
        return {}
    state = (status or "active").casefold()
    if state not in Product.Status.values:
        draft.note(draft.lead_row, _("The status %(status)s is unknown here: a draft.") % {"status": state[:40]})
        state = Product.Status.DRAFT
    if state == Product.Status.ACTIVE and published and not cells.boolean(published):
        state = Product.Status.DRAFT
    return {"status": Product.Status(state)}
