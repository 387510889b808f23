"""The test bank's page. It belongs to the bank, not to the shop, which learns of the outcome by webhook only."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache

from apps.orders.extensions import payment_methods
from apps.payments.forms import DecisionForm
from apps.payments.models import Payment, SandboxTransaction
from apps.payments.sandbox import bank, book

Outcome = SandboxTransaction.Outcome


TITLES = {
    Outcome.OPEN: _("Confirm your payment"),
    Outcome.PENDING: _("This payment is under way"),
    Outcome.SUCCEEDED: _("This payment is made"),
    Outcome.DECLINED: _("This payment was declined"),
    Outcome.CLOSED: _("This payment was withdrawn"),
}


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
            "merchant": settings.SHOP_NAME,
            "can_decide": entry.outcome in {Outcome.OPEN, Outcome.PENDING},
            "can_wait": entry.outcome == Outcome.OPEN,
            "refused": status == HTTPStatus.CONFLICT,
            "not_understood": status == HTTPStatus.UNPROCESSABLE_ENTITY,
        }
        return render(request, "payments/sandbox/bank.html", context, status=status)
