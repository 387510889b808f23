"""What reconciliation found and may not mend by itself, with the one step that mends it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.badges import badge
from apps.core.errors import DomainError
from apps.core.kept_rows import ReadOnlyAdmin
from apps.payments import tasks
from apps.payments.models import Payment, Problem
from apps.payments.services import problems
from apps.payments.services.applying import OTHER_ORDER

Kind = Problem.Kind
SETTLE = "payments.settle_problem"
SHOWN = 200
TONES = {Kind.UNKNOWN_MONEY: "danger", Kind.NOT_GIVEN_BACK: "danger", Kind.MISMATCH: "danger", Kind.BOOKS: "danger"}


# What `problems.recheck` answers beside the states of a payment; anything else is shown as it is.
OUTCOMES = {
    "no payment": _("there is no payment to ask about"),
    "no change": _("nothing new"),
    "not decided yet": _("it is not decided yet"),
    "unknown to the provider": _("it knows nothing of this payment"),
    OTHER_ORDER: _("it names another order"),
    "paid": _("the order is paid"),
    "repeated": _("it was taken in before"),
    "twice": _("the order was paid already, so the money goes back"),
    "wrong_amount": _("the amount is not the order's, so the money goes back"),
    "too_late": _("the order was closed, so the money goes back"),
}


def outcome_text(outcome: str) -> str:
    if outcome in Payment.State.values:
        return str(Payment.State(outcome).label)
    return str(OUTCOMES.get(outcome, outcome))


def give_back(request: HttpRequest, problem_id: int) -> str:
    refund = problems.return_money(problem_id=problem_id)
    return gettext("%(money)s is on its way back.") % {"money": refund.money}


def recheck(request: HttpRequest, problem_id: int) -> str:
    outcome = problems.recheck(problem_id=problem_id)
    return gettext("The provider was asked: %(outcome)s.") % {"outcome": outcome_text(outcome)}


def mark_seen(request: HttpRequest, problem_id: int) -> str:
    problems.mark_seen(problem_id=problem_id, actor=request.user)  # type: ignore[arg-type]
    return gettext("Marked as seen.")


def actions_of(problem: Problem) -> list[tuple[str, Any, bool]]:
    """URL name, label and whether it is the step that mends it."""
    found: list[tuple[str, Any, bool]] = []
    if problem.kind == Kind.NOT_GIVEN_BACK:
        found.append(("admin:payments_problem_give_back", _("Give it back"), True))
    if problem.payment_id is not None:
        found.append(("admin:payments_problem_recheck", _("Ask the provider"), problem.kind != Kind.NOT_GIVEN_BACK))
    if problem.seen_at is None:
        found.append(("admin:payments_problem_seen", _("Mark as seen"), False))
    return found


@admin.register(Problem)
class ProblemAdmin(ReadOnlyAdmin):
    list_display = ("sentence", "kind", "found_at", "seen_at")
    fields = ("kind", "sentence", "payment", "found_at", "seen_at", "seen_by")
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        return [
            path("now/", self.admin_site.admin_view(self.reconcile_now), name="payments_problem_now"),
            self._step("give-back", "payments_problem_give_back", give_back),
            self._step("recheck", "payments_problem_recheck", recheck),
            self._step("seen", "payments_problem_seen", mark_seen),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        found = Problem.objects.select_related("payment__order", "seen_by")
        newest = found.order_by(F("seen_at").asc(nulls_first=True), "-pk")[:SHOWN]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reconciliation"),
            "rows": [(problem, self._badge(problem), actions_of(problem)) for problem in newest],
            "can_settle": request.user.has_perm(SETTLE),
        }
        return TemplateResponse(request, "admin/payments/problem/page.html", context)

    def reconcile_now(self, request: HttpRequest) -> HttpResponse:
        """Ask for the whole comparison now; it is a job, because providers take their time."""
        if not request.user.has_perm(SETTLE):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        tasks.reconcile_books.enqueue()
        messages.success(request, gettext("The comparison has begun. Look again in a minute."))
        return redirect("admin:payments_problem_changelist")

    def _step(self, route: str, name: str, take: Callable[[HttpRequest, int], str]) -> URLPattern:
        def view(request: HttpRequest, problem_id: int) -> HttpResponse:
            if not request.user.has_perm(SETTLE):
                raise PermissionDenied
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            try:
                messages.success(request, take(request, problem_id))
            except Problem.DoesNotExist as error:
                raise Http404 from error
            except DomainError as refusal:
                messages.error(request, str(refusal))
            return redirect("admin:payments_problem_changelist")

        return path(f"<int:problem_id>/{route}/", self.admin_site.admin_view(view), name=name)

    @admin.display(description=_("what was found"))
    def sentence(self, problem: Problem) -> str:
        return problem.sentence

    def _badge(self, problem: Problem) -> str:
        return badge(problem.get_kind_display(), "muted" if problem.seen_at else TONES.get(Kind(problem.kind), "warn"))
