"""From what a person typed to the products that match, best first.

Every word must be found, each as the beginning of a word: without stems it is what finds "mugs" for "mug", it does not
care in which order words come, and what is found while typing only gets narrower. A plural also finds its singular.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from apps.catalog.search import synonyms
from apps.catalog.search.documents import EXACT, OPTIONS, SKU, TEXT, TITLE, title_level
from apps.catalog.search.engines import Engine, engine_of
from apps.catalog.search.words import COMMON, LONGEST_WORD, chunks, key, singulars

# The most products that are ranked, counted and filtered. Beyond that a person narrows the search, nobody leafs.
MOST_MATCHES = 1_000
MOST_WORDS = 8
LONGEST_QUERY = 200

# What one part of a query may be: one of several phrases, each of words that must all be there.
Slot = list[list[str]]


@dataclass(frozen=True, slots=True)
class Matches:
    """`sql` is a subselect with the columns product_id and rank (lower is better, equal ones are as good)."""

    sql: str
    params: list[str]


def matches(q: str, language: str, *, number: int | None = None, most: int = MOST_MATCHES) -> Matches | None:
    """The products that match, at most as many as said; None if there is no word in the query. Raises for no input.

    `number` is where the journal of page changes stands, for those who know it already.
    """
    slots = _slots(query_chunks(q), number)
    if not slots:
        return None
    engine = engine_of(connection.vendor)
    tiers = list(_tiers(engine, slots, key(q[:LONGEST_QUERY]), title_level(language)))
    parts = [
        f"SELECT product_id, {rank} AS rank FROM ({engine.newest_matches(most)}) t{rank}"  # noqa: S608
        for rank in range(len(tiers))
    ]
    # Read in turn until there are enough, so that the great number that matches somewhere is never gone through.
    sql = f"SELECT product_id, rank FROM ({' UNION ALL '.join(parts)}) tiers LIMIT {most}"  # noqa: S608
    return Matches(sql, tiers)


def query_chunks(q: str) -> list[list[str]]:
    """The words of a query, those written together in one list. Common words are left out beside others."""
    found = chunks(q[:LONGEST_QUERY])
    if any(word not in COMMON for chunk in found for word in chunk):
        found = [chunk for chunk in found if len(chunk) > 1 or chunk[0] not in COMMON]
    kept: list[list[str]] = []
    for chunk in found:
        if room := MOST_WORDS - sum(map(len, kept)):
            kept.append(chunk[:room])
    return kept


def _slots(found: list[list[str]], number: int | None = None) -> list[Slot]:
    slots: list[Slot] = []
    known = synonyms.groups(number) if found else {}
    longest = max(map(len, known), default=0)
    while found:
        for n in range(min(longest, len(found)), 0, -1):
            phrase = [word for chunk in found[:n] for word in chunk]
            if same := _same(phrase, known):
                slots.append(same)
                found = found[n:]
                break
        else:
            chunk, *found = found
            slots.append([chunk, ["".join(chunk)[:LONGEST_WORD]]] if len(chunk) > 1 else [chunk])
    return slots


def _same(phrase: list[str], known: synonyms.Groups) -> Slot:
    """The phrase and what means the same; a plural counts as its singular. Empty if nothing does."""
    *first, last = phrase
    for form in (last, *singulars(last)):
        if others := known.get((*first, form)):
            return [phrase, *(other for other in others if other != phrase)]
    return []


def _tiers(engine: Engine, slots: list[Slot], whole: str, own: str) -> Iterator[str]:
    """Expressions from the best matches to the others; none matches what one before it does."""
    exact = engine.word(EXACT + whole)
    levels = [_level(engine, slots, own, beginnings=False), _level(engine, slots, own)] if own else []
    levels += [_level(engine, slots, level) for level in (TITLE, SKU, OPTIONS, TEXT)]
    yield exact
    before = exact
    for level in levels:
        yield engine.but_not(level, before)
        # Each level holds all that the one before it does, the exact one apart.
        before = engine.any_of([exact, level])


def _level(engine: Engine, slots: list[Slot], level: str, *, beginnings: bool = True) -> str:
    def word(text: str) -> str:
        itself = engine.beginning(level + text) if beginnings else engine.word(level + text)
        return engine.any_of([itself, *(engine.word(level + other) for other in singulars(text))])

    return engine.all_of(
        [engine.any_of([engine.all_of([word(text) for text in phrase]) for phrase in slot]) for slot in slots]
    )
