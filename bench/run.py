"""One run: a shop of one size on one database, each type of page in turn, three rounds, the constant pages in each."""

import json
import random
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench import pages
from bench.load import Call, Measured, measure
from bench.processes import Workers
from bench.stock import Shop, copy_of, seeded, shop
from tests.lint.sources import ROOT
from tests.support.databases import environment
from tests.support.server import ShopServer, collect_static_files

CONNECTIONS = 2
ROUNDS = 3
FEWEST_COLD = 40
# A connection stays with one worker. So many new ones ask for every page before it counts as warm that none is left new
# to either worker, nor in the form of a page sent in passing (`apps.core.pieces.IN_PASSING`); without it half of them
# are made, or made small, in the measured second.
LEARNING, LEARNERS = 6, 4
ORDERS = 40  # placed in a round by each connection
CONSTANT = "/bench/constant/"
PLAIN = {"Accept-Encoding": "identity"}


@dataclass(slots=True)
class Row:
    """A type of page in one shop; ratios compare CPU within a round, the rest are medians of the rounds."""

    page: str
    to_constant: float
    to_bare: float
    cpu_ms: float
    per_second: float
    p50: float
    p95: float
    p99: float
    size: int
    requests: int


class Bench:
    def __init__(self, server: ShopServer, bare: ShopServer, known: Shop, seconds: float) -> None:
        self.server, self.bare, self.shop, self.seconds = server, bare, known, seconds
        self.workers = Workers(server.process.pid if server.process else 0)
        self.rounds: list[dict[str, Measured]] = []

    def measure(self, calls: Any, seconds: float | None = None) -> Measured:
        return measure(
            self.server.port,
            calls,
            self.workers.cpu_seconds,
            seconds=seconds or self.seconds,
            connections=CONNECTIONS,
        )

    def constants(self) -> dict[str, Measured]:
        bare = Workers(self.bare.process.pid if self.bare.process else 0)
        forever = lambda number: iter(lambda: Call(CONSTANT, headers=PLAIN), None)  # noqa: E731
        return {
            "bare view": measure(
                self.bare.port, forever, bare.cpu_seconds, seconds=self.seconds, connections=CONNECTIONS
            ),
            "constant": self.measure(forever),
        }

    def one_round(self, number: int) -> None:
        found = self.constants()
        addresses = self._addresses(number)
        for name, known in addresses.items():
            warm, cold = known[: pages.WARM], pages.cold_addresses(known, number, ROUNDS)
            if len(cold) >= FEWEST_COLD:
                learning = [f"/de{path}" for path in known[: pages.LEARNT]]
                self.measure(lambda n, learning=learning: pages.once(learning * 2, n, CONNECTIONS), seconds=60)
                found[f"{name}, cold"] = self.measure(lambda n, cold=cold: pages.once(cold, n, CONNECTIONS))
            self.learn(pages.of(warm))
            with editing(self.server):
                found[f"{name}, warm"] = self.measure(lambda n, warm=warm: pages.shuffled(pages.of(warm), n))
        fragments = pages.of(addresses["list"][: pages.WARM], headers=pages.HTMX)
        self.learn(fragments)
        found["results fragment"] = self.measure(lambda n: pages.shuffled(fragments, n))
        found |= self.with_a_cart(addresses)
        self.rounds.append(found)

    def learn(self, calls: list[Call]) -> None:
        for _ in range(LEARNING):
            measure(self.server.port, lambda _n: calls, self.workers.cpu_seconds, seconds=60, connections=LEARNERS)

    def _addresses(self, number: int) -> dict[str, list[str]]:
        """The first 200 are asked for again and again, the others once."""
        return {
            "home": ["/"] * pages.WARM,
            "list": pages.list_addresses(self.shop),
            "category": pages.category_addresses(self.shop),
            "product": pages.product_addresses(self.shop),
            "search": pages.search_addresses(self.shop),
        }

    def with_a_cart(self, addresses: dict[str, list[str]]) -> dict[str, Measured]:
        guests = [pages.guest_with_cart(self.server.port, self.shop, number) for number in range(CONNECTIONS)]

        lists = addresses["list"][: pages.WARM]
        self.learn(pages.of(lists))

        def visiting(number: int) -> Iterator[Call]:
            return pages.shuffled(pages.of(lists, headers={"Cookie": guests[number].cookie}), number)

        def adding(number: int) -> Iterator[Call]:
            goods = random.Random(number).sample(self.shop.plenty, 3)
            while True:
                for _, sku in goods:
                    yield guests[number].adding_by_htmx(sku)

        def looking(number: int) -> Iterator[Call]:
            return iter(lambda: Call("/cart/", headers={"Cookie": guests[number].cookie}), None)

        found = {"list with a cart": self.measure(visiting), "cart, 3 lines": self.measure(looking)}
        for guest in guests:
            guest.open_checkout()
        found["re-quote"] = self.measure(lambda n: iter(guests[n].requote, None))
        found["add to cart"] = self.measure(adding)
        found["place order"] = self.placing()
        return found

    def placing(self) -> Measured:
        ready = [
            [pages.guest_with_cart(self.server.port, self.shop, 1000 * n + m).placing() for m in range(ORDERS)]
            for n in range(CONNECTIONS)
        ]
        return self.measure(lambda number: ready[number], seconds=60)

    def rows(self) -> list[Row]:
        return [self._row(page) for page in self.rounds[0]]

    def _row(self, page: str) -> Row:
        of_page = [found[page] for found in self.rounds if page in found]
        constant, bare = ([found[name].cpu_ms for found in self.rounds] for name in ("constant", "bare view"))
        middle = statistics.median
        return Row(
            page=page,
            to_constant=round(middle(m.cpu_ms / c for m, c in zip(of_page, constant, strict=False)), 2),
            to_bare=round(middle(m.cpu_ms / b for m, b in zip(of_page, bare, strict=False)), 2),
            cpu_ms=round(middle(m.cpu_ms for m in of_page), 3),
            per_second=round(middle(m.per_second for m in of_page)),
            p50=round(middle(m.percentile(0.50) for m in of_page), 1),
            p95=round(middle(m.percentile(0.95) for m in of_page), 1),
            p99=round(middle(m.percentile(0.99) for m in of_page), 1),
            size=round(middle(m.size for m in of_page)),
            requests=sum(m.requests for m in of_page),
        )


