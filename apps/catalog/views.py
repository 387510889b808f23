from django.views.generic import TemplateView


class HomeView(TemplateView):
    access = "public"
    template_name = "catalog/home.html"


class ProductListView(TemplateView):
    access = "public"
    template_name = "catalog/product_list.html"


class CategoryView(ProductListView):
    pass


class ProductDetailView(TemplateView):
    access = "public"
    template_name = "catalog/product_detail.html"
