from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from apps.core.errors import DomainError, TooManyAttempts
from apps.core.fragments import FragmentMixin, wants_fragment
from apps.core.guests import is_signed_in, remember_guest
from apps.core.requests import ShopRequest
from apps.orders import selectors, services
from apps.orders.errors import SoldOutItem, UnknownItem
from apps.orders.fillers import remember_count
from apps.orders.views.attempts import count_code_attempt, slow_down
from apps.orders.views.private import PrivateMixin


class CartPage(PrivateMixin, FragmentMixin, TemplateView):
    """The cart, as a page or as the inside of the drawer; both show the same partial."""

    template_name = "orders/cart.html"
    fragments = {"cart-panel": "panel"}

    def get_context_data(self, basket: selectors.Basket | None = None, **kwargs: Any) -> dict[str, Any]:
        as_fragment = bool(self.get_partial())
        basket = selectors.basket(self.request.owner) if basket is None else basket
        remember_count(self.request, basket.count)
        # The same panel is the page's own content or the inside of the drawer over another page.
        own_page = not as_fragment or self.request.htmx.current_url_abs_path == reverse("orders:cart")
        return super().get_context_data(
            basket=basket,
            quote=services.quote_goods(basket),
            as_fragment=as_fragment,
            own_page=own_page,
            heading="h1" if own_page else "h2",
            **kwargs,
        )

    def answer(self, basket: selectors.Basket | None = None) -> HttpResponse:
        """After a change: the fresh panel for a swap, else the cart by redirect, so that reloading repeats nothing."""
        if wants_fragment(self.request):
            return self.render_to_response(self.get_context_data(basket))
        return HttpResponseRedirect(reverse("orders:cart"), status=303)

    def refuse(self, refusal: DomainError) -> HttpResponse:
        """The refusal above the cart as it is."""
        context = self.get_context_data(refusal=refusal, sold_out=isinstance(refusal, SoldOutItem))
        return self.render_to_response(context, status=refusal.status)


class CartView(CartPage):
    http_method_names = ["get", "head", "options"]


class CartAddView(CartPage):
    http_method_names = ["post", "options"]

    def post(self, request: ShopRequest) -> HttpResponse:
        try:
            quantity = services.parse_quantity(request.POST.get("quantity", "1"))
            basket = services.add_to_cart(
                owner=remember_guest(request), sku=request.POST.get("sku", ""), quantity=quantity
            )
        except UnknownItem as error:
            raise Http404 from error
        except DomainError as refusal:
            return self.refuse(refusal)
        if not wants_fragment(request):
            messages.success(request, _("Added to your cart."))
        return self.answer(basket)


class CartLineView(CartPage):
    http_method_names = ["post", "options"]

    def post(self, request: ShopRequest, sku: str) -> HttpResponse:
        if "quantity" not in request.POST:
            raise BadRequest("quantity is missing")
        try:
            quantity = services.parse_quantity(request.POST["quantity"])
            services.set_quantity(owner=request.owner, sku=sku, quantity=quantity)
        except UnknownItem as error:
            raise Http404 from error
        except DomainError as refusal:
            return self.refuse(refusal)
        return self.answer()


class CartCodeView(CartPage):
    """Enter a discount code: the cart shows what it does, or why it does nothing."""

    http_method_names = ["post", "options"]

    def post(self, request: ShopRequest) -> HttpResponse:
        code = request.POST.get("code", "")
        try:
            count_code_attempt(request)
            email = request.user.email if is_signed_in(request) else ""
            services.add_code(owner=request.owner, text=code, email=email)
        except TooManyAttempts as refusal:
            return slow_down(request, refusal)
        except DomainError as refusal:
            return self.refuse(refusal)
        return self.answer()


class CartCodeRemoveView(CartPage):
    http_method_names = ["post", "options"]

    def post(self, request: ShopRequest) -> HttpResponse:
        services.remove_code(owner=request.owner, text=request.POST.get("code", ""))
        return self.answer()
