"""Uses of discounts: counted, limited, given back once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.catalog.tests.factories import make_category, make_product
from apps.core.money import Money
from apps.pricing import services
from apps.pricing.customers import customer_key, normal_email
from apps.pricing.errors import DiscountGone, IllegalState
from apps.pricing.models import Discount, Redemption
from apps.pricing.models.discount import normal_code
from apps.pricing.quote import AppliedDiscount
from apps.pricing.rules import Refusal
from apps.pricing.selectors import discount_rules
from apps.pricing.tests.factories import make_discount

pytestmark = pytest.mark.django_db


def applied(discount, amount=500):
    [rule] = [rule for rule in discount_rules([discount.code or ""]) if rule.discount_id == discount.pk]
    return AppliedDiscount(rule, Money(amount, "EUR"), Money(0, "EUR"), ())


def use(discount, order="order-1", email="ada@example.com", quoted=None):
    with transaction.atomic():
        services.redeem(order_ref=order, email=email, discounts=[quoted or applied(discount)])


def used(discount):
    return Discount.objects.get(pk=discount.pk).used


def refused(discount, **kwargs):
    before = (used(discount), Redemption.objects.count())
    with pytest.raises(DiscountGone):
        use(discount, **kwargs)
    return (used(discount), Redemption.objects.count()) == before


def test_a_use_is_counted_and_kept_with_its_amount():
    discount = make_discount(code="TEN", total_limit=2)
    use(discount)
    assert used(discount) == 1
    assert list(Redemption.objects.values_list("order_ref", "amount", "slot")) == [("order-1", 500, None)]


def test_the_limit_in_all_is_not_passed():
    discount = make_discount(code="TEN", total_limit=1)
    quoted = applied(discount)
    use(discount)
    assert refused(discount, order="order-2", quoted=quoted)


def test_an_order_uses_a_discount_once():
    discount = make_discount(code="TEN")
    use(discount)
    with pytest.raises(IntegrityError), transaction.atomic():
        use(discount)
    assert used(discount) == 1


def test_the_limit_per_customer_sees_through_capitals_and_tags():
    discount = make_discount(code="TEN", per_customer_limit=2)
    use(discount, "order-1", "ada@example.com")
    use(discount, "order-2", "Ada+shop@Example.com")
    assert refused(discount, order="order-3", email="ADA@example.com")
    use(discount, "order-4", "bob@example.com")
    assert used(discount) == 3


@pytest.mark.parametrize(
    ("email", "normal"),
    [
        (" Ada@Example.com ", "ada@example.com"),
        ("ada+a+b@example.com", "ada@example.com"),
        ("a.da@example.com", "a.da@example.com"),
        ("A.d.a+x@googlemail.com", "ada@gmail.com"),
        ("+@example.com", "+@example.com"),
        ("ada@example.com.", "ada@example.com"),
    ],
)
def test_a_customer_is_a_mailbox(email, normal):
    assert normal_email(email) == normal
    assert customer_key(email) == customer_key(normal)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "ended"},
        {"state": "draft"},
        {"version": 2},
        {"ends_at": timezone.now() - timedelta(seconds=1)},
        {"starts_at": timezone.now() + timedelta(hours=1)},
    ],
)
def test_what_changed_since_it_was_quoted_is_refused(change):
    discount = make_discount(code="TEN")
    quoted = applied(discount)
    Discount.objects.filter(pk=discount.pk).update(**change)
    assert refused(discount, quoted=quoted)


def test_giving_back_frees_the_use_once():
    discount = make_discount(code="TEN", total_limit=1, per_customer_limit=1)
    use(discount)
    assert [services.release(order_ref="order-1"), services.release(order_ref="order-1")] == [1, 0]
    assert used(discount) == 0
    use(discount, "order-2")
    assert used(discount) == 1


def test_late_money_takes_the_use_again_even_after_its_time():
    discount = make_discount(code="TEN", total_limit=1, per_customer_limit=1)
    use(discount)
    services.release(order_ref="order-1")
    services.end(discount_id=discount.pk)
    services.retake(order_ref="order-1")
    assert used(discount) == 1
    assert Redemption.objects.get().freed_at is None


@pytest.mark.parametrize("limits", [{"total_limit": 1}, {"per_customer_limit": 1}])
def test_late_money_gets_no_use_that_another_order_has(limits):
    discount = make_discount(code="TEN", **limits)
    use(discount)
    services.release(order_ref="order-1")
    use(discount, "order-2")
    with pytest.raises(DiscountGone), transaction.atomic():
        services.retake(order_ref="order-1")
    assert used(discount) == 1


def test_an_order_without_discounts_gives_back_and_takes_nothing():
    services.retake(order_ref="none")
    assert services.release(order_ref="none") == 0


def test_codes_are_read_with_why_they_do_not_work():
    hour = timedelta(hours=1)
    now = timezone.now()
    make_discount(code="GOOD")
    make_discount(code="DRAFT", active=False)
    make_discount(code="SOON", starts_at=now + hour)
    make_discount(code="OVER", ends_at=now - hour)
    services.end(discount_id=make_discount(code="ENDED").pk)
    make_discount(code="FULL", total_limit=3, used=3)
    rules = discount_rules(["GOOD", "DRAFT", "SOON", "OVER", "ENDED", "FULL", "NONE"])
    assert {rule.code: rule.refusal for rule in rules} == {
        "GOOD": None,
        "DRAFT": Refusal.UNKNOWN,
        "SOON": Refusal.NOT_STARTED,
        "OVER": Refusal.ENDED,
        "ENDED": Refusal.ENDED,
        "FULL": Refusal.USED_UP,
    }


@pytest.mark.parametrize(
    ("seconds", "refusal"),
    [(-1, Refusal.NOT_STARTED), (0, None), (59, None), (60, Refusal.ENDED), (61, Refusal.ENDED)],
)
def test_a_discount_works_from_the_moment_of_its_start_until_that_of_its_end(seconds, refusal):
    start = timezone.now()
    make_discount(code="MINUTE", starts_at=start, ends_at=start + timedelta(minutes=1))
    [rule] = discount_rules(["MINUTE"], at=start + timedelta(seconds=seconds))
    assert rule.refusal == refusal


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("  spring 26\n", "SPRING26"),
        ("abc", "ABC"),
        ("ab", ""),
        ("a" * 40, "A" * 40),
        ("a" * 41, ""),
        ("_abc", ""),
        ("größe", ""),
        ("abc" + " " * 196 + "d", "ABCD"),
        ("abc" + " " * 197 + "d", "ABC"),  # more than 200 characters are no code that anybody typed
    ],
)
def test_a_code_is_compared_in_capitals_and_without_spaces(typed, code):
    assert normal_code(typed) == code


def test_automatic_ones_work_only_in_their_time_and_within_their_limit():
    now = timezone.now()
    at_work = make_discount()
    make_discount(active=False)
    make_discount(starts_at=now + timedelta(hours=1))
    make_discount(total_limit=1, used=1)
    assert [rule.discount_id for rule in discount_rules()] == [at_work.pk]


def test_targets_and_terms_come_in_one_query(django_assert_num_queries):
    pans = make_category(name="Pans", slug="pans")
    products = [make_product() for _ in range(3)]
    discount = make_discount(kind="buy_x_get_y", categories=[pans], products=products, minimum_goods=99)
    with django_assert_num_queries(1):
        [rule] = discount_rules()
    assert rule.products == {product.pk for product in products}
    assert (rule.categories, rule.buy, rule.get, rule.minimum) == ({"pans"}, 2, 1, 99)
    assert rule.discount_id == discount.pk


def test_a_customer_who_used_it_is_told(django_assert_num_queries):
    discount = make_discount(code="ONCE", per_customer_limit=1)
    use(discount)
    with django_assert_num_queries(2):
        [rule] = discount_rules(["ONCE"], email="ada@example.com")
    assert rule.refusal == Refusal.PER_CUSTOMER
    assert discount_rules(["ONCE"], email="bob@example.com")[0].refusal is None


def test_a_name_is_in_the_visitors_language():
    from django.utils import translation

    make_discount(name="Autumn", translations={"de": {"name": "Herbst"}})
    assert discount_rules()[0].name == "Autumn"
    with translation.override("de"):
        assert discount_rules()[0].name == "Herbst"


def test_switching_on_and_off_counts_as_a_change():
    discount = make_discount(active=False)
    services.activate(discount_id=discount.pk)
    services.end(discount_id=discount.pk)
    services.activate(discount_id=discount.pk)
    assert Discount.objects.values_list("state", "version").get() == ("active", 4)
    with pytest.raises(IllegalState):
        services.activate(discount_id=discount.pk)
    services.end(discount_id=discount.pk)
    with pytest.raises(IllegalState):
        services.end(discount_id=discount.pk)


def test_an_edit_keeps_what_was_used_meanwhile():
    discount = make_discount(code="TEN")
    stale = Discount.objects.get(pk=discount.pk)
    use(discount)
    stale.name = "Renamed"
    services.save_discount(discount=stale)
    assert Discount.objects.values_list("name", "used", "version").get() == ("Renamed", 1, 2)
    assert services.save_discount(discount=Discount(name="New", value=1)).pk


@pytest.mark.parametrize(
    "columns",
    [
        {"total_limit": 1, "used": 2},
        {"value": 0},
        {"value": 1_000_001},
        {"kind": "amount", "value": 0},
        {"kind": "free_shipping", "value": 1},
        {"kind": "buy_x_get_y", "buy_quantity": 0, "get_quantity": 1},
        {"code": "lower"},
        {"code": ""},
        {"minimum_goods": -1},
        {"starts_at": timezone.now(), "ends_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_the_database_refuses_a_discount_that_makes_no_sense(columns):
    discount = make_discount(code="TEN")
    with pytest.raises(IntegrityError), transaction.atomic():
        Discount.objects.filter(pk=discount.pk).update(**columns)
