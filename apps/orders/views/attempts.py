"""Limits on what a visitor may try again and again: strict for one buyer, generous for an address.

Behind one address there may be a whole office, or a fair.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.core.errors import TooManyAttempts
from apps.users.limits import Limit, count_attempts

CHECKOUTS_PER_OWNER, CHECKOUTS_PER_ADDRESS = 60, 2000
CODES_PER_OWNER, CODES_PER_ADDRESS = 20, 400
PAYMENTS_PER_ORDER, PAYMENTS_PER_OWNER, PAYMENTS_PER_ADDRESS = 20, 40, 1000
SECONDS = 600


def count_checkout_attempt(request: HttpRequest) -> None:
    """One press of the button. Raises TooManyAttempts."""
    _count(request, "checkout", CHECKOUTS_PER_OWNER, CHECKOUTS_PER_ADDRESS)


def count_code_attempt(request: HttpRequest) -> None:
    """One code entered; codes can be guessed, so they are counted more strictly. Raises TooManyAttempts."""
    _count(request, "codes", CODES_PER_OWNER, CODES_PER_ADDRESS)


def count_payment_attempt(request: HttpRequest, order_ref: str) -> None:
    """One more try to pay; stolen cards are tried out so. By the order too, which outlives a dropped cookie.

    Raises TooManyAttempts.
    """
    by_order = Limit("pay-order", order_ref, PAYMENTS_PER_ORDER, SECONDS)
    _count(request, "pay", PAYMENTS_PER_OWNER, PAYMENTS_PER_ADDRESS, by_order)


def slow_down(request: HttpRequest, refusal: TooManyAttempts) -> HttpResponse:
    """The page that says when to try again."""
    response = render(request, "429.html", {"retry_after": refusal.retry_after}, status=429)
    response["Retry-After"] = str(refusal.retry_after)
    return response


def _count(request: HttpRequest, name: str, per_owner: int, per_address: int, *others: Limit) -> None:
    """By the buyer, guest or account, and by the address."""
    owner = request.owner
    limits = [Limit(name, request.META.get("REMOTE_ADDR", ""), per_address, SECONDS), *others]
    if owner.is_known:
        limits.append(Limit(f"{name}-owner", str(owner.user_id or owner.guest_key), per_owner, SECONDS))
    count_attempts(*limits)
