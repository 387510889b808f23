import json
import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from apps.catalog.bodies import article_context, body_of
from apps.catalog.boxes import boxes_of, sort_options
from apps.catalog.cards import first_picture, joined
from apps.catalog.chips import category_chips, chosen_chips
from apps.catalog.feeds import absolute
from apps.catalog.filters import ListFilters, queries_in_categories
from apps.catalog.models import Product
from apps.catalog.models.product import SKU_PATTERN
from apps.catalog.page_links import page_links
from apps.catalog.search import record_miss
from apps.catalog.selectors import (
    cards_by_slug,
    categories_of,
    featured_cards,
    home_lists,
    listed_options,
    product_list,
    product_page,
)
from apps.catalog.selectors.bodies import around_product
from apps.catalog.selectors.lists import ProductList
from apps.catalog.selectors.nothing_found import nothing_found
from apps.catalog.selectors.product import ProductPage
from apps.catalog.selectors.suggestions import suggestions
from apps.catalog.selectors.walks import Card
from apps.catalog.services.facets import RESERVED_KEYS
from apps.catalog.structured import breadcrumb_data, list_data, shared_picture, shop_data, site_data, social_data
from apps.core.fragments import FragmentMixin
from apps.core.guests import is_signed_in
from apps.core.languages import fixed_address
from apps.pages import journal, shop
from apps.pages.kept import KeptPageMixin

Crumbs = list[tuple[str, str]]


class HomeView(KeptPageMixin, TemplateView):
    access = "public"
    template_name = "catalog/home.html"

    def get_kept_tags(self, response: TemplateResponse) -> Iterable[str] | None:
        return {"members", "reduced", "stock", *card_tags((response.context_data or {})["cards"])}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        newest, reduced, tiles = home_lists(new=8, reduced=4, tree=categories_of(self.request))
        data = shop.current(self.request)
        featured = featured_cards(data.row.featured_codes)
        covers = map(json.loads, dict.fromkeys(card.cover or "{}" for card in [*featured, *newest]))
        hero = list(filter(None, covers))[:3]
        return super().get_context_data(
            cards=[*featured, *newest, *reduced],
            featured=joined(card.html for card in featured),
            newest=joined(card.html for card in newest),
            reduced=joined(card.html for card in reduced),
            hero=hero,
            social_image=shared_picture(hero),
            tiles=tiles,
            structured=shop_data(data),
            site=site_data(data),
            meta_description=data.tagline or _("Considered objects for a calm home, chosen one by one."),
            **kwargs,
        )


