from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import FormView, TemplateView

from apps.catalog.selectors import variant_by_sku
from apps.catalog.selectors.variants import VariantInfo
from apps.core.errors import DomainError, TooManyAttempts
from apps.core.fragments import FragmentMixin
from apps.inventory import services
from apps.inventory.forms import AlertForm
from apps.inventory.models import StockAlert
from apps.inventory.selectors import alerts_of, wished_variant
from apps.inventory.tokens import read_confirm_token, read_stop_token
from apps.users.limits import Limit, count_attempts

PER_VISITOR, PER_ADDRESS = 30, 6
HOUR, DAY = 3600, 24 * 3600


class AlertAddView(FragmentMixin, FormView):
    """The form below a sold-out variant. Says the same to everybody, whatever is known of the address."""

    access = "public"
    http_method_names = ["post", "options"]
    form_class = AlertForm
    template_name = "inventory/alert.html"
    fragments = {"stock-alert": "stock-alert"}

    def form_valid(self, form: AlertForm) -> HttpResponse:
        variant = self._variant(form)
        email = form.cleaned_data["email"]
        try:
            self._count_attempt(email)
            noted = services.ask_for_alert(
                variant=variant, email=email, language=get_language() or "", user_id=self.request.owner.user_id
            )
        except TooManyAttempts as refusal:
            return _slow_down(self.request, refusal)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._answer(form, variant, status=refusal.status)
        if self.get_partial():
            return self._answer(form, variant, noted=noted, asked=not noted)
        messages.success(self.request, noted_text() if noted else asked_text())
        return redirect(variant.url)

    def form_invalid(self, form: AlertForm) -> HttpResponse:
        return self._answer(form, None, status=422)

    def _answer(self, form: AlertForm, variant: VariantInfo | None, *, status: int = 200, **extra: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, variant=variant, **extra), status=status)

    def _variant(self, form: AlertForm) -> VariantInfo:
        variant = variant_by_sku(form.cleaned_data["sku"])
        if variant is None or not variant.visible or variant.price is None:
            raise Http404
        return variant

    def _count_attempt(self, email: str) -> None:
        """Strict by the mail's receiver, who may not have asked; generous by the sender, who may be an office."""
        count_attempts(
            Limit("stock-alert", self.request.META.get("REMOTE_ADDR", ""), PER_VISITOR, HOUR),
            Limit("stock-alert-to", email.lower(), PER_ADDRESS, DAY),
        )


class LinkView(TemplateView):
    """A page behind a link in a mail: looking at it does nothing, its one button does. Kept by nobody."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        # No other site learns the address. With "no-referrer" browsers would post "Origin: null", which is refused.
        response["Referrer-Policy"] = "same-origin"
        return response


class AlertConfirmView(LinkView):
    access = "public"
    template_name = "inventory/alert_confirm.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wish = read_confirm_token(self.kwargs["token"])
        variant = wished_variant(wish) if wish else None
        return super().get_context_data(wish=wish, variant=variant, noindex=True, **kwargs)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        context = self.get_context_data()
        if context["variant"] is None or not services.confirm_alert(wish=context["wish"]):
            return self.render_to_response(context, status=409)
        messages.success(request, noted_text())
        return redirect(context["variant"].url)


class AlertStopView(LinkView):
    access = "public"
    template_name = "inventory/alert_stop.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(email=read_stop_token(self.kwargs["token"]), noindex=True, **kwargs)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        context = self.get_context_data()
        if context["email"] is None:
            return self.render_to_response(context, status=409)
        services.stop_alerts(email=context["email"])
        messages.success(request, _("You get no more mails about sold-out articles."))
        return redirect("catalog:home")


class AlertListView(FragmentMixin, TemplateView):
    access = "signed-in"
    template_name = "inventory/alert_list.html"
    fragments = {"alerts": "alerts"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(alerts=alerts_of(self.request.owner), noindex=True, **kwargs)


class AlertDeleteView(View):
    access = "signed-in"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        StockAlert.objects.for_owner_or_404(request.owner, pk=pk).delete()
        messages.success(request, _("The reminder is removed."))
        view = AlertListView()
        view.setup(request)
        if view.get_partial():
            return view.render_to_response(view.get_context_data())
        return redirect("inventory:alert-list")


def noted_text() -> str:
    return _("We write to you as soon as it is back.")


def asked_text() -> str:
    return _("Please look at your mail: a link in it says that the address is yours. Then we know where to write.")


def _slow_down(request: HttpRequest, refusal: TooManyAttempts) -> HttpResponse:
    response = render(request, "429.html", {"retry_after": refusal.retry_after}, status=429)
    response["Retry-After"] = str(refusal.retry_after)
    return response
