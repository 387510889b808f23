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
from apps.orders import selectors, services
from apps.orders.errors import EmptyCart, PriceChanged
from apps.orders.extensions import PaymentUnavailable, payment_methods
from apps.orders.forms import BILLING, SAVED, SHIPPING, CheckoutForm
from apps.orders.models import Order
from apps.orders.views.attempts import count_checkout_attempt, count_code_attempt, slow_down
from apps.orders.views.private import PrivateMixin
from apps.pricing.models.discount import normal_code
from apps.users.countries import is_country
from apps.users.models import Address

ADD_CODE, REMOVE_CODE = "add-code", "remove-code"

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
        try:
            if "action" in request.POST:
                return self.requote()
            count_checkout_attempt(request)
            return self.place()
        except TooManyAttempts as refusal:
            return slow_down(request, refusal)

    def requote(self) -> HttpResponse:
        """What was typed, with fresh rates and totals; never an error message but of a code, never an order."""
        refusal = self._change_codes()
        basket = selectors.basket(self.request.owner)
        if basket.lines:
            return self.page(basket, self._typed_values(), code_refusal=refusal)
        if wants_fragment(self.request) and self._placed_order():
            return HttpResponse(status=204)  # the order is being placed from this page: don't lead it to the cart
        return redirect("orders:cart")

    def place(self) -> HttpResponse:
        basket = selectors.basket(self.request.owner)
        if basket.token is None or basket.token != self._token():
            placed = self._placed_order()
            return self.to_payment(placed) if placed else self.refuse(EmptyCart(), basket)
        typed_code = self.request.POST.get("code", "").strip()
        if typed_code and normal_code(typed_code) not in basket.codes:
            # Typed, but the button beside it was not pressed: the total that was shown does not know of it.
            refusal = self._add_code(typed_code) or PriceChanged()
            return self.refuse(refusal, selectors.basket(self.request.owner))
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

    def page(
        self, basket: selectors.Basket, values: dict[str, Any], code_refusal: DomainError | None = None
    ) -> HttpResponse:
        offer = self._quote(basket, values)
        form = self._form(offer, initial={**values, "shipping_method": offer.chosen.code if offer.chosen else ""})
        typed_code = values.get("code", "").strip()[:40]
        context = self.get_context_data(
            offer=offer,
            form=form,
            code_refusal=code_refusal,
            code_entered=self.request.POST.get("action") == ADD_CODE,
            typed_code="" if normal_code(typed_code) in basket.codes else typed_code,
        )
        return self.render_to_response(context, status=code_refusal.status if code_refusal else 200)

    def _change_codes(self) -> DomainError | None:
        """Add or remove a code if that was asked for. Pressing Enter in its field submits the page like any button."""
        verb, _, code = self.request.POST["action"].partition(" ")
        typed = self.request.POST.get("code", "").strip()
        if verb == REMOVE_CODE:
            services.remove_code(owner=self.request.owner, text=code)
        elif typed and (verb == ADD_CODE or not wants_fragment(self.request)):
            return self._add_code(typed)
        return None

    def _add_code(self, text: str) -> DomainError | None:
        """Raises TooManyAttempts."""
        count_code_attempt(self.request)
        try:
            services.add_code(owner=self.request.owner, text=text, email=self.request.POST.get("email", "").strip())
        except DomainError as refusal:
            return refusal
        return None

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
            email=values.get("email", "").strip(),
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


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _amount(text: str) -> int:
    """The total that the page showed; anything strange is a total that no order has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else -1
