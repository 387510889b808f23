"""Drafts into the catalogue, a batch in one transaction; a batch that fails is tried again product by product."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.catalog.importing.categories import CategoryTree
from apps.catalog.importing.changes import Change, Fields, fill, of_new
from apps.catalog.importing.drafts import ProductDraft, VariantDraft
from apps.catalog.importing.matching import match_variants
from apps.catalog.importing.naming import Skus
from apps.catalog.importing.options import Options
from apps.catalog.importing.stocktaking import StockTaking
from apps.catalog.importing.translating import merged
from apps.catalog.models import OptionValue, Product, Variant
from apps.catalog.models.product import TaxClass
from apps.catalog.services import lock_with_stock, option_key, publish_now

PRODUCT_FIELDS = [
    "title", "subtitle", "description", "vendor", "category", "tax_class", "status", "seo_title", "seo_description",
    "translations", "updated_at",
]  # fmt: skip
VARIANT_FIELDS = ["sku", "merchant_sku", "option_key", "price", "compare_at_price", "weight_grams", "barcode"]
RANK = {"unchanged": 0, "updated": 1, "created": 2}


@dataclass(slots=True)
class Written:
    """What became of a batch. Nothing here is true before its transaction has committed."""

    rows: dict[int, str] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    notes: list[tuple[int, str]] = field(default_factory=list)
    products: Counter[str] = field(default_factory=Counter)
    variants: Counter[str] = field(default_factory=Counter)
    derived: list[tuple[int, str, str]] = field(default_factory=list)
    product_ids: dict[str, int] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def mark(self, row: int, outcome: str) -> None:
        if RANK[outcome] >= RANK[self.rows.get(row, "unchanged")]:
            self.rows[row] = outcome

    def add(self, other: "Written") -> None:
        for name in ("rows", "failed", "product_ids"):
            getattr(self, name).update(getattr(other, name))
        for name in ("products", "variants"):
            getattr(self, name).update(getattr(other, name))
        self.notes += other.notes
        self.changes += other.changes
        self.derived += other.derived


@dataclass(slots=True)
class Writer:
    skus: Skus
    tree: CategoryTree
    dry_run: bool
    signed: dict[str, Any] = field(default_factory=dict)  # what the stock ledger says of its movements

    def write(self, drafts: Sequence[ProductDraft]) -> Written:
        """Write the drafts and say what became of each row. Refusals of the database fail only their own product."""
        try:
            with transaction.atomic():
                written = _Batch(self, drafts).write()
                transaction.set_rollback(self.dry_run)
        except DatabaseError as error:
            self.tree.forget()
            if len(drafts) == 1:
                reason = _("The database refused it: %(reason)s") % {"reason": str(error).splitlines()[0][:200]}
                return Written(failed=dict.fromkeys(drafts[0].rows, reason))
            written = Written()
            for draft in drafts:
                written.add(self.write([draft]))
            return written
        if self.dry_run:
            self.tree.forget()
        return written


class _Batch:
    def __init__(self, writer: Writer, drafts: Sequence[ProductDraft]) -> None:
        self.writer = writer
        self.drafts = list(drafts)
        self.result = Written()
        self.stock = StockTaking(self.result.failed, self.result.notes, writer.signed)
        self.products: dict[str, Product] = {}
        self.new: list[tuple[ProductDraft, VariantDraft, Variant]] = []
        self.changed: list[Variant] = []
        self.links: list[tuple[Variant, tuple[OptionValue, ...]]] = []
        self.created: set[str] = set()
        self.touched: set[str] = set()

    def write(self) -> Written:
        self._load()
        self._write_products()
        self.options = Options(self.products, self.created, self.drafts)
        self.touched |= self.options.write()
        for change in self.result.changes:
            change.made = self.options.made.get(change.instance.slug, {})
        for draft in self.drafts:
            self._plan_variants(draft)
        self._write_variants()
        self.stock.count_new()
        lock_with_stock(self.products[slug].pk for slug in self.stock.counted)
        publish_now(self.products[slug].pk for slug in self.touched)
        self.stock.count_known(self.result)
        self.result.product_ids = {slug: product.pk for slug, product in self.products.items()}
        return self.result

    def _load(self) -> None:
        found = Product.objects.filter(slug__in=[draft.slug for draft in self.drafts])
        self.products = {
            product.slug: product
            for product in found.select_related("category").prefetch_related("options__values", "variants__stock")
        }

    def _write_products(self) -> None:
        new, changed = [], []
        for draft in list(self.drafts):
            product = self.products.get(draft.slug)
            if product is None and not draft.fields.get("title"):
                self._fail(draft, _("The product has no title."))
                continue
            wanted, fields = self._wanted(draft, product), {}
            outcome = "created" if product is None else "unchanged"
            if product is None:
                self.products[draft.slug] = product = Product(slug=draft.slug, **wanted)
                new.append(product)
                self.created.add(draft.slug)
                fields = of_new(product)
            elif fields := fill(product, wanted):
                product.updated_at = timezone.now()
                changed.append(product)
                outcome = "updated"
            if outcome != "unchanged":
                self.touched.add(draft.slug)
            self.result.products[outcome] += 1
            self.result.mark(draft.lead_row, outcome)
            self.result.changes.append(Change(draft.lead_row, "product", outcome, draft.handle, product, fields))
        Product.objects.bulk_create(new)
        if changed:
            Product.objects.bulk_update(changed, PRODUCT_FIELDS)

    def _fail(self, draft: ProductDraft, reason: str) -> None:
        self.drafts.remove(draft)
        self.result.failed |= dict.fromkeys(draft.rows, reason)

    def _wanted(self, draft: ProductDraft, product: Product | None) -> dict[str, Any]:
        wanted = dict(draft.fields)
        if product is None:
            wanted.setdefault("status", Product.Status.ACTIVE)
        if draft.category:
            wanted["category"] = self.writer.tree.find_or_make(draft.category, draft.category_slugs)
        if draft.texts:
            wanted["translations"] = merged(product.translations if product else {}, draft.texts)
        if draft.taxable is False:
            wanted["tax_class"] = TaxClass.ZERO
        elif draft.taxable and product is not None and product.tax_class == TaxClass.ZERO:
            wanted["tax_class"] = TaxClass.STANDARD
        return wanted

    def _plan_variants(self, draft: ProductDraft) -> None:
        product = self.products[draft.slug]
        known, left = match_variants(draft, product) if draft.slug not in self.created else ({}, [])
        for variant in left:
            self.result.variants["kept"] += 1
            self.result.notes.append(
                (draft.lead_row, _("The shop's variant %(sku)s is not in the file and stays.") % {"sku": variant.sku})
            )
        for line in draft.variants:
            match = known.get(line.position)
            if match is None and not draft.states_options and self._has_others(draft, product):
                self.result.failed[line.row] = _("The product has no variant with this SKU, and the file no options.")
                continue
            if match is not None and not self.stock.allows(line, match):
                continue
            values = tuple(
                self.options.values[draft.slug, name, text]
                for name, text in zip(draft.option_names, line.values, strict=True)
            )
            if match is None:
                self._plan_new(draft, line, product, values)
            else:
                self._plan_known(draft, line, match, values)

    def _has_others(self, draft: ProductDraft, product: Product) -> bool:
        return len(draft.variants) > 1 or (draft.slug not in self.created and bool(product.variants.all()))

    def _plan_new(
        self, draft: ProductDraft, line: VariantDraft, product: Product, values: tuple[OptionValue, ...]
    ) -> None:
        variant = Variant(
            product=product,
            sku=self._sku(draft, line),
            option_key=option_key(values),
            position=line.position,
            **{"merchant_sku": line.merchant_sku, **_consistent(line.fields)},
        )
        self.new.append((draft, line, variant))
        self.links.append((variant, values))
        self._mark(draft, line, "created", variant, of_new(variant))

    def _plan_known(
        self, draft: ProductDraft, line: VariantDraft, variant: Variant, values: tuple[OptionValue, ...]
    ) -> None:
        line.pk = variant.pk
        wanted = {**line.fields}
        if draft.states_options:
            wanted["option_key"] = option_key(values)
        if line.asked_sku:
            if line.asked_sku != variant.sku:
                wanted["sku"] = self._sku(draft, line)
        elif line.merchant_sku:
            wanted["merchant_sku"] = line.merchant_sku
            if line.merchant_sku not in {variant.sku, variant.merchant_sku}:
                wanted["sku"] = self._sku(draft, line)
        if variant.option_key != wanted.get("option_key", variant.option_key):
            self.links.append((variant, values))
        prices = {name: wanted.get(name, getattr(variant, name)) for name in ("price", "compare_at_price")}
        changed = fill(variant, {**wanted, **_consistent(prices)})
        if changed:
            self.changed.append(variant)
        self._mark(draft, line, "updated" if changed else "unchanged", variant, changed)
        self.stock.plan_known(draft.slug, line, variant)

    def _sku(self, draft: ProductDraft, line: VariantDraft) -> str:
        asked = line.asked_sku or line.merchant_sku
        if not line.sku:
            line.sku = self.writer.skus.give(asked, "-".join([draft.slug[:40], *line.values]))
        if line.sku != asked:
            self.result.derived.append((line.row, asked, line.sku))
        return line.sku

    def _mark(self, draft: ProductDraft, line: VariantDraft, outcome: str, variant: Variant, fields: Fields) -> None:
        change = Change(line.row, "variant", outcome, draft.handle, variant, fields)
        self.result.changes.append(change)
        self.stock.changes[id(variant)] = change
        self.result.variants[outcome] += 1
        self.result.mark(line.row, outcome)
        if outcome != "unchanged":
            self.touched.add(draft.slug)

    def _write_variants(self) -> None:
        Variant.objects.bulk_create([variant for _draft, _line, variant in self.new])
        if self.changed:
            Variant.objects.bulk_update(self.changed, VARIANT_FIELDS)
        through = Variant.values.through
        known = {line for line, _values in self.links}
        through.objects.filter(variant_id__in=[variant.pk for variant in self.changed if variant in known]).delete()
        through.objects.bulk_create(
            through(variant_id=variant.pk, optionvalue_id=value.pk)
            for variant, values in self.links
            for value in values
        )
        for _draft, line, variant in self.new:
            line.pk = variant.pk
            self.stock.plan_new(line, variant)


def _consistent(fields: dict[str, Any]) -> dict[str, Any]:
    """A price before the reduction stands only above a price."""
    price, before = fields.get("price"), fields.get("compare_at_price")
    return {**fields, "compare_at_price": None} if before is not None and (price is None or before <= price) else fields
