import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed

from apps.catalog.tests.factories import make_variant
from apps.core.ownership import Owner
from apps.orders import selectors
from apps.orders.models import Order
from apps.orders.tests.factories import make_order
from apps.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return User.objects.create_user("ada@example.com", "a long pass phrase")


def test_signing_in_by_the_form_brings_the_cart_along(shopper, user):
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    variant = make_variant()
    shopper.add(variant.sku, 3)
    shopper.post("/account/login/", {"login": user.email, "password": "a long pass phrase"})
    assert selectors.basket(Owner(user_id=user.pk)).quantities == {variant.pk: 3}
    assert 'data-count="3"' in shopper.get("/cart/").content.decode()


def test_a_proved_address_brings_its_guest_orders(user):
    order = make_order(email="ada@example.com")
    address = EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    email_confirmed.send(EmailAddress, request=None, email_address=address)
    assert Order.unscoped.get(pk=order.pk).user == user


def test_an_unproved_address_brings_nothing(shopper, user):
    order = make_order(email="ada@example.com")
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    shopper.force_login(user)
    assert Order.unscoped.get(pk=order.pk).user is None
    assert order.number not in shopper.get("/orders/").content.decode()


def test_later_guest_orders_join_at_the_next_sign_in(shopper, user):
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    order = make_order(email="ada@example.com")
    shopper.force_login(user)
    assert order.number in shopper.get("/orders/").content.decode()
