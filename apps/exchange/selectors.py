"""What the pages of imports and bulk edits show: fields before and after, in the words of the shop."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from apps.catalog.models import Category, Product, Stock, Variant
from apps.core.money import shop_money
from apps.exchange.models import BulkEdit, EditRow, Import, ImportRow

PER_PAGE = 50
EDIT_ROWS = 100
PROBLEMS = (EditRow.Outcome.REFUSED, EditRow.Outcome.SKIPPED, EditRow.Outcome.KEPT)
MONEY = {"price", "compare_at_price"}
LONGEST = 90


@dataclass(frozen=True, slots=True)
class Difference:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    row: ImportRow | EditRow
    differences: list[Difference]


def import_rows(job: Import, *, show: str, page: str | None) -> "Page[Any]":
    """A page of the rows with one outcome, or of those in which something happens; each with its differences."""
    rows = job.rows.exclude(
        kind=ImportRow.Kind.PICTURE, outcome__in=[ImportRow.Outcome.CREATED, ImportRow.Outcome.UPDATED]
    )
    if show in ImportRow.Outcome.values:
        rows = rows.filter(outcome=show)
    else:
        rows = rows.exclude(outcome=ImportRow.Outcome.UNCHANGED)
    found: Page[Any] = Paginator(rows.order_by("number", "pk"), PER_PAGE).get_page(page)
    shown = list(found.object_list)
    categories = _categories([row.fields for row in shown])
    found.object_list = [ShownRow(row, _differences(row, categories)) for row in shown]
    return found


def category_paths() -> dict[str, int]:
    """The key of each category by its address."""
    return dict(Category.objects.order_by("path").values_list("path", "pk"))


def edit_rows(edit: BulkEdit, *, show: str, page: str | None) -> "Page[Any]":
    """A page of the rows of a wide edit with this outcome, each with its differences."""
    rows = edit.rows.filter(outcome=show).order_by("product_id", "pk")
    found: Page[Any] = Paginator(rows, EDIT_ROWS).get_page(page)
    shown = list(found.object_list)
    categories = _categories([row.fields for row in shown])
    found.object_list = [ShownRow(row, _differences(row, categories)) for row in shown]
    return found


def import_problems(job: Import) -> Iterator[list[str]]:
    """The rows that failed or were skipped, as a table to work through."""
    yield ["row", "product", "outcome", "reason"]
    for row in _walk(job.rows.filter(outcome__in=(ImportRow.Outcome.FAILED, ImportRow.Outcome.SKIPPED))):
        yield [str(row.number), row.handle, row.outcome, row.reason]


def edit_problems(edit: BulkEdit) -> Iterator[list[str]]:
    """The rows of a wide edit that stay, or stayed, as they were or could not be taken back, and why."""
    yield ["product", "sku", "outcome", "reason"]
    for row in _walk(edit.rows.filter(outcome__in=PROBLEMS)):
        yield [row.title, row.sku, row.outcome, row.get_problem_display()]


def _walk(rows: "QuerySet[Any]") -> Iterator[Any]:
    """All of them by a thousand at a time, without a cursor that stays open while a file is sent."""
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:1000]):
        yield from chunk
        last = chunk[-1].pk


def shown_changes(changes: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Difference]]]:
    """The rows of a bulk edit: what each is called, and its fields before and after."""
    categories = _categories([change["fields"] for change in changes])
    return [
        (
            change["label"],
            [
                Difference(
                    _label(change["kind"], name),
                    _shown(name, before, categories),
                    _shown(name, after, categories),
                )
                for name, (before, after) in change["fields"].items()
            ],
        )
        for change in changes
    ]


def _categories(fields: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    keys = {key for found in fields for key in found.get("category_id", ()) if key}
    return dict(Category.objects.filter(pk__in=keys).order_by().values_list("pk", "path")) if keys else {}


def _differences(row: ImportRow | EditRow, categories: dict[int, str]) -> list[Difference]:
    return [
        Difference(_label(row.kind, name), _shown(name, before, categories), _shown(name, after, categories))
        for name, (before, after) in row.fields.items()
        if name not in {"option_key", "translations"}
    ] + [
        Difference(_label(row.kind, name), "", _("changed"))
        for name in row.fields
        if name in {"option_key", "translations"}
    ]


def _label(kind: str, name: str) -> str:
    if name == "option_key":
        return _("options")
    if name == "translations":
        return _("translations")
    model = Stock if name in {"on_hand", "backorder"} else Product if kind == "product" else Variant
    column: Any = model._meta.get_field(name.removesuffix("_id"))
    return str(column.verbose_name)


def _shown(name: str, value: Any, categories: dict[int, str]) -> str:
    if value is None or value == "":
        return "–"
    if name in MONEY:
        return str(shop_money(value))
    if name == "category_id":
        return categories.get(value, _("a new category"))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices = dict(Product.Status.choices) if name == "status" else {}
    return str(choices.get(value) or Truncator(str(value)).chars(LONGEST))
