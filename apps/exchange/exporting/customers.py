"""Customers with an account, their address and what they have bought; staff are not among them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from apps.exchange.exporting.texts import amount, line
from apps.exchange.exporting.walking import in_chunks
from apps.orders.models import Order
from apps.users.models import Address, User

CHUNK = 500
ADDRESS = ("company", "line1", "line2", "postal_code", "city", "region", "country", "phone")
HEADER = ["email", "name", "language", "joined_at", "active", *ADDRESS, "orders", "spent", "currency", "last_order_at"]


def customer_records(chosen: QuerySet[User] | None = None) -> Iterator[list[str]]:
    """The header and the customers, or those chosen of them, oldest first.

    `spent` counts paid orders in the shop's currency.
    """
    yield HEADER
    for chunk in in_chunks(User.objects.filter(is_staff=False), chosen, CHUNK):
        yield from _records(chunk)


def _records(users: Sequence[User]) -> Iterator[list[str]]:
    keys = [user.pk for user in users]
    addresses: dict[int, Address] = {}
    for address in Address.unscoped.filter(user_id__in=keys).order_by("is_default_shipping", "pk"):
        addresses[address.user_id] = address
    bought = Order.unscoped.filter(user_id__in=keys, payment_state=Order.PaymentState.PAID).order_by()
    totals: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for found in (
        bought.filter(currency=settings.SHOP_CURRENCY).values("user_id").annotate(n=Count("pk"), sum=Sum("total"))
    ):
        totals[found["user_id"]] = (found["n"], found["sum"])
    newest = dict(bought.order_by("placed_at").values_list("user_id", "placed_at"))
    for user in users:
        home = addresses.get(user.pk)
        count, spent = totals[user.pk]
        last = newest.get(user.pk)
        yield [
            user.email,
            line(user.full_name),
            user.language,
            timezone.localtime(user.date_joined).isoformat(timespec="seconds"),
            "yes" if user.is_active else "no",
            *(line(getattr(home, field)) if home else "" for field in ADDRESS),
            str(count),
            amount(spent, settings.SHOP_CURRENCY),
            settings.SHOP_CURRENCY,
            timezone.localtime(last).isoformat(timespec="seconds") if last else "",
        ]
