"""Demo and starting data. Apps register seeders in `ready()`; `manage.py seed` runs them in the order of `rank`.

A seeder is deterministic for a seed, safe to repeat (nothing doubles) and reports in one sentence what it did.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class SeedPlan:
    """What `seed` was asked for. None for `products` or `orders` means the demo's own number."""

    products: int | None = None
    orders: int | None = None
    seed: int = 1
    staff: bool = False
    say: Callable[[str], None] = field(default=print)

    def random(self, purpose: str) -> Random:
        """A generator of its own for each purpose, so that one seeder does not shift another's numbers."""
        return Random(f"{self.seed}:{purpose}")  # noqa: S311 - demo data


_seeders: list[tuple[int, str, str]] = []


def register(name: str, seeder: str, *, rank: int) -> None:
    """`seeder` is where the function is found, so that no process loads it that only serves pages.

    Ranks: 10 shipping and texts, 20 catalogue, 30 people, 40 orders.
    """
    _seeders.append((rank, name, seeder))


def run(plan: SeedPlan) -> None:
    for _, _, seeder in sorted(_seeders):
        import_string(seeder)(plan)
