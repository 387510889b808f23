"""A month of orders that nobody placed: drawn from the catalogue and the customers, quoted like real ones.

Nothing is sent and no provider is asked: the rows say what would have happened, and `manage.py audit` finds nothing
to say against them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import batched
from random import Random
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from apps.catalog.models import Product, Variant
from apps.catalog.selectors.variants import VariantInfo, variants_for_cart
from apps.core.money import shop_money
from apps.core.ownership import hash_key
from apps.core.seeders import SeedPlan
from apps.demo.seeding import books, people
from apps.demo.seeding.books import Draft
from apps.demo.seeding.delivery import RateTables
from apps.demo.seeding.fates import fate
from apps.orders.models import Order
from apps.payments.services import invoicing
from apps.pricing.quote import Destination, QuoteLine, TaxTable, quote
from apps.pricing.selectors import tax_table
from apps.users.models import User

ORDERS, BATCH = 120, 500
EVERY = 14
VARIANTS_SOLD = 1500
NAMESPACE = UUID("5f0b4a52-9d6e-4c1b-8f43-0d4f6a3f9c11")


def seed_orders(plan: SeedPlan) -> None:
    """Orders number 1 to `plan.orders`; those an earlier run with this seed made are not made again."""
    count = ORDERS if plan.orders is None else plan.orders
    seller = _Seller(plan)
    if not count or not seller.can_sell:
        return
    made = 0
    for batch in batched(range(count), BATCH, strict=False):
        tokens = {index: uuid5(NAMESPACE, f"{plan.seed}:{index}") for index in batch}
        known = set(Order.unscoped.filter(checkout_token__in=tokens.values()).values_list("checkout_token", flat=True))
        drafts = [seller.draft(index, token) for index, token in tokens.items() if token not in known]
        if drafts:
            with transaction.atomic():
                books.write(drafts)
        made += len(drafts)
    invoicing.issue_missing(backdate=True)
    plan.say(f"Orders: {made} added.")


class _Seller:
    """What every draft needs, read once: people, articles in each language, delivery tables, taxes."""

    def __init__(self, plan: SeedPlan) -> None:
        self.plan = plan
        self.now: datetime = timezone.now()
        self.hold = timedelta(seconds=settings.STOCK_HOLD_SECONDS)
        self.people = people.customers(plan)
        emails = [who.email for who in self.people]
        self.user_ids: dict[str, int] = {}
        for batch in batched(emails, BATCH, strict=False):
            self.user_ids |= dict(User.objects.filter(email__in=batch).values_list("email", "pk"))
        self.rates = RateTables()
        self.taxes: dict[str, TaxTable] = {}
        self.articles = {language: self._articles(language) for language in ("en", "de")}

    @property
    def can_sell(self) -> bool:
        return bool(self.articles["en"])

    def _articles(self, language: str) -> list[VariantInfo]:
        """The oldest visible variants, which are the demo's own; the same ones in each language."""
        ids = list(
            Variant.objects.filter(price__isnull=False, product__in=Product.objects.visible())
            .order_by("pk")
            .values_list("pk", flat=True)[:VARIANTS_SOLD]
        )
        found: dict[int, VariantInfo] = {}
        with translation.override(language):
            for batch in batched(ids, BATCH, strict=False):
                found |= variants_for_cart(batch)
        return [found[pk] for pk in ids if pk in found]

    def draft(self, index: int, token: UUID) -> Draft:
        draw = self.plan.random(f"order:{index}")
        regular = index % EVERY == 0  # the first customer, whose account can be opened in development
        buyer = self.people[0] if regular else draw.choice(self.people)
        has_account = regular or draw.random() < 0.6
        basket = self._basket(draw, buyer.language)
        country = buyer.address["country"]
        goods = sum(article.price * quantity for article, quantity in basket if article.price is not None)
        weight = sum(article.weight_grams * quantity for article, quantity in basket)
        if country not in self.taxes:
            self.taxes[country] = tax_table(country)
        quoted = quote(
            [QuoteLine(a.sku, n, shop_money(a.price or 0), a.tax_class, a.title) for a, n in basket],
            Destination(country),
            self.rates.choose(country, weight, goods, draw, buyer.language),
            self.taxes[country],
            currency=settings.SHOP_CURRENCY,
            prices_include_tax=settings.PRICES_INCLUDE_TAX,
        )
        return Draft(
            token=token,
            user_id=self.user_ids.get(buyer.email) if has_account else None,
            guest_key=hash_key(f"seeded guest {token}"),
            email=buyer.email,
            language=buyer.language,
            address=buyer.address,
            basket=basket,
            quote=quoted,
            fate=fate(index, draw, self.now, self.hold),
            tracking=f"ST{draw.randrange(10**9, 10**10)}DE",
        )

    def _basket(self, draw: Random, language: str) -> Sequence[tuple[VariantInfo, int]]:
        """One to four articles; a few sell much better than the rest."""
        articles = self.articles[language]
        picked: dict[int, tuple[VariantInfo, int]] = {}
        for _ in range(draw.choices((1, 2, 3, 4), (48, 30, 15, 7))[0]):
            article = articles[int(len(articles) * draw.random() ** 1.8)]
            picked[article.variant_id] = (article, draw.choices((1, 2, 3, 4, 6), (74, 15, 4, 5, 2))[0])
        return list(picked.values())
