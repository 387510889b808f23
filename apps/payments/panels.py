"""What payments shows on the admin's first page: money that waits for a person."""

from typing import Any

from django.http import HttpRequest

from apps.core import dashboard
from apps.payments.models import Dispute
from apps.payments.services import refunds

PERMISSION = "payments.view_refund"
LATEST = 8


def register() -> None:
    panel = dashboard.Panel("payments-to-settle", "payments/admin/to_settle.html", to_settle, PERMISSION, rank=4)
    dashboard.register(panel)


def to_settle(request: HttpRequest) -> dict[str, Any]:
    """Failed refunds that nobody has tried again or looked after, and open disputes. Two queries."""
    failed = refunds.failed_refunds().exclude(order__attention="").select_related("order").order_by("pk")
    disputes = Dispute.unscoped.filter(state=Dispute.State.OPEN).select_related("payment__order").order_by("pk")
    return {"failed": list(failed[:LATEST]), "disputes": list(disputes[:LATEST])}
