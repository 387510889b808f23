"""What the filters of a list show: from the numbers that its branch keeps, or from what a search has found."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from apps.catalog.filters import ListFilters
from apps.catalog.models import Facet
from apps.catalog.selectors.choices import Choices

MOST_GROUPS = 8
SHOWN_AT_ONCE = 9


@dataclass(slots=True)  # not frozen: of hundreds on a page that takes three times as long
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
    def is_chosen(self) -> bool:
        return any(value.chosen for value in self.values)

    def _by_weight(self) -> list[FacetValue]:
        return sorted(self.values, key=lambda value: -value.weight)


def kept_number(filters: ListFilters, numbers: Iterable[Any]) -> int:
    """Of the four numbers that a branch keeps the one for these flags: listed, available, reduced or both."""
    return int(list(numbers)[filters.available + 2 * filters.on_sale])


def kept_groups(filters: ListFilters, shown: str, choices: Choices | None = None) -> list[FacetGroup]:
    """The groups that the branch keeps, always in the same order. `choices` are counts that go before the kept ones."""
    groups = []
    for option, label, values in json.loads(shown or "[]"):
        group = FacetGroup(option, label)
        for value, name, pk, *numbers in values:
            if choices is None or option in choices.as_kept:
                count = kept_number(filters, numbers)
            else:
                count = choices.counts.get(pk, 0)
            group.values.append(_facet_value(filters, option, value, name, count, numbers[0]))
        groups.append(group)
    _add_rare(filters, groups, choices)
    return groups


def found_groups(filters: ListFilters, choices: Choices) -> list[FacetGroup]:
    """The groups of what a search has found: what is chosen first, then the options that most products have."""
    groups: dict[str, FacetGroup] = {}
    weight: defaultdict[str, int] = defaultdict(int)
    for found, (option_name, value_name) in sorted(
        ((value, _names(value.names)) for value in choices.values),
        key=lambda entry: (entry[0].option, entry[0].position, entry[1][1]),
    ):
        group = groups.setdefault(found.option, FacetGroup(found.option, option_name))
        weight[found.option] += found.weight
        count = choices.counts.get(found.pk, 0)
        group.values.append(_facet_value(filters, found.option, found.value, value_name, count, found.weight))
    useful = [group for group in groups.values() if len(group.values) > 1 or group.is_chosen]
    useful.sort(key=lambda group: (not group.is_chosen, -weight[group.option], group.label))
    return useful[:MOST_GROUPS]


def _names(names: str) -> tuple[str, str]:
    translated, option_name, value_name = names.split("\n", 2)
    own = json.loads(translated)
    return own.get("option_name") or option_name, own.get("value_name") or value_name


def _facet_value(filters: ListFilters, option: str, value: str, label: str, count: int, weight: int) -> FacetValue:
    chosen = value in filters.facets.get(option, ())
    without = filters.without_facet(option, value).query() if chosen else ""
    return FacetValue(value, label, count, weight, chosen, without)


def _add_rare(filters: ListFilters, groups: list[FacetGroup], choices: Choices | None) -> None:
    """What is chosen can always be taken off again, even if it is too rare to be offered."""
    by_option = {group.option: group for group in groups}
    missing = {
        (option, value)
        for option, values in filters.facets.items()
        for value in values
        if option not in by_option or value not in {known.value for known in by_option[option].values}
    }
    if not missing or choices is None:
        return
    rows = Facet.objects.filter(option__in={option for option, _ in missing}, value__in={value for _, value in missing})
    for facet in rows.order_by("option", "position", "value_name"):
        if (facet.option, facet.value) not in missing:
            continue
        if facet.option not in by_option:
            by_option[facet.option] = FacetGroup(facet.option, str(facet.localized("option_name")))
            groups.append(by_option[facet.option])
        count = choices.counts.get(facet.pk, choices.total)
        name = str(facet.localized("value_name"))
        by_option[facet.option].values.append(_facet_value(filters, facet.option, facet.value, name, count, count))
