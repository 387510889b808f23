"""Lists and pages of the admin about discounts and taxes, word by word."""

from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse

from apps.pricing.models import Discount, TaxRate
from apps.pricing.tests.factories import make_discount
from apps.users.models import User
from tests.support.admin_pages import addresses, content, listed

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

LIST = reverse("admin:pricing_discount_changelist")
STACKING = (
    "How discounts are combined: automatic ones come off first, from the lowest rank to the highest, then codes in the "
    "order in which they were entered. Each works on what the earlier ones left. A discount that can't be combined "
    "stands alone: the customer gets it or all others together, whichever makes the lower total. Percentages are "
    "rounded half up once per article, amounts are spread over the articles without losing a cent, and nothing "
    "goes below zero."
)
FIELDS = {"name": "Ten", "kind": "percent", "percent": "10", "buy_quantity": "0", "get_quantity": "0", "priority": "0"}


@pytest.fixture(autouse=True)
def boss(client):
    person = User.objects.create_superuser("boss@example.com", "a quiet harbour")
    client.force_login(person)
    return person


def url(name, discount):
    return reverse(f"admin:pricing_discount_{name}", args=[discount.pk])


def opening(discount):
    return f'<a href="{url("change", discount)}">{discount.name}</a>'


def badge(tone, text):
    return f'<span class="badge badge--{tone}">{text}</span>'


def said(response):
    """The kind and the words of what the next page tells first, after all that was told before."""
    return [(message.level_tag, str(message)) for message in get_messages(response.wsgi_request)][-1]


def test_the_list_of_discounts(client):
    ends = datetime(2030, 11, 20, 8, 5, tzinfo=UTC)  # 9:05 in the shop
    ten = make_discount(name="Ten", code="TEN", ends_at=ends, total_limit=5, used=2)
    draft = make_discount(name="Draft", active=False, kind="buy_x_get_y")
    future = make_discount(name="Future", starts_at=datetime(2040, 1, 1, tzinfo=UTC), used=7)
    past = make_discount(name="Past", kind="amount", ends_at=datetime(2020, 1, 1, tzinfo=UTC))
    gone = make_discount(name="Gone", kind="free_shipping", total_limit=1, used=1)

    found = listed(client.get(LIST).text)

    assert sorted(found, key=lambda row: row["Name"]) == [
        {
            "Name": opening(ten),
            "In words": "10 % off everything, with the code TEN, until 11/20/2030",
            "State": badge("ok", "Active"),
            "Used": "2 of 5",
            "Ends": "11/20/2030 9:05 a.m.",
        },
        {
            "Name": opening(draft),
            "In words": "Buy 2, get 1 free: everything",
            "State": badge("muted", "Draft"),
            "Used": "0",
            "Ends": "–",
        },
        {
            "Name": opening(future),
            "In words": "10 % off everything, from 01/01/2040 on",
            "State": badge("info", "Waiting"),
            "Used": "7",
            "Ends": "–",
        },
        {
            "Name": opening(past),
            "In words": "€5.00 off everything, until 01/01/2020",
            "State": badge("muted", "Over"),
            "Used": "0",
            "Ends": "01/01/2020 1 a.m.",
        },
        {
            "Name": opening(gone),
            "In words": "Free delivery with everything",
            "State": badge("warn", "Used up"),
            "Used": "1 of 1",
            "Ends": "–",
        },
    ]


def test_the_page_of_a_discount(client):
    ten = make_discount(name="Ten", code="TEN")

    assert content(client.get(url("change", ten)).text) == (
        "Ten Active 10 % off everything, with the code TEN "
        "Try on the last month End it now History "
        "Name: Customers read it in cart and order. "
        "Code: Letters, digits, - and _. Without a code the discount works by itself. "
        "Kind: Percent Amount Free delivery Buy some, get some "
        "What it takes off "
        "Percent off: For percent, and for what “buy some, get some” takes off each reduced piece (100 is free). "
        "Amount off: For an amount. Pieces to pay for: Pieces that are reduced: "
        "Off what "
        "From a value of goods: Of the goods it applies to, before any discount. "
        "Categories: With everything below them. Without categories and products the discount applies to everything. "
        "Products: "
        "When and how often Starts: Date: Time: Ends: Date: Time: How often in all: "
        "How often per customer: A customer is an email address, whatever its capitals or +tag. "
        f"With other discounts {STACKING} "
        "Can be combined If not, it stands alone: the customer gets it or all others together, whichever saves more. "
        "Rank: Automatic discounts are taken off from the lowest rank to the highest. "
        "German Name (German): Customers read it in cart and order. "
        "Delete"
    )


def test_each_step_says_what_happened_and_who_did_it_is_kept(client, boss):
    draft = make_discount(active=False)

    for step, told in (
        ("activate", ("success", "The discount works from now on.")),
        ("activate", ("error", "This discount is in another state meanwhile.")),
        ("end", ("success", "The discount has ended.")),
    ):
        response = client.post(url(step, draft))
        assert (response.status_code, response["Location"], said(response)) == (302, url("change", draft), told)
    assert client.get(url("end", draft))["Allow"] == "POST"
    assert client.post(url("replay", draft))["Allow"] == "GET, HEAD"
    assert list(LogEntry.objects.order_by("pk").values_list("user_id", "object_id", "change_message")) == [
        (boss.pk, str(draft.pk), "The discount works from now on."),
        (boss.pk, str(draft.pk), "The discount has ended."),
    ]


def test_each_refusal_of_the_form_says_what_is_missing(client):
    ten = make_discount(code="TEN", used=2)
    day = {"starts_at_0": "2030-01-02", "starts_at_1": "0:00", "ends_at_0": "2030-01-02", "ends_at_1": "0:00"}
    wrong = {"kind": "buy_x_get_y", "percent": "", "code": "!", "total_limit": "1"}
    needed = ["This kind of discount needs it."]

    assert refused(client.post(url("change", ten), {**FIELDS, **wrong, **day})) == {
        "code": ["A code has 3 to 40 letters, digits, - or _."],
        "total_limit": ["It has been used 2 times already."],
        "percent": needed,
        "buy_quantity": needed,
        "get_quantity": needed,
        "ends_at": ["The end must be after the start."],
    }
    assert refused(client.post(url("change", ten), {**FIELDS, "kind": "amount"})) == {"amount": needed}


def refused(response):
    return {name: list(errors) for name, errors in response.context["adminform"].form.errors.items()}


def test_the_list_of_taxes(client):
    TaxRate.objects.exclude(country="CH", tax_class="standard").delete()
    TaxRate.objects.update(region="ZH", valid_from="2025-01-01")
    rate = TaxRate.objects.get()

    assert listed(client.get(reverse("admin:pricing_taxrate_changelist")).text) == [
        {
            "Country": f'<a href="{reverse("admin:pricing_taxrate_change", args=[rate.pk])}">Switzerland, ZH</a>',
            "Tax class": "standard rate",
            "Rate": "8.1 %",
            "Valid from": "Jan. 1, 2025",
        }
    ]


def test_each_step_has_its_address_before_those_of_any_admin():
    assert addresses(admin.site._registry[Discount])[:4] == [
        ("<int:pk>/replay/", "pricing_discount_replay", "replay_view"),
        ("<int:pk>/activate/", "pricing_discount_activate", "activate_view"),
        ("<int:pk>/end/", "pricing_discount_end", "end_view"),
        ("", "pricing_discount_changelist", "changelist_view"),
    ]
