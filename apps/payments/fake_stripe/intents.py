"""PaymentIntents and their charges: confirm, authenticate, settle, capture, cancel."""

from typing import Any

from apps.payments.fake_stripe import cards, currencies
from apps.payments.fake_stripe.account import Account, Row, public
from apps.payments.fake_stripe.cards import Behaviour
from apps.payments.fake_stripe.errors import card_declined, invalid, refused

CANCELLABLE = ("requires_payment_method", "requires_capture", "requires_confirmation", "requires_action")
CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")


def create(account: Account, params: Row) -> Row:
    """A PaymentIntent made by the server itself. Raises ApiError; a declined one stays and can be confirmed again."""
    currencies.check_amount(params["amount"], params["currency"], param="amount")
    if "payment_method" in params:
        _method(params["payment_method"])
    intent = new(account, params)
    if not params.get("confirm"):
        return intent
    return confirm(account, intent["id"], {"payment_method": params.get("payment_method")})


def new(account: Account, params: Row, *, types: list[str] | None = None) -> Row:
    """Write an intent that waits for a payment method."""
    method = params.get("payment_method")
    intent = account.add(
        "payment_intent",
        {
            "amount": params["amount"],
            "amount_capturable": 0,
            "amount_received": 0,
            "automatic_payment_methods": params.get("automatic_payment_methods"),
            "canceled_at": None,
            "cancellation_reason": None,
            "capture_method": params.get("capture_method", "automatic"),
            "confirmation_method": "automatic",
            "currency": params["currency"],
            "customer": None,
            "description": params.get("description"),
            "last_payment_error": None,
            "latest_charge": None,
            "metadata": dict(params.get("metadata", {})),
            "next_action": None,
            "payment_method": method,
            "payment_method_types": types or eligible(params, params["currency"]),
            "processing": None,
            "receipt_email": params.get("receipt_email"),
            "shipping": params.get("shipping"),
            "statement_descriptor": params.get("statement_descriptor"),
            "statement_descriptor_suffix": params.get("statement_descriptor_suffix"),
            "status": "requires_confirmation" if method else "requires_payment_method",
        },
    )
    intent["client_secret"] = f"{intent['id']}_secret_fake"
    account.emit("payment_intent.created", intent)
    return intent


def eligible(params: Row, currency: str) -> list[str]:
    """The methods that the currency can take, and no others than were allowed."""
    dynamic = ["card", cards.DELAYED] if currency == "eur" else ["card"]
    allowed = params.get("allowed_payment_method_types", dynamic)
    types = [method for method in dynamic if method in allowed]
    if not types:
        message = "None of the allowed payment method types can be used for this payment."
        raise invalid(message, param="allowed_payment_method_types")
    return types


def confirm(account: Account, intent_id: str, params: Row) -> Row:
    """Pay with a named test method. Raises ApiError (402) when it is declined."""
    intent = account.get("payment_intent", intent_id, param="intent")
    _insist(intent, CONFIRMABLE, "confirmed")
    method = params.get("payment_method") or intent["payment_method"]
    if not method:
        message = "You cannot confirm this PaymentIntent because it's missing a payment method."
        raise refused(message, code="payment_intent_unexpected_state", payment_intent=public(intent))
    attempt(account, intent, _method(method), method=method)
    if intent["last_payment_error"]:
        raise card_declined(public(intent), intent["last_payment_error"])
    return intent


def _method(name: str) -> Behaviour:
    if name not in cards.METHODS:
        raise invalid(f"No such PaymentMethod: '{name}'", code="resource_missing", param="payment_method")
    return cards.CARDS[cards.METHODS[name]]


def attempt(account: Account, intent: Row, card: Behaviour, *, method: str = "pm_fake") -> None:
    """Try one card or method on an intent that waits for one; what comes of it is written on the intent."""
    intent.update(last_payment_error=None, payment_method=method, next_action=None)
    if card.decline:
        charge = _charge(account, intent, card, status="failed")
        _fail(account, intent, charge, code="card_declined", decline=card.decline, message=card.message)
    elif card.authenticate:
        intent["status"] = "requires_action"
        intent["next_action"] = {
            "type": "redirect_to_url",
            "redirect_to_url": {"url": account.url(), "return_url": None},
        }
        account.emit("payment_intent.requires_action", intent)
    elif card.delayed:
        _charge(account, intent, card, status="pending")
        intent["status"] = "processing"
        account.emit("charge.pending", account.rows[intent["latest_charge"]])
        account.emit("payment_intent.processing", intent)
    else:
        _collect(account, intent, _charge(account, intent, card, status="succeeded"))


def authenticate(account: Account, intent: Row, *, success: bool) -> None:
    """The payer has answered the bank's question."""
    _insist(intent, ("requires_action",), "authenticated")
    intent["next_action"] = None
    card = cards.CARDS[cards.AUTHENTICATE]
    if success:
        _collect(account, intent, _charge(account, intent, card, status="succeeded"))
    else:
        message = "The provided PaymentMethod has failed authentication."
        _fail(account, intent, None, code="payment_intent_authentication_failure", decline=None, message=message)


def settle(account: Account, intent: Row, *, success: bool) -> None:
    """A delayed method has come to its end."""
    _insist(intent, ("processing",), "settled")
    charge = account.rows[intent["latest_charge"]]
    if success:
        charge.update(status="succeeded", paid=True)
        _collect(account, intent, charge)
    else:
        message = "The customer's bank account could not be debited."
        _fail(account, intent, charge, code="payment_intent_payment_attempt_failed", decline=None, message=message)


