"""Every amount of some orders in words, in both languages. After a change that is meant, write them anew and read the
difference: python -m apps.pricing.tests.statements
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()

from django.utils import translation

from apps.core.money import Money
from apps.pricing.explanation import explain
from apps.pricing.quote import Destination, QuoteLine, ShippingChoice, TaxTable, quote
from apps.pricing.rules import Rule
from apps.pricing.statement import statement

KEPT = Path(__file__).with_suffix(".txt")
TAXES = TaxTable({("DE", "", "standard"): 190_000, ("DE", "", "reduced"): 75_000, ("US", "", "standard"): 0})
LINES = (
    QuoteLine("MUG", 2, Money(1000, "EUR"), "standard", "Mug"),
    QuoteLine("BOOK", 3, Money(1075, "EUR"), "reduced", ""),
)
TEN = Rule(discount_id=1, name="Ten percent", kind="percent", value=125_000)
FIVE = Rule(discount_id=2, name="Five off", kind="amount", value=500, code="FIVER")
FREE = Rule(discount_id=3, name="Free delivery", kind="free_shipping", code="FREE")
PAIR = Rule(discount_id=4, name="The second free", kind="buy_x_get_y", value=1_000_000, buy=1, get=1)
TWO = Rule(discount_id=5, name="Two of three free", kind="buy_x_get_y", value=1_000_000, buy=1, get=2)
HALF = Rule(discount_id=6, name="Half the second", kind="buy_x_get_y", value=500_000, buy=1, get=1)
HALVES = Rule(discount_id=7, name="Half of two", kind="buy_x_get_y", value=500_000, buy=1, get=2)


def told(title, *rules, lines=LINES, delivery=490, included=True, country="DE", currency="EUR"):
    lines = [replace(line, unit_price=Money(line.unit_price.amount, currency)) for line in lines]
    choice = None if delivery is None else ShippingChoice("s", "Standard", Money(delivery, currency), "standard")
    made = quote(
        lines, Destination(country), choice, TAXES, currency=currency, prices_include_tax=included,
        discounts=rules, codes=[rule.code for rule in rules if rule.code],
    )  # fmt: skip
    for language in ("en", "de"):
        with translation.override(language):
            yield f"\n# {title}, {language}\n"
            for entry in statement(explain(made)):
                free = ", free" if entry.is_free else ""
                yield f"{entry.kind}{free}: {entry.label} {entry.amount}\n"
                yield from (f"    {step}\n" for step in entry.steps)


def statements() -> Iterator[str]:
    yield from told("taxes included")
    yield from told("taxes added", included=False)
    yield from told("a cart", delivery=None, country="US")
    yield from told("a cart with discounts", TEN, FIVE, delivery=None, country="US")
    yield from told("goods that are taxed, and no delivery yet", FIVE, delivery=None)
    yield from told("one discount after the other, and the delivery is free", TEN, FIVE, FREE)
    yield from told("one discount after the other, taxes added", FIVE, TEN, included=False)
    yield from told("a delivery that costs nothing, and no tax", delivery=0, country="US")
    for rule in (PAIR, TWO, HALF, HALVES):
        yield from told(rule.name, rule)
    yield from told("yen", TEN, currency="JPY")
    yield from told("dinars", TEN, currency="KWD", included=False)


if __name__ == "__main__":
    KEPT.write_text("".join(statements()))
