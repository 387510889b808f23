"""What orders shows on the admin's first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, IntegerField, Sum, Value, When
from django.http import HttpRequest
from django.utils import timezone

from apps.core import dashboard
from apps.core.money import Money, shop_money
from apps.orders.models import Order

DAYS = 30
LATEST = 8
PERMISSION = "orders.view_order"
# The drawing's own units; the picture scales with its box.
WIDTH, HEIGHT, GAP = 900, 180, 6


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of the chart: where its bar stands and what it says."""

    day: date
    money: Money
    x: int
    y: int
    width: int
    height: int


def register() -> None:
    dashboard.register(dashboard.Panel("orders-today", "orders/admin/tiles.html", tiles, PERMISSION, rank=1))
    dashboard.register(dashboard.Panel("orders-takings", "orders/admin/takings.html", takings, PERMISSION, rank=10))
    dashboard.register(dashboard.Panel("orders-to-ship", "orders/admin/to_ship.html", to_ship, PERMISSION, rank=11))


def tiles(request: HttpRequest) -> dict[str, Any]:
    """Today's orders and takings, and what waits."""
    today = _start_of(timezone.localdate())
    paid = Order.unscoped.filter(paid_at__gte=today, currency=settings.SHOP_CURRENCY)
    return {
        "today": today,
        "placed": Order.unscoped.filter(placed_at__gte=today).order_by().count(),
        "takings": shop_money(paid.order_by().aggregate(sum=Sum("total"))["sum"] or 0),
        "to_pay": Order.unscoped.awaiting_payment().order_by().count(),
        "to_ship": Order.unscoped.to_ship().order_by().count(),
        "attention": Order.unscoped.exclude(attention="").order_by().count(),
    }


def takings(request: HttpRequest) -> dict[str, Any]:
    """What was paid on each of the last days; the shop's currency only."""
    today = timezone.localdate()
    first = today - timedelta(days=DAYS - 1)
    days = [first + timedelta(days=n) for n in range(DAYS)]
    by_day = _paid_on(days)
    amounts = [by_day.get(n, 0) for n in range(DAYS)]
    return {
        "bars": _bars(days, amounts),
        "total": shop_money(sum(amounts)),
        "highest": shop_money(max(amounts)),
        "first": first,
        "last": today,
        "width": WIDTH,
        "height": HEIGHT,
    }


def to_ship(request: HttpRequest) -> dict[str, Any]:
    """The orders that have waited longest for their parcel."""
    waiting = Order.unscoped.to_ship().order_by("placed_at", "pk")
    return {"orders": list(waiting[:LATEST])}


def _paid_on(days: list[date]) -> dict[int | None, int]:
    """The sum of each of these days in a row, by its place among them.

    Compared with the moments at which days begin: SQLite would work out the local day of every order in Python.
    """
    ends = [When(paid_at__lt=_start_of(day + timedelta(days=1)), then=Value(n)) for n, day in enumerate(days)]
    return dict(
        Order.unscoped.filter(paid_at__gte=_start_of(days[0]), currency=settings.SHOP_CURRENCY)
        .order_by()
        .annotate(place=Case(*ends, output_field=IntegerField()))
        .values_list("place")
        .annotate(sum=Sum("total"))
    )


def _bars(days: list[date], amounts: list[int]) -> list[Bar]:
    """Heights in proportion to the best day; a shop without takings has a flat line."""
    highest = max(max(amounts), 1)
    step = WIDTH // len(days)
    bars = []
    for n, (day, amount) in enumerate(zip(days, amounts, strict=True)):
        height = max(amount * (HEIGHT - 10) // highest, 2)
        bars.append(Bar(day, shop_money(amount), n * step, HEIGHT - height, step - GAP, height))
    return bars


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
