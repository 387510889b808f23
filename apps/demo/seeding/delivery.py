"""The shop's delivery tables, read once for thousands of orders."""

from random import Random

from apps.core.money import shop_money
from apps.pricing.quote import ShippingChoice
from apps.shipping.models import ShippingMethod, ShippingRate
from apps.shipping.rates import zones_of


class RateTables:
    def __init__(self) -> None:
        self.rows = list(
            ShippingRate.objects.filter(method__is_active=True)
            .select_related("method")
            .order_by("method__position", "method_id", "min_weight", "min_value", "pk")
        )
        self.zones: dict[str, set[int]] = {}

    def choose(self, country: str, weight: int, goods: int, draw: Random, language: str) -> ShippingChoice | None:
        """What a buyer takes: mostly the first offer. None if the shop does not deliver there.

        Weight in grams, goods in minor units.
        """
        if country not in self.zones:
            self.zones[country] = set(zones_of(country))
        offers: dict[str, ShippingRate] = {}
        for row in self.rows:
            if row.method.zone_id in self.zones[country] and _fits(row, weight, goods):
                offers.setdefault(row.method.code, row)
        if not offers:
            return None
        rows = list(offers.values())
        row = rows[0] if draw.random() < 0.8 else draw.choice(rows)
        free = row.method.free_above is not None and goods >= row.method.free_above
        return ShippingChoice(
            row.method.code, _name(row.method, language), shop_money(0 if free else row.price), row.method.tax_class
        )


def _fits(row: ShippingRate, weight: int, goods: int) -> bool:
    heavy = row.max_weight is not None and weight > row.max_weight
    dear = row.max_value is not None and goods > row.max_value
    return row.min_weight <= weight and row.min_value <= goods and not heavy and not dear


def _name(method: ShippingMethod, language: str) -> str:
    return str(method.translations.get(language, {}).get("name") or method.name)
