"""Staff write a discount, try it on the last month, switch it on and end it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from apps.catalog.tests.factories import make_category, make_product
from apps.core.money import Money
from apps.core.roles import MANAGER
from apps.pricing.admin.discounts import state_badge
from apps.pricing.explanation import explain
from apps.pricing.extensions import PastBasket
from apps.pricing.invariants import uses_that_differ
from apps.pricing.models import Discount, Redemption
from apps.pricing.quote import Destination, QuoteLine, ShippingChoice, TaxTable, quote
from apps.pricing.replaying import replay, replay_on
from apps.pricing.rules import Rule
from apps.pricing.selectors import draft_rule
from apps.pricing.summaries import summary
from apps.pricing.tests.factories import make_discount
from apps.users.tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

LIST, ADD = reverse("admin:pricing_discount_changelist"), reverse("admin:pricing_discount_add")
FIELDS = {
    "name": "Ten for you",
    "code": "ten-4u",
    "kind": "percent",
    "percent": "10",
    "buy_quantity": "0",
    "get_quantity": "0",
    "minimum_goods": "20.00",
    "priority": "0",
    "combinable": "on",
}
START = {"starts_at_0": "2027-01-02", "starts_at_1": "0:00"}


def url(name, discount):
    return reverse(f"admin:pricing_discount_{name}", args=[discount.pk])


@pytest.fixture
def manager(client):
    person = make_user(email="manager@example.com", is_staff=True)
    person.groups.add(Group.objects.get(name=MANAGER))
    client.force_login(person)
    return client


def test_a_manager_writes_a_draft(manager):
    kitchen = make_category(name="Kitchen")
    response = manager.post(ADD, {**FIELDS, "categories": [kitchen.pk], "name_de": "Zehn für dich"})
    assert response.status_code == 302
    made = Discount.objects.get()
    assert (made.code, made.value, made.minimum_goods, made.state) == ("TEN-4U", 100_000, 2000, "draft")
    assert (list(made.categories.all()), made.translations) == ([kitchen], {"de": {"name": "Zehn für dich"}})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "a!"}, "code"),
        ({"percent": ""}, "percent"),
        ({"percent": "101"}, "percent"),
        ({"kind": "amount"}, "amount"),
        ({"kind": "amount", "amount": "0"}, "amount"),
        ({"kind": "buy_x_get_y"}, "buy_quantity"),
        ({"total_limit": "0"}, "total_limit"),
        (
            {"starts_at_0": "2027-01-02", "starts_at_1": "0:00", "ends_at_0": "2027-01-01", "ends_at_1": "0:00"},
            "ends_at",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(manager, change, field):
    response = manager.post(ADD, {**FIELDS, **change})
    assert response.status_code == 200
    assert field in response.context["adminform"].form.errors
    assert Discount.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "stored"),
    [
        ({"kind": "amount", "amount": "5.00"}, {"value": 500}),
        ({"kind": "free_shipping"}, {"value": 0}),
        ({"kind": "buy_x_get_y", "percent": "50", "buy_quantity": "1", "get_quantity": "1"}, {"value": 500_000}),
    ],
)
def test_each_kind_keeps_its_own_value(manager, fields, stored):
    assert manager.post(ADD, {**FIELDS, **fields}).status_code == 302
    assert Discount.objects.values(*stored).get() == stored


def test_the_form_shows_what_is_stored_and_a_change_counts(manager):
    discount = make_discount(code="TEN", value=125_000, used=2, total_limit=5)
    page = manager.get(url("change", discount)).content.decode()
    assert 'value="12.5"' in page
    fields = {**FIELDS, "code": "TEN", "total_limit": "1"}
    assert "used 2 times already" in manager.post(url("change", discount), fields).content.decode()
    assert manager.post(url("change", discount), {**fields, "total_limit": "2"}).status_code == 302
    assert Discount.objects.values_list("value", "used", "total_limit", "version").get() == (100_000, 2, 2, 2)


def test_a_code_exists_once_whatever_its_capitals(manager):
    make_discount(code="TEN-4U")
    assert "code" in manager.post(ADD, FIELDS).context["adminform"].form.errors


def test_activating_and_ending(manager):
    discount = make_discount(active=False)
    for step, state in (("activate", "active"), ("activate", "active"), ("end", "ended"), ("activate", "active")):
        assert manager.post(url(step, discount)).status_code == 302
        assert Discount.objects.get().state == state
    assert manager.get(url("end", discount)).status_code == 405


def test_a_used_discount_is_not_deleted(manager):
    discount = make_discount(used=1)
    discount.redemptions.create(order_ref="x", customer_key="y", amount=1)
    assert manager.post(url("delete", discount), {"post": "yes"}).status_code == 403
    assert manager.post(url("delete", make_discount()), {"post": "yes"}).status_code == 302


def test_a_clerk_has_no_business_here(client):
    client.force_login(make_user(email="clerk@example.com", is_staff=True))
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize("number", [1, 24])
def test_the_list_costs_the_same_for_one_and_many(manager, number, django_assert_max_num_queries):
    for _ in range(number):
        make_discount(categories=[make_category()], products=[make_product()])
    with django_assert_max_num_queries(10):
        assert manager.get(LIST).status_code == 200


def test_the_list_says_it_in_words_with_its_state(manager):
    hour = timedelta(hours=1)
    now = timezone.now()
    kitchen = make_category(name="Kitchen")
    make_discount(code="TEN", categories=[kitchen], minimum_goods=2000, per_customer_limit=1)
    make_discount(kind="amount", products=[make_product(title="Pan")], combinable=False, ends_at=now - hour)
    make_discount(kind="free_shipping", starts_at=now + hour)
    make_discount(kind="buy_x_get_y", products=[make_product() for _ in range(3)], total_limit=2, used=2)
    page = manager.get(LIST).content.decode()
    for text in (
        "10 % off everything in Kitchen, from €20.00, with the code TEN, once per customer",
        "€5.00 off Pan, not with other discounts, until",
        "Free delivery with everything, from",
        "Buy 2, get 1 free: 3 products",
        "Over",
        "Waiting",
        "Used up",
        "2 of 2",
    ):
        assert text in page
    assert summary(make_discount(kind="buy_x_get_y", value=500_000)) == "Buy 2, get 1 for 50 % less: everything"
    assert summary(make_discount(per_customer_limit=3)) == "10 % off everything, 3 times per customer"


# Trying a draft


def basket(price=1000, quantity=2, bought=True, product=1, email="ada@example.com", rules=(), hour=0, **more):
    line = QuoteLine("A", quantity, Money(price, "EUR"), "190000", "Mug", product)
    taxes = TaxTable({("", "", "190000"): 190_000})
    choice = ShippingChoice("s", "Standard", Money(490, "EUR"), "190000") if bought else None
    result = quote(
        [line], Destination(""), choice, taxes, currency="EUR", prices_include_tax=True, discounts=rules,
        codes=[rule.code for rule in rules],
    )  # fmt: skip
    return PastBasket(
        label="AAAA-BBBB",
        at=timezone.now() - timedelta(hours=hour),
        lines=(line,),
        total=result.total.amount,
        bought=bought,
        email=email,
        delivery_price=490 if bought else None,
        delivery_rate=190_000,
        explanation=explain(result),
        **{"currency": "EUR", "prices_include_tax": True, **more},
    )


def tried(discount, baskets):
    return replay_on(discount, draft_rule(discount), baskets)


def test_a_draft_is_tried_on_orders_and_carts():
    discount = make_discount(active=False, products=[make_product()])
    own = discount.products.get().pk
    told = tried(discount, [basket(product=own), basket(product=own + 1), basket(product=own, bought=False)])
    assert (told.orders, len(told.order_effects), told.carts, len(told.cart_effects)) == (2, 1, 1, 1)
    assert [amount.amount for amount in (told.before, told.after, told.difference)] == [4980, 4780, 200]
    assert [effect.saved.amount for effect in told.biggest] == [200, 200]


def test_what_an_order_had_already_stays():
    code = Rule(discount_id=77, name="Five", kind="amount", value=500, code="FIVE")
    told = tried(make_discount(active=False), [basket(rules=[code])])
    assert (told.before.amount, told.after.amount) == (1990, 1790)  # the automatic one comes first


def test_free_delivery_is_tried_too():
    told = tried(make_discount(active=False, kind="free_shipping"), [basket(), basket(bought=False)])
    assert (told.difference.amount, len(told.cart_effects)) == (490, 0)


def test_limits_end_the_trial_as_they_would_have():
    baskets = [basket(email=email) for email in ("a@example.com", "A+x@example.com", "b@example.com")]
    assert len(tried(make_discount(active=False, total_limit=1), baskets).order_effects) == 1
    assert len(tried(make_discount(active=False, per_customer_limit=1), baskets).order_effects) == 2


def test_other_currencies_are_left_out_and_counted():
    told = tried(make_discount(active=False), [basket(), basket(currency="USD")])
    assert (told.orders, told.left_out) == (1, 1)


def test_an_empty_month_says_so(manager):
    discount = make_discount(active=False, code="TEN")
    told = replay(discount)
    assert (told.orders, told.carts, told.difference.amount) == (0, 0, 0)
    page = manager.get(url("replay", discount)).content.decode()
    assert "No order and no cart would have got it." in page
    assert manager.get(url("replay", Discount(pk=0))).status_code == 404


# Edges


def test_trying_changes_nothing_and_needs_a_discount(manager):
    discount = make_discount(active=False)

    assert "<title>Try on the last month |" in manager.get(url("replay", discount)).content.decode()
    wrong = [manager.post(url("replay", discount)), manager.get(url("activate", discount))]
    assert [(answer.status_code, answer["Allow"]) for answer in wrong] == [(405, "GET, HEAD"), (405, "POST")]
    assert manager.get(reverse("admin:pricing_discount_replay", args=[0])).status_code == 404
    assert Discount.objects.get().state == "draft"


def test_who_may_only_look_at_discounts_takes_no_step(client):
    discount, person = make_discount(active=False), make_user(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_discount"))
    client.force_login(person)

    answers = [client.get(url("replay", discount)), client.post(url("activate", discount)), client.get(LIST)]

    assert [answer.status_code for answer in answers] == [403, 403, 200]
    assert Discount.objects.get().state == "draft"


def test_without_a_value_of_goods_it_begins_with_the_first_cent(manager):
    assert manager.post(ADD, {**FIELDS, "minimum_goods": ""}).status_code == 302
    assert Discount.objects.get().minimum_goods == 0


def test_an_amount_without_a_code_is_shown_and_kept_as_it_is(manager):
    discount = make_discount(kind="amount", value=750)
    assert 'value="7.50"' in manager.get(url("change", discount)).content.decode()

    fields = {**FIELDS, "kind": "amount", "percent": "", "amount": "7.50", "code": ""}
    assert manager.post(url("change", discount), fields).status_code == 302

    discount.refresh_from_db()
    assert (discount.code, discount.value, str(discount)) == (None, 750, "Ten for you")


def test_the_state_of_a_discount_is_said_in_a_word():
    assert "Draft" in state_badge(make_discount(active=False))
    assert "Active" in state_badge(make_discount())


def test_uses_that_nobody_wrote_down_are_found():
    counted, other = make_discount(code="TEN", name="Ten"), make_discount()
    Discount.objects.filter(pk=counted.pk).update(used=2)
    used = Redemption.objects.create(discount=other, order_ref="ref", customer_key="k", amount=1)

    assert list(uses_that_differ()) == [
        f"Discount {counted.pk} says it was used 2 times, 0 uses are written down.",
        f"Discount {other.pk} says it was used 0 times, 1 uses are written down.",
    ]
    assert (str(used), counted.display_name, str(counted)) == (f"{other.pk} ref", "Ten", "Ten (TEN)")
