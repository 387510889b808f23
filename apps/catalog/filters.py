"""What the address of a product list says. Reading it is harmless: what makes no sense is dropped."""

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.catalog.services.facets import RESERVED_KEYS
from apps.core.money import shop_money, to_minor

PAGE_SIZE = 24
LONGEST_QUERY = 200
MOST_OPTIONS, MOST_VALUES = 10, 30
# Pages beyond are found by where the page before them ends, so that none costs more than another.
MOST_NUMBERED = 100
RELEVANCE, NEWEST, CHEAPEST, DEAREST = "relevance", "newest", "price", "price-desc"
SORTS = {
    RELEVANCE: _("Best match"),
    NEWEST: _("Newest"),
    CHEAPEST: _("Price, low to high"),
    DEAREST: _("Price, high to low"),
}

_SLUG = re.compile(r"[a-z0-9-]{1,60}\Z")
_PATH = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*\Z")
_PRICE = re.compile(r"[0-9]{1,9}([.,][0-9]{1,3})?\Z")
_PAGE = re.compile(r"[0-9]{1,6}\Z")
_EDGE = re.compile(r"(-?[0-9]{1,19})\.([0-9]{1,19})\Z")


def is_category_path(text: str) -> bool:
    return len(text) <= 400 and bool(_PATH.match(text))


def read_price(text: str) -> int | None:
    """Minor units of a typed "12" or "12,50"; None for anything else."""
    if not _PRICE.match(text.strip()):
        return None
    try:
        return to_minor(Decimal(text.strip().replace(",", ".")), settings.SHOP_CURRENCY)
    except ValueError:
        return None


def refused_limits(low: str, high: str, price_min: int | None, price_max: int | None) -> str:
    """Which typed limits are no limits: "min", "max", "both" if neither is a price, "order" if they cross."""
    is_low, is_high = price_min is None and low.strip() != "", price_max is None and high.strip() != ""
    if is_low or is_high:
        return "both" if is_low and is_high else "min" if is_low else "max"
    return "order" if price_min is not None and price_max is not None and price_min > price_max else ""


def read_edge(text: str) -> tuple[int, int] | None:
    """The place and the id of the row that a page of a deep list begins behind: "1700000000000000.42"."""
    match = _EDGE.match(text)
    edge = (int(match[1]), int(match[2])) if match else None
    return edge if edge and max(map(abs, edge)) < 2**63 else None


