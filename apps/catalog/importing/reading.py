"""A delimited text file as numbered rows: whatever the encoding, the delimiter, the order of the columns."""

import codecs
import csv
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from apps.catalog.importing.cells import unguarded
from apps.core.errors import DomainError

CELL_LIMIT = 4 * 1024 * 1024
# A record longer than this is a quotation mark that nobody closed, not a description.
RECORD_LINES = 5_000
DELIMITERS = ",;\t|"

csv.field_size_limit(max(csv.field_size_limit(), CELL_LIMIT))


class UnreadableFile(DomainError):
    """The file as a whole can't be read; nothing has been imported."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record. `number` is what a spreadsheet shows beside it; the header is row 1."""

    number: int
    cells: dict[str, str]
    problem: str = ""

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class _Lines:
    """Physical lines that can be given back, so that one broken record does not swallow those after it."""

    def __init__(self, stream: TextIO) -> None:
        self._lines: Iterator[str] = iter(stream)
        self._given_back: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= RECORD_LINES:
            raise csv.Error("record without an end")
        line = self._given_back.popleft() if self._given_back else next(self._lines).replace("\0", "")
        self.taken.append(line)
        return line

    def give_back_all_but_first(self) -> str:
        self._given_back.extendleft(reversed(self.taken[1:]))
        return self.taken[0]


def _records(stream: TextIO, delimiter: str) -> Iterator[tuple[list[str], str]]:
    """Each record with the problem that it has, if any; blank lines are empty records."""
    lines = _Lines(stream)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.taken = []
        try:
            yield next(reader), ""
        except StopIteration:
            return
        except csv.Error:
            # Read the first line alone, leniently: 5" is fine in a cell that is not quoted otherwise.
            first = lines.give_back_all_but_first()
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            lenient = next(csv.reader([first], delimiter=delimiter), [])
            yield lenient, _("A quotation mark on this row is never closed, or stands inside a cell.")


def _encoding(path: Path) -> str:
    with path.open("rb") as source:
        start = source.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        source.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block := source.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _delimiter(header_line: str) -> str:
    outside = "".join(header_line.split('"')[::2])
    return max(DELIMITERS, key=outside.count) if any(sign in outside for sign in DELIMITERS) else ","


@dataclass(slots=True)
class SourceFile:
    """An opened file: `rows()` reads it from the start each time, holding one record in memory."""

    path: Path
    encoding: str
    delimiter: str
    header: list[str]
    # Translates a header cell into the name of a field; "" leaves the column out.
    field_of: Callable[[str], str] = field(default=lambda name: name)
    # Whether its writer put an apostrophe before what a spreadsheet would run.
    guarded: bool = False

    def _stream(self) -> TextIO:
        return self.path.open(encoding=self.encoding, errors="replace", newline="")

    def records(self) -> Iterator[tuple[int, list[str], str]]:
        """Number, cells and problem of each record from the header on."""
        with self._stream() as stream:
            for number, (record, problem) in enumerate(_records(stream, self.delimiter), start=1):
                yield number, record, problem

    def rows(self) -> Iterator[Row]:
        """Every record under the header but blank lines. Of two columns with one meaning the first filled counts."""
        fields = [self.field_of(name) for name in self.header]
        records = self.records()
        for _number, record, _problem in records:
            if any(cell.strip() for cell in record):
                break
        for number, record, problem in records:
            if record:
                yield self._row(number, record, problem, fields)

    def _row(self, number: int, record: list[str], problem: str, fields: list[str]) -> Row:
        cells: dict[str, str] = {}
        for name, cell in zip(fields, record, strict=False):
            value = unguarded(cell.strip()) if self.guarded else cell.strip()
            if name and not cells.get(name):
                cells[name] = value
        if any(cell.strip() for cell in record[len(fields) :]):
            problem = _("It has %(found)d cells, but the header has %(wanted)d.") % {
                "found": len(record),
                "wanted": len(fields),
            }
        elif problem and len(record) == len(fields):
            problem = ""  # the lenient reading found every cell
        return Row(number, cells, problem)


OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")


def is_workbook(path: Path) -> bool:
    """Whether the file is a ZIP, as XLSX is, whatever its name."""
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


def open_source(path: Path) -> SourceFile:
    """The file with its encoding, delimiter and header found out.

    Raises UnreadableFile when it is missing, empty or has no header line.
    """
    try:
        if is_workbook(path):
            from apps.catalog.importing.workbook import open_workbook

            return open_workbook(path)
        with path.open("rb") as raw:
            if raw.read(len(OLD_EXCEL)) == OLD_EXCEL:
                raise UnreadableFile(
                    _("%(file)s is an Excel file of the old kind (.xls). Save it as XLSX or CSV first.")
                    % {"file": path.name}
                )
        encoding = _encoding(path)
        with path.open(encoding=encoding, errors="replace", newline="") as stream:
            line = next((text for text in stream if text.strip()), "")
            delimiter = _delimiter(line)
            stream.seek(0)
            records = (record for record, _problem in _records(stream, delimiter) if "".join(record).strip())
            header = [cell.strip() for cell in next(records, [])]
    except OSError as error:
        raise UnreadableFile(
            _("%(file)s can't be read: %(reason)s.") % {"file": path, "reason": error.strerror}
        ) from error
    if not header:
        raise UnreadableFile(_("%(file)s is empty.") % {"file": path.name})
    return SourceFile(path, encoding, delimiter, header)
