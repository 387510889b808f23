"""How the provider counts money: the decimals of a currency, its smallest amount, and how it is shown."""

from apps.payments.fake_stripe.errors import ApiError, invalid


def _codes(words: str) -> frozenset[str]:
    return frozenset(words.split())


KNOWN = _codes(
    """
    aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny
    cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd
    jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad
    ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl
    thb tjs tnd top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw
    """
)
NO_DECIMALS = _codes("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf")
THREE_DECIMALS = _codes("bhd jod kwd omr tnd")
# These have no decimals any more, but their amounts are still given with two, which must be 00.
WHOLE_UNITS_ONLY = _codes("isk ugx")
SMALLEST = {"aud": 50, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50, "gbp": 30, "hkd": 400}
SMALLEST |= {"huf": 17500, "jpy": 50, "mxn": 1000, "nok": 300, "nzd": 50, "pln": 200, "sek": 300, "sgd": 50, "usd": 50}
LARGEST = 99_999_999


def shown(amount: int, currency: str) -> str:
    places = 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2
    digits = str(amount).rjust(places + 1, "0")
    number = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"{number} {currency.upper()}"


def check_amount(amount: int, currency: str, *, param: str) -> None:
    """Raise ApiError for an amount that the provider cannot take in this currency."""
    problem: ApiError | None = None
    if amount < SMALLEST.get(currency, 1):
        least = shown(SMALLEST.get(currency, 1), currency)
        problem = invalid(f"Amount must be at least {least}", code="amount_too_small", param=param)
    elif amount > LARGEST:
        most = shown(LARGEST, currency)
        problem = invalid(f"Amount must be no more than {most}", code="amount_too_large", param=param)
    else:
        check_grain(amount, currency, param=param)
    if problem:
        raise problem


def check_grain(amount: int, currency: str, *, param: str) -> None:
    """Raise ApiError for a digit that the provider cannot settle."""
    grain = 10 if currency in THREE_DECIMALS else 100 if currency in WHOLE_UNITS_ONLY else 1
    if amount % grain:
        message = f"Invalid amount: in {currency.upper()} it must be divisible by {grain}."
        raise invalid(message, code="parameter_invalid_integer", param=param)
