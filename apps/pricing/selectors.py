from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from apps.pricing.customers import customer_key
from apps.pricing.models import Discount, Redemption, TaxRate
from apps.pricing.quote import TaxTable
from apps.pricing.rules import Refusal, Rule

_COLUMNS = (
    "pk",
    "name",
    "translations",
    "code",
    "state",
    "kind",
    "value",
    "buy_quantity",
    "get_quantity",
    "minimum_goods",
    "combinable",
    "priority",
    "version",
    "starts_at",
    "ends_at",
    "total_limit",
    "used",
    "per_customer_limit",
)


def tax_table(country: str, *, on: date | None = None) -> TaxTable:
    """The rates of a country and its regions in force on a day (today in UTC without `on`). One query."""
    day = on or timezone.now().date()
    rows = (
        TaxRate.objects.filter(country=country.upper(), valid_from__lte=day)
        .order_by("valid_from")
        .values_list("country", "region", "tax_class", "rate")
    )
    # Later rows overwrite earlier ones, so what is left is the newest rate that has begun.
    return TaxTable({(land, region.strip().upper(), tax_class): rate for land, region, tax_class, rate in rows})


def discount_rules(codes: Sequence[str] = (), *, email: str = "", at: datetime | None = None) -> list[Rule]:
    """The automatic discounts at work, and those of these codes with the reason why one is not. One query.

    With an `email`, a limit per customer is looked at too, by one more query if there is such a limit.
    """
    now = at or timezone.now()
    wanted = Q(code__isnull=True, state=Discount.State.ACTIVE)
    if codes:
        wanted |= Q(code__in=list(codes))
    read = _read(Discount.objects.filter(wanted), now)
    read = [(rule, limit) for rule, limit in read if rule.code or not rule.refusal]
    limits = {rule.discount_id: limit for rule, limit in read if limit is not None}
    uses = _uses(limits, email) if limits and email else {}
    return [
        rule if rule.refusal or uses.get(rule.discount_id, 0) < limits.get(rule.discount_id, 1) else _used(rule)
        for rule, _ in read
    ]


def draft_rule(discount: Discount) -> Rule:
    """A discount as a rule that is already at work, whatever its state and times."""
    [(rule, _)] = _read(Discount.objects.filter(pk=discount.pk), timezone.now())
    return replace(rule, refusal=None)


def _read(discounts: QuerySet[Discount], now: datetime) -> list[tuple[Rule, int | None]]:
    """Each rule with its limit per customer. Its targets come by joins: a row for each, in one query."""
    rows = list(discounts.order_by("pk").values(*_COLUMNS, "categories__path", "products"))
    targets: dict[int, tuple[set[str], set[int]]] = {}
    for row in rows:
        paths, products = targets.setdefault(row["pk"], (set(), set()))
        paths |= {row["categories__path"]} - {None}
        products |= {row["products"]} - {None}
    by_id = {row["pk"]: row for row in rows}
    return [(_rule(row, *targets[pk], now), row["per_customer_limit"]) for pk, row in by_id.items()]


def _rule(row: dict[str, Any], paths: Iterable[str], products: Iterable[int], now: datetime) -> Rule:
    translated = row["translations"].get(get_language() or "", {}).get("name")
    return Rule(
        discount_id=row["pk"],
        name=translated or row["name"],
        kind=row["kind"],
        value=row["value"],
        code=row["code"] or "",
        buy=row["buy_quantity"],
        get=row["get_quantity"],
        minimum=row["minimum_goods"],
        combinable=row["combinable"],
        priority=row["priority"],
        version=row["version"],
        categories=frozenset(paths),
        products=frozenset(products),
        refusal=_refusal(row, now),
        per_customer_limit=row["per_customer_limit"],
    )


def _refusal(row: dict[str, Any], now: datetime) -> Refusal | None:
    if row["state"] == Discount.State.DRAFT:
        return Refusal.UNKNOWN
    if row["state"] == Discount.State.ENDED or (row["ends_at"] and row["ends_at"] <= now):
        return Refusal.ENDED
    if row["starts_at"] and row["starts_at"] > now:
        return Refusal.NOT_STARTED
    if row["total_limit"] is not None and row["used"] >= row["total_limit"]:
        return Refusal.USED_UP
    return None


def _uses(limits: Iterable[int], email: str) -> Counter[int]:
    found = Redemption.objects.filter(
        discount_id__in=list(limits), customer_key=customer_key(email), freed_at__isnull=True
    )
    return Counter(found.order_by().values_list("discount_id", flat=True))


def _used(rule: Rule) -> Rule:
    return replace(rule, refusal=Refusal.PER_CUSTOMER)