class ProductListView(KeptPageMixin, FragmentMixin, TemplateView):
    access = "public"
    template_name = "catalog/product_list.html"
    fragments: ClassVar[dict[str, str]] = {"results": "results-swap"}

    @cached_property
    def filters(self) -> ListFilters:
        return self.get_filters()

    def get_filters(self) -> ListFilters:
        return ListFilters.from_query(self.request.GET, options=options_in(self.request))

    def get_kept_query(self) -> str | None:
        """Deep pages, and a search's after the first, are seldom asked for twice; there is no end of them.

        Nor is there of what may be typed for a price.
        """
        if not self.request.META.get("QUERY_STRING"):
            return ""
        is_rare = self.filters.is_deep or self.filters.refused or (self.filters.q and self.filters.page > 1)
        return None if is_rare else self.filters.query(page=True).removeprefix("?")

    def get_kept_tags(self, response: TemplateResponse) -> Iterable[str] | None:
        products: ProductList = (response.context_data or {})["products"]
        filters = products.filters
        if filters != self.filters or (filters.is_filtered and not products.cards):
            return None
        return {"members", *filters.tags, *card_tags(products.cards)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        products = product_list(self.filters, number=journal.at(self.request))
        filters = products.filters
        price_min, price_max = filters.limits_in_fields
        cards = joined((card.html for card in products.cards), eager=True)
        return super().get_context_data(
            products=products,
            counted=ngettext("%(n)s product", "%(n)s products", products.count) % {"n": products.count},
            filters=filters,
            cards=cards,
            social_image=absolute(first_picture(cards)),
            boxes=boxes_of(products),
            page_links=page_links(products, self.request.path),
            sort_options=sort_options(filters),
            items=None if filters.is_filtered or filters.is_deep else list_data(products.cards),
            chosen=chosen_chips(products, self.request.path),
            price_min=price_min,
            price_max=price_max,
            noindex=filters.is_filtered or filters.is_deep,
            robots="noindex,follow",
            canonical_url=self.get_canonical_url(filters),
            **(self.get_place(products) | self.get_instead(products)),
            **kwargs,
        )

    def get_instead(self, products: ProductList) -> dict[str, Any]:
        """What a search without a hit offers; that the shop has nothing for its words is counted."""
        filters = products.filters
        if products.count or not filters.q:
            return {}
        nothing = nothing_found(filters, categories_of(self.request))
        search_url = fixed_address("catalog:product-list")
        offer: dict[str, Any] = {"nothing": nothing, "search_url": search_url}
        if nothing.elsewhere:
            # A category page has its path for the category; any other list names it in its query.
            base = self.request.path if nothing.wider.fixed_category else search_url
            return {**offer, "wider_url": base + nothing.wider.query()}
        if not self.get_partial():
            record_miss(filters.q)
        return {**offer, "chips": "", "other_cards": joined(card.html for card in nothing.cards)}

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **response_kwargs)
        if self.get_partial():
            # What the form sends holds its empty fields too; the address bar shows only what counts.
            filters: ListFilters = context["filters"]
            response["HX-Push-Url"] = f"{self.request.path}{filters.query(page=True)}"
        return response

    def get_canonical_url(self, filters: ListFilters) -> str:
        """Of a plain list its own, of a choice or a deep page that of the list it belongs to."""
        plain = filters.page > 1 and not filters.is_filtered and not filters.is_deep
        page = f"?page={filters.page}" if plain else ""
        return f"{settings.SITE_URL}{self.request.path}{page}"

    def get_place(self, products: ProductList) -> dict[str, Any]:
        """Where in the shop this list is: its title, and the categories to go on to."""
        tree, filters = categories_of(self.request), products.filters
        chosen = tree.nodes.get(filters.category)
        list_url, query_in = fixed_address("catalog:product-list"), queries_in_categories(filters)
        title = _("Search: %(words)s") % {"words": filters.q} if filters.q else _("All products")
        return {
            "title": title,
            "meta_description": _("Everything in the shop, with filters for price, stock and options."),
            "crumbs": (crumbs := [(_("Home"), fixed_address("catalog:home")), (title, "")]),
            "breadcrumbs": breadcrumb_data(crumbs, f"{settings.SITE_URL}{self.request.path}"),
            # Without a search the menu above has the same links.
            "chips": category_chips(
                [
                    (_("All"), list_url + query_in(""), not filters.category),
                    *((c.name, list_url + query_in(c.path), c == chosen) for c in tree.children()),
                ]
                if filters.q or filters.category
                else []
            ),
        }


class CategoryView(ProductListView):
    def get_filters(self) -> ListFilters:
        path = self.kwargs["path"]
        if path not in categories_of(self.request).nodes:
            raise Http404
        return ListFilters.from_query(self.request.GET, category=path, options=options_in(self.request))

    def get_place(self, products: ProductList) -> dict[str, Any]:
        tree = categories_of(self.request)
        category = tree.nodes[products.filters.category]
        trail: Crumbs = [(node.name, node.url) for node in tree.trail(category.path)]
        # A leaf shows its siblings, so that the way on is never only the way back.
        parent = category if tree.children(category.path) else tree.nodes.get(category.parent_path)
        return {
            "title": category.name,
            "lead": category.description,
            "meta_description": category.description or category.name,
            "crumbs": (crumbs := [(_("Home"), fixed_address("catalog:home")), *trail]),
            "breadcrumbs": breadcrumb_data(crumbs, f"{settings.SITE_URL}{self.request.path}"),
            "chips": category_chips(
                [
                    (_("All"), parent.url, parent == category),
                    *((c.name, c.url, c == category) for c in tree.children(parent.path)),
                ]
                if parent
                else []
            ),
        }


