"""What is misconfigured or still sample data, in plain words, for `manage.py doctor` and the admin."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class SetupNote:
    """`done` notes are ticked in the admin; `url_name` leads to where it is mended."""

    text: str | Promise
    done: bool = False
    url_name: str = ""


Source = Callable[[], Iterable[SetupNote]]

_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def notes() -> list[SetupNote]:
    return [note for source in _sources for note in source()]
