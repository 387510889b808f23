"""Refunds and disputes: money that goes back, by the shop, by hand in the dashboard, or by the payer's bank."""

from apps.payments.fake_stripe import currencies
from apps.payments.fake_stripe.account import Account, Row
from apps.payments.fake_stripe.errors import invalid, refused

DISPUTE_DAYS = 7


def create(account: Account, params: Row) -> Row:
    """Send money back. Raises ApiError for more than is left, a disputed or unpaid charge; then nothing has changed."""
    charge = _charge(account, params)
    left = charge["amount_captured"] - charge["amount_refunded"]
    if any(row["status"] != "won" for row in account.each("dispute", charge=charge["id"])):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise refused(message, code="charge_disputed")
    if left == 0:
        raise refused(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = params.get("amount", left)
    currencies.check_grain(amount, charge["currency"], param="amount")
    if amount > left:
        of = "unrefunded amount on charge" if charge["amount_refunded"] else "charge amount"
        shown = currencies.shown(amount, charge["currency"]), currencies.shown(left, charge["currency"])
        raise refused(f"Refund amount ({shown[0]}) is greater than {of} ({shown[1]})", param="amount")
    return _write(account, charge, amount, params)


def _charge(account: Account, params: Row) -> Row:
    if ("charge" in params) == ("payment_intent" in params):
        message = "You must provide either a charge or a payment_intent, and not both."
        raise invalid(message, code="parameters_exclusive" if "charge" in params else "parameter_missing")
    if "charge" in params:
        charge = account.get("charge", params["charge"], param="charge")
    else:
        intent = account.get("payment_intent", params["payment_intent"], param="payment_intent")
        if intent["status"] != "succeeded":
            message = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
            raise refused(message, param="payment_intent")
        charge = account.rows[intent["latest_charge"]]
    if charge["status"] != "succeeded" or not charge["captured"]:
        raise refused(f"Charge {charge['id']} was not captured; there is nothing to refund.", param="charge")
    return charge


def _write(account: Account, charge: Row, amount: int, params: Row) -> Row:
    refund = account.add(
        "refund",
        {
            "amount": amount,
            "charge": charge["id"],
            "currency": charge["currency"],
            "metadata": dict(params.get("metadata", {})),
            "payment_intent": charge["payment_intent"],
            "reason": params.get("reason"),
            "status": "succeeded",
        },
    )
    del refund["livemode"]  # A refund has none.
    _add_up(charge, amount)
    account.emit("refund.created", refund)
    account.emit("charge.refunded", charge)
    return refund


def fail(account: Account, refund: Row, *, reason: str = "expired_or_canceled_card") -> Row:
    """Days later the bank has sent the money back: it is ours again."""
    if refund["status"] not in ("succeeded", "pending"):
        raise refused(f"Refund {refund['id']} has a status of {refund['status']}.")
    charge = account.rows[refund["charge"]]
    refund.update(status="failed", failure_reason=reason)
    _add_up(charge, -refund["amount"])
    account.emit("refund.updated", refund)
    account.emit("charge.refund.updated", refund)
    account.emit("refund.failed", refund)
    return refund


def _add_up(charge: Row, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]


def dispute(account: Account, charge: Row, *, amount: int | None = None, reason: str = "fraudulent") -> Row:
    """The payer's bank takes the money back until it has decided."""
    if charge["status"] != "succeeded" or charge["disputed"]:
        raise refused(f"Charge {charge['id']} cannot be disputed.")
    row = account.add(
        "dispute",
        {
            "amount": charge["amount_captured"] - charge["amount_refunded"] if amount is None else amount,
            "charge": charge["id"],
            "currency": charge["currency"],
            "evidence_details": {"due_by": account.clock.seconds() + DISPUTE_DAYS * 86400, "has_evidence": False},
            "is_charge_refundable": False,
            "metadata": {},
            "payment_intent": charge["payment_intent"],
            "reason": reason,
            "status": "needs_response",
        },
    )
    charge["disputed"] = True
    account.emit("charge.dispute.created", row)
    account.emit("charge.dispute.funds_withdrawn", row)
    return row


def decide(account: Account, row: Row, *, won: bool) -> Row:
    """The bank has decided. Won: the money comes back, but the charge stays one that was disputed."""
    if row["status"] in ("won", "lost"):
        raise refused(f"Dispute {row['id']} is already closed.")
    row["status"] = "won" if won else "lost"
    if won:
        account.emit("charge.dispute.funds_reinstated", row)
    account.emit("charge.dispute.closed", row)
    return row
