import pytest
from django.urls import reverse

from apps.users.models import Address
from apps.users.tests.factories import ADDRESS, make_address, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

LIST = "/account/addresses/"
FRAGMENT = {"HX-Request": "true", "HX-Target": "addresses"}


@pytest.fixture
def ada(client):
    user = make_user(full_name="Ada Lovelace")
    client.force_login(user)
    return user


def test_the_first_address_becomes_both_defaults(client, ada):
    answer = client.post(reverse("users:address-add"), ADDRESS)
    assert answer["Location"] == LIST
    address = Address.unscoped.get()
    assert (address.user_id, address.is_default_shipping, address.is_default_billing) == (ada.pk, True, True)
    assert "The address is saved." in client.get(LIST).content.decode()


def test_another_address_takes_a_default_over(client, ada):
    first, second = make_address(user=ada), make_address(user=ada, line1="Second street 2")
    assert not second.is_default_shipping
    client.post(reverse("users:address-default", args=[second.pk]), {"use": "shipping"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_default_shipping, first.is_default_billing) == (False, True)
    assert (second.is_default_shipping, second.is_default_billing) == (True, False)


def test_a_removed_default_passes_on(client, ada):
    first, second = make_address(user=ada), make_address(user=ada)
    client.post(reverse("users:address-delete", args=[first.pk]))
    assert list(Address.unscoped.values_list("pk", "is_default_shipping", "is_default_billing")) == [
        (second.pk, True, True)
    ]


def test_an_edit_keeps_what_was_not_changed(client, ada):
    address = make_address(user=ada)
    page = client.get(reverse("users:address-edit", args=[address.pk]))
    assert 'value="Torstraße 1"' in page.content.decode()
    client.post(
        reverse("users:address-edit", args=[address.pk]), {**ADDRESS, "city": "Potsdam", "postal_code": "14467"}
    )
    address.refresh_from_db()
    assert (address.city, address.line1, address.is_default_billing) == ("Potsdam", "Torstraße 1", True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"country": "XX"},
        {"country": ""},
        {"postal_code": "1011"},
        {"country": "US", "postal_code": "10001"},
        {"line1": "x" * 161},
        {"city": "Ber\0lin"},
    ],
)
def test_a_refused_address_is_422_and_stores_nothing(client, ada, wrong):
    answer = client.post(reverse("users:address-add"), {**ADDRESS, **wrong})
    assert answer.status_code == 422
    assert 'data-testid="form-error"' in answer.content.decode()
    assert Address.unscoped.count() == 0


def test_a_swap_gets_the_fresh_list_and_its_toast(client, ada):
    address = make_address(user=ada)
    answer = client.post(reverse("users:address-delete", args=[address.pk]), headers=FRAGMENT)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.lstrip().startswith('<div id="addresses">')
    assert "The address is removed." in text
    assert "<html" not in text
    assert "HX-Target" in answer["Vary"]


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
@pytest.mark.parametrize("name", ["address-edit", "address-delete", "address-default"])
def test_another_persons_address_does_not_exist(client, ada, name, headers):
    foreign = make_address(user=make_user())
    before = Address.unscoped.values().get()
    for pk in (foreign.pk, foreign.pk + 1, 10**30):
        answer = client.post(reverse(f"users:{name}", args=[pk]), {**ADDRESS, "use": "shipping"}, headers=headers)
        assert answer.status_code == 404
    assert Address.unscoped.values().get() == before


@pytest.mark.parametrize("name", ["address-list", "address-add", "account"])
def test_a_guest_is_sent_to_sign_in(client, name):
    answer = client.get(reverse(f"users:{name}"))
    assert answer["Location"] == f"/account/login/?next={reverse(f'users:{name}')}"


def test_a_guests_action_changes_nothing(client):
    address = make_address(user=make_user())
    answer = client.post(reverse("users:address-delete", args=[address.pk]), headers=FRAGMENT)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/account/login/?next=/account/")
    assert Address.unscoped.count() == 1


def test_a_button_with_a_strange_word_changes_nothing(client, ada):
    address = make_address(user=ada)
    client.post(reverse("users:address-default", args=[address.pk]), {"use": "everything"})
    address.refresh_from_db()
    assert address.is_default_shipping


def test_the_list_costs_the_same_for_one_and_for_many(client, ada, django_assert_max_num_queries):
    make_address(user=ada)
    client.get(LIST)
    with django_assert_max_num_queries(5) as one:
        client.get(LIST)
    for _ in range(23):
        make_address(user=ada)
    with django_assert_max_num_queries(5) as many:
        client.get(LIST)
    assert len(one) == len(many)


def test_the_form_offers_the_browser_what_it_knows(client, ada):
    text = client.get(reverse("users:address-add")).content.decode()
    for token in ("name", "address-line1", "postal-code", "address-level2", "country", "tel"):
        assert f'autocomplete="{token}"' in text
    assert 'value="Ada Lovelace"' in text


def test_a_country_without_postcodes_needs_none(client, ada):
    client.post(reverse("users:address-add"), {**ADDRESS, "country": "HK", "postal_code": ""})
    assert Address.unscoped.get().country == "HK"


def test_an_address_book_has_an_end(client, ada):
    for _ in range(50):
        make_address(user=ada)
    answer = client.post(reverse("users:address-add"), ADDRESS)
    assert answer.status_code == 409
    assert "Your address book is full." in answer.content.decode()
    assert Address.unscoped.count() == 50
