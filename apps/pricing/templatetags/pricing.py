from django import template

from apps.pricing.explanation import Explanation, explain
from apps.pricing.quote import CodeOutcome, Quote
from apps.pricing.statement import Entry, statement
from apps.pricing.wording import code_text

register = template.Library()


@register.filter
def entries(source: Quote | Explanation) -> list[Entry]:
    """The amounts of a quote, or of an order's stored explanation, each with its steps."""
    return statement(explain(source) if isinstance(source, Quote) else source)


@register.filter
def outcome_text(outcome: CodeOutcome) -> str:
    """Why a code takes nothing off; "" if it does."""
    return code_text(outcome)
