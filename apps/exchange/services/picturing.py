"""Pictures of an import, fetched after its chunk: a host that does not answer holds nobody up."""

from typing import Any

from django.db import transaction

from apps.catalog.importing.drafts import PictureDraft, ProductDraft, VariantDraft
from apps.catalog.importing.fetching import Fetcher
from apps.catalog.importing.pictures import Pictures
from apps.catalog.importing.writing import Written
from apps.catalog.services.picture_states import differences, picture_states
from apps.exchange.models import Import, ImportRow
from apps.exchange.services.moving import add_counts


def attach(*, job_id: int, products: list[dict[str, Any]], fetcher: Fetcher | None = None) -> None:
    """Bring the pictures of these products in line with the file. Safe to repeat; does nothing once it is undone."""
    if not Import.objects.filter(pk=job_id, state__in=(Import.State.RUNNING, Import.State.DONE)).exists():
        return
    drafts = [_draft(product) for product in products]
    keys = {product["slug"]: product["product_id"] for product in products}
    known = picture_states(keys.values())
    written = Written(product_ids=keys)
    result = Pictures(fetcher or Fetcher(), None, False).attach(drafts, written)
    now = picture_states(keys.values())
    changes = {pk: differences(before, now[pk]) for pk, before in known.items() if pk in now}
    of_product = {product["product_id"]: draft for product, draft in zip(products, drafts, strict=True)}
    with transaction.atomic():
        job = Import.objects.select_for_update().get(pk=job_id)
        add_counts(job.counts, "pictures", result.counts)
        job.version += 1
        job.save(update_fields=["counts", "version"])
        ImportRow.objects.bulk_create(
            [
                *(
                    ImportRow(
                        job=job,
                        number=number,
                        kind="picture",
                        outcome="failed",
                        handle=source[:255],
                        reason=reason[:500],
                    )
                    for number, source, reason in result.failures
                ),
                *(
                    _row(job, "created", of_product[image["product_id"]], image, made={"pictures": [pk]})
                    for pk, image in now.items()
                    if pk not in known
                ),
                *(
                    _row(
                        job, "updated", of_product[now[pk]["product_id"]], now[pk], made={"changed": pk}, fields=fields
                    )
                    for pk, fields in changes.items()
                    if fields
                ),
            ]
        )


def _row(job: Import, outcome: str, draft: ProductDraft, image: dict[str, Any], **more: Any) -> ImportRow:
    return ImportRow(
        job=job,
        number=draft.lead_row,
        kind="picture",
        outcome=outcome,
        handle=draft.handle,
        product_id=image["product_id"],
        **more,
    )


def _draft(product: dict[str, Any]) -> ProductDraft:
    draft = ProductDraft(product["slug"], product["slug"], [p["row"] for p in product["pictures"]])
    draft.states_positions = product["states_positions"]
    if product["title"]:
        draft.fields["title"] = product["title"]
    for said in product["pictures"]:
        variant_id = said.pop("variant_id")
        picture = PictureDraft(**said)
        if variant_id:
            picture.variant = VariantDraft(said["row"], (), "", {}, pk=variant_id)
        draft.pictures.append(picture)
    return draft
