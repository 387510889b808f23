"""Names that what was typed may mean: categories beside the products that a search finds."""

from collections.abc import Mapping

from apps.catalog.search.query import query_chunks
from apps.catalog.search.words import singulars, words

SHORTEST = 3


def near_names(q: str, names: Mapping[str, str], *, limit: int) -> list[str]:
    """Keys of the names that hold a typed word or one like it: those that hold most first, and the shorter ones."""
    typed = [word for chunk in query_chunks(q) for word in chunk]
    parts = {key: words(name) for key, name in names.items()}
    scores = {key: (_score(typed, name), -len(name)) for key, name in parts.items()}
    return sorted((key for key in names if scores[key][0]), key=lambda key: scores[key], reverse=True)[:limit]


def _score(typed: list[str], name: list[str]) -> float:
    return sum(max((_likeness(word, part) for part in name), default=0) for word in typed)


def _likeness(word: str, part: str) -> float:
    """A whole word counts more than its beginning, that more than a slip or a part of a compound."""
    if len(word) < 2:
        return 0
    if part == word or part in singulars(word) or word in singulars(part):
        return 1
    if part.startswith(word):
        return 0.8
    if len(word) < SHORTEST or len(part) < SHORTEST:
        return 0
    from rapidfuzz.distance import OSA  # not before a word is typed that no name holds: it takes a process 3 MB

    slips = 1 if len(word) < 6 else 2
    if OSA.distance(word, part, score_cutoff=slips) <= slips:
        return 0.5
    return 0.3 if len(part) > SHORTEST and word.endswith(part) else 0
