"""The catalogue: the demo's products and, for trials, thousands more made from them. What exists is left as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import batched, zip_longest

from django.db import transaction
from django.utils import timezone

from apps.catalog import services
from apps.catalog.models import Category, Product, Variant
from apps.core.seeders import SeedPlan
from apps.demo.catalogue import DemoProduct, load
from apps.demo.seeding import rows, trial
from apps.demo.seeding.local import in_languages

BATCH = 500
# What the home page opens with: a lamp beside a mug and a plant.
SHOWN_FIRST = ("lighting", "tableware", "plants", "furniture", "kitchen", "bags")


def seed_catalogue(plan: SeedPlan) -> None:
    """The first `plan.products` products in a fixed order; a slug or SKU that is taken is not touched."""
    demo = newest_first(load().products)
    count = len(demo) if plan.products is None else plan.products
    if not count:
        return
    wanted: Iterable[DemoProduct] = [*demo[:count], *trial.products(demo, count - len(demo), plan)]
    categories = seed_categories()
    now, made = timezone.now(), 0
    for batch in batched(enumerate(wanted), BATCH, strict=False):
        made += _write_batch(batch, categories, now)
    plan.say(f"Catalogue: {made} products added.")


def newest_first(products: Sequence[DemoProduct]) -> list[DemoProduct]:
    """One of each branch in turn, so that the newest products on the home page show the whole shop."""
    branches: dict[str, list[DemoProduct]] = {branch: [] for branch in SHOWN_FIRST}
    for product in products:
        branches.setdefault(product.category.partition("/")[0], []).append(product)
    return [product for turn in zip_longest(*branches.values()) for product in turn if product]


def seed_categories() -> dict[str, int]:
    """Ids of the demo's categories by path; those that are missing are made."""
    known = dict(Category.objects.values_list("path", "pk"))
    for position, category in enumerate(load().categories):
        if category.path in known:
            continue
        parent = known.get(category.parent_path)
        row = Category(
            slug=category.slug,
            parent_id=parent,
            position=position,
            **in_languages(name=category.name, description=category.description),
        )
        known[category.path] = services.save_category(category=row).pk
    return known


def _write_batch(batch: Sequence[tuple[int, DemoProduct]], categories: dict[str, int], now: datetime) -> int:
    taken_slugs = set(Product.objects.filter(slug__in=[p.slug for _, p in batch]).values_list("slug", flat=True))
    skus = [variant.sku for _, product in batch for variant in product.variants]
    taken_skus = set(Variant.objects.filter(sku__in=skus).values_list("sku", flat=True))
    missing = [
        (now - timedelta(minutes=37 * index), product)
        for index, product in batch
        if product.slug not in taken_slugs and not any(variant.sku in taken_skus for variant in product.variants)
    ]
    if missing:
        with transaction.atomic():
            services.publish_now(rows.write_products(missing, categories))
    return len(missing)
