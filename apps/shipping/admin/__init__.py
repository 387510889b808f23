from apps.shipping.admin import parcels
from apps.shipping.admin.zones import ShippingMethodAdmin, ShippingZoneAdmin

__all__ = ["ShippingMethodAdmin", "ShippingZoneAdmin", "parcels"]
