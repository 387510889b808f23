import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from apps.catalog.models import StockMovement
from apps.catalog.tests.factories import make_category, make_variant
from apps.inventory.models import CountLine, StockCount
from apps.inventory.services import start_count
from apps.users.models import User
from apps.users.tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

ADD = reverse("admin:inventory_stockcount_add")
LIST = reverse("admin:inventory_stockcount_changelist")
MOVEMENTS = reverse("admin:catalog_stockmovement_changelist")


@pytest.fixture(autouse=True)
def boss(client):
    user = User.objects.create_superuser("boss@example.com", "a quiet harbour", full_name="Bo Boss")
    client.force_login(user)
    return user


@pytest.fixture
def mug():
    return make_variant(sku="MUG-1", title="Mug", on_hand=10)


def step(count, name):
    return reverse(f"admin:inventory_stockcount_{name}", args=[count.pk])


def fill(client, count, numbers, query="", **extra):
    address = step(count, "change") + query
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields if name.startswith("seen-")}
    return client.post(address, {**data, **{f"counted-{v.pk}": n for v, n in numbers.items()}, **extra})


def test_from_starting_to_closing(client, mug, boss):
    kitchen = make_category(name="Kitchen")
    bowl = make_variant(sku="BOWL-1", product_fields={"category": kitchen}, on_hand=4)
    form = client.get(ADD).content.decode()
    assert "<h1>Start a stock take</h1>" in form and form.count('type="submit" value=') == 1
    response = client.post(ADD, {"category": kitchen.pk})
    count = StockCount.objects.get()
    assert (response["Location"], count.name, count.started_by) == (step(count, "change"), "Kitchen", boss)
    assert fill(client, count, {bowl: "3"}).status_code == 302
    text = client.get(step(count, "change")).content.decode()
    assert "BOWL-1" in text and "MUG-1" not in text and 'value="3"' in text
    client.post(step(count, "close"))
    bowl.stock.refresh_from_db()
    count.refresh_from_db()
    assert (bowl.stock.on_hand, count.state) == (3, "closed")
    assert "counted-" not in client.get(step(count, "change")).content.decode()


def test_a_blind_count_shows_no_number_to_agree_with(client, mug):
    seen, blind = start_count(), start_count(blind=True)
    assert '<td class="num">10</td>' in client.get(step(seen, "change")).content.decode()
    text = client.get(step(blind, "change")).content.decode()
    assert "MUG-1" in text and '<td class="num">' not in text


@pytest.mark.parametrize("typed", ["x", "1.5", "-1", "99999999"])
def test_what_is_no_number_is_422_and_saves_nothing(client, mug, typed):
    count = start_count()
    assert fill(client, count, {mug: typed}).status_code == 422
    assert CountLine.objects.count() == 0


def test_rows_are_saved_even_if_they_left_the_page_meanwhile(client, mug):
    count, bowl = start_count(), make_variant(sku="BOWL-1", title="Bowl")
    address = f"{step(count, 'change')}?show=todo"
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields if name.startswith("seen-")}
    fill(client, count, {bowl: "10"})
    answer = client.post(address, {**data, f"counted-{mug.pk}": "9", f"counted-{bowl.pk}": "2"})
    assert answer.status_code == 409
    assert "Bo Boss counted 10 meanwhile" in answer.content.decode()
    assert dict(CountLine.objects.values_list("variant__sku", "counted")) == {"MUG-1": 9, "BOWL-1": 10}


def test_who_counts_needs_another_permission_to_close(client, mug):
    clerk = make_user(email="clerk@example.com", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["view_stockcount", "change_stockcount"]))
    client.force_login(clerk)
    count = start_count()
    assert fill(client, count, {mug: "3"}).status_code == 302
    assert client.post(step(count, "close")).status_code == 403
    mug.stock.refresh_from_db()
    assert (mug.stock.on_hand, CountLine.objects.get().counted_by) == (10, clerk)


def test_a_dropped_count_leaves_the_stock_as_it_was(client, mug):
    count = start_count()
    fill(client, count, {mug: "3"})
    client.post(step(count, "drop"))
    mug.stock.refresh_from_db()
    count.refresh_from_db()
    assert (mug.stock.on_hand, count.state) == (10, "dropped")


def test_sheets_and_lists_cost_the_same_for_1_and_24_rows(client, mug, django_assert_num_queries):
    count = start_count()
    fill(client, count, {mug: "3"})
    costs = {step(count, "change"): 10, LIST: 6, MOVEMENTS: 6}
    for round_ in (0, 23):
        for number in range(round_):
            fill(client, start_count(), {make_variant(sku=f"S-{number}", title="Mug"): "1"})
        for address, queries in costs.items():
            client.get(address)
            with django_assert_num_queries(queries):
                client.get(address)


def test_movements_are_found_by_sku_and_reason_and_can_not_be_changed(client, mug):
    make_variant(sku="BOWL-1", title="Bowl")
    text = client.get(MOVEMENTS, {"q": "MUG-1"}).content.decode()
    assert "MUG-1" in text and "BOWL-1" not in text
    assert "BOWL-1" in client.get(MOVEMENTS, {"q": "bowl"}).content.decode()
    assert "MUG-1" not in client.get(MOVEMENTS, {"reason__exact": "sale"}).content.decode()
    page = reverse("admin:catalog_stockmovement_change", args=[StockMovement.objects.first().pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"delta": 99}).status_code == 403
    assert (
        f"{MOVEMENTS}?q=MUG-1"
        in client.get(reverse("admin:catalog_stock_change", args=[mug.stock.pk])).content.decode()
    )
