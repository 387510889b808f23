"""What a search that shows nothing offers instead: its words without the filters, other words, other places."""

from dataclasses import dataclass, field, replace

from apps.catalog import search
from apps.catalog.filters import ListFilters
from apps.catalog.selectors.categories import CategoryNode, CategoryTree
from apps.catalog.selectors.lists import language, product_list
from apps.catalog.selectors.walks import Card, Way, flags, newest_of

MOST_CATEGORIES = 6
MOST_CARDS = 4


@dataclass(frozen=True, slots=True)
class NothingFound:
    """`elsewhere` is how many products the same words find without what narrows them, `wider` that search.

    Without any, the words themselves find nothing, and the rest is filled: `meant` is the query that was probably
    meant, `singles` are the words of the query that find something each by itself.
    """

    elsewhere: int = 0
    wider: ListFilters = field(default_factory=ListFilters)
    meant: str = ""
    singles: list[str] = field(default_factory=list)
    categories: list[CategoryNode] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)

    @property
    def is_miss(self) -> bool:
        """Whether the shop has nothing for these words, whatever else was chosen."""
        return not self.elsewhere


def nothing_found(filters: ListFilters, tree: CategoryTree) -> NothingFound:
    """For a search by words that found nothing: first without the filters, then without the category as well."""
    for wider in _wider(filters):
        if count := product_list(wider).count:
            return NothingFound(count, wider)
    meant = search.did_you_mean(filters.q, language())
    names = {node.path: node.name for node in tree.nodes.values()}
    near = search.near_names(f"{filters.q} {meant}", names, limit=MOST_CATEGORIES)
    sellable = flags(available=True, on_sale=False)
    [cards], _ = newest_of([Way("", sellable, MOST_CARDS)], language=language())
    singles = [] if meant else search.single_words(filters.q)
    return NothingFound(
        meant=meant, singles=singles, categories=[tree.nodes[path] for path in near] or [*tree.children()], cards=cards
    )


def _wider(filters: ListFilters) -> list[ListFilters]:
    steps = []
    if filters.n_chosen:
        steps.append(filters.without_filters())
    if filters.category:
        steps.append(replace(filters.without_filters(), category="", fixed_category=False))
    return steps
