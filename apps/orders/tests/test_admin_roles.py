"""Each ready group sees its own part of the admin; what it doesn't see answers 403."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from apps.catalog.tests.factories import make_variant
from apps.core import roles
from apps.orders.tests.factories import make_order
from apps.users.models import User
from apps.users.services import create_account

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

GOODS = {"catalog_product", "catalog_category", "catalog_stock"}
ORDERS = {"orders_order", "shipping_shipment", "payments_payment", "users_user", "notifications_message"}
SETTINGS = {
    "pricing_taxrate",
    "shipping_shippingzone",
    "shipping_shippingmethod",
    "payments_webhookevent",
    "jobs_job",
}
OWNER_ONLY = {"auth_group"}
LISTS = GOODS | ORDERS | SETTINGS | OWNER_ONLY
SEES = {
    roles.CATALOGUE_EDITOR: GOODS,
    roles.ORDER_CLERK: ORDERS,
    roles.MANAGER: GOODS | ORDERS | SETTINGS,
}


def staff(client, role):
    user = create_account(email="staff@example.com", password=None, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return user


def address(name, page="changelist", *args):
    return reverse(f"admin:{name}_{page}", args=args)


@pytest.mark.parametrize("role", SEES)
def test_a_role_opens_its_lists_and_no_others(client, role):
    staff(client, role)
    opened = {name for name in LISTS if client.get(address(name)).status_code == 200}
    refused = {name for name in LISTS if client.get(address(name)).status_code == 403}
    assert (opened, refused) == (SEES[role], LISTS - SEES[role])


@pytest.mark.parametrize("role", SEES)
def test_the_first_page_names_only_what_the_role_may_open(client, role):
    staff(client, role)
    text = client.get(reverse("admin:index")).content.decode()
    linked = {name for name in LISTS if f'href="{address(name)}"' in text}
    assert linked == SEES[role]
    assert ("Takings today" in text) == (role != roles.CATALOGUE_EDITOR)
    assert ("Low stock" in text) == (role != roles.ORDER_CLERK)
    assert "Setting up your shop" not in text


def test_a_catalogue_editor_makes_products_and_touches_no_order(client):
    staff(client, roles.CATALOGUE_EDITOR)
    order = make_order()
    assert client.get(address("catalog_product", "add")).status_code == 200
    assert client.get(address("catalog_stock", "change", make_variant().stock.pk)).status_code == 200
    assert client.get(address("orders_order", "change", order.pk)).status_code == 403
    assert client.post(reverse("admin:shipping_pack", args=[order.pk])).status_code == 403


def test_an_order_clerk_handles_orders_and_touches_no_product(client):
    staff(client, roles.ORDER_CLERK)
    order = make_order(paid=True)
    variant = order.lines.get().variant
    product = variant.product_id
    assert client.post(reverse("admin:shipping_pack", args=[order.pk])).status_code == 302
    order.refresh_from_db()
    assert order.status == "fulfilling"
    assert client.get(address("catalog_product", "change", product)).status_code == 403
    assert f"/product/{product}/" not in client.get(address("orders_order", "change", order.pk)).content.decode()
    assert client.get(address("catalog_stock", "change", variant.stock.pk)).status_code == 403


def test_a_clerk_reads_customers_but_changes_none(client):
    staff(client, roles.ORDER_CLERK)
    customer = create_account(email="ada@example.com", password=None, full_name="Ada")
    page = address("users_user", "change", customer.pk)
    assert 'name="full_name"' not in client.get(page).content.decode()
    assert client.post(page, {"full_name": "Eve"}).status_code == 403
    customer.refresh_from_db()
    assert customer.full_name == "Ada"


def test_a_manager_changes_a_customer_but_makes_nobody_staff(client):
    manager = staff(client, roles.MANAGER)
    customer = create_account(email="ada@example.com", password=None)
    page = address("users_user", "change", customer.pk)
    group = Group.objects.get(name=roles.MANAGER).pk
    posted = {
        "full_name": "Ada L.",
        "language": "de",
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
        "groups": [group],
        "email": "eve@example.com",
    }
    assert client.post(page, posted).status_code == 302
    customer.refresh_from_db()
    assert (customer.full_name, customer.language, customer.email) == ("Ada L.", "de", "ada@example.com")
    assert (customer.is_staff, customer.is_superuser, customer.groups.count()) == (False, False, 0)
    own = address("users_user", "change", manager.pk)
    assert client.post(own, posted).status_code == 403
    manager.refresh_from_db()
    assert manager.is_superuser is False


def test_a_manager_touches_no_account_of_staff_and_no_password(client):
    staff(client, roles.MANAGER)
    boss = User.objects.create_superuser("boss@example.com", "a quiet harbour")
    customer = create_account(email="ada@example.com", password=None)
    assert client.post(address("users_user", "change", boss.pk), {"is_active": ""}).status_code == 403
    for user in (boss, customer):
        assert client.get(reverse("admin:auth_user_password_change", args=[user.pk])).status_code == 403
    assert client.get(address("users_user", "add")).status_code == 403
    assert client.post(address("users_user", "delete", customer.pk), {"post": "yes"}).status_code == 403


def test_the_owner_sees_the_list_of_what_is_still_to_set_up(client):
    client.force_login(User.objects.create_superuser("boss@example.com", "a quiet harbour"))
    text = client.get(reverse("admin:index")).content.decode()
    assert "Setting up your shop" in text
    assert {name for name in LISTS if f'href="{address(name)}"' in text} == LISTS


def test_customers_and_guests_do_not_enter(client):
    assert client.get(reverse("admin:index")).status_code == 302
    client.force_login(create_account(email="ada@example.com", password=None))
    for name in LISTS:
        assert client.get(address(name)).status_code in {302, 403, 404}
