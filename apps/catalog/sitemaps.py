"""What search engines read: an index, and files of at most 50,000 addresses, each a walk along a key."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Max, Min
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override
from django.views import View

from apps.catalog.models import Category, Listing
from apps.pages.models import TextPage
from apps.pages.texts import TITLES

# Numbers of products in a file; each has an address in every language, and a file may hold 50,000.
SPAN = 10_000
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
Place = tuple[str, list[str], datetime | None]


class XMLView(View):
    access = "public"

    def answer(self, root: str, parts: Iterable[str]) -> StreamingHttpResponse:
        def lines() -> Iterator[str]:
            yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>\n'
            yield from parts
            yield f"</{root.split()[0]}>\n"

        return StreamingHttpResponse(lines(), content_type="application/xml; charset=utf-8")


class SitemapIndexView(XMLView):
    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        keys = Listing.objects.aggregate(first=Min("pk"), last=Max("pk"))
        numbers = range(keys["first"] // SPAN, keys["last"] // SPAN + 1) if keys["last"] else ()
        paths = [reverse("sitemap-pages"), *(reverse("sitemap-products", args=[number]) for number in numbers)]
        found = (f"<sitemap><loc>{settings.SITE_URL}{path}</loc></sitemap>\n" for path in paths)
        return self.answer(f'sitemapindex xmlns="{_SCHEMA}"', found)


class SitemapView(XMLView):
    """The products whose keys lie in one span; without a number, everything that is no product."""

    def get(self, request: HttpRequest, number: int | None = None) -> StreamingHttpResponse:
        places = _other_places() if number is None else _products(number)
        return self.answer(f'urlset xmlns="{_SCHEMA}" xmlns:xhtml="{_XHTML}"', _entries(places))


def _products(number: int) -> Iterator[Place]:
    if number > 10**12:
        raise Http404
    rows = Listing.objects.filter(pk__gte=number * SPAN, pk__lt=(number + 1) * SPAN).order_by("pk")
    for slug, changed in rows.values_list("slug", "product__updated_at").iterator(chunk_size=2000):
        yield "catalog:product-detail", [slug], changed


def _other_places() -> Iterator[Place]:
    yield "catalog:home", [], None
    yield "catalog:product-list", [], None
    for path in Category.objects.order_by("path").values_list("path", flat=True):
        yield "catalog:category", [path], None
    own = dict(TextPage.objects.filter(published=True).values_list("slug", "updated_at"))
    for slug in {**dict.fromkeys(TITLES), **own}:
        yield "pages:page", [slug], own.get(slug)


def _entries(places: Iterable[Place]) -> Iterator[str]:
    """An entry in each language, and in each all of its languages."""
    for name, args, changed in places:
        addresses = {}
        for code, _language in settings.LANGUAGES:
            with override(code):
                addresses[code] = escape(f"{settings.SITE_URL}{reverse(name, args=args)}")
        default = addresses[settings.LANGUAGE_CODE]
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{address}"/>'
            for code, address in [*addresses.items(), ("x-default", default)]
        )
        since = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
        yield "".join(f"<url><loc>{address}</loc>{since}{others}</url>\n" for address in addresses.values())
