"""What machines read hangs at the root, outside the languages."""

from django.urls import path

from apps.catalog.feeds import GoogleFeedView, LanguageModelsView
from apps.catalog.sitemaps import SitemapIndexView, SitemapView

urlpatterns = [
    path("sitemap.xml", SitemapIndexView.as_view(), name="sitemap"),
    path("sitemap-pages.xml", SitemapView.as_view(), name="sitemap-pages"),
    path("sitemap-products-<int:number>.xml", SitemapView.as_view(), name="sitemap-products"),
    path("feeds/google.xml", GoogleFeedView.as_view(), name="feed-google"),
    path("llms.txt", LanguageModelsView.as_view(), name="llms"),
]
