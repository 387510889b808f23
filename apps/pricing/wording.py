"""What became of a code, in words for the buyer."""

from django.utils.translation import gettext, ngettext

from apps.pricing.rules import Refusal
from apps.pricing.stacking import CodeOutcome


def code_text(outcome: CodeOutcome) -> str:
    """Why the code takes nothing off (so far); "" if it does.

    A code that was never there, is not out yet or is being prepared reads the same: guessing tells nothing of those.
    """
    texts = {
        Refusal.UNKNOWN: gettext("The code %(code)s can't be used: there is no such code at the moment."),
        Refusal.NOT_STARTED: gettext("The code %(code)s can't be used: there is no such code at the moment."),
        Refusal.ENDED: gettext("The code %(code)s can't be used: its time is over."),
        Refusal.USED_UP: gettext("The code %(code)s can't be used: it has been used as often as it could be."),
        Refusal.PER_CUSTOMER: gettext("The code %(code)s can't be used: one customer can use it no more often."),
        Refusal.NO_MATCH: gettext("The code %(code)s waits: nothing in your cart belongs to it."),
        Refusal.NOT_COMBINED: gettext(
            "The code %(code)s waits: it can't be combined with your other discounts, and those save you more."
        ),
        Refusal.NO_EFFECT: gettext("The code %(code)s waits: there is nothing left for it to take off."),
        Refusal.AT_DELIVERY: gettext("The code %(code)s takes off the delivery, at the checkout."),
    }
    if outcome.refusal is None:
        return ""
    if outcome.refusal == Refusal.MINIMUM:
        text = gettext("The code %(code)s waits: goods for %(missing)s more are needed.")
    elif outcome.refusal == Refusal.TOO_FEW:
        text = ngettext(
            "The code %(code)s waits: %(pieces)d more piece is needed.",
            "The code %(code)s waits: %(pieces)d more pieces are needed.",
            outcome.missing_pieces,
        )
    else:
        text = texts[outcome.refusal]
    return text % {"code": outcome.code, "missing": outcome.missing, "pieces": outcome.missing_pieces}
