"""Lists of products: one statement for a page of any list, however many products there are."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import get_language

from apps.catalog.filters import MOST_NUMBERED, PAGE_SIZE, ListFilters
from apps.catalog.models import Facet
from apps.catalog.selectors.categories import CategoryNode, CategoryTree
from apps.catalog.selectors.choices import Choices, choose
from apps.catalog.selectors.filter_groups import FacetGroup, FacetValue, found_groups, kept_groups, kept_number
from apps.catalog.selectors.walks import Card, Way, flags, newest_of, walk
from apps.pages import journal

MOST_TILES = 8


@dataclass(frozen=True, slots=True)
class CategoryTile:
    category: CategoryNode
    cover: dict[str, Any]
    count: int


@dataclass(frozen=True)
class ProductList:
    """A page of a list, ready to render. `filters.page` is the page shown: the last, if a later one was asked for."""

    filters: ListFilters
    cards: list[Card]
    count: int
    # What its branch keeps for the filters of a list; what was counted goes before it.
    shown: str = ""
    choices: Choices | None = None

    @cached_property
    def facets(self) -> list[FacetGroup]:
        if self.choices and self.filters.q:
            return found_groups(self.filters, self.choices)
        return kept_groups(self.filters, self.shown, self.choices)

    @property
    def chosen(self) -> list[FacetValue]:
        return [value for group in self.facets for value in group.values if value.chosen]

    @property
    def last_page(self) -> int:
        return max(1, -(-self.count // PAGE_SIZE))

    @property
    def pages(self) -> Iterator[tuple[int, str]]:
        """Pages to go to at once, each with its query string; 0 where some are left out."""
        for number in self._numbers():
            yield number, self._query(number) if number else ""

    def _query(self, number: int) -> str:
        """The query string of a numbered page."""
        if number == 1:
            return self._plain_query
        return f"{self._plain_query}{'&' if self._plain_query else '?'}page={number}"

    @cached_property
    def _plain_query(self) -> str:
        return self.filters.query()

    def _numbers(self) -> Iterator[int]:
        page, last = self.filters.page, last_numbered(self.filters, self.count)
        before = 0
        for number in sorted({1, 2, page - 1, page, page + 1, last}):
            if number < 1 or (number > last and number != page):
                continue
            if number > before + 1:
                yield 0 if number > before + 2 else before + 1
            yield number
            before = number

    @property
    def previous(self) -> str | None:
        """The query string of the page before; None on the first."""
        filters = self.filters
        if filters.page <= 1:
            return None
        if filters.page - 1 <= last_numbered(filters, self.count) or not self.cards:
            return self._query(filters.page - 1)
        first = self.cards[0]
        edge = first.place, first.listing_id
        return replace(filters, page=filters.page - 1, after=None, before=edge).query(page=True)

    @property
    def following(self) -> str | None:
        """The query string of the page after; None on the last."""
        filters = self.filters
        if filters.page >= self.last_page or not self.cards:
            return None
        if filters.page < last_numbered(filters, self.count):
            return self._query(filters.page + 1)
        last = self.cards[-1]
        return replace(filters, page=filters.page + 1, before=None, after=(last.place, last.listing_id)).query(
            page=True
        )


def last_numbered(filters: ListFilters, count: int) -> int:
    """The last page that can be asked for by its number; one that is counted anyway has no end to that."""
    last = max(1, -(-count // PAGE_SIZE))
    return last if filters.is_counted else min(last, MOST_NUMBERED)


def product_list(filters: ListFilters, *, number: int | None = None) -> ProductList:
    """The products that match. A page beyond the end is the last one (and costs a statement more).

    `number` is where the journal of page changes stands, for those who know it already.
    """
    if filters.is_counted:
        filters = replace(filters, after=None, before=None)
    elif filters.page > MOST_NUMBERED and not filters.is_deep:
        filters = replace(filters, page=MOST_NUMBERED)
    products = _read(filters, number)
    if products.cards or (filters.page == 1 and not filters.is_deep):
        return products
    last = last_numbered(filters, products.count)
    return _read(replace(filters, page=last, after=None, before=None), number)


def listed_options(number: int) -> frozenset[str]:
    """The options that some listed product has, by their name in an address; asked once a process."""
    return _options.value(number)


def forget() -> None:
    _options.forget()


def _read_options() -> frozenset[str]:
    return frozenset(Facet.objects.order_by().values_list("option", flat=True).distinct())


_options = journal.Remembered("members", _read_options)


def home_lists(*, new: int, reduced: int, tree: CategoryTree) -> tuple[list[Card], list[Card], list[CategoryTile]]:
    """The newest products, the newest of those that are reduced, and the top categories that hold something.

    Of what can be bought first. One statement.
    """
    sellable = flags(available=True, on_sale=False)
    tops = tree.children()
    ways = [Way("", sellable, new), Way("", "", new), Way("", flags(available=True, on_sale=True), reduced)]
    (newest, others, on_sale), branches = newest_of(ways, language=language(), tiles=[node.path for node in tops])
    known = {card.listing_id for card in newest}
    newest += [card for card in others if card.listing_id not in known]
    tiles = [
        CategoryTile(node, json.loads(branches[node.path][1]), json.loads(branches[node.path][0])[0])
        for node in tops
        if node.path in branches
    ]
    return newest[:new], on_sale, tiles[:MOST_TILES]


def language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _read(filters: ListFilters, number: int | None) -> ProductList:
    start = 0 if filters.is_deep else (filters.page - 1) * PAGE_SIZE
    if not filters.is_counted:
        found = walk(
            filters.category,
            filters.order,
            language=language(),
            available=filters.available,
            on_sale=filters.on_sale,
            start=start,
            after=filters.after,
            before=filters.before,
        )
        count = kept_number(filters, json.loads(found.counts)) if found.counts else 0
        return ProductList(filters, found.cards, count, found.shown)
    choices = choose(filters, language=language(), start=start, number=number)
    return ProductList(filters, choices.cards, choices.total, choices.shown, choices)
