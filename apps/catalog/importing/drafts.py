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
    # Its text in other languages, and whether an empty text is meant.
    texts: dict[str, str] = field(default_factory=dict)
    is_exact: bool = False


@dataclass(slots=True)
class VariantDraft:
    """`quantity` None: the file does not say. `backorder` None: neither does it say what happens when sold out.

    `asked_sku` is the shop's own SKU, which only the shop's own files know; `merchant_sku` that of the source.
    `position` is its place among the variants of the draft.
    """

    row: int
    values: tuple[str, ...]
    merchant_sku: str
    fields: dict[str, Any]
    quantity: int | None = None
    backorder: bool | None = None
    position: int = 0
    sku: str = ""
    asked_sku: str = ""
    pk: int | None = None


@dataclass(slots=True)
class ProductDraft:
    handle: str
    slug: str
    rows: list[int]
    fields: dict[str, Any] = field(default_factory=dict)
    category: tuple[str, ...] = ()
    category_slugs: tuple[str, ...] = ()
    taxable: bool | None = None
    option_names: tuple[str, ...] = ()
    # False: the file says nothing about options, and those of the shop stay.
    states_options: bool = True
    # False: pictures stand in their order, whatever numbers the shop has given them.
    states_positions: bool = True
    # A product that has nothing to sell yet is meant to be one.
    is_bare: bool = False
    # Texts in other languages: language → field → text, "" to take one away.
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    # Translations of options and their values: (option, value or "") → language → text.
    option_texts: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
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
