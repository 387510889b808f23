from datetime import date

from django.utils import timezone

from apps.pricing.models import TaxRate
from apps.pricing.quote import TaxTable


def tax_table(country: str, *, on: date | None = None) -> TaxTable:
    """The rates of a country and its regions in force on a day (today in UTC without `on`). One query."""
    day = on or timezone.now().date()
    rows = (
        TaxRate.objects.filter(country=country.upper(), valid_from__lte=day)
        .order_by("valid_from")
        .values_list("country", "region", "tax_class", "rate")
    )
    # Later rows overwrite earlier ones, so what is left is the newest rate that has begun.
    return TaxTable({(land, region.strip().upper(), tax_class): rate for land, region, tax_class, rate in rows})
