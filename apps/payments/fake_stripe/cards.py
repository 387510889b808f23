"""The test cards and methods, and how each behaves."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Behaviour:
    kind: str = "card"
    brand: str = "visa"
    last4: str = "4242"
    decline: str | None = None
    message: str = ""
    authenticate: bool = False
    delayed: bool = False


SUCCESS = "4242424242424242"
DECLINED = "4000000000000002"
NO_FUNDS = "4000000000009995"
EXPIRED = "4000000000000069"
AUTHENTICATE = "4000002760003184"
DELAYED = "sepa_debit"

CARDS: dict[str, Behaviour] = {
    SUCCESS: Behaviour(),
    "5555555555554444": Behaviour(brand="mastercard", last4="4444"),
    DECLINED: Behaviour(last4="0002", decline="generic_decline", message="Your card was declined."),
    NO_FUNDS: Behaviour(last4="9995", decline="insufficient_funds", message="Your card has insufficient funds."),
    EXPIRED: Behaviour(last4="0069", decline="expired_card", message="Your card has expired."),
    AUTHENTICATE: Behaviour(last4="3184", authenticate=True),
    DELAYED: Behaviour(kind="sepa_debit", brand="", last4="3000", delayed=True),
}
# The names that a server may use for them without ever touching a number.
METHODS = {
    "pm_card_visa": SUCCESS,
    "pm_card_mastercard": "5555555555554444",
    "pm_card_visa_chargeDeclined": DECLINED,
    "pm_card_visa_chargeDeclinedInsufficientFunds": NO_FUNDS,
    "pm_card_chargeDeclinedExpiredCard": EXPIRED,
    "pm_card_threeDSecure2Required": AUTHENTICATE,
    "pm_sepa_debit": DELAYED,
}


def behaviour(number: str) -> Behaviour | None:
    return CARDS.get(number.replace(" ", ""))


def details(card: Behaviour) -> dict[str, object]:
    """The `payment_method_details` of a charge."""
    if card.kind == "card":
        inner: dict[str, object] = {
            "brand": card.brand,
            "country": "US",
            "exp_month": 12,
            "exp_year": 2034,
            "funding": "credit",
            "last4": card.last4,
            "three_d_secure": {"result": "authenticated"} if card.authenticate else None,
        }
    else:
        inner = {"bank_code": "37040044", "country": "DE", "last4": card.last4}
    return {"type": card.kind, card.kind: inner}
