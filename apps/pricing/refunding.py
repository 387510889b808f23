"""What goes back of an order: the one calculation of every refund, pure, in whole minor units.

An order is made of parts: its lines and its delivery, each with what was paid for it (tax included) and the tax in it.
Of a line paid with P for q pieces, k pieces are worth floor(P × k ÷ q), and a refund is the difference of two such
sums: however the pieces are refunded, all of them together give back P to the unit. Tax follows the amount: of an
amount a, floor(T × a ÷ P) is tax. An extra amount is a price reduction: it is spread over what is left of every part,
so that later refunds of those parts pay only the rest, and parts and order run out together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.money import Money

SHIPPING = "shipping"
VERSION = 1


class NothingToRefund(DomainError):
    message = _("Choose what to refund: pieces, delivery or an amount.")


class TooManyPieces(DomainError):
    """More pieces than were bought and not refunded yet; `left` of them can still be."""

    def __init__(self, title: str, left: int) -> None:
        only = ngettext(
            "Of “%(title)s” only %(left)d piece is left to refund.",
            "Of “%(title)s” only %(left)d pieces are left to refund.",
            left,
        )
        text = only if left else gettext("Of “%(title)s” nothing is left to refund.")
        super().__init__(text % {"title": title, "left": left})


class TooMuchDelivery(DomainError):
    def __init__(self, left: Money) -> None:
        super().__init__(gettext("Of the delivery only %(left)s is left to refund.") % {"left": left})


class MoreThanLeft(DomainError):
    """More than was taken and has not gone back yet."""

    def __init__(self, left: Money) -> None:
        super().__init__(gettext("Only %(left)s of this order is left to refund.") % {"left": left})


@dataclass(frozen=True, slots=True)
class Part:
    """A line of the order, or its delivery (`key` is SHIPPING, then without pieces). Amounts in minor units.

    `paid` is what the customer paid for it, tax included; `tax` is the tax in that. What earlier refunds gave back of
    it is `given` in all, with `given_tax` in that; `given_pieces` were refunded as pieces, for `given_for_pieces`.
    """

    key: str
    title: str
    paid: int
    tax: int
    tax_rate: int
    pieces: int = 0
    given: int = 0
    given_tax: int = 0
    given_pieces: int = 0
    given_for_pieces: int = 0

    @property
    def left(self) -> int:
        return self.paid - self.given

    @property
    def pieces_left(self) -> int:
        return self.pieces - self.given_pieces

    def worth(self, pieces: int) -> int:
        """What the next `pieces` give back: the last ones get all that is left."""
        spread = self.paid - (self.given - self.given_for_pieces)
        upto = spread * (self.given_pieces + pieces) // self.pieces
        return max(0, upto - self.given_for_pieces)

    def tax_of(self, amount: int) -> int:
        """The tax in the next `amount`, of which so much is left: never more than it, and all with the last unit."""
        if not self.paid:
            return 0
        # Where a refund in the middle failed, what earlier ones gave back is not the floor of their sum.
        share = self.tax * (self.given + amount) // self.paid - self.given_tax
        return min(max(share, 0), amount)

    def after(self, *, amount: int, tax: int, pieces: int) -> Part:
        """This part once so much more has gone back."""
        return Part(
            **{
                **asdict(self),
                "given": self.given + amount,
                "given_tax": self.given_tax + tax,
                "given_pieces": self.given_pieces + pieces,
                "given_for_pieces": self.given_for_pieces + (amount if pieces else 0),
            }
        )


@dataclass(frozen=True, slots=True)
class Selection:
    """What to refund: pieces by the key of their line, an amount of the delivery, an extra amount (minor units)."""

    pieces: Mapping[str, int] = field(default_factory=dict)
    shipping: int = 0
    extra: int = 0


@dataclass(frozen=True, slots=True)
class RefundedPart:
    """What goes back of one part: `amount` for its pieces (or of the delivery), `extra` of the extra amount.

    `tax` is the tax in `amount`, `extra_tax` that in `extra`.
    """

    part: Part
    pieces: int
    amount: int
    tax: int
    extra: int
    extra_tax: int


@dataclass(frozen=True, slots=True)
class RefundQuote:
    """total = goods + shipping + extra, and tax is the tax in that; `left` is what can go back afterwards."""

    currency: str
    parts: tuple[RefundedPart, ...]
    goods: Money
    shipping: Money
    extra: Money
    total: Money
    tax: Money
    left_before: Money
    left: Money

    @property
    def lines(self) -> list[RefundedPart]:
        return [part for part in self.parts if part.pieces]

    @property
    def tax_lines(self) -> list[dict[str, int]]:
        """What goes back by tax rate, highest first: `amount` with its tax, and the tax in it."""
        sums: dict[int, tuple[int, int]] = {}
        for part in self.parts:
            amount, tax = sums.get(part.part.tax_rate, (0, 0))
            sums[part.part.tax_rate] = (amount + part.amount + part.extra, tax + part.tax + part.extra_tax)
        rows = [(rate, *sums[rate]) for rate in sorted(sums, reverse=True)]
        return [{"rate": rate, "amount": amount, "tax": tax} for rate, amount, tax in rows if amount]

    @property
    def explanation(self) -> dict[str, Any]:
        """Every input and every figure, to be stored with the refund; `recompute` gives the figures again."""
        return {
            "version": VERSION,
            "kind": "refund",
            "currency": self.currency,
            "rounding": "floor of cumulative shares",
            "extra": self.extra.amount,
            "parts": [
                {
                    **asdict(done.part),
                    "refunded_pieces": done.pieces,
                    "amount": done.amount,
                    "amount_tax": done.tax,
                    "extra": done.extra,
                    "extra_tax": done.extra_tax,
                }
                for done in self.parts
            ],
            "figures": self.figures,
        }

    @property
    def figures(self) -> dict[str, Any]:
        return {
            "goods": self.goods.amount,
            "shipping": self.shipping.amount,
            "extra": self.extra.amount,
            "total": self.total.amount,
            "tax": self.tax.amount,
            "left_before": self.left_before.amount,
            "left": self.left.amount,
            "tax_lines": self.tax_lines,
        }


def refund_quote(parts: Sequence[Part], selection: Selection, *, currency: str) -> RefundQuote:
    """What this selection gives back, in minor units of `currency`.

    Raises NothingToRefund, TooManyPieces, TooMuchDelivery or MoreThanLeft.
    """
    left_before = sum(part.left for part in parts)
    if selection.extra < 0 or selection.shipping < 0 or any(count < 0 for count in selection.pieces.values()):
        raise NothingToRefund
    taken = [_take(part, selection, currency) for part in parts]
    chosen = sum(done.amount for done in taken)
    if chosen + selection.extra > left_before:
        raise MoreThanLeft(Money(left_before, currency))
    if not chosen + selection.extra:
        raise NothingToRefund  # also for pieces that cost nothing: no money, no refund
    return _sum_up(_spread_extra(taken, selection.extra, currency), left_before, currency)


def everything_left(parts: Sequence[Part]) -> Selection:
    """The selection that gives back all that is left, to the unit."""
    return Selection(
        pieces={part.key: part.pieces_left for part in parts if part.pieces_left},
        shipping=sum(part.left for part in parts if part.key == SHIPPING),
        # Of pieces that are refunded already nothing is left, unless a part of their refund failed.
        extra=sum(part.left for part in parts if part.key != SHIPPING and not part.pieces_left),
    )


def recompute(explanation: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of a stored explanation, computed again from its inputs."""
    names = Part.__dataclass_fields__
    rows = explanation["parts"]
    parts = [Part(**{name: row[name] for name in names}) for row in rows]
    return refund_quote(parts, selection_of(explanation), currency=explanation["currency"]).figures


