"""Trying a draft on what was bought and what waits in carts: what it would have cost, before it goes live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from apps.core.money import Money, shop_money
from apps.pricing.customers import customer_key
from apps.pricing.extensions import PastBasket, past_baskets
from apps.pricing.models import Discount
from apps.pricing.quote import Destination, Quote, ShippingChoice, TaxTable, quote
from apps.pricing.rules import Rule
from apps.pricing.selectors import draft_rule

DAYS, BIGGEST = 30, 10


@dataclass(frozen=True, slots=True)
class Effect:
    """One basket that would have got the discount."""

    label: str
    before: Money
    after: Money

    @property
    def saved(self) -> Money:
        return self.before - self.after


@dataclass(slots=True)
class Replay:
    """What the draft would have done to the orders and the open carts of the last month."""

    orders: int = 0
    carts: int = 0
    order_effects: list[Effect] = field(default_factory=list)
    cart_effects: list[Effect] = field(default_factory=list)
    before: Money = field(default_factory=lambda: shop_money(0))
    after: Money = field(default_factory=lambda: shop_money(0))
    left_out: int = 0

    @property
    def difference(self) -> Money:
        return self.before - self.after

    @property
    def biggest(self) -> list[Effect]:
        effects = [*self.order_effects, *self.cart_effects]
        return sorted(effects, key=lambda effect: -effect.saved.amount)[:BIGGEST]


def replay(discount: Discount) -> Replay:
    """Try a discount as it is now on the last 30 days, within its limits but whatever its dates.

    Of a code it is assumed that everybody enters it: that is the most it can cost. Orders keep the discounts they had.
    """
    since = timezone.now() - timedelta(days=DAYS)
    return replay_on(discount, draft_rule(discount), past_baskets(since))


def replay_on(discount: Discount, rule: Rule, baskets: Iterable[PastBasket]) -> Replay:
    told = Replay()
    uses: Counter[str] = Counter()
    for basket in baskets:
        if basket.currency != settings.SHOP_CURRENCY:
            told.left_out += 1
            continue
        effect = _effect(basket, rule) if _has_use_left(discount, uses, basket) else None
        before = Money(basket.total, basket.currency)
        if basket.bought:
            told.orders += 1
            told.before += before
            told.after += effect.after if effect else before
        else:
            told.carts += 1
        if effect is None:
            continue
        (told.order_effects if basket.bought else told.cart_effects).append(effect)
        if basket.bought:
            uses["all"] += 1
            uses[customer_key(basket.email)] += 1
    return told


def _has_use_left(discount: Discount, uses: Counter[str], basket: PastBasket) -> bool:
    if not basket.bought:
        return True
    if discount.total_limit is not None and uses["all"] >= discount.total_limit:
        return False
    limit = discount.per_customer_limit
    return limit is None or uses[customer_key(basket.email)] < limit


def _effect(basket: PastBasket, rule: Rule) -> Effect | None:
    """None if the basket would not have got the discount."""
    result = _quoted(basket, [*_rules_it_had(basket), rule])
    if all(applied.rule is not rule for applied in result.discounts):
        return None
    return Effect(basket.label, Money(basket.total, basket.currency), result.total)


def _quoted(basket: PastBasket, rules: list[Rule]) -> Quote:
    price, rate = basket.delivery_price, str(basket.delivery_rate)
    shipping = None
    if price is not None:
        shipping = ShippingChoice("", basket.delivery_label, Money(price, basket.currency), rate)
    rates = {line.tax_class for line in basket.lines} | {rate}
    return quote(
        basket.lines,
        Destination(""),
        shipping,
        TaxTable({("", "", text): int(text) for text in rates}),
        currency=basket.currency,
        prices_include_tax=basket.prices_include_tax,
        discounts=rules,
        codes=[one.code for one in rules if one.code],
    )


def _rules_it_had(basket: PastBasket) -> list[Rule]:
    """The discounts of an order, made to match the same lines again. Their minimum was reached then."""
    if not basket.explanation:
        return []
    return [
        Rule(
            discount_id=stored["id"],
            name=stored["name"],
            kind=stored["kind"],
            value=stored["value"],
            # Automatic ones keep their order by their rank, codes by theirs in the list.
            code=stored["code"],
            priority=number,
            buy=stored["buy"],
            get=stored["get"],
            combinable=stored.get("combinable", True),
            products=frozenset(basket.lines[index].product_id for index in stored["lines"]),
        )
        for number, stored in enumerate(basket.explanation["discounts"])
    ]
