"""Words that mean the same to this shop, by the groups that staff keep in the admin; applied to a query."""

from collections.abc import Iterable

from apps.catalog.models import Synonym
from apps.catalog.search.words import words
from apps.pages import journal

MOST_GROUPS, MOST_IN_GROUP = 2_000, 20

Phrase = tuple[str, ...]
# What may stand for a phrase, the phrase itself first.
Groups = dict[Phrase, list[list[str]]]

_UNREAD: tuple[int, Groups] = (-1, {})
_read = _UNREAD


def groups(number: int | None = None) -> Groups:
    """The groups, kept in the process until the journal of page changes says that something is new.

    `number` is where the journal stands, for those who know it already.
    """
    global _read
    number = journal.now() if number is None else number
    if _read[0] != number:
        _read = number, _by_phrase(Synonym.objects.order_by("pk").values_list("words", flat=True)[:MOST_GROUPS])
    return _read[1]


def forget() -> None:
    """Read the groups anew at the next search of this process."""
    global _read
    _read = _UNREAD


def _by_phrase(rows: Iterable[str]) -> Groups:
    found: Groups = {}
    for row in rows:
        phrases = [phrase for entry in row.split(",")[:MOST_IN_GROUP] if (phrase := words(entry))]
        for phrase in phrases:
            known = found.setdefault(tuple(phrase), [phrase])
            known += [other for other in phrases if other not in known][: MOST_IN_GROUP - len(known) + 1]
    return found
