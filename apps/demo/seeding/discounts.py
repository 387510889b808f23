"""Discounts to look at: a code that works and a draft to try. No automatic one, so prices stay what they say."""

from __future__ import annotations

from apps.core.seeders import SeedPlan
from apps.pricing.models import Discount

DEMO = [
    {
        "code": "WELCOME10",
        "name": "Ten percent to begin with",
        "translations": {"de": {"name": "Zehn Prozent zum Anfang"}},
        "kind": Discount.Kind.PERCENT,
        "value": 100_000,
        "per_customer_limit": 1,
        "state": Discount.State.ACTIVE,
    },
    {
        "code": "THREEFORTWO",
        "name": "Three for two",
        "translations": {"de": {"name": "Drei für zwei"}},
        "kind": Discount.Kind.BUY_X_GET_Y,
        "value": 1_000_000,
        "buy_quantity": 2,
        "get_quantity": 1,
        "combinable": False,
        "state": Discount.State.DRAFT,
    },
]


def seed_discounts(plan: SeedPlan) -> None:
    """Those that are missing; what staff made of the others stays."""
    made = sum(Discount.objects.get_or_create(code=fields["code"], defaults=fields)[1] for fields in DEMO)
    plan.say(f"Discounts: {made} added.")
