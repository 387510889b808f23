import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.money import Money
from apps.pricing.refunding import (
    SHIPPING,
    MoreThanLeft,
    NothingToRefund,
    Part,
    Selection,
    TooManyPieces,
    TooMuchDelivery,
    everything_left,
    recompute,
    refund_quote,
)

MUGS = Part(key="1", title="Fjord mug", paid=1000, tax=160, tax_rate=190_000, pieces=3)
LAMP = Part(key="2", title="Lamp", paid=5999, tax=958, tax_rate=190_000, pieces=1)
DELIVERY = Part(key=SHIPPING, title="Standard", paid=490, tax=78, tax_rate=190_000)
PARTS = [MUGS, LAMP, DELIVERY]


def refund(parts, selection, currency="EUR"):
    """The quote, and the parts as the next refund finds them."""
    quote = refund_quote(parts, selection, currency=currency)
    after = []
    for done in quote.parts:
        part = done.part.after(amount=done.amount, tax=done.tax, pieces=done.pieces)
        extra = done.extra
        after.append(replace(part, given=part.given + extra, given_tax=part.given_tax + done.extra_tax))
    return quote, after


def amounts(parts, *selections):
    found = []
    for selection in selections:
        quote, parts = refund(parts, selection)
        found.append((quote.total.amount, quote.tax.amount))
    return found, parts


def test_pieces_one_by_one_give_back_what_was_paid():
    found, parts = amounts([MUGS], *[Selection(pieces={"1": 1})] * 3)
    assert found == [(333, 53), (333, 53), (334, 54)]
    assert [part.left for part in parts] == [0]


def test_pieces_together_give_back_what_they_give_back_apart():
    together, _ = amounts([MUGS], Selection(pieces={"1": 2}))
    assert together == [(666, 106)]


@pytest.mark.parametrize(
    ("given", "given_tax", "amount", "tax"),
    [
        (0, 0, 1, 0),
        (0, 0, 7, 1),
        (500, 83, 1, 0),  # more than its share went back before
        (500, 70, 5, 5),  # less than its share
        (500, 70, 500, 90),
        (999, 160, 1, 0),
    ],
)
def test_the_tax_of_a_part_follows_what_goes_back_of_it(given, given_tax, amount, tax):
    assert replace(MUGS, given=given, given_tax=given_tax).tax_of(amount) == tax


def test_what_goes_back_of_the_delivery_is_for_no_pieces():
    after = DELIVERY.after(amount=200, tax=31, pieces=0)
    assert (after.given, after.given_tax, after.given_pieces, after.given_for_pieces) == (200, 31, 0, 0)


def test_a_refund_says_every_number():
    quote, _ = refund(PARTS, Selection(pieces={"1": 2, "2": 1}, shipping=200, extra=100))
    assert quote.explanation["currency"] == "EUR"
    assert (quote.goods, quote.shipping, quote.extra) == (Money(6665, "EUR"), Money(200, "EUR"), Money(100, "EUR"))
    assert (quote.total, quote.tax) == (Money(6965, "EUR"), Money(1112, "EUR"))
    assert (quote.left_before, quote.left) == (Money(7489, "EUR"), Money(524, "EUR"))
    assert [(done.part.key, done.pieces, done.amount, done.tax) for done in quote.lines] == [
        ("1", 2, 666, 106),
        ("2", 1, 5999, 958),
    ]
    assert [(done.extra, done.extra_tax) for done in quote.parts] == [(54, 9), (0, 0), (46, 8)]
    assert quote.tax_lines == [{"rate": 190_000, "amount": 6965, "tax": 1112}]


def test_an_extra_amount_makes_later_refunds_of_the_goods_smaller():
    (extra, rest), parts = amounts([LAMP], Selection(extra=1000), Selection(pieces={"2": 1}))
    assert extra == (1000, 159)
    assert rest == (4999, 799)
    assert parts[0].left == 0


def test_parts_of_different_rates_are_told_apart():
    book = Part(key="3", title="Book", paid=1070, tax=70, tax_rate=70_000, pieces=1)
    quote, _ = refund([LAMP, book], Selection(pieces={"3": 1}, extra=599))
    assert quote.tax_lines == [
        {"rate": 190_000, "amount": 599, "tax": 95},
        {"rate": 70_000, "amount": 1070, "tax": 70},
    ]


@pytest.mark.parametrize(
    ("selection", "refusal", "words"),
    [
        (Selection(), NothingToRefund, "Choose what to refund: pieces, delivery or an amount."),
        (Selection(pieces={"1": -1}), NothingToRefund, "Choose what to refund: pieces, delivery or an amount."),
        (Selection(shipping=-1), NothingToRefund, "Choose what to refund: pieces, delivery or an amount."),
        (Selection(extra=-1), NothingToRefund, "Choose what to refund: pieces, delivery or an amount."),
        (Selection(pieces={"1": 4}), TooManyPieces, "Of “Fjord mug” only 3 pieces are left to refund."),
        (Selection(pieces={"2": 2}), TooManyPieces, "Of “Lamp” only 1 piece is left to refund."),
        (Selection(shipping=491), TooMuchDelivery, "Of the delivery only €4.90 is left to refund."),
        (Selection(extra=7490), MoreThanLeft, "Only €74.89 of this order is left to refund."),
        (Selection(pieces={"2": 1}, extra=1491), MoreThanLeft, "Only €74.89 of this order is left to refund."),
    ],
)
def test_what_can_not_be_refunded_is_refused_in_words(selection, refusal, words):
    with pytest.raises(refusal) as refused:
        refund_quote(PARTS, selection, currency="EUR")
    assert str(refused.value) == words


