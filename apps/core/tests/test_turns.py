"""Who waits for SQLite's one writer gets its turn while long work goes on."""

import sqlite3
import threading
import time

import pytest

from apps.core.turns import PAUSE, Turns

pytestmark = pytest.mark.one_database("sqlite")


def test_a_writer_that_waits_gets_in_between_the_transactions_of_long_work(tmp_path):
    path = tmp_path / "shop.sqlite3"
    long_work = sqlite3.connect(path, isolation_level=None)
    long_work.execute("PRAGMA journal_mode=WAL")
    long_work.execute("CREATE TABLE stock (pieces)")
    written = threading.Event()

    def buy():
        with sqlite3.connect(path, timeout=10) as buyer:
            buyer.execute("INSERT INTO stock VALUES (1)")
        buyer.close()
        written.set()

    turns, buyer = Turns(), threading.Thread(target=buy)
    for number in range(40):
        long_work.execute("BEGIN IMMEDIATE")
        if not number:
            buyer.start()
        time.sleep(0.04)
        long_work.execute("COMMIT")
        if written.is_set():
            break
        turns.between()
    buyer.join()
    long_work.close()
    assert number < 20  # it has met one of the first pauses, of which there is one after about four transactions


def test_short_work_does_not_pause():
    turns, begun = Turns(), time.monotonic()
    for _ in range(100):
        turns.between()
    assert time.monotonic() - begun < PAUSE
