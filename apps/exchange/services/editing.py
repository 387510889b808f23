"""Many articles changed in one step, and taken back in one. All of it happens or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.catalog.models import Category, Product, Variant
from apps.catalog.services import lock_with_stock, publish
from apps.catalog.services.restoring import STOCK_FIELDS, current_values, set_fields, set_stock
from apps.exchange.errors import ChangedMeanwhile, NothingTyped
from apps.exchange.models import BulkEdit
from apps.exchange.services.columns import variant_problem
from apps.exchange.services.moving import move
from apps.exchange.services.selections import start_undo_of_edit


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody wants of one row: values by field, and what the page had shown of them."""

    kind: str
    pk: int
    values: Mapping[str, Any]
    shown: Mapping[str, Any]


@dataclass(slots=True)
class Edit:
    """One product or variant with its fields before and after, as a bulk edit keeps it."""

    kind: str
    pk: int
    product_id: int
    label: str
    fields: dict[str, list[Any]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("kind", "pk", "product_id", "label", "fields")}


def plan_edit(*, typed: Sequence[Typed]) -> list[Edit]:
    """What would change. Raises ChangedMeanwhile if a row is not any more what the page had shown of it."""
    rows = _rows({(entry.kind, entry.pk) for entry in typed}, lock=False)
    return _plan(typed, rows)


def apply_edit(*, typed: Sequence[Typed], reason: str, note: str = "", actor: Any = None) -> BulkEdit:
    """Change all of it in one transaction; the stock follows by the ledger, with the reason.

    Raises NothingTyped, ChangedMeanwhile or StockPromised; nothing is changed then.
    """
    with transaction.atomic():
        rows = _rows({(entry.kind, entry.pk) for entry in typed}, lock=True)
        edits = _plan(typed, rows)
        if not edits:
            raise NothingTyped
        _write([(edit, {name: after for name, (_b, after) in edit.fields.items()}) for edit in edits],
               rows, reason=reason, note=note, actor=actor)  # fmt: skip
        return BulkEdit.objects.create(
            actor=actor, changes=[edit.as_json() for edit in edits], reason=reason, note=note
        )


def undo_edit(*, edit: BulkEdit, actor: Any = None) -> None:
    """Take the whole edit back: a sheet at once, a selection by a job.

    Raises NotNow, ChangedMeanwhile or StockPromised; nothing is changed then.
    """
    if edit.plan:
        start_undo_of_edit(edit=edit, actor=actor)
        return
    with transaction.atomic():
        edits = [Edit(**change) for change in edit.changes]
        rows = _rows({(one.kind, one.pk) for one in edits}, lock=True)
        move(edit, BulkEdit.State.UNDONE, undone_at=timezone.now())
        if changed := [one.label for one in edits if not _can_be_undone(one, rows.get((one.kind, one.pk)))]:
            raise ChangedMeanwhile(changed)
        _write(
            [(one, {name: before for name, (before, _after) in one.fields.items()}) for one in edits],
            rows,
            reason=edit.reason,
            note=_("Bulk edit undone"),
            actor=actor,
        )


def _can_be_undone(edit: Edit, row: Product | Variant | None) -> bool:
    after = {name: after for name, (_before, after) in edit.fields.items()}
    if row is None or current_values(row=row, names=edit.fields) != after:
        return False
    before = {name: before for name, (before, _after) in edit.fields.items() if name not in STOCK_FIELDS}
    if isinstance(row, Variant):
        return not variant_problem(row, before)  # the price of now against a price before of then
    category = before.get("category_id")
    return category is None or Category.objects.filter(pk=category).exists()


def _rows(keys: set[tuple[str, int]], *, lock: bool) -> dict[tuple[str, int], Any]:
    """Products and variants by kind and key; locked by their products, as every writer of the catalogue does."""
    variants = Variant.objects.filter(pk__in=[pk for kind, pk in keys if kind == "variant"])
    found = list(variants.select_related("product", "stock").order_by("pk"))
    wanted = {variant.product_id for variant in found} | {pk for kind, pk in keys if kind == "product"}
    products = Product.objects.filter(pk__in=wanted).order_by("pk")
    if lock:
        products = products.select_for_update(no_key=True)
    rows: dict[tuple[str, int], Any] = {("product", product.pk): product for product in products}
    if lock:
        found = list(variants.select_related("product", "stock").order_by("pk"))  # as they are under the lock
    return rows | {("variant", variant.pk): variant for variant in found}


def _plan(typed: Sequence[Typed], rows: Mapping[tuple[str, int], Any]) -> list[Edit]:
    edits, changed = [], []
    for entry in typed:
        row = rows.get((entry.kind, entry.pk))
        if row is None:
            continue
        now = _now(row, entry.values)
        label = row.sku if entry.kind == "variant" else row.title
        fields = {name: [now[name], value] for name, value in entry.values.items() if now[name] != value}
        if not fields:
            continue
        if any(now[name] != entry.shown.get(name, now[name]) for name in entry.values):
            changed.append(label)
        product_id = row.product_id if entry.kind == "variant" else row.pk
        edits.append(Edit(entry.kind, entry.pk, product_id, label, fields))
    if changed:
        raise ChangedMeanwhile(changed)
    return edits


def _now(row: Product | Variant, names: Mapping[str, Any]) -> dict[str, Any]:
    stock = getattr(row, "stock", None)
    return {
        name: (getattr(stock, name) if stock else 0) if name in STOCK_FIELDS else getattr(row, name) for name in names
    }


def _write(
    edits: Sequence[tuple[Edit, dict[str, Any]]],
    rows: Mapping[tuple[str, int], Any],
    *,
    reason: str,
    note: str,
    actor: Any,
) -> None:
    """Fields first, then the shop is told, the stock last; it is locked before, as a buyer locks it."""
    counted = [edit.product_id for edit, values in edits if not values.keys().isdisjoint(STOCK_FIELDS)]
    if counted:
        lock_with_stock(counted)
    touched = {edit.product_id for edit, _values in edits}
    for edit, values in edits:
        set_fields(row=rows[edit.kind, edit.pk], values=values)
    for product_id in touched:
        set_fields(row=rows["product", product_id], values={})
    publish(touched)
    for edit, values in sorted(edits, key=lambda pair: pair[0].pk):
        stock = {name: value for name, value in values.items() if name in STOCK_FIELDS}
        if stock and edit.kind == "variant":
            set_stock(variant=rows[edit.kind, edit.pk], values=stock, reason=reason, note=note, actor=actor)
