"""Products and variants set to given values, field by field, as undoing a change and editing many at once need it.

Inside the caller's transaction, which publishes the products and then changes the stock.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.catalog.models import Option, OptionValue, Product, Stock, Variant
from apps.catalog.services.stock import set_backorder, set_on_hand

BATCH = 500
STOCK_FIELDS = ("on_hand", "backorder")


def current_values(*, row: Product | Variant, names: Mapping[str, Any] | list[str]) -> dict[str, Any]:
    """The fields as they are now; those of the stock are read from the variant's stock."""
    stock = Stock.objects.filter(variant_id=row.pk).first() if isinstance(row, Variant) else None
    stock = stock or Stock()
    return {name: getattr(stock if name in STOCK_FIELDS else row, name) for name in names}


def set_fields(*, row: Product | Variant, values: Mapping[str, Any]) -> None:
    """Write fields of the row; a variant's values follow its `option_key`. Stock and publishing are others' work."""
    own = {name: value for name, value in values.items() if name not in STOCK_FIELDS}
    with transaction.atomic():
        if isinstance(row, Product):
            own["updated_at"] = timezone.now()
        for name, value in own.items():
            setattr(row, name, value)
        if own:
            row.save(update_fields=list(own))
        if isinstance(row, Variant) and "option_key" in own:
            keys = [int(key) for key in str(own["option_key"]).split("-") if key]
            row.values.set(OptionValue.objects.filter(pk__in=keys))


def set_fields_of_many(*, entries: Sequence[tuple[Product | Variant, Mapping[str, Any]]]) -> None:
    """Plain fields of many rows, one statement for each kind of row; a product's time of change follows."""
    now = timezone.now()
    models: tuple[type[Product | Variant], ...] = (Product, Variant)
    for model in models:
        always = {"updated_at": now} if model is Product else {}
        rows: list[tuple[Any, dict[str, Any]]] = [
            (row, {**values, **always}) for row, values in entries if isinstance(row, model)
        ]
        for row, values in rows:
            for name, value in values.items():
                setattr(row, name, value)
        _write_many(model, rows)


def _write_many(model: type[Product | Variant], rows: Sequence[tuple[Any, dict[str, Any]]]) -> None:
    names = sorted({name for _row, values in rows for name in values})
    if not names:
        return
    first = rows[0][1]
    if all(values == first for _row, values in rows):  # much less work than a value for each
        model._default_manager.filter(pk__in=[row.pk for row, _values in rows]).update(**first)
    else:
        model._default_manager.bulk_update([row for row, _values in rows], names, batch_size=BATCH)


def set_stock(*, variant: Variant, values: Mapping[str, Any], reason: str, note: str, actor: Any = None) -> None:
    """Bring shelf and back-orders to the values, by the ledger. Raises StockPromised."""
    backorder = values.get("backorder")
    if backorder:
        set_backorder(variant=variant, backorder=True)
    if "on_hand" in values:
        set_on_hand(variant=variant, counted=values["on_hand"], reason=reason, note=note, actor=actor)
    if backorder is False:
        set_backorder(variant=variant, backorder=False)


def drop_unused_values(*, options: list[int], values: list[int]) -> None:
    """Delete those of the option values that no variant has, and those of the options that have no value."""
    with transaction.atomic():
        OptionValue.objects.filter(pk__in=values, variants=None).delete()
        Option.objects.filter(pk__in=options, values=None).delete()
