"""What delivery costs: the zone of the destination, and in each method's table the first row that fits."""

from django.db.models import Exists, Q, QuerySet, TextField
from django.db.models.functions import Cast

from apps.core.money import Money
from apps.orders.extensions import Rate, RateRequest
from apps.shipping.models import ShippingRate, ShippingZone


class TableRates:
    """The shop's own tables as a source of rates; one query, no network."""

    def rates(self, request: RateRequest) -> list[Rate]:
        """An offer per method in the order staff gave them; a parcel that no row fits is not offered."""
        rows = ShippingRate.objects.fitting(weight=request.weight_grams, value=request.goods.amount)
        rows = rows.filter(method__zone__in=zones_of(request.country)).select_related("method")
        offers: dict[str, Rate] = {}
        for row in rows.order_by("method__position", "method_id", "min_weight", "min_value", "pk"):
            if row.method.code not in offers:
                offers[row.method.code] = _offer(row, request.goods)
        return list(offers.values())


def zones_of(country: str) -> QuerySet[ShippingZone, int]:
    """Keys of the zones that name the country, or else of those for all other countries; also good as a subquery.

    A country that a zone names without offering a method is a country the shop does not deliver to.
    """
    zones = ShippingZone.objects.order_by()
    # As text: only PostgreSQL can look into a JSON list. A code of two letters in its quotes is nothing else.
    named = zones.annotate(codes=Cast("countries", TextField())).filter(codes__contains=f'"{country}"').values("pk")
    return zones.filter(Q(pk__in=named) | (Q(everywhere_else=True) & ~Exists(named))).values_list("pk", flat=True)


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
