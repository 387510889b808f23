import pytest

from apps.catalog.models import StockMovement
from apps.catalog.services import adjust_stock, archive_product, free_stock, hold_stock
from apps.catalog.tests.factories import make_category, make_variant
from apps.inventory.errors import CountEnded, NothingCounted
from apps.inventory.models import CountLine, StockCount
from apps.inventory.selectors import AGAIN, TO_COUNT, progress, sheet, sheet_lines
from apps.inventory.services import close_count, drop_count, save_counts, start_count
from apps.inventory.services.counting import Entry
from apps.users.tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug():
    return make_variant(sku="MUG", title="Mug", on_hand=10)


def skus(variants):
    return [variant.sku for variant in variants]


def marks(count):
    return {line.variant.pk: line.seen for line in sheet_lines(count, sheet(count))}


def note(count, numbers, *, seen=None, actor=None):
    seen = seen or marks(count)
    entries = [Entry(variant.pk, number, seen[variant.pk]) for variant, number in numbers.items()]
    return save_counts(count_id=count.pk, entries=entries, actor=actor)


def on_hand(variant):
    variant.stock.refresh_from_db()
    return variant.stock.on_hand


def test_a_stock_take_of_a_category_covers_what_is_below_it_and_still_on_a_shelf(mug):
    kitchen = make_category(name="Kitchen", slug="kitchen")
    below = make_category(name="Pots", slug="pots", parent=kitchen)
    for category, sku in ((kitchen, "PAN"), (below, "POT"), (make_category(slug="kitchenette"), "CUP")):
        make_variant(sku=sku, title=sku, product_fields={"category": category})
    gone, left = (make_variant(sku=sku, title=sku, on_hand=n) for sku, n in (("GONE", 0), ("LEFT", 2)))
    for variant in (gone, left):
        archive_product(product=variant.product)
    assert skus(sheet(start_count(category=kitchen))) == ["PAN", "POT"]
    assert skus(sheet(start_count())) == ["CUP", "LEFT", "MUG", "PAN", "POT"]


def test_the_count_of_a_category_that_is_gone_covers_nothing(mug):
    category = make_category()
    count = start_count(category=category)
    category.delete()
    count = StockCount.objects.get(pk=count.pk)
    assert skus(sheet(count)) == []


def test_counting_only_notes_and_closing_writes_the_differences_with_who_and_why(mug):
    bowl, anna = make_variant(sku="BOWL", title="Bowl", on_hand=5), make_user(email="anna@example.com")
    make_variant(sku="CUP", title="Cup", on_hand=3)
    count = start_count(actor=anna)
    assert note(count, {mug: 8, bowl: 5}, actor=anna).changed == 2
    assert (on_hand(mug), progress(count).left, progress(count).differing) == (10, 1, 1)
    assert skus(sheet(count, show=TO_COUNT)) == ["CUP"]

    closing = close_count(count_id=count.pk, actor=anna)

    assert (closing.written, closing.again, closing.is_closed) == (1, 0, True)
    count.refresh_from_db()
    assert (count.state, count.ended_by) == ("closed", anna)
    movement = StockMovement.objects.get(reason="count")
    assert (movement.variant, movement.delta, movement.actor) == (mug, -2, anna)
    assert [on_hand(mug), on_hand(bowl)] == [8, 5]


def test_what_moved_since_it_was_counted_is_shown_again_instead_of_overwritten(mug):
    count = start_count()
    note(count, {mug: 8})
    adjust_stock(variant=mug, delta=5, reason="delivery")
    closing = close_count(count_id=count.pk)
    count.refresh_from_db()
    assert (closing.written, closing.again, count.state, on_hand(mug)) == (0, 1, "open", 15)
    [line] = sheet_lines(count, sheet(count, show=AGAIN))
    assert (line.line.state, line.line.is_settled) == ("moved", False)
    assert "Count again" in line.line.problem
    note(count, {mug: 13})
    assert close_count(count_id=count.pk).is_closed
    assert on_hand(mug) == 13


def test_less_than_what_is_promised_is_refused_until_the_orders_are_out_of_the_way(mug):
    hold_stock(quantities={mug.pk: 4})
    count = start_count()
    note(count, {mug: 3})
    closing = close_count(count_id=count.pk)
    line = count.lines.get()
    assert (closing.again, line.state, on_hand(mug)) == (1, "refused", 10)
    assert "4 pieces are promised to orders" in line.problem
    free_stock(quantities={mug.pk: 2})
    assert close_count(count_id=count.pk).is_closed
    assert on_hand(mug) == 3


def test_two_people_at_one_shelf_do_not_overwrite_each_other(mug):
    anna, ben = make_user(email="a@example.com", full_name="Anna"), make_user(email="b@example.com", full_name="Ben")
    count = start_count()
    seen = marks(count)
    note(count, {mug: 8}, seen=seen, actor=anna)
    assert note(count, {mug: 8}, seen=seen, actor=ben).conflicts == {}
    saved = note(count, {mug: 7}, seen=seen, actor=ben)
    assert (saved.changed, saved.conflicts) == (0, {mug.pk: "Anna counted 8 meanwhile. Look again."})
    line = CountLine.objects.get()
    assert (line.counted, line.counted_by) == (8, anna)


def test_what_moved_while_it_was_counted_is_not_noted(mug):
    count = start_count()
    seen = marks(count)
    adjust_stock(variant=mug, delta=-1, reason="loss")
    saved = note(count, {mug: 10}, seen=seen)
    assert (saved.changed, list(saved.conflicts), CountLine.objects.count()) == (0, [mug.pk], 0)


def test_a_number_can_be_taken_back(mug):
    count = start_count()
    note(count, {mug: 8})
    assert note(count, {mug: None}).changed == 1
    assert CountLine.objects.count() == 0
    with pytest.raises(NothingCounted):
        close_count(count_id=count.pk)


@pytest.mark.parametrize("end", [close_count, drop_count])
def test_a_count_that_has_ended_takes_no_more_numbers(mug, end):
    count = start_count()
    note(count, {mug: 10})
    end(count_id=count.pk)
    seen = marks(count)
    with pytest.raises(CountEnded):
        note(count, {mug: 4}, seen=seen)
    with pytest.raises(CountEnded):
        close_count(count_id=count.pk)
    assert (on_hand(mug), StockMovement.objects.filter(reason="count").count()) == (10, 0)


def test_a_variant_outside_the_count_is_not_noted(mug):
    count = start_count(category=make_category())
    assert save_counts(count_id=count.pk, entries=[Entry(mug.pk, 3, "0.0")]).changed == 0
    assert CountLine.objects.count() == 0
