"""All documents of a month in one file, for the accountant."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from apps.payments.documents.drawing import draw
from apps.payments.models import Invoice

BATCH = 50
_COLUMNS = ["number", "kind", "date", "order", "corrects", "currency", "net", "tax", "total", "file"]


def month_of(text: str) -> datetime:
    """The first moment of a month that is written as 2026-11, in the shop's zone. Raises ValueError."""
    return timezone.make_aware(datetime.strptime(text, "%Y-%m"))  # noqa: DTZ007


def issued_months() -> list[datetime]:
    """The first moment of each month from that of the latest document back to that of the first."""
    times = Invoice.unscoped.order_by("issued_at").values_list("issued_at", flat=True)
    first, last = times.first(), times.last()
    if first is None or last is None:
        return []
    months = [month_of(f"{timezone.localtime(first):%Y-%m}")]
    while (following := _month_after(months[-1])) <= last:
        months.append(following)
    return months[::-1]


def of_month(documents: QuerySet[Invoice], month: datetime) -> QuerySet[Invoice]:
    """Those that were issued in the month that begins then."""
    return documents.filter(issued_at__gte=month, issued_at__lt=_month_after(month))


def zip_of_month(month: datetime) -> Iterator[bytes]:
    """A ZIP of every PDF and of a table of them, piece by piece: a big month is never in memory as a whole."""
    documents = of_month(Invoice.unscoped.select_related("order", "corrects"), month)
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


def _month_after(month: datetime) -> datetime:
    return timezone.make_aware((timezone.make_naive(month) + timedelta(days=32)).replace(day=1))


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
