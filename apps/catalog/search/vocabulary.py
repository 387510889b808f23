"""The nearest of the words that the shop itself uses, asked only when nothing was found: "Did you mean"."""

from bisect import bisect_left
from dataclasses import dataclass, field

from django.db import connection

from apps.catalog.models import SearchWord
from apps.catalog.search.query import matches, query_chunks

# In memory, in each process that has had a search without a hit: 7 MB.
MOST_WORDS = 100_000
SHORTEST = 3


@dataclass(slots=True)
class Vocabulary:
    """Words in alphabetical order, and how those are written that are written otherwise."""

    count: int = -1
    words: list[str] = field(default_factory=list)
    spelling: dict[str, str] = field(default_factory=dict)

    def knows(self, word: str) -> bool:
        """Whether it is a word of the shop, or the beginning of one."""
        at = bisect_left(self.words, word)
        return at < len(self.words) and self.words[at].startswith(word)

    def nearest(self, word: str) -> str | None:
        """The word that was probably meant: one slip in a short word, two in a long one; else a part of a compound."""
        if len(word) < SHORTEST:
            return None
        # Not before a search finds nothing: it takes a process 3 MB.
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        most = 1 if len(word) < 6 else 2
        found = process.extract(word, self.words, scorer=OSA.distance, score_cutoff=most, limit=20)
        if found:
            return min(found, key=lambda hit: (hit[1], hit[0][0] != word[0], abs(len(hit[0]) - len(word)), hit[0]))[0]
        return self._part(word)

    def _part(self, word: str) -> str | None:
        """A word at the end of the compound, which in German says what it is, or at its start: teetasse, mugset."""
        parts = [word[at:] for at in range(1, len(word) - 3)] + [word[:-at] for at in range(1, len(word) - 3)]
        return next((part for part in parts if part in self.spelling or self._has(part)), None)

    def _has(self, word: str) -> bool:
        at = bisect_left(self.words, word)
        return at < len(self.words) and self.words[at] == word


_vocabulary = Vocabulary()


def vocabulary() -> Vocabulary:
    """The shop's words; read again when there are more or fewer of them than this process knows."""
    global _vocabulary
    count = SearchWord.objects.count()
    if count != _vocabulary.count:
        rows = list(SearchWord.objects.order_by("pk").values_list("word", "spelling")[:MOST_WORDS])
        # In Python's order, which is not that of every database.
        words = sorted(word for word, _ in rows)
        _vocabulary = Vocabulary(count, words, {word: written for word, written in rows if word != written})
    return _vocabulary


def forget() -> None:
    """Read the words anew when they are next asked for."""
    global _vocabulary
    _vocabulary = Vocabulary()


def did_you_mean(q: str, language: str) -> str:
    """A query that finds something, for one that did not; "" if there is none."""
    known = vocabulary()
    typed = [word for chunk in query_chunks(q) for word in chunk]
    meant = [word if known.knows(word) else known.nearest(word) or word for word in typed]
    if meant == typed:
        return ""
    for candidate in (meant, [word for word in meant if known.knows(word)]):
        if candidate and _finds(" ".join(candidate), language):
            return " ".join(known.spelling.get(word, word) for word in candidate)
    return ""


def single_words(q: str) -> list[str]:
    """Of several words that are not found together: those that the shop knows each by itself, slips mended."""
    known = vocabulary()
    typed = [word for chunk in query_chunks(q) for word in chunk]
    if len(typed) < 2:
        return []
    meant = [word if known.knows(word) else known.nearest(word) for word in typed]
    return [known.spelling.get(word, word) for word in dict.fromkeys(meant) if word]


def _finds(q: str, language: str) -> bool:
    found = matches(q, language)
    if found is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM ({found.sql}) m LIMIT 1", found.params)  # noqa: S608
        return cursor.fetchone() is not None
