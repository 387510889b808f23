from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.money import CurrencyMismatch, Money, total
from apps.pricing.quote import Destination, QuoteLine, ShippingChoice, TaxTable, quote, tax_within

GERMANY = Destination("DE")
TAXES = TaxTable(
    {
        ("DE", "", "standard"): 190_000,
        ("DE", "", "reduced"): 70_000,
        ("US", "", "standard"): 0,
        ("US", "NEW YORK", "standard"): 88_750,
    }
)


def euro(amount):
    return Money(amount, "EUR")


def line(key, quantity, price, tax_class="standard"):
    return QuoteLine(key, quantity, euro(price), tax_class)


def delivery(price=490):
    return ShippingChoice("standard", "Standard", euro(price), "standard")


def test_included_tax_is_part_of_the_total():
    result = quote(
        [line("a", 2, 1999), line("b", 1, 1000, "reduced")],
        GERMANY,
        delivery(),
        TAXES,
        currency="EUR",
        prices_include_tax=True,
    )
    assert result.subtotal == euro(4998)
    assert result.shipping == euro(490)
    assert result.total == euro(5488)
    assert [quoted.tax for quoted in result.lines] == [euro(638), euro(65)]
    assert result.tax == euro(638 + 65 + 78)
    assert result.tax_added == euro(0)
    assert [(tax.rate, tax.taxable.amount, tax.tax.amount) for tax in result.tax_lines] == [
        (190_000, 3998 + 490 - 716, 716),
        (70_000, 935, 65),
    ]


def test_added_tax_comes_on_top():
    result = quote([line("a", 3, 333)], GERMANY, delivery(), TAXES, currency="EUR", prices_include_tax=False)
    assert result.tax == result.tax_added == euro(190 + 93)
    assert result.total == euro(999 + 490 + 283)


def test_a_half_unit_of_tax_is_rounded_up_once_per_line():
    assert tax_within(euro(50), 190_000, included=False) == euro(10)
    ten_lines = [line(str(index), 1, 50) for index in range(10)]
    result = quote(ten_lines, GERMANY, None, TAXES, currency="EUR", prices_include_tax=False)
    assert result.tax == euro(100)


def test_a_country_without_rates_is_not_taxed():
    result = quote([line("a", 1, 1000)], Destination("JP"), None, TAXES, currency="EUR", prices_include_tax=True)
    assert (result.total, result.tax, result.tax_lines) == (euro(1000), euro(0), ())


def test_a_region_has_its_own_rate_whatever_its_case():
    assert TAXES.rate(Destination("US", "new york"), "standard") == 88_750
    assert TAXES.rate(Destination("US", "Ohio"), "standard") == 0


def test_the_zero_class_is_never_taxed():
    assert TAXES.rate(GERMANY, "zero") == 0


def test_nothing_to_buy_is_zero():
    result = quote([], GERMANY, None, TAXES, currency="JPY", prices_include_tax=True)
    assert result.total == Money(0, "JPY")


def test_a_price_of_another_currency_is_refused():
    try:
        quote([line("a", 1, 1)], GERMANY, None, TAXES, currency="USD", prices_include_tax=True)
    except CurrencyMismatch:
        return
    raise AssertionError("mixed currencies were added up")


@settings(deadline=None)
@given(
    goods=st.lists(
        st.tuples(st.integers(1, 999), st.integers(0, 10_000_000), st.sampled_from(["standard", "reduced", "zero"])),
        max_size=12,
    ),
    shipping=st.integers(0, 100_000),
    included=st.booleans(),
)
def test_parts_always_add_up_to_the_unit(goods, shipping, included):
    lines = [line(str(index), *values) for index, values in enumerate(goods)]
    result = quote(lines, GERMANY, delivery(shipping), TAXES, currency="EUR", prices_include_tax=included)
    assert result.total == result.subtotal - result.discount + result.shipping + result.tax_added
    assert result.subtotal == total((quoted.amount for quoted in result.lines), "EUR")
    assert result.tax == total((tax.tax for tax in result.tax_lines), "EUR")
    assert result.tax_added == (euro(0) if included else result.tax)
    taxed = total((tax.taxable for tax in result.tax_lines), "EUR")
    untaxed = total((quoted.amount for quoted in result.lines if quoted.tax_rate == 0), "EUR")
    assert taxed + untaxed + result.tax == result.subtotal + result.shipping + result.tax_added


@settings(deadline=None)
@given(amount=st.integers(0, 10**12), rate=st.integers(0, 1_000_000))
def test_included_tax_never_exceeds_the_amount(amount, rate):
    tax = tax_within(euro(amount), rate, included=True)
    assert 0 <= tax.amount <= amount
