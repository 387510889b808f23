"""The job of an import, for the trial as for the real run: a chunk of products, what became of it and how far the file
is read are one transaction. Whoever comes after a killed worker goes on from there."""

import time
from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any

from django.db import reset_queries, transaction
from django.db.models import F
from django.utils import timezone

from apps.catalog.importing.changes import Change
from apps.catalog.importing.drafts import ProductDraft
from apps.catalog.importing.fetching import Fetcher
from apps.catalog.importing.pictures import Pictures
from apps.catalog.importing.pipeline import Entry, ImportRun, recognise
from apps.catalog.importing.reading import UnreadableFile, open_source
from apps.catalog.importing.report import Report
from apps.catalog.importing.writing import Written
from apps.core import crash
from apps.core.turns import Turns
from apps.exchange.errors import NotNow
from apps.exchange.models import Import, ImportRow
from apps.exchange.services.moving import add_counts, move
from apps.exchange.services.speaking import asked_in
from apps.exchange.services.uploading import stored_file

# Well inside the lease of the job, so that nobody takes an honest worker for a dead one.
SLICE_SECONDS = 100.0
PICTURES_OF = 5  # products whose pictures one job fetches


def start_import(*, job: Import) -> None:
    """Write what the trial has shown. Raises NotNow unless it is checked; nothing is changed then."""
    from apps.exchange.tasks import work_import

    with transaction.atomic():
        move(job, Import.State.RUNNING, started_at=timezone.now(), position=0, rows_done=0, counts={}, categories=[])
        job.rows.all().delete()
        work_import.enqueue(job.pk, language=asked_in())


def work(*, job_id: int) -> None:
    """Go on with an import for a while; asks for another job if the file is not at its end. Safe to repeat."""
    job = Import.objects.filter(pk=job_id, state__in=(Import.State.CHECKING, Import.State.RUNNING)).first()
    if job is None:
        return
    try:
        with stored_file(job) as path:
            if _read_on(job, path):
                _finish(job)
    except UnreadableFile as error:
        move(job, Import.State.FAILED, problem=str(error)[:300], finished_at=timezone.now())
    except NotNow:
        return  # another worker is at it


def _read_on(job: Import, path: Any) -> bool:
    """Whether the file is at its end."""
    from apps.exchange.tasks import work_import

    ends, turns = time.monotonic() + SLICE_SECONDS, Turns()
    source = open_source(path)
    _name, module = recognise(source, job.format)
    if job.total is None:
        job.total = sum(1 for _row in source.rows())
        Import.objects.filter(pk=job.pk).update(total=job.total, version=F("version") + 1)
    pictures = Pictures(Fetcher(), None, True)
    run = ImportRun(source, module, Report(dry_run=job.state == Import.State.CHECKING), pictures, job.actor)
    for position, batch in run.batches(job.position):
        _write_chunk(job, run, position, batch)
        crash.point("exchange.import.chunk_written")
        turns.between()
        reset_queries()  # while debugging, Django keeps the last 9000 statements, which are large here
        if time.monotonic() > ends:
            work_import.enqueue(job.pk, language=asked_in())
            return False
    return True


def _write_chunk(job: Import, run: ImportRun, position: int, batch: Sequence[Entry]) -> None:
    """Raises NotNow if another worker has gone on meanwhile; nothing is changed then."""
    run.report = Report(dry_run=run.report.dry_run)
    with transaction.atomic():
        here = Import.objects.select_for_update().get(pk=job.pk)
        if (here.state, here.position) != (job.state, job.position):
            raise NotNow
        written = run.write(batch)
        run.account(batch, written)
        ImportRow.objects.bulk_create(_rows(job, run.report, written), batch_size=500)
        for group in ("outcomes", "products", "variants"):
            add_counts(here.counts, group, getattr(run.report, group))
        if not run.report.dry_run:
            _ask_for_pictures(job, batch, written, here.counts)
        here.categories = sorted({*here.categories, *run.writer.tree.made})
        here.position = position
        here.rows_done += run.report.rows
        here.version += 1
        here.save(update_fields=["counts", "categories", "position", "rows_done", "version"])
    job.position = position


def _rows(job: Import, report: Report, written: Written) -> Iterator[ImportRow]:
    for change in written.changes:
        yield _row(job, change, real=not report.dry_run)
    for outcome, entries in (("failed", report.failures), ("skipped", report.skips)):
        for number, handle, reason in entries:
            yield ImportRow(
                job=job, number=number, kind="row", outcome=outcome, handle=handle[:255], reason=reason[:500]
            )


def _row(job: Import, change: Change, *, real: bool) -> ImportRow:
    is_product = change.kind == "product"
    product_id = change.instance.pk if is_product else change.instance.product_id
    known = real or change.outcome != "created"
    return ImportRow(
        job=job,
        number=change.row,
        kind=change.kind,
        outcome=change.outcome,
        handle=change.handle[:255],
        sku="" if is_product else change.instance.sku,
        product_id=product_id if real else None,
        variant_id=change.instance.pk if known and not is_product else None,
        fields=change.fields,
        made=change.made if real else {},
        stamp=change.instance.updated_at if is_product and real else None,
    )


def _ask_for_pictures(job: Import, batch: Sequence[Entry], written: Written, counts: dict[str, Any]) -> None:
    """Pictures come from the web, which no chunk waits for: jobs fetch them, asked for in the same transaction."""
    from apps.exchange.tasks import fetch_pictures

    wanted = [
        _described(draft, written.product_ids[draft.slug])
        for draft in batch
        if isinstance(draft, ProductDraft) and draft.pictures and draft.slug in written.product_ids
    ]
    for part in batched(wanted, PICTURES_OF, strict=False):
        fetch_pictures.enqueue(job.pk, list(part), language=asked_in())
    add_counts(counts, "pictures", {"asked": sum(len(product["pictures"]) for product in wanted)})


def _described(draft: ProductDraft, product_id: int) -> dict[str, Any]:
    return {
        "slug": draft.slug,
        "product_id": product_id,
        "title": draft.fields.get("title", ""),
        "states_positions": draft.states_positions,
        "pictures": [
            {
                "row": picture.row,
                "source": picture.source,
                "alt": picture.alt,
                "position": picture.position,
                "texts": picture.texts,
                "is_exact": picture.is_exact,
                "variant_id": picture.variant.pk if picture.variant else None,
            }
            for picture in draft.pictures
        ],
    }


def _finish(job: Import) -> None:
    with transaction.atomic():
        if job.state == Import.State.CHECKING:
            move(job, Import.State.CHECKED)
        else:
            move(job, Import.State.DONE, finished_at=timezone.now())
            job.parts.all().delete()
