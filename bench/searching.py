"""How long searches take in a seeded shop: `python -m bench.searching sqlite 100000`.

The read of a page of results and that of the suggestions, without templates and without a network; natural queries.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable

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


def timed(read: Callable[[str], object]) -> dict[str, float]:
    """Milliseconds for each query, the median of the rounds."""
    took: dict[str, list[float]] = {q: [] for q in QUERIES}
    for _ in range(ROUNDS):
        for q in QUERIES:
            begin = time.perf_counter()
            read(q)
            took[q].append((time.perf_counter() - begin) * 1e3)
    return {q: statistics.median(found) for q, found in took.items()}


def summary(name: str, took: dict[str, float]) -> str:
    found = sorted(took.values())
    slow = sorted(took, key=lambda q: -took[q])[:4]
    p95 = found[int(len(found) * 0.95)]
    return f"{name:12} p50 {statistics.median(found):6.1f} ms   p95 {p95:6.1f} ms   slowest " + ", ".join(
        f"{q!r} {took[q]:.0f}" for q in slow
    )


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

    from apps.catalog.filters import ListFilters
    from apps.catalog.selectors import product_list
    from apps.catalog.selectors.categories import CategoryTree
    from apps.catalog.selectors.suggestions import suggestions

    settings.DEBUG = False
    print(summary("results", timed(lambda q: product_list(ListFilters(q=q)))), flush=True)
    print(summary("suggestions", timed(lambda q: suggestions(q, CategoryTree()))))


if __name__ == "__main__":
    main()
