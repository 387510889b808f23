"""Rows of a selection brought from the values that were seen to those that are wanted, or back.

A row is written as a whole or not at all. Locks: the products, then their stock, and the listings last: a buyer too
takes the stock before the listings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.catalog.errors import StockMoved
from apps.catalog.models import Category, Product, Variant
from apps.catalog.services import publish_now
from apps.catalog.services.counting import recount_many
from apps.catalog.services.restoring import STOCK_FIELDS, set_fields_of_many
from apps.exchange.models import EditRow
from apps.exchange.services.columns import variant_problem

Problem = EditRow.Problem
Rows = Mapping[tuple[str, int], Any]


@dataclass(frozen=True, slots=True)
class Direction:
    """From which of a row's two values to which, and what the ledger of the stock says of it."""

    seen: int
    wanted: int
    reason: str
    note: str = ""
    actor: Any = None

    def plain_values(self, row: EditRow, side: int) -> dict[str, Any]:
        """Without those of the stock, which have a ledger and locks of their own."""
        return {name: pair[side] for name, pair in row.fields.items() if name not in STOCK_FIELDS}


def bring(rows: Sequence[EditRow], direction: Direction) -> dict[int, str]:
    """Write what can be written, inside the caller's transaction; returns by key of the row why others were not."""
    found = _lock(rows)
    categories = _categories(rows, direction)
    problems = {
        row.pk: problem
        for row in rows
        if (problem := _problem(row, found.get((row.kind, row.row_id)), found, direction, categories))
    }
    problems |= _count([row for row in rows if row.pk not in problems], direction)
    written = [row for row in rows if row.pk not in problems]
    touched = {row.product_id: found["product", row.product_id] for row in written}
    plain = [(found[row.kind, row.row_id], direction.plain_values(row, direction.wanted)) for row in written]
    of_products = {product.pk for product, _values in plain if isinstance(product, Product)}
    set_fields_of_many(entries=[*plain, *((one, {}) for pk, one in touched.items() if pk not in of_products)])
    publish_now(touched)
    return problems


def _lock(rows: Sequence[EditRow]) -> Rows:
    """Products and variants by kind and key, read under the lock of the products, as every writer takes it."""
    products = Product.objects.select_for_update(no_key=True).order_by("pk")
    found: dict[tuple[str, int], Any] = {
        ("product", product.pk): product
        for product in products.filter(pk__in={row.product_id for row in rows}).defer("description", "translations")
    }
    variants = Variant.objects.filter(product_id__in=[pk for _kind, pk in found]).select_related("stock")
    return found | {("variant", variant.pk): variant for variant in variants.order_by("pk")}


def _categories(rows: Sequence[EditRow], direction: Direction) -> set[int | None]:
    wanted = {row.fields["category_id"][direction.wanted] for row in rows if "category_id" in row.fields} - {None}
    known = Category.objects.filter(pk__in=wanted).order_by().values_list("pk", flat=True) if wanted else ()
    return {None, *known}


def _problem(row: EditRow, now: Any, found: Rows, direction: Direction, categories: set[int | None]) -> str:
    if now is None or ("product", row.product_id) not in found:
        return Problem.GONE
    wanted = direction.plain_values(row, direction.wanted)
    if any(getattr(now, name) != value for name, value in direction.plain_values(row, direction.seen).items()):
        return Problem.MEANWHILE
    if row.kind == "variant":  # what is promised is asked under the lock of the stock
        return variant_problem(now, wanted)
    if wanted.get("category_id") not in categories:
        return Problem.NO_CATEGORY
    is_shown = wanted.get("status") == Product.Status.ACTIVE
    return Problem.NO_VARIANT if is_shown and not _has_variants(now, found) else ""


def _has_variants(product: Product, found: Rows) -> bool:
    return any(kind == "variant" and one.product_id == product.pk for (kind, _pk), one in found.items())


def _count(rows: Sequence[EditRow], direction: Direction) -> dict[int, str]:
    of_variants = {row.row_id: row for row in rows if "on_hand" in row.fields}
    if not of_variants:
        return {}
    refusals = recount_many(
        counts={
            pk: (row.fields["on_hand"][direction.seen], row.fields["on_hand"][direction.wanted])
            for pk, row in of_variants.items()
        },
        reason=direction.reason,
        note=direction.note,
        actor=direction.actor,
    )
    return {
        of_variants[pk].pk: Problem.MEANWHILE if isinstance(refusal, StockMoved) else Problem.PROMISED
        for pk, refusal in refusals.items()
    }
