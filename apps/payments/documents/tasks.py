from django.tasks import task

from apps.payments.services import invoicing


@task(max_attempts=12, backoff=10.0, lease=120.0)
def issue_invoice(order_id: int) -> None:
    invoicing.issue_invoice(order_id=order_id)


@task(max_attempts=12, backoff=10.0, lease=120.0)
def issue_credit_note(refund_id: int) -> None:
    invoicing.issue_credit_note(refund_id=refund_id)


@task(max_attempts=12, backoff=10.0, lease=120.0)
def cancel_credit_note(refund_id: int) -> None:
    invoicing.cancel_credit_note(refund_id=refund_id)


@task(max_attempts=1, lease=600.0)
def issue_missing() -> None:
    invoicing.issue_missing()
