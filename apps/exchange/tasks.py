from typing import Any

from django.tasks import task

from apps.exchange import services
from apps.exchange.services import picturing, selections


@task(max_attempts=10, backoff=5.0, lease=300.0)
def work_import(job_id: int) -> None:
    """Try or write a part of a product file."""
    services.work(job_id=job_id)


@task(max_attempts=3, lease=1800.0)
def fetch_pictures(job_id: int, products: list[dict[str, Any]]) -> None:
    """Fetch the pictures of a few products of an import."""
    picturing.attach(job_id=job_id, products=products)


@task(max_attempts=10, backoff=5.0, lease=300.0)
def undo_import(job_id: int) -> None:
    """Take back a part of an import."""
    services.undo_step(job_id=job_id)


@task(max_attempts=10, backoff=5.0, lease=300.0)
def work_edit(edit_id: int) -> None:
    """Look at, write or take back a part of a bulk edit."""
    selections.work_edit(edit_id=edit_id)


@task()
def forget_plans() -> int:
    """Delete bulk edits that were planned and never made."""
    return selections.forget_plans()
