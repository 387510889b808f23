"""`make bench`: measure shops of several sizes on both databases."""

import argparse

from bench import report
from bench.run import run


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 10_000, 100_000], metavar="PRODUCTS")
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgres"], default=["sqlite", "postgres"])
    parser.add_argument("--seconds", type=float, default=3.0, help="for each page in each of three rounds")
    parser.add_argument("--dry", action="store_true", help="print the tables, write nothing")
    given = parser.parse_args()
    runs = []
    for kind in given.databases:
        for products in given.sizes:
            print(f"{kind}, {products:,} products …", flush=True)
            runs.append(run(kind, products, given.seconds))
            print(report.table(report.machine(), runs[-1:]), flush=True)
    if not given.dry:
        print(report.write(runs))


if __name__ == "__main__":
    main()
