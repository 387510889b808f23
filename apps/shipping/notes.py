from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from apps.core.setup_notes import SetupNote
from apps.shipping.models import ShippingMethod


def delivery_notes() -> Iterator[SetupNote]:
    """Without a method nobody can order, so the set-up list says so."""
    where = "admin:shipping_shippingzone_changelist"
    if ShippingMethod.objects.filter(is_active=True, rates__isnull=False).exists():
        yield SetupNote(_("Delivery methods are set up."), done=True, url_name=where)
    else:
        yield SetupNote(
            _("No delivery method is offered, so nobody can order: add a zone with a method."), url_name=where
        )
