"""What a parameter may hold. A table of parameters names everything an endpoint knows; the rest is refused."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from apps.payments.fake_stripe import currencies
from apps.payments.fake_stripe.errors import invalid

INTEGER = re.compile(r"^-?\d{1,18}$")
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s.]+$")
METADATA_KEYS, METADATA_KEY, METADATA_VALUE = 50, 40, 500


@dataclass(frozen=True)
class Parameter:
    """`inside` and `choices` say what it reads, for whoever compares the tables with the real ones."""

    read: Callable[[Any, str], Any]
    required: bool = False
    inside: "Table | None" = None
    choices: tuple[str, ...] = ()


Table = Mapping[str, Parameter]


def check(values: Any, table: Table, path: str = "") -> dict[str, Any]:
    """The values with their types. Raises ApiError for what is unknown, missing or of the wrong type, deep."""
    if not isinstance(values, dict):
        raise invalid(f"Invalid object for {path}.", param=path)
    unknown = [_name(path, name) for name in values if name not in table]
    if unknown:
        noun = "parameters" if len(unknown) > 1 else "parameter"
        raise invalid(f"Received unknown {noun}: {', '.join(unknown)}", code="parameter_unknown", param=unknown[0])
    for name, parameter in table.items():
        if parameter.required and name not in values:
            where = _name(path, name)
            raise invalid(f"Missing required param: {where}.", code="parameter_missing", param=where)
    return {name: table[name].read(value, _name(path, name)) for name, value in values.items()}


def _name(path: str, name: str | int) -> str:
    return f"{path}[{name}]" if path else str(name)


def _string(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise invalid(f"Invalid string: {path} must be a string.", param=path)
    if not value:
        message = (
            f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a parameter; "
            f"however '{path}' cannot be unset. You should remove '{path}' from your request or supply a "
            "non-empty value."
        )
        raise invalid(message, code="parameter_invalid_empty", param=path)
    return value


def text(longest: int = 5000, *, required: bool = False) -> Parameter:
    def read(value: Any, path: str) -> str:
        if len(_string(value, path)) > longest:
            raise invalid(f"Invalid string: {value[:20]}...; must be at most {longest} characters", param=path)
        return str(value)

    return Parameter(read, required)


def integer(least: int | None = None, most: int | None = None, *, required: bool = False) -> Parameter:
    def read(value: Any, path: str) -> int:
        if not INTEGER.match(_string(value, path)):
            raise invalid(f"Invalid integer: {value}", code="parameter_invalid_integer", param=path)
        number = int(value)
        if least is not None and number < least:
            message = f"This value must be greater than or equal to {least}."
            raise invalid(message, code="parameter_invalid_integer", param=path)
        if most is not None and number > most:
            message = f"This value must be less than or equal to {most}."
            raise invalid(message, code="parameter_invalid_integer", param=path)
        return number

    return Parameter(read, required)


def boolean() -> Parameter:
    def read(value: Any, path: str) -> bool:
        if _string(value, path) not in ("true", "false"):
            raise invalid(f"Invalid boolean: {value}", param=path)
        return bool(value == "true")

    return Parameter(read)


def one_of(*choices: str, required: bool = False) -> Parameter:
    def read(value: Any, path: str) -> str:
        if _string(value, path) not in choices:
            allowed = " or ".join([", ".join(choices[:-1]), choices[-1]]) if len(choices) > 1 else choices[0]
            raise invalid(f"Invalid {path}: must be one of {allowed}", param=path)
        return str(value)

    return Parameter(read, required, choices=choices)


def currency(*, required: bool = False) -> Parameter:
    def read(value: Any, path: str) -> str:
        code = _string(value, path).lower()
        if code not in currencies.KNOWN:
            raise invalid(f"Invalid currency: {code}.", param=path)
        return code

    return Parameter(read, required)


def email() -> Parameter:
    def read(value: Any, path: str) -> str:
        if not EMAIL.match(_string(value, path)):
            raise invalid(f"Invalid email address: {value}", code="email_invalid", param=path)
        return str(value)

    return Parameter(read)


def url(*, required: bool = False) -> Parameter:
    def read(value: Any, path: str) -> str:
        if not re.match(r"^https?://[^\s/]+", _string(value, path)):
            raise invalid("Not a valid URL", code="url_invalid", param=path)
        return str(value)

    return Parameter(read, required)


def group(table: Table, *, required: bool = False) -> Parameter:
    return Parameter(lambda value, path: check(value, table, path), required, inside=table)


def listing(inner: Parameter, most: int = 100, *, required: bool = False) -> Parameter:
    def read(value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise invalid("Invalid array", param=path)
        if len(value) > most:
            raise invalid(f"Array {path} exceeded maximum {most} allowed elements.", param=path)
        return [inner.read(item, _name(path, place)) for place, item in enumerate(value)]

    return Parameter(read, required, inner.inside, inner.choices)


def metadata() -> Parameter:
    def read(value: Any, path: str) -> dict[str, str]:
        if isinstance(value, list):
            # Keys that are all numbers look like a list in a form body.
            value = {str(place): item for place, item in enumerate(value)}
        if not isinstance(value, dict):
            raise invalid(f"Invalid object for {path}.", param=path)
        if len(value) > METADATA_KEYS:
            raise invalid(f"Metadata can have up to {METADATA_KEYS} keys.", param=path)
        for name, word in value.items():
            where = _name(path, name)
            if len(name) > METADATA_KEY:
                raise invalid(f"Metadata keys can have up to {METADATA_KEY} characters.", param=where)
            if not isinstance(word, str) or len(word) > METADATA_VALUE:
                raise invalid(f"Metadata values can have up to {METADATA_VALUE} characters.", param=where)
        return {name: word for name, word in value.items() if word}

    return Parameter(read)


def moment() -> Parameter:
    """A time, or a span of times by gt, gte, lt, lte: how a list is narrowed by `created`."""
    bounds = {bound: integer() for bound in ("gt", "gte", "lt", "lte")}

    def read(value: Any, path: str) -> dict[str, int]:
        if isinstance(value, dict):
            return check(value, bounds, path)
        exactly = integer().read(value, path)
        return {"gte": exactly, "lte": exactly}

    return Parameter(read)
