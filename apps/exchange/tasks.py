"""Each takes the language of who asked for it: what a job finds it tells in words, and a worker has no language."""

from typing import Any

from django.tasks import task

from apps.exchange import services
from apps.exchange.services import picturing, selections
from apps.exchange.services.speaking import speaking


@task(max_attempts=10, backoff=5.0, lease=300.0)
def work_import(job_id: int, language: str = "") -> None:
    """Try or write a part of a product file."""
    with speaking(language):
        services.work(job_id=job_id)


@task(max_attempts=3, lease=1800.0)
def fetch_pictures(job_id: int, products: list[dict[str, Any]], language: str = "") -> None:
    """Fetch the pictures of a few products of an import."""
    with speaking(language):
        picturing.attach(job_id=job_id, products=products)


@task(max_attempts=10, backoff=5.0, lease=300.0)
def undo_import(job_id: int, language: str = "", actor_id: int | None = None) -> None:
    """Take back a part of an import, for whom the stock ledger is to name."""
    with speaking(language):
        services.undo_step(job_id=job_id, actor_id=actor_id)


@task(max_attempts=10, backoff=5.0, lease=300.0)
def work_edit(edit_id: int, language: str = "", actor_id: int | None = None) -> None:
    """Look at, write or take back a part of a bulk edit; `actor_id` is who takes it back."""
    with speaking(language):
        selections.work_edit(edit_id=edit_id, actor_id=actor_id)


@task()
def forget_plans() -> int:
    """Delete bulk edits that were planned and never made."""
    return selections.forget_plans()