@contextmanager
def editing(server: ShopServer) -> Iterator[None]:
    """While the block runs, a price changes every second."""
    command = [sys.executable, "-m", "bench.editing"]
    process = subprocess.Popen(command, cwd=ROOT, env=server.environment, stdout=subprocess.PIPE)
    try:
        if not (process.stdout and process.stdout.readline()):
            raise SystemExit("The edits of the run did not start.")
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def statements(url: str) -> dict[str, int]:
    command = [sys.executable, "-m", "bench.statements", url]
    done = subprocess.run(command, cwd=ROOT, env=environment(DATABASE_URL=url), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{done.stdout}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def run(kind: str, products: int, seconds: float) -> dict[str, Any]:
    """Seed if need be, serve, measure. The kept shop itself is not written to."""
    collect_static_files()
    url = copy_of(kind, seeded(kind, products))
    counts = statements(url)
    # Finished pages hold the address of the shop: that of `environment`, by which they were made.
    quiet = {"JOBS_IN_WEB": "false", "SITE_URL": environment()["SITE_URL"]}
    with (
        ShopServer(url, settings="bench.settings", **quiet) as server,
        ShopServer(url, settings="bench.bare", application="bench.application:application") as bare,
    ):
        bench = Bench(server, bare, shop(url), seconds)
        for number in range(ROUNDS):
            bench.one_round(number)
        memory = bench.workers.memory_mib()
    return {
        "database": kind,
        "products": products,
        "worker_mib": memory,
        "statements": counts,
        "rows": [{name: getattr(row, name) for name in Row.__slots__} for row in bench.rows()],
    }
