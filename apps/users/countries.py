"""Countries in the visitor's language, and what their addresses must look like."""

import re
import unicodedata
from functools import lru_cache

from babel import Locale
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

# Codes that Babel knows but that are no country to send a parcel to: groups, test codes, islands without
# people, and parts of a country that post under its own code.
_NO_ADDRESS = frozenset(
    {"AC", "AQ", "BV", "CP", "CQ", "CS", "DG", "EA", "EU", "EZ", "HM", "IC", "QO", "TA", "TF", "UN"}
    | {"XA", "XB", "ZZ"}
)

# Only countries whose shape is certain; all others take any postcode. An example to show, the pattern.
_POSTAL_CODES: dict[str, tuple[str, str]] = {
    "AT": ("1010", r"[1-9]\d{3}"),
    "AU": ("2000", r"\d{4}"),
    "BE": ("1000", r"[1-9]\d{3}"),
    "CA": ("K1A 0B1", r"[A-Z]\d[A-Z] ?\d[A-Z]\d"),
    "CH": ("8001", r"[1-9]\d{3}"),
    "CZ": ("110 00", r"\d{3} ?\d{2}"),
    "DE": ("10115", r"\d{5}"),
    "DK": ("1050", r"\d{4}"),
    "ES": ("28001", r"\d{5}"),
    "FI": ("00100", r"\d{5}"),
    "FR": ("75001", r"\d{5}"),
    "GB": ("SW1A 1AA", r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"),
    "IT": ("00118", r"\d{5}"),
    "LI": ("9490", r"94\d{2}"),
    "LU": ("1009", r"(L-?)?\d{4}"),
    "NL": ("1012 AB", r"[1-9]\d{3} ?[A-Z]{2}"),
    "NO": ("0150", r"\d{4}"),
    "PL": ("00-001", r"\d{2}-\d{3}"),
    "PT": ("1000-001", r"\d{4}-\d{3}"),
    "SE": ("111 20", r"\d{3} ?\d{2}"),
    "US": ("10001", r"\d{5}(-\d{4})?"),
}
# Where a parcel does not arrive without a state or province in the address.
_REGION_NEEDED = frozenset({"AU", "BR", "CA", "IN", "MX", "US"})


def country_choices() -> list[tuple[str, str]]:
    """(code, name) of every country in the active language, sorted by name, the shop's own country first."""
    return list(_choices(get_language() or settings.LANGUAGE_CODE, settings.SHOP_COUNTRY))


def country_name(code: str) -> str:
    """The country's name in the active language; an unknown code is its own name."""
    return str(_locale(get_language() or settings.LANGUAGE_CODE).territories.get(code, code))


def is_country(code: str) -> bool:
    return len(code) == 2 and code.isalpha() and code not in _NO_ADDRESS and code in _locale("en").territories


def validate_postal_code(country: str, code: str) -> str:
    """The postcode tidied up (capitals, single spaces).

    Raises ValidationError if the country writes its postcodes otherwise; unknown countries take any.
    """
    tidy = " ".join(code.upper().split())
    if country not in _POSTAL_CODES:
        return tidy
    example, pattern = _POSTAL_CODES[country]
    if not re.fullmatch(pattern, tidy, re.ASCII):
        raise ValidationError(
            _("Enter a postcode of this country, such as %(example)s."),
            code="postal_code",
            params={"example": example},
        )
    return tidy


def needs_postal_code(country: str) -> bool:
    """Whether an address in this country is incomplete without a postcode."""
    return country in _POSTAL_CODES


def needs_region(country: str) -> bool:
    """Whether an address in this country is incomplete without a state or province."""
    return country in _REGION_NEEDED


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


@lru_cache(maxsize=32)
def _choices(language: str, first: str) -> tuple[tuple[str, str], ...]:
    names = {str(code): str(name) for code, name in _locale(language).territories.items()}
    codes = sorted((code for code in names if is_country(code)), key=lambda code: _sort_key(names[code]))
    return tuple((code, names[code]) for code in sorted(codes, key=lambda code: code != first))


def _sort_key(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
