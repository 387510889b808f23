"""Customers with address books, and staff where a known password does no harm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import batched
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from apps.core.seeders import SeedPlan
from apps.users.models import Address, User

CUSTOMERS, ORDERS_PER_CUSTOMER, MOST = 40, 8, 20_000
BATCH = 1000
ANNA = "Anna Sommer"
STAFF_EMAIL, CUSTOMER_EMAIL, PASSWORD = "admin@example.com", "anna@example.com", "stoa"

FIRST_NAMES = (
    "Anna", "Ben", "Clara", "David", "Elif", "Finn", "Greta", "Hannes", "Ida", "Jonas", "Karla", "Levi", "Mila",
    "Noah", "Olga", "Paul", "Rosa", "Samir", "Theo", "Vera", "Wanda", "Yusuf", "Zoe", "Lena", "Marek", "Nora",
)  # fmt: skip
LAST_NAMES = (
    "Albrecht", "Berger", "Conrad", "Dorn", "Engel", "Fuchs", "Graf", "Huber", "Ivanova", "Jansen", "Keller",
    "Lindner", "Maurer", "Novak", "Ott", "Petersen", "Richter", "Sommer", "Thoma", "Ulrich", "Vogel", "Winter",
    "Yilmaz", "Zander",
)  # fmt: skip
STREETS = (
    "Lindenstraße", "Am Markt", "Gartenweg", "Hafengasse", "Kastanienallee", "Mühlweg", "Rosenstraße", "Seestraße",
    "Talstraße", "Uferweg", "Ringstraße", "Birkenweg",
)  # fmt: skip
# Most buyers live where the shop does; the rest makes zones and tax rates show.
PLACES = (
    ("10115", "Berlin", "DE"), ("20095", "Hamburg", "DE"), ("50667", "Köln", "DE"), ("80331", "München", "DE"),
    ("04109", "Leipzig", "DE"), ("28195", "Bremen", "DE"), ("70173", "Stuttgart", "DE"), ("24103", "Kiel", "DE"),
    ("99084", "Erfurt", "DE"), ("34117", "Kassel", "DE"), ("1010", "Wien", "AT"), ("8010", "Graz", "AT"),
    ("1012 AB", "Amsterdam", "NL"), ("75003", "Paris", "FR"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str
    language: str
    address: dict[str, str]


def person(draw: Random, number: int) -> Person:
    """Somebody who does not exist: the domain example.org takes no mail."""
    first, last = draw.choice(FIRST_NAMES), draw.choice(LAST_NAMES)
    postal_code, city, country = draw.choice(PLACES)
    address = dict.fromkeys(Address.FIELDS, "")
    address |= {
        "name": f"{first} {last}",
        "line1": f"{draw.choice(STREETS)} {draw.randrange(1, 120)}",
        "postal_code": postal_code,
        "city": city,
        "country": country,
    }
    german = country in {"DE", "AT"} and draw.random() < 0.8
    email = f"{first}.{last}.{number}@example.org".lower()
    return Person(f"{first} {last}", email, "de" if german else "en", address)


def customers(plan: SeedPlan) -> list[Person]:
    """The same people in every run with this seed; more of them where more orders are asked for."""
    count = min(max(CUSTOMERS, (plan.orders or 0) // ORDERS_PER_CUSTOMER), MOST)
    anna = person(plan.random("customer:0"), 0)
    anna = replace(anna, name=ANNA, email=CUSTOMER_EMAIL, language="en", address=anna.address | {"name": ANNA})
    return [anna, *(person(plan.random(f"customer:{number}"), number) for number in range(1, count))]


def seed_people(plan: SeedPlan) -> None:
    """Customers, who can't sign in by password; in development the first of them can, and staff too."""
    made = 0
    for batch in batched(customers(plan), BATCH, strict=False):
        known = set(User.objects.filter(email__in=[p.email for p in batch]).values_list("email", flat=True))
        made += _write_customers([p for p in batch if p.email not in known], plan)
    plan.say(f"People: {made} customers added.")
    if plan.staff:
        _open_known_accounts(plan)


def _write_customers(people: Sequence[Person], plan: SeedPlan) -> int:
    now = timezone.now()
    with transaction.atomic():
        users = User.objects.bulk_create(
            User(
                email=who.email,
                full_name=who.name,
                language=who.language,
                password=make_password(None),
                date_joined=now - timedelta(days=plan.random(f"joined:{who.email}").randrange(31, 400)),
            )
            for who in people
        )
        EmailAddress.objects.bulk_create(
            EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
        )
        Address.unscoped.bulk_create(
            Address(user=user, is_default_shipping=True, is_default_billing=True, **who.address)
            for user, who in zip(users, people, strict=True)
        )
    return len(users)


def _open_known_accounts(plan: SeedPlan) -> None:
    """A password that somebody has set is theirs and stays."""
    if not User.objects.filter(email=STAFF_EMAIL).exists():
        User.objects.create_superuser(STAFF_EMAIL, PASSWORD, full_name="Stoa")
    anna = User.objects.get(email=CUSTOMER_EMAIL)
    if not anna.has_usable_password():
        anna.set_password(PASSWORD)
        anna.save(update_fields=["password"])
    plan.say(f"Sign in as {STAFF_EMAIL} (staff) or {CUSTOMER_EMAIL} (customer), password {PASSWORD}.")
