"""A customer without a browser: keeps cookies and fills the forms of the pages, as one does without JavaScript."""

import http.client
import re
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

ADDRESS = {
    "email": "buyer@example.com",
    "shipping-name": "Ada Buyer",
    "shipping-line1": "Hauptstraße 1",
    "shipping-city": "Berlin",
    "shipping-postal_code": "10115",
    "shipping-country": "DE",
    "billing_same": "on",
}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


@dataclass
class Buyer:
    base: str
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def request(self, method: str, path: str, data: dict[str, str] | None = None, **headers: str) -> Answer:
        target = urlsplit(self.base)
        parts = urlsplit(path)
        address = parts.path + (f"?{parts.query}" if parts.query else "")
        connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=60)
        sent = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Referer": self.base + "/",
            **self.headers,
            **headers,
        }
        body = None
        if data is not None:
            body = urlencode(data)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, address, body=body, headers=sent)
            response = connection.getresponse()
            for name, value in response.getheaders():
                if name.lower() == "set-cookie":
                    for key, morsel in SimpleCookie(value).items():
                        self.cookies[key] = morsel.value
            return Answer(
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                response.read().decode(errors="replace"),
            )
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, **headers)

    def post(self, path: str, data: dict[str, str], **headers: str) -> Answer:
        return self.request("POST", path, data, **headers)

    def add(self, slug: str, sku: str, quantity: str = "1") -> Answer:
        """Open the product's page and press its button."""
        page = self.get(f"/products/{slug}/?variant={sku}")
        return self.post(
            "/cart/lines/",
            {"csrfmiddlewaretoken": field_value(page.text, "csrfmiddlewaretoken"), "sku": sku, "quantity": quantity},
        )

    def checkout_form(self, **changes: str) -> dict[str, str]:
        """The checkout form as the page fills it once an address is known, ready to be sent."""
        page = self.get("/checkout/")
        form = {**ADDRESS, "action": "update", **changes}
        form["csrfmiddlewaretoken"] = field_value(page.text, "csrfmiddlewaretoken")
        form["checkout_token"] = field_value(page.text, "checkout_token")
        form["shown_total"] = field_value(page.text, "shown_total")
        updated = self.post("/checkout/", form)
        for name in ("csrfmiddlewaretoken", "checkout_token", "shown_total"):
            form[name] = field_value(updated.text, name)
        for name in ("shipping_method", "payment_method"):
            form[name] = changes.get(name) or first_choice(updated.text, name)
        del form["action"]
        return form

    def place(self, **changes: str) -> Answer:
        return self.post("/checkout/", self.checkout_form(**changes))

    def pay(self, bank_path: str, outcome: str = "succeed") -> Answer:
        page = self.get(bank_path)
        token = field_value(page.text, "csrfmiddlewaretoken")
        return self.post(bank_path, {"csrfmiddlewaretoken": token, "outcome": outcome})

    def status_of(self, order_path: str) -> str:
        found = re.search(r'data-status="([a-z_]+)"', self.get(order_path).text)
        return found[1] if found else ""


def inputs(html: str, name: str) -> list[str]:
    return [tag for tag in re.findall(r"<input\b[^>]*>", html) if f'name="{name}"' in tag]


def value_of(tag: str) -> str:
    found = re.search(r'\bvalue="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def field_value(html: str, name: str) -> str:
    """The value of the first input of that name; an empty text if the page has none."""
    return next((value_of(tag) for tag in inputs(html, name)), "")


def first_choice(html: str, name: str) -> str:
    """The checked radio button of that name, or the first."""
    choices = inputs(html, name)
    return next((value_of(tag) for tag in choices if "checked" in tag), value_of(choices[0]) if choices else "")
