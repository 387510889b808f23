"""A whole selection changed by one plan: looked at first, then written chunk by chunk, and taken back if it must be.

Each step is a job that goes on where a killed one stopped: a chunk of products, what became of their rows and the
counts that say so are one transaction.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.db import reset_queries, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.catalog.models import Product, Variant
from apps.catalog.selectors.variants import found_by
from apps.core import crash
from apps.core.turns import Turns
from apps.exchange.errors import NothingChosen, NothingTyped, NotNow, Obstacle
from apps.exchange.models import BulkEdit, EditRow
from apps.exchange.services.bringing import Direction, bring
from apps.exchange.services.columns import PRODUCT_FIELDS, VARIANT_FIELDS, Fields, Plan, product_fields, variant_fields
from apps.exchange.services.moving import add_counts, move
from apps.exchange.services.speaking import asked_in

CHUNK = 25  # products of one transaction
SLICE_SECONDS = 100.0
KEPT = timedelta(days=30)
State, Outcome = BulkEdit.State, EditRow.Outcome
FINISHED = {State.CHECKING: State.CHECKED, State.RUNNING: State.DONE, State.UNDOING: State.UNDONE}


def plan_selection(
    *, products: Sequence[int], term: str = "", plan: Plan, reason: str, note: str = "", actor: Any = None
) -> BulkEdit:
    """Ask a job to look what the plan makes of these products, and of those variants that the term finds.

    Raises NothingTyped for a plan that says nothing and NothingChosen; nothing is kept then.
    """
    from apps.exchange.tasks import work_edit as job

    if not plan:
        raise NothingTyped
    if not products:
        raise NothingChosen
    with transaction.atomic():
        edit = BulkEdit.objects.create(
            state=State.CHECKING, plan=plan, chosen=sorted(products), term=term, total=len(products),
            reason=reason, note=note, actor=actor,
        )  # fmt: skip
        job.enqueue(edit.pk, language=asked_in())
    return edit


def forget_plans() -> int:
    """Delete what was looked at and never made in a month: it has changed nothing, so it is no history."""
    plans = BulkEdit.objects.filter(state__in=[State.CHECKING, State.CHECKED], made_at__lt=timezone.now() - KEPT)
    return plans.delete()[0]


def start_edit(*, edit: BulkEdit) -> None:
    """Write what was shown, or go on with it. Raises NotNow, and NothingTyped if nothing would change.

    Nothing is changed then.
    """
    if edit.state == State.CHECKED and not edit.can_start:
        raise NothingTyped
    first = {"made_at": timezone.now()} if edit.state == State.CHECKED else {}
    _start(edit, State.RUNNING, Outcome.PLANNED, **first)


def stop_edit(*, edit: BulkEdit) -> None:
    """Let the job end with the products it is at; the rest can follow later or not at all. Raises NotNow."""
    move(edit, State.STOPPED)


def start_undo_of_edit(*, edit: BulkEdit, actor: Any = None) -> None:
    """Take the whole edit back, by a job; the stock ledger names `actor`. Raises NotNow; nothing is changed then."""
    if not edit.can_undo:
        raise NotNow
    with transaction.atomic():
        _start(edit, State.UNDOING, Outcome.CHANGED, actor)
        if left := edit.rows.filter(outcome=Outcome.PLANNED).update(outcome=Outcome.LEFT):
            add_counts(edit.counts, "rows", {Outcome.PLANNED: -left, Outcome.LEFT: left})
            edit.save(update_fields=["counts"])


def _start(edit: BulkEdit, state: str, waiting: str, actor: Any = None, **fields: Any) -> None:
    from apps.exchange.tasks import work_edit as job

    with transaction.atomic():
        products = edit.rows.filter(outcome=waiting).order_by().values("product_id").distinct()
        move(edit, state, total=products.count(), done=0, **fields)
        job.enqueue(edit.pk, language=asked_in(), actor_id=actor.pk if actor else None)


def work_edit(*, edit_id: int, actor_id: int | None = None) -> None:
    """Go on with the step at hand for a while; asks for another job if it is not at its end. Safe to repeat."""
    from apps.exchange.tasks import work_edit as job

    edit = BulkEdit.objects.filter(pk=edit_id, state__in=BulkEdit.WORKING).first()
    if edit is None:
        return
    actor = get_user_model().objects.filter(pk=actor_id).first() if actor_id else None
    steps: dict[str, Callable[[BulkEdit], int]] = {
        State.CHECKING: partial(_look_at_some, edit.chosen),
        State.RUNNING: _write_some,
        State.UNDOING: partial(_undo_some, actor),
    }
    ends, turns = time.monotonic() + SLICE_SECONDS, Turns()
    while _step(edit_id, edit.state, steps[edit.state]):
        crash.point("exchange.edit.chunk_written")
        turns.between()
        reset_queries()  # while debugging, Django keeps the last 9000 statements
        if time.monotonic() > ends:
            job.enqueue(edit_id, language=asked_in(), actor_id=actor_id)
            return


def _step(edit_id: int, state: str, act: Callable[[BulkEdit], int]) -> bool:
    """One chunk, if the edit is still in this state; the lock makes two workers take turns. Whether there is more."""
    with transaction.atomic():
        locked = BulkEdit.objects.select_for_update(of=("self",)).select_related("actor").defer("chosen", "changes")
        edit = locked.filter(pk=edit_id, state=state).first()
        if edit is None:
            return False
        number, fields = act(edit), ["state", "done", "counts", "version", "undone_at"]
        if not number:
            edit.state, edit.chosen = FINISHED[State(edit.state)], []
            edit.undone_at = timezone.now() if edit.state == State.UNDONE else None
            fields.append("chosen")
        edit.done += number
        edit.version += 1
        edit.save(update_fields=fields)
    return bool(number)


def _look_at_some(chosen: Sequence[int], edit: BulkEdit) -> int:
    if not (ids := chosen[edit.done : edit.done + CHUNK]):
        return 0
    rows = list(_rows(edit, ids))
    EditRow.objects.bulk_create([row for row in rows if row.fields or row.problem], batch_size=500)
    add_counts(edit.counts, "rows", Counter(row.outcome if row.fields or row.problem else "unchanged" for row in rows))
    planned = [name for row in rows if row.outcome == Outcome.PLANNED for name in row.fields]
    add_counts(edit.counts, "fields", Counter(planned))
    return len(ids)


def _rows(edit: BulkEdit, product_ids: Sequence[int]) -> Iterator[EditRow]:
    """What would become of each product and variant, the unchanged ones included."""
    products = Product.objects.filter(pk__in=product_ids).defer("description", "translations").order_by("pk")
    variants = Variant.objects.filter(product_id__in=product_ids).select_related("stock").order_by("position", "pk")
    if edit.term:
        variants = variants.filter(found_by(edit.term))
    of_product: dict[int, list[Variant]] = {}
    for variant in variants:
        of_product.setdefault(variant.product_id, []).append(variant)
    for product in products:
        own = of_product.get(product.pk, [])
        if any(name in edit.plan for name in PRODUCT_FIELDS):
            yield _row(edit, product, None, partial(product_fields, edit.plan, product, has_variants=bool(own)))
        if any(name in edit.plan for name in VARIANT_FIELDS):
            yield from (_row(edit, product, one, partial(variant_fields, edit.plan, one)) for one in own)


def _row(edit: BulkEdit, product: Product, variant: Variant | None, fields_of: Callable[[], Fields]) -> EditRow:
    row = EditRow(
        edit=edit,
        kind="product" if variant is None else "variant",
        row_id=product.pk if variant is None else variant.pk,
        product_id=product.pk,
        title=product.title,
        sku="" if variant is None else variant.sku,
        outcome=Outcome.PLANNED,
    )
    try:
        row.fields = fields_of()
    except Obstacle as obstacle:
        row.outcome, row.problem, row.fields = Outcome.REFUSED, obstacle.problem, obstacle.fields
    return row


def _write_some(edit: BulkEdit) -> int:
    rows = _waiting(edit, Outcome.PLANNED)
    problems = bring(rows, Direction(0, 1, edit.reason, edit.note, edit.actor))
    for row in rows:
        row.problem = problems.get(row.pk, "")
        stale = row.problem in {EditRow.Problem.MEANWHILE, EditRow.Problem.GONE}
        row.outcome = (Outcome.SKIPPED if stale else Outcome.REFUSED) if row.problem else Outcome.CHANGED
    return _account(edit, Outcome.PLANNED, rows)


def _undo_some(actor: Any, edit: BulkEdit) -> int:
    rows = _waiting(edit, Outcome.CHANGED)
    problems = bring(rows, Direction(1, 0, edit.reason, _("Bulk edit undone"), actor))
    for row in rows:
        row.problem = problems.get(row.pk, "")
        row.outcome = Outcome.KEPT if row.problem else Outcome.UNDONE
    return _account(edit, Outcome.CHANGED, rows)


def _waiting(edit: BulkEdit, outcome: str) -> list[EditRow]:
    """The rows of the next products that wait in this outcome."""
    rows = edit.rows.filter(outcome=outcome)
    products = list(rows.order_by("product_id").values_list("product_id", flat=True).distinct()[:CHUNK])
    return list(rows.filter(product_id__in=products).order_by("product_id", "pk"))


def _account(edit: BulkEdit, before: str, rows: Sequence[EditRow]) -> int:
    became: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        became.setdefault((row.outcome, row.problem), []).append(row.pk)
    for (outcome, problem), keys in became.items():
        edit.rows.filter(pk__in=keys).update(outcome=outcome, problem=problem)
    add_counts(edit.counts, "rows", {before: -len(rows)} | Counter(row.outcome for row in rows))
    return len({row.product_id for row in rows})
