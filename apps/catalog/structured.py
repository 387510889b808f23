"""What a product page says to search engines, in the vocabulary of schema.org."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from apps.catalog.feeds import absolute
from apps.catalog.models.product import product_addresses
from apps.catalog.pictures import Picture, picture_of
from apps.catalog.selectors.product import ProductPage
from apps.catalog.selectors.walks import Card
from apps.catalog.text import sentences
from apps.core.money import shop_money
from apps.core.templatetags.stoa import json_ld
from apps.pages.shop import ShopData

if TYPE_CHECKING:
    from apps.catalog.bodies import Body


def social_data(body: "Body", crumbs: list[tuple[str, str]], path: str) -> dict[str, Any]:
    """Context of a product's page: what it says to search engines and to who shares it."""
    return {
        "structured": body.structured,
        "breadcrumbs": json_ld(breadcrumb_data(crumbs, f"{settings.SITE_URL}{path}")),
        "social_type": "product",
        "social_title": body.name,
        "social_image": body.image,
    }


def product_data(page: ProductPage, pictures: list[Picture], *, chosen: bool) -> dict[str, Any]:
    """The product with the offer of the variant that was chosen or, before that, with the range of its prices."""
    product, selected = page.product, page.selected
    url = absolute(product.get_absolute_url())
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.display_title,
        "description": sentences(product.localized("description") or product.display_subtitle),
        "url": url,
        "image": [absolute(picture.src) for picture in pictures],
        "sku": selected.sku if selected else "",
        "gtin": page.barcode,
        "brand": {"@type": "Brand", "name": product.vendor} if product.vendor else "",
    }
    if not chosen and page.prices and min(page.prices) < max(page.prices):
        data["offers"] = _offers(page, url)
    elif selected and selected.price is not None:
        data["offers"] = {
            "@type": "Offer",
            "url": f"{settings.SITE_URL}{selected.url}",
            "price": str(shop_money(selected.price).decimal),
            "priceCurrency": settings.SHOP_CURRENCY,
            "availability": f"https://schema.org/{_availability(selected.available, backorder=selected.backorder)}",
            "itemCondition": "https://schema.org/NewCondition",
        }
    return {key: value for key, value in data.items() if value}


def _offers(page: ProductPage, url: str) -> dict[str, Any]:
    """All offers as one; the variant that is shown first can be had, if any can."""
    first = page.selected
    return {
        "@type": "AggregateOffer",
        "url": url,
        "lowPrice": str(shop_money(min(page.prices)).decimal),
        "highPrice": str(shop_money(max(page.prices)).decimal),
        "offerCount": len(page.prices),
        "priceCurrency": settings.SHOP_CURRENCY,
        "availability": f"https://schema.org/{_availability(first.available, backorder=first.backorder)}"
        if first
        else "",
    }


def shared_picture(covers: Iterable[dict[str, Any]]) -> str:
    """The address of the first picture among these, for whoever shares the page; empty without any."""
    return next((absolute(picture.src) for picture in map(picture_of, covers) if picture), "")


def list_data(cards: Iterable[Card]) -> dict[str, Any] | None:
    """The products of a branch in its order, by their addresses."""
    site = settings.SITE_URL
    entries = [
        {"@type": "ListItem", "position": number, "url": f"{site}{address}"}
        for number, address in enumerate(product_addresses(card.slug for card in cards), start=1)
    ]
    if not entries:
        return None
    return {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": entries}


def breadcrumb_data(crumbs: list[tuple[str, str]], url: str) -> dict[str, Any]:
    """The way to the page; its last step is the page itself."""
    entries = [
        {"@type": "ListItem", "position": number, "name": name, "item": absolute(address) if address else url}
        for number, (name, address) in enumerate(crumbs, start=1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": entries}


def site_data(data: ShopData) -> dict[str, Any]:
    """The site, and how to search it."""
    target = f"{settings.SITE_URL}{reverse('catalog:product-list')}?q={{search_term_string}}"
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": data.name,
        "url": f"{settings.SITE_URL}{reverse('catalog:home')}",
        "inLanguage": get_language(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": target},
            "query-input": "required name=search_term_string",
        },
    }


def shop_data(data: ShopData) -> dict[str, Any]:
    """Who sells here."""
    found = {
        "@context": "https://schema.org",
        "@type": "OnlineStore",
        "name": data.name,
        "url": f"{settings.SITE_URL}/",
        "logo": absolute(data.logo_url),
        "email": data.row.email,
        "telephone": data.row.phone,
        "legalName": next(iter(data.row.legal_lines), ""),
        "vatID": data.row.vat_id,
    }
    return {key: value for key, value in found.items() if value}


def _availability(available: int, *, backorder: bool) -> str:
    return "InStock" if available > 0 else "BackOrder" if backorder else "OutOfStock"
