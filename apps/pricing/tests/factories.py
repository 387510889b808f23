from itertools import count
from typing import Any

from apps.pricing.models import Discount

_numbers = count(1)

VALUES = {"percent": 100_000, "amount": 500, "free_shipping": 0, "buy_x_get_y": 1_000_000}


def make_discount(*, code: str | None = None, kind: str = "percent", active: bool = True, **fields: Any) -> Discount:
    """Ten percent, 5.00, free delivery or three for two; automatic without a code."""
    categories, products = fields.pop("categories", ()), fields.pop("products", ())
    pieces = {"buy_quantity": 2, "get_quantity": 1} if kind == "buy_x_get_y" else {}
    state = Discount.State.ACTIVE if active else Discount.State.DRAFT
    defaults = {"name": f"Discount {next(_numbers)}", "value": VALUES[kind], "state": state, **pieces}
    discount = Discount.objects.create(code=code, kind=kind, **{**defaults, **fields})
    discount.categories.set(categories)
    discount.products.set(products)
    return discount
