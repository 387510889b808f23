"""When a parcel would arrive: what the product page says to buyers in the shop's own country.

The page itself is kept, so this stands in a placeholder that is filled each time it is shown. It is the same for
everybody, and each process reads the tables behind it once a minute.
"""

import time
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from babel.dates import format_interval
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, to_locale

from apps.shipping.models import ShippingMethod
from apps.shipping.rates import zones_of
from apps.users.countries import country_name

KNOWN_SECONDS = 60.0
PACKED_WITHIN = 1  # working days

_known: dict[str, tuple[float, tuple[int, int] | None]] = {}
_said: dict[tuple[str, str], tuple[int, str]] = {}  # by country and language, in the second that is named first


def arrival(request: HttpRequest) -> str:
    """A line like "Delivery to Germany: Tue, Dec 2 – Thu, Dec 4"; empty if no method says how long it takes."""
    key = (settings.SHOP_COUNTRY, get_language() or settings.LANGUAGE_CODE)
    second, line = _said.get(key, (0, ""))
    now = int(time.monotonic())
    if second != now:
        line = _line_of_today(*key)
        _said[key] = now, line
    return line


def _line_of_today(country: str, language: str) -> str:
    days = transit_days(country)
    return _line(country, timezone.localdate(), days, language) if days else ""


@lru_cache(maxsize=64)
def _line(country: str, today: date, days: tuple[int, int], language: str) -> str:
    span = arrival_text(today, days)
    return render_to_string("shipping/arrival.html", {"country": country_name(country), "span": span})


def transit_days(country: str) -> tuple[int, int] | None:
    """How many working days the first method to the country takes, at least and at most."""
    until, days = _known.get(country, (0.0, None))
    if time.monotonic() >= until:
        methods = ShippingMethod.objects.filter(zone__in=zones_of(country), is_active=True, max_days__isnull=False)
        row = methods.values_list("min_days", "max_days").first()
        days = (row[0] or 0, row[1] or 0) if row else None
        _known[country] = time.monotonic() + KNOWN_SECONDS, days
    return days


def forget(**kwargs: Any) -> None:
    """Read the tables again, after they were changed in this process."""
    _known.clear()
    _said.clear()


def arrival_text(ordered: date, days: tuple[int, int]) -> str:
    """The days on which a parcel ordered on that day may come, in the active language."""
    first, last = (working_days_after(ordered, PACKED_WITHIN + number) for number in days)
    locale = to_locale(get_language() or settings.LANGUAGE_CODE)
    return str(format_interval(first, last, skeleton="MMMEd", locale=locale))


def working_days_after(day: date, number: int) -> date:
    """The day so many working days, Monday to Friday, after another; public holidays are not known."""
    while number:
        day += timedelta(days=1)
        if day.weekday() < 5:
            number -= 1
    return day
