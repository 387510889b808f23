"""What pricing says to buyers and staff, word by word."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from apps.catalog.tests.factories import make_category, make_product
from apps.core.money import Money
from apps.pricing.rules import Refusal
from apps.pricing.stacking import CodeOutcome
from apps.pricing.statement import percent_text
from apps.pricing.summaries import summary
from apps.pricing.tests.factories import make_discount
from apps.pricing.tests.statements import KEPT, statements
from apps.pricing.wording import code_text


def test_every_amount_is_said_as_it_was():
    assert "".join(statements()) == KEPT.read_text()


@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        (None, ""),
        (Refusal.UNKNOWN, "The code TEN can't be used: there is no such code at the moment."),
        (Refusal.NOT_STARTED, "The code TEN can't be used: there is no such code at the moment."),
        (Refusal.ENDED, "The code TEN can't be used: its time is over."),
        (Refusal.USED_UP, "The code TEN can't be used: it has been used as often as it could be."),
        (Refusal.PER_CUSTOMER, "The code TEN can't be used: one customer can use it no more often."),
        (Refusal.NO_MATCH, "The code TEN waits: nothing in your cart belongs to it."),
        (
            Refusal.NOT_COMBINED,
            "The code TEN waits: it can't be combined with your other discounts, and those save you more.",
        ),
        (Refusal.NO_EFFECT, "The code TEN waits: there is nothing left for it to take off."),
        (Refusal.AT_DELIVERY, "The code TEN takes off the delivery, at the checkout."),
        (Refusal.MINIMUM, "The code TEN waits: goods for €7.50 more are needed."),
        (Refusal.TOO_FEW, "The code TEN waits: 2 more pieces are needed."),
    ],
)
def test_what_became_of_a_code(refusal, text):
    assert code_text(CodeOutcome("TEN", refusal=refusal, missing=Money(750, "EUR"), missing_pieces=2)) == text


def test_one_piece_that_is_missing_is_one():
    outcome = CodeOutcome("TEN", refusal=Refusal.TOO_FEW, missing=Money(0, "EUR"), missing_pieces=1)

    assert code_text(outcome) == "The code TEN waits: 1 more piece is needed."
    with translation.override("de"):
        assert code_text(outcome) == "Der Code TEN wartet: Es fehlt noch 1 Stück."


@pytest.mark.parametrize(
    ("rate", "text"),
    [(190_000, "19"), (75_000, "7.5"), (123_456, "12.3456"), (1, "0.0001"), (12_345_678, "1,234.5678")],
)
def test_a_percentage_has_up_to_four_decimals(rate, text):
    assert percent_text(rate) == text


@pytest.mark.django_db
@pytest.mark.one_database("sqlite")
class TestSummary:
    def test_it_names_each_condition(self):
        discount = make_discount(
            code="TEN",
            value=125_000,
            minimum_goods=2000,
            per_customer_limit=3,
            combinable=False,
            starts_at=datetime(2026, 11, 1, tzinfo=UTC),
            ends_at=datetime(2026, 12, 31, 22, tzinfo=UTC),
            categories=[make_category(name="Kitchen")],
            products=[make_product(title="Pan"), make_product(title="Pot")],
        )

        assert summary(discount) == (
            "12.5 % off everything in Kitchen, Pot and Pan, from €20.00, with the code TEN, "
            "3 times per customer, not with other discounts, from 11/01/2026 on, until 12/31/2026"
        )

    @pytest.mark.parametrize(
        ("fields", "text"),
        [
            ({"per_customer_limit": 1}, "10 % off everything, once per customer"),
            ({"kind": "amount"}, "€5.00 off everything"),
            ({"kind": "free_shipping"}, "Free delivery with everything"),
            ({"kind": "buy_x_get_y"}, "Buy 2, get 1 free: everything"),
            ({"kind": "buy_x_get_y", "value": 255_000}, "Buy 2, get 1 for 25.5 % less: everything"),
        ],
    )
    def test_each_kind_has_its_sentence(self, fields, text):
        assert summary(make_discount(**fields)) == text

    @pytest.mark.parametrize(
        ("number", "text"), [(1, "10 % off Pan 1"), (2, "10 % off Pan 2 and Pan 1"), (3, "10 % off 3 products")]
    )
    def test_more_than_two_products_are_counted(self, number, text):
        products = [make_product(title=f"Pan {each}") for each in range(1, number + 1)]

        assert summary(make_discount(products=products)) == text

    def test_it_is_said_in_german_too(self):
        products = [make_product(title=f"Pan {each}") for each in range(3)]
        discount = make_discount(code="TEN", products=products, per_customer_limit=2, combinable=False)

        with translation.override("de"):
            text = summary(discount)

        assert text == "10 % Rabatt auf 3 Produkte, mit dem Code TEN, 2-mal pro Kunde, nicht mit anderen Rabatten"
