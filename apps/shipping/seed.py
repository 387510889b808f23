"""Zones and methods to start with. Staff change them in the admin; what exists is left as it is."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel import Locale
from django.conf import settings

from apps.core.money import minor_digits, round_half_up
from apps.core.seeders import SeedPlan
from apps.shipping.models import ShippingMethod, ShippingRate, ShippingZone

EU = [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
]
# Up to so many grams costs so much.
Table = list[tuple[int | None, str]]


@dataclass(frozen=True, slots=True)
class Method:
    code: str
    texts: dict[str, tuple[str, str]]
    table: Table
    free_above: str | None = None
    days: tuple[int, int] | None = None


STANDARD = {
    "en": ("Standard delivery", "2 to 3 working days, with tracking"),
    "de": ("Standardversand", "2 bis 3 Werktage, mit Sendungsverfolgung"),
}
EXPRESS = {
    "en": ("Express delivery", "Next working day if you order before noon"),
    "de": ("Expressversand", "Am nächsten Werktag, wenn Sie bis 12 Uhr bestellen"),
}
PICK_UP = {
    "en": ("Pick up", "Free, from our workshop, ready within a day"),
    "de": ("Selbst abholen", "Kostenlos in unserer Werkstatt, nach einem Tag bereit"),
}
EUROPE = {
    "en": ("Standard delivery", "3 to 6 working days, with tracking"),
    "de": ("Standardversand", "3 bis 6 Werktage, mit Sendungsverfolgung"),
}
WORLD = {
    "en": ("Airmail parcel", "7 to 14 working days, with tracking; duties may apply"),
    "de": ("Luftpostpaket", "7 bis 14 Werktage, mit Sendungsverfolgung; Zoll kann anfallen"),
}

HOME_METHODS = [
    Method("standard", STANDARD, [(31500, "4.90"), (None, "29.00")], free_above="80.00", days=(2, 3)),
    Method("express", EXPRESS, [(31500, "9.90")], days=(1, 1)),
    Method("pick-up", PICK_UP, [(None, "0.00")]),
]
EU_METHODS = [
    Method("eu-standard", EUROPE, [(2000, "9.90"), (10000, "14.90"), (31500, "24.90"), (None, "59.00")], days=(3, 6)),
]
WORLD_METHODS = [
    Method(
        "world-standard", WORLD, [(2000, "19.90"), (10000, "39.90"), (31500, "79.00"), (None, "149.00")], days=(7, 14)
    ),
]


def seed_shipping(plan: SeedPlan) -> None:
    """Three zones with their methods; a method whose code exists is not touched."""
    home = settings.SHOP_COUNTRY
    home_name = Locale.parse("en").territories.get(home, home)
    made = _seed_zone(home_name, {"countries": [home]}, HOME_METHODS)
    made += _seed_zone("European Union", {"countries": [code for code in EU if code != home]}, EU_METHODS)
    made += _seed_zone("Everywhere else", {"everywhere_else": True}, WORLD_METHODS)
    plan.say(f"Delivery: {made} methods added.")


def _seed_zone(name: str, columns: dict[str, Any], methods: list[Method]) -> int:
    zone, _ = ShippingZone.objects.get_or_create(name=name, defaults=columns)
    made = 0
    for position, method in enumerate(methods):
        row, created = ShippingMethod.objects.get_or_create(
            code=method.code, defaults={"zone": zone, "position": position, **_columns(method)}
        )
        if created:
            made += 1
            ShippingRate.objects.bulk_create(_rows(row, method.table))
    return made


def _columns(method: Method) -> dict[str, Any]:
    name, description = method.texts["en"]
    translations = {
        code: {"name": texts[0], "description": texts[1]} for code, texts in method.texts.items() if code != "en"
    }
    free_above = _minor(method.free_above) if method.free_above else None
    min_days, max_days = method.days or (None, None)
    return {
        "name": name,
        "description": description,
        "translations": translations,
        "free_above": free_above,
        "min_days": min_days,
        "max_days": max_days,
    }


def _rows(method: ShippingMethod, table: Table) -> list[ShippingRate]:
    rows: list[ShippingRate] = []
    lower = 0
    for upper, price in table:
        rows.append(ShippingRate(method=method, min_weight=lower, max_weight=upper, price=_minor(price)))
        lower = (upper or 0) + 1
    return rows


def _minor(amount: str) -> int:
    """Sample prices are written with two decimals, whatever the shop's currency has."""
    return round_half_up(Decimal(amount).scaleb(minor_digits(settings.SHOP_CURRENCY)))
