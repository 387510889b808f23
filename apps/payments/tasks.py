from django.tasks import task

from apps.core import crash
from apps.payments import services
from apps.payments.models import SandboxTransaction
from apps.payments.sandbox import callback
from apps.payments.services import refunds


@task(max_attempts=10, backoff=5.0, lease=60.0)
def deliver_webhook(transaction_id: int, event_id: str, outcome: str) -> None:
    """The test bank tells the shop; tried again with growing pauses until the shop answers 2xx."""
    entry = SandboxTransaction.objects.get(pk=transaction_id)
    crash.point("payments.deliver.before_call")
    callback.call_shop(callback.event_body(entry, event_id=event_id, outcome=outcome))
    crash.point("payments.deliver.after_call")


@task(max_attempts=8, backoff=5.0, lease=120.0)
def apply_provider_event(event_id: int) -> None:
    services.apply_event(event_id=event_id)


@task(max_attempts=5, backoff=10.0, lease=120.0)
def close_open_attempts(order_id: int) -> None:
    services.close_attempts(order_id=order_id)


@task(max_attempts=1, lease=600.0)
def reconcile_payments() -> None:
    services.reconcile(books=False)


@task(max_attempts=1, lease=1800.0)
def reconcile_books() -> None:
    services.reconcile()


@task(max_attempts=12, backoff=10.0, lease=120.0)
def send_refund(refund_id: int) -> None:
    refunds.send_refund(refund_id=refund_id)


@task(max_attempts=8, backoff=5.0, lease=120.0)
def check_later(payment_id: int) -> None:
    services.check_payment(payment_id=payment_id)


@task(max_attempts=8, backoff=5.0, lease=120.0)
def take_authorised(payment_id: int) -> None:
    services.take_authorised(payment_id=payment_id)