def test_a_refunded_line_is_refused_in_words():
    _, parts = amounts([MUGS, LAMP], Selection(pieces={"2": 1}))
    with pytest.raises(TooManyPieces, match=r"^Of “Lamp” nothing is left to refund\.$"):
        refund_quote(parts, Selection(pieces={"2": 1}), currency="EUR")


def test_a_piece_that_cost_nothing_gives_no_refund():
    gift = Part(key="1", title="Gift", paid=0, tax=0, tax_rate=190_000, pieces=1)
    with pytest.raises(NothingToRefund):
        refund_quote([gift], Selection(pieces={"1": 1}), currency="EUR")
    assert refund_quote([gift, LAMP], everything_left([gift, LAMP]), currency="EUR").total == Money(5999, "EUR")


def test_what_a_failed_refund_left_behind_goes_back_with_everything():
    """Its amount counts again, though a later refund took the pieces as if it had not."""
    stranded = replace(MUGS, given=334, given_tax=54, given_pieces=3, given_for_pieces=334)
    quote, parts = refund([stranded], everything_left([stranded]))
    assert (quote.total, quote.tax) == (Money(666, "EUR"), Money(106, "EUR"))
    assert parts[0].left == 0


def test_tax_never_exceeds_its_amount_after_a_failure():
    """With one of two refunds taken back, the shares no longer add up by themselves."""
    odd = Part(key="1", title="x", paid=10, tax=9, tax_rate=0, pieces=2, given=3, given_tax=0)
    assert odd.tax_of(7) == 9 - 0 - 2  # the amount is the limit
    quote, parts = refund([odd], Selection(extra=7))
    assert quote.tax.amount == 7
    assert parts[0].left == 0


@st.composite
def orders(draw):
    """Parts as orders have them, in any currency: whole minor units, tax within what was paid."""
    parts = []
    for n in range(draw(st.integers(1, 4))):
        paid = draw(st.integers(0, 100_000))
        rate = draw(st.sampled_from([0, 70_000, 190_000, 255_000, 1_000_000]))
        tax = draw(st.integers(0, paid)) if draw(st.booleans()) else paid * rate // (1_000_000 + rate)
        parts.append(Part(str(n), f"line {n}", paid, tax, rate, pieces=draw(st.integers(1, 9))))
    paid = draw(st.integers(0, 3000))
    parts.append(Part(SHIPPING, "delivery", paid, paid * 190_000 // 1_190_000, 190_000))
    return parts


@st.composite
def journeys(draw):
    """An order, and selections of it: each refundable as the one before left it."""
    parts = draw(orders())
    quotes = []
    for _ in range(draw(st.integers(0, 6))):
        pieces = {part.key: draw(st.integers(0, part.pieces_left)) for part in parts if part.key != SHIPPING}
        shipping = draw(st.integers(0, parts[-1].left))
        chosen = sum(part.worth(pieces[part.key]) for part in parts if pieces.get(part.key))
        room = sum(part.left for part in parts) - chosen - shipping
        extra = draw(st.integers(0, room)) if draw(st.booleans()) else 0
        if chosen + shipping + extra:
            quote, parts = refund(parts, Selection(pieces, shipping, extra), draw(CURRENCIES))
            quotes.append(quote)
    if any(part.left for part in parts):
        quote, parts = refund(parts, everything_left(parts), draw(CURRENCIES))
        quotes.append(quote)
    return quotes, parts


CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD"])


@settings(max_examples=400, deadline=None)
@given(journeys())
def test_any_refunds_and_then_the_rest_give_back_exactly_what_was_paid(journey):
    quotes, parts = journey
    assert [part.left for part in parts] == [0] * len(parts)
    assert sum(quote.total.amount for quote in quotes) == sum(part.paid for part in parts)
    assert sum(quote.tax.amount for quote in quotes) == sum(part.tax for part in parts)


@settings(max_examples=400, deadline=None)
@given(journeys())
def test_every_number_of_every_refund_holds(journey):
    for quote in journey[0]:
        assert quote.total == quote.goods + quote.shipping + quote.extra
        assert quote.left == quote.left_before - quote.total
        assert sum(done.amount for done in quote.lines) == quote.goods.amount
        assert sum(done.extra for done in quote.parts) == quote.extra.amount
        assert sum(row["amount"] for row in quote.tax_lines) == quote.total.amount
        assert sum(row["tax"] for row in quote.tax_lines) == quote.tax.amount
        for done in quote.parts:
            assert 0 <= done.tax <= done.amount
            assert 0 <= done.extra_tax <= done.extra
            assert done.amount + done.extra <= done.part.left


@settings(max_examples=300, deadline=None)
@given(journeys())
def test_a_stored_explanation_computes_to_the_same_figures(journey):
    for quote in journey[0]:
        stored = json.loads(json.dumps(quote.explanation))
        assert recompute(stored) == stored["figures"] == quote.figures


@settings(max_examples=300, deadline=None)
@given(orders(), st.data())
def test_pieces_cost_the_same_however_they_are_divided(parts, data):
    """Without extra amounts, what went back for k pieces depends on k alone."""
    line = parts[0]
    first = data.draw(st.integers(0, line.pieces))
    once = line.worth(first) if first else 0
    stepwise = 0
    for _ in range(first):
        amount = line.worth(1)
        line = line.after(amount=amount, tax=line.tax_of(amount), pieces=1)
        stepwise += amount
    assert stepwise == once
