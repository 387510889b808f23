"""What the plan of a bulk edit makes of a row: whole minor units and pieces, and refusals instead of guesses.

A plan maps fields to what becomes of them: {"price": {"how": "lower_percent", "value": "12.5", "ending": 99}}. Amounts
are minor units of the shop's currency, a percentage is text, and an ending is in hundredths of its major unit.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings

from apps.catalog.importing.cells import AMOUNT_LIMIT, PIECES_LIMIT
from apps.catalog.models import Product, Stock, Variant
from apps.core.money import minor_digits, round_half_up
from apps.exchange.errors import Obstacle
from apps.exchange.models import EditRow

Problem = EditRow.Problem
Plan = Mapping[str, Mapping[str, Any]]
MONEY_FIELDS = ("price", "compare_at_price")
VARIANT_FIELDS = (*MONEY_FIELDS, "on_hand")
PRODUCT_FIELDS = ("status", "category_id")
Fields = dict[str, list[Any]]


def variant_fields(plan: Plan, variant: Variant) -> Fields:
    """Each field that changes, before and after. Raises Obstacle, which carries them."""
    stock: Stock = getattr(variant, "stock", None) or Stock()
    before = {"price": variant.price, "compare_at_price": variant.compare_at_price, "on_hand": stock.on_hand}
    after = dict(before)
    try:
        for name in MONEY_FIELDS:
            if name in plan:
                after[name] = _amount(plan[name], before[name], before["price"])
        if "on_hand" in plan:
            after["on_hand"] = plan["on_hand"]["value"] + (stock.on_hand if plan["on_hand"]["how"] == "add" else 0)
    except Obstacle as obstacle:
        raise Obstacle(obstacle.problem, _differing(before, after)) from obstacle
    fields = _differing(before, after)
    if problem := variant_problem(variant, {name: value for name, (_before, value) in fields.items()}):
        raise Obstacle(problem, fields)
    return fields


def variant_problem(variant: Variant, values: Mapping[str, Any]) -> str:
    """Why the variant can't have these values; "" if it can."""
    price = values.get("price", variant.price)
    compare_at = values.get("compare_at_price", variant.compare_at_price)
    numbers = [number for number in values.values() if number is not None]
    if any(number < 0 for number in numbers):
        return Problem.BELOW_ZERO
    if any(number > (PIECES_LIMIT if name == "on_hand" else AMOUNT_LIMIT) for name, number in values.items() if number):
        return Problem.TOO_LARGE
    if values.keys() & set(MONEY_FIELDS) and compare_at is not None and (price is None or compare_at <= price):
        return Problem.NOT_ABOVE
    stock: Stock = getattr(variant, "stock", None) or Stock()
    if not stock.backorder and values.get("on_hand", stock.reserved) < stock.reserved:
        return Problem.PROMISED
    return ""


def product_fields(plan: Plan, product: Product, *, has_variants: bool) -> Fields:
    """The same of a product."""
    before: dict[str, Any] = {"status": product.status, "category_id": product.category_id}
    after = dict(before)
    if "status" in plan:
        after["status"] = plan["status"]["value"]
    if "category_id" in plan and (plan["category_id"]["how"] != "add" or product.category_id is None):
        after["category_id"] = plan["category_id"].get("value")
    fields = _differing(before, after)
    if "status" in fields and after["status"] == Product.Status.ACTIVE and not has_variants:
        raise Obstacle(Problem.NO_VARIANT, fields)
    return fields


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Fields:
    return {name: [value, after[name]] for name, value in before.items() if after[name] != value}


def _amount(change: Mapping[str, Any], now: int | None, price: int | None) -> int | None:
    """`now` is the amount that changes, `price` what a price before the reduction may be taken from."""
    how, value = change["how"], change.get("value")
    if how in {"set", "remove"}:
        return value
    if how == "price":
        return price
    if price is None:
        raise Obstacle(Problem.NO_PRICE)
    if now is None:  # nothing is said of a price before, and so it stays
        return None
    direction = -1 if how.startswith("lower") else 1
    if how.endswith("percent"):
        amount = round_half_up(Decimal(now) * (100 + direction * Decimal(value or 0)) / 100)
    else:
        amount = now + direction * int(value or 0)
    return amount if amount < 0 else with_ending(amount, change.get("ending"))


def with_ending(amount: int, ending: int | None) -> int:
    """The nearest amount with this ending, in hundredths of the major unit; of two, the higher.

    What costs something is not given away by it: a lowest .00 is one whole. A currency of no decimals has no ending.
    """
    digits = minor_digits(settings.SHOP_CURRENCY)
    if ending is None or digits < 2 or not amount:
        return amount
    whole, last = 10**digits, ending * 10 ** (digits - 2)
    nearest: int = (2 * (amount - last) + whole) // (2 * whole) * whole + last
    return nearest if nearest > 0 else last or whole
