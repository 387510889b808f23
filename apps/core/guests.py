"""`request.owner`, and the cookie that lets a guest be remembered."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from apps.core.ownership import Owner, hash_key
from apps.core.requests import ShopRequest

COOKIE_AGE = 60 * 60 * 24 * 60


class OwnerDescriptor:
    """Reads the session only if the visitor sent one: an anonymous page view costs no query."""

    def __get__(self, request: Any, owner: type | None = None) -> Owner:
        cached: Owner | None = request.__dict__.get("_stoa_owner")
        if cached is None:
            cached = request.__dict__["_stoa_owner"] = _read_owner(request)
        return cached


def has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES or bool(request.session.session_key)


def is_signed_in(request: HttpRequest) -> bool:
    """Whether a user is signed in; touches neither session nor user for a visitor without a session cookie."""
    if "_cached_user" in request.__dict__ or hasattr(request, "_cached_user"):
        return bool(request.user.is_authenticated)
    return has_session(request) and bool(request.user.is_authenticated)


def _read_owner(request: HttpRequest) -> Owner:
    if is_signed_in(request):
        return Owner(user_id=request.user.pk)
    return guest_owner(request)


def guest_owner(request: HttpRequest) -> Owner:
    """The guest this browser is remembered as, whether or not somebody is signed in."""
    key = getattr(request, "_stoa_new_guest_key", "") or request.COOKIES.get(settings.GUEST_COOKIE_NAME, "")
    return Owner(guest_key=hash_key(key)) if 32 <= len(key) <= 64 else Owner()


def remember_guest(request: ShopRequest) -> Owner:
    """This request's owner, known from now on: a nameless visitor gets a guest key and its cookie."""
    if not request.owner.is_known:
        request._stoa_new_guest_key = secrets.token_urlsafe(32)
        request.__dict__.pop("_stoa_owner", None)
    return request.owner


class OwnerMiddleware:
    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response
        if not hasattr(HttpRequest, "owner"):
            HttpRequest.owner = OwnerDescriptor()  # type: ignore[attr-defined]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        if getattr(request, "_stoa_forget_guest", False):
            response.delete_cookie(settings.GUEST_COOKIE_NAME, path="/", samesite="Lax")
        elif key := getattr(request, "_stoa_new_guest_key", ""):
            response.set_cookie(
                settings.GUEST_COOKIE_NAME,
                key,
                max_age=COOKIE_AGE,
                path="/",
                httponly=True,
                secure=settings.SITE_IS_SECURE,
                samesite="Lax",
            )
        return response


@receiver(user_logged_out)
def forget_guest(sender: Any, request: ShopRequest | None, **kwargs: Any) -> None:
    """Who signs out on a shared computer leaves no cart behind."""
    if request is not None:
        request._stoa_forget_guest = True
        request.__dict__.pop("_stoa_owner", None)
