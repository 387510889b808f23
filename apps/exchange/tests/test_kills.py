"""A worker that is killed between two chunks: whoever comes next goes on, and no row is lost or counted twice."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.catalog.models import Product, StockMovement
from apps.exchange import services
from apps.exchange.models import Import
from tests.support.mortal import in_process

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.one_database("sqlite")]
ROWS = "".join(f"cup-{n},Cup {n},CUP-{n},3.00,2\n" for n in range(60))
FILE = f"product,title,sku,price,on_hand\n{ROWS}"


def test_a_killed_import_goes_on_and_can_be_undone_after_another_kill():
    job = services.receive_file(file=SimpleUploadedFile("products.csv", FILE.encode()))
    services.work(job_id=job.pk)
    job.refresh_from_db()
    services.start_import(job=job)
    assert in_process(lambda: services.work(job_id=job.pk), crash_at="exchange.import.chunk_written") == "killed"
    job.refresh_from_db()
    assert (job.state, job.position, Product.objects.count()) == ("running", 50, 50)
    services.work(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.rows_done, job.counts["outcomes"]) == ("done", 60, {"created": 60})
    assert (Product.objects.count(), StockMovement.objects.count()) == (60, 60)
    services.start_undo(job=job)
    assert in_process(lambda: services.undo_step(job_id=job.pk), crash_at="exchange.undo.chunk_written") == "killed"
    assert Product.objects.count() == 40
    services.undo_step(job_id=job.pk)
    assert (Import.objects.get().state, Product.objects.count()) == ("undone", 0)
