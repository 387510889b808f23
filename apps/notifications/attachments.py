"""Files that go with a message. Only a reference is stored; the app that has the file hands it over at delivery."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class AttachmentRef:
    """`kind` names who can make the file, `ref` which one it is."""

    kind: str
    ref: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    media_type: str


Resolver = Callable[[str], Attachment | None]

_resolvers: dict[str, Resolver] = {}


class UnknownKindError(LookupError):
    """No app has registered the kind of an attachment."""


def register(kind: str, resolver: Resolver) -> None:
    """`resolver` gets the reference and returns the file, each time the same; raising puts the delivery off.

    None means that there is nothing to attach after all.
    """
    _resolvers[kind] = resolver


def resolve(stored: Iterable[dict[str, Any]]) -> list[Attachment]:
    """The files of a message. Raises UnknownKindError, and whatever a resolver raises."""
    made = (_resolver(entry["kind"])(entry["ref"]) for entry in stored)
    return [attachment for attachment in made if attachment is not None]


def _resolver(kind: str) -> Resolver:
    if kind not in _resolvers:
        raise UnknownKindError(f"Nobody makes attachments of the kind {kind}.")
    return _resolvers[kind]
