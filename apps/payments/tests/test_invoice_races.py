"""Numbers of invoices while many issue at once and some fail: no gap, no double, on both databases.

The negative controls issue by max + 1, without the lock on the series: there the UNIQUE constraint on series and number
is what is left, and it refuses. With the constraint lifted too, numbers double.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Lock

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction
from django.db.models import Max
from django.utils import timezone

from apps.core.invariants import audit
from apps.orders.models import Order
from apps.payments.models import Invoice, NumberSeries
from apps.payments.services import invoicing
from apps.payments.tests.factories import make_order

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

HANDS = 8


class PowerCut(Exception):
    """Forced after the document was written, before the commit."""


def in_parallel(action, arguments):
    """Call the action for each argument from a few threads; what each call returned or raised."""
    barrier = Barrier(HANDS)
    waiting, lock = list(reversed(arguments)), Lock()

    def work(_):
        results = []
        barrier.wait()
        while True:
            with lock:
                if not waiting:
                    break
                argument = waiting.pop()
            try:
                results.append(action(argument))
            except Exception as error:
                results.append(error)
        connections.close_all()
        return results

    with ThreadPoolExecutor(HANDS) as pool:
        return [result for results in pool.map(work, range(HANDS)) for result in results]


def paid_orders(count):
    return [make_order(payment_state="paid", status="paid", paid_at=timezone.now()).pk for _ in range(count)]


def sequences(series="INV"):
    return list(Invoice.unscoped.filter(series=series).order_by("pk").values_list("sequence", flat=True))


def broken():
    return [finding.detail for finding in audit() if finding.invariant == "payments.series_have_no_gaps"]


def issue_or_fail(job):
    """Issue the invoice of the order; where the job says so, everything is rolled back afterwards."""
    order_id, fails = job
    with transaction.atomic():
        invoicing.issue_invoice(order_id=order_id)
        if fails:
            raise PowerCut


def jobs(issues, failures):
    """Orders to invoice, with failures spread among them: a failed one is issued by nobody later."""
    total = issues + failures
    every = total // failures
    return [(pk, index % every == 0 and index // every < failures) for index, pk in enumerate(paid_orders(total))]


@pytest.mark.parametrize(
    ("issues", "failures"), [(100, 12), pytest.param(1000, 120, marks=pytest.mark.long)], ids=["100", "1000"]
)
def test_parallel_issues_with_forced_rollbacks_leave_no_gap(issues, failures):
    results = in_parallel(issue_or_fail, jobs(issues, failures))

    assert [result for result in results if result is not None and not isinstance(result, PowerCut)] == []
    assert sum(isinstance(result, PowerCut) for result in results) == failures
    assert sorted(sequences()) == list(range(1, issues + 1))
    assert NumberSeries.objects.get().last == issues
    assert broken() == []


def test_numbers_ascend_in_the_order_in_which_documents_were_written():
    in_parallel(issue_or_fail, jobs(40, 8))

    assert sequences() == list(range(1, 41))  # by primary key: the series' lock made them queue


def test_one_order_invoiced_by_many_has_one_invoice():
    (order_id,) = paid_orders(1)

    results = in_parallel(lambda _: invoicing.issue_invoice(order_id=order_id).number, range(HANDS * 4))

    assert set(results) == {"INV-000001"}
    assert sequences() == [1]


def test_two_sweeps_of_what_is_missing_do_not_meet():
    paid_orders(30)

    results = in_parallel(lambda _: invoicing.issue_missing(), range(HANDS))

    assert sum(results) == 30
    assert sequences() == list(range(1, 31))


def test_a_new_series_that_many_begin_at_once_begins_at_one(settings):
    settings.INVOICE_SERIES = "2027"

    in_parallel(issue_or_fail, jobs(HANDS, 1))

    assert sorted(sequences("2027")) == list(range(1, HANDS + 1))


# --- Negative controls.


def issue_by_maximum(job):
    """What most shops do: look which number was the last one, and take the next."""
    order_id, fails = job
    order = Order.unscoped.get(pk=order_id)
    last = Invoice.unscoped.filter(series="INV").aggregate(last=Max("sequence"))["last"] or 0
    time.sleep(0.002)  # as long as a slow request takes between reading and writing
    with transaction.atomic():
        Invoice.unscoped.create(
            kind="invoice",
            series="INV",
            sequence=last + 1,
            number=f"INV-{last + 1:06d}-{order_id}",
            order=order,
            currency="EUR",
            total=order.total,
            tax_total=0,
            content={"tax": [{"rate": 0, "net": order.total, "tax": 0, "gross": order.total}]},
            issued_at=timezone.now(),
        )
        if fails:
            raise PowerCut


@contextmanager
def without_the_constraint():
    constraint = next(c for c in Invoice._meta.constraints if c.name == "payments_invoice_sequence_once")
    Invoice._meta.constraints.remove(constraint)  # SQLite rebuilds the table from what the model says
    with connection.schema_editor() as editor:
        editor.remove_constraint(Invoice, constraint)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM payments_invoice")
        Invoice._meta.constraints.append(constraint)
        with connection.schema_editor() as editor:
            editor.add_constraint(Invoice, constraint)


def test_without_the_lock_the_constraint_refuses_doubles():
    results = in_parallel(issue_by_maximum, jobs(100, 12))

    refused = [result for result in results if isinstance(result, IntegrityError | OperationalError)]
    assert refused
    assert len(sequences()) == len(set(sequences()))


def test_without_lock_and_constraint_numbers_double():
    with without_the_constraint():
        in_parallel(issue_by_maximum, jobs(100, 12))

        assert len(sequences()) > len(set(sequences()))
        assert broken() != []


def test_a_counter_that_is_not_rolled_back_leaves_gaps():
    """The other mistake: a sequence of the database, whose numbers are gone when the transaction fails."""
    spent = iter(range(1, 1000))
    lock = Lock()

    def issue(job):
        order_id, fails = job
        with lock:
            number = next(spent)
        with transaction.atomic():
            Invoice.unscoped.create(
                kind="invoice",
                series="INV",
                sequence=number,
                number=f"INV-{number:06d}",
                order_id=order_id,
                currency="EUR",
                total=3688,
                tax_total=0,
                content={"tax": [{"rate": 0, "net": 3688, "tax": 0, "gross": 3688}]},
                issued_at=timezone.now(),
            )
            if fails:
                raise PowerCut

    in_parallel(issue, jobs(40, 8))

    assert len(sequences()) < max(sequences())
    assert broken() != []
