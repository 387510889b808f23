"""What an import did to a product or a variant, field by field: for the table that people read, and for undoing it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

Fields = dict[str, list[Any]]
# What is told of something new; the rest of it can be seen in the shop.
TOLD = ("title", "status", "price", "compare_at_price", "merchant_sku")


@dataclass(slots=True)
class Change:
    """`instance` is the row as it is now; each field holds what was before and what is after, as JSON values."""

    row: int
    kind: str
    outcome: str
    handle: str
    instance: Any
    fields: Fields = field(default_factory=dict)
    # Keys of options and values that an import made for a product.
    made: dict[str, list[int]] = field(default_factory=dict)


def fill(row: Model, wanted: dict[str, Any]) -> Fields:
    """Give the row the wanted values; what was another one, before and after."""
    changed: Fields = {}
    for name, value in wanted.items():
        before = getattr(row, name)
        if before != value:
            setattr(row, name, value)
            changed[stored_name(name)] = [stored(before), stored(value)]
    return changed


def of_new(row: Model, names: Iterable[str] = TOLD) -> Fields:
    return {name: [None, stored(getattr(row, name))] for name in names if getattr(row, name, None) not in (None, "")}


def stored_name(name: str) -> str:
    return "category_id" if name == "category" else name


def stored(value: Any) -> Any:
    """As JSON keeps it: a row by its key, a choice by its value."""
    if isinstance(value, Model):
        return value.pk
    return str(value) if isinstance(value, str) else value
