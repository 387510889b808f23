"""What orders does when an account tells something."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from apps.core.guests import guest_owner
from apps.orders import services
from apps.users.models import User


def bring_the_cart_along(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """What a guest put into the cart is still there after signing in, and so are orders made as a guest."""
    if request is not None:
        services.merge_guest_cart(guest=guest_owner(request), user_id=user.pk)
        request.__dict__.pop("_stoa_owner", None)  # from now on the request's owner is the user
    if EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists():
        services.claim_orders(user_id=user.pk, email=user.email)


def join_guest_orders(sender: Any, request: HttpRequest | None, email_address: EmailAddress, **kwargs: Any) -> None:
    """Whoever has proved an address owns what was ordered with it."""
    services.claim_orders(user_id=email_address.user_id, email=email_address.email)


def connect() -> None:
    user_logged_in.connect(bring_the_cart_along, dispatch_uid="orders.bring_the_cart_along")
    email_confirmed.connect(join_guest_orders, dispatch_uid="orders.join_guest_orders")
