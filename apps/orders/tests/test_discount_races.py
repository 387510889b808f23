"""Many buyers and one code at the same moment, on a real database; then each guard is taken out, one by one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection
from django.db.models import F

from apps.catalog.tests.factories import make_variant
from apps.orders import selectors, services
from apps.orders.models import Order
from apps.orders.tests.factories import make_cart, make_details
from apps.orders.tests.test_codes import broken
from apps.pricing.errors import DiscountGone
from apps.pricing.models import Discount, Redemption
from apps.pricing.services import redeeming
from apps.pricing.tests.factories import make_discount

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

THREADS = 10


def ready(number, email="buyer{}@example.com"):
    """Buyers who have seen the discounted total: what is left is to press the button."""
    variant = make_variant(price=1999, on_hand=number)
    return [(_offer(variant), email.format(n)) for n in range(number)]


def _offer(variant):
    owner = make_cart(lines={variant: 1})
    services.add_code(owner=owner, text="TEN")
    basket = selectors.basket(owner)
    return owner, services.quote_basket(basket, country="DE", postal_code="10115", shipping_method="standard")


def rush(buyers):
    """All press the button, so many at a time; returns what each got."""
    barrier = Barrier(THREADS)

    def press(share):
        barrier.wait()
        results = []
        for (owner, offer), email in share:
            try:
                details = make_details(email=email)
                shown = offer.quote.total.amount
                order = services.place_order(
                    owner=owner, token=offer.basket.token, details=details, shown_total=shown, offer=offer
                )
                results.append(order)
            except Exception as error:
                results.append(error)
        connection.close()
        return results

    with ThreadPoolExecutor(THREADS) as pool:
        return [result for share in pool.map(press, [buyers[n::THREADS] for n in range(THREADS)]) for result in share]


def count(results, kind):
    return sum(isinstance(result, kind) for result in results)


def uses():
    return Discount.objects.get().used, Redemption.objects.count(), Order.unscoped.count()


@pytest.mark.parametrize(("limit", "buyers"), [(1, 20), (10, 40)])
def test_a_code_is_used_as_often_as_it_may_be(limit, buyers):
    make_discount(code="TEN", total_limit=limit)
    results = rush(ready(buyers))
    assert (count(results, Order), count(results, DiscountGone)) == (limit, buyers - limit)
    assert uses() == (limit, limit, limit)
    assert broken() == []


def test_one_customer_uses_it_once_by_whatever_spelling():
    make_discount(code="TEN", per_customer_limit=1)
    results = rush(ready(30, "Ada+{}@Example.com"))
    assert (count(results, Order), count(results, DiscountGone)) == (1, 29)
    assert uses() == (1, 1, 1)
    assert broken() == []


def test_a_code_entered_many_times_at_once_is_kept_once():
    make_discount(code="TEN")
    owner = make_cart()
    barrier = Barrier(THREADS)

    def enter(_):
        barrier.wait()
        try:
            return services.add_code(owner=owner, text="ten")
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(enter, range(THREADS)))
    assert selectors.basket(owner).codes == ("TEN",)


def test_cancelled_and_expired_at_once_give_back_once():
    make_discount(code="TEN")
    [order] = rush(ready(1))
    Order.unscoped.update(hold_expires_at=order.placed_at)
    barrier = Barrier(2)

    def close(act):
        barrier.wait()
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    acts = [
        lambda: services.expire_order(order_id=order.pk),
        lambda: services.cancel_order(order_id=order.pk, restock=True, actor=None),
    ]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(close, acts))
    assert Discount.objects.get().used == 0
    assert broken() == []


# Controls


def count_without_a_condition(discounts):
    """The guard taken out: whatever was used, one more."""
    return bool(discounts.update(used=F("used") + 1))


@pytest.fixture
def no_condition(monkeypatch):
    monkeypatch.setattr(redeeming, "_count_use", count_without_a_condition)


@pytest.fixture
def no_check():
    """The database's own guard taken out as well, and put back."""
    check = next(c for c in Discount._meta.constraints if c.name == "pricing_discount_used_within_limit")
    Discount._meta.constraints.remove(check)  # SQLite rebuilds the table from what the model says
    with connection.schema_editor() as editor:
        editor.remove_constraint(Discount, check)
    yield
    Redemption.objects.all().delete()
    Discount.objects.all().delete()
    Discount._meta.constraints.append(check)
    with connection.schema_editor() as editor:
        editor.add_constraint(Discount, check)


def test_control_without_the_condition_the_check_refuses(no_condition):
    make_discount(code="TEN", total_limit=3)
    results = rush(ready(20))
    assert (count(results, Order), count(results, IntegrityError)) == (3, 17)
    assert uses() == (3, 3, 3)


def test_control_without_condition_and_check_too_many_use_it(no_condition, no_check, record_property, capsys):
    make_discount(code="TEN", total_limit=3)
    rush(ready(20))
    used, written, orders = uses()
    record_property("used of 3", used)
    with capsys.disabled():
        print(f" [control: {used} used of 3]", end="")  # noqa: T201
    assert used == written == orders == 20


def test_control_without_looking_for_a_free_slot_the_database_refuses(monkeypatch):
    monkeypatch.setattr(redeeming, "_free_slots", lambda limits, key: dict.fromkeys(limits, 1))
    make_discount(code="TEN", per_customer_limit=1)
    results = rush(ready(20, "Ada+{}@Example.com"))
    assert (count(results, Order), count(results, IntegrityError)) == (1, 19)
    assert uses() == (1, 1, 1)


def test_control_without_slots_one_customer_uses_it_again_and_again(monkeypatch):
    monkeypatch.setattr(redeeming, "_free_slots", lambda limits, key: {})
    make_discount(code="TEN", per_customer_limit=1)
    assert count(rush(ready(20, "Ada+{}@Example.com")), Order) == 20
