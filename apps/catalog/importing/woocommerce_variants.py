"""What a WooCommerce product sells: itself, or its variations, each with price, stock and weight."""

from collections.abc import Iterator
from datetime import date
from itertools import product as cross

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.catalog.importing import cells
from apps.catalog.importing.cells import BadCell
from apps.catalog.importing.drafts import ProductDraft, VariantDraft
from apps.catalog.importing.reading import Row
from apps.catalog.importing.shopify import read_barcode
from apps.catalog.services.matrix import MOST_VARIANTS

GRAMS_IN = {"weight_kg": "1000", "weight_g": "1", "weight_lbs": "453.59237", "weight_oz": "28.349523125"}
PARENT = "parent"
Values = tuple[str, ...]


def read_lines(draft: ProductDraft, head: Row, rows: list[Row]) -> None:
    """Fill the draft's options and variants from its variations, or from the product itself as the only row."""
    alone = rows == [head]
    lists = {} if alone else _values_of(head)
    draft.option_names = () if alone else _option_names(rows)
    explicit = {values: row.number for row in reversed(rows) if all(values := _values(draft, row, lists))}
    shared: list[VariantDraft] = []
    seen: dict[Values, int] = {}
    for row in rows:
        if not alone and row["published"] in {"0", "-1"}:
            draft.skipped[row.number] = _("The variation is switched off at the source.")
            continue
        try:
            combinations = list(_combinations(draft, row, lists, explicit, seen))
            lines = [_line(draft, head, row, values) for values in combinations]
        except BadCell as error:
            draft.failed[row.number] = str(error)
            continue
        seen |= dict.fromkeys(combinations, row.number)
        for line in lines:
            line.position = len(draft.variants)
            draft.variants.append(line)
        if row["quantity"].casefold() == PARENT:
            shared += lines
        elif len(lines) > 1:
            _share(draft, row, lines, lines[0].quantity)
    if shared:
        try:
            _share(draft, head, shared, max(cells.pieces(head["quantity"]), 0) if head["quantity"] else 0)
        except BadCell as error:
            draft.failed[head.number] = str(error)


def _share(draft: ProductDraft, row: Row, lines: list[VariantDraft], pieces: int | None) -> None:
    """One heap of pieces for several variants: divided, so that never more is sold than there is."""
    if not pieces:
        for line in lines:
            line.quantity = pieces
        return
    each, rest = divmod(pieces, len(lines))
    for place, line in enumerate(lines):
        line.quantity = each + (place < rest)
    if len(lines) > 1:
        draft.note(
            row.number,
            _("%(n)d pieces are shared by %(variants)d variants at the source; here each has its part.")
            % {"n": pieces, "variants": len(lines)},
        )


def _attributes(row: Row) -> Iterator[tuple[str, str]]:
    """Name and value of each attribute that the row names, in the order of their numbers."""
    numbers = sorted(int(key[9:-5]) for key in row.cells if key.startswith("attribute") and key.endswith("_name"))
    for number in numbers:
        if name := row[f"attribute{number}_name"][:80]:
            yield name, row[f"attribute{number}_values"].replace("\\,", ",")


def _option_names(rows: list[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for row in rows for name, _value in _attributes(row)))


def _values_of(head: Row) -> dict[str, list[str]]:
    """What the product itself lists for each attribute."""
    numbers = [key[9:-5] for key in head.cells if key.startswith("attribute") and key.endswith("_name")]
    return {
        head[f"attribute{number}_name"][:80].casefold(): cells.listed(head[f"attribute{number}_values"])
        for number in numbers
    }


def _values(draft: ProductDraft, row: Row, lists: dict[str, list[str]]) -> Values:
    """The row's values of the product's options, written as the product lists them; "" is any value."""
    own = {name.casefold(): value for name, value in _attributes(row)}
    found = []
    for name in draft.option_names:
        value = own.get(name.casefold(), "")
        listed = {text.casefold(): text for text in lists.get(name.casefold(), ())}
        found.append(listed.get(value.casefold(), value))
    return tuple(found)


def _combinations(
    draft: ProductDraft, row: Row, lists: dict[str, list[str]], explicit: dict[Values, int], seen: dict[Values, int]
) -> Iterator[Values]:
    """The combination that a row means; a variation for "any" value means all of them that have no row of their own."""
    values = _values(draft, row, lists)
    if all(values):
        if values in seen:
            raise BadCell(_("It repeats the options of row %(row)d.") % {"row": seen[values]})
        if any(len(value) > 120 for value in values):
            raise BadCell(_("The value of an option is longer than 120 characters."))
        yield values
        return
    choices = []
    for name, value in zip(draft.option_names, values, strict=True):
        choice = [value] if value else [text[:120] for text in dict.fromkeys(lists.get(name.casefold(), ()))]
        if not choice:
            raise BadCell(_("It has no value for the option %(name)s.") % {"name": name})
        choices.append(choice)
    found = [one for one in cross(*choices) if one not in seen and explicit.get(one, row.number) == row.number]
    if len(found) + len(seen) > MOST_VARIANTS:
        raise BadCell(_("It stands for more than %(n)d variants.") % {"n": MOST_VARIANTS})
    if not found:
        raise BadCell(_("Every combination that it stands for has a row of its own."))
    yield from found


def _line(draft: ProductDraft, head: Row, row: Row, values: Values) -> VariantDraft:
    """Raises BadCell; a fault of the price or the stock fails the row, since a wrong offer is worse than none."""
    if len(row["sku"]) > 255:
        raise BadCell(_("The SKU is longer than 255 characters."))
    line = VariantDraft(row.number, values, row["sku"], {})
    _prices(draft, line, row)
    for column, factor in GRAMS_IN.items():
        if text := row[column] or head[column]:
            line.fields["weight_grams"] = cells.grams(text, factor)
    if "barcode" in row.cells:
        line.fields["barcode"] = read_barcode(draft, row)
    _stock(draft, line, row)
    return line


def _prices(draft: ProductDraft, line: VariantDraft, row: Row) -> None:
    if "price" not in row.cells:
        return
    price, sale = cells.amount(row["price"]), cells.amount(row["sale"])
    before = None
    if price is None and sale is None:
        draft.note(row.number, _("It has no price and is shown as “price on request”."))
    if sale is not None and not _is_on(row):
        draft.note(row.number, _("Its reduced price is not valid today and was left out."))
    elif sale is not None and (price is None or sale < price):
        price, before = sale, price
    line.fields |= {"price": price, "compare_at_price": before}


def _is_on(row: Row) -> bool:
    try:
        starts = date.fromisoformat(row["sale_from"][:10]) if row["sale_from"] else date.min
        ends = date.fromisoformat(row["sale_to"][:10]) if row["sale_to"] else date.max
    except ValueError:
        return False
    return starts <= timezone.localdate() <= ends


def _stock(draft: ProductDraft, line: VariantDraft, row: Row) -> None:
    """An empty count: the source does not count this one, and sells it as long as it says "in stock"."""
    state, count = row["in_stock"].casefold(), row["quantity"]
    if row["backorders"]:
        line.backorder = row["backorders"].casefold() in {"1", "notify", "yes"}
    if count.casefold() == PARENT:
        return
    if count:
        pieces = cells.pieces(count)
        if pieces < 0:
            draft.note(row.number, _("Stock of %(text)s was read as 0.") % {"text": count})
        line.quantity = max(pieces, 0)
    elif state:
        line.quantity = 0
        line.backorder = state not in {"0", "outofstock", "no"}
        if line.backorder:
            draft.note(row.number, _("Its stock is not counted at the source: it can always be ordered."))
