"""What apps further right tell the catalogue, without the catalogue knowing them."""

from collections.abc import Callable, Iterable

OrderNumbers = Callable[[int], Iterable[str]]

_holders: list[OrderNumbers] = []


def register_holders(numbers: OrderNumbers) -> None:
    """Add a function that names the orders to which pieces of a variant (by id) are promised."""
    _holders.append(numbers)


def holders(variant_id: int) -> list[str]:
    return [number for numbers in _holders for number in numbers(variant_id)]
