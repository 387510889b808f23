"""What apps further right tell the catalogue, without the catalogue knowing them."""

from collections.abc import Callable, Iterable
from typing import Any

OrderNumbers = Callable[[int], Iterable[str]]
ProductAction = Callable[..., Any]

_holders: list[OrderNumbers] = []
_product_actions: dict[ProductAction, str] = {}


def register_holders(numbers: OrderNumbers) -> None:
    """Add a function that names the orders to which pieces of a variant (by id) are promised."""
    _holders.append(numbers)


def holders(variant_id: int) -> list[str]:
    return [number for numbers in _holders for number in numbers(variant_id)]


def register_product_action(action: ProductAction, *, permission: str) -> None:
    """Add an action of the admin to the list of products, for staff with this permission."""
    _product_actions[action] = permission


def product_actions() -> list[tuple[ProductAction, str]]:
    return list(_product_actions.items())
