"""What is asked for: the addresses of each type of page, drawn from the shop's own data."""

import http.client
import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.load import Call, send
from bench.stock import Shop
from tests.support.buyer import ADDRESS, field_value, first_choice

HTMX = {"HX-Request": "true", "HX-Target": "results", "HX-Current-URL": "http://127.0.0.1/products/"}
SORTS = ("", "price", "price-desc")
WARM = 200  # a warm run draws from that many addresses
LINES = 3
LEARNT = 20  # the first German pages of a type, from which each process learns what it keeps around all others


def of(paths: list[str], headers: Mapping[str, str] | None = None) -> list[Call]:
    return [Call(path, headers=headers or {}) for path in paths]


def shuffled(calls: list[Call], number: int) -> Iterator[Call]:
    """For ever, each connection in an order of its own."""
    chance = random.Random(number)
    while True:
        yield from chance.sample(calls, len(calls))


def once(paths: list[str], number: int, connections: int) -> Iterator[Call]:
    """Each address a single time, so that nothing can have kept it."""
    return (Call(path) for path in paths[number::connections])


def list_addresses(shop: Shop) -> list[str]:
    """Pages of the whole list in every order: different ones, as many as have numbers."""
    pages = range(1, max(2, min(shop.n_products // 24, 100)))
    return [_address("/products/", sort=sort, page=str(page)) for page in pages for sort in SORTS]


def category_addresses(shop: Shop) -> list[str]:
    """Each page that there is of every category in every order, first pages first, and what of it is in stock."""
    rounds = itertools.product(range(1, 101), SORTS, shop.categories)
    there = [(page, sort, path) for page, sort, path in rounds if page <= shop.n_pages.get(path, 0)]
    plain = [_address(f"/categories/{path}/", sort=sort, page=str(page)) for page, sort, path in there]
    in_stock = [_address(f"/categories/{path}/", available="1", sort=sort) for page, sort, path in there if page == 1]
    return [*plain[:WARM], *in_stock, *plain[WARM:]]


def cold_addresses(known: list[str], number: int, rounds: int) -> list[str]:
    """Those of a round that nobody has asked for: of a small shop, the German ones are all there are."""
    german = [f"/de{path}" for path in dict.fromkeys(known)]
    return [*known[WARM:], *german[LEARNT:]][number::rounds]


def product_addresses(shop: Shop) -> list[str]:
    return [f"/products/{slug}/" for slug in shop.slugs]


def search_addresses(shop: Shop) -> list[str]:
    """Two words of a title, which is what people type, in every order, and what of it is in stock."""
    words = dict.fromkeys(" ".join(title.split()[:2]) for title in shop.titles)
    rounds = list(itertools.product(("", "1"), SORTS, words))
    return [_address("/products/", q=q, available=available, sort=sort) for available, sort, q in rounds]


def _address(path: str, **query: str) -> str:
    said = {key: value for key, value in query.items() if value and (key, value) != ("page", "1")}
    return f"{path}?{urlencode(said)}" if said else path


@dataclass
class Guest:
    """A visitor with a cart, who fills the forms of the pages as a browser would."""

    port: int
    cookie: str = ""
    token: str = ""

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "Referer": f"http://127.0.0.1:{self.port}/", "Accept-Encoding": "identity"}

    def ask(self, call: Call) -> str:
        response, content = send(self.connection, Call(call.path, call.method, call.body, self.headers, call.right))
        kept = dict(pair.split("=", 1) for pair in self.cookie.split("; ") if pair)
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            kept[name] = value
        self.cookie = "; ".join(f"{name}={value}" for name, value in kept.items())
        text = content.decode()
        self.token = field_value(text, "csrfmiddlewaretoken") or self.token
        return text

    def add(self, slug: str, sku: str) -> None:
        self.ask(Call(f"/products/{slug}/?variant={sku}"))
        self.ask(self.adding(sku))
        self.ask(Call("/cart/"))  # where the browser is led, and where what the shop said of it is shown once

    def adding(self, sku: str) -> Call:
        form = urlencode({"csrfmiddlewaretoken": self.token, "sku": sku, "quantity": "1"})
        return Call("/cart/lines/", "POST", form, self.headers, (200, 303))

    def adding_by_htmx(self, sku: str) -> Call:
        headers = {"HX-Request": "true", "HX-Target": "cart-panel"}
        call = self.adding(sku)
        return Call(call.path, "POST", call.body, {**call.headers, **headers}, (200,))

    def requote(self) -> Call:
        form = {**ADDRESS, "action": "update", "csrfmiddlewaretoken": self.token, **self._hidden}
        return Call("/checkout/", "POST", urlencode(form), self.headers)

    def open_checkout(self) -> None:
        page = self.ask(Call("/checkout/"))
        self._hidden = {name: field_value(page, name) for name in ("checkout_token", "shown_total")}

    def placing(self) -> Call:
        self.open_checkout()
        page = self.ask(self.requote())
        form = {**ADDRESS, "csrfmiddlewaretoken": self.token}
        form |= {name: field_value(page, name) for name in ("checkout_token", "shown_total")}
        form |= {name: first_choice(page, name) for name in ("shipping_method", "payment_method")}
        return Call("/checkout/", "POST", urlencode(form), self.headers, (303,))


def guest_with_cart(port: int, shop: Shop, number: int, lines: int = LINES) -> Guest:
    guest = Guest(port)
    chance = random.Random(number)
    for slug, sku in chance.sample(shop.plenty, lines):
        guest.add(slug, sku)
    return guest
