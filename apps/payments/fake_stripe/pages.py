"""The hosted page: what a payer sees at the provider. Plain HTML that needs no script."""

from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from urllib.parse import parse_qs

from apps.payments.fake_stripe import cards, currencies, sessions
from apps.payments.fake_stripe.account import Account, Row

CHOICES = [
    (cards.SUCCESS, "Card 4242 4242 4242 4242: succeeds"),
    (cards.DECLINED, "Card 4000 0000 0000 0002: is declined"),
    (cards.NO_FUNDS, "Card 4000 0000 0000 9995: has too little money"),
    (cards.AUTHENTICATE, "Card 4000 0027 6000 3184: the bank asks first"),
    (cards.DELAYED, "Bank debit: takes days, ends by the control address"),
]
FRAME = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="stylesheet" href="/_fake/page.css"></head>
<body><main><p class="note">A fake for tests. No money moves.</p><h1>{title}</h1>{body}</main></body>
</html>
"""
STYLE = """:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; } main { max-width: 28rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { font-size: 1.5rem; } ul { padding: 0; list-style: none; } li { display: flex; justify-content: space-between; }
fieldset { border: 1px solid; border-radius: .5rem; margin: 1rem 0; }
label { display: flex; align-items: baseline; gap: .5rem; padding: .5rem 0; }
button { font: inherit; min-height: 2.75rem; padding: 0 1.25rem; border: 0; border-radius: .5rem; }
button { background: CanvasText; color: Canvas; }
.note { opacity: .75; } .error { border-left: .25rem solid; padding-left: .75rem; font-weight: 600; }
"""


@dataclass(frozen=True)
class Page:
    status: int
    html: str = ""
    location: str = ""


def show(account: Account, path: str, method: str, body: str) -> Page:
    """Answer `/c/pay/<session>` and `/c/pay/<session>/authenticate`."""
    session_id, _, step = path.removeprefix("/c/pay/").partition("/")
    with account.lock:
        sessions.expire_due(account)
        session = account.find("checkout.session", session_id)
        if session is None or step not in ("", "authenticate"):
            return Page(HTTPStatus.NOT_FOUND, _framed("There is no such payment", ""))
        if session["status"] != "open":
            return _ended(session)
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if step:
            return _authenticate(account, session, form if method == "POST" else {})
        return _pay(account, session, form) if method == "POST" else _choose(session)


def _pay(account: Account, session: Row, form: dict[str, str]) -> Page:
    card = cards.behaviour(form.get("card", ""))
    if card is None or card.kind not in session["payment_method_types"]:
        return _choose(session, error="Your card number is incorrect.")
    intent = sessions.pay(account, session, card)
    if intent["status"] == "requires_action":
        return Page(HTTPStatus.SEE_OTHER, location=f"/c/pay/{session['id']}/authenticate")
    return _after(session, intent)


def _authenticate(account: Account, session: Row, form: dict[str, str]) -> Page:
    intent = account.find("payment_intent", session["payment_intent"])
    if intent is None or intent["status"] != "requires_action":
        return Page(HTTPStatus.SEE_OTHER, location=f"/c/pay/{session['id']}")
    if form.get("outcome") in ("complete", "fail"):
        return _after(session, sessions.authenticate(account, session, success=form["outcome"] == "complete"))
    leave = (
        f'<p><a href="{escape(session["cancel_url"])}">Leave without an answer</a></p>' if session["cancel_url"] else ""
    )
    buttons = (
        '<form method="post"><p>Is it really you?</p><p><button name="outcome" value="complete">Complete</button> '
        '<button name="outcome" value="fail">Fail</button></p></form>'
    )
    return Page(HTTPStatus.OK, _framed("Your bank asks", buttons + leave))


def _after(session: Row, intent: Row) -> Page:
    if session["status"] == "complete":
        return Page(HTTPStatus.SEE_OTHER, location=sessions.success_url(session))
    return _choose(session, error=intent["last_payment_error"]["message"])


def _choose(session: Row, *, error: str = "") -> Page:
    currency = session["currency"]
    lines = "".join(
        f"<li><span>{line['quantity']} × {escape(line['description'])}</span>"
        f"<span>{currencies.shown(line['amount_total'], currency)}</span></li>"
        for line in session["_lines"]
    )
    offered = [each for each in CHOICES if cards.CARDS[each[0]].kind in session["payment_method_types"]]
    radios = "".join(
        f'<label><input type="radio" name="card" value="{number}"{" checked" if not place else ""}> {text}</label>'
        for place, (number, text) in enumerate(offered)
    )
    refusal = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
    back = f'<p><a href="{escape(session["cancel_url"])}">Back to the shop</a></p>' if session["cancel_url"] else ""
    total = currencies.shown(session["amount_total"], currency)
    form = (
        f'<form method="post"><fieldset><legend>Pay with</legend>{radios}</fieldset>'
        f'<button type="submit">Pay {total}</button></form>'
    )
    status = HTTPStatus.PAYMENT_REQUIRED if error else HTTPStatus.OK
    return Page(status, _framed(f"Pay {total}", f"{refusal}<ul>{lines}</ul>{form}{back}"))


def _ended(session: Row) -> Page:
    if session["status"] == "complete":
        link = f'<p><a href="{escape(sessions.success_url(session))}">Back to the shop</a></p>'
        return Page(HTTPStatus.OK, _framed("You have paid already", link))
    link = f'<p><a href="{escape(session["cancel_url"])}">Back to the shop</a></p>' if session["cancel_url"] else ""
    return Page(HTTPStatus.GONE, _framed("This page has expired", link))


def _framed(title: str, body: str) -> str:
    return FRAME.format(title=escape(title), body=body)
