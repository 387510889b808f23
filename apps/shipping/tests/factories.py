from typing import Any

from apps.shipping.models import ShippingMethod, ShippingRate, ShippingZone


def make_zone(
    *, name: str = "Germany", countries: list[str] | None = None, everywhere_else: bool = False
) -> ShippingZone:
    countries = ["DE"] if countries is None and not everywhere_else else countries or []
    return ShippingZone.objects.create(name=name, countries=countries, everywhere_else=everywhere_else)


def make_method(
    *,
    zone: ShippingZone | None = None,
    code: str = "standard",
    name: str = "Standard",
    price: int | None = 490,
    **columns: Any,
) -> ShippingMethod:
    """A method with one row for any parcel; `price=None` leaves its table empty."""
    zone = zone or ShippingZone.objects.filter(name="Germany").first() or make_zone()
    method = ShippingMethod.objects.create(zone=zone, code=code, name=name, **columns)
    if price is not None:
        make_rate(method=method, price=price)
    return method


def make_rate(*, method: ShippingMethod, price: int, **columns: Any) -> ShippingRate:
    return ShippingRate.objects.create(method=method, price=price, **columns)
