"""A table as a file that is sent while it is written."""

from collections.abc import Iterable

from django.http import StreamingHttpResponse

from apps.exchange.exporting.streams import STREAMS, Record


def download(records: Iterable[Record], name: str, kind: str = "csv") -> StreamingHttpResponse:
    """The records as `name`.csv or .xlsx, kept by no cache on the way."""
    stream, content_type = STREAMS[kind]
    return StreamingHttpResponse(
        stream(records),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "private, no-store"},
    )
