from apps.pricing.models.discount import Discount, Redemption
from apps.pricing.models.tax import TaxRate

__all__ = ["Discount", "Redemption", "TaxRate"]
