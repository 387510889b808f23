"""The links in mails about sold-out articles. Before one is used, nothing is kept of the wish."""

from dataclasses import dataclass

from django.core import signing

_CONFIRM, _STOP = "inventory.alert.confirm", "inventory.alert.stop"
CONFIRM_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to hear of which variant, in which language."""

    variant_id: int
    email: str
    language: str


def confirm_token(wish: Wish) -> str:
    return signing.dumps([wish.variant_id, wish.email, wish.language], salt=_CONFIRM)


def read_confirm_token(token: str) -> Wish | None:
    """None for a token that is forged or older than a week."""
    try:
        return Wish(*signing.loads(token, salt=_CONFIRM, max_age=CONFIRM_SECONDS))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def stop_token(email: str) -> str:
    return signing.dumps(email, salt=_STOP)


def read_stop_token(token: str) -> str | None:
    """The address whose mails are to stop; works for as long as somebody may keep a mail."""
    try:
        return str(signing.loads(token, salt=_STOP))
    except (signing.BadSignature, ValueError):
        return None