@dataclass(frozen=True, slots=True)
class ListFilters:
    q: str = ""
    category: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    available: bool = False
    on_sale: bool = False
    price_min: int | None = None
    price_max: int | None = None
    # Which of the limits say nothing (`refused_limits`), and both as they were typed, for who has to mend them.
    refused: str = ""
    typed_limits: tuple[str, str] = ("", "")
    sort: str = ""
    page: int = 1
    # Where a page begins or ends that is too deep in a list to be found by its number.
    after: tuple[int, int] | None = None
    before: tuple[int, int] | None = None
    # The category of a category page is its path, not a filter that could be taken off.
    fixed_category: bool = False

    @classmethod
    def from_query(
        cls, query: QueryDict, *, category: str = "", options: Container[str] | None = None
    ) -> "ListFilters":
        """Of a repeated key that can have one value, the last counts. `category` is the page's own.

        `options` are those that products have; any other key (`?utm_source=…`) is dropped.
        """
        path = category or query.get("category", "")
        page = query.get("page", "")
        after = read_edge(query.get("after", ""))
        q = " ".join(query.get("q", "")[:LONGEST_QUERY].replace("\x00", " ").split())
        sort = query.get("sort", "")
        low, high = query.get("price-min", ""), query.get("price-max", "")
        price_min, price_max = read_price(low) if low else None, read_price(high) if high else None
        refused = refused_limits(low, high, price_min, price_max) if low or high else ""
        return cls(
            q=q,
            category=path if is_category_path(path) else "",
            facets=_read_facets(query, options),
            available=query.get("available") == "1",
            on_sale=query.get("on-sale") == "1",
            price_min=None if refused == "order" else price_min,
            price_max=None if refused == "order" else price_max,
            refused=refused,
            typed_limits=(_shown(low), _shown(high)) if refused else ("", ""),
            sort=sort if sort in SORTS and sort != _usual_order(q) else "",
            page=max(int(page), 1) if _PAGE.match(page) else 1,
            after=after,
            before=None if after else read_edge(query.get("before", "")),
            fixed_category=bool(category),
        )

    @property
    def order(self) -> str:
        return NEWEST if self.sort == RELEVANCE and not self.q else self.sort or _usual_order(self.q)

    @property
    def is_counted(self) -> bool:
        """Whether what is listed must be counted; without such a choice the numbers are kept."""
        return bool(self.q or self.facets or self.price_min is not None or self.price_max is not None)

    @property
    def tags(self) -> set[str]:
        """What the list depends on beside its members and their cards, as tags of kept pages."""
        depends = {
            "words": bool(self.q),
            "stock": self.available,
            "reduced": self.on_sale,
            "prices": self.price_min is not None or self.price_max is not None,
            f"order:{self.category}": self.order in {CHEAPEST, DEAREST},
        }
        return {tag for tag, is_so in depends.items() if is_so}

    @property
    def is_deep(self) -> bool:
        return bool(self.after or self.before)

    @property
    def is_filtered(self) -> bool:
        """Whether this is a choice among the products of a page that search engines know already."""
        return bool(self.q or self.sort or self.n_chosen or (self.category and not self.fixed_category))

    @property
    def limits_in_fields(self) -> tuple[str, str]:
        """What the fields of the price hold: the limits, or else what was typed instead of them."""
        return self.typed_limits if self.refused else (typed(self.price_min), typed(self.price_max))

    @property
    def named_category(self) -> str:
        """The category that the address has to name, because the page is not its own."""
        return "" if self.fixed_category else self.category

    @property
    def n_chosen(self) -> int:
        """How many boxes and limits are set: the number on the filter button."""
        prices = (self.price_min is not None) + (self.price_max is not None)
        return sum(len(values) for values in self.facets.values()) + self.available + self.on_sale + prices

    def pairs(self) -> list[tuple[str, str]]:
        """Keys and values of the address, without the page."""
        pairs = [("q", self.q), ("category", self.named_category)]
        pairs += [(option, value) for option, values in self.facets.items() for value in values]
        pairs += [("available", "1" if self.available else ""), ("on-sale", "1" if self.on_sale else "")]
        pairs += [("price-min", typed(self.price_min)), ("price-max", typed(self.price_max)), ("sort", self.sort)]
        return [(key, value) for key, value in pairs if value]

    def query(self, *, page: bool = False) -> str:
        """The address's query string, "" or with its question mark."""
        pairs = self.pairs()
        if page and self.page > 1:
            pairs.append(("page", str(self.page)))
        if page:
            edges = (("after", self.after), ("before", self.before))
            pairs += [(key, f"{edge[0]}.{edge[1]}") for key, edge in edges if edge]
        return f"?{urlencode(pairs)}" if pairs else ""

    def without_facet(self, option: str, value: str) -> "ListFilters":
        values = tuple(other for other in self.facets.get(option, ()) if other != value)
        facets = {**self.facets, option: values}
        return replace(self.first_page(), facets={key: kept for key, kept in facets.items() if kept})

    def first_page(self) -> "ListFilters":
        return replace(self, page=1, after=None, before=None)

    def limits(self) -> list[tuple[str, str]]:
        """What is set besides options, in words, each with the query string that takes it off."""
        low, high = (str(shop_money(price or 0)) for price in (self.price_min, self.price_max))
        entries: list[tuple[bool, Any, dict[str, Any]]] = [
            (self.available, _("In stock"), {"available": False}),
            (self.on_sale, _("Reduced"), {"on_sale": False}),
            (self.price_min is not None, _("From %(price)s") % {"price": low}, {"price_min": None}),
            (self.price_max is not None, _("Up to %(price)s") % {"price": high}, {"price_max": None}),
        ]
        return [(str(label), replace(self, **off).query()) for is_set, label, off in entries if is_set]

    def without_filters(self) -> "ListFilters":
        """Only what was searched for, where, and how it is sorted."""
        return ListFilters(q=self.q, category=self.category, sort=self.sort, fixed_category=self.fixed_category)


def typed(amount: int | None) -> str:
    """A price as a person would type it: "12", "12.50"."""
    if amount is None:
        return ""
    value = shop_money(amount).decimal
    return str(int(value)) if value == value.to_integral_value() else str(value)


def _shown(text: str) -> str:
    return text[:LONGEST_QUERY].replace("\x00", " ")


def _usual_order(q: str) -> str:
    """The order without a wish, which the address need not say."""
    return RELEVANCE if q else NEWEST


def _read_facets(query: QueryDict, options: Container[str] | None) -> dict[str, tuple[str, ...]]:
    """Every other key may be an option of a product."""
    facets: dict[str, tuple[str, ...]] = {}
    for key in query:
        if key in RESERVED_KEYS or not _SLUG.match(key) or len(facets) == MOST_OPTIONS:
            continue
        if options is not None and key not in options:
            continue
        values = sorted({value for value in query.getlist(key) if _SLUG.match(value)})[:MOST_VALUES]
        if values:
            facets[key] = tuple(values)
    return dict(sorted(facets.items()))


def queries_in_categories(filters: ListFilters) -> Callable[[str], str]:
    """Query strings of the same search by the path of a category; filters stay behind, as it may not have them."""
    words = urlencode({"q": filters.q}) if filters.q else ""
    order = urlencode({"sort": filters.sort}) if filters.sort else ""

    def query(path: str) -> str:
        pairs = "&".join(filter(None, (words, f"category={quote_plus(path)}" if path else "", order)))
        return f"?{pairs}" if pairs else ""

    return query
