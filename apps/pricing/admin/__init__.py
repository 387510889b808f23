from apps.pricing.admin.discounts import DiscountAdmin
from apps.pricing.admin.taxes import TaxRateAdmin

__all__ = ["DiscountAdmin", "TaxRateAdmin"]
