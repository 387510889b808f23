from decimal import Decimal

import pytest
from babel.numbers import format_currency
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.money import CurrencyMismatch, Money, minor_digits, round_half_up, shop_money, to_minor, total


def test_amounts_of_one_currency_add_up():
    assert Money(1999, "EUR") + Money(1, "EUR") == Money(2000, "EUR")
    assert Money(1999, "EUR") - Money(2000, "EUR") == Money(-1, "EUR")
    assert 3 * Money(333, "EUR") == Money(999, "EUR")


@pytest.mark.parametrize("calculate", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a <= b])
def test_two_currencies_never_meet_in_a_calculation(calculate):
    with pytest.raises(CurrencyMismatch):
        calculate(Money(1, "EUR"), Money(1, "USD"))


@pytest.mark.parametrize("amount", [1.0, Decimal(1), "1", True, None])
def test_only_whole_minor_units_are_money(amount):
    with pytest.raises(TypeError):
        Money(amount, "EUR")


def test_money_is_not_multiplied_by_a_fraction():
    with pytest.raises(TypeError):
        Money(100, "EUR") * 1.5


def test_leftover_units_go_to_the_largest_remainders():
    assert [part.amount for part in Money(100, "EUR").allocate([1, 1, 1])] == [34, 33, 33]
    assert [part.amount for part in Money(-100, "EUR").allocate([1, 1, 1])] == [-34, -33, -33]
    assert [part.amount for part in Money(5, "EUR").allocate([0, 3, 7])] == [0, 2, 3]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 1]])
def test_money_is_not_split_by_impossible_weights(weights):
    with pytest.raises(ValueError):
        Money(100, "EUR").allocate(weights)


@settings(deadline=None)
@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any))
def test_splitting_never_loses_or_makes_a_unit(amount, weights):
    parts = Money(amount, "EUR").allocate(weights)
    assert sum(part.amount for part in parts) == amount
    assert all(part.amount == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


def test_half_a_unit_rounds_away_from_zero():
    assert [round_half_up(Decimal(text)) for text in ("0.5", "1.5", "2.4999", "-0.5")] == [1, 2, 2, -1]


def test_currencies_have_none_two_or_three_decimals():
    assert [minor_digits(code) for code in ("JPY", "EUR", "KWD")] == [0, 2, 3]
    assert str(Money(1500, "JPY").decimal) == "1500"
    assert str(Money(1500, "KWD").decimal) == "1.500"


def test_prices_are_written_as_the_language_writes_them():
    with translation.override("en"):
        assert str(Money(123456, "EUR")) == "€1,234.56"
    with translation.override("de"):
        assert str(Money(123456, "EUR")) == "1.234,56\xa0€"


@pytest.mark.parametrize("currency", ["EUR", "USD", "CHF", "JPY", "KWD", "INR"])
@pytest.mark.parametrize("language", ["en", "de", "fr", "pl", "hi", "ar", "de-ch", "es"])
def test_every_amount_is_written_as_babel_writes_it(currency, language):
    amounts = [0, 1, 9, 10, 11, 99, 100, 101, 1_234, 98_765, 100_000, 1_234_567, 111_111_111, 9_876_543_210]
    with translation.override(language):
        for amount in [*amounts, *(-amount for amount in amounts)]:
            money = Money(amount, currency)
            assert str(money) == format_currency(money.decimal, currency, locale=translation.to_locale(language))


def test_a_price_finer_than_the_minor_unit_is_refused():
    assert to_minor(Decimal("12.34"), "EUR") == 1234
    with pytest.raises(ValueError):
        to_minor(Decimal("12.345"), "EUR")


def test_the_sum_of_no_amounts_is_zero():
    assert total([], "EUR") == Money(0, "EUR")
    assert total([Money(1, "EUR"), Money(2, "EUR")], "EUR") == Money(3, "EUR")
    assert not Money(0, "EUR")
    assert -Money(5, "EUR") == Money(-5, "EUR")


def test_amounts_of_one_currency_are_ordered():
    one, two = Money(1, "EUR"), Money(2, "EUR")
    assert (one < two, two < one, one < one) == (True, False, False)
    assert (one <= two, two <= one, one <= one) == (True, False, True)
    assert sorted([two, one]) == [one, two]
    assert (bool(one), bool(Money(0, "EUR")), bool(Money(-1, "EUR"))) == (True, False, True)


def test_the_catalogue_counts_in_the_currency_of_the_shop(settings):
    settings.SHOP_CURRENCY = "CHF"
    assert shop_money(1999) == Money(1999, "CHF")


def test_what_is_too_fine_names_its_currency():
    with pytest.raises(ValueError, match=r"^EUR has no amounts finer than its minor unit\.$"):
        to_minor(Decimal("0.001"), "EUR")


@pytest.mark.parametrize(("currency", "minor"), [("JPY", 12), ("EUR", 1200), ("KWD", 12000)])
def test_major_units_become_minor_units_of_their_currency(currency, minor):
    assert to_minor(Decimal(12), currency) == minor


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: Money(1, "EUR") + Money(1, "USD"), "EUR and USD can't be combined."),
        (lambda: Money(1.5, "EUR"), "Money counts whole minor units, not float."),
        (lambda: Money(True, "EUR"), "Money counts whole minor units, not bool."),
        (lambda: Money(1, "EUR") * 1.5, "Money is multiplied by whole numbers only."),
        (lambda: Money(1, "EUR").allocate([0]), "Weights must not be negative, and one must be positive."),
        (lambda: Money(1, "EUR").allocate([2, -1]), "Weights must not be negative, and one must be positive."),
    ],
)
def test_every_refusal_says_what_is_wrong(act, words):
    with pytest.raises((TypeError, ValueError)) as refusal:
        act()
    assert str(refusal.value) == words
