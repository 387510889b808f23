"""The catalogue for machines: Google's product feed, and a page that tells language models where things are."""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override
from django.views import View

from apps.catalog.models import Variant
from apps.catalog.pictures import picture_of
from apps.catalog.selectors import categories_of
from apps.catalog.selectors.variants import in_language
from apps.catalog.sitemaps import XMLView
from apps.catalog.text import sentences
from apps.core.money import shop_money
from apps.pages import shop
from apps.pages.models import TextPage
from apps.pages.texts import TITLES

_GTIN = re.compile(r"\d{8}|\d{12,14}")
_UNPRINTABLE = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST = {"title": 150, "description": 5000}


class GoogleFeedView(XMLView):
    """Every variant with a price, as an item of Google Merchant Center. One statement, streamed."""

    def get(self, request: HttpRequest, language: str = "") -> StreamingHttpResponse:
        parts = self._channel(request, language or settings.LANGUAGE_CODE)
        return self.answer('rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"', parts)

    def _channel(self, request: HttpRequest, language: str) -> Iterator[str]:
        name = escape(shop.current(request).name)
        home = f"{settings.SITE_URL}{address_in(language, 'catalog:home')}"
        yield f"<channel><title>{name}</title><link>{home}</link><description>{name}</description>\n"
        with override(language):
            names = {path: node.name for path, node in categories_of(request).nodes.items()}
        rows = Variant.objects.filter(product__listing__isnull=False, price__isnull=False)
        rows = rows.select_related("product__listing", "product__category", "stock").defer("product__listing__cards")
        for variant in rows.order_by("product_id", "position", "pk").iterator(chunk_size=500):
            with override(language):  # not around what is yielded: who reads it may be at work in another
                item = _item(variant, names)
            yield item
        yield "</channel>\n"


def _item(variant: Variant, categories: dict[str, str]) -> str:
    fields = "".join(
        f"<g:{name}>{escape(_UNPRINTABLE.sub(' ', str(value)))}</g:{name}>"
        for name, value in _fields(variant, categories).items()
        if value
    )
    return f"<item>{fields}</item>\n"


def _fields(variant: Variant, categories: dict[str, str]) -> dict[str, Any]:
    product = variant.product
    options = " / ".join(in_language(option["value"]) for option in variant.summary.get("options", []))
    text = sentences(product.localized("description")) or product.display_subtitle or product.display_title
    picture = picture_of(variant.summary.get("cover") or product.listing.cover)
    now, before = variant.price, variant.compare_at_price
    gtin = variant.barcode if _GTIN.fullmatch(variant.barcode) else ""
    path = product.category.path.split("/") if product.category else []
    return {
        "id": variant.sku,
        "item_group_id": product.slug if options else "",
        "title": " – ".join(filter(None, (product.display_title, options)))[: LONGEST["title"]],
        "description": text[: LONGEST["description"]],
        "link": f"{settings.SITE_URL}{variant.get_absolute_url()}",
        "image_link": absolute(picture.src) if picture else "",
        "availability": availability(variant),
        "price": _price(before or now),
        "sale_price": _price(now) if before else "",
        "brand": product.vendor,
        "gtin": gtin,
        "mpn": "" if gtin else variant.sku,
        "condition": "new",
        "product_type": " > ".join(categories.get("/".join(path[:depth]), "") for depth in range(1, len(path) + 1)),
        "shipping_weight": f"{variant.weight_grams} g" if variant.weight_grams else "",
    }


def availability(variant: Variant) -> str:
    stock = getattr(variant, "stock", None)
    if stock and stock.available > 0:
        return "in_stock"
    return "backorder" if stock and stock.backorder else "out_of_stock"


def absolute(address: str) -> str:
    return f"{settings.SITE_URL}{address}" if address.startswith("/") else address


def _price(amount: int | None) -> str:
    return f"{shop_money(amount).decimal} {settings.SHOP_CURRENCY}" if amount is not None else ""


def address_in(language: str, name: str) -> str:
    with override(language):
        return reverse(name)


class LanguageModelsView(View):
    """llms.txt: who sells here, and where everything is."""

    access = "public"

    def get(self, request: HttpRequest) -> HttpResponse:
        data, tree = shop.current(request), categories_of(request)
        own = {page.slug: page.title for page in TextPage.objects.filter(published=True)}
        sections: dict[str, list[tuple[Any, str]]] = {
            "Shop": [
                ("All products", reverse("catalog:product-list")),
                *((" › ".join(step.name for step in tree.trail(path)), tree.nodes[path].url) for path in tree.nodes),
            ],
            "Help": [(title, reverse("pages:page", args=[slug])) for slug, title in {**TITLES, **own}.items()],
            "Data": [
                ("Sitemap", reverse("sitemap")),
                *((f"All articles with price and stock, {name}", feed) for name, feed in feeds()),
            ],
            "Languages": [(name, address_in(code, "catalog:home")) for code, name in settings.LANGUAGES],
        }
        lines = [f"# {data.name}", *(["", f"> {data.tagline}"] if data.tagline else [])]
        for heading, links in sections.items():
            lines += ["", f"## {heading}", ""]
            lines += [f"- [{name}]({settings.SITE_URL}{path})" for name, path in links]
        return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


def feeds() -> Iterator[tuple[str, str]]:
    """The product feed of each language: the name of the language, and where it is."""
    for code, name in settings.LANGUAGES:
        first = code == settings.LANGUAGE_CODE
        yield str(name), reverse("feed-google") if first else reverse("feed-google-in", args=[code])
