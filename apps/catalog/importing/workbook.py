"""An XLSX workbook as numbered rows: its first sheet, read row by row. Formulas count as what they last came to."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from apps.catalog.importing.reading import SourceFile, UnreadableFile

# What a small file may unpack to: a bomb is refused before anything is unpacked.
UNPACKED_LIMIT = 768 * 1024 * 1024
PARTS_LIMIT = 2_000


class WorkbookFile(SourceFile):
    def records(self) -> Iterator[tuple[int, list[str], str]]:
        try:
            workbook = openpyxl.load_workbook(self.path, read_only=True, data_only=True)
            try:
                sheet = workbook.worksheets[0]
                sheet.reset_dimensions()  # some programs write a wrong size
                for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                    cells = [_text(value) for value in row]
                    # An empty cell at the end of a row is not even written; here it is as empty as any other.
                    cells += [""] * (len(self.header) - len(cells))
                    yield number, cells if any(cells) else [], ""
            finally:
                workbook.close()
        except Exception as error:  # openpyxl raises whatever a broken file makes it
            raise UnreadableFile(
                _("%(file)s is not a workbook that can be read.") % {"file": self.path.name}
            ) from error


def open_workbook(path: Path) -> WorkbookFile:
    """Raises UnreadableFile for a ZIP that is no workbook, is empty, or would unpack to far more than it is."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableFile(_("%(file)s is not a workbook that can be read.") % {"file": path.name}) from error
    if len(parts) > PARTS_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise UnreadableFile(_("%(file)s unpacks to more than this shop reads.") % {"file": path.name})
    source = WorkbookFile(path, "xlsx", "", [])
    source.header = next(([cell.strip() for cell in cells] for _n, cells, _p in source.records() if cells), [])
    if not source.header:
        raise UnreadableFile(_("%(file)s is empty.") % {"file": path.name})
    return source


def _text(value: Any) -> str:
    """As a person sees it: 19.99 and not 19.990000000000002, 20 and not 20.0."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value).replace("\0", "")
