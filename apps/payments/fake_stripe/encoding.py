"""Form bodies with nested brackets, as the API reads them: `line_items[0][price_data][currency]=eur`."""

import re
from typing import Any
from urllib.parse import parse_qsl

from apps.payments.fake_stripe.errors import invalid

KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")


def decode(text: str) -> dict[str, Any]:
    """Nested dictionaries; a list comes out as a list. Raises ApiError for keys that contradict each other."""
    tree: dict[str, Any] = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        match = KEY.match(key)
        if match is None:
            raise invalid(f"Invalid request: could not read the parameter name {key}.", param=key)
        _put(tree, [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])], value, key)
    return {name: _listed(value) for name, value in tree.items()}


def _put(tree: dict[str, Any], path: list[str], value: str, key: str) -> None:
    for part in path[:-1]:
        # `[]` appends: each occurrence is the next place of the list.
        step = tree.setdefault(part or str(len(tree)), {})
        if not isinstance(step, dict):
            raise invalid(f"Invalid request: {key} is given twice, with and without brackets.", param=key)
        tree = step
    last = path[-1] or str(len(tree))
    if last in tree:
        raise invalid(f"Invalid request: {key} is given twice.", param=key)
    tree[last] = value


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    places = {name: _listed(inner) for name, inner in value.items()}
    if all(name.isdecimal() for name in places):
        return [places[name] for name in sorted(places, key=int)]
    return places
