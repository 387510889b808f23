"""An edit of everything that a filter finds: looked at, made by a job, and taken back by another."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.catalog.models import Listing, PriceChange, Product, StockMovement, Variant
from apps.catalog.services import set_on_hand
from apps.catalog.tests.factories import make_category, make_product, make_variant, published_together
from apps.exchange import services
from apps.exchange.errors import NotNow
from apps.exchange.models import BulkEdit
from apps.exchange.tasks import forget_plans
from apps.jobs.worker import Worker
from apps.orders.tests.factories import make_order
from apps.users.tests.factories import make_user

pytestmark = pytest.mark.django_db
ALL = "/admin/exchange/bulkedit/all/"
SHEET = "/admin/exchange/bulkedit/add/"
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "edit"}
LOWER = {"price": {"how": "lower_percent", "value": "10"}}


@pytest.fixture
def manager():
    client = Client()
    client.force_login(make_user(email="boss@example.com", is_staff=True, is_superuser=True))
    return client


def goods(number=3, **fields):
    with published_together():
        return [
            make_variant(sku=f"CUP-{n}", title=f"Cup {n}", price=1000 + 100 * n, on_hand=5, **fields)
            for n in range(number)
        ]


def work(edit):
    services.work_edit(edit_id=edit.pk)
    edit.refresh_from_db()
    return edit


def planned(plan, **more):
    products = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    return work(services.plan_selection(products=products, plan=plan, reason="count", **more))


def made(plan, **more):
    edit = planned(plan, **more)
    services.start_edit(edit=edit)
    return work(edit)


def undone(edit):
    services.undo_edit(edit=edit)
    return work(edit)


def prices():
    return list(Variant.objects.order_by("sku").values_list("sku", "price", "compare_at_price"))


def outcomes(edit):
    return {(row.sku or row.title): (row.outcome, row.problem) for row in edit.rows.all()}


def test_all_that_a_filter_finds_is_shown_changed_and_taken_back(manager):
    cups = make_category(name="Cups", slug="cups")
    cheap = make_category(name="Cheap", slug="cheap")
    goods(2, product_fields={"category": cups})
    make_variant(sku="POT", title="Pot", price=3000)
    wanted = {"all-compare_at_price": "price", "all-price": "lower_percent", "all-price_value": "12,5"}
    wanted |= {"all-price_ending": "99", "all-on_hand": "add", "all-on_hand_value": "-2", "all-reason": "loss"}
    wanted |= {"all-note": "Broken", "all-status": "active", "all-category_id": "set", "all-category_id_value": "cheap"}
    answer = manager.post(f"{ALL}?category=cups", wanted)
    edit = BulkEdit.objects.get()
    page = f"/admin/exchange/bulkedit/{edit.pk}/change/"
    assert (answer.status_code, answer.url) == (302, page)
    assert "0 of 2 products" in manager.get(page).text
    work(edit)
    assert (edit.state, edit.chosen, edit.counts["rows"]) == ("checked", [], {"planned": 4})
    assert edit.counts["fields"] == {"price": 2, "compare_at_price": 2, "on_hand": 2, "category_id": 2}
    text = manager.get(page).text
    assert text.count("(2 rows)") == 4
    assert "Change 4 rows" in text and "−12.5\u00a0%, rounded to .99 <" in text and "€8.99" in text
    assert prices() == [("CUP-0", 1000, None), ("CUP-1", 1100, None), ("POT", 3000, None)]
    assert manager.post(f"/admin/exchange/bulkedit/{edit.pk}/start/").status_code == 302
    work(edit)
    assert (edit.state, edit.counts["rows"]) == ("done", {"planned": 0, "changed": 4})
    assert prices() == [("CUP-0", 899, 1000), ("CUP-1", 999, 1100), ("POT", 3000, None)]
    assert list(Product.objects.filter(category=cheap).values_list("title", flat=True)) == ["Cup 1", "Cup 0"]
    shown = Listing.objects.filter(category_path="cheap/").order_by("pk")
    assert list(shown.values_list("price_min", "compare_at", "lowest_before")) == [(899, 1000, 1000), (999, 1100, 1100)]
    ledger = StockMovement.objects.filter(reason="loss").values_list("delta", "note", "actor__email")
    assert list(ledger) == [(-2, "Broken", "boss@example.com")] * 2
    assert PriceChange.objects.filter(variant__sku="CUP-0").count() == 2
    assert manager.post(f"/admin/exchange/bulkedit/{edit.pk}/undo/").status_code == 302
    work(edit)
    assert (edit.state, edit.counts["rows"]["undone"], edit.undone_at is not None) == ("undone", 4, True)
    assert prices() == [("CUP-0", 1000, None), ("CUP-1", 1100, None), ("POT", 3000, None)]
    assert Product.objects.filter(category=cups).count() == 2
    assert list(Variant.objects.values_list("stock__on_hand", flat=True)) == [5, 5, 10]
    assert "Undo all of it" not in manager.get(page).text


def test_what_is_refused_stays_as_it_is_and_is_named(manager):
    cup, sold, _dear = goods()
    make_variant(sku="ASK", price=None)
    Variant.objects.filter(pk=cup.pk).update(price=200)
    make_order(lines={sold: 4})
    make_product(title="Empty", active=False)
    plan = {"price": {"how": "lower_amount", "value": 300}, "on_hand": {"how": "set", "value": 3}}
    edit = made(plan | {"status": {"how": "set", "value": "active"}})
    assert outcomes(edit) == {
        "CUP-0": ("refused", "below_zero"),
        "CUP-1": ("refused", "promised"),
        "CUP-2": ("changed", ""),
        "ASK": ("refused", "no_price"),
        "Empty": ("refused", "no_variant"),
    }
    assert prices() == [("ASK", None, None), ("CUP-0", 200, None), ("CUP-1", 1100, None), ("CUP-2", 900, None)]
    assert list(Variant.objects.order_by("sku").values_list("stock__on_hand", flat=True)) == [10, 5, 5, 3]
    text = manager.get(f"/admin/exchange/bulkedit/{edit.pk}/change/?show=refused").text
    assert "4 rows were left as they are." in text
    assert "It would fall below zero." in text and "More pieces are promised to orders." in text
    assert Product.objects.get(title="Empty").status == "draft"
    table = manager.get(f"/admin/exchange/bulkedit/{edit.pk}/problems.csv")
    assert table["Content-Disposition"] == f'attachment; filename="edit-{edit.pk}-problems.csv"'
    header, *rows = b"".join(table).decode("utf-8-sig").splitlines()
    assert header == "product,sku,outcome,reason"
    assert sorted(rows) == [
        "Cup 0,CUP-0,refused,It would fall below zero.",
        "Cup 1,CUP-1,refused,More pieces are promised to orders.",
        "Empty,,refused,It has no variant to sell.",
        "Mug,ASK,refused,It has no price to calculate with.",
    ]


def test_what_somebody_changed_meanwhile_is_skipped_and_told():
    changed, sold, reduced, gone = goods(4)
    edit = planned({"price": {"how": "raise_amount", "value": 500}, "on_hand": {"how": "set", "value": 4}})
    Variant.objects.filter(pk=changed.pk).update(price=900)
    set_on_hand(variant=sold, counted=9, reason="count")
    Variant.objects.filter(pk=reduced.pk).update(compare_at_price=1600)
    gone.stock.delete()
    StockMovement.objects.filter(variant=gone).delete()
    gone.delete()
    services.start_edit(edit=edit)
    work(edit)
    assert outcomes(edit) == {
        "CUP-0": ("skipped", "meanwhile"),
        "CUP-1": ("skipped", "meanwhile"),
        "CUP-2": ("refused", "not_above"),
        "CUP-3": ("skipped", "gone"),
    }
    assert edit.counts["rows"] == {"planned": 0, "skipped": 3, "refused": 1}
    assert prices() == [("CUP-0", 900, None), ("CUP-1", 1100, None), ("CUP-2", 1200, 1600)]
    assert list(Variant.objects.order_by("sku").values_list("stock__on_hand", flat=True)) == [5, 9, 5]
    with pytest.raises(NotNow):
        services.undo_edit(edit=edit)


def test_what_was_promised_to_an_order_meanwhile_stays_on_the_shelf():
    cup, _other = goods(2)
    edit = planned({"on_hand": {"how": "set", "value": 3}})
    make_order(lines={cup: 4})
    services.start_edit(edit=edit)
    work(edit)
    assert outcomes(edit) == {"CUP-0": ("refused", "promised"), "CUP-1": ("changed", "")}
    assert list(Variant.objects.order_by("sku").values_list("stock__on_hand", flat=True)) == [5, 3]


def test_the_ledger_names_who_took_a_selection_back(manager):
    goods(1)
    edit = made({"on_hand": {"how": "add", "value": -2}})
    Worker().drain()  # the jobs that were done here without a worker
    manager.post(f"/admin/exchange/bulkedit/{edit.pk}/undo/")
    Worker().drain()
    moved = StockMovement.objects.order_by("pk").values_list("delta", "note", "actor__email")
    assert list(moved)[-2:] == [(-2, "", None), (2, "Bulk edit undone", "boss@example.com")]


def test_undoing_leaves_what_was_changed_since_and_tells_of_it(manager):
    cups = make_category(name="Cups", slug="cups")
    changed, reduced, sold, _last = goods(4, product_fields={"category": cups})
    edit = made(LOWER | {"on_hand": {"how": "add", "value": -3}, "category_id": {"how": "remove"}})
    Variant.objects.filter(pk=changed.pk).update(price=1)
    Variant.objects.filter(pk=reduced.pk).update(compare_at_price=1050)
    make_order(lines={sold: 1})
    set_on_hand(variant=sold, counted=1, reason="loss")
    Product.objects.filter(pk=sold.product_id).update(status="archived")
    undone(edit)
    assert outcomes(edit) == {
        "CUP-0": ("kept", "meanwhile"),
        "CUP-1": ("kept", "not_above"),
        "CUP-2": ("kept", "meanwhile"),
        "CUP-3": ("undone", ""),
        **{f"Cup {n}": ("undone", "") for n in range(4)},
    }
    assert prices() == [("CUP-0", 1, None), ("CUP-1", 990, 1050), ("CUP-2", 1080, None), ("CUP-3", 1300, None)]
    assert list(Variant.objects.order_by("sku").values_list("stock__on_hand", flat=True)) == [2, 2, 1, 5]
    assert "It was changed since." in manager.get(f"/admin/exchange/bulkedit/{edit.pk}/change/?show=kept").text


def test_a_category_that_is_gone_is_not_gone_back_to():
    cups = make_category(name="Cups", slug="cups")
    goods(1, product_fields={"category": cups})
    edit = made({"category_id": {"how": "remove"}})
    cups.delete()
    assert outcomes(undone(edit)) == {"Cup 0": ("kept", "no_category")}


def test_a_category_can_be_given_to_those_without_one_alone():
    cups, pots = make_category(name="Cups", slug="cups"), make_category(name="Pots", slug="pots")
    goods(1, product_fields={"category": cups})
    make_variant(sku="POT", title="Pot")
    edit = made({"category_id": {"how": "add", "value": pots.pk}})
    assert (outcomes(edit), edit.counts["rows"]["unchanged"]) == ({"Pot": ("changed", "")}, 1)


def test_what_can_not_be_read_plans_nothing(manager):
    goods(1)
    wrong = {"all-price": "lower_percent", "all-price_value": "101", "all-compare_at_price": "set"}
    wrong |= {"all-on_hand": "set", "all-on_hand_value": "-1", "all-category_id": "set", "all-category_id_value": "x"}
    answer = manager.post(ALL, wrong | {"all-reason": "count"})
    assert answer.status_code == 422
    names = ["category_id_value", "compare_at_price_value", "on_hand_value", "price_value"]
    assert sorted(answer.context["columns"].errors) == names
    assert "Choose what is to change." in manager.post(ALL, {"all-reason": "count"}).text
    status = {"all-status": "archived", "all-reason": "count"}
    for filters, code in (("?category=nowhere", 409), ("?q=tub", 409)):
        answer = manager.post(ALL + filters, status)
        assert (answer.status_code, answer.context["products"]) == (code, 0)
    assert BulkEdit.objects.count() == 0


def test_a_term_that_begins_a_sku_changes_no_other_variant_of_its_product(manager):
    red = make_variant(sku="RED", price=1000, options={"Colour": "Red"})
    make_variant(product=red.product, sku="BLUE", price=1000, options={"Colour": "Blue"})
    manager.post(f"{ALL}?q=re", {"all-price": "set", "all-price_value": "5", "all-reason": "count"})
    edit = work(BulkEdit.objects.get())
    services.start_edit(edit=edit)
    work(edit)
    assert prices() == [("BLUE", 1000, None), ("RED", 500, None)]


def test_a_step_is_taken_once_and_only_when_it_is_its_turn():
    goods(1)
    edit = services.plan_selection(products=[Product.objects.get().pk], plan=LOWER, reason="count")
    with pytest.raises(NotNow):
        services.start_edit(edit=edit)
    work(edit)
    services.start_edit(edit=edit)
    work(work(edit))
    assert prices() == [("CUP-0", 900, None)]
    for step in (services.start_edit, services.undo_edit):
        if step is services.undo_edit:
            undone(edit)
        with pytest.raises(NotNow):
            step(edit=edit)
    assert prices() == [("CUP-0", 1000, None)]


@pytest.fixture
def stopped(manager, monkeypatch):
    """An edit of three products, each a transaction of its own, that was stopped after the first."""
    goods()
    monkeypatch.setattr("apps.exchange.services.selections.CHUNK", 1)
    edit = planned(LOWER)
    services.start_edit(edit=edit)

    def stop(_turns):
        assert "Stop the edit" in manager.get(f"/admin/exchange/bulkedit/{edit.pk}/change/").text
        assert manager.post(f"/admin/exchange/bulkedit/{edit.pk}/stop/").status_code == 302

    with monkeypatch.context() as patch:
        patch.setattr("apps.core.turns.Turns.between", stop)
        work(edit)
    return edit


def test_a_running_edit_is_stopped_between_two_products_and_gone_on_with(manager, stopped):
    assert (stopped.state, stopped.done, stopped.counts["rows"]) == ("stopped", 1, {"planned": 2, "changed": 1})
    assert prices() == [("CUP-0", 900, None), ("CUP-1", 1100, None), ("CUP-2", 1200, None)]
    page = f"/admin/exchange/bulkedit/{stopped.pk}/change/"
    text = manager.get(page).text
    assert "Stopped after 1 of 3 products." in text and "Continue the edit" in text and "Undo all of it" in text
    with pytest.raises(NotNow):
        services.stop_edit(edit=stopped)
    begun = stopped.made_at
    manager.post(f"/admin/exchange/bulkedit/{stopped.pk}/start/")
    work(stopped)
    assert (stopped.state, stopped.counts["rows"]) == ("done", {"planned": 0, "changed": 3})
    assert stopped.made_at == begun
    assert prices() == [("CUP-0", 900, None), ("CUP-1", 990, None), ("CUP-2", 1080, None)]


def test_what_was_made_before_it_was_stopped_is_undone_alone(manager, stopped):
    manager.post(f"/admin/exchange/bulkedit/{stopped.pk}/undo/")
    work(stopped)
    assert (stopped.state, stopped.changed) == ("undone", 1)
    assert outcomes(stopped) == {"CUP-0": ("undone", ""), "CUP-1": ("left", ""), "CUP-2": ("left", "")}
    assert prices() == [("CUP-0", 1000, None), ("CUP-1", 1100, None), ("CUP-2", 1200, None)]
    with pytest.raises(NotNow):
        services.start_edit(edit=stopped)


def test_a_poll_is_answered_only_when_something_changed(manager):
    goods(1)
    edit = services.plan_selection(products=[Product.objects.get().pk], plan=LOWER, reason="count")
    page = f"/admin/exchange/bulkedit/{edit.pk}/change/"
    assert manager.get(f"{page}?seen={edit.version}", **HTMX).status_code == 204
    assert "hx-trigger" in manager.get(page, **HTMX).text
    seen = edit.version
    work(edit)
    fragment = manager.get(f"{page}?seen={seen}", **HTMX).text
    assert "<html" not in fragment and "hx-trigger" not in fragment and "Change 1 row" in fragment
    assert "<html" in manager.get(f"{page}?seen={edit.version}").text


def test_a_plan_that_nobody_made_is_forgotten_after_a_month():
    goods(1)
    _old, running, new = planned(LOWER), made(LOWER), planned(LOWER)
    BulkEdit.objects.exclude(pk=new.pk).update(made_at=timezone.now() - timedelta(days=31))
    assert forget_plans.call() == 2  # the plan and its row
    assert set(BulkEdit.objects.values_list("pk", flat=True)) == {running.pk, new.pk}


@pytest.mark.parametrize(
    ("currency", "typed", "expected"), [("JPY", "150", 850), ("KWD", "0.125", 875), ("EUR", "1,5", 850)]
)
def test_amounts_are_typed_in_the_currency_of_the_shop(manager, settings, currency, typed, expected):
    settings.SHOP_CURRENCY = currency
    make_variant(sku="CUP", price=1000)
    page = manager.get(SHEET).context["columns"]
    assert ("price_ending" in page.fields) is (currency != "JPY")
    manager.post(ALL, {"all-price": "lower_amount", "all-price_value": typed, "all-reason": "count"})
    edit = work(BulkEdit.objects.get())
    services.start_edit(edit=edit)
    work(edit)
    assert prices() == [("CUP", expected, None)]


def statements(act):
    """How many `act` costs; the job forgets what Django has noted of them."""
    seen = []

    def note(execute, sql, *rest):
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        act()
    return len(seen)


def costs_of(products, manager):
    """Of looking, writing and undoing, and of the page after each."""
    plan = LOWER | {"on_hand": {"how": "add", "value": 3}, "status": {"how": "set", "value": "archived"}}
    edit = services.plan_selection(products=products, plan=plan, reason="count")
    for step in (None, services.start_edit, services.undo_edit):
        if step:
            step(edit=edit)
        yield statements(lambda: work(edit))
        yield statements(lambda: manager.get(f"/admin/exchange/bulkedit/{edit.pk}/change/"))


def test_a_chunk_and_its_page_cost_the_same_for_one_product_and_for_many(manager):
    goods(25)
    ids = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    assert list(costs_of(ids[:1], manager)) == list(costs_of(ids[1:], manager))


def chosen_in_list(manager, query="", **posted):
    """Where the list of products leads, and how many products are to be changed there."""
    answer = manager.post(f"/admin/catalog/product/{query}", {"action": "edit_chosen", "index": "0", **posted})
    page = manager.get(answer.url)
    return page.context["products"], [row.variant.sku for row in page.context["rows"]]


def test_what_is_ticked_or_found_in_the_list_of_products_is_edited(manager):
    draft = make_category(name="Cups", slug="cups")
    cups = goods(3, product_fields={"category": draft})
    make_variant(sku="POT", title="Pot")
    ticked = [str(cup.product_id) for cup in cups[:2]]
    assert chosen_in_list(manager, _selected_action=ticked) == (2, ["CUP-1", "CUP-0"])
    everything = {"_selected_action": ticked, "select_across": "1"}
    assert chosen_in_list(manager, **everything)[0] == 4
    found = f"?category__id__exact={draft.pk}&q=cup&o=2&p=1"
    assert chosen_in_list(manager, found, **everything) == (3, ["CUP-2", "CUP-1", "CUP-0"])
    assert "bulkedit/add/?listed=q%3Dpot" in manager.get("/admin/catalog/product/?q=pot").text
    answer = manager.post(f"{ALL}?listed=q%3Dcup&q=CUP-2", {"all-status": "archived", "all-reason": "count"})
    edit = work(BulkEdit.objects.get())
    assert (answer.status_code, outcomes(edit)) == (302, {"Cup 2": ("planned", "")})


@pytest.mark.parametrize("listed", ["id__in%3Dx", "vendor__nope%3D1", "category__id__exact%3Dx", "p%3D99%26q%3Dtub"])
def test_a_list_that_can_not_be_read_chooses_nothing(manager, listed):
    for name in ("Cups", "Pots"):  # with fewer categories the list has no such filter
        make_variant(product_fields={"category": make_category(name=name)})
    page = manager.get(f"{SHEET}?listed={listed}")
    assert (page.status_code, page.context["products"], page.context["rows"]) == (200, 0, [])


def test_the_list_offers_it_to_those_alone_who_may():
    goods(1)
    clerk = make_user(email="clerk@example.com", is_staff=True)
    client = Client()
    client.force_login(clerk)
    names = ["view_product", "change_product"]
    for name, offered in (("view_bulkedit", False), ("add_bulkedit", True)):
        clerk.user_permissions.set(Permission.objects.filter(codename__in=[*names, name]))
        assert ("edit_chosen" in client.get("/admin/catalog/product/").text) is offered
