"""An import taken back, product by product. What changed or was sold since stays, and the page says why."""

import time
from collections.abc import Sequence
from itertools import batched
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from apps.catalog.errors import StockPromised, VariantSold
from apps.catalog.models import Product, ProductImage, StockMovement, Variant
from apps.catalog.services import archive_product, delete_empty_categories, lock_with_stock, matrix, publish_now
from apps.catalog.services.picture_states import restore_picture
from apps.catalog.services.restoring import STOCK_FIELDS, current_values, drop_unused_values, set_fields, set_stock
from apps.core import crash
from apps.core.turns import Turns
from apps.exchange.errors import Kept, NotNow
from apps.exchange.models import Import, ImportRow
from apps.exchange.services.moving import add_counts, move
from apps.exchange.services.speaking import asked_in
from apps.orders.models import OrderLine

CHUNK = 20
SLICE_SECONDS = 100.0
TOUCHED = (ImportRow.Outcome.CREATED, ImportRow.Outcome.UPDATED)


def start_undo(*, job: Import, actor: Any = None) -> None:
    """Take the whole import back, by a job; the stock ledger names `actor`.

    Raises NotNow unless it has run; nothing is changed then.
    """
    from apps.exchange.tasks import undo_import

    if not job.has_run:
        raise NotNow
    with transaction.atomic():
        products = job.rows.filter(outcome__in=TOUCHED).exclude(product_id=None).order_by()
        total = products.values("product_id").distinct().count()
        move(job, Import.State.UNDOING, position=0, rows_done=0, total=total)
        undo_import.enqueue(job.pk, language=asked_in(), actor_id=actor.pk if actor else None)


def undo_step(*, job_id: int, actor_id: int | None = None) -> None:
    """Go on with undoing for a while, for whom it is undone. Safe to repeat."""
    from apps.exchange.tasks import undo_import

    job = Import.objects.filter(pk=job_id, state=Import.State.UNDOING).first()
    if job is None:
        return
    actor = get_user_model().objects.filter(pk=actor_id).first() if actor_id else None
    ends, turns = time.monotonic() + SLICE_SECONDS, Turns()
    touched = job.rows.filter(outcome__in=TOUCHED).exclude(product_id=None).order_by("product_id")
    products = touched.filter(product_id__gt=job.position).values_list("product_id", flat=True).distinct()
    try:
        for chunk in batched([int(key) for key in products if key], CHUNK, strict=False):
            _undo_chunk(job, chunk, actor)
            crash.point("exchange.undo.chunk_written")
            turns.between()
            if time.monotonic() > ends:
                undo_import.enqueue(job.pk, language=asked_in(), actor_id=actor_id)
                return
        with transaction.atomic():
            delete_empty_categories(paths=job.categories)
            # The bar counted products; from now on it is the file's rows again.
            move(job, Import.State.UNDONE, total=sum(job.counts.get("outcomes", {}).values()))
    except NotNow:
        return  # another worker is at it


def _undo_chunk(job: Import, product_ids: Sequence[int], actor: Any) -> None:
    with transaction.atomic():
        here = Import.objects.select_for_update().get(pk=job.pk)
        if (here.state, here.position) != (job.state, job.position):
            raise NotNow
        lock_with_stock(product_ids)
        new: list[Product] = []
        for product_id in product_ids:
            rows = list(here.rows.filter(product_id=product_id).order_by("number", "pk"))
            try:
                with transaction.atomic():
                    new += _undo_product(here, product_id, rows, actor)
                add_counts(here.counts, "undo", {"undone": 1})
            except (Kept, StockPromised, VariantSold) as refusal:
                here.rows.filter(product_id=product_id, kind="product").update(kept=str(refusal)[:300])
                add_counts(here.counts, "undo", {"kept": 1})
        if new:
            _take_away(new)
        here.position = product_ids[-1]
        here.rows_done += len(product_ids)
        here.version += 1
        here.save(update_fields=["counts", "position", "rows_done", "version"])
    job.position = here.position


