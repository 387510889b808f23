"""Products for trials of size: each is one of the demo's in another edition, with its own prices and stock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from apps.core.seeders import SeedPlan
from apps.demo.catalogue import DemoProduct, DemoVariant, Text

PLACES = (
    "Aarhus", "Bergen", "Cadiz", "Delft", "Evora", "Faenza", "Genoa", "Hull", "Ischia", "Jena", "Kyoto", "Lund",
    "Malmo", "Nara", "Oslo", "Porto", "Quimper", "Riga", "Siena", "Tromso", "Ulm", "Vigo", "Weimar", "Xanten",
    "York", "Zadar",
)  # fmt: skip


def products(demo: Sequence[DemoProduct], count: int, plan: SeedPlan) -> Iterator[DemoProduct]:
    """`count` more products; number n is the same in every run with this seed, however many are asked for."""
    for number in range(1, count + 1):
        yield _edition(demo[number % len(demo)], number, plan.random(f"product:{number}"))


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
