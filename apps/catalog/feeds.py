"""The catalogue for machines: Google's product feed, and a page that tells language models where things are."""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views import View

from apps.catalog.models import Variant
from apps.catalog.pictures import picture_of
from apps.catalog.selectors import categories_of
from apps.catalog.selectors.variants import in_language
from apps.catalog.sitemaps import XMLView
from apps.catalog.text import sentences
from apps.core.money import shop_money
from apps.pages import shop
from apps.pages.texts import TITLES

_GTIN = re.compile(r"\d{8}|\d{12,14}")
_UNPRINTABLE = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST = {"title": 150, "description": 5000}


class GoogleFeedView(XMLView):
    """Every variant with a price, as an item of Google Merchant Center. One statement, streamed."""

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        return self.answer('rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"', self._channel(request))

    def _channel(self, request: HttpRequest) -> Iterator[str]:
        name = escape(shop.current(request).name)
        yield f"<channel><title>{name}</title><link>{settings.SITE_URL}/</link><description>{name}</description>\n"
        names = {path: node.name for path, node in categories_of(request).nodes.items()}
        rows = Variant.objects.filter(product__listing__isnull=False, price__isnull=False)
        rows = rows.select_related("product__listing", "product__category", "stock").defer("product__listing__cards")
        for variant in rows.order_by("product_id", "position", "pk").iterator(chunk_size=500):
            yield _item(variant, names)
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


class LanguageModelsView(View):
    """llms.txt: who sells here, and where everything is."""

    access = "public"

    def get(self, request: HttpRequest) -> HttpResponse:
        data, tree = shop.current(request), categories_of(request)
        links = [
            ("All products", reverse("catalog:product-list")),
            *((node.name, node.url) for node in tree.children()),
            ("Sitemap", reverse("sitemap")),
            ("Products as XML", reverse("feed-google")),
        ]
        lines = [f"# {data.name}", "", *([f"> {data.tagline}", ""] if data.tagline else []), "## Shop", ""]
        lines += [f"- [{name}]({settings.SITE_URL}{path})" for name, path in links]
        lines += ["", "## Help", ""]
        lines += [
            f"- [{title}]({settings.SITE_URL}{reverse('pages:page', args=[slug])})" for slug, title in TITLES.items()
        ]
        return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
