"""What delivery costs: the zone of the destination, and in each method's table the first row that fits."""

from apps.core.money import Money
from apps.orders.extensions import Rate, RateRequest
from apps.shipping.models import ShippingRate, ShippingZone


class TableRates:
    """The shop's own tables as a source of rates; two queries, no network."""

    def rates(self, request: RateRequest) -> list[Rate]:
        """An offer per method in the order staff gave them; a parcel that no row fits is not offered."""
        rows = ShippingRate.objects.fitting(weight=request.weight_grams, value=request.goods.amount)
        rows = rows.filter(method__zone__in=zones_of(request.country)).select_related("method")
        offers: dict[str, Rate] = {}
        for row in rows.order_by("method__position", "method_id", "min_weight", "min_value", "pk"):
            if row.method.code not in offers:
                offers[row.method.code] = _offer(row, request.goods)
        return list(offers.values())


def zones_of(country: str) -> list[int]:
    """Keys of the zones that name the country, or else of those for all other countries.

    A country that a zone names without offering a method is a country the shop does not deliver to.
    """
    zones = list(ShippingZone.objects.all())
    named = [zone.pk for zone in zones if country in zone.countries]
    return named or [zone.pk for zone in zones if zone.everywhere_else]


def _offer(row: ShippingRate, goods: Money) -> Rate:
    method = row.method
    free = method.free_above is not None and goods.amount >= method.free_above
    return Rate(
        code=method.code,
        label=method.localized("name"),
        description=method.localized("description"),
        price=Money(0 if free else row.price, goods.currency),
        tax_class=method.tax_class,
    )
