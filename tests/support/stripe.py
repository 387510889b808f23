"""A shop that takes its money through the fake Stripe, driven by hand: nothing happens until a test says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.test import Client, override_settings
from django.utils import timezone

from apps.jobs.models import Job
from apps.jobs.worker import Worker
from apps.orders.tests.providers import FlatRates, registered
from apps.payments import gateways
from apps.payments.fake_stripe import FakeStripe
from apps.payments.stripe.gateway import StripeGateway
from apps.payments.stripe.method import StripeMethod

WEBHOOK = "/payments/stripe/webhook/"
KEY = "sk_test_of_the_money_tests"


@contextmanager
def stripe_shop(webhook_url: str | None = None) -> Iterator[FakeStripe]:
    """A fake whose events are delivered by `control.deliver()` in the caller's thread, or posted to `webhook_url`."""
    deliver = None if webhook_url else post
    with FakeStripe(webhook_url=webhook_url, deliver=deliver, api_key=KEY) as stripe:
        names = {
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_WEBHOOK_SECRET": [stripe.secret],
            "STRIPE_API_BASE": stripe.url,
            "PAYMENT_METHODS": ["stripe"],
        }
        with override_settings(**names), registered(methods=[StripeMethod()], rates=[FlatRates()]):
            known = dict(gateways._gateways)
            gateways.register_gateway(StripeGateway())
            try:
                yield stripe
            finally:
                gateways._gateways.clear()
                gateways._gateways.update(known)


def post(body: bytes, headers: dict[str, str]) -> int:
    """What the web server would do with a webhook."""
    kept = {name: value for name, value in headers.items() if name != "Content-Type"}
    return Client().post(WEBHOOK, body, content_type="application/json", headers=kept).status_code


def work(*, only: str = "", rounds: int = 3) -> None:
    """Run the jobs whose task starts with `only`; those that fail are tried again at once, a few times."""
    for _ in range(rounds):
        if not work_once(only=only):
            return


def work_once(*, only: str = "") -> int:
    """One attempt at each waiting job; returns how many there were."""
    waiting = Job.objects.filter(status=Job.Status.READY)
    worker, mine = Worker(), list(waiting.filter(task_path__startswith=only).values_list("pk", flat=True))
    for pk in mine:
        # Those alone that a worker would take: what waits already is not written again and again.
        due = waiting.filter(run_after__lt=timezone.now() + timedelta(hours=1))
        due.exclude(pk=pk).update(run_after=timezone.now() + timedelta(days=1))
        waiting.filter(pk=pk).update(run_after=timezone.now() - timedelta(seconds=1))
        worker.work_one()
    return len(mine)


def unfinished() -> list[str]:
    """Jobs that failed, with the last line of why: what a test has to look at."""
    failed = Job.objects.exclude(status=Job.Status.SUCCESSFUL).exclude(traceback="")
    return [f"{job.task_path}: {job.last_error}" for job in failed]
