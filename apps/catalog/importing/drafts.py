"""What a file says about a product, checked but not yet compared with the catalogue.

`fields` hold only what the file states: a column that is missing leaves the shop's own value alone.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class PictureDraft:
    row: int
    source: str
    alt: str
    position: int
    variant: "VariantDraft | None" = None


@dataclass(slots=True)
class VariantDraft:
    """`quantity` None: the file does not say. `policy` None: neither does it say what happens when sold out."""

    row: int
    values: tuple[str, ...]
    merchant_sku: str
    fields: dict[str, Any]
    quantity: int | None = None
    backorder: bool | None = None
    position: int = 0
    sku: str = ""
    pk: int | None = None


@dataclass(slots=True)
class ProductDraft:
    handle: str
    slug: str
    rows: list[int]
    fields: dict[str, Any] = field(default_factory=dict)
    category: tuple[str, ...] = ()
    taxable: bool | None = None
    option_names: tuple[str, ...] = ()
    variants: list[VariantDraft] = field(default_factory=list)
    pictures: list[PictureDraft] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)
    skipped: dict[int, str] = field(default_factory=dict)
    notes: list[tuple[int, str]] = field(default_factory=list)

    @property
    def lead_row(self) -> int:
        return self.rows[0]

    def note(self, row: int, text: str) -> None:
        self.notes.append((row, text))
