"""`kill -9` at each crash point of placing, paying and mailing: nothing is lost, nothing doubled but a mail in flight.

The short version kills once at each point, on one of the two databases; `make races` twenty times on both.
"""

import email
from collections import Counter
from email import policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client

from apps.catalog.models import Stock
from apps.catalog.tests.factories import make_variant
from apps.core import invariants
from apps.jobs.models import Job
from apps.jobs.worker import Worker
from apps.notifications.models import Message
from apps.orders.models import Cart, Order
from apps.payments.models import Payment, WebhookEvent
from tests.support.buyer import ADDRESS, field_value, first_choice
from tests.support.mortal import in_process, in_turn

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PLACING = [
    "orders.place.order_written",
    "orders.place.lines_written",
    "orders.place.cart_closed",
    "payments.prepare.payment_written",
    "orders.place.payment_prepared",
    "orders.place.stock_held",
    "notifications.send.row_written",
    "orders.place.facts_sent",
    "orders.place.committed",
]
PAYING = [
    "payments.sandbox.outcome_written",
    "payments.sandbox.outcome_committed",
    "payments.deliver.before_call",
    "payments.webhook.event_written",
    "payments.webhook.committed",
    "payments.deliver.after_call",
    "payments.apply.book_read",
    "payments.apply.payment_moved",
    "orders.record_payment.order_moved",
    "orders.record_payment.facts_sent",
    "payments.apply.event_finished",
    "payments.apply.committed",
]
WORKING = ["jobs.worker.claimed", "jobs.worker.task_done"]
MAILING = ["notifications.deliver.before_send", "notifications.deliver.after_send"]

once = pytest.mark.parametrize("kills", [1])
twenty_times = pytest.mark.parametrize("kills", [pytest.param(20, marks=pytest.mark.long)])


class Journey:
    """One guest on the way from the cart to a paid order, each step in a process that may die."""

    def __init__(self, variant):
        self.client = Client()
        page = self.client.get(variant.get_absolute_url())
        assert page.status_code == 200
        self.client.post("/cart/lines/", {"sku": variant.sku, "quantity": "2"})
        self.form = self._checkout_form()
        self.bank = ""

    def _checkout_form(self):
        page = self.client.get("/checkout/").content.decode()
        form = {**ADDRESS, "action": "update"}
        form |= {name: field_value(page, name) for name in ("checkout_token", "shown_total")}
        page = self.client.post("/checkout/", form).content.decode()
        form |= {name: field_value(page, name) for name in ("checkout_token", "shown_total")}
        form |= {name: first_choice(page, name) for name in ("shipping_method", "payment_method")}
        del form["action"]
        return form

    def place(self):
        response = self.client.post("/checkout/", self.form)
        assert response.status_code == 303, response.content.decode()[:2000]
        return response

    def pay(self):
        assert self.client.post(self.bank, {"outcome": "succeed"}).status_code == 303

    def find_bank(self):
        self.bank = urlsplit(self.place()["Location"]).path


def work_the_queue():
    Job.objects.filter(status=Job.Status.READY).exclude(run_after__year=9999).update(run_after=_past())
    Worker().drain()


def _past():
    from datetime import timedelta

    from django.utils import timezone

    return timezone.now() - timedelta(seconds=1)


def heal():
    """What a restart does: the worker brings back what the dead one held, until nothing is left to do."""
    for _ in range(5):
        work_the_queue()


def mails(folder: Path):
    """Message-ID and recipient of every mail that the file backend wrote."""
    found = []
    for path in folder.glob("*.log"):
        for part in path.read_bytes().split(b"-" * 79 + b"\n"):
            if part.strip():
                message = email.message_from_bytes(part, policy=policy.default)
                found.append((message["Message-ID"], message["To"]))
    return found


