from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.core.ownership import Owner
from apps.users.models import Address, User
from apps.users.services import save_address
from apps.users.tests.factories import ADDRESS, PASSWORD, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

AT_ONCE = 6


def at_once(action):
    """What `action` returns in each of several threads that start together."""
    start = Barrier(AT_ONCE)

    def run(_number):
        start.wait()
        try:
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(run, range(AT_ONCE)))


def test_sign_ups_with_one_address_at_once_make_one_account():
    form = {"email": "ada@example.com", "password1": PASSWORD}
    answers = at_once(lambda: Client().post(reverse("account_signup"), form))
    assert {answer.status_code for answer in answers} == {302}
    assert {answer["Location"] for answer in answers} == {reverse("account_email_verification_sent")}
    assert User.objects.count() == 1


def test_first_addresses_saved_at_once_leave_one_default():
    owner = Owner(user_id=make_user().pk)
    at_once(lambda: save_address(owner=owner, address=Address(**ADDRESS)))
    assert Address.unscoped.count() == AT_ONCE
    assert Address.unscoped.filter(is_default_shipping=True).count() == 1
    assert Address.unscoped.filter(is_default_billing=True).count() == 1
