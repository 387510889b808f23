from itertools import count

from allauth.account.models import EmailAddress

from apps.core.ownership import Owner
from apps.users.models import Address, User
from apps.users.services import create_account, save_address

PASSWORD = "a quiet harbour"
_numbers = count(1)


def make_user(*, email="", password=PASSWORD, verified=True, **fields) -> User:
    user = create_account(email=email or f"person{next(_numbers)}@example.com", password=password, **fields)
    if not verified:
        EmailAddress.objects.filter(user=user).update(verified=False)
    return user


ADDRESS = {
    "name": "Ada Lovelace",
    "company": "",
    "line1": "Torstraße 1",
    "line2": "",
    "postal_code": "10119",
    "city": "Berlin",
    "region": "",
    "country": "DE",
    "phone": "",
}


def make_address(*, user, **fields) -> Address:
    return save_address(owner=Owner(user_id=user.pk), address=Address(**{**ADDRESS, **fields}))
