"""Who counts many things at once and who buys one of them take their locks in the same order."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic, sleep

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from apps.catalog.models import Stock
from apps.catalog.services import hold_stock
from apps.catalog.tests.factories import make_variant
from apps.exchange import services
from apps.exchange.models import Import
from apps.exchange.services.editing import Typed, apply_edit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.one_database("postgres")]
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def buy(variant, *, has_stock):
    """Buy a piece; between the lock of the stock and what follows, somebody else comes and waits for a lock."""

    def meet(execute, sql, *rest):
        found = execute(sql, *rest)
        if "catalog_stock" in sql and "FOR NO KEY UPDATE" in sql:
            has_stock.set()
            wait_for_another()
        return found

    try:
        with transaction.atomic(), connection.execute_wrapper(meet):
            hold_stock(quantities={variant.pk: 1})
    finally:
        has_stock.set()
        connection.close()


def wait_for_another():
    ends = monotonic() + 5
    with connection.connection.cursor() as cursor:
        while not cursor.execute(_WAITING).fetchone()[0] and monotonic() < ends:
            sleep(0.01)


@pytest.fixture
def pair():
    return [make_variant(sku=sku, on_hand=5, product_fields={"slug": sku.lower()}) for sku in ("MUG", "BOWL")]


def edited(pair):
    typed = [Typed("variant", variant.pk, {"price": 2000, "on_hand": 4}, {}) for variant in pair]
    return lambda: apply_edit(typed=typed, reason="count")


def imported(pair):
    text = "product,sku,price,on_hand\nmug,MUG,20.00,4\nbowl,BOWL,20.00,4\n"
    job = services.receive_file(file=SimpleUploadedFile("products.csv", text.encode()))
    services.work(job_id=job.pk)
    job.refresh_from_db()
    services.start_import(job=job)
    return lambda: services.work(job_id=job.pk)


def undone(pair):
    imported(pair)()
    job = Import.objects.get()
    services.start_undo(job=job)
    return lambda: services.undo_step(job_id=job.pk)


@pytest.mark.parametrize(("prepared", "on_hand"), [(edited, 4), (imported, 4), (undone, 5)])
def test_a_purchase_and_a_count_of_many_both_succeed(pair, prepared, on_hand):
    count, has_stock = prepared(pair), Event()
    with ThreadPoolExecutor(1) as pool:
        bought = pool.submit(buy, pair[1], has_stock=has_stock)
        has_stock.wait()
        count()
        bought.result()
    rows = Stock.objects.order_by("variant_id").values_list("on_hand", "reserved")
    assert list(rows) == [(on_hand, 0), (on_hand, 1)]
