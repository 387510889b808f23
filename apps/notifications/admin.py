from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import urlize
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import services
from .models import Message, State

_EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]
_TONES = {State.QUEUED: "info", State.SENT: "ok", State.FAILED: "danger", State.DISCARDED: "muted"}


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """Read what people were told; send it again or discard it. The content of secret messages is never shown."""

    list_display = ("kind", "badge", "recipient", "created_at", "sent_at", "attempts")
    list_filter = ("state",)
    search_fields = ("recipient",)
    search_help_text = _("Part of the recipient's address")
    ordering = ("-created_at",)
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ("send_again", "discard")
    change_form_template = "notifications/message_change_form.html"
    fields = (
        "kind",
        "badge",
        "recipient",
        "language",
        "title",
        "content",
        "created_at",
        "sent_at",
        "attempts",
        "last_error",
        "event_id",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        everything = super().get_queryset(request)
        if request.resolver_match and request.resolver_match.url_name == "notifications_message_changelist":
            return everything.defer("text", "html")
        return everything

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only the filters of the list: `?text__contains=` would read a secret message letter by letter."""
        return lookup.partition("__")[0] in self.list_filter

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Our buttons stand where "save" would; the menu of actions would say the same a second time."""
        return super().render_change_form(request, {**context, "action_form": None}, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    @admin.display(description=_("state"), ordering="state")
    def badge(self, message: Message) -> str:
        state = State(message.state)
        return format_html('<span class="badge badge--{}">{}</span>', _TONES[state], state.label)

    @admin.display(description=_("subject"))
    def title(self, message: Message) -> Any:
        return _("Secret") if message.secret else message.subject

    @admin.display(description=_("text"))
    def content(self, message: Message) -> Any:
        if message.secret:
            return _("The content of this message is for its recipient only; it is deleted once it is sent.")
        return format_html("<pre>{}</pre>", urlize(message.text, autoescape=True))

    @admin.action(description=_("Send again"), permissions=["change"], location=_EVERYWHERE)
    def send_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        done = self._each(request, queryset, services.send_again)
        if done:
            text = ngettext("%d message will be sent again.", "%d messages will be sent again.", done) % done
            self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=_("Discard"), permissions=["change"], location=_EVERYWHERE)
    def discard(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        done = self._each(request, queryset, services.discard)
        if done:
            text = ngettext("%d message is discarded.", "%d messages are discarded.", done) % done
            self.message_user(request, text, messages.SUCCESS)

    def _each(self, request: HttpRequest, queryset: QuerySet[Message], service: Any) -> int:
        """How many messages the service changed; the others are told of, once."""
        done = refused = 0
        for pk in queryset.values_list("pk", flat=True):
            try:
                service(message_id=pk)
                done += 1
            except services.MoveRefusedError:
                refused += 1
        if refused:
            self.message_user(request, _("Some messages are in a state that does not allow this."), messages.WARNING)
        return done
