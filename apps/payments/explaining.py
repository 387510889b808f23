"""A refund in words: every amount with the steps that lead to it, from its stored explanation or a preview's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.money import Money
from apps.pricing.refunding import SHIPPING

PER_PERCENT = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """An amount, what it is for, and the sentences that say how it came about. `kind`: "part", "extra" or "total"."""

    label: str
    amount: Money
    tax: Money
    steps: list[str]
    kind: str = "part"


def entries(explanation: Mapping[str, Any]) -> list[Entry]:
    """Part by part, the extra amount, and the total; nothing for a refund without an explanation."""
    if not explanation:
        return []
    currency = explanation["currency"]
    found = [_part(row, currency) for row in explanation["parts"] if row["amount"] or row["refunded_pieces"]]
    if explanation["extra"]:
        tax = sum(row["extra_tax"] for row in explanation["parts"])
        steps = list(_extra_steps(explanation, currency))
        found.append(
            Entry(_("Extra amount"), Money(explanation["extra"], currency), Money(tax, currency), steps, "extra")
        )
    figures = explanation["figures"]
    total = Money(figures["total"], currency)
    steps = list(_total_steps(figures, currency))
    return [*found, Entry(_("Refund"), total, Money(figures["tax"], currency), steps, "total")]


def _part(row: Mapping[str, Any], currency: str) -> Entry:
    amount, tax = Money(row["amount"], currency), Money(row["amount_tax"], currency)
    if row["key"] == SHIPPING:
        return Entry(_("Delivery"), amount, tax, list(_tax_steps(row, amount, tax)))
    label = f"{row['refunded_pieces']} × {row['title']}"
    return Entry(label, amount, tax, [*_piece_steps(row, currency), *_tax_steps(row, amount, tax)])


def _piece_steps(row: Mapping[str, Any], currency: str) -> Iterator[str]:
    """Paid ÷ pieces, as a difference of two cumulative shares, each rounded down."""
    spread = row["paid"] - (row["given"] - row["given_for_pieces"])
    upto = row["given_pieces"] + row["refunded_pieces"]
    words = ngettext(
        "%(paid)s was paid for %(pieces)d piece.", "%(paid)s was paid for %(pieces)d pieces.", row["pieces"]
    )
    yield words % {"paid": Money(row["paid"], currency), "pieces": row["pieces"]}
    if spread != row["paid"]:
        less = Money(row["paid"] - spread, currency)
        yield _("%(less)s of it has gone back as extra amounts.") % {"less": less}
    if upto == row["pieces"] and not row["given_for_pieces"]:
        return
    share = {"spread": Money(spread, currency), "upto": upto, "pieces": row["pieces"]}
    share["worth"] = Money(spread * upto // row["pieces"], currency)
    yield _("%(spread)s × %(upto)d ÷ %(pieces)d = %(worth)s, rounded down.") % share
    if row["given_for_pieces"]:
        before = Money(row["given_for_pieces"], currency)
        yield _("Less %(before)s for the pieces refunded before.") % {"before": before}


def _tax_steps(row: Mapping[str, Any], amount: Money, tax: Money) -> Iterator[str]:
    if row["tax_rate"]:
        words = {"tax": tax, "rate": f"{row['tax_rate'] / PER_PERCENT:g}", "amount": amount}
        yield _("%(tax)s of %(amount)s is tax at %(rate)s %%, the same share as when it was paid.") % words


def _extra_steps(explanation: Mapping[str, Any], currency: str) -> Iterator[str]:
    yield _("Spread over what is left of every part, so that each is worth so much less from now on:")
    for row in explanation["parts"]:
        if row["extra"]:
            name = _("Delivery") if row["key"] == SHIPPING else row["title"]
            yield f"{name}: {Money(row['extra'], currency)}"


def _total_steps(figures: Mapping[str, Any], currency: str) -> Iterator[str]:
    yield _("%(before)s of the order was left to refund, %(left)s is left afterwards.") % {
        "before": Money(figures["left_before"], currency),
        "left": Money(figures["left"], currency),
    }
    for row in figures["tax_lines"]:
        words = {"rate": f"{row['rate'] / PER_PERCENT:g}", "amount": Money(row["amount"], currency)}
        words["tax"] = str(Money(row["tax"], currency))
        yield _("At %(rate)s %%: %(amount)s, with %(tax)s tax in it.") % words
