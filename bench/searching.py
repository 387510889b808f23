"""How long searches take in a seeded shop: `python -m bench.searching sqlite 100000`.

The read of a page of results and that of the suggestions, without templates and without a network; natural queries.
CPU is that of this process and of the database's own: what a busy machine does not falsify.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable

from bench.processes import cpu_nanoseconds
from bench.stock import seeded

QUERIES = (
    "lamp", "lamps", "mug", "mugs", "harbour mug", "mug harbour", "vesper", "floor lamp", "table lamp", "oak",
    "linen", "cushion", "blue", "moss", "stoneware", "brass", "candle", "soap", "plant", "vase oslo", "lamp bergen",
    "harbour mug nara", "wool throw", "walnut", "tea", "tea towels", "kettle", "chair oak", "a lamp for the desk",
    "paper", "books", "kalt", "tischleuchte", "becher", "kissen leinen", "reed floor lamp hull", "t049934",
    "harbour mug oslo 99925", "puff lamp zadar", "gift", "small", "large", "espresso cup", "bag", "tote market",
    "l", "la", "lam", "ha", "harb", "har mu", "s", "st", "e", "o", "ta", "lmap", "harbor mug", "sofa", "bicycle",
)  # fmt: skip
ROUNDS = 5


def timed(read: Callable[[str], object], cpu: Callable[[], float]) -> tuple[dict[str, float], dict[str, float]]:
    """Milliseconds and those of CPU for each query, the median of the rounds."""
    took: dict[str, list[float]] = {q: [] for q in QUERIES}
    used: dict[str, list[float]] = {q: [] for q in QUERIES}
    for _ in range(ROUNDS):
        for q in QUERIES:
            begin, busy = time.perf_counter(), cpu()
            read(q)
            took[q].append((time.perf_counter() - begin) * 1e3)
            used[q].append((cpu() - busy) * 1e3)
    return ({q: statistics.median(n) for q, n in took.items()}, {q: statistics.median(n) for q, n in used.items()})


def summary(name: str, measured: tuple[dict[str, float], dict[str, float]]) -> str:
    took, used = measured
    slow = sorted(used, key=lambda q: -used[q])[:4]
    figures = [f"{kind} p50 {_share(found, 0.5):.1f} ms, p95 {_share(found, 0.95):.1f} ms" for kind, found in (
        ("wall", took), ("CPU", used),
    )]  # fmt: skip
    return "   ".join([f"{name:12}", *figures, "most CPU: " + ", ".join(f"{q!r} {used[q]:.0f}" for q in slow)])


def _share(found: dict[str, float], share: float) -> float:
    return sorted(found.values())[int(len(found) * share)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.searching", description=__doc__)
    parser.add_argument("kind", choices=["sqlite", "postgres"])
    parser.add_argument("products", type=int)
    parser.add_argument("--url", help="a shop that was seeded before")
    given = parser.parse_args()
    os.environ["DATABASE_URL"] = given.url or seeded(given.kind, given.products)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    os.environ["DEBUG"] = "0"

    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from apps.catalog.filters import ListFilters
    from apps.catalog.selectors import product_list
    from apps.catalog.selectors.categories import CategoryTree
    from apps.catalog.selectors.suggestions import suggestions

    settings.DEBUG = False
    backend = 0
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [backend] = cursor.fetchone()

    def cpu() -> float:
        return time.thread_time() + (cpu_nanoseconds(backend) / 1e9 if backend else 0)

    print(summary("results", timed(lambda q: product_list(ListFilters(q=q)), cpu)), flush=True)
    print(summary("suggestions", timed(lambda q: suggestions(q, CategoryTree()), cpu)))


if __name__ == "__main__":
    main()
