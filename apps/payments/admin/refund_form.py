"""What a clerk chooses to refund: pieces of each line and what becomes of them, delivery, an extra amount, and why."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _

from apps.core.fields import MinorUnitsField
from apps.orders.models import Order
from apps.payments.models import Refund
from apps.pricing.refunding import SHIPPING, Part, Selection

# The others are reasons of rules.
REASONS = [
    Refund.Reason.CHANGED_MIND,
    Refund.Reason.DAMAGED,
    Refund.Reason.NOT_AS_DESCRIBED,
    Refund.Reason.NOT_DELIVERED,
    Refund.Reason.GOODWILL,
    Refund.Reason.FRAUD,
    Refund.Reason.OTHER,
]


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line on the screen: what it is, and the fields that ask about it."""

    part: Part
    pieces: forms.BoundField
    restock: forms.BoundField | None


class RefundForm(forms.Form):
    """`parts` is the order as it can be refunded now. Amounts are typed in major units of the order's currency."""

    use_required_attribute = False

    token = forms.CharField(widget=forms.HiddenInput, max_length=32)
    reason = forms.ChoiceField(label=_("Reason"), choices=[(reason.value, reason.label) for reason in REASONS])
    note = forms.CharField(
        label=_("Note for your colleagues"),
        required=False,
        validators=[MaxLengthValidator(300), ProhibitNullCharactersValidator()],
    )

    def __init__(self, order: Order, parts: Sequence[Part], data: Any = None) -> None:
        super().__init__(data, initial={"token": secrets.token_urlsafe(16), "reason": Refund.Reason.CHANGED_MIND})
        self.order, self.parts = order, parts
        goods_move = order.closure == Order.Closure.NONE
        for part in parts:
            if part.pieces_left:
                self._ask_for(part, goods_move)
        amount: dict[str, Any] = {"currency": order.currency, "required": False}
        if any(part.key == SHIPPING and part.left for part in parts):
            self.fields["shipping"] = MinorUnitsField(label=_("Delivery"), **amount)
        self.fields["extra"] = MinorUnitsField(
            label=_("Extra amount"), help_text=_("For goodwill: no pieces, no goods."), **amount
        )

    def _ask_for(self, part: Part, goods_move: bool) -> None:
        self.fields[f"pieces-{part.key}"] = forms.IntegerField(
            label=_("Pieces of %(title)s") % {"title": part.title},
            min_value=0,
            max_value=part.pieces_left,
            required=False,
            initial=0,
        )
        if goods_move:
            self.fields[f"restock-{part.key}"] = forms.BooleanField(
                label=_("Put %(title)s back for sale") % {"title": part.title}, required=False, initial=True
            )

    @property
    def lines(self) -> Iterator[LineRow]:
        for part in self.parts:
            if f"pieces-{part.key}" in self.fields:
                asked = f"restock-{part.key}" in self.fields
                yield LineRow(part, self[f"pieces-{part.key}"], self[f"restock-{part.key}"] if asked else None)

    @property
    def settled(self) -> list[Part]:
        """Lines of which nothing is left to refund."""
        return [part for part in self.parts if part.pieces and not part.pieces_left]

    @property
    def delivery(self) -> Part | None:
        return next((part for part in self.parts if part.key == SHIPPING), None)

    @property
    def selection(self) -> Selection:
        data = self.cleaned_data
        pieces = {part.key: data.get(f"pieces-{part.key}") or 0 for part in self.parts if part.pieces}
        return Selection(pieces, data.get("shipping") or 0, data.get("extra") or 0)

    @property
    def restock(self) -> list[int]:
        """Ids of the lines whose pieces can be sold again."""
        return [int(part.key) for part in self.parts if part.pieces and self.cleaned_data.get(f"restock-{part.key}")]
