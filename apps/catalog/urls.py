from django.urls import path

from apps.catalog.views import (
    CategoryView,
    HomeView,
    ProductDetailView,
    ProductListView,
    RecentlyViewedView,
    SuggestView,
)

app_name = "catalog"

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("products/", ProductListView.as_view(), name="product-list"),
    path("products/<slug:slug>/", ProductDetailView.as_view(), name="product-detail"),
    path("search/suggest/", SuggestView.as_view(), name="suggest"),
    path("recently-viewed/", RecentlyViewedView.as_view(), name="recently-viewed"),
    path("categories/<path:path>/", CategoryView.as_view(), name="category"),
]
