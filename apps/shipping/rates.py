"""What delivery costs: the zone of the destination, and in each method's table the first row that fits."""

from django.db.models import Exists, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, StrIndex

from apps.core.money import Money
from apps.core.prepared import Prepared
from apps.orders.extensions import Rate, RateRequest
from apps.shipping.models import ShippingRate, ShippingZone


class TableRates:
    """The shop's own tables as a source of rates; one query, no network."""

    def rates(self, request: RateRequest) -> list[Rate]:
        """An offer per method in the order staff gave them; a parcel that no row fits is not offered."""
        offers: dict[str, Rate] = {}
        for row in _fitting_rows(_as_listed(request.country), request.weight_grams, request.goods.amount):
            if row.method.code not in offers:
                offers[row.method.code] = _offer(row, request.goods)
        return list(offers.values())


def zones_of(country: str) -> QuerySet[ShippingZone, int]:
    """Keys of the zones that name the country, or else of those for all other countries; also good as a subquery.

    A country that a zone names without offering a method is a country the shop does not deliver to.
    """
    return _zones_listing(_as_listed(country))


def _as_listed(country: str) -> str:
    """How a zone's list holds a country: a code of two letters in its quotes is nothing else."""
    return f'"{country}"'


def _zones_listing(code: str) -> QuerySet[ShippingZone, int]:
    zones = ShippingZone.objects.order_by()
    # As text: only PostgreSQL can look into a JSON list.
    listed = zones.annotate(at=StrIndex(Cast("countries", TextField()), Value(code)))
    named = listed.filter(at__gt=0).values("pk")
    return zones.filter(Q(pk__in=named) | (Q(everywhere_else=True) & ~Exists(named))).values_list("pk", flat=True)


def _fitting(code: str, weight: int, value: int) -> QuerySet[ShippingRate]:
    rows = ShippingRate.objects.fitting(weight=weight, value=value).filter(method__zone__in=_zones_listing(code))
    return rows.select_related("method").order_by("method__position", "method_id", "min_weight", "min_value", "pk")


_fitting_rows: Prepared[ShippingRate] = Prepared(_fitting, str, int, int)


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
