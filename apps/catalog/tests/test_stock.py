import pytest
from django.db import IntegrityError, transaction

from apps.catalog import extensions
from apps.catalog.errors import ShortItem, SoldOut, StockNotHeld, StockPromised
from apps.catalog.models import Listing, Stock, StockMovement, Variant
from apps.catalog.services import (
    adjust_stock,
    consume_stock,
    free_stock,
    hold_stock,
    return_stock,
    set_backorder,
    set_on_hand,
    write_off_held_stock,
)
from apps.catalog.services.counting import recount, recount_many
from apps.catalog.services.restoring import set_stock
from apps.catalog.signals import stock_refilled
from apps.catalog.tests.factories import make_variant
from apps.pages import journal
from apps.users.tests.factories import make_user

pytestmark = pytest.mark.django_db


def numbers(variant):
    stock = Stock.objects.get(variant=variant)
    return stock.on_hand, stock.reserved


def movements(variant):
    return list(
        StockMovement.objects.filter(variant=variant).order_by("pk").values_list("delta", "reason", "order_ref")
    )


def test_holding_promises_pieces_and_leaves_them_on_the_shelf():
    mug, bowl = make_variant(on_hand=5), make_variant(on_hand=3)
    hold_stock(quantities={bowl.pk: 3, mug.pk: 2})
    assert numbers(mug) == (5, 2)
    assert numbers(bowl) == (3, 3)


def test_what_is_short_is_named_and_nothing_is_held():
    mug, bowl = make_variant(on_hand=5), make_variant(on_hand=3, sku="BOWL")
    with pytest.raises(SoldOut) as refused:
        hold_stock(quantities={mug.pk: 2, bowl.pk: 4})
    assert refused.value.items == [ShortItem(bowl.pk, "BOWL", wanted=4, available=3)]
    assert str(refused.value) == "Not enough in stock: BOWL (3 left)."
    assert numbers(mug) == (5, 0)
    assert numbers(bowl) == (3, 0)


def test_a_variant_without_stock_is_sold_out():
    mug = make_variant()
    Stock.objects.filter(variant=mug).delete()
    with pytest.raises(SoldOut):
        hold_stock(quantities={mug.pk: 1})


@pytest.mark.parametrize("quantity", [0, -1])
def test_only_whole_pieces_can_be_held(quantity):
    mug = make_variant()
    with pytest.raises(ValueError, match="one or more"):
        hold_stock(quantities={mug.pk: quantity})
    assert numbers(mug) == (10, 0)


def test_a_back_order_promises_more_than_there_is():
    lamp = make_variant(on_hand=1, backorder=True)
    hold_stock(quantities={lamp.pk: 5})
    assert numbers(lamp) == (1, 5)


def test_holding_costs_the_same_queries_for_one_variant_and_for_24(django_assert_num_queries):
    many = [make_variant(on_hand=5) for _ in range(24)]
    for variants in (many[:1], many):
        with django_assert_num_queries(5):  # the last three tell the pages that few are left
            hold_stock(quantities={variant.pk: 1 for variant in variants})
    assert [numbers(variant) for variant in many] == [(5, 2)] + [(5, 1)] * 23


def test_the_last_piece_takes_the_product_out_of_what_can_be_bought_and_freeing_brings_it_back():
    mug = make_variant(on_hand=2)
    hold_stock(quantities={mug.pk: 2})
    assert Listing.objects.get(product=mug.product).available is False
    free_stock(quantities={mug.pk: 1})
    assert Listing.objects.get(product=mug.product).available is True
    assert numbers(mug) == (2, 1)


def test_the_product_stays_while_another_variant_is_left():
    moss = make_variant(on_hand=1, options={"Colour": "Moss"})
    make_variant(product=moss.product, on_hand=1, options={"Colour": "Clay"})
    hold_stock(quantities={moss.pk: 1})
    assert Listing.objects.get(product=moss.product).available is True


def test_shipping_takes_held_pieces_off_the_shelf_with_a_movement():
    mug = make_variant(on_hand=5)
    hold_stock(quantities={mug.pk: 2})
    consume_stock(quantities={mug.pk: 2}, order_ref="abc")
    assert numbers(mug) == (3, 0)
    assert movements(mug) == [(5, "initial", ""), (-2, "sale", "abc")]


