from functools import lru_cache

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import get_language

from apps.core.guests import is_signed_in


def account_link(request: HttpRequest) -> str:
    """The header's link to the account, or to sign-in; an anonymous visitor's session is left alone."""
    name = request.user.get_short_name() if is_signed_in(request) else ""  # type: ignore[union-attr]
    return render_to_string("partials/account_link.html", {"user_name": name}) if name else _sign_in(get_language())


@lru_cache(maxsize=32)
def _sign_in(language: str) -> str:
    return render_to_string("partials/account_link.html", {"user_name": ""})
