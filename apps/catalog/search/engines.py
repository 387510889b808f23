"""How either database is asked. Words come from `search.words`: letters and digits only, so a quoted word is safe."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Engine:
    """A full-text index and its language of expressions."""

    quote: str
    beginning_sign: str
    both: str
    either: str
    without: str
    # A select of `product_id` with the expression as its one parameter.
    lookup: str

    def word(self, text: str) -> str:
        return f"{self.quote}{text}{self.quote}"

    def beginning(self, text: str) -> str:
        return f"{self.word(text)}{self.beginning_sign}"

    def all_of(self, parts: Sequence[str]) -> str:
        return self._joined(parts, self.both)

    def any_of(self, parts: Sequence[str]) -> str:
        return self._joined(parts, self.either)

    def but_not(self, expression: str, other: str) -> str:
        return f"{expression} {self.without} {other}"

    def newest_matches(self, limit: int) -> str:
        return f"SELECT product_id FROM ({self.lookup}) found ORDER BY product_id DESC LIMIT {limit}"  # noqa: S608

    @staticmethod
    def _joined(parts: Sequence[str], sign: str) -> str:
        return parts[0] if len(parts) == 1 else f"({f' {sign} '.join(parts)})"


FTS5 = Engine(
    quote='"',
    beginning_sign="*",
    both="AND",
    either="OR",
    without="NOT",
    lookup="SELECT rowid AS product_id FROM catalog_search WHERE catalog_search MATCH %s",
)
# OFFSET 0 keeps the limit out of the planner's sight, which would walk the whole table for the newest thousand.
TSVECTOR = Engine(
    quote="'",
    beginning_sign=":*",
    both="&",
    either="|",
    without="& !",
    lookup="SELECT listing_id AS product_id FROM catalog_searchdocument WHERE vector @@ %s::tsquery OFFSET 0",
)


def engine_of(vendor: str) -> Engine:
    """The index of a database by Django's name for it."""
    return {"sqlite": FTS5, "postgresql": TSVECTOR}[vendor]
