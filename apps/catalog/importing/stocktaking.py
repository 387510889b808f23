"""Quantities of a file against the shop's own count.

A file states a count once: read again with the same number, it does not put back on the shelf what was sold since.
The ledger says what the last import counted, so each imported count is a movement, also one of nothing.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Max, OuterRef, Subquery, Sum
from django.utils.translation import gettext as _

from apps.catalog.errors import StockPromised
from apps.catalog.importing.changes import Change, fill
from apps.catalog.importing.drafts import VariantDraft
from apps.catalog.models import Stock, StockMovement, Variant
from apps.catalog.services import set_backorder, set_on_hand

if TYPE_CHECKING:
    from apps.catalog.importing.writing import Written

IMPORT = StockMovement.Reason.IMPORT


class StockTaking:
    def __init__(self, failed: dict[int, str], notes: list[tuple[int, str]], signed: Mapping[str, Any]) -> None:
        """`signed` is the note and the actor that the ledger keeps of each movement."""
        self._signed = signed
        self._failed = failed
        self._notes = notes
        self.changes: dict[int, Change] = {}
        self._new: list[tuple[VariantDraft, Variant]] = []
        self._known: list[tuple[str, VariantDraft, Variant]] = []

    def allows(self, line: VariantDraft, variant: Variant) -> bool:
        """False, with the reason kept, for a count below what is promised to orders."""
        stock = _stock(variant)
        backorder = stock.backorder if line.backorder is None else line.backorder
        on_hand = stock.on_hand if line.quantity is None else line.quantity
        if not backorder and on_hand < stock.reserved and (on_hand, backorder) != (stock.on_hand, stock.backorder):
            self._refuse(line, stock.reserved)
            return False
        return True

    def _refuse(self, line: VariantDraft, reserved: int) -> None:
        self._failed[line.row] = _("%(n)d pieces are promised to orders, more than the file counts.") % {"n": reserved}

    def plan_new(self, line: VariantDraft, variant: Variant) -> None:
        self._new.append((line, variant))

    def plan_known(self, slug: str, line: VariantDraft, variant: Variant) -> None:
        self._known.append((slug, line, variant))

    @property
    def counted(self) -> set[str]:
        """The addresses of products that the shop had already, whose stock the file tells."""
        return {slug for slug, line, _ in self._known if line.quantity is not None or line.backorder is not None}

    def count_new(self) -> None:
        """First counts, in bulk: nobody else can hold these rows yet."""
        Stock.objects.bulk_create(
            Stock(variant=variant, on_hand=line.quantity or 0, backorder=bool(line.backorder))
            for line, variant in self._new
        )
        for line, variant in self._new:
            if line.quantity:
                self.changes[id(variant)].fields["on_hand"] = [None, line.quantity]
        StockMovement.objects.bulk_create(
            StockMovement(variant=variant, delta=line.quantity, reason=IMPORT, **self._signed)
            for line, variant in self._new
            if line.quantity is not None
        )

    def count_known(self, written: "Written") -> None:
        """Variants that the shop had already, in ascending id, after everything else of the transaction."""
        self._known.sort(key=lambda entry: entry[2].pk)
        last = _last_imports(variant.pk for _slug, line, variant in self._known if line.quantity is not None)
        for _slug, line, variant in self._known:
            stock = _stock(variant)
            try:
                if self._count(line, variant, stock, last.get(variant.pk)):
                    self._tell(line, variant, stock)
                    if written.rows.get(line.row) == "unchanged":
                        written.variants["unchanged"] -= 1
                        written.variants["updated"] += 1
                    written.mark(line.row, "updated")
            except StockPromised:
                self._refuse(line, stock.reserved)

    def _tell(self, line: VariantDraft, variant: Variant, stock: Stock) -> None:
        """`stock` is still as it was before the count."""
        change = self.changes[id(variant)]
        change.outcome = "updated"
        now = Stock.objects.get(variant=variant)
        change.fields |= fill(stock, {"on_hand": now.on_hand, "backorder": now.backorder})

    def _count(self, line: VariantDraft, variant: Variant, stock: Stock, last: int | None) -> bool:
        changed = False
        if line.backorder and not stock.backorder:
            set_backorder(variant=variant, backorder=True)
            changed = True
        if line.quantity is not None and line.quantity != last:
            if line.quantity == stock.on_hand:
                StockMovement.objects.create(variant=variant, delta=0, reason=IMPORT, **self._signed)
            else:
                set_on_hand(variant=variant, counted=line.quantity, reason=IMPORT, **self._signed)
                changed = True
        elif line.quantity is not None and line.quantity != stock.on_hand:
            self._notes.append(
                (
                    line.row,
                    _("The file still counts %(file)d as at its last import; the shop's own count, %(shop)d, stays.")
                    % {"file": line.quantity, "shop": stock.on_hand},
                )
            )
        if line.backorder is False and stock.backorder:
            set_backorder(variant=variant, backorder=False)
            changed = True
        return changed


def _stock(variant: Variant) -> Stock:
    stock: Stock | None = getattr(variant, "stock", None)
    return stock or Stock(variant=variant)


def _last_imports(variant_ids: Iterable[int]) -> dict[int, int]:
    """The shelf right after each variant's last import: the sum of its movements up to that one."""
    movements = StockMovement.objects.filter(variant_id__in=list(variant_ids)).order_by()
    latest = (
        StockMovement.objects.filter(variant_id=OuterRef("variant_id"), reason=IMPORT)
        .order_by()
        .values("variant_id")
        .annotate(last=Max("pk"))
        .values("last")
    )
    counted = movements.filter(pk__lte=Subquery(latest)).values("variant_id").annotate(pieces=Sum("delta"))
    return dict(counted.values_list("variant_id", "pieces"))
