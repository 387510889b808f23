import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.catalog.services import adjust_stock, archive_product, free_stock, hold_stock, set_backorder
from apps.catalog.signals import stock_refilled
from apps.catalog.tests.factories import make_variant
from apps.inventory import services
from apps.inventory.models import StockAlert
from apps.jobs.models import Job
from apps.notifications.models import Message
from apps.users.models import User
from apps.users.tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

ADD = reverse("inventory:alert-add")
FRAGMENT = {"HX-Request": "true", "HX-Target": "stock-alert"}
SAID_TO_ALL = "Please look at your mail"


@pytest.fixture
def mug():
    return make_variant(sku="MUG", title="Mug", on_hand=0)


def ask(client, variant, email="ada@example.com", **kwargs):
    return client.post(ADD, {"sku": variant.sku, "email": email}, **kwargs)


def links(kind):
    text = Message.objects.filter(kind=kind).latest("pk").text
    return re.findall(r"http://[^/\s]+(/\S*)", text)


def emails():
    return sorted(StockAlert.unscoped.values_list("email", flat=True))


def wait_for(variant, email="ada@example.com", **fields):
    return StockAlert.unscoped.create(variant=variant, email=email, **{"language": "en", **fields})


def test_a_sold_out_variant_asks_and_one_to_be_had_does_not(client, mug):
    text = client.get(f"/products/{mug.product.slug}/").content.decode()
    assert 'id="stock-alert"' in text and 'name="email"' in text and 'name="sku" value="MUG"' in text
    adjust_stock(variant=mug, delta=1, reason="delivery")
    assert 'id="stock-alert"' not in client.get(f"/products/{mug.product.slug}/").content.decode()


def test_a_guest_confirms_by_mail_is_told_once_and_forgotten(client, mug):
    response = ask(client, mug, email="Ada@Example.com")
    assert (response.status_code, response["Location"]) == (302, f"/products/{mug.product.slug}/?variant=MUG")
    assert emails() == []
    address, stop = links("inventory.alert_asked")

    page = client.get(address)
    assert page.status_code == 200 and "ada@example.com" in page.content.decode()
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("private, no-store", "same-origin")
    assert emails() == []
    client.post(address)
    client.post(address)
    assert emails() == ["ada@example.com"]
    client.post(stop)
    assert emails() == []
    client.post(address)
    assert emails() == ["ada@example.com"]

    adjust_stock(variant=mug, delta=3, reason="delivery")
    [job] = Job.objects.filter(task_path="apps.inventory.tasks.tell_refilled")
    assert job.args_kwargs["kwargs"] == {"variant_id": mug.pk}
    assert services.tell_refilled(variant_id=mug.pk) == 1
    assert services.tell_refilled(variant_id=mug.pk) == 0
    mail = Message.objects.get(kind="inventory.back_in_stock")
    assert (mail.recipient, mail.subject) == ("ada@example.com", "Back again: Mug")
    assert f"/products/{mug.product.slug}/?variant=MUG" in mail.text
    assert emails() == []


def test_a_customer_whose_address_is_proved_needs_no_mail(client, mug):
    ada = make_user(email="ada@example.com")
    client.force_login(ada)
    response = ask(client, mug, headers=FRAGMENT)
    assert "We write to you as soon as it is back." in response.content.decode()
    assert (StockAlert.unscoped.get().user, Message.objects.count()) == (ada, 0)
    assert SAID_TO_ALL in ask(client, mug, email="bob@example.com", headers=FRAGMENT).content.decode()
    assert emails() == ["ada@example.com"]


def test_nobody_learns_whether_an_address_is_known(client, mug):
    make_user(email="customer@example.com")
    make_user(email="unproved@example.com", verified=False)
    wait_for(mug, "waiting@example.com")
    answers = {
        re.sub(r'value="[^"]*"', "", ask(client, mug, f"{name}@example.com", headers=FRAGMENT).content.decode())
        for name in ("customer", "unproved", "waiting", "stranger")
    }
    assert len(answers) == 1 and SAID_TO_ALL in answers.pop()
    assert emails() == ["waiting@example.com"]


def test_a_confirmed_wish_belongs_to_the_account_that_proved_the_address(client, mug):
    ada = make_user(email="ada@example.com")
    ask(client, mug)
    client.post(links("inventory.alert_asked")[0])
    assert StockAlert.unscoped.get().user == ada


@pytest.mark.parametrize(
    ("data", "status"),
    [({"email": "nobody"}, 422), ({"email": ""}, 422), ({"sku": "NONE"}, 404), ({"sku": "a\x00b"}, 422)],
)
@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_what_can_not_be_asked_changes_nothing(client, mug, data, status, headers):
    response = client.post(ADD, {"sku": "MUG", "email": "ada@example.com", **data}, headers=headers)
    assert (response.status_code, emails(), Message.objects.count()) == (status, [], 0)
    if status == 422 and "email" in data:
        assert 'data-testid="form-error"' in response.content.decode()


def test_what_can_be_bought_needs_no_reminder(client):
    there = make_variant(sku="THERE", on_hand=1)
    response = ask(client, there, headers=FRAGMENT)
    assert response.status_code == 409
    assert "Good news: this article can be bought." in response.content.decode()
    assert Message.objects.count() == 0


def test_an_archived_article_has_no_reminders(client, mug):
    archive_product(product=mug.product)
    assert ask(client, mug).status_code == 404


