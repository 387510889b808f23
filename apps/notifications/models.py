from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    DISCARDED = "discarded", _("Discarded")


# What may become what. Back to queued is staff's "send again".
MOVES: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.SENT, State.FAILED, State.DISCARDED}),
    State.FAILED: frozenset({State.QUEUED, State.SENT, State.FAILED, State.DISCARDED}),
    State.SENT: frozenset({State.QUEUED}),
    State.DISCARDED: frozenset(),
}


class MessageQuerySet(models.QuerySet["Message"]):
    def move(self, to: State, **changes: Any) -> int:
        """Compare-and-set: those rows whose state allows the move get it; returns how many."""
        sources = [state for state, targets in MOVES.items() if to in targets]
        return self.filter(state__in=sources).update(state=to, **changes)

    def deliverable(self, *, message_id: int, delivery: int) -> "MessageQuerySet":
        """The message, while this delivery of it is still to be made."""
        waiting = (State.QUEUED, State.FAILED)
        return self.filter(pk=message_id, delivery=delivery, state__in=waiting)


class Message(models.Model):
    """One text for one person about one event, and what became of it."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("Email")

    kind = models.CharField(_("kind"), max_length=64)
    event_id = models.CharField(_("event"), max_length=128)
    recipient = models.CharField(_("recipient"), max_length=254)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
    )
    channel = models.CharField(_("channel"), max_length=16, choices=Channel, default=Channel.EMAIL)
    language = models.CharField(_("language"), max_length=16)
    subject = models.CharField(_("subject"), max_length=255, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    attachments = models.JSONField(
        _("attachments"), default=list, blank=True, help_text=_("Kind and reference of each.")
    )
    secret = models.BooleanField(_("secret"), default=False)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.QUEUED)
    # Which delivery the queued job makes; "send again" starts the next, so an older job finds nothing to do.
    delivery = models.PositiveSmallIntegerField(_("delivery"), default=1)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        app_label = "notifications"
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "event_id", "recipient"], name="notifications_one_message_per_event"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="notifications_state_known"),
            models.CheckConstraint(
                condition=Q(secret=False)
                | ~Q(state__in=[State.SENT, State.DISCARDED])
                | Q(subject="", text="", html=""),
                name="notifications_secret_is_forgotten",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="notifications_newest"),
            models.Index(fields=["state", "-created_at"], name="notifications_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.recipient}"

    @property
    def can_be_sent_again(self) -> bool:
        return State.QUEUED in MOVES[State(self.state)] and bool(self.text or self.html)

    @property
    def can_be_discarded(self) -> bool:
        return State.DISCARDED in MOVES[State(self.state)]
