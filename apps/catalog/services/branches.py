"""Kept counts: how many products each branch of the category tree holds, by filter value.

A list without filters shows them as they are kept, so it counts nothing however many products there are. Publishing
adds what has changed, one writer at a time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from apps.catalog.models import Branch, Facet, Listing
from apps.catalog.services.placements import branches_of

MOST_GROUPS = 8
MOST_SHOWN = 60
ALL = ""
_COUNT = """
    SELECT p.path, {key}, COUNT(*), SUM({available}), SUM({on_sale}), SUM({both})
    FROM catalog_placement p {join} GROUP BY p.path{group}
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a listing adds to the counts of its branches."""

    category_path: str
    available: bool
    on_sale: bool
    facets: frozenset[int]

    @classmethod
    def of(cls, listing: Listing, facets: Iterable[int]) -> "Standing":
        return cls(listing.category_path, listing.available, listing.on_sale, frozenset(facets))

    def numbers(self) -> tuple[int, int, int, int]:
        return 1, int(self.available), int(self.on_sale), int(self.available and self.on_sale)

    def entries(self) -> Iterator[tuple[str, str]]:
        for path in branches_of(self.category_path):
            yield path, ALL
            for facet in self.facets:
                yield path, str(facet)


Counts = dict[str, dict[str, list[int]]]


def count_changes(changes: Iterable[tuple[Standing | None, Standing | None]]) -> None:
    """Add the difference between old and new standings to the branches. Joins the caller's transaction."""
    deltas: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0, 0]))
    for old, new in changes:
        if old == new:
            continue
        for standing, sign in ((old, -1), (new, 1)):
            if standing is None:
                continue
            numbers = standing.numbers()
            for path, key in standing.entries():
                entry = deltas[path][key]
                for index in range(4):
                    entry[index] += sign * numbers[index]
    changed = {
        path: {key: numbers for key, numbers in by_key.items() if any(numbers)} for path, by_key in deltas.items()
    }
    _add({path: by_key for path, by_key in changed.items() if by_key})


def _add(deltas: Counts) -> None:
    if not deltas:
        return
    paths = sorted({"", *deltas})
    if len(rows := _lock(paths)) < len(paths):
        Branch.objects.bulk_create([Branch(path=path) for path in paths], ignore_conflicts=True)
        rows = _lock(paths)
    for row in rows:
        for key, numbers in deltas.get(row.path, {}).items():
            before = row.counts.get(key, [0, 0, 0, 0])
            row.counts[key] = [a + b for a, b in zip(before, numbers, strict=True)]
            if not any(row.counts[key]):
                del row.counts[key]
    _show(rows)
    Branch.objects.bulk_update(rows, ["counts", "shown"], batch_size=50)


def _lock(paths: Sequence[str]) -> list[Branch]:
    """The branches in order: the whole shop comes first and is the lock of all, so no two writers wait crosswise."""
    return list(Branch.objects.select_for_update(no_key=True).filter(path__in=paths).order_by("path"))


def rebuild() -> None:
    """Count everything again. Belongs into a transaction of its own; writers wait for it."""
    Branch.objects.bulk_create([Branch(path="")], ignore_conflicts=True)
    list(Branch.objects.select_for_update().order_by("path").values_list("pk"))
    counted = count_all()
    rows = [Branch(path=path, counts=counts) for path, counts in sorted(counted.items())]
    _show(rows)
    Branch.objects.exclude(path="").delete()
    Branch.objects.filter(path="").update(counts={}, shown={})
    Branch.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["path"], update_fields=["counts", "shown"], batch_size=100
    )


def count_all() -> Counts:
    """What every branch holds, counted from the listings."""
    flags = {
        "available": "CASE WHEN p.available THEN 1 ELSE 0 END",
        "on_sale": "CASE WHEN p.on_sale THEN 1 ELSE 0 END",
        "both": "CASE WHEN p.available AND p.on_sale THEN 1 ELSE 0 END",
    }
    join = "JOIN catalog_listing_facets f ON f.listing_id = p.listing_id"
    statements = (
        _COUNT.format(key="NULL", join="", group="", **flags),
        _COUNT.format(key="f.facet_id", join=join, group=", f.facet_id", **flags),
    )
    found: Counts = defaultdict(dict)
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)
            for path, facet, *numbers in cursor.fetchall():
                found[path][ALL if facet is None else str(facet)] = [int(number) for number in numbers]
    return found


def _show(rows: Iterable[Branch]) -> None:
    """Make what the filters show: by language, a list of [option, name, [[value, name, id, four numbers], …]]."""
    rows = list(rows)
    ids = {int(key) for row in rows for key in row.counts if key != ALL}
    facets = list(Facet.objects.filter(pk__in=ids).order_by("option", "position", "value_name", "pk")) if ids else []
    for row in rows:
        groups: dict[str, list[Facet]] = defaultdict(list)
        for facet in facets:
            if str(facet.pk) in row.counts:
                groups[facet.option].append(facet)
        chosen = _useful(groups, row.counts)
        row.shown = {
            language: [_group(option, values, row.counts, language) for option, values in chosen]
            for language, _ in settings.LANGUAGES
        }


def _useful(groups: Mapping[str, list[Facet]], counts: Mapping[str, list[int]]) -> list[tuple[str, list[Facet]]]:
    """The options that most products have, each with its commonest values in their own order."""

    def weight(facet: Facet) -> int:
        return counts[str(facet.pk)][0]

    useful = [(option, values) for option, values in groups.items() if len(values) > 1]
    useful.sort(key=lambda group: (-sum(weight(facet) for facet in group[1]), group[0]))
    kept = []
    for option, values in useful[:MOST_GROUPS]:
        common = {facet.pk for facet in sorted(values, key=lambda facet: -weight(facet))[:MOST_SHOWN]}
        kept.append((option, [facet for facet in values if facet.pk in common]))
    return kept


def _group(option: str, facets: list[Facet], counts: Mapping[str, list[int]], language: str) -> list[Any]:
    name = facets[0].localized("option_name", language)
    values = [
        [facet.value, facet.localized("value_name", language), facet.pk, *counts[str(facet.pk)]] for facet in facets
    ]
    return [option, name, values]
