"""Lists of products: two queries for a page of any size, one for its rows and one for its filters."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, StrIndex

from apps.catalog.filters import CHEAPEST, DEAREST, PAGE_SIZE, RELEVANCE, ListFilters
from apps.catalog.models import Facet, Listing
from apps.catalog.selectors.categories import CategoryNode, CategoryTree
from apps.catalog.selectors.variants import in_language

MOST_FACETS = 8
SHOWN_AT_ONCE = 9
MOST_TILES = 8


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str
    count: int
    weight: int
    chosen: bool
    query_without: str = ""


@dataclass(frozen=True, slots=True)
class FacetGroup:
    option: str
    label: str
    values: list[FacetValue] = field(default_factory=list)

    @property
    def first(self) -> list[FacetValue]:
        """What is shown at once: all values or, of many, those that most products have."""
        return self.values if len(self.values) <= SHOWN_AT_ONCE else self._by_weight()[:SHOWN_AT_ONCE]

    @property
    def more(self) -> list[FacetValue]:
        return [] if len(self.values) <= SHOWN_AT_ONCE else self._by_weight()[SHOWN_AT_ONCE:]

    @property
    def more_chosen(self) -> bool:
        return any(value.chosen for value in self.more)

    def _by_weight(self) -> list[FacetValue]:
        return sorted(self.values, key=lambda value: -value.weight)


@dataclass(frozen=True, slots=True)
class CategoryTile:
    category: CategoryNode
    cover: dict[str, Any]
    count: int


@dataclass(frozen=True, slots=True)
class ProductList:
    """A page of a list, ready to render. `filters.page` is the page shown: the last, if a later one was asked for."""

    filters: ListFilters
    page: Page[Listing]
    count: int
    facets: list[FacetGroup]

    @property
    def elided_pages(self) -> Iterator[Any]:
        return self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)

    @property
    def chosen(self) -> list[FacetValue]:
        return [value for group in self.facets for value in group.values if value.chosen]


def product_list(filters: ListFilters) -> ProductList:
    """The listings that match. A page beyond the end is the last one (and costs two queries more)."""
    base = _base(filters)
    rows = _with_facets(base, filters)
    count, listings = _read_page(rows, filters)
    if not listings and filters.page > 1:
        count = rows.count()
        filters = replace(filters, page=max(1, -(-count // PAGE_SIZE)))
        listings = _read_page(rows, filters)[1]
    paginator: Paginator[Listing] = Paginator(range(count), PAGE_SIZE)  # type: ignore[arg-type]
    page = Page(listings, filters.page, paginator)
    return ProductList(filters, page, count, _facet_groups(base, filters))


def home_listings(*, new: int, reduced: int) -> tuple[list[Listing], list[Listing]]:
    """The newest products, and the newest of those that are reduced and can be bought."""
    cards = Listing.objects.defer("search_text")
    newest = list(cards.order_by("-available", "-published_at", "-pk")[:new])
    return newest, list(cards.filter(on_sale=True, available=True).order_by("-published_at", "-pk")[:reduced])


def category_tiles(tree: CategoryTree) -> list[CategoryTile]:
    """The top categories that hold something, each with the picture of its newest product; two queries."""
    listed = Listing.objects.exclude(category_path="").order_by().values("category_path")
    rows = listed.annotate(n=Count("pk"), newest=Max("pk", filter=~Q(cover={})))
    counts: dict[str, int] = {}
    newest: dict[str, int] = {}
    for path, n, pk in rows.values_list("category_path", "n", "newest"):
        top = path.split("/")[0]
        counts[top] = counts.get(top, 0) + n
        newest[top] = max(newest.get(top, 0), pk or 0)
    covers = dict(Listing.objects.filter(pk__in=newest.values()).values_list("pk", "cover"))
    return [
        CategoryTile(category, covers.get(newest[category.path], {}), counts[category.path])
        for category in tree.children()
        if category.path in counts
    ][:MOST_TILES]


def _base(filters: ListFilters) -> QuerySet[Listing]:
    """Everything but the option filters, which the numbers beside the options must not count twice."""
    rows = Listing.objects.all()
    for term in filters.terms:
        rows = rows.filter(search_text__contains=term)
    if filters.q and not filters.terms:
        return rows.none()
    if filters.category:
        rows = rows.filter(category_path__startswith=f"{filters.category}/")
    if filters.available:
        rows = rows.filter(available=True)
    if filters.on_sale:
        rows = rows.filter(on_sale=True)
    if filters.price_min is not None:
        rows = rows.filter(price_max__gte=filters.price_min)
    if filters.price_max is not None:
        rows = rows.filter(price_min__lte=filters.price_max)
    return rows


def _with_facets(rows: QuerySet[Listing], filters: ListFilters) -> QuerySet[Listing]:
    for option, values in filters.facets.items():
        rows = rows.filter(_has_one_of(option, values, OuterRef("pk")))
    return rows


def _has_one_of(option: str, values: tuple[str, ...], listing: OuterRef) -> Q:
    """The listing has one of the values; true for an option that no product has (`?utm_source=…` is none)."""
    through = Listing.facets.through.objects
    match = through.filter(listing=listing, facet__option=option, facet__value__in=values)
    return Q(Exists(match)) | ~Q(Exists(Facet.objects.filter(option=option)))


def _read_page(rows: QuerySet[Listing], filters: ListFilters) -> tuple[int, list[Listing]]:
    """The number of all rows and those of the page, in one query."""
    total = rows.order_by().values(everything=Value(1)).annotate(n=Count("*")).values("n")
    start = (filters.page - 1) * PAGE_SIZE
    listings: list[Any] = list(
        _sorted(rows, filters)
        .defer("search_text")
        .annotate(total=Coalesce(Subquery(total, output_field=IntegerField()), 0))[start : start + PAGE_SIZE]
    )
    return (listings[0].total if listings else 0), listings


def _sorted(rows: QuerySet[Listing], filters: ListFilters) -> QuerySet[Listing]:
    if filters.order == CHEAPEST:
        return rows.order_by(F("price_min").asc(nulls_last=True), "pk")
    if filters.order == DEAREST:
        return rows.order_by(F("price_min").desc(nulls_last=True), "-pk")
    if filters.order == RELEVANCE and filters.terms:
        # Titles stand at the start of the text.
        return rows.order_by(StrIndex("search_text", Value(filters.terms[0])), "-published_at", "-pk")
    return rows.order_by("-published_at", "-pk")


def _facet_groups(base: QuerySet[Listing], filters: ListFilters) -> list[FacetGroup]:
    """The values that the listed products have, with how many products choosing one would show."""
    others = Q()
    for option, values in filters.facets.items():
        others &= Q(facet__option=option) | _has_one_of(option, values, OuterRef("listing_id"))
    fields = ("option", "value", "option_name", "value_name", "translations", "position")
    rows = (
        Listing.facets.through.objects.filter(listing__in=base.order_by().values("pk"))
        .values(*(f"facet__{name}" for name in fields))
        .annotate(n=Count("pk", filter=others) if others else Count("pk"), everything=Count("pk"))
        .order_by("facet__option", "facet__position", "facet__value_name")
    )
    groups: dict[str, FacetGroup] = {}
    weight: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        facet = {name: row[f"facet__{name}"] for name in fields}
        option, value = facet["option"], facet["value"]
        group = groups.setdefault(option, FacetGroup(option, _label(facet, "option_name")))
        weight[option] += row["everything"]
        chosen = value in filters.facets.get(option, ())
        without = filters.without_facet(option, value).query() if chosen else ""
        group.values.append(
            FacetValue(value, _label(facet, "value_name"), row["n"], row["everything"], chosen, without)
        )
    useful = [g for g in groups.values() if len(g.values) > 1 or any(value.chosen for value in g.values)]
    useful.sort(key=lambda g: (not any(value.chosen for value in g.values), -weight[g.option], g.label))
    return useful[:MOST_FACETS]


def _label(facet: dict[str, Any], name: str) -> str:
    translated = {language: texts.get(name, "") for language, texts in facet["translations"].items()}
    return in_language({**translated, "": facet[name]})
