"""Listings: the flat rows that lists, home and search read. Every write to the catalogue ends here."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import batched

from django.db import transaction
from django.db.models import F, Prefetch, Q
from django.tasks import task
from django.utils import timezone

from apps.catalog import search
from apps.catalog.cards import card_version, cards_of
from apps.catalog.errors import NothingToSell
from apps.catalog.models import Listing, OptionValue, Product, Variant
from apps.catalog.services.bodies import add_bodies
from apps.catalog.services.branches import Standing, count_changes
from apps.catalog.services.changes import list_tags, order_tags, tell
from apps.catalog.services.facets import stored_facets, write_facets
from apps.catalog.services.placements import placement_key, write_placements
from apps.catalog.services.prices import note_prices
from apps.catalog.services.summaries import cover, renew_summaries, write_galleries
from apps.pages.services import addresses_moved

BATCH = 500
AT_ONCE = 50
PER_JOB = 200
# What the database keeps of a listing beside its key; what is compared to see whether it has changed.
LISTING_FIELDS = [
    "slug", "title", "subtitle", "translations", "category_path", "price_min", "price_max", "compare_at",
    "lowest_before", "on_sale", "available", "cover", "published_at", "cards", "card_version",
]  # fmt: skip


def publish(product_ids: Iterable[int]) -> None:
    """Bring listings, filter values, kept counts and variant summaries in line with these products.

    A visible product gets or keeps its listing, any other loses it. Safe to repeat; joins the caller's transaction and
    should be its last step but for stock holds, because it locks the products' listings. Up to 50 products follow in
    the transaction of the change; of more, jobs take care, and the caller goes on at once.
    """
    ids = sorted(set(product_ids))
    if len(ids) <= AT_ONCE:
        publish_now(ids)
        return
    with transaction.atomic(savepoint=False):
        for batch in batched(ids, PER_JOB, strict=False):
            publish_later.enqueue(product_ids=list(batch))


def publish_now(product_ids: Iterable[int]) -> None:
    """The same, all in the caller's transaction: for imports, seeds and jobs, which bring their products in batches."""
    for ids in batched(sorted(set(product_ids)), BATCH, strict=False):
        with transaction.atomic(savepoint=False):
            _publish_batch(ids)


@task(max_attempts=4, backoff=10.0, lease=300.0)  # type: ignore[call-overload]  # the stubs lag behind Django 6.1
def publish_later(product_ids: list[int]) -> None:
    """A part of a change of many products. Safe to repeat."""
    publish_now(product_ids)


def unlist(product_ids: Iterable[int]) -> None:
    """Take products off the lists, as before they are deleted; joins the caller's transaction."""
    ids = list(product_ids)
    with transaction.atomic(savepoint=False):
        stored = _lock(ids)
        _take_off(stored)
        tell(ids, {"members"} if stored else set())


def publish_availability(product_ids: Iterable[int], *, counted: Iterable[int] = ()) -> None:
    """Bring "can be bought" of these products' listings in line with their stock; joins the transaction.

    `counted` are products whose page says how many pieces are left. The listings are locked first and the stock is read
    after that, so of two buyers who take the last piece of two variants at once the later one sees the whole. A product
    that stays what it was costs no write.
    """
    ids = sorted(set(product_ids))
    with transaction.atomic(savepoint=False):
        listed = _lock_listings(ids) if ids else []
        sellable = sellable_products(ids) if ids else set()
        changed = [listing for listing in listed if listing.available is not (listing.pk in sellable)]
        _flip(changed)
        if looks_different := {*counted, *(listing.pk for listing in changed)}:
            tell(looks_different, {"stock"} if changed else set())


def _flip(changed: Sequence[Listing]) -> None:
    if changed:
        standings = _standings(changed)
        for listing in changed:
            listing.available = not listing.available
            listing.cards = cards_of(listing)
        Listing.objects.bulk_update(changed, ["available", "cards"], batch_size=BATCH)
        write_placements(changed)
        count_changes((standings[row.pk], Standing.of(row, standings[row.pk].facets)) for row in changed)


def sellable_products(product_ids: Sequence[int]) -> set[int]:
    """Which of these products have a variant with a price and a piece, or a back-order, to sell."""
    return set(
        Variant.objects.filter(product_id__in=product_ids, price__isnull=False)
        .filter(Q(stock__backorder=True) | Q(stock__on_hand__gt=F("stock__reserved")))
        .order_by()
        .values_list("product_id", flat=True)
        .distinct()
    )


def activate_product(*, product: Product) -> Product:
    """Show the product in the shop. Raises NothingToSell without a variant; nothing is changed then."""
    if not product.variants.exists():
        raise NothingToSell
    return _set_status(product, Product.Status.ACTIVE)


def archive_product(*, product: Product) -> Product:
    """Take the product out of the shop; what was sold of it stays readable."""
    return _set_status(product, Product.Status.ARCHIVED)


def _set_status(product: Product, status: Product.Status) -> Product:
    with transaction.atomic():
        product.status = status
        product.save(update_fields=["status", "updated_at"])
        publish([product.pk])
    product.refresh_from_db(fields=["published_at"])
    return product


def save_product(*, product: Product) -> Product:
    """Save a product's own fields; `publish` follows, when all that belongs to it is saved.

    One that has been in the shop before and is not now is found by its old address too, once it is shown again.
    """
    with transaction.atomic():
        old = Product.objects.select_for_update(no_key=True).filter(pk=product.pk).first() if product.pk else None
        product.save()
        if old and old.published_at and old.slug != product.slug:
            addresses_moved({f"/products/{old.slug}/": f"/products/{product.slug}/"})
    return product


