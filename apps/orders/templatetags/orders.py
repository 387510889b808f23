from babel.numbers import format_decimal
from django import template
from django.utils.translation import get_language, to_locale

from apps.users.countries import country_name

register = template.Library()


@register.filter
def address_lines(address: dict[str, str]) -> list[str]:
    """The lines of a label, without the empty ones; the postcode stands with the town."""
    town = " ".join(part for part in (address.get("postal_code"), address.get("city")) if part)
    country = country_name(address.get("country", "")) if address.get("country") else ""
    names = [address.get(field, "") for field in ("name", "company", "line1", "line2")]
    return [line for line in (*names, town, address.get("region", ""), country) if line]


@register.filter
def percent(rate: int) -> str:
    """Parts per million as the visitor writes a percentage: 190000 is "19", 255000 is "25.5" or "25,5"."""
    return format_decimal(rate / 10_000, format="#,##0.##", locale=to_locale(get_language() or "en"))
