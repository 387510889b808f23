"""What the stock desk shows."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.catalog.models import Product, StockMovement, Variant
from apps.catalog.selectors import variants_for_cart
from apps.catalog.selectors.variants import VariantInfo
from apps.core.ownership import Owner
from apps.inventory.models import CountLine, StockAlert, StockCount
from apps.inventory.tokens import Wish

TO_COUNT, AGAIN, ALL = "todo", "again", "all"
_UNSETTLED = (CountLine.State.MOVED, CountLine.State.REFUSED)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stock take is: variants in it, counted ones, those with a difference, those to count again."""

    total: int
    counted: int
    differing: int
    again: int

    @property
    def left(self) -> int:
        return max(self.total - self.counted, 0)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A variant on the sheet with what was counted of it, and the mark of what the sheet showed (`seen_mark`)."""

    variant: Variant
    line: CountLine | None
    seen: str

    @property
    def options(self) -> str:
        return " / ".join(option["value"].get("", "") for option in self.variant.summary.get("options", []))


def counted_variants(count: StockCount) -> QuerySet[Variant]:
    """The variants that a stock take covers: what is sold, and of archived products what still lies there."""
    variants = Variant.objects.filter(stock__isnull=False).filter(
        ~Q(product__status=Product.Status.ARCHIVED) | Q(stock__on_hand__gt=0)
    )
    if count.category is not None:
        path = count.category.path
        branch = Q(product__category__path=path) | Q(product__category__path__startswith=f"{path}/")
        return variants.filter(branch)
    return variants.none() if count.name else variants


def sheet(count: StockCount, *, show: str = ALL, words: str = "") -> QuerySet[Variant]:
    """The rows of the sheet, by title and then as the product orders its variants."""
    rows = counted_variants(count).select_related("stock", "product")
    lines = CountLine.objects.filter(count=count)
    if show == TO_COUNT:
        rows = rows.exclude(pk__in=lines.values("variant"))
    elif show == AGAIN:
        rows = rows.filter(pk__in=lines.filter(state__in=_UNSETTLED).values("variant"))
    if words:
        rows = rows.filter(Q(sku__istartswith=words) | Q(product__title__icontains=words) | Q(barcode=words))
    return rows.annotate(last_movement=last_movement()).order_by("product__title", "product_id", "position", "pk")


def last_movement() -> Coalesce:
    """As an annotation of variants: the key of the newest movement, 0 without one."""
    newest = StockMovement.objects.filter(variant=OuterRef("pk")).order_by().values("variant")
    return Coalesce(Subquery(newest.annotate(last=Max("pk")).values("last")), 0)


def sheet_lines(count: StockCount, variants: Iterable[Variant]) -> list[SheetLine]:
    """These rows of `sheet` with their counts, in one query."""
    rows = list(variants)
    lines = {line.variant_id: line for line in count.lines.filter(variant__in=rows).select_related("counted_by")}
    return [
        SheetLine(row, lines.get(row.pk), seen_mark(lines.get(row.pk), getattr(row, "last_movement", 0)))
        for row in rows
    ]


def seen_mark(line: CountLine | None, movement: int) -> str:
    """What a sheet showed of a variant; another mark later says that somebody counted or moved it meanwhile."""
    return f"{line.mark if line else 0}.{movement}"


def progress(count: StockCount) -> Progress:
    differing = Q(state=CountLine.State.COUNTED) & ~Q(counted=F("expected"))
    found = count.lines.aggregate(
        lines_counted=Count("pk"),
        lines_differing=Count("pk", filter=differing),
        lines_again=Count("pk", filter=Q(state__in=_UNSETTLED)),
    )
    return Progress(counted_variants(count).count(), *found.values())


def alerts_of(owner: Owner) -> list[tuple[int, VariantInfo]]:
    """The keys of an account's reminders, newest first, with the variants they are about; in two queries."""
    alerts = list(StockAlert.objects.for_owner(owner).values_list("pk", "variant_id"))
    variants = variants_for_cart(variant_id for _, variant_id in alerts)
    return [(pk, variants[variant_id]) for pk, variant_id in alerts if variant_id in variants]


def wished_variant(wish: Wish) -> VariantInfo | None:
    """What a link from a mail is about; None if it is not shown any more."""
    variant = variants_for_cart([wish.variant_id]).get(wish.variant_id)
    return variant if variant and variant.visible else None
