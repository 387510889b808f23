"""Cells of a product file as values. Each function raises BadCell with a sentence; none guesses."""

import re
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.money import minor_digits, round_half_up, to_minor

# Well inside a 64-bit column, also after a quantity has multiplied it.
AMOUNT_LIMIT = 10**12
PIECES_LIMIT = 10**9
# With the apostrophes before it, so that a text that has one of its own comes back as it was.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class BadCell(ValueError):
    """The cell can't be understood; the message is a sentence for the merchant."""


def boolean(text: str, *, default: bool = False) -> bool:
    """true, TRUE, yes, 1, y; anything else that is filled is false."""
    return text.casefold() in {"true", "yes", "1", "y", "wahr", "ja"} if text else default


def _number(text: str) -> Decimal:
    """Decimal point or comma, thousands signs, blanks and a currency sign around it."""
    bare = re.sub(r"[\s\u00a0\u202f'’]|[A-Za-z]{3}\b|[€$£¥₣₹]", "", text)
    if "," in bare and "." in bare:
        thousands = "," if bare.rfind(".") > bare.rfind(",") else "."
        bare = bare.replace(thousands, "")
    elif bare.count(",") > 1:
        bare = bare.replace(",", "")
    bare = bare.replace(",", ".")
    if not NUMBER.fullmatch(bare) or len(bare) > 24:
        raise BadCell(_("“%(text)s” is not a number.") % {"text": text[:40]})
    return Decimal(bare)


def amount(text: str) -> int | None:
    """A price in minor units of the shop's currency; an empty cell is None (on request)."""
    if not text:
        return None
    value = _number(text)
    digits = minor_digits(settings.SHOP_CURRENCY)
    if "," in text and "." not in text and re.search(r",[0-9]{3}$", text) and digits != 3:
        raise BadCell(_("“%(text)s” may mean two different prices.") % {"text": text[:40]})
    try:
        minor = to_minor(value, settings.SHOP_CURRENCY)
    except ValueError as error:
        raise BadCell(_("“%(text)s” is finer than the currency's smallest unit.") % {"text": text[:40]}) from error
    if minor < 0:
        raise BadCell(_("The price %(text)s is negative.") % {"text": text[:40]})
    if minor > AMOUNT_LIMIT:
        raise BadCell(_("The price %(text)s is too large.") % {"text": text[:40]})
    return minor


def pieces(text: str) -> int:
    """A count of stock, which may be negative at the source."""
    value = _number(text)
    if value != value.to_integral_value():
        raise BadCell(_("Stock is counted in whole pieces, not %(text)s.") % {"text": text[:40]})
    if abs(value) > PIECES_LIMIT:
        raise BadCell(_("The quantity %(text)s is too large.") % {"text": text[:40]})
    return int(value)


def grams(text: str, factor: str = "1") -> int:
    """A weight in grams, rounded to whole ones; `factor` says how many grams its unit has."""
    value = _number(text) * Decimal(factor)
    if value < 0 or value > PIECES_LIMIT:
        raise BadCell(_("The weight %(text)s is out of range.") % {"text": text[:40]})
    return round_half_up(value)


def plain(text: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from reading a code as a number."""
    return text[1:] if text.startswith("'") else text


def listed(text: str) -> list[str]:
    r"""Divided by commas; \, is a comma."""
    parts = re.split(r"(?<!\\),", text)
    return [part for raw in parts if (part := raw.replace("\\,", ",").strip())]


def guarded(text: str) -> str:
    """The text as an export writes it: a spreadsheet must not run as a formula what somebody typed into a form."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Takes back exactly what `guarded` added."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def is_spreadsheet_number(text: str) -> bool:
    """4.00638E+12: a long code of which a spreadsheet has kept only the first digits."""
    return re.fullmatch(r"[0-9][.,][0-9]+E\+[0-9]+", text) is not None
