"""The steps on an order that orders itself knows: cancelling, notes, links, attention."""

from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.orders import services
from apps.orders.admin.actions import form_url, step_url
from apps.orders.models import Order
from apps.users.models import User


class InvalidNote(DomainError):
    message = _("Write a note of up to 300 characters first.")


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note for your colleagues"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class CancelForm(forms.Form):
    restock = forms.ChoiceField(
        label=_("The goods"),
        choices=[("yes", _("Put them back for sale")), ("no", _("Write them off as lost or broken"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The customer can read it."),
        max_length=300,
        required=False,
        validators=[ProhibitNullCharactersValidator()],
    )

    def take(self, order: Order, actor: User) -> str:
        services.cancel_order(
            order_id=order.pk,
            restock=self.cleaned_data["restock"] == "yes",
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        return gettext("Order %(number)s is cancelled.") % {"number": order.number}


def add_note(request: HttpRequest, order: Order) -> str:
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise InvalidNote
    services.add_note(order_id=order.pk, text=form.cleaned_data["text"], actor=_actor(request))
    return gettext("The note is in the timeline.")


def settle(request: HttpRequest, order: Order) -> str:
    services.settle_attention(order_id=order.pk, actor=_actor(request))
    return gettext("Marked as looked after.")


def revoke_links(request: HttpRequest, order: Order) -> str:
    ended = services.revoke_guest_links(order=order)
    return ngettext("%d link works no more.", "%d links work no more.", ended) % ended


def urls() -> list[URLPattern]:
    wording: dict[str, Any] = {
        "title": _("Cancel the order"),
        "lead": _("An open payment is closed first. If it was paid already, all that is left of the money goes back."),
        "button": _("Cancel the order"),
        "danger": True,
    }
    change = "orders.change_order"
    return [
        form_url("cancel", "orders_order_cancel", "orders.cancel_order", CancelForm, wording),
        step_url("note", "orders_order_note", change, add_note),
        step_url("settle", "orders_order_settle", change, settle),
        step_url("revoke-links", "orders_order_revoke", change, revoke_links),
    ]


def _actor(request: HttpRequest) -> Any:
    return request.user
