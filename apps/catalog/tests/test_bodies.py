"""Pages of products that a job has finished: the same to the byte, at one statement less, and never out of date."""

import re
import time
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.utils.safestring import SafeString
from django_tasks_db.models import DBTaskResult

from apps.catalog import audits
from apps.catalog.bodies import Body, body_of, body_version
from apps.catalog.models import Category, Product, ProductBody, Variant
from apps.catalog.selectors import product_page
from apps.catalog.selectors.bodies import around_product
from apps.catalog.services import (
    activate_product,
    archive_product,
    finishing,
    hold_stock,
    publish,
    save_category,
    save_product,
)
from apps.catalog.services.changes import tell
from apps.catalog.services.companions import keep_companions
from apps.catalog.services.reindexing import reindex
from apps.catalog.tests.factories import make_category, make_image, make_variant
from apps.pages.kept import store

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug():
    kitchen = make_category(name="Kitchen", slug="kitchen")
    fields = {"category": kitchen, "slug": "mug", "translations": {"de": {"title": "Becher"}}}
    variant = make_variant(title="Mug", sku="MUG", price=1500, options={"Colour": "Moss"}, product_fields=fields)
    make_image(product=variant.product)
    make_variant(product=variant.product, sku="CUP", price=1700, options={"Colour": "Clay"})
    make_variant(title="Bowl", product_fields={"category": kitchen, "slug": "bowl"})
    return variant


def finish():
    return finishing.finish_bodies.call()


def seen(path="/products/mug/"):
    """The page as the next process to start would show it, without what is drawn anew for each visitor."""
    store.forget()
    return re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", Client().get(path).content.decode())


def finished():
    return set(ProductBody.objects.filter(made_in=body_version()).values_list("listing__slug", "language"))


def reprice(variant, price):
    Variant.objects.filter(pk=variant.pk).update(price=price)
    publish([variant.product_id])


@pytest.mark.parametrize("path", ["/products/mug/", "/de/products/mug/"])
def test_a_finished_page_is_the_one_that_is_made(mug, path):
    made = seen(path)
    assert finish() == 4
    assert seen(path) == made
    assert ("Becher" in made, "Clay" in made) == (path.startswith("/de/"), True)


def test_a_finished_page_costs_two_statements_and_one_that_is_not_three(mug, django_assert_num_queries):
    seen("/products/bowl/")
    store.forget()
    with django_assert_num_queries(3):
        Client().get("/products/mug/")
    finish()
    seen("/products/bowl/")
    store.forget()
    with django_assert_num_queries(2):
        Client().get("/products/mug/")


def test_nothing_is_made_again_that_has_not_changed(mug):
    assert (finish(), finish()) == (4, 0)
    reprice(mug, 1234)
    assert finished() == {("bowl", "en"), ("bowl", "de")}
    assert (finish(), finish()) == (2, 0)


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (lambda mug: reprice(mug, 1234), "€12.34"),
        (lambda mug: hold_stock(quantities={mug.pk: 7}), "Only 3 left"),
        (
            lambda mug: keep_companions({mug.product_id: [Variant.objects.get(product__slug="bowl").product_id]}),
            "Often",
        ),
        (lambda mug: retitle(mug.product, "Tankard"), "<h1>Tankard</h1>"),
        (lambda mug: save_category(category=renamed(Category.objects.get(), "Pantry")), ">Pantry</a>"),
    ],
    ids=["price", "last pieces", "bought together", "title", "category"],
)
def test_a_change_shows_at_once_and_is_finished_later(mug, change, shown):
    finish()
    assert shown not in seen()
    change(mug)
    assert shown in seen()
    assert finish() > 0
    assert shown in seen()
    assert list(audits.finished_pages_show_their_product()) == []


def retitle(product, title):
    product.title = title
    save_product(product=product)
    publish([product.pk])


def renamed(category, name):
    category.name = name
    return category


def test_a_change_that_comes_while_the_page_is_made_is_not_lost(mug):
    """The job has read the product when the price changes, and passes what it made for nothing."""
    rows = finishing._out_of_date(0)
    row = next(row for row in rows if (row.listing_id, row.language) == (mug.product_id, "en"))
    reprice(mug, 1234)
    assert finishing._finish(row, "mug") == 0
    assert finished() == set()
    assert "€12.34" in seen()
    finish()
    assert "€12.34" in seen()


def test_the_address_of_a_variant_shows_that_variant(mug):
    finish()
    assert "€17.00" in re.search(r'data-testid="price">[^<]*', seen("/products/mug/?variant=CUP"))[0]


def test_what_is_taken_off_the_lists_is_not_shown_by_its_finished_page(mug):
    finish()
    archive_product(product=mug.product)
    assert around_product("mug").body is None
    assert Client().get("/products/mug/").status_code == 404
    finish()
    assert not ProductBody.objects.filter(listing_id=mug.product_id).exists()
    activate_product(product=mug.product)
    finish()
    assert ("mug", "en") in finished()


