"""A visitor with a browser, for tests of pages."""

from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from apps.core.guests import guest_owner
from apps.core.ownership import Owner
from apps.orders import selectors

HTMX = {"HX-Request": "true"}

FIELDS = {
    "email": "ada@example.com",
    "shipping-name": "Ada Lovelace",
    "shipping-line1": "Lange Straße 1",
    "shipping-city": "Berlin",
    "shipping-postal_code": "10115",
    "shipping-country": "DE",
    "billing_same": "on",
    "shipping_method": "standard",
    "payment_method": "paper",
}


def swap(target: str) -> dict[str, str]:
    """Headers of an htmx request that swaps the element with this id."""
    return {**HTMX, "HX-Target": target}


class Shopper(Client):
    """Django's test client, with the steps of a purchase by name."""

    @property
    def owner(self) -> Owner:
        class Request:
            COOKIES = {name: morsel.value for name, morsel in self.cookies.items()}

        # Client.session would make a session for a visitor who has none.
        signed_in = settings.SESSION_COOKIE_NAME in self.cookies
        user_id = self.session.get("_auth_user_id") if signed_in else None
        return Owner(user_id=int(user_id)) if user_id else guest_owner(Request())

    def add(self, sku: str, quantity: Any = 1, **kwargs: Any) -> Any:
        return self.post(reverse("orders:cart-add"), {"sku": sku, "quantity": quantity}, **kwargs)

    def set_line(self, sku: str, quantity: Any, **kwargs: Any) -> Any:
        return self.post(reverse("orders:cart-line", args=[sku]), {"quantity": quantity}, **kwargs)

    def checkout_page(self, **kwargs: Any) -> Any:
        return self.get(reverse("orders:checkout"), **kwargs)

    def fields(self, **changes: Any) -> dict[str, Any]:
        """What the filled checkout page would send, with its token and the total it shows."""
        basket = selectors.basket(self.owner)
        page = self.post(reverse("orders:checkout"), {**FIELDS, **changes, "action": "update"})
        shown = page.context["offer"].quote.total.amount if page.context else 0
        return {**FIELDS, "checkout_token": str(basket.token or ""), "shown_total": shown, **changes}

    def place(self, fields: dict[str, Any] | None = None, **changes: Any) -> Any:
        return self.post(reverse("orders:checkout"), fields or self.fields(**changes))
