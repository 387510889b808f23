"""The demo's texts and prices in the shop's own language and currency."""

from decimal import Decimal
from typing import Any

from django.conf import settings

from apps.core.money import minor_digits, round_half_up
from apps.demo.catalogue import Text


def in_languages(**texts: Text) -> dict[str, Any]:
    """Columns of a translated row: the shop's first language in the fields, the other one beside them."""
    german_first = settings.LANGUAGE_CODE.startswith("de")
    first, other = ("de", "en") if german_first else ("en", "de")
    columns: dict[str, Any] = {field: getattr(text, first) for field, text in texts.items()}
    columns["translations"] = {other: {field: getattr(text, other) for field, text in texts.items()}}
    return columns


def minor(cents: int) -> int:
    """The demo's prices have two decimals, whatever the shop's currency has."""
    return round_half_up(Decimal(cents).scaleb(minor_digits(settings.SHOP_CURRENCY) - 2))
