"""Checkout Sessions: made by the shop, paid on the hosted page, expired by the shop or the clock."""

from apps.payments.fake_stripe import currencies, intents
from apps.payments.fake_stripe.account import Account, Row
from apps.payments.fake_stripe.cards import Behaviour
from apps.payments.fake_stripe.errors import invalid, refused

SOONEST, LATEST = 30 * 60, 24 * 60 * 60
PLACEHOLDER = "{CHECKOUT_SESSION_ID}"


def create(account: Account, params: Row) -> Row:
    """Raises ApiError for amounts, currencies and times that cannot be; then nothing was made."""
    now = account.clock.seconds()
    expires_at = params.get("expires_at", now + LATEST)
    if not now + SOONEST <= expires_at <= now + LATEST:
        message = (
            "The `expires_at` timestamp must be at least 30 minutes and less than 24 hours "
            "from Checkout Session creation."
        )
        raise invalid(message, param="expires_at")
    lines, total, currency = _lines(params)
    session = account.add("checkout.session", _fields(params, expires_at, total, currency))
    session["url"] = f"{account.url()}/c/pay/{session['id']}"
    account.next_expiry = min(account.next_expiry, expires_at)
    # Not shown as they are.
    session["_lines"] = lines
    session["_intent"] = params.get("payment_intent_data", {})
    return session


def _lines(params: Row) -> tuple[list[Row], int, str]:
    currency = params["line_items"][0]["price_data"]["currency"]
    lines, total = [], 0
    for place, item in enumerate(params["line_items"]):
        price, where = item["price_data"], f"line_items[{place}][price_data]"
        if price["currency"] != currency:
            message = "All line items must have the same currency."
            raise invalid(message, param=f"{where}[currency]")
        currencies.check_grain(price["unit_amount"], currency, param=f"{where}[unit_amount]")
        amount = price["unit_amount"] * item.get("quantity", 1)
        total += amount
        lines.append(_line(place, item, amount, currency))
    currencies.check_amount(total, currency, param="line_items")
    return lines, total, currency


def _line(place: int, item: Row, amount: int, currency: str) -> Row:
    return {
        "id": f"li_{place}",
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": currency,
        "description": item["price_data"]["product_data"]["name"],
        "quantity": item.get("quantity", 1),
        "price": {"object": "price", "currency": currency, "unit_amount": item["price_data"]["unit_amount"]},
    }


def _fields(params: Row, expires_at: int, total: int, currency: str) -> Row:
    return {
        "amount_subtotal": total,
        "amount_total": total,
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "currency": currency,
        "customer": None,
        "customer_details": {"email": params["customer_email"]} if "customer_email" in params else None,
        "customer_email": params.get("customer_email"),
        "expires_at": expires_at,
        "locale": params.get("locale"),
        "metadata": dict(params.get("metadata", {})),
        "mode": params["mode"],
        "payment_intent": None,
        "payment_method_types": intents.eligible(params, currency),
        "payment_status": "unpaid",
        "status": "open",
        "submit_type": params.get("submit_type"),
        "success_url": params["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
    }


def expire(account: Account, session_id: str, params: Row) -> Row:
    """The shop ends a session. Raises ApiError unless it is open; from then on no money can come by it."""
    session = account.get("checkout.session", session_id, param="session")
    if session["status"] != "open":
        message = (
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`."
        )
        raise refused(message)
    close(account, session)
    return session


def close(account: Account, session: Row) -> None:
    session.update(status="expired", url=None)
    intent = account.find("payment_intent", session["payment_intent"])
    if intent and intent["status"] in intents.CANCELLABLE:
        intents.void(account, intent, reason="automatic")
    account.emit("checkout.session.expired", session)


def expire_due(account: Account) -> None:
    """What the provider's own clock does."""
    now = account.clock.now()
    if now < account.next_expiry:
        return
    for session in account.each("checkout.session", status="open"):
        if session["expires_at"] <= now:
            close(account, session)
    ends = [session["expires_at"] for session in account.each("checkout.session", status="open")]
    account.next_expiry = min(ends, default=now + SOONEST)


def pay(account: Account, session: Row, card: Behaviour) -> Row:
    """The payer has chosen a card or method on the hosted page. Returns the PaymentIntent, whatever came of it."""
    if session["status"] != "open":
        raise refused(f"This Checkout Session has a status of `{session['status']}`.")
    if card.kind not in session["payment_method_types"]:
        raise refused(f"This Checkout Session does not take {card.kind}.")
    intent = account.find("payment_intent", session["payment_intent"])
    if intent is None:
        data = session["_intent"]
        email = {"receipt_email": session["customer_email"]} if session["customer_email"] else {}
        fields = {**email, **data, "amount": session["amount_total"], "currency": session["currency"]}
        intent = intents.new(account, fields, types=session["payment_method_types"])
        session["payment_intent"] = intent["id"]
        intent["_session"] = session["id"]
    intents.attempt(account, intent, card)
    _complete(account, session, intent)
    return intent


def authenticate(account: Account, session: Row, *, success: bool) -> Row:
    """The payer has answered the bank's question, and the session ends or goes on."""
    intent = account.find("payment_intent", session["payment_intent"])
    if session["status"] != "open" or intent is None:
        raise refused(f"This Checkout Session has a status of `{session['status']}`.")
    intents.authenticate(account, intent, success=success)
    _complete(account, session, intent)
    return intent


def settle(account: Account, session: Row, *, success: bool) -> Row:
    """A delayed method ends: the session is told too, which a bare intent is not."""
    intent = account.get("payment_intent", session["payment_intent"] or "")
    intents.settle(account, intent, success=success)
    outcome = "succeeded" if success else "failed"
    account.emit(f"checkout.session.async_payment_{outcome}", session)
    return intent


def _complete(account: Account, session: Row, intent: Row) -> None:
    if intent["status"] not in ("succeeded", "processing", "requires_capture"):
        return
    session.update(status="complete", url=None)
    if intent["status"] == "succeeded":
        session["payment_status"] = "paid"
    if session["customer_email"]:
        session["customer_details"] = {"email": session["customer_email"]}
    account.emit("checkout.session.completed", session)


def success_url(session: Row) -> str:
    return str(session["success_url"]).replace(PLACEHOLDER, session["id"])
