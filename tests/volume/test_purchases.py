"""Thousands of purchases from eight processes and over HTTP of five articles that keep running out: nothing oversold.

`make races` makes 2,000 of them per database; `STOA_PURCHASES=100000` makes as many as are published.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager

import pytest

from tests.lint.sources import ROOT
from tests.support.databases import fresh_database
from tests.support.server import ShopServer
from tests.volume.goods import LOT, SKUS

pytestmark = [pytest.mark.long, pytest.mark.race, pytest.mark.servers]

PURCHASES = int(os.environ.get("STOA_PURCHASES", "2000"))
BUYING, VISITING = 8, 2
OVER_HTTP = 0.06

ARTICLES = f"""
from apps.catalog.tests.factories import make_variant
for sku in {SKUS!r}:
    make_variant(sku=sku, title=sku, product_fields={{"slug": sku.lower()}}, price=1900, on_hand={LOT})
"""
COUNT = """
import json
from django.db.models import F, Q, Sum
from apps.catalog.models import Stock, StockMovement
from apps.orders.models import Order, OrderLine
from apps.payments.models import Payment, WebhookEvent
held = OrderLine.unscoped.exclude(order__closure="cancelled").values_list("sku").annotate(Sum("quantity")).order_by()
print(json.dumps({
    "orders": Order.unscoped.count(),
    "tokens": Order.unscoped.values("checkout_token").distinct().count(),
    "paid": Order.unscoped.filter(payment_state="paid").count(),
    "cancelled": Order.unscoped.filter(closure="cancelled").count(),
    "payments": Payment.unscoped.filter(state="succeeded", applied=True).count(),
    "refunded": Payment.unscoped.filter(refunded__gt=0).count(),
    "events": WebhookEvent.objects.count(),
    "held": dict(held),
    "reserved": dict(Stock.objects.values_list("variant__sku", "reserved")),
    "on_hand": dict(Stock.objects.values_list("variant__sku", "on_hand")),
    "received": dict(StockMovement.objects.values_list("variant__sku").annotate(Sum("delta")).order_by()),
}))
"""


def crew(shop, role, **options):
    arguments = [f"--{name}={value}" for name, value in options.items()]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.volume.crew", role, *arguments],
        cwd=ROOT,
        env=shop.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def report_of(process):
    output, errors = process.communicate()
    assert process.returncode == 0, errors[-4000:]
    return json.loads(output.strip().splitlines()[-1])


@contextmanager
def a_shop(kind):
    url = fresh_database(kind, "--products", "0", "--orders", "0")
    with ShopServer(url, JOBS_IN_WEB="false", TRUSTED_PROXY_COUNT="1") as shop:
        shop.manage("shell", "--no-imports", "-v0", "-c", ARTICLES)
        yield shop


def sell(shop, purchases):
    """Every process of the crew does its share; returns what they did, and what was supplied."""
    visits = round(purchases * OVER_HTTP / VISITING)
    share, rest = divmod(purchases - visits * VISITING, BUYING)
    supply = crew(shop, "supply")
    processes = [crew(shop, "visit", orders=visits, seed=n, url=shop.url) for n in range(VISITING)]
    processes += [crew(shop, "buy", orders=share + (n < rest), seed=100 + n) for n in range(BUYING)]
    try:
        reports = [report_of(process) for process in processes]
        supply.terminate()
        return reports, report_of(supply)
    finally:
        for process in [*processes, supply]:
            process.kill()


def summed(reports, name):
    return dict(sum((Counter(report[name]) for report in reports), Counter()))


def test_thousands_of_purchases_oversell_nothing_and_lose_nothing(kind, capsys, record_property):
    with a_shop(kind) as shop:
        reports, supplied = sell(shop, PURCHASES)
        books = json.loads(shop.manage("shell", "--no-imports", "-v0", "-c", COUNT).stdout.strip().splitlines()[-1])
        audit = shop.manage("audit", "--json", check=False, timeout=3600).stdout.strip()

    seconds = max(report["ended"] for report in reports) - min(report["began"] for report in reports)
    placed, refused = (sum(report[name] for report in reports) for name in ("placed", "refused"))
    figures = (
        f"{kind}: {placed} purchases ({sum(r['placed'] for r in reports[:VISITING])} over HTTP) in {seconds:.0f} s, "
        f"{placed / seconds:.1f}/s, {refused} refused as sold out, "
        f"slowest {max(report['slowest'] for report in reports):.1f} s"
    )
    record_property("purchases", figures)
    with capsys.disabled():
        print(f" [{figures}]", end="")
    paid, cancelled = (sum(report[name] for report in reports) for name in ("paid", "cancelled"))
    held = {sku: pieces - summed(reports, "returned").get(sku, 0) for sku, pieces in summed(reports, "bought").items()}
    on_hand = {sku: LOT + supplied["supplied"].get(sku, 0) for sku in SKUS}
    assert refused > 0, "the shelves were never empty, so this run proves little"
    assert placed == PURCHASES
    assert (books["orders"], books["tokens"]) == (placed, placed)
    assert books["cancelled"] == cancelled
    assert books["paid"] == books["payments"] == books["events"] == paid
    assert books["refunded"] == 0
    assert books["held"] == books["reserved"] == held
    assert books["on_hand"] == books["received"] == on_hand
    assert all(held[sku] <= on_hand[sku] for sku in SKUS)
    assert audit == "[]"