def _undo_product(job: Import, product_id: int, rows: Sequence[ImportRow], actor: Any) -> list[Product]:
    """The product itself if it is to be deleted, which the caller does for many at once.

    Raises Kept, VariantSold or StockPromised; the caller's savepoint takes everything back then.
    """
    product = Product.objects.select_for_update(no_key=True).filter(pk=product_id).first()
    if product is None:
        raise Kept(_("The product does not exist any more."))
    head = next((row for row in rows if row.kind == ImportRow.Kind.PRODUCT), None)
    variants = {variant.pk: variant for variant in product.variants.all()}
    of_variants = [row for row in rows if row.kind == ImportRow.Kind.VARIANT and row.outcome in TOUCHED]
    _insist_on_unchanged(product, head, variants, of_variants)
    is_new = head is not None and head.outcome == ImportRow.Outcome.CREATED
    sold = OrderLine.unscoped.filter(variant__product=product_id, order__placed_at__gte=job.started_at).exists()
    if is_new:
        if not sold:
            return [product]
        archive_product(product=product)
        return []
    if sold:
        raise Kept(_("It was sold since."))
    _restore(product, head, variants, of_variants, rows, actor)
    return []


def _insist_on_unchanged(
    product: Product, head: ImportRow | None, variants: dict[int, Variant], rows: Sequence[ImportRow]
) -> None:
    changed = Kept(_("It was changed since."))
    if head is not None and head.stamp != product.updated_at:
        raise changed
    for row in rows:
        variant = variants.get(row.variant_id or 0)
        if variant is None:
            raise changed
        # A first count of nothing is told of no field; whatever is on the shelf of it came later.
        after = {"on_hand": 0} if row.outcome == ImportRow.Outcome.CREATED else {}
        after |= {name: values[1] for name, values in row.fields.items()}
        if current_values(row=variant, names=after) != after:
            raise changed


def _take_away(products: Sequence[Product]) -> None:
    """Delete what the import made; what an order names all the same is archived, and stays on it."""
    try:
        matrix.delete_products(products=products)
    except VariantSold:
        if len(products) == 1:
            archive_product(product=products[0])
            return
        for product in products:
            _take_away([product])


def _restore(
    product: Product,
    head: ImportRow | None,
    variants: dict[int, Variant],
    of_variants: Sequence[ImportRow],
    rows: Sequence[ImportRow],
    actor: Any,
) -> None:
    made = [row for row in of_variants if row.outcome == ImportRow.Outcome.CREATED]
    updated = [row for row in of_variants if row.outcome == ImportRow.Outcome.UPDATED]
    _restore_pictures(rows)
    matrix.delete_variants(variants=[variants[row.variant_id or 0] for row in made])
    for row in updated:
        before = {name: values[0] for name, values in row.fields.items()}
        set_fields(row=variants[row.variant_id or 0], values=before)
    if head is not None:
        drop_unused_values(options=head.made.get("options", []), values=head.made.get("values", []))
    set_fields(row=product, values={name: values[0] for name, values in (head.fields if head else {}).items()})
    publish_now([product.pk])
    for row in sorted(updated, key=lambda row: row.variant_id or 0):
        stock = {name: values[0] for name, values in row.fields.items() if name in STOCK_FIELDS}
        if stock:
            set_stock(
                variant=variants[row.variant_id or 0],
                values=stock,
                reason=StockMovement.Reason.IMPORT,
                note=_("Import undone"),
                actor=actor,
            )


def _restore_pictures(rows: Sequence[ImportRow]) -> None:
    """Before variants are deleted, which their pictures would forget. One that was changed since stays as it is."""
    ProductImage.objects.filter(pk__in=[pk for row in rows for pk in row.made.get("pictures", ())]).delete()
    for row in reversed(rows):
        if "changed" in row.made:
            restore_picture(image_id=row.made["changed"], fields=row.fields)