def test_a_page_whose_product_is_hidden_when_it_is_made_is_forgotten(mug):
    rows = [row for row in finishing._out_of_date(0) if row.listing_id == mug.product_id]
    Product.objects.filter(pk=mug.product_id).update(status=Product.Status.ARCHIVED)
    assert [finishing._finish(row, "mug") for row in rows] == [0, 0]
    assert set(ProductBody.objects.values_list("listing__slug", flat=True)) == {"bowl"}


def test_another_address_of_the_shop_makes_other_pages(mug, settings):
    finish()
    settings.SITE_URL = "https://shop.example"
    assert around_product("mug").body is None
    assert '"url":"https://shop.example/products/mug/"' in seen()
    assert finish() == 4
    assert '"url":"https://shop.example/products/mug/"' in around_product("mug").body.structured


def test_other_libraries_make_other_pages(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    before = body_version()
    settings.BASE_DIR = tmp_path / "next"
    settings.BASE_DIR.mkdir()
    (settings.BASE_DIR / "requirements.txt").write_text("nh3==1.0")
    assert body_version() != before


def test_other_static_files_make_other_pages(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    before = body_version()
    settings.STATIC_ROOT = tmp_path / "next"
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "staticfiles.json").write_text('{"paths": {}}')
    assert body_version() != before


def test_a_body_is_read_as_it_was_stored(mug):
    body = body_of(product_page("mug"))
    strange = replace(body, name="Mu\x00g", article=SafeString("<h1>Mu\x00g</h1>"))  # SQLite stores a NUL
    assert [Body.unpacked(stored.packed()) for stored in (body, strange)] == [body, strange]


def test_nothing_of_a_visitor_is_in_it(mug):
    article = body_of(product_page("mug")).article
    assert "<!--stoa:csrf-->" in article
    assert "csrfmiddlewaretoken" not in article


def test_what_is_left_goes_on_behind_other_jobs_until_the_minute_is_over(mug, monkeypatch):
    monkeypatch.setattr(finishing, "BATCH", 1)
    monkeypatch.setattr(finishing, "LONGEST", 0.0)
    queued = DBTaskResult.objects.filter(task_path__endswith="finish_bodies")
    assert (finishing.finish_bodies.call(time.time() - 1), queued.count()) == (0, 0)
    assert (finish(), queued.count()) == (0, 1)
    assert queued.get().priority < 0
    monkeypatch.setattr(finishing, "LONGEST", 5.0)
    call_command("worker", once=True, verbosity=0)
    assert len(finished()) == 4


def test_reindexing_asks_for_the_pages_that_nobody_has_asked_for(mug):
    ProductBody.objects.all().delete()
    list(reindex())
    assert finish() == 4


def test_audit_finds_a_page_that_does_not_show_its_product(mug):
    finish()
    Variant.objects.filter(pk=mug.pk).update(price=1)
    assert sorted(audits.finished_pages_show_their_product()) == [
        "mug has a finished page (de) that does not show it",
        "mug has a finished page (en) that does not show it",
    ]


def test_one_page_that_can_not_be_made_keeps_no_other_from_being_made(mug):
    Product.objects.filter(pk=mug.product_id).update(gallery=[{"general": True, "variants": []}])
    assert finish() == 2
    assert finished() == {("bowl", "en"), ("bowl", "de")}
    publish([mug.product_id])
    finish()
    assert ("mug", "en") in finished()


def test_what_is_shown_again_while_the_job_forgets_it_is_finished_all_the_same(mug):
    """The job deletes what is left of the time before, in the middle of the transaction that lists the product."""
    finish()
    archive_product(product=mug.product)
    rows = [row for row in finishing._out_of_date(0) if row.listing_id == mug.product_id]

    def forget_first(execute, sql, params, many, context):
        if "pages_pageclock" in sql:
            while rows:
                finishing._finish(rows.pop(), None)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(forget_first):
        activate_product(product=mug.product)
    finish()
    assert {("mug", "en"), ("mug", "de")} <= finished()


def test_a_language_that_the_shop_has_given_up_is_forgotten(mug, settings):
    ProductBody.objects.update(made_in="older")
    settings.LANGUAGES = [("en", "English")]
    assert finish() == 2
    assert set(ProductBody.objects.values_list("language", flat=True)) == {"en"}


def test_where_no_page_can_be_made_the_job_fails(mug, monkeypatch):
    monkeypatch.setattr(finishing, "BATCH", 2)
    Product.objects.filter(pk=mug.product_id).update(gallery=[{"general": True, "variants": []}])
    with pytest.raises(KeyError, match="picture"):
        finish()


def test_a_database_that_fails_ends_the_job_and_puts_nothing_out_of_date(mug):
    finish()
    reprice(mug, 1234)
    before = finished()

    def fail(execute, sql, *rest):
        if "catalog_variant" in sql:
            raise OperationalError("the disk is full")
        return execute(sql, *rest)

    with connection.execute_wrapper(fail), pytest.raises(OperationalError, match="full"):
        finish()
    assert finished() == before
    assert finish() == 2


def test_a_change_of_no_product_leaves_all_finished_pages(mug):
    finish()
    tell((), {"prices"})
    assert len(finished()) == 4
