"""What must always be true of the data. Apps register checks in `ready()`; `manage.py audit` runs them all."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

Check = Callable[[], Iterable[str]]

_checks: dict[str, Check] = {}


@dataclass(frozen=True, slots=True)
class Broken:
    """One broken invariant and the row that breaks it, in a sentence."""

    invariant: str
    detail: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def register(name: str, check: Check) -> None:
    """`name` is `<app>.<what holds>`; the check yields a sentence per row that breaks it."""
    _checks[name] = check


def audit() -> list[Broken]:
    return [Broken(name, detail) for name in sorted(_checks) for detail in _checks[name]()]
