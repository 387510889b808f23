import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from apps.catalog.models import Stock
from apps.catalog.services import adjust_stock, archive_product
from apps.catalog.tests.factories import make_variant
from apps.core import roles
from apps.inventory.services import note_low_stock
from apps.inventory.tasks import note_low_stock as note_low_stock_task
from apps.notifications.models import Message
from apps.users.models import User
from apps.users.tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    person = make_user(email="editor@example.com", is_staff=True, language="de")
    person.groups.add(Group.objects.get(name=roles.CATALOGUE_EDITOR))
    return person


def skus(stocks):
    return sorted(stocks.values_list("variant__sku", flat=True))


def test_low_is_what_the_variant_says_or_else_the_shop(settings):
    for sku, on_hand, low_at in (("A", 3, None), ("B", 4, None), ("C", 4, 8), ("D", 1, 0), ("E", 0, 0)):
        stock = make_variant(sku=sku, on_hand=on_hand).stock
        Stock.objects.filter(pk=stock.pk).update(low_at=low_at)
        stock.refresh_from_db()
        assert stock.is_low == (sku in "ACE")
    make_variant(sku="F", on_hand=0, backorder=True)
    assert skus(Stock.objects.low()) == ["A", "C", "E"]
    settings.STOCK_LOW_AT = 4
    assert skus(Stock.objects.low()) == ["A", "B", "C", "E"]


def test_staff_who_may_see_the_stock_get_one_mail_about_what_is_new(editor):
    User.objects.create_superuser("boss@example.com", "a quiet harbour")
    make_user(email="clerk@example.com", is_staff=True)
    make_user(email="customer@example.com")
    mug, lamp = make_variant(sku="MUG", title="Mug", on_hand=2), make_variant(sku="LAMP", title="Lamp", on_hand=9)

    assert note_low_stock_task.func() == 1
    mails = {mail.recipient: mail for mail in Message.objects.all()}
    assert sorted(mails) == ["boss@example.com", "editor@example.com"]
    assert mails["boss@example.com"].subject == "1 article runs low"
    assert "MUG  Mug: 2 left" in mails["boss@example.com"].text
    assert "/admin/catalog/stock/?level=low" in mails["boss@example.com"].text
    assert mails["editor@example.com"].subject == "1 Artikel geht zur Neige"
    assert "/de/admin/catalog/stock/?level=low" in mails["editor@example.com"].text

    assert note_low_stock() == 0
    adjust_stock(variant=lamp, delta=-9, reason="loss")
    assert note_low_stock() == 1
    assert Message.objects.count() == 4
    assert "LAMP  Lamp: sold out" in Message.objects.filter(recipient="boss@example.com").latest("pk").text
    adjust_stock(variant=mug, delta=5, reason="delivery")
    assert note_low_stock() == 0
    adjust_stock(variant=mug, delta=-5, reason="loss")
    assert note_low_stock() == 1


def test_what_is_not_in_the_shop_is_nobodys_worry(editor):
    archive_product(product=make_variant(on_hand=0).product)
    assert (note_low_stock(), Message.objects.count()) == (0, 0)


def test_a_long_digest_names_forty_and_counts_the_rest(editor):
    for number in range(42):
        make_variant(sku=f"S-{number}", on_hand=0)
    assert note_low_stock() == 42
    text = Message.objects.get().text
    assert (text.count("S-"), "und 2 weitere" in text) == (40, True)


def test_the_limit_of_a_variant_is_set_on_its_page_and_shown_on_the_desk(client, admin_user_client):
    stock = make_variant(on_hand=5).stock
    page = reverse("admin:catalog_stock_limit", args=[stock.pk])
    client.post(page, {"low_at": "7"})
    stock.refresh_from_db()
    assert (stock.low_at, stock.is_low) == (7, True)
    assert '<a href="/admin/catalog/stock/?level=low">1</a>' in client.get("/admin/").content.decode()
    client.post(page, {"low_at": "-2"})
    stock.refresh_from_db()
    assert stock.low_at == 7
    client.post(page, {"low_at": ""})
    stock.refresh_from_db()
    assert (stock.low_at, stock.low_limit) == (None, 3)


@pytest.fixture
def admin_user_client(client):
    client.force_login(User.objects.create_superuser("boss@example.com", "a quiet harbour"))
