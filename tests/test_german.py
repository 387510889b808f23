"""The shop in German: no English word on a page, a switch that stays where one is, mails in the order's language."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import translation

from apps.catalog.tests.factories import make_variant
from apps.notifications.models import Message
from apps.orders.models import Order
from apps.orders.tests.shopper import Shopper
from apps.shipping.tests.factories import make_method

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database("sqlite")]

ENGLISH = re.compile(
    r"\b(the|and|of|to|for|with|your|you|we|from|this|that|are|not|nothing|please|"
    r"cart|checkout|orders?|delivery|payment|account|sign|search|price|add|remove|quantity|next|previous|subtotal|free|"
    r"by|address|town|country|phone|company|terms|privacy|imprint|close|home|products|pay|page|stock|sold)\b",
    re.IGNORECASE,
)
PAGES = [
    "/de/",
    "/de/products/",
    "/de/products/?q=nirgends",
    "/de/products/mug/",
    "/de/cart/",
    "/de/checkout/",
    "/de/orders/",
    "/de/account/login/",
    "/de/account/signup/",
    "/de/account/password/reset/",
    "/de/account/login/code/",
    "/de/pages/delivery-returns/",
    "/de/pages/privacy/",
    "/de/pages/imprint/",
    "/de/pages/terms/",
    "/de/gibt-es-nicht/",
]


class Words(HTMLParser):
    """What a page says to eyes and ears: text but names of countries and languages, and the attributes that speak."""

    SPEAKING = ("aria-label", "placeholder", "title", "alt")

    def __init__(self):
        super().__init__()
        self.said, self.silent = [], ""

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if not self.silent and (tag in {"script", "style", "option"} or attributes.get("lang") == "en"):
            self.silent = tag
        if not self.silent:
            self.said += [attributes[name] for name in self.SPEAKING if attributes.get(name)]
            if tag == "meta" and attributes.get("name") == "description":
                self.said.append(attributes["content"])

    def handle_endtag(self, tag):
        if tag == self.silent:
            self.silent = ""

    def handle_data(self, data):
        if not self.silent:
            self.said.append(data)


def words(html: str) -> str:
    parser = Words()
    parser.feed(html)
    return " ".join(" ".join(parser.said).split())


@pytest.fixture
def shopper():
    """A guest with a mug in the cart of the German shop, which delivers."""
    make_method(name="Standardversand", translations={"de": {"name": "Standardversand"}})
    make_variant(title="Becher", product_fields={"slug": "mug"}, sku="MUG-1")
    shopper = Shopper()
    with translation.override("de"):
        shopper.add("MUG-1")
    return shopper


@pytest.mark.parametrize("path", PAGES)
def test_a_german_page_speaks_german(shopper, path):
    html = shopper.get(path).content.decode()
    assert '<html lang="de"' in html
    assert ENGLISH.findall(words(html)) == []


def test_the_check_finds_english():
    assert ENGLISH.findall(words('<p lang="en">your</p><img alt="Your cart"><p>Ihr Warenkorb</p>')) == ["Your", "cart"]


def test_a_refused_form_speaks_german(shopper):
    with translation.override("de"):
        refused = shopper.place(**{"payment_method": "sandbox", "email": "nein", "shipping-postal_code": "1"})
    assert refused.status_code == 422
    assert ENGLISH.findall(words(refused.content.decode())) == []
    refused = shopper.post("/de/account/login/", {"login": "ada@example.com", "password": "falsch"})
    assert "Die E-Mail-Adresse oder das Passwort stimmt nicht." in refused.content.decode()


def test_what_allauth_says_is_german(shopper, django_user_model):
    shopper.force_login(django_user_model.objects.create_user("ada@example.com", "sehr geheim 1"))
    page = words(shopper.post("/de/account/logout/", follow=True).content.decode())
    assert "Sie haben sich abgemeldet." in page


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("/products/?q=mug&sort=price", "/de/products/?q=mug&amp;sort=price"),
        ("/de/products/mug/?variant=MUG-1", "/products/mug/?variant=MUG-1"),
        ("/de/pages/terms/", "/pages/terms/"),
    ],
)
def test_the_switch_keeps_the_page_and_its_query(shopper, path, other):
    html = shopper.get(path).content.decode()
    link = re.search(rf'<a href="{re.escape(other)}" lang="(\w+)"', html)
    assert link
    assert link[1] != re.search(r'<html lang="(\w+)"', html)[1]


def test_an_order_placed_in_german_is_told_in_german(shopper):
    with translation.override("de"):
        placed = shopper.place(payment_method="sandbox")
    assert placed.status_code == 303
    order = Order.unscoped.get()
    assert order.language == "de"
    message = Message.objects.get()
    assert message.subject == f"Ihre Bestellung {order.number}"
    assert "wir haben Ihre Bestellung" in message.text
    assert "Deutschland" in message.text
    for said in (message.subject, re.sub(r"http\S+", "", message.text), words(message.html)):
        assert ENGLISH.findall(said) == []
    bank = words(shopper.get(placed["Location"]).content.decode())
    assert "Bestätigen Sie Ihre Zahlung" in bank


@pytest.mark.parametrize(
    ("prefix", "subject"),
    [("/de", "Bestätigen Sie Ihre Adresse für Stoa"), ("", "Confirm your address for Stoa")],
)
def test_account_mails_speak_the_language_of_the_visit(client, prefix, subject):
    client.post(f"{prefix}/account/signup/", {"email": "ada@example.com", "password1": "sehr geheim 1"})
    message = Message.objects.get()
    assert message.subject == subject
    assert f"http://testserver{prefix}/account/confirm-email/" in message.text


def test_the_admin_speaks_german(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("boss@example.com", "sehr geheim 1"))
    # The ready groups have English names, so their list is left out.
    models = [model._meta for model in site._registry if model is not Group]
    with translation.override("de"):
        lists = [reverse(f"admin:{model.app_label}_{model.model_name}_changelist") for model in models]
        paths = [reverse("admin:index"), *lists, reverse("admin:catalog_product_add"), reverse("admin:users_user_add")]
    for path in paths:
        html = client.get(path, follow=True).content.decode()
        # Django's own template has that one word in English for everybody.
        assert (path, ENGLISH.findall(words(html.replace('alt="Search"', "")))) == (path, [])