def test_writing_off_takes_held_pieces_off_the_shelf_as_a_loss():
    mug = make_variant(on_hand=5)
    hold_stock(quantities={mug.pk: 2})
    write_off_held_stock(quantities={mug.pk: 2}, order_ref="abc")
    assert numbers(mug) == (3, 0)
    assert movements(mug)[-1] == (-2, "loss", "abc")


@pytest.mark.parametrize("leave", [free_stock, consume_stock, write_off_held_stock])
def test_what_nobody_holds_can_neither_be_freed_nor_shipped(leave):
    mug = make_variant(on_hand=5)
    hold_stock(quantities={mug.pk: 1})
    reference = {} if leave is free_stock else {"order_ref": "abc"}
    with pytest.raises(StockNotHeld):
        leave(quantities={mug.pk: 2}, **reference)
    assert numbers(mug) == (5, 1)
    assert movements(mug) == [(5, "initial", "")]


def test_stock_is_adjusted_with_a_reason():
    mug = make_variant(on_hand=5)
    adjust_stock(variant=mug, delta=-2, reason=StockMovement.Reason.LOSS, note="dropped")
    assert numbers(mug) == (3, 0)
    assert StockMovement.objects.filter(variant=mug).first().note == "dropped"


def test_a_count_sets_the_shelf_and_an_equal_count_writes_nothing():
    mug = make_variant(on_hand=5)
    set_on_hand(variant=mug, counted=7, reason=StockMovement.Reason.COUNT)
    set_on_hand(variant=mug, counted=7, reason=StockMovement.Reason.COUNT)
    assert numbers(mug) == (7, 0)
    assert movements(mug) == [(5, "initial", ""), (2, "count", "")]


def test_a_count_below_what_is_promised_is_refused_with_the_orders_in_the_way(monkeypatch):
    monkeypatch.setattr(extensions, "_holders", [lambda variant_id: ["S-1001", "S-1002"]])
    mug = make_variant(on_hand=5)
    hold_stock(quantities={mug.pk: 3})
    with pytest.raises(StockPromised) as refused:
        set_on_hand(variant=mug, counted=2, reason=StockMovement.Reason.COUNT)
    assert (refused.value.reserved, refused.value.wanted) == (3, 2)
    assert refused.value.orders == ["S-1001", "S-1002"]
    assert str(refused.value) == (
        "3 pieces are promised to orders, so the stock can't become 2. Orders in the way: S-1001, S-1002."
    )
    assert numbers(mug) == (5, 3)
    assert movements(mug) == [(5, "initial", "")]


def test_a_shelf_can_not_hold_less_than_nothing():
    mug = make_variant(on_hand=5)
    with pytest.raises(StockPromised, match=r"^On the shelf: 5\. The stock can't become -1\.$"):
        adjust_stock(variant=mug, delta=-6, reason=StockMovement.Reason.LOSS)
    assert numbers(mug) == (5, 0)


def test_back_orders_end_only_when_everything_promised_is_there():
    lamp = make_variant(on_hand=1, backorder=True)
    hold_stock(quantities={lamp.pk: 2})
    with pytest.raises(StockPromised):
        set_backorder(variant=lamp, backorder=False)
    adjust_stock(variant=lamp, delta=1, reason=StockMovement.Reason.DELIVERY)
    assert set_backorder(variant=lamp, backorder=False).backorder is False


def test_a_delivery_makes_a_sold_out_product_available_again():
    mug = make_variant(on_hand=0)
    assert Listing.objects.get(product=mug.product).available is False
    adjust_stock(variant=mug, delta=4, reason=StockMovement.Reason.DELIVERY)
    assert Listing.objects.get(product=mug.product).available is True


