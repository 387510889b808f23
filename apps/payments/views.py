"""The way back from a payment page, and the test bank's own page.

The test bank's page belongs to the bank, not to the shop, which learns of the outcome by webhook only.
"""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache

from apps.core import brand
from apps.core.errors import TooManyAttempts
from apps.orders.extensions import payment_methods
from apps.payments import services, states
from apps.payments.forms import DecisionForm
from apps.payments.gateways import GatewayRefused, GatewayUnavailable
from apps.payments.models import Payment, SandboxTransaction
from apps.payments.sandbox import bank, book
from apps.payments.stripe import CODE
from apps.payments.tasks import check_later
from apps.users.limits import Limit, count_attempts

Outcome = SandboxTransaction.Outcome
RETURNS, RETURNS_SECONDS = 20, 600


TITLES = {
    Outcome.OPEN: _("Confirm your payment"),
    Outcome.PENDING: _("This payment is under way"),
    Outcome.SUCCEEDED: _("This payment is made"),
    Outcome.DECLINED: _("This payment was declined"),
    Outcome.CLOSED: _("This payment was withdrawn"),
}


@method_decorator(never_cache, name="dispatch")
class StripeReturn(View):
    """Where Stripe sends a buyer who has paid: the order says so at once, also if no webhook has come yet.

    Nothing in the address is believed; Stripe is asked, shortly, and a job asks again if it does not answer.
    """

    access = "owner"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        payment = Payment.objects.for_owner_or_404(request.owner, ref=ref, method=CODE)
        if request.method == "GET" and payment.state in states.OPEN:
            self._ask(payment)
        with translation.override(payment.order.language):
            return HttpResponseRedirect(payment.order.get_absolute_url(), status=HTTPStatus.SEE_OTHER)

    def _ask(self, payment: Payment) -> None:
        try:
            count_attempts(Limit("payment-return", str(payment.pk), RETURNS, RETURNS_SECONDS))
            services.check_payment(payment_id=payment.pk, patient=False)
        except GatewayUnavailable:
            check_later.enqueue(payment.pk)
        except (GatewayRefused, TooManyAttempts):
            return  # the webhook and reconciliation still tell


@method_decorator(never_cache, name="dispatch")
class SandboxBank(View):
    access = "owner"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if book.CODE not in payment_methods():
            raise Http404
        self.payment = Payment.objects.for_owner_or_404(request.owner, ref=kwargs["ref"], method=book.CODE)
        # The address carries no language, the order does.
        with translation.override(self.payment.order.language):
            return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        return self._page(request)

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        form = DecisionForm(request.POST)
        if not form.is_valid():
            return self._page(request, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        decision = form.cleaned_data["outcome"]
        decided = bank.decide(payment_ref=ref, decision=decision)
        entry = self._entry()
        if decided or entry.outcome == bank.outcome_of(decision):  # the second click on a button is no mistake
            return HttpResponseRedirect(entry.return_url, status=HTTPStatus.SEE_OTHER)
        return self._page(request, status=HTTPStatus.CONFLICT)

    def _entry(self) -> SandboxTransaction:
        return SandboxTransaction.objects.get(payment_ref=self.payment.ref)

    def _page(self, request: HttpRequest, status: int = HTTPStatus.OK) -> HttpResponse:
        entry = self._entry()
        context = {
            "entry": entry,
            "title": TITLES[Outcome(entry.outcome)],
            "money": self.payment.money,
            "merchant": brand.shop_name(),
            "can_decide": entry.outcome in {Outcome.OPEN, Outcome.PENDING},
            "can_wait": entry.outcome == Outcome.OPEN,
            "refused": status == HTTPStatus.CONFLICT,
            "not_understood": status == HTTPStatus.UNPROCESSABLE_ENTITY,
        }
        return render(request, "payments/sandbox/bank.html", context, status=status)