@pytest.fixture
def variant(settings, tmp_path):
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(tmp_path / "mail")},
        }
    }
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
    call_command("seed", products=0, orders=0, verbosity=0)
    return make_variant(sku="KILL-1", title="Survivor", price=2500, on_hand=1000)


def assert_one_paid_order(variant, mail_folder, *, mails_in_flight=0, orders=1):
    assert invariants.audit() == []
    assert list(Order.unscoped.values_list("status", flat=True)) == ["paid"] * orders
    assert Payment.unscoped.filter(state="succeeded").count() == orders
    assert WebhookEvent.objects.count() == orders
    assert Cart.unscoped.filter(state="ordered").count() == orders
    stock = Stock.objects.get(variant=variant)
    assert (stock.on_hand, stock.reserved) == (1000, 2 * orders)
    assert Counter(Message.objects.values_list("state", flat=True)) == {"sent": 2 * orders}
    sent = mails(mail_folder)
    assert len({message_id for message_id, _ in sent}) == 2 * orders
    assert len(sent) <= 2 * orders + mails_in_flight


def kill_while_placing(variant, point):
    journey = Journey(variant)
    before = Order.unscoped.count()
    assert in_process(journey.place, crash_at=point) == "killed"
    assert Order.unscoped.count() == before + (point == "orders.place.committed")
    assert invariants.audit() == []
    in_process(journey.place)
    journey.find_bank()
    in_process(journey.pay)
    in_process(heal)


@pytest.mark.parametrize("point", in_turn(PLACING))
@once
def test_a_kill_while_placing_loses_and_doubles_nothing(variant, tmp_path, point, kills):
    kill_while_placing(variant, point)
    assert_one_paid_order(variant, tmp_path / "mail")


@pytest.mark.parametrize("point", PLACING)
@twenty_times
def test_twenty_kills_while_placing_lose_and_double_nothing(variant, tmp_path, point, kills):
    for _ in range(kills):
        kill_while_placing(variant, point)
    assert_one_paid_order(variant, tmp_path / "mail", orders=kills)


def kill_while_paying(variant, point):
    journey = Journey(variant)
    journey.find_bank()
    killed = in_process(journey.pay, crash_at=point) == "killed"
    if not killed:
        killed = in_process(work_the_queue, crash_at=point) == "killed"
    assert killed
    assert invariants.audit() == []
    in_process(journey.pay)
    in_process(heal)


@pytest.mark.parametrize("point", in_turn(PAYING + WORKING))
@once
def test_a_kill_while_paying_takes_the_money_once(variant, tmp_path, point, kills):
    kill_while_paying(variant, point)
    assert_one_paid_order(variant, tmp_path / "mail", mails_in_flight=point in WORKING)


@pytest.mark.parametrize("point", PAYING + WORKING)
@twenty_times
def test_twenty_kills_while_paying_take_each_payment_once(variant, tmp_path, point, kills):
    for _ in range(kills):
        kill_while_paying(variant, point)
    assert_one_paid_order(variant, tmp_path / "mail", mails_in_flight=kills * (point in WORKING), orders=kills)


def kill_while_mailing(variant, point):
    journey = Journey(variant)
    journey.find_bank()
    in_process(journey.pay)
    assert in_process(work_the_queue, crash_at=point) == "killed"
    in_process(heal)


@pytest.mark.parametrize("point", in_turn(MAILING))
@once
def test_a_kill_while_mailing_repeats_at_most_the_mail_in_flight(variant, tmp_path, point, kills):
    kill_while_mailing(variant, point)
    assert_one_paid_order(variant, tmp_path / "mail", mails_in_flight=1)


@pytest.mark.parametrize("point", MAILING)
@twenty_times
def test_twenty_kills_while_mailing_repeat_at_most_one_mail_each(variant, tmp_path, point, kills):
    for _ in range(kills):
        kill_while_mailing(variant, point)
    assert_one_paid_order(variant, tmp_path / "mail", mails_in_flight=kills, orders=kills)
