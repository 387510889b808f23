"""From a file to a report. The command and the admin's wizard start here."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from django.utils.translation import gettext as _

from apps.catalog.importing import own, shopify, woocommerce
from apps.catalog.importing.adopting import Adoption
from apps.catalog.importing.categories import CategoryTree
from apps.catalog.importing.drafts import ProductDraft
from apps.catalog.importing.fetching import Fetcher
from apps.catalog.importing.naming import Skus, is_sku
from apps.catalog.importing.pictures import Pictures
from apps.catalog.importing.reading import Row, SourceFile, UnreadableFile, open_source
from apps.catalog.importing.report import Report
from apps.catalog.importing.writing import Writer, Written
from apps.catalog.models import Variant

BATCH = 50
# What one transaction may hold: a few products with hundreds of variants each are as heavy as many small ones.
MOST_VARIANTS = 600

# Our own first: its columns are a subset of nobody else's, but share names with others.
FORMATS: dict[str, ModuleType] = {"own": own, "woocommerce": woocommerce, "shopify": shopify}

Progress = Callable[[int], None]


def import_file(
    path: Path,
    *,
    format_name: str = "auto",
    images: Path | None = None,
    dry_run: bool = False,
    fetcher: Fetcher | None = None,
    progress: Progress = lambda rows: None,
) -> Report:
    """Bring the catalogue in line with the file; every row of it is accounted for in the report.

    Products are matched by handle, variants by options or SKU; what the file does not mention stays. `dry_run` does
    the same and keeps nothing, and fetches nothing from the web. `progress` hears the number of rows done. Raises
    UnreadableFile for a file that is none of ours; nothing is changed then.
    """
    started = time.monotonic()
    if images is not None and not images.is_dir():
        raise UnreadableFile(_("There is no folder %(folder)s.") % {"folder": images})
    source = open_source(path)
    name, module = recognise(source, format_name)
    report = Report(file=path.name, format=name, encoding=source.encoding, delimiter=source.delimiter, dry_run=dry_run)
    report.ignored_columns = ignored_columns(source)
    run = ImportRun(source, module, report, Pictures(fetcher or Fetcher(), images, dry_run))
    for _position, batch in run.batches():
        written = run.write(batch)
        run.attach_pictures(batch, written)
        run.account(batch, written)
        progress(report.rows)
    report.categories = sorted(run.writer.tree.made.values())
    report.seconds = time.monotonic() - started
    return report


def recognise(source: SourceFile, wanted: str = "auto") -> tuple[str, ModuleType]:
    """The file's format by its header; `source` learns what its columns mean.

    Raises UnreadableFile for a file that is none of ours, or not of the format that is wanted.
    """
    for name, module in FORMATS.items():
        if wanted in {"auto", name} and module.recognises(source.header):
            source.field_of = module.reader(source.header)
            source.guarded = module.GUARDED
            return name, module
    columns = {"columns": ", ".join(source.header)[:200]}
    if wanted == "auto":
        raise UnreadableFile(
            _(
                "The first row is not the header of a product export of Shopify, WooCommerce or this shop itself: "
                "%(columns)s."
            )
            % columns
        )
    raise UnreadableFile(_("The first row is not the header of such a file: %(columns)s.") % columns)


def ignored_columns(source: SourceFile) -> list[str]:
    """Columns that this shop has no place for, as the file calls them."""
    return [name for name in source.header if name and not source.field_of(name)]


Entry = ProductDraft | Row


def _batches(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    """The same file always falls into the same batches, so that a number of entries is a place to go on from."""
    batch: list[Entry] = []
    weight = 0
    for entry in entries:
        lines = len(entry.variants) if isinstance(entry, ProductDraft) else 0
        if batch and (len(batch) == BATCH or weight + lines > MOST_VARIANTS):
            yield batch
            batch, weight = [], 0
        batch.append(entry)
        weight += lines
    if batch:
        yield batch


class ImportRun:
    """One reading of a file. Each batch is written, gets its pictures, and is accounted for in `report`.

    The wizard does the three steps at different times; `report` may be exchanged between two batches.
    """

    def __init__(
        self, source: SourceFile, module: ModuleType, report: Report, pictures: Pictures, actor: Any = None
    ) -> None:
        self.source = source
        self.module = module
        self.report = report
        self.pictures = pictures
        claimed = {sku for sku, _barcode in module.claims(source) if is_sku(sku)}
        held = set(Variant.objects.values_list("sku", flat=True).iterator())
        signed = {"note": source.path.name[:200], "actor": actor}
        self.writer = Writer(Skus(claimed=claimed, held=held), CategoryTree(), report.dry_run, signed)
        self.barcodes: dict[str, int] = {}
        self.adoption = Adoption() if module.NAMELESS else None

    def batches(self, start: int = 0) -> Iterator[tuple[int, list[Entry]]]:
        """The entries of the file in batches, each with the number of entries that are done after it.

        `start` is such a number: what comes before it was written earlier and only leaves its names behind.
        """
        position = 0
        for batch in _batches(self.module.drafts(self.source)):
            drafts = [entry for entry in batch if isinstance(entry, ProductDraft)]
            if self.adoption:
                self.adoption.settle([draft for draft in drafts if draft.variants])
            for draft in drafts:
                self._tell_repeated_barcodes(draft)
            position += len(batch)
            if position > start:
                yield position, batch

    def _stray(self, row: Row) -> None:
        if row.problem:
            self.report.fail(row.number, row["handle"][:80], row.problem)
        elif any(row.cells.values()):
            self.report.fail(row.number, "", _("It has neither a handle nor a title."))
        else:
            self.report.skip(row.number, "", _("The row is empty."))

    def _tell_repeated_barcodes(self, draft: ProductDraft) -> None:
        for variant in draft.variants:
            if barcode := variant.fields.get("barcode"):
                first = self.barcodes.setdefault(barcode, variant.row)
                if first != variant.row:
                    draft.note(variant.row, _("It has the same barcode as row %(row)d.") % {"row": first})

    def write(self, batch: Sequence[Entry]) -> Written:
        """Bring the catalogue in line with the batch, in one transaction, which may be part of the caller's."""
        drafts = [entry for entry in batch if isinstance(entry, ProductDraft)]
        return self.writer.write([draft for draft in drafts if draft.variants or draft.is_bare])

    def attach_pictures(self, batch: Sequence[Entry], written: Written) -> None:
        """Bring the pictures in line with the batch; asks the web, so no transaction may be open."""
        drafts = [entry for entry in batch if isinstance(entry, ProductDraft)]
        result = self.pictures.attach([draft for draft in drafts if draft.slug in written.product_ids], written)
        self.report.pictures.update(result.counts)
        self.report.picture_failures += result.failures

    def account(self, batch: Sequence[Entry], written: Written) -> None:
        """Say in the report what became of each row."""
        self.report.products.update(written.products)
        self.report.variants.update(written.variants)
        self.report.derived_skus += written.derived
        notes: dict[int, list[str]] = {}
        for row, text in written.notes:
            notes.setdefault(row, []).append(text)
        for entry in batch:
            if isinstance(entry, Row):
                self._stray(entry)
            else:
                self._account(entry, written, notes)

    def _account(self, draft: ProductDraft, written: Written, notes: dict[int, list[str]]) -> None:
        handle = draft.handle[:80]
        for row in draft.rows:
            self.report.notes += [(row, handle, text) for text in notes.get(row, ())]
            if reason := draft.failed.get(row) or written.failed.get(row):
                self.report.fail(row, handle, reason)
            elif reason := draft.skipped.get(row):
                self.report.skip(row, handle, reason)
            else:
                self.report.outcomes[written.rows.get(row, "unchanged")] += 1
        self.report.notes += [(row, handle, text) for row, text in draft.notes]
