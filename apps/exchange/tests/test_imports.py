import copy
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.forms.models import model_to_dict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from apps.catalog.importing.fetching import FetchFailed
from apps.catalog.models import Category, OptionValue, Product, ProductImage, StockMovement, Variant
from apps.catalog.services import activate_product, adjust_stock
from apps.catalog.tests.factories import make_product, make_variant
from apps.catalog.tests.importing.pictures import picture
from apps.exchange import services
from apps.exchange.errors import NotNow
from apps.exchange.models import Import
from apps.exchange.selectors import import_rows
from apps.exchange.services import picturing
from apps.jobs.worker import Worker
from apps.orders.models import Order
from apps.orders.tests.factories import make_order
from apps.users.tests.factories import make_user

pytestmark = pytest.mark.django_db
HEADER = "product,title,category,sku,option_1,value_1,price,on_hand\n"
FILE = HEADER + (
    "mug,Big mug,,MUG,Colour,Red,12.00,7\nmug,,,MUG-B,Colour,Blue,12.00,1\n"
    "cup,Cup,New > Cups,CUP,,,3.00,\nbad,Bad,,BAD,,,much,\n"
)
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "import"}


class Web:
    """The web as it is for these tests: one picture."""

    def fetch(self, url):
        if not url.partition("?")[0].endswith("mug.png"):
            raise FetchFailed("The host answered 404.")
        return picture()