def options_in(request: HttpRequest) -> frozenset[str]:
    """Which keys of the address may be options; asked only if there is one that is nothing else."""
    return listed_options(journal.at(request)) if set(request.GET) - RESERVED_KEYS else frozenset()


def card_tags(cards: Iterable[Card]) -> set[str]:
    return {f"product:{card.listing_id}" for card in cards}


class SuggestView(FragmentMixin, TemplateView):
    """What is offered under a search box while one types; without htmx, the results themselves."""

    access = "public"
    template_name = "catalog/suggestions.html"
    fragments: ClassVar[dict[str, str]] = {"site-suggest": "panel", "menu-suggest": "panel"}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        filters = ListFilters(q=ListFilters.from_query(request.GET, options=()).q)
        results_url = fixed_address("catalog:product-list") + filters.query()
        if not self.get_partial():
            return HttpResponseRedirect(results_url)
        found = suggestions(filters.q, categories_of(request), number=journal.at(request))
        response = self.render_to_response({"found": found, "results_url": results_url})
        patch_cache_control(response, private=True, max_age=60)
        return response


class ProductDetailView(KeptPageMixin, FragmentMixin, TemplateView):
    access = "public"
    template_name = "catalog/product_detail.html"
    fragments: ClassVar[dict[str, str]] = {"product": "product"}

    def get_kept_query(self) -> str | None:
        query = self.request.GET
        if query.get("preview") == "1":
            return None
        sku = query.get("variant", "")
        return f"variant={sku}" if re.fullmatch(SKU_PATTERN, sku) else ""

    def get_kept_tags(self, response: TemplateResponse) -> Iterable[str] | None:
        context = response.context_data or {}
        asked = self.request.GET.get("variant", "")
        if asked and context["sku"] != asked:
            return None
        return {f"product:{context['product_id']}", *card_tags(context.get("neighbours", ()))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        preview = self.may_preview()
        context = self.get_article(preview=preview) if self.get_partial() else self.get_page(preview=preview)
        return super().get_context_data(**context, **kwargs)

    def get_article(self, *, preview: bool) -> dict[str, Any]:
        """The part that is swapped when another variant is chosen."""
        page = self.read(preview=preview)
        sku = page.selected.sku if page.selected else ""
        return {**article_context(page), "swapped": True, "product_id": page.product.pk, "sku": sku}

    def get_page(self, *, preview: bool) -> dict[str, Any]:
        around = around_product(self.kwargs["slug"])
        asked = self.request.GET.get("variant", "")
        body = None if preview or asked else around.body
        body = body or body_of(self.read(preview=preview), chosen=bool(asked))
        bought_together = around.bought_together(body.companions)
        trail = [(node.name, node.url) for node in categories_of(self.request).trail(around.path)]
        crumbs: Crumbs = [(_("Home"), fixed_address("catalog:home")), *trail, (body.name, "")]
        return {
            "body": body,
            "product_id": body.product_id,
            "sku": body.sku,
            "neighbours": [*bought_together, *around.related],
            "bought_together": joined(card.html for card in bought_together),
            "related": joined(card.html for card in around.related),
            "crumbs": crumbs,
            "preview": body.is_hidden,
            "noindex": preview,
            "meta_description": body.description,
            **({} if preview else social_data(body, crumbs, self.request.path)),
        }

    def read(self, *, preview: bool) -> ProductPage:
        try:
            return product_page(self.kwargs["slug"], sku=self.request.GET.get("variant", ""), preview=preview)
        except Product.DoesNotExist as error:
            raise Http404 from error

    def may_preview(self) -> bool:
        """Staff who may see products in the admin can look at a draft in the shop."""
        request = self.request
        if request.GET.get("preview") != "1" or not is_signed_in(request):
            return False
        return bool(request.user.is_staff and request.user.has_perm("catalog.view_product"))


class RecentlyViewedView(FragmentMixin, TemplateView):
    """Cards of the articles that the browser names; who looked at them is not asked and not kept."""

    access = "public"
    template_name = "catalog/recently_viewed.html"
    fragments: ClassVar[dict[str, str]] = {"recent": "recent"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slugs = self.request.GET.get("slugs", "")[:2000]
        return super().get_context_data(cards=joined(cards_by_slug(slugs.split(","))), **kwargs)