def option_key(values: Iterable[OptionValue]) -> str:
    """`Variant.option_key` of a combination: the ids of its values in the order of their options."""
    ordered = sorted(values, key=lambda value: (value.option.position, value.option_id))
    return "-".join(str(value.pk) for value in ordered)


def _publish_batch(ids: Sequence[int]) -> None:
    stored = _lock(ids)
    products = _load(ids)
    write_galleries(products)
    if variants := {*renew_summaries(products), *note_prices(products)}:
        Variant.objects.bulk_update(variants, ["summary", "asked"], batch_size=BATCH)
    visible = [product for product in products if product.is_visible]
    _date_first_publication(visible)
    shown = {product.pk for product in visible}
    _take_off([listing for listing in stored if listing.pk not in shown])
    old = {listing.pk: listing for listing in stored if listing.pk in shown}
    listings = [_listing(product) for product in visible]
    changed = [listing for listing in listings if _differs(listing, old.get(listing.product_id))]
    if changed:
        Listing.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["product"], update_fields=LISTING_FIELDS
        )
    addresses_moved(_moves(changed, old))
    facets = write_facets(visible) if visible else {}
    words_changed = search.index(visible)
    _write_placements(changed, old)
    count_changes(
        (
            Standing.of(old[row.product_id], facets[row.product_id].before) if row.product_id in old else None,
            Standing.of(row, facets[row.product_id].after),
        )
        for row in listings
    )
    tags = {tag for row in changed for tag in list_tags(old.get(row.product_id), row)}
    tags |= order_tags([(old[row.product_id], row) for row in changed if row.product_id in old])
    if len(old) < len(stored) or any(change.before != change.after for change in facets.values()):
        tags.add("members")
    if words_changed:
        tags.add("words")
    tell(ids, tags)
    # Behind it: what a row is left of when they were listed before is held then, or the job might delete it meanwhile.
    if new := [listing.pk for listing in changed if listing.pk not in old]:
        add_bodies(new)


def _moves(changed: Iterable[Listing], old: Mapping[int, Listing]) -> dict[str, str]:
    """From the old to the new address of each product that has another slug than before."""
    pairs = ((old[row.product_id].slug, row.slug) for row in changed if row.product_id in old)
    return {f"/products/{before}/": f"/products/{after}/" for before, after in pairs if before != after}


def _lock(ids: Sequence[int]) -> list[Listing]:
    """Two writers of one product take turns; what they read, they read after the lock. The listings as they are."""
    locked = Product.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    list(locked.values_list("pk", flat=True))
    return _lock_listings(ids)


def _lock_listings(ids: Sequence[int]) -> list[Listing]:
    return list(Listing.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def _take_off(listings: Sequence[Listing]) -> None:
    if not listings:
        return
    standings = _standings(listings)
    Listing.objects.filter(pk__in=[listing.pk for listing in listings]).delete()
    count_changes((standing, None) for standing in standings.values())


def _standings(listings: Iterable[Listing]) -> dict[int, Standing]:
    rows = list(listings)
    facets = stored_facets([row.pk for row in rows])
    return {row.pk: Standing.of(row, facets[row.pk]) for row in rows}


def _differs(listing: Listing, stored: Listing | None) -> bool:
    return stored is None or any(getattr(listing, name) != getattr(stored, name) for name in LISTING_FIELDS)


def _write_placements(changed: Sequence[Listing], old: Mapping[int, Listing]) -> None:
    left, moved = [], []
    for row in changed:
        before = old.get(row.product_id)
        if before is None or placement_key(before) != placement_key(row):
            moved.append(row)
        if before is not None and before.category_path != row.category_path:
            left.append(row.product_id)
    write_placements(moved, left)


def _load(ids: Sequence[int]) -> list[Product]:
    values = OptionValue.objects.select_related("option").order_by("option__position", "option_id", "position", "pk")
    variants = Variant.objects.select_related("stock").prefetch_related(Prefetch("values", values))
    return list(
        Product.objects.filter(pk__in=ids)
        .select_related("category")
        .prefetch_related(Prefetch("variants", variants), "images")
        .order_by("pk")
    )


def _date_first_publication(products: Iterable[Product]) -> None:
    undated = [product for product in products if product.published_at is None]
    now: datetime = timezone.now()
    for product in undated:
        product.published_at = now
    if undated:
        Product.objects.filter(pk__in=[product.pk for product in undated]).update(published_at=now)


def _listing(product: Product) -> Listing:
    row = _row(product)
    row.cards, row.card_version = cards_of(row), card_version()
    return row


def _row(product: Product) -> Listing:
    variants = list(product.variants.all())
    priced = sorted((v for v in variants if v.price is not None), key=lambda v: v.price or 0)
    return Listing(
        product_id=product.pk,
        slug=product.slug,
        title=product.title,
        subtitle=product.subtitle,
        translations={
            language: {field: texts[field] for field in ("title", "subtitle") if texts.get(field)}
            for language, texts in product.translations.items()
        },
        category_path=f"{product.category.path}/" if product.category else "",
        price_min=priced[0].price if priced else None,
        price_max=priced[-1].price if priced else None,
        compare_at=priced[0].compare_at_price if priced else None,
        lowest_before=priced[0].lowest_before if priced else None,
        on_sale=any(v.compare_at_price is not None for v in priced),
        available=any(_can_sell(v) for v in priced),
        cover=cover(product),
        published_at=product.published_at or timezone.now(),
    )


def _can_sell(variant: Variant) -> bool:
    stock = getattr(variant, "stock", None)
    return stock is not None and stock.can_sell(1)
