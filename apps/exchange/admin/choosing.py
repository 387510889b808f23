"""What the sheet shows and a plan changes: the articles that the filter finds, among those chosen in the list."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from apps.catalog.models import Category, Product, Variant
from apps.catalog.selectors.variants import found_by
from apps.core.translation import localized_text, text_contains
from apps.exchange.forms import FilterForm
from apps.exchange.listed import listed_products


@dataclass(frozen=True, slots=True)
class Selection:
    """`products` and those of their `variants` that the term finds; nothing for a filter that can't be read."""

    products: QuerySet[Product]
    variants: QuerySet[Variant]
    term: str = ""


def articles() -> QuerySet[Variant]:
    """Variants as the sheet lists them, with what it shows of each."""
    return (
        Variant.objects.select_related("product", "stock")
        .defer("product__description", "product__translations", "product__gallery")
        .annotate(shown_title=localized_text("title", "product__"))
        .order_by("-product_id", "position", "pk")
    )


def selection_of(request: HttpRequest) -> Selection:
    form = FilterForm(request.GET or None)
    products, variants = Product.objects.order_by(), articles()
    if not form.is_bound:
        return Selection(products, variants)
    if not form.is_valid():
        return Selection(products.none(), variants.none())
    wanted = form.cleaned_data
    if wanted["listed"]:
        chosen = listed_products(request, wanted["listed"]).values("pk")
        products, variants = products.filter(pk__in=chosen), variants.filter(product__in=chosen)
    if category := wanted["category"]:
        below = Category.objects.filter(Q(path=category.path) | Q(path__startswith=f"{category.path}/"))
        products = products.filter(category__in=below)
        variants = variants.filter(product__category__in=below)
    if status := wanted["status"]:
        products, variants = products.filter(status=status), variants.filter(product__status=status)
    if term := wanted["q"].strip():
        by_sku = Variant.objects.filter(sku__istartswith=term).order_by().values("product_id")
        products = products.filter(text_contains("title", term) | Q(pk__in=by_sku))
        variants = variants.filter(found_by(term))
    return Selection(products, variants, term)