def selection_of(explanation: Mapping[str, Any]) -> Selection:
    """What was selected when this explanation was stored."""
    rows = explanation["parts"]
    return Selection(
        pieces={row["key"]: row["refunded_pieces"] for row in rows if row["refunded_pieces"]},
        shipping=sum(row["amount"] for row in rows if row["key"] == SHIPPING),
        extra=explanation["extra"],
    )


def _take(part: Part, selection: Selection, currency: str) -> RefundedPart:
    if part.key == SHIPPING:
        if selection.shipping > part.left:
            raise TooMuchDelivery(Money(part.left, currency))
        return RefundedPart(part, 0, selection.shipping, part.tax_of(selection.shipping), 0, 0)
    pieces = selection.pieces.get(part.key, 0)
    if pieces > part.pieces_left:
        raise TooManyPieces(part.title, part.pieces_left)
    amount = part.worth(pieces) if pieces else 0
    return RefundedPart(part, pieces, amount, part.tax_of(amount), 0, 0)


def _spread_extra(taken: Sequence[RefundedPart], extra: int, currency: str) -> list[RefundedPart]:
    """Give each part its share of the extra amount, by what is left of it after its own refund."""
    if not extra:
        return list(taken)
    rest = [done.part.after(amount=done.amount, tax=done.tax, pieces=done.pieces) for done in taken]
    shares = Money(extra, currency).allocate([part.left for part in rest])
    return [
        RefundedPart(done.part, done.pieces, done.amount, done.tax, share.amount, part.tax_of(share.amount))
        for done, part, share in zip(taken, rest, shares, strict=True)
    ]


def _sum_up(parts: Sequence[RefundedPart], left_before: int, currency: str) -> RefundQuote:
    shipping = sum(done.amount for done in parts if done.part.key == SHIPPING)
    goods = sum(done.amount for done in parts) - shipping
    extra = sum(done.extra for done in parts)
    total = goods + shipping + extra
    return RefundQuote(
        currency=currency,
        parts=tuple(parts),
        goods=Money(goods, currency),
        shipping=Money(shipping, currency),
        extra=Money(extra, currency),
        total=Money(total, currency),
        tax=Money(sum(done.tax + done.extra_tax for done in parts), currency),
        left_before=Money(left_before, currency),
        left=Money(left_before - total, currency),
    )
