import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.generic import TemplateView

from apps.catalog.errors import SoldOut
from apps.core.errors import DomainError, TooManyAttempts
from apps.core.fragments import FragmentMixin, wants_fragment
from apps.core.guests import is_signed_in
from apps.core.limits import count_attempt
from apps.orders import selectors, services
from apps.orders.errors import EmptyCart
from apps.orders.extensions import PaymentUnavailable, payment_methods
from apps.orders.forms import BILLING, SAVED, SHIPPING, CheckoutForm
from apps.orders.models import Order
from apps.orders.views.private import PrivateMixin
from apps.users.countries import is_country
from apps.users.models import Address

# A buyer presses the button a few times; behind one address there may be a whole office, or a fair.
ATTEMPTS_PER_OWNER, ATTEMPTS_PER_ADDRESS, ATTEMPTS_SECONDS = 60, 2000, 600

_ROW_ID = re.compile(r"[0-9]{1,18}")  # int() refuses thousands of digits with an error


class CheckoutView(PrivateMixin, FragmentMixin, TemplateView):
    """One page from the address to the bank. Nothing is kept until the order is placed."""

    template_name = "orders/checkout.html"
    fragments = {"checkout-summary": "live"}

    def get(self, request: HttpRequest) -> HttpResponse:
        basket = selectors.basket(request.owner)
        if not basket.lines:
            return redirect("orders:cart")
        return self.page(basket, self._first_values())

    def post(self, request: HttpRequest) -> HttpResponse:
        if "action" in request.POST:
            return self.requote()
        try:
            self._count_attempt()
            return self.place()
        except TooManyAttempts as refusal:
            response = render(request, "429.html", {"retry_after": refusal.retry_after}, status=429)
            response["Retry-After"] = str(refusal.retry_after)
            return response

    def requote(self) -> HttpResponse:
        """What was typed, with fresh rates and totals; never an error message, never an order."""
        basket = selectors.basket(self.request.owner)
        if basket.lines:
            return self.page(basket, self._typed_values())
        if wants_fragment(self.request) and self._placed_order():
            return HttpResponse(status=204)  # the order is being placed from this page: don't lead it to the cart
        return redirect("orders:cart")

    def place(self) -> HttpResponse:
        basket = selectors.basket(self.request.owner)
        if basket.token is None or basket.token != self._token():
            placed = self._placed_order()
            return self.to_payment(placed) if placed else self.refuse(EmptyCart(), basket)
        offer = self._quote(basket, self._typed_values())
        form = self._form(offer, self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(offer=offer, form=form), status=422)
        try:
            return self.to_payment(self._place_order(basket.token, form, offer))
        except DomainError as refusal:
            return self.refuse(refusal, selectors.basket(self.request.owner))

    def _place_order(self, token: UUID, form: CheckoutForm, offer: services.Offer) -> Order:
        return services.place_order(
            owner=self.request.owner,
            token=token,
            details=form.details(get_language() or settings.LANGUAGE_CODE),
            shown_total=_amount(self.request.POST.get("shown_total", "")),
            offer=offer,
        )

    def _placed_order(self) -> Order | None:
        """What this page's token has ordered already."""
        token = self._token()
        return services.placed_order(self.request.owner, token) if token else None

    def _token(self) -> UUID | None:
        return _uuid(self.request.POST.get("checkout_token", ""))

    def to_payment(self, order: Order) -> HttpResponse:
        """The buyer goes on to the bank, or to the order if there is nothing to pay or the bank can't be reached."""
        url = order.get_absolute_url()
        method = payment_methods().get(order.payment_method)
        if order.can_be_paid and method is not None:
            try:
                url = method.start(order)
            except PaymentUnavailable as refusal:
                messages.warning(self.request, str(refusal))
        return HttpResponseRedirect(url, status=303)

    def refuse(self, refusal: DomainError, basket: selectors.Basket) -> HttpResponse:
        """409 with the fresh state: what was typed stays, prices and stock are as they are now."""
        if not basket.lines:
            context = {"basket": basket, "refusal": refusal, "noindex": True, "own_page": True}
            return render(self.request, "orders/cart.html", context, status=refusal.status)
        values = self._typed_values()
        offer = self._quote(basket, values)
        context = self.get_context_data(
            offer=offer,
            form=self._form(offer, initial=values),
            refusal=refusal,
            sold_out=refusal if isinstance(refusal, SoldOut) else None,
        )
        return self.render_to_response(context, status=refusal.status)

    def page(self, basket: selectors.Basket, values: dict[str, Any]) -> HttpResponse:
        offer = self._quote(basket, values)
        form = self._form(offer, initial={**values, "shipping_method": offer.chosen.code if offer.chosen else ""})
        return self.render_to_response(self.get_context_data(offer=offer, form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            basket=kwargs["offer"].basket,
            methods=self._methods(kwargs["offer"]),
            signed_in=is_signed_in(self.request),
            as_fragment=bool(self.get_partial()),
            **kwargs,
        )

    def _quote(self, basket: selectors.Basket, values: dict[str, Any]) -> services.Offer:
        place = self._saved(values.get(f"{SHIPPING}-{SAVED}")) or {
            field: values.get(f"{SHIPPING}-{field}", "").replace("\x00", "")[:100]
            for field in ("country", "region", "postal_code")
        }
        return services.quote_basket(
            basket,
            country=place["country"] if is_country(place["country"]) else settings.SHOP_COUNTRY,
            region=place["region"],
            postal_code=place["postal_code"],
            shipping_method=values.get("shipping_method", ""),
        )

    def _form(self, offer: services.Offer, data: Any = None, initial: Any = None) -> CheckoutForm:
        return CheckoutForm(
            data, owner=self.request.owner, rates=offer.rates, methods=self._methods(offer), initial=initial
        )

    def _methods(self, offer: services.Offer) -> list[Any]:
        return [method for method in payment_methods().values() if method.available(offer.quote)]

    def _saved(self, key: Any) -> dict[str, str] | None:
        """The chosen entry of the buyer's own address book."""
        if not _ROW_ID.fullmatch(str(key or "")) or self.request.owner.user_id is None:
            return None
        address: Address | None = Address.objects.for_owner(self.request.owner).filter(pk=int(key)).first()
        return address.as_dict() if address else None

    def _first_values(self) -> dict[str, Any]:
        if not is_signed_in(self.request):
            return {}
        values: dict[str, Any] = {"email": self.request.user.email}
        for entry in Address.objects.for_owner(self.request.owner):
            if entry.is_default_shipping:
                values[f"{SHIPPING}-{SAVED}"] = str(entry.pk)
            if entry.is_default_billing:
                values[f"{BILLING}-{SAVED}"] = str(entry.pk)
                values["billing_same"] = entry.is_default_shipping
        return values

    def _typed_values(self) -> dict[str, Any]:
        typed = self.request.POST.dict()
        return {**typed, "billing_same": "billing_same" in typed}

    def _count_attempt(self) -> None:
        owner = self.request.owner
        subject = str(owner.user_id or owner.guest_key)
        address = self.request.META.get("REMOTE_ADDR", "")
        count_attempt("checkout", address, limit=ATTEMPTS_PER_ADDRESS, seconds=ATTEMPTS_SECONDS)
        if owner.is_known:
            count_attempt("checkout-owner", subject, limit=ATTEMPTS_PER_OWNER, seconds=ATTEMPTS_SECONDS)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _amount(text: str) -> int:
    """The total that the page showed; anything strange is a total that no order has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else -1
