"""Products for trials of size: each is one of the demo's in another edition, with its own prices and stock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from apps.core.seeders import SeedPlan
from apps.demo.catalogue import DemoProduct, DemoVariant, Text

MOST_VARIANTS = 3  # size is tried with many products, not with many variants

PLACES = (
    "Aarhus", "Bergen", "Cadiz", "Delft", "Evora", "Faenza", "Genoa", "Hull", "Ischia", "Jena", "Kyoto", "Lund",
    "Malmo", "Nara", "Oslo", "Porto", "Quimper", "Riga", "Siena", "Tromso", "Ulm", "Vigo", "Weimar", "Xanten",
    "York", "Zadar",
)  # fmt: skip


def products(demo: Sequence[DemoProduct], count: int, plan: SeedPlan) -> Iterator[DemoProduct]:
    """`count` more products; number n is the same in every run with this seed, however many are asked for."""
    slim = [_slimmed(product) for product in demo]
    for number in range(1, count + 1):
        yield _edition(slim[number % len(slim)], number, plan.random(f"product:{number}"))


def _slimmed(base: DemoProduct) -> DemoProduct:
    """The product with its first variants only, and the option values and pictures that those need."""
    variants = base.variants[:MOST_VARIANTS]
    used = {value for variant in variants for value in variant.values}
    return replace(
        base,
        variants=variants,
        options=tuple(
            replace(option, values=tuple(value for value in option.values if value.en in used))
            for option in base.options
        ),
        pictures=tuple(picture for picture in base.pictures if not picture.shows or picture.shows in used),
    )


def _edition(base: DemoProduct, number: int, draw: Random) -> DemoProduct:
    name = f"{draw.choice(PLACES)} {number}"
    percent = draw.randrange(70, 140)
    return replace(
        base,
        slug=f"{base.slug}-{number}",
        title=Text(f"{base.title.en} {name}", f"{base.title.de} {name}"),
        variants=tuple(
            _variant(variant, f"T{number:06d}-{position}", percent, draw)
            for position, variant in enumerate(base.variants, start=1)
        ),
    )


def _variant(base: DemoVariant, sku: str, percent: int, draw: Random) -> DemoVariant:
    price = base.price * percent // 5000 * 50
    reduced = draw.random() < 0.08
    return replace(
        base,
        sku=sku,
        price=price,
        compare_at=price + price // 500 * 100 + 100 if reduced else None,
        stock=0 if draw.random() < 0.06 else draw.randrange(1, 90),
        backorder=draw.random() < 0.02,
    )