@pytest.fixture
def manager():
    client = Client()
    client.force_login(make_user(email="boss@example.com", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def mug():
    return make_variant(sku="MUG", price=1000, on_hand=5, options={"Colour": "Red"}, product_fields={"slug": "mug"})


def receive(text=FILE):
    return services.receive_file(file=SimpleUploadedFile("products.csv", text.encode()))


def work(job):
    services.work(job_id=job.pk)
    job.refresh_from_db()
    return job


def run(text=FILE):
    job = work(receive(text))
    services.start_import(job=job)
    return work(job)


def undo(job):
    services.start_undo(job=job)
    services.undo_step(job_id=job.pk)
    job.refresh_from_db()
    return job


def shop():
    return (
        list(Product.objects.order_by("pk").values("slug", "title", "category", "status", "translations")),
        list(Variant.objects.order_by("pk").values("sku", "price", "compare_at_price", "option_key")),
        list(Variant.objects.order_by("pk").values_list("stock__on_hand", "stock__backorder")),
        list(OptionValue.objects.order_by("pk").values_list("value", flat=True)),
        list(Category.objects.values_list("path", flat=True)),
    )


def test_an_empty_list_says_what_it_is_for(manager):
    assert "Nothing has been imported yet." in manager.get("/admin/exchange/import/").text
    assert "No articles have been edited together yet." in manager.get("/admin/exchange/bulkedit/").text
    assert "There is nothing here yet." in manager.get("/admin/payments/refund/").text


def test_the_trial_tells_every_difference_and_changes_nothing(mug):
    before = shop()
    job = work(receive())
    assert (job.state, job.total, job.rows_done) == ("checked", 4, 4)
    assert job.counts["outcomes"] == {"updated": 1, "created": 2, "failed": 1}
    assert job.categories == ["new", "new/cups"]
    shown = {
        (entry.row.handle, entry.row.sku): [(d.label, d.before, d.after) for d in entry.differences]
        for entry in import_rows(job, show="updated", page=None)
    }
    assert shown == {
        ("mug", ""): [("title", "Mug", "Big mug")],
        ("mug", "MUG"): [("price", "€10.00", "€12.00"), ("on hand", "5", "7")],
    }
    assert shop() == before


def test_an_import_is_written_and_undone_as_a_whole(mug):
    before = shop()
    job = run()
    assert (job.state, job.rows_done, job.parts.count()) == ("done", 4, 0)
    assert Product.objects.get(slug="mug").title == "Big mug"
    assert Variant.objects.get(sku="MUG").stock.on_hand == 7
    job = undo(job)
    assert (job.state, job.counts["undo"], job.total) == ("undone", {"undone": 2}, 4)
    assert shop() == before
    movements = StockMovement.objects.filter(variant=mug).order_by("pk").values_list("delta", "note")
    assert list(movements) == [(5, ""), (2, "products.csv"), (-2, "Import undone")]


def test_what_changed_or_was_sold_since_stays_and_is_told(mug):
    jug = make_variant(sku="JUG", price=500, on_hand=5, product_fields={"slug": "jug"})
    job = run(FILE + "jug,Big jug,,JUG,,,6.00,\npot,Pot,,POT,,,6.00,3\n")
    adjust_stock(variant=mug, delta=1, reason="delivery")
    pot = Variant.objects.get(sku="POT")
    make_order(lines={jug: 1})
    make_order(lines={pot: 1})
    job = undo(job)
    assert job.counts["undo"] == {"undone": 2, "kept": 2}
    kept = dict(job.rows.exclude(kept="").values_list("handle", "kept"))
    assert kept == {"mug": "It was changed since.", "jug": "It was sold since."}
    assert dict(Product.objects.values_list("slug", "status")) == {
        "mug": "active", "jug": "active", "pot": "archived",
    }  # fmt: skip


def test_new_products_are_taken_back_together_and_what_an_older_order_names_is_archived():
    job = run(HEADER + "".join(f"a{n},A,,A{n},,,1.00,2\n" for n in range(12)))
    order = make_order(lines={Variant.objects.get(sku="A3"): 1})
    Order.unscoped.filter(pk=order.pk).update(placed_at=job.started_at - timedelta(hours=1))
    assert undo(job).counts["undo"] == {"undone": 12}
    assert list(Product.objects.values_list("slug", "status")) == [("a3", "archived")]

    job = run(HEADER + "".join(f"b{n},B,,B{n},,,1.00,2\n" for n in range(12)))
    services.start_undo(job=job)
    with CaptureQueriesContext(connection) as asked:
        services.undo_step(job_id=job.pk)
    assert Product.objects.count() == 1
    assert len(asked) < 150  # fifty a product, one by one


def test_pictures_come_by_jobs_of_their_own_and_go_with_the_import(mug, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    address = "https://p.example/mug.png"
    job = run(f"product,sku,price,pictures,variant_pictures\nmug,MUG,12.00,{address} A mug,{address}\n")
    asked = DBTaskResult.objects.get(task_path__endswith="fetch_pictures").args_kwargs["args"]
    assert asked[0] == job.pk
    for _again in range(2):
        picturing.attach(job_id=job.pk, products=copy.deepcopy(asked[1]), fetcher=Web())
    image = ProductImage.objects.get()
    assert (image.product, image.variant, image.alt, image.source_url) == (mug.product, mug, "A mug", address)
    job.refresh_from_db()
    assert job.counts["pictures"] == {"asked": 1, "created": 1, "unchanged": 1}
    assert undo(job).counts["undo"] == {"undone": 1}
    assert not ProductImage.objects.exists()
    picturing.attach(job_id=job.pk, products=asked[1], fetcher=Web())
    assert not ProductImage.objects.exists()


def replaced(mug, settings, tmp_path):
    """A picture that an import has given another file, description and article."""
    settings.MEDIA_ROOT = tmp_path
    address = "https://p.example/mug.png"
    old = ProductImage.objects.create(
        product=mug.product, file="products/old.png", source_url=f"{address}?v=1", alt="Old", width=8, height=8,
        renditions={"avif": [[8, "old.avif"]]}, state="ready", position=3,
    )  # fmt: skip
    job = run(f"product,sku,price,pictures,variant_pictures\nmug,MUG,12.00,{address}?v=2 New,{address}?v=2\n")
    asked = DBTaskResult.objects.get(task_path__endswith="fetch_pictures").args_kwargs["args"]
    for _again in range(2):
        picturing.attach(job_id=job.pk, products=copy.deepcopy(asked[1]), fetcher=Web())
    new = ProductImage.objects.get()
    assert (new.pk, new.alt, new.variant, new.file != old.file) == (old.pk, "New", mug, True)
    return job, old


def values_of(image):
    return {name: value for name, value in model_to_dict(image).items() if name != "file"} | {
        "file": image.file.name, "renditions": image.renditions, "width": image.width, "state": image.state,
    }  # fmt: skip


def test_a_picture_that_was_replaced_comes_back_with_its_file(mug, settings, tmp_path):
    job, old = replaced(mug, settings, tmp_path)
    assert undo(job).counts["undo"] == {"undone": 1}
    assert values_of(ProductImage.objects.get()) == values_of(old)


def test_a_replaced_picture_that_was_changed_since_stays(mug, settings, tmp_path):
    job, old = replaced(mug, settings, tmp_path)
    ProductImage.objects.update(alt="By hand")
    undo(job)
    image = ProductImage.objects.get()
    assert (image.alt, image.file != old.file) == ("By hand", True)


def test_a_picture_that_does_not_come_is_told(mug):
    job = run("product,sku,price,pictures\nmug,MUG,12.00,https://p.example/none.png\n")
    asked = DBTaskResult.objects.get(task_path__endswith="fetch_pictures").args_kwargs["args"]
    picturing.attach(job_id=job.pk, products=asked[1], fetcher=Web())
    told = job.rows.get(kind="picture")
    assert (told.number, told.outcome, told.reason) == (2, "failed", "The host answered 404.")


def test_a_step_that_is_not_possible_changes_nothing(mug):
    job = receive()
    with pytest.raises(NotNow):
        services.start_import(job=job)
    with pytest.raises(NotNow):
        services.start_undo(job=job)
    assert Import.objects.get().state == "checking"


def test_the_wizard_from_upload_to_undo(manager, mug):
    page = manager.get("/admin/exchange/import/add/")
    assert 'enctype="multipart/form-data"' in page.text
    answer = manager.post("/admin/exchange/import/add/", {"file": "", "format_name": "auto"})
    assert answer.status_code == 422
    wrong = SimpleUploadedFile("a.csv", b"x,y\n1,2\n")
    answer = manager.post("/admin/exchange/import/add/", {"file": wrong, "format_name": "auto"})
    assert (answer.status_code, Import.objects.count()) == (422, 0)
    assert "not the header of a product export" in answer.text
    file = SimpleUploadedFile("products.csv", FILE.encode())
    answer = manager.post("/admin/exchange/import/add/", {"file": file, "format_name": "auto"})
    job = Import.objects.get()
    page = f"/admin/exchange/import/{job.pk}/change/"
    assert (answer.status_code, answer.url) == (302, page)
    assert 'hx-trigger="every 1s"' in manager.get(page).text
    assert manager.get(f"{page}?seen={job.version}", **HTMX).status_code == 204
    work(job)
    fragment = manager.get(f"{page}?seen=1", **HTMX).text
    assert fragment.lstrip().startswith('<div id="import">')
    assert "Import now" in fragment and "“much” is not a number." in fragment
    assert manager.post(f"/admin/exchange/import/{job.pk}/start/").status_code == 302
    work(job)
    assert "Undo the whole import" in manager.get(page).text
    counted = StockMovement.objects.filter(variant=mug).latest("pk")
    assert (counted.delta, counted.note, counted.actor.email) == (2, "products.csv", "boss@example.com")
    problems = b"".join(manager.get(f"/admin/exchange/import/{job.pk}/problems.csv").streaming_content).decode()
    assert problems.splitlines()[1:] == ["5,bad,failed,“much” is not a number."]
    manager.post(f"/admin/exchange/import/{job.pk}/undo/")
    services.undo_step(job_id=job.pk)
    assert "as it was before" not in manager.get(page).text
    assert "2 products are as they were before." in manager.get(page).text


def test_the_ledger_names_who_took_an_import_back_and_nobody_once_they_left(manager, mug):
    for is_still_here in (True, False):
        job = run()
        manager.post(f"/admin/exchange/import/{job.pk}/undo/")
        if not is_still_here:
            get_user_model().objects.all().delete()
        Worker().drain()
        job.refresh_from_db()
        moved = StockMovement.objects.filter(variant=mug).latest("pk")
        assert (job.state, moved.delta, moved.note) == ("undone", -2, "Import undone")
        assert (moved.actor and moved.actor.email) == ("boss@example.com" if is_still_here else None)


def test_what_an_import_says_is_in_the_language_of_who_asked(manager):
    file = SimpleUploadedFile("products.csv", FILE.encode())
    page = manager.post("/de/admin/exchange/import/add/", {"file": file, "format_name": "auto"}).url
    Worker().drain()
    assert "„much“ ist keine Zahl." in manager.get(page).text
    manager.post(f"/admin/exchange/import/{Import.objects.get().pk}/start/")
    Worker().drain()
    assert "“much” is not a number." in manager.get(page).text


def test_the_table_asks_as_often_for_one_row_as_for_many(django_assert_num_queries):
    job = work(receive(HEADER + "a,A,,A,,,1.00,\n"))
    with django_assert_num_queries(2):
        import_rows(job, show="", page=None)
    job = work(receive(HEADER + "".join(f"a{n},A,,A{n},,,1.00,\n" for n in range(24))))
    with django_assert_num_queries(2):
        import_rows(job, show="", page=None)


def test_a_new_product_that_was_edited_since_stays():
    job = run(HEADER + "cup,Cup,,CUP,,,3.00,\n")
    activate_product(product=Product.objects.get())
    assert undo(job).counts["undo"] == {"kept": 1}
    assert Product.objects.exists()
    make_product(slug="other")