def capture(account: Account, intent_id: str, params: Row) -> Row:
    """Take what was authorised, or a part of it; the rest is released. Raises ApiError, and nothing has changed."""
    intent = account.get("payment_intent", intent_id, param="intent")
    _insist(intent, ("requires_capture",), "captured")
    amount: int = params["amount_to_capture"] if "amount_to_capture" in params else intent["amount_capturable"]
    currencies.check_grain(amount, intent["currency"], param="amount_to_capture")
    if amount > intent["amount_capturable"]:
        message = (
            f"The requested capture amount ({currencies.shown(amount, intent['currency'])}) is greater than the amount "
            f"you can capture ({currencies.shown(intent['amount_capturable'], intent['currency'])})."
        )
        raise refused(message, code="amount_too_large", param="amount_to_capture")
    intent["metadata"] |= params.get("metadata", {})
    charge = account.rows[intent["latest_charge"]]
    charge.update(captured=True, amount_captured=amount)
    intent.update(status="succeeded", amount_received=amount, amount_capturable=0)
    _pay_session(account, intent)
    account.emit("charge.captured", charge)
    account.emit("payment_intent.succeeded", intent)
    return intent


def cancel(account: Account, intent_id: str, params: Row) -> Row:
    """Give up on an intent. Raises ApiError for one that has money or belongs to an open session."""
    intent = account.get("payment_intent", intent_id, param="intent")
    session = account.find("checkout.session", intent.get("_session"))
    if session and session["status"] == "open":
        message = (
            "You cannot cancel this PaymentIntent because it was created by a Checkout Session. "
            "To cancel it, expire the Checkout Session instead."
        )
        raise refused(message, code="payment_intent_unexpected_state", payment_intent=public(intent))
    _insist(intent, CANCELLABLE, "canceled")
    void(account, intent, reason=params.get("cancellation_reason"))
    return intent


def void(account: Account, intent: Row, *, reason: str | None) -> None:
    held = intent["status"] == "requires_capture"
    intent.update(status="canceled", canceled_at=account.clock.seconds(), cancellation_reason=reason, next_action=None)
    if held:
        charge = account.rows[intent["latest_charge"]]
        charge.update(refunded=True, amount_refunded=charge["amount"])
        intent["amount_capturable"] = 0
        account.emit("charge.refunded", charge)
    account.emit("payment_intent.canceled", intent)


def _insist(intent: Row, allowed: tuple[str, ...], verb: str) -> None:
    if intent["status"] not in allowed:
        message = (
            f"This PaymentIntent could not be {verb} because it has a status of {intent['status']}. "
            f"Only a PaymentIntent with one of the following statuses may be {verb}: {', '.join(allowed)}."
        )
        raise refused(message, code="payment_intent_unexpected_state", payment_intent=public(intent))


def _charge(account: Account, intent: Row, card: Behaviour, *, status: str) -> Row:
    manual = intent["capture_method"] == "manual"
    charge = account.add(
        "charge",
        {
            "amount": intent["amount"],
            "amount_captured": 0,
            "amount_refunded": 0,
            "billing_details": {"address": None, "email": intent["receipt_email"], "name": None, "phone": None},
            "captured": not manual and status == "succeeded",
            "currency": intent["currency"],
            "customer": None,
            "description": intent["description"],
            "disputed": False,
            "failure_code": None,
            "failure_message": None,
            "metadata": dict(intent["metadata"]),
            "outcome": {"network_status": "approved_by_network", "type": "authorized"},
            "paid": status == "succeeded",
            "payment_intent": intent["id"],
            "payment_method": intent["payment_method"],
            "payment_method_details": cards.details(card),
            "receipt_email": intent["receipt_email"],
            "receipt_url": None,
            "refunded": False,
            "status": status,
        },
    )
    intent["latest_charge"] = charge["id"]
    return charge


def _collect(account: Account, intent: Row, charge: Row) -> None:
    """The money is there, or, with manual capture, promised."""
    if intent["capture_method"] == "manual":
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        account.emit("charge.succeeded", charge)
        account.emit("payment_intent.amount_capturable_updated", intent)
        return
    charge.update(captured=True, amount_captured=charge["amount"])
    intent.update(status="succeeded", amount_received=intent["amount"], processing=None)
    _pay_session(account, intent)
    account.emit("charge.succeeded", charge)
    account.emit("payment_intent.succeeded", intent)


def _fail(account: Account, intent: Row, charge: Row | None, *, code: str, decline: str | None, message: str) -> None:
    error: dict[str, Any] = {"type": "card_error", "code": code, "message": message}
    if decline == "expired_card":
        error["code"] = "expired_card"
    if decline:
        error["decline_code"] = decline
    if charge:
        error["charge"] = charge["id"]
        charge.update(status="failed", paid=False, failure_code=error["code"], failure_message=message)
        charge["outcome"] = {"network_status": "declined_by_network", "type": "issuer_declined", "reason": decline}
        account.emit("charge.failed", charge)
    intent.update(status="requires_payment_method", last_payment_error=error, payment_method=None, processing=None)
    account.emit("payment_intent.payment_failed", intent)


def _pay_session(account: Account, intent: Row) -> None:
    session = account.find("checkout.session", intent.get("_session"))
    if session and session["status"] == "complete":
        session["payment_status"] = "paid"
