"""What an import did, row by row in numbers, and in sentences where something needs a look."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

OUTCOMES = ("created", "updated", "unchanged", "skipped", "failed")


@dataclass(slots=True)
class Report:
    """`rows` is always the sum of the five outcomes. Notes and failures are (row, handle, sentence)."""

    file: str = ""
    format: str = ""
    encoding: str = ""
    delimiter: str = ","
    dry_run: bool = False
    outcomes: Counter[str] = field(default_factory=Counter)
    products: Counter[str] = field(default_factory=Counter)
    variants: Counter[str] = field(default_factory=Counter)
    pictures: Counter[str] = field(default_factory=Counter)
    categories: list[str] = field(default_factory=list)
    failures: list[tuple[int, str, str]] = field(default_factory=list)
    skips: list[tuple[int, str, str]] = field(default_factory=list)
    notes: list[tuple[int, str, str]] = field(default_factory=list)
    derived_skus: list[tuple[int, str, str]] = field(default_factory=list)
    picture_failures: list[tuple[int, str, str]] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rows(self) -> int:
        return self.outcomes.total()

    def fail(self, row: int, handle: str, reason: str) -> None:
        self.outcomes["failed"] += 1
        self.failures.append((row, handle, reason))

    def skip(self, row: int, handle: str, reason: str) -> None:
        self.outcomes["skipped"] += 1
        self.skips.append((row, handle, reason))

    def as_json(self) -> dict[str, Any]:
        """For machines: the names here are a promise."""
        return {
            "file": self.file,
            "format": self.format,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "dry_run": self.dry_run,
            "rows": self.rows,
            **{outcome: self.outcomes[outcome] for outcome in OUTCOMES},
            "products": {name: self.products[name] for name in ("created", "updated", "unchanged")},
            "variants": {name: self.variants[name] for name in ("created", "updated", "unchanged", "kept")},
            "pictures": {name: self.pictures[name] for name in ("created", "updated", "unchanged", "failed")},
            "categories": self.categories,
            "failures": _told(self.failures, "handle", "reason"),
            "skips": _told(self.skips, "handle", "reason"),
            "notes": _told(self.notes, "handle", "text"),
            "derived_skus": _told(self.derived_skus, "merchant_sku", "sku"),
            "picture_failures": _told(self.picture_failures, "source", "reason"),
            "ignored_columns": self.ignored_columns,
            "seconds": round(self.seconds, 2),
        }


def _told(entries: list[tuple[int, str, str]], second: str, third: str) -> list[dict[str, Any]]:
    return [{"row": row, second: text, third: more} for row, text, more in sorted(entries)]
