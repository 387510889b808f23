from typing import Any

from django.conf import settings
from django.db import connections, models
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

    def write_once(self, message: "Message") -> bool:
        """Insert the message unless its event was told to that person; then False, and nothing has changed.

        One statement, since Django's own way to ignore a conflict does not say whether there was one.
        """
        connection = connections[self.db]
        fields = [field for field in self.model._meta.concrete_fields if not field.primary_key]
        values = [field.get_db_prep_save(field.pre_save(message, True), connection) for field in fields]
        columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
        places = ", ".join(["%s"] * len(fields))
        table = connection.ops.quote_name(str(self.model._meta.db_table))
        with connection.cursor() as cursor:
            # Names of our own table and columns only; every value is a parameter.
            cursor.execute(
                f"INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING RETURNING id",  # noqa: S608
                values,
            )
            row = cursor.fetchone()
        if row is None:
            return False
        message.pk, message._state.adding, message._state.db = row[0], False, self.db
        return True

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
