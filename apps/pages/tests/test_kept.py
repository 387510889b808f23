import threading

import pytest

from apps.core.pieces import Pieces
from apps.pages.kept import EVERYTHING, KeptPage, Store
from apps.pages.services import pages_changed

pytestmark = pytest.mark.django_db


def page(*tags, size=100):
    return KeptPage(Pieces(b"x" * size), {}, " ".join(tags))


def filled_store(number, most=1_000_000):
    store = Store(most)
    store.catch_up(number)
    for name in ("mug", "bowl", "list"):
        store.put(name, page(f"product:{name}", "shop"), number)
    store.put("list", page("product:mug", "product:bowl", "members", "shop"), number)
    return store


def kept(store):
    return [name for name in ("mug", "bowl", "list") if store.get(name)]


@pytest.mark.parametrize(
    ("tags", "left"),
    [
        (["product:mug"], ["bowl"]),
        (["members"], ["mug", "bowl"]),
        (["prices"], ["mug", "bowl", "list"]),
        (["members", "product:bowl"], ["mug"]),
        (["shop"], []),
        ([EVERYTHING], []),
    ],
)
def test_a_change_drops_the_pages_with_its_tags_and_no_others(tags, left):
    store = filled_store(0)
    pages_changed(*tags)
    store.catch_up(1)
    assert kept(store) == left


def test_changes_that_were_missed_drop_everything():
    store = filled_store(0)
    pages_changed("prices")
    store.catch_up(5)  # more than are written down
    assert kept(store) == []


def test_another_database_than_before_drops_everything():
    store = filled_store(0)
    store.catch_up(7)
    store.put("mug", page("shop"), 7)
    store.catch_up(3)
    assert kept(store) == []


def test_a_page_that_was_read_before_a_change_is_not_kept_after_it():
    store = filled_store(0)
    pages_changed("product:mug")
    store.catch_up(1)
    store.put("mug", page("product:mug"), 0)
    assert "mug" not in kept(store)


def test_memory_is_bounded_and_what_was_not_asked_for_goes_first():
    one = page("shop", size=10_000).size
    store = Store(3 * one)
    store.catch_up(0)
    for name in ("mug", "bowl", "list"):
        store.put(name, page("shop", size=10_000), 0)
    store.get("mug")
    store.put("jug", page("shop", size=10_000), 0)
    assert (kept(store), store.bytes) == (["mug", "list"], 3 * one)
    store.put("huge", page("shop", size=100_000), 0)
    assert store.get("huge") is None
    store.forget()
    assert (len(store), store.bytes) == (0, 0)


def test_a_page_counts_as_what_it_takes_once_it_has_been_asked_for():
    store = filled_store(0)
    before, mug = store.bytes, store.get("mug")
    body = mug.pieces.brotlied([])
    assert store.get("mug") is mug
    assert store.bytes == before + len(body)
    store.put("mug", page("shop"), 0)
    assert store.bytes == before + page("shop").size - page("product:mug", "shop").size


def test_pages_are_packed_against_the_first_of_their_kind_as_long_as_there_are_any():
    store = filled_store(0)
    first = store.packing("en", b"<p>A mug</p>")
    assert store.packing("en", b"<p>A bowl</p>") is first
    assert store.packing("de", b"<p>Ein Becher</p>") is not first
    pages_changed("shop")
    store.catch_up(1)
    assert store.packing("en", b"<p>A bowl</p>") is not first


def test_one_thread_makes_a_page_and_the_others_wait_for_it():
    store = Store(1_000_000)
    assert store.one_at_a_time("list") is None
    waiting = store.one_at_a_time("list")
    assert store.one_at_a_time("mug") is None
    threading.Timer(0.01, store.made, ["list"]).start()
    assert waiting.wait(5)
    assert store.one_at_a_time("list") is None
