"""Values as the cells of an export, in the one way in which the import stores them: a file comes back the same."""

from apps.core.money import minor_digits


def line(text: str) -> str:
    """One line with single blanks."""
    return " ".join(text.replace("\0", "").split())


def block(text: str) -> str:
    """Several lines, with one sign at their ends."""
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def amount(minor: int | None, currency: str) -> str:
    """Minor units with a decimal point and no sign of a currency: 19.99; "" for a price on request."""
    if minor is None:
        return ""
    digits = minor_digits(currency)
    if not digits:
        return str(minor)
    sign, whole = ("-" if minor < 0 else ""), abs(minor)
    return f"{sign}{whole // 10**digits}.{whole % 10**digits:0{digits}d}"


def yes_or_no(value: bool) -> str:
    return "yes" if value else "no"
