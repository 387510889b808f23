import json
from argparse import ArgumentParser
from itertools import groupby
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import reset_queries
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.catalog.importing.pipeline import import_file
from apps.catalog.importing.reading import UnreadableFile
from apps.catalog.importing.report import OUTCOMES, Report

SHOWN = 20


class Command(BaseCommand):
    help = "Read products from an export of Shopify, WooCommerce or this shop itself; told row by row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a CSV file or an XLSX workbook")
        parser.add_argument("--format", choices=["auto", "shopify", "woocommerce", "own"], default="auto")
        parser.add_argument("--images", type=Path, metavar="DIR", help="look for the pictures in this folder first")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--json", action="store_true", help="a report for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_file(
                options["file"],
                format_name=options["format"],
                images=options["images"],
                dry_run=options["dry_run"],
                progress=self._progress,
            )
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        if self.stderr.isatty():
            self.stderr.write("\r", ending="")
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
        else:
            self._tell(report)

    def _progress(self, rows: int) -> None:
        reset_queries()  # while debugging, Django keeps the last 9000 statements, which are large here
        if self.stderr.isatty():
            self.stderr.write("\r" + _("%(n)d rows …") % {"n": rows}, ending="")
            self.stderr.flush()

    def _tell(self, report: Report) -> None:
        if report.dry_run:
            self.stdout.write(_("A dry run: nothing has been changed, and no picture was fetched from the web."))
        self.stdout.write(
            (
                _("%(file)s: %(format)s, %(encoding)s, columns divided by “%(delimiter)s”.")
                if report.delimiter
                else _("%(file)s: %(format)s, %(encoding)s.")
            )
            % {
                "file": report.file,
                "format": report.format,
                "encoding": report.encoding,
                "delimiter": report.delimiter.replace("\t", "tab"),
            }
        )
        self._table(report)
        self._entries(_("Failed:"), report.failures)
        self._entries(_("Skipped:"), report.skips)
        self._entries(_("Pictures that did not come (everything else of their rows did):"), report.picture_failures)
        self._derived(report)
        self._entries(_("Worth knowing:"), report.notes)
        if report.categories:
            self.stdout.write(_("New categories: %(names)s") % {"names": "; ".join(report.categories)})
        if report.ignored_columns:
            self.stdout.write(
                _("Columns that this shop has no place for: %(names)s") % {"names": ", ".join(report.ignored_columns)}
            )
        self.stdout.write(_("Done in %(seconds).1f s.") % {"seconds": report.seconds})

    def _table(self, report: Report) -> None:
        words = {
            "created": _("created"),
            "updated": _("updated"),
            "unchanged": _("unchanged"),
            "skipped": _("skipped"),
            "failed": _("failed"),
            "kept": _("kept"),
        }
        lines = (
            (ngettext("%(n)d row", "%(n)d rows", report.rows) % {"n": report.rows}, report.outcomes, OUTCOMES),
            (_("products"), report.products, OUTCOMES[:3]),
            (_("variants"), report.variants, (*OUTCOMES[:3], "kept")),
            (_("pictures"), report.pictures, (*OUTCOMES[:3], "failed")),
        )
        for title, counts, names in lines:
            told = ", ".join(f"{counts[name]} {words[name]}" for name in names)
            self.stdout.write(f"  {title + ':':<16}{told}")

    def _entries(self, title: str, entries: list[tuple[int, str, str]]) -> None:
        """The same sentence about many rows is one line."""
        if not entries:
            return
        self.stdout.write(title)
        grouped = groupby(sorted(entries, key=lambda entry: (entry[2], entry[0])), key=lambda entry: entry[2])
        lines = sorted((rows[0][0], rows, text) for text, rows in ((text, list(group)) for text, group in grouped))
        for first, rows, text in lines[:SHOWN]:
            what = f" ({rows[0][1]})" if rows[0][1] else ""
            where = _("row %(row)d") % {"row": first} + what
            more = ""
            if len(rows) > 1:
                more = " " + ngettext("and %(n)d more row", "and %(n)d more rows", len(rows) - 1) % {"n": len(rows) - 1}
            self.stdout.write(f"  {where}{more}: {text}")
        self._and_more(len(lines))

    def _derived(self, report: Report) -> None:
        if not report.derived_skus:
            return
        self.stdout.write(_("SKUs that were missing, repeated or not possible here got new ones:"))
        for row, before, sku in sorted(report.derived_skus)[:SHOWN]:
            self.stdout.write(
                "  " + _("row %(row)d: “%(before)s” is %(sku)s") % {"row": row, "before": before, "sku": sku}
            )
        self._and_more(len(report.derived_skus))

    def _and_more(self, count: int) -> None:
        if count > SHOWN:
            self.stdout.write("  " + _("… and %(n)d more; --json lists them all.") % {"n": count - SHOWN})
