"""Which discounts come off a set of goods, in which order, and what became of each code that was entered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.core.money import Money, total
from apps.pricing.rules import BUY_X_GET_Y, FREE_SHIPPING, Refusal, Rule, taken_off


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """So many pieces at one price. `key` and `label` (its title) come back unchanged on the quoted line.

    Product and category path decide which discounts apply to it.
    """

    key: str
    quantity: int
    unit_price: Money
    tax_class: str
    label: str = ""
    product_id: int = 0
    category_path: str = ""

    @property
    def amount(self) -> Money:
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class AppliedDiscount:
    """What one discount took off: per line of the quote (None where it does not apply), and off the delivery."""

    rule: Rule
    amount: Money
    delivery: Money
    by_line: tuple[Money | None, ...]

    def as_dict(self) -> dict[str, str | int]:
        """As an order keeps it."""
        return {
            "id": self.rule.discount_id,
            "code": self.rule.code,
            "name": self.rule.name,
            "amount": self.amount.amount,
            "delivery": self.delivery.amount,
        }


@dataclass(frozen=True, slots=True)
class CodeOutcome:
    """What became of a code. `refusal` is None if it takes something off; `missing` and `missing_pieces` say what the
    goods lack for it."""

    code: str
    name: str = ""
    refusal: Refusal | None = None
    missing: Money | None = None
    missing_pieces: int = 0


def in_order(rules: Sequence[Rule], codes: Sequence[str]) -> list[Rule]:
    """Automatic ones by rank, then those of the codes as entered."""
    automatic = sorted((rule for rule in rules if not rule.code), key=lambda rule: (rule.priority, rule.discount_id))
    by_code = {rule.code: rule for rule in rules if rule.code}
    return [*automatic, *(by_code[code] for code in dict.fromkeys(codes) if code in by_code)]


def matched(rule: Rule, lines: Sequence[QuoteLine]) -> list[int]:
    """The positions of the lines to which the rule applies."""
    return [index for index, line in enumerate(lines) if rule.matches(line.product_id, line.category_path)]


def lacks(rule: Rule, lines: Sequence[QuoteLine], currency: str) -> CodeOutcome | None:
    """Why the rule can't be used with these goods; None if it can."""
    targets = [lines[index] for index in matched(rule, lines)]
    goods = total((line.amount for line in targets), currency)
    pieces = rule.buy + rule.get - sum(line.quantity for line in targets)
    if rule.refusal:
        return CodeOutcome(rule.code, rule.name, rule.refusal)
    if not targets:
        return CodeOutcome(rule.code, rule.name, Refusal.NO_MATCH)
    if goods.amount < rule.minimum:
        missing = Money(rule.minimum, currency) - goods
        return CodeOutcome(rule.code, rule.name, Refusal.MINIMUM, missing=missing)
    if rule.kind == BUY_X_GET_Y and pieces > 0:
        return CodeOutcome(rule.code, rule.name, Refusal.TOO_FEW, missing_pieces=pieces)
    return None


def combinations(rules: Sequence[Rule]) -> list[list[Rule]]:
    """What the buyer may get: all that can be combined together, or one of the others alone."""
    return [[rule for rule in rules if rule.combinable], *([rule] for rule in rules if not rule.combinable)]


def apply(rules: Sequence[Rule], lines: Sequence[QuoteLine], delivery: Money) -> tuple[AppliedDiscount, ...]:
    """One rule after the other, each on what the earlier ones left; one that takes nothing off is left out."""
    nothing = Money(0, delivery.currency)
    left = [nothing + line.amount for line in lines]
    applied = []
    for rule in rules:
        targets = matched(rule, lines)
        off = taken_off(
            rule,
            left=[left[index] for index in targets],
            pieces=[lines[index].quantity for index in targets],
        )
        by_line: list[Money | None] = [None] * len(lines)
        for index, reduction in zip(targets, off, strict=True):
            by_line[index] = reduction
            left[index] -= reduction
        waived = delivery if rule.kind == FREE_SHIPPING else nothing
        delivery -= waived
        amount = total(off, nothing.currency)
        if amount or waived:
            applied.append(AppliedDiscount(rule, amount, waived, tuple(by_line)))
    return tuple(applied)


def outcomes(
    codes: Sequence[str],
    rules: Sequence[Rule],
    taken: Sequence[Rule],
    applied: Sequence[AppliedDiscount],
    lines: Sequence[QuoteLine],
    currency: str,
    *,
    has_delivery: bool,
) -> Iterator[CodeOutcome]:
    """For each code as entered: that it takes something off, or why it does not."""
    by_code = {rule.code: rule for rule in rules if rule.code}
    at_work = {discount.rule.code for discount in applied}
    for code in dict.fromkeys(codes):
        rule = by_code.get(code)
        if rule is None:
            yield CodeOutcome(code, refusal=Refusal.UNKNOWN)
        elif lack := lacks(rule, lines, currency):
            yield lack
        elif code in at_work:
            yield CodeOutcome(code, rule.name)
        elif rule not in taken:
            yield CodeOutcome(code, rule.name, Refusal.NOT_COMBINED)
        elif rule.kind == FREE_SHIPPING and not has_delivery:
            yield CodeOutcome(code, rule.name, Refusal.AT_DELIVERY)
        else:
            yield CodeOutcome(code, rule.name, Refusal.NO_EFFECT)
