"""All documents of a month in one file, for the accountant."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from apps.payments.documents.drawing import draw
from apps.payments.models import Invoice

BATCH = 50
_COLUMNS = ["number", "kind", "date", "order", "corrects", "currency", "net", "tax", "total", "file"]


def month_of(text: str) -> datetime:
    """The first moment of a month that is written as 2026-11, in the shop's zone. Raises ValueError."""
    return timezone.make_aware(datetime.strptime(text, "%Y-%m"))  # noqa: DTZ007


def zip_of_month(month: datetime) -> Iterator[bytes]:
    """A ZIP of every PDF and of a table of them, piece by piece: a big month is never in memory as a whole."""
    after = timezone.make_aware((timezone.make_naive(month).replace(day=1) + timedelta(days=32)).replace(day=1))
    documents = Invoice.unscoped.filter(issued_at__gte=month, issued_at__lt=after).select_related("order", "corrects")
    pipe, table = _Pipe(), io.StringIO()
    rows = csv.writer(table)
    rows.writerow(_COLUMNS)
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:  # a PDF is compressed already
        for document in documents.order_by("series", "sequence").iterator(chunk_size=BATCH):
            archive.writestr(_entry(document.filename, document.issued_at), draw(document))
            rows.writerow(_row(document))
            yield pipe.taken()
        archive.writestr(_entry("documents.csv", month), table.getvalue().encode("utf-8-sig"))
    yield pipe.taken()


def _row(document: Invoice) -> list[str]:
    amounts = (document.effect - document.tax_effect, document.tax_effect, document.effect)
    return [
        document.number,
        document.kind,
        document.content["date"],
        document.order.number,
        document.corrects.number if document.corrects else "",
        document.currency,
        *(str(amount.decimal) for amount in amounts),
        document.filename,
    ]


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    """Dated like the document, so that the same month gives the same file."""
    return zipfile.ZipInfo(name, timezone.localtime(at).timetuple()[:6])


class _Pipe(io.RawIOBase):
    """What the archive writes is taken away at once; it can't be rewound, and ZIP does not ask for that."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        parts, self._parts = b"".join(self._parts), []
        return parts
