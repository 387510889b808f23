"""A process of the volume test: `python -m tests.volume.crew buy|visit|supply …`, in the environment of a shop.

Each prints one line of JSON when it is done. `buy` calls the shop's own services, `visit` fills the forms of the pages
over HTTP, `supply` puts pieces on the shelf whenever an article has run out.
"""

import argparse
import json
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

import django

django.setup()

from django.db import transaction  # noqa: E402

from apps.catalog.errors import SoldOut  # noqa: E402
from apps.catalog.models import Stock  # noqa: E402
from apps.catalog.services import adjust_stock  # noqa: E402
from apps.core.ownership import Owner  # noqa: E402
from apps.orders import selectors, services  # noqa: E402
from apps.orders.errors import SoldOutItem  # noqa: E402
from apps.orders.models import Order  # noqa: E402
from apps.orders.tests.factories import make_details, make_guest  # noqa: E402
from apps.payments import inbox  # noqa: E402
from apps.payments import services as payments  # noqa: E402
from apps.payments.models import Payment, SandboxTransaction, WebhookEvent  # noqa: E402
from apps.payments.sandbox import bank  # noqa: E402
from tests.support.buyer import ADDRESS, Buyer, field_value, first_choice  # noqa: E402
from tests.volume.goods import LOT, SKUS  # noqa: E402

PATIENCE_SECONDS = 0.05
PAID_SHARE, CANCELLED_SHARE, TWO_LINES_SHARE = 0.25, 0.05, 0.3


@dataclass
class Tally:
    """What one process did: orders, and pieces by SKU that it bought and gave back."""

    placed: int = 0
    refused: int = 0
    paid: int = 0
    cancelled: int = 0
    bought: Counter = field(default_factory=Counter)
    returned: Counter = field(default_factory=Counter)
    supplied: Counter = field(default_factory=Counter)
    slowest: float = 0.0
    began: float = field(default_factory=time.time)
    ended: float = 0.0

    def tell(self) -> None:
        self.ended = time.time()
        print(json.dumps(vars(self)), flush=True)


def wish(dice: random.Random) -> dict[str, int]:
    """One or two of the few articles, in no order, so that opposite orders of locking meet."""
    skus = dice.sample(SKUS, 2 if dice.random() < TWO_LINES_SHARE else 1)
    return {sku: dice.choice((1, 1, 1, 2)) for sku in skus}


def buy(orders: int, seed: int) -> Tally:
    tally, dice = Tally(), random.Random(seed)
    while tally.placed < orders:
        wanted, owner, began = wish(dice), make_guest(), time.monotonic()
        try:
            order = place(owner, wanted)
        except (SoldOut, SoldOutItem):
            tally.refused += 1
            time.sleep(PATIENCE_SECONDS)
            continue
        tally.slowest = max(tally.slowest, time.monotonic() - began)
        tally.placed += 1
        tally.bought.update(wanted)
        fate = dice.random()
        if fate < PAID_SHARE:
            pay(order)
            tally.paid += 1
        elif fate < PAID_SHARE + CANCELLED_SHARE:
            services.cancel_order(order_id=order.pk, restock=True, actor=None)
            tally.cancelled += 1
            tally.returned.update(wanted)
    return tally


def place(owner: Owner, wanted: dict[str, int]) -> Order:
    for sku, pieces in wanted.items():
        services.add_to_cart(owner=owner, sku=sku, quantity=pieces)
    basket = selectors.basket(owner)
    offer = services.quote_basket(basket, country="DE", postal_code="10115")
    details = make_details(shipping_method=offer.chosen.code, payment_method="sandbox")
    return services.place_order(
        owner=owner, token=basket.token, details=details, shown_total=offer.quote.total.amount, offer=offer
    )


def pay(order: Order) -> None:
    """At the bank's counter; the bank's word arrives twice and is done once."""
    payment = Payment.unscoped.get(order=order)
    assert bank.decide(payment_ref=payment.ref, decision=bank.Decision.SUCCEED)
    event_id = SandboxTransaction.objects.get(payment_ref=payment.ref).event_id
    for _ in range(2):
        inbox.receive_event(
            provider="sandbox", event_id=event_id, kind="payment.succeeded", payload={"payment": payment.ref}
        )
        payments.apply_event(event_id=WebhookEvent.objects.get(provider="sandbox", event_id=event_id).pk)


def visit(orders: int, seed: int, url: str) -> Tally:
    """Buyers with a cookie jar and an address each; they share one CSRF token, which the shop does not mind."""
    tally, dice = Tally(), random.Random(seed)
    first = Buyer(url, headers={"X-Forwarded-For": "10.0.0.1"})
    token = field_value(first.get(f"/products/{SKUS[0].lower()}/").text, "csrfmiddlewaretoken")
    cookie = first.cookies["csrftoken"]
    while tally.placed < orders:
        address = f"10.{dice.randrange(1, 255)}.{dice.randrange(256)}.{dice.randrange(1, 255)}"
        buyer = Buyer(url, {"csrftoken": cookie}, {"X-Forwarded-For": address})
        wanted, began = wish(dice), time.monotonic()
        if not place_over_http(buyer, wanted, token):
            tally.refused += 1
            time.sleep(PATIENCE_SECONDS)
            continue
        tally.slowest = max(tally.slowest, time.monotonic() - began)
        tally.placed += 1
        tally.bought.update(wanted)
    return tally


def place_over_http(buyer: Buyer, wanted: dict[str, int], token: str) -> bool:
    """Cart, quote and order; False if the shop says that something is sold out. Any other answer ends the test."""
    for sku, pieces in wanted.items():
        form = {"csrfmiddlewaretoken": token, "sku": sku, "quantity": str(pieces)}
        if not accepted(buyer.post("/cart/lines/", form)):
            return False
    form = {**ADDRESS, "csrfmiddlewaretoken": token}
    page = buyer.post("/checkout/", {**form, "action": "update"}).text
    form |= {name: field_value(page, name) for name in ("checkout_token", "shown_total")}
    form |= {name: first_choice(page, name) for name in ("shipping_method", "payment_method")}
    return accepted(buyer.post("/checkout/", form))


def accepted(answer) -> bool:
    if answer.status == 303:
        return True
    if answer.status == 409:
        return False
    raise AssertionError(f"{answer.status}: {answer.text[:2000]}")


def supply() -> Tally:
    """Until SIGTERM. Waits until an article is (nearly) gone, so that buyers meet empty shelves all the time."""
    tally, done = Tally(), []
    signal.signal(signal.SIGTERM, lambda *_: done.append(True))
    while not done:
        for stock in Stock.objects.select_related("variant").filter(variant__sku__in=SKUS):
            if stock.available <= 1:
                adjust_stock(variant=stock.variant, delta=LOT, reason="received")
                tally.supplied[stock.variant.sku] += LOT
        time.sleep(0.1)
    return tally


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=["buy", "visit", "supply"])
    parser.add_argument("--orders", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--url", default="")
    chosen = parser.parse_args(arguments)
    if chosen.role == "buy":
        buy(chosen.orders, chosen.seed).tell()
    elif chosen.role == "visit":
        visit(chosen.orders, chosen.seed, chosen.url).tell()
    else:
        supply().tell()


if __name__ == "__main__":
    assert not transaction.get_connection().in_atomic_block
    main(sys.argv[1:])
