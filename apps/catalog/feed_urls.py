"""What machines read hangs at the root, outside the languages."""

import re

from django.conf import settings
from django.urls import path, register_converter

from apps.catalog.feeds import GoogleFeedView, LanguageModelsView
from apps.catalog.sitemaps import SitemapIndexView, SitemapView


class OtherLanguage:
    """A language of the shop that stands in its addresses: every one but the first."""

    regex = "|".join(re.escape(code) for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE) or "(?!)"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(OtherLanguage, "language")

urlpatterns = [
    path("sitemap.xml", SitemapIndexView.as_view(), name="sitemap"),
    path("sitemap-pages.xml", SitemapView.as_view(), name="sitemap-pages"),
    path("sitemap-products-<int:number>.xml", SitemapView.as_view(), name="sitemap-products"),
    path("feeds/google.xml", GoogleFeedView.as_view(), name="feed-google"),
    path("<language:language>/feeds/google.xml", GoogleFeedView.as_view(), name="feed-google-in"),
    path("llms.txt", LanguageModelsView.as_view(), name="llms"),
]
