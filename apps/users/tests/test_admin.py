import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from apps.users.models import User
from apps.users.tests.factories import make_address, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

LIST = reverse("admin:users_user_changelist")


@pytest.fixture(autouse=True)
def boss(client):
    user = User.objects.create_superuser("boss@example.com", "a quiet harbour")
    client.force_login(user)
    return user


def test_customers_are_found_by_address_and_name(client):
    make_user(email="ada@example.com", full_name="Ada Lovelace")
    make_user(email="grace@example.com", full_name="Grace Hopper")
    for typed in ("ADA@", "lovelace", "ada@example.com"):
        text = client.get(LIST, {"q": typed}).content.decode()
        assert "ada@example.com" in text
        assert "grace@example.com" not in text


def test_the_page_of_a_customer_shows_their_addresses_for_reading(client):
    ada = make_user()
    make_address(user=ada)
    text = client.get(reverse("admin:users_user_change", args=[ada.pk])).content.decode()
    assert "Torstraße 1" in text
    assert 'value="Torstraße 1"' not in text


def test_an_account_made_by_hand_is_verified_and_has_no_password(client):
    answer = client.post(
        reverse("admin:users_user_add"), {"email": "New@Example.com", "full_name": "New", "language": ""}
    )
    assert answer.status_code == 302
    user = User.objects.get(email="new@example.com")
    assert user.has_usable_password() is False
    assert EmailAddress.objects.get(user=user).verified is True
    again = client.post(reverse("admin:users_user_add"), {"email": "new@example.com", "full_name": "", "language": ""})
    assert "There is an account with this address already." in again.content.decode()


def test_the_owner_makes_staff(client):
    ada = make_user()
    fields = {"full_name": "Ada", "language": "", "is_active": "on", "is_staff": "on"}
    assert client.post(reverse("admin:users_user_change", args=[ada.pk]), fields).status_code == 302
    ada.refresh_from_db()
    assert ada.is_staff is True


def test_the_list_costs_the_same_for_1_and_24_customers(client, django_assert_num_queries):
    client.get(LIST)
    with django_assert_num_queries(6):
        client.get(LIST)
    for _ in range(23):
        make_user()
    with django_assert_num_queries(6):
        client.get(LIST)