def test_one_address_gets_a_link_a_day_and_is_not_flooded(client, mug):
    for _ in range(6):
        assert ask(client, mug).status_code == 302
    assert Message.objects.count() == 1
    response = ask(client, mug)
    assert (response.status_code, int(response["Retry-After"]) > 0) == (429, True)
    assert ask(client, mug, email="bob@example.com").status_code == 302


def test_forged_and_old_links_do_nothing(client, mug, monkeypatch):
    for address in ("/stock-alerts/confirm/forged/", "/stock-alerts/stop/forged/"):
        assert "Back to the shop" in client.get(address).content.decode()
        assert client.post(address).status_code == 409
    ask(client, mug)
    address, _stop = links("inventory.alert_asked")
    monkeypatch.setattr("apps.inventory.tokens.CONFIRM_SECONDS", -1)
    assert client.post(address).status_code == 409
    assert emails() == []


def test_the_link_of_the_last_mail_ends_all_others(client, mug):
    lamp = make_variant(sku="LAMP", title="Lamp", on_hand=0)
    wait_for(mug)
    wait_for(lamp)
    wait_for(lamp, "bob@example.com")
    adjust_stock(variant=mug, delta=1, reason="delivery")
    services.tell_refilled(variant_id=mug.pk)
    address = links("inventory.back_in_stock")[-1]
    assert "ada@example.com" in client.get(address).content.decode()
    assert emails() == ["ada@example.com", "bob@example.com"]
    client.post(address)
    assert emails() == ["bob@example.com"]


def test_mails_speak_the_language_in_which_they_were_asked_for(client, mug):
    client.post(f"/de{ADD}", {"sku": "MUG", "email": "ada@example.com"})
    assert Message.objects.get().subject == "Sollen wir Ihnen schreiben, wenn „Mug“ wieder da ist?"
    client.post(links("inventory.alert_asked")[0])
    adjust_stock(variant=mug, delta=1, reason="delivery")
    services.tell_refilled(variant_id=mug.pk)
    assert "/de/products/" in Message.objects.get(kind="inventory.back_in_stock").text


def test_a_refill_that_is_sold_again_at_once_tells_nobody(mug):
    wait_for(mug)
    adjust_stock(variant=mug, delta=1, reason="delivery")
    hold_stock(quantities={mug.pk: 1})
    assert services.tell_refilled(variant_id=mug.pk) == 0
    assert emails() == ["ada@example.com"]


def test_every_way_to_be_had_again_is_told_and_nothing_else():
    told = []
    heard = lambda variant_ids, **kwargs: told.extend(variant_ids)  # noqa: E731
    stock_refilled.connect(heard)
    mug, made = make_variant(on_hand=2), make_variant(on_hand=0)
    told.clear()
    adjust_stock(variant=mug, delta=1, reason="delivery")
    hold_stock(quantities={mug.pk: 3})
    assert told == []
    free_stock(quantities={mug.pk: 1})
    free_stock(quantities={mug.pk: 1})
    set_backorder(variant=made, backorder=True)
    adjust_stock(variant=made, delta=2, reason="delivery")
    assert told == [mug.pk, made.pk]


def test_wishes_of_more_than_a_year_are_forgotten(mug):
    wait_for(mug)
    old = wait_for(mug, "old@example.com")
    StockAlert.unscoped.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=366))
    assert services.forget_old_alerts() == 1
    assert emails() == ["ada@example.com"]


# --- In the account


def test_reminders_are_the_owners_alone(client, mug):
    ada, bob = make_user(email="ada@example.com"), make_user(email="bob@example.com")
    own, other = wait_for(mug, user=ada), wait_for(mug, "bob@example.com", user=bob)
    client.force_login(ada)
    text = client.get("/stock-alerts/").content.decode()
    assert f"/stock-alerts/{own.pk}/delete/" in text and f"/stock-alerts/{other.pk}/delete/" not in text
    assert client.post(f"/stock-alerts/{other.pk}/delete/").status_code == 404
    fragment = client.post(
        f"/stock-alerts/{own.pk}/delete/", headers={"HX-Request": "true", "HX-Target": "alerts"}
    ).content.decode()
    assert fragment.lstrip().startswith('<div id="alerts">') and "Nothing to wait for" in fragment
    assert emails() == ["bob@example.com"]


def test_reminders_and_demand_cost_the_same_for_1_and_24_rows(client, mug, django_assert_num_queries):
    boss = User.objects.create_superuser("boss@example.com", "a quiet harbour")
    client.force_login(boss)
    costs = {"/stock-alerts/": 6, reverse("admin:inventory_stockalert_changelist"): 6}
    wait_for(mug, user=boss)
    for more in (0, 23):
        for _ in range(more):
            wait_for(make_variant(on_hand=0), user=boss)
        for address, queries in costs.items():
            client.get(address)
            with django_assert_num_queries(queries):
                client.get(address)


def test_staff_see_how_many_wait_for_what_and_no_addresses(client, mug):
    client.force_login(User.objects.create_superuser("boss@example.com", "a quiet harbour"))
    lamp = make_variant(sku="LAMP", title="Lamp", on_hand=0)
    for number in range(3):
        wait_for(lamp, f"p{number}@example.com")
    wait_for(mug)
    text = client.get(reverse("admin:inventory_stockalert_changelist")).content.decode()
    assert re.findall(r'field-waiting">(\d+)', text) == ["3", "1"]
    assert text.index("LAMP") < text.index("MUG")
    assert "p0@example.com" not in text
    board = client.get("/admin/").content.decode()
    assert f'<a href="{reverse("admin:inventory_stockalert_changelist")}">4</a>' in board
    assert "for 2 sold-out articles" in board
