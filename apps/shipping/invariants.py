from collections.abc import Iterator

from django.db.models import F

from apps.shipping.models import Shipment


def shipments_that_differ() -> Iterator[str]:
    """A parcel and its order say the same, because one transaction moves both."""
    for shipment in Shipment.unscoped.exclude(state=F("order__fulfilment_state")).select_related("order"):
        yield (
            f"Shipment of order {shipment.order.number} is {shipment.state}, "
            f"the order is {shipment.order.fulfilment_state}."
        )
