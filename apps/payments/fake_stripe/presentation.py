"""How stored objects are shown: expanded where asked, listed in pages, without what is only ours."""

import fnmatch
from collections.abc import Iterable
from typing import Any

from apps.payments.fake_stripe.account import Account, Row, public
from apps.payments.fake_stripe.errors import ApiError, invalid

DEEPEST = 4
# A field that holds an id, and the kind of object that it may be expanded to.
EXPANDABLE = {
    "checkout.session": {"payment_intent": "payment_intent", "line_items": "lines"},
    "payment_intent": {"latest_charge": "charge"},
    "charge": {"payment_intent": "payment_intent", "refunds": "refunds"},
    "refund": {"charge": "charge", "payment_intent": "payment_intent"},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
}


def check_expand(kind: str, paths: Iterable[str], *, listed: bool = False) -> None:
    """Raise ApiError for a property that cannot be expanded, before anything is done."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > DEEPEST:
            raise invalid(f"You cannot expand more than {DEEPEST} levels of a property.", param="expand")
        at = kind
        if listed and steps.pop(0) != "data":
            raise _not_expandable(path)
        for step in steps or ["data"]:
            if step not in EXPANDABLE.get(at, {}):
                raise _not_expandable(path)
            at = EXPANDABLE[at][step]


def _not_expandable(path: str) -> ApiError:
    return invalid(f"This property cannot be expanded ({path}).", param="expand[0]")


def show(account: Account, row: Row, expand: Iterable[str] = ()) -> Row:
    """One object with what was asked for expanded."""
    shown = public(row)
    for path in expand:
        name, _, rest = path.partition(".")
        kind = EXPANDABLE[row["object"]][name]
        if kind == "lines":
            shown[name] = page_of_lines(row["_lines"], {}, row["id"])
        elif kind == "refunds":
            found = list(account.each("refund", charge=row["id"]))[::-1]
            shown[name] = _list(list(map(public, found)), f"/v1/charges/{row['id']}/refunds", more=False)
        elif row[name]:
            earlier = shown[name] if isinstance(shown[name], dict) else {}
            shown[name] = earlier | show(account, account.rows[row[name]], [rest] if rest else [])
    return shown


def page(account: Account, rows: Iterable[Row], params: dict[str, Any], url: str) -> Row:
    """Newest first, one page of it. Raises ApiError for a cursor that names no object."""
    created = params.get("created", {})
    found = [row for row in rows if _within(row["created"], created)][::-1]
    limit = params.get("limit", 10)
    if "starting_after" in params:
        found = found[_place(found, params["starting_after"], "starting_after") + 1 :]
    elif "ending_before" in params:
        found = found[: _place(found, params["ending_before"], "ending_before")]
        found, more = found[-limit:], len(found) > limit
        return _list(_shown(account, found, params), url, more=more)
    return _list(_shown(account, found[:limit], params), url, more=len(found) > limit)


def _shown(account: Account, rows: list[Row], params: dict[str, Any]) -> list[Row]:
    expand = [path.partition(".")[2] for path in params.get("expand", [])]
    return [show(account, row, expand) for row in rows]


def _within(created: int, bounds: dict[str, int]) -> bool:
    return (
        created > bounds.get("gt", -1)
        and created >= bounds.get("gte", 0)
        and created < bounds.get("lt", 1 << 62)
        and created <= bounds.get("lte", 1 << 62)
    )


def _place(rows: list[Row], object_id: str, param: str) -> int:
    for place, row in enumerate(rows):
        if row["id"] == object_id:
            return place
    raise invalid(f"No such object: '{object_id}'", code="resource_missing", param=param)


def _list(data: list[Row], url: str, *, more: bool) -> Row:
    return {"object": "list", "data": data, "has_more": more, "url": url}


def matching(rows: Iterable[Row], params: dict[str, Any], *names: str) -> list[Row]:
    """Only those whose fields hold what the parameters of the same name say."""
    wanted = {name: params[name] for name in names if name in params}
    return [row for row in rows if all(row.get(name) == value for name, value in wanted.items())]


def of_type(rows: Iterable[Row], params: dict[str, Any]) -> list[Row]:
    """Events by `type` (which may end in `*`) or by a list of `types`."""
    if "type" in params and "types" in params:
        raise invalid("You may only specify one of these parameters: type, types.", code="parameters_exclusive")
    patterns = params.get("types", [params.get("type", "*")])
    return [row for row in rows if any(fnmatch.fnmatchcase(row["type"], pattern) for pattern in patterns)]


def page_of_lines(lines: list[Row], params: dict[str, Any], session_id: str) -> Row:
    """The lines of a session, in their order."""
    if "starting_after" in params:
        lines = lines[_place(lines, params["starting_after"], "starting_after") + 1 :]
    limit = params.get("limit", 10)
    return _list(lines[:limit], f"/v1/checkout/sessions/{session_id}/line_items", more=len(lines) > limit)