def test_the_database_refuses_to_promise_more_than_there_is():
    mug = make_variant(on_hand=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.filter(variant=mug).update(reserved=2)
    assert numbers(mug) == (1, 0)


# Who waits for what is sold out hears when there is some again


@pytest.fixture
def refilled():
    """Variants of which it was told, each time it was told."""
    told = []

    def hear(sender, variant_ids, **kwargs):
        assert sender is Stock
        told.append(variant_ids)

    stock_refilled.connect(hear)
    yield told
    stock_refilled.disconnect(hear)


def sold_out():
    """One whose single piece is held for an order."""
    variant = make_variant(on_hand=1)
    hold_stock(quantities={variant.pk: 1})
    return variant


@pytest.mark.parametrize(
    "add",
    [
        lambda variant: adjust_stock(variant=variant, delta=1, reason="delivery"),
        lambda variant: set_on_hand(variant=variant, counted=2, reason="count"),
        lambda variant: set_backorder(variant=variant, backorder=True),
        lambda variant: return_stock(quantities={variant.pk: 1}, order_ref="x"),
        lambda variant: free_stock(quantities={variant.pk: 1}),
        lambda variant: recount_many(counts={variant.pk: (1, 2)}, reason="count"),
    ],
    ids=["delivered", "counted", "sold beyond the shelf", "came back", "freed", "counted with others"],
)
def test_what_was_sold_out_is_told_once_and_more_of_it_is_no_news(refilled, add):
    variant, last = sold_out(), make_variant(on_hand=1)

    add(variant)
    assert refilled == [[variant.pk]]

    adjust_stock(variant=variant, delta=5, reason="delivery")
    adjust_stock(variant=last, delta=5, reason="delivery")
    set_backorder(variant=last, backorder=True)
    assert refilled == [[variant.pk]]


def test_of_many_counts_those_are_told_that_were_sold_out_and_are_not_any_more(refilled):
    empty, last, still = sold_out(), make_variant(on_hand=1), sold_out()

    counts = {empty.pk: (1, 4), last.pk: (1, 5), still.pk: (1, 1)}
    assert recount_many(counts=counts, reason="count") == {}

    assert refilled == [[empty.pk]]
    assert (numbers(empty), numbers(last), numbers(still)) == ((4, 1), (5, 0), (1, 1))


def ledger_line(**changes):
    return {"delta": 0, "reason": "", "note": "", "order_ref": "", "actor": None, **changes}


@pytest.mark.parametrize(
    ("move", "line", "left"),
    [
        (lambda v, by: consume_stock(quantities={v: 2}, **by), ledger_line(delta=-2, reason="sale"), (8, 1)),
        (lambda v, by: write_off_held_stock(quantities={v: 3}, **by), ledger_line(delta=-3, reason="loss"), (7, 0)),
        (lambda v, by: return_stock(quantities={v: 4}, **by), ledger_line(delta=4, reason="return"), (14, 3)),
    ],
)
def test_what_an_order_moves_is_written_down_with_its_order_and_who_did_it(move, line, left):
    mug, clerk = make_variant(on_hand=10), make_user()
    hold_stock(quantities={mug.pk: 3})
    StockMovement.objects.all().delete()

    move(mug.pk, {"order_ref": "ref-1", "actor": clerk})

    assert list(StockMovement.objects.values(*line)) == [{**line, "order_ref": "ref-1", "actor": clerk.pk}]
    assert StockMovement.objects.get().variant == mug
    assert numbers(mug) == left


@pytest.mark.parametrize(
    ("count", "delta", "left"),
    [
        (lambda v, by: adjust_stock(variant=v, delta=-4, **by), -4, 6),
        (lambda v, by: set_on_hand(variant=v, counted=12, **by), 2, 12),
        (lambda v, by: recount(variant=v, expected=10, delta=5, **by), 5, 15),
        (lambda v, by: recount(variant=v, expected=10, counted=0, **by), -10, 0),
        (lambda v, by: recount_many(counts={v.pk: (10, 9)}, **by), -1, 9),
        (lambda v, by: set_stock(variant=v, values={"on_hand": 11}, **by), 1, 11),
    ],
)
def test_what_staff_count_is_written_down_with_why_a_note_and_who_did_it(count, delta, left):
    mug, clerk = make_variant(on_hand=10), make_user()
    StockMovement.objects.all().delete()

    count(mug, {"reason": "count", "note": "Broken shelf", "actor": clerk})

    line = ledger_line(delta=delta, reason="count", note="Broken shelf", actor=clerk.pk)
    assert list(StockMovement.objects.values(*line)) == [line]
    assert numbers(mug) == (left, 0)


def test_who_counts_nothing_changes_nothing():
    mug = make_variant(on_hand=10)
    recount(variant=mug, expected=10, reason="count")
    assert (numbers(mug), StockMovement.objects.count()) == ((10, 0), 1)


def test_what_nobody_says_more_of_has_no_note_and_nobody():
    mug = make_variant(on_hand=10)
    StockMovement.objects.all().delete()

    adjust_stock(variant=mug, delta=1, reason="count")
    set_on_hand(variant=mug, counted=12, reason="count")
    recount(variant=mug, expected=12, counted=13, reason="count")
    recount_many(counts={mug.pk: (13, 14)}, reason="count")

    line = ledger_line(delta=1, reason="count")
    assert list(StockMovement.objects.values(*line)) == [line] * 4


@pytest.mark.parametrize("counted", [(11, 11), (11, 13), (10, 9)])
def test_two_are_counted_by_the_same_or_by_another_number(counted):
    pair = [make_variant(on_hand=10) for _ in counted]
    counts = {variant.pk: (10, number) for variant, number in zip(pair, counted, strict=True)}
    assert recount_many(counts=counts, reason="count") == {}
    assert [numbers(variant) for variant in pair] == [(number, 0) for number in counted]


def test_of_many_counts_each_that_can_not_be_is_told_and_the_others_are_written():
    moved, promised, beyond, none, fine, same = (make_variant(on_hand=4) for _ in range(6))
    hold_stock(quantities={promised.pk: 3, beyond.pk: 3})
    set_backorder(variant=beyond, backorder=True)
    Stock.objects.filter(variant=none).delete()
    StockMovement.objects.all().delete()
    counts = {moved.pk: (5, 9), promised.pk: (4, 2), beyond.pk: (4, 0), none.pk: (0, 2), fine.pk: (4, 6)}

    refusals = recount_many(counts={**counts, same.pk: (4, 4)}, reason="count")

    assert {pk: type(refusal).__name__ for pk, refusal in refusals.items()} == {
        moved.pk: "StockMoved",
        promised.pk: "StockPromised",
    }
    assert (refusals[moved.pk].on_hand, str(refusals[promised.pk])) == (
        4,
        str(StockPromised(on_hand=4, reserved=3, wanted=2)),
    )
    stocks = [numbers(variant) for variant in (moved, promised, beyond, none, fine, same)]
    assert stocks == [(4, 0), (4, 3), (0, 3), (2, 0), (6, 0), (4, 0)]


@pytest.mark.parametrize(
    ("left", "move", "told"),
    [
        (7, lambda v: hold_stock(quantities={v: 1}), False),  # 6 are left: the page says that it is in stock, no more
        (6, lambda v: hold_stock(quantities={v: 1}), True),
        (5, lambda v: hold_stock(quantities={v: 1}), True),
        (6, lambda v: return_stock(quantities={v: 1}, order_ref="x"), False),
        (5, lambda v: return_stock(quantities={v: 1}, order_ref="x"), True),
        (6, lambda v: adjust_stock(variant=Variant.objects.get(pk=v), delta=5, reason="count"), False),
        (6, lambda v: adjust_stock(variant=Variant.objects.get(pk=v), delta=-1, reason="count"), True),
        (5, lambda v: adjust_stock(variant=Variant.objects.get(pk=v), delta=1, reason="count"), True),
        (9, lambda v: set_on_hand(variant=Variant.objects.get(pk=v), counted=9, reason="count"), False),
        (9, lambda v: set_backorder(variant=Variant.objects.get(pk=v), backorder=True), True),
    ],
)
def test_a_page_that_says_how_many_are_left_is_told_of_each_piece(left, move, told):
    mug = make_variant(on_hand=left)
    before = journal.now()

    move(mug.pk)

    assert set(journal.changes(before, journal.now())) == ({f"product:{mug.product_id}"} if told else set())


@pytest.mark.parametrize(("held", "told"), [(4, False), (5, True)])
def test_freed_pieces_are_told_of_where_few_were_left(held, told):
    mug = make_variant(on_hand=10)
    hold_stock(quantities={mug.pk: held})
    before = journal.now()

    free_stock(quantities={mug.pk: 1})

    assert set(journal.changes(before, journal.now())) == ({f"product:{mug.product_id}"} if told else set())


def test_of_the_last_piece_the_lists_are_told_too_and_of_the_first_one_again():
    mug = make_variant(on_hand=1)
    everywhere = {f"product:{mug.product_id}", "stock"}
    before = journal.now()
    hold_stock(quantities={mug.pk: 1})
    assert set(journal.changes(before, journal.now())) == everywhere

    before = journal.now()
    free_stock(quantities={mug.pk: 1})
    assert set(journal.changes(before, journal.now())) == everywhere
