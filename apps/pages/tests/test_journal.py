import pytest
from django.db import connection, transaction

from apps.pages import journal
from apps.pages.models import Shop
from apps.pages.services import pages_changed
from apps.pages.services.journal import KEPT_CHANGES
from apps.pages.services.shop import save_shop

pytestmark = pytest.mark.django_db


def test_a_change_counts_up_and_can_be_read_by_its_tags():
    before = journal.now()
    pages_changed("product:7", "prices")
    pages_changed("members")
    assert journal.now() == before + 2
    assert journal.changes(before, before + 1) == {"product:7", "prices"}
    assert journal.changes(before, before + 2) == {"product:7", "prices", "members"}


def test_nothing_to_tell_is_no_change():
    before = journal.now()
    pages_changed()
    assert journal.now() == before


def test_a_change_that_is_rolled_back_has_never_been():
    before = journal.now()
    with transaction.atomic():
        pages_changed("members")
        transaction.set_rollback(True)
    assert journal.now() == before
    pages_changed("prices")
    assert journal.changes(before, before + 1) == {"prices"}


def test_whoever_is_behind_what_was_forgotten_is_told_to_drop_everything():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO pages_pageclock (id, number) VALUES (1, %s)", [KEPT_CHANGES - 2])
        cursor.execute("INSERT INTO pages_pagechange (number, tags) VALUES (1, 'members')")
    pages_changed("prices")
    last = KEPT_CHANGES - 1
    assert journal.changes(last - 1, last) == {"prices"}
    assert journal.changes(0, last) is None


def test_old_changes_are_forgotten():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO pages_pageclock (id, number) VALUES (1, %s)", [2 * KEPT_CHANGES - 1])
        for number in (KEPT_CHANGES, KEPT_CHANGES + 1):
            cursor.execute("INSERT INTO pages_pagechange (number, tags) VALUES (%s, 'members')", [number])
    pages_changed("prices")
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM pages_pagechange ORDER BY number")
        assert [number for (number,) in cursor.fetchall()] == [KEPT_CHANGES + 1, 2 * KEPT_CHANGES]


def test_another_database_than_before_means_to_drop_everything():
    assert journal.changes(journal.now() + 5, journal.now()) is None


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_clock_is_read_alike():
    assert journal.clock(None) == (0, None)
    pages_changed("members")
    assert journal.clock(None) == (1, None)
    save_shop(shop=Shop.from_settings())
    assert journal.clock(None) == (2, Shop.objects.get().stamp)
