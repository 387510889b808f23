"""Staff can't become more than they were made: no way from a ready group to the owner of the shop."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.test import Client

from apps.core import roles
from apps.users.models import User
from apps.users.tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
EVERY_ROLE = [roles.CATALOGUE_EDITOR, roles.ORDER_CLERK, roles.MANAGER]
PROMOTION = {
    "email": "taken@example.com",
    "full_name": "Mallory",
    "language": "",
    "is_active": "on",
    "is_staff": "on",
    "is_superuser": "on",
}


@pytest.fixture
def owner():
    return User.objects.create_superuser("boss@example.com", PASSWORD)


def staff(role):
    person = make_user(email="staff@example.com", is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client, person


def powers(person):
    fresh = User.objects.get(pk=person.pk)
    names = sorted(fresh.groups.values_list("name", flat=True))
    return fresh.is_staff, fresh.is_superuser, names, fresh.user_permissions.count(), fresh.email


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_staff_can_not_promote_anybody(role):
    client, person = staff(role)
    customer = make_user(email="customer@example.com")
    every_group = [str(group.pk) for group in Group.objects.all()]
    every_permission = [str(pk) for pk in Permission.objects.values_list("pk", flat=True)]
    before = powers(person), powers(customer)
    for target in (person, customer):
        data = {**PROMOTION, "groups": every_group, "user_permissions": every_permission}
        client.post(f"/admin/users/user/{target.pk}/change/", data)
    assert (powers(person), powers(customer)) == before
    client.post("/admin/users/user/add/", {**PROMOTION, "email": "new@example.com", "groups": every_group})
    assert not User.objects.filter(email="new@example.com", is_staff=True).exists()


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_staff_can_not_take_over_the_owners_account(role, owner):
    client, _ = staff(role)
    address = EmailAddress.objects.get(user=owner)
    password = {"password1": "a new harbour", "password2": "a new harbour", "usable_password": "true"}
    refused = [
        client.post(f"/admin/users/user/{owner.pk}/change/", {**PROMOTION, "is_active": ""}),
        client.post(f"/admin/users/user/{owner.pk}/password/", password),
        client.post(f"/admin/users/user/{owner.pk}/delete/", {"post": "yes"}),
        client.post(f"/admin/auth/group/{Group.objects.first().pk}/change/", {"name": "All", "permissions": ["1"]}),
        client.post("/admin/auth/group/add/", {"name": "All", "permissions": ["1"]}),
    ]
    assert [response.status_code for response in refused] == [403] * 5
    # Addresses are no page of the admin for anybody.
    assert (
        client.post(f"/admin/account/emailaddress/{address.pk}/change/", {"email": "m@example.com"}).status_code == 404
    )
    fresh = User.objects.get(pk=owner.pk)
    assert (fresh.email, fresh.is_active, fresh.check_password(PASSWORD)) == ("boss@example.com", True, True)


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_the_queries_of_lists_do_not_leak_hashes(role):
    client, _ = staff(role)
    for address in (
        "/admin/users/user/?password__startswith=argon2",
        "/admin/orders/order/?user__password__startswith=argon2",
        "/admin/orders/order/?guest_links__token_hash__startswith=a",
        "/admin/notifications/message/?text__contains=reset",
    ):
        assert client.get(address).status_code in {400, 403}, address


def test_the_admin_has_no_password_form_without_limits():
    client, _ = staff(roles.ORDER_CLERK)
    response = client.post("/admin/login/", {"username": "boss@example.com", "password": "guess"})
    assert (response.status_code, response["Location"]) == (302, "/account/login/?next=/admin/")


def test_a_role_has_no_permission_over_people_groups_or_sessions():
    for role in EVERY_ROLE:
        held = set(Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename"))
        assert not {app for app, _ in held} & {"auth", "account", "sessions", "admin", "contenttypes"}, role
        assert not held & {("users", "add_user"), ("users", "delete_user")}, role
