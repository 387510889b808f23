"""A worker that is killed between two chunks: whoever comes next goes on, and no row is lost or counted twice."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.catalog.models import PriceChange, Product, StockMovement, Variant
from apps.catalog.services import publish_now
from apps.catalog.tests.factories import make_variant, published_together
from apps.exchange import services
from apps.exchange.models import BulkEdit, Import
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


def test_a_killed_edit_goes_on_and_changes_nothing_twice():
    with published_together():
        for n in range(40):
            make_variant(sku=f"CUP-{n}", price=1000, on_hand=2)
    products = list(Product.objects.values_list("pk", flat=True))
    publish_now(products)
    plan = {"price": {"how": "raise_percent", "value": "10"}, "on_hand": {"how": "add", "value": 1}}
    edit = services.plan_selection(products=products, plan=plan, reason="delivery")

    def work_killed():
        point = "exchange.edit.chunk_written"
        assert in_process(lambda: services.work_edit(edit_id=edit.pk), crash_at=point) == "killed"
        edit.refresh_from_db()
        rows = {outcome: edit.rows.filter(outcome=outcome).count() for outcome in edit.counts["rows"]}
        assert (edit.done, edit.counts["rows"]) == (25, rows)

    def work():
        services.work_edit(edit_id=edit.pk)
        edit.refresh_from_db()

    work_killed()
    assert (edit.state, edit.rows.count()) == ("checking", 25)
    work()
    services.start_edit(edit=edit)
    work_killed()
    assert Variant.objects.filter(price=1100, stock__on_hand=3).count() == 25
    work()
    assert (edit.state, edit.counts["rows"]) == ("done", {"planned": 0, "changed": 40})
    assert Variant.objects.filter(price=1100, stock__on_hand=3).count() == 40
    assert StockMovement.objects.filter(reason="delivery").count() == 40
    services.undo_edit(edit=edit)
    work_killed()
    work()
    assert (edit.state, Variant.objects.filter(price=1000, stock__on_hand=2).count()) == ("undone", 40)
    assert PriceChange.objects.count() == 120
    assert BulkEdit.objects.get().counts["rows"] == {"planned": 0, "changed": 0, "undone": 40}
