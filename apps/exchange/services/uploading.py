"""A file comes in: recognised at once, kept in the database, tried by a job."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from apps.catalog.importing.pipeline import ignored_columns, recognise
from apps.catalog.importing.reading import open_source
from apps.exchange.errors import FileTooLarge
from apps.exchange.models import Import, ImportPart
from apps.exchange.services.speaking import asked_in

SIZE_LIMIT = 50 * 1024 * 1024
PART = 1024 * 1024


def receive_file(*, file: UploadedFile, format_name: str = "auto", actor: Any = None) -> Import:
    """Keep an uploaded product file and ask for its trial run; returns the import.

    Raises UnreadableFile for a file that is none of ours and FileTooLarge; nothing is kept then.
    """
    if (file.size or 0) > SIZE_LIMIT:
        raise FileTooLarge
    from apps.exchange.tasks import work_import

    # No longer than a disk allows, which counts bytes.
    name = Path(file.name or "products").name.encode()[-200:].decode(errors="ignore")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        with path.open("wb") as stream:
            for chunk in file.chunks():
                stream.write(chunk)
        source = open_source(path)
        found, _module = recognise(source, format_name)
        ignored = ignored_columns(source)
        with transaction.atomic():
            job = Import.objects.create(
                name=name,
                format=found,
                encoding=source.encoding,
                columns=[column for column in source.header if column and column not in ignored],
                ignored=ignored,
                actor=actor,
            )
            ImportPart.objects.bulk_create(_parts(job, path), batch_size=4)
            work_import.enqueue(job.pk, language=asked_in())
    return job


def _parts(job: Import, path: Path) -> Iterator[ImportPart]:
    with path.open("rb") as stream:
        number = 0
        while content := stream.read(PART):
            yield ImportPart(job=job, number=number, content=content)
            number += 1


@contextmanager
def stored_file(job: Import) -> Iterator[Path]:
    """The file of an import on this machine's disk, as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(job.name).name
        with path.open("wb") as stream:
            for content in job.parts.order_by("number").values_list("content", flat=True).iterator(chunk_size=4):
                stream.write(content)
        yield path
