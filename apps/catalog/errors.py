"""The refusals of the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.errors import DomainError


@dataclass(frozen=True, slots=True)
class ShortItem:
    """A variant of which more was wanted than there is."""

    variant_id: int
    sku: str
    wanted: int
    available: int


class SoldOut(DomainError):
    """Not enough pieces are left; `items` says of what, how many were wanted and how many there are."""

    def __init__(self, items: Sequence[ShortItem]) -> None:
        self.items = list(items)
        parts = ", ".join(
            _("%(sku)s (%(available)d left)") % {"sku": item.sku, "available": item.available} for item in self.items
        )
        super().__init__(_("Not enough in stock: %(items)s.") % {"items": parts})


class StockPromised(DomainError):
    """A count would leave less on the shelf than is promised to orders; `orders` names the ones in the way."""

    def __init__(self, *, on_hand: int, reserved: int, wanted: int, orders: Sequence[str] = ()) -> None:
        self.on_hand, self.reserved, self.wanted, self.orders = on_hand, reserved, wanted, list(orders)
        if reserved:
            text = ngettext(
                "%(reserved)d piece is promised to orders, so the stock can't become %(wanted)d.",
                "%(reserved)d pieces are promised to orders, so the stock can't become %(wanted)d.",
                reserved,
            )
        else:
            text = _("On the shelf: %(on_hand)d. The stock can't become %(wanted)d.")
        text %= {"reserved": reserved, "wanted": wanted, "on_hand": on_hand}
        if self.orders:
            text += " " + _("Orders in the way: %(orders)s.") % {"orders": ", ".join(self.orders)}
        super().__init__(text)


class StockNotHeld(DomainError):
    """Pieces were to leave the shelf or be freed that nobody had held."""

    def __init__(self, sku: str) -> None:
        super().__init__(_("%(sku)s is not held for this order.") % {"sku": sku})


class NothingToSell(DomainError):
    def __init__(self) -> None:
        super().__init__(_("A product needs at least one variant before it can be shown."))


class CategoryLoop(DomainError):
    def __init__(self) -> None:
        super().__init__(_("A category can't be inside itself."))


class VariantSold(DomainError):
    """Variants that were ordered before can't be removed; `skus` names them."""

    def __init__(self, skus: Sequence[str]) -> None:
        self.skus = list(skus)
        super().__init__(
            _("Ordered before, so it must stay: %(skus)s. Archive the product or set the stock to 0 instead.")
            % {"skus": ", ".join(self.skus)}
        )


class VariantsAlike(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Without this option some variants would be the same. Delete all but one of them first."))


class TooManyVariants(DomainError):
    def __init__(self, most: int) -> None:
        super().__init__(_("These options make more than %(most)d variants.") % {"most": most})


class StockMoved(DomainError):
    """Somebody changed the stock between looking and writing."""

    def __init__(self, on_hand: int) -> None:
        self.on_hand = on_hand
        super().__init__(
            _("Somebody changed this stock meanwhile: %(on_hand)d are on hand now. Look again and repeat.")
            % {"on_hand": on_hand}
        )
