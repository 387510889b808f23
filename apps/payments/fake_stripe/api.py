"""The endpoints: which call reaches which function, with which parameters."""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.payments.fake_stripe import encoding, intents, presentation, refunds, schemas, sessions
from apps.payments.fake_stripe.account import Account, Row
from apps.payments.fake_stripe.delivery import Courier
from apps.payments.fake_stripe.errors import ApiError, injected, no_such_url
from apps.payments.fake_stripe.faults import OF_CALLS, Fault, Faults
from apps.payments.fake_stripe.idempotency import Answer, Keys
from apps.payments.fake_stripe.parameters import Table, check

Endpoint = Callable[["Api", str, Row], Row]


class Dropped(Exception):
    """The connection ends without an answer."""


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    parameters: str
    key: str | None = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


def _retrieve(kind: str) -> Endpoint:
    return lambda api, object_id, params: api.account.get(kind, object_id)


def _list(kind: str, *narrowed_by: str) -> Endpoint:
    def listed(api: "Api", object_id: str, params: Row) -> Row:
        rows = presentation.matching(api.account.each(kind), params, *narrowed_by)
        if "customer_details" in params:
            email = params["customer_details"].get("email")
            rows = [row for row in rows if (row["customer_details"] or {}).get("email") == email]
        return presentation.page(api.account, rows, params, "/v1/" + PATHS[kind])

    return listed


def _change(change: Callable[[Account, str, Row], Row]) -> Endpoint:
    return lambda api, object_id, params: change(api.account, object_id, params)


def _create(create: Callable[[Account, Row], Row]) -> Endpoint:
    return lambda api, object_id, params: create(api.account, params)


def _lines(api: "Api", object_id: str, params: Row) -> Row:
    session = api.account.get("checkout.session", object_id, param="session")
    return presentation.page_of_lines(session["_lines"], params, object_id)


def _events(api: "Api", object_id: str, params: Row) -> Row:
    rows = presentation.of_type(api.account.each("event"), params)
    if "delivery_success" in params:
        rows = [row for row in rows if api.courier.succeeded(row) == params["delivery_success"]]
    return presentation.page(api.account, rows, params, "/v1/events")


PATHS = {
    "checkout.session": "checkout/sessions",
    "payment_intent": "payment_intents",
    "charge": "charges",
    "refund": "refunds",
    "dispute": "disputes",
    "event": "events",
}
SESSION, INTENT, CHARGE, REFUND, DISPUTE, EVENT = PATHS
# Kind of object, method, what follows the kind's path, known parameters, what it does.
ENDPOINTS: list[tuple[str, str, str, Table, Endpoint]] = [
    (SESSION, "POST", "", schemas.SESSION_CREATE, _create(sessions.create)),
    (SESSION, "GET", "", schemas.SESSION_LIST, _list(SESSION, "payment_intent", "status")),
    (SESSION, "GET", "/{id}", schemas.EXPAND, _retrieve(SESSION)),
    (SESSION, "GET", "/{id}/line_items", schemas.SESSION_LINES, _lines),
    (SESSION, "POST", "/{id}/expire", schemas.EXPAND, _change(sessions.expire)),
    (INTENT, "POST", "", schemas.INTENT_CREATE, _create(intents.create)),
    (INTENT, "GET", "", schemas.PAGE, _list(INTENT)),
    (INTENT, "GET", "/{id}", schemas.EXPAND, _retrieve(INTENT)),
    (INTENT, "POST", "/{id}/confirm", schemas.INTENT_CONFIRM, _change(intents.confirm)),
    (INTENT, "POST", "/{id}/capture", schemas.INTENT_CAPTURE, _change(intents.capture)),
    (INTENT, "POST", "/{id}/cancel", schemas.INTENT_CANCEL, _change(intents.cancel)),
    (CHARGE, "GET", "", schemas.CHARGE_LIST, _list(CHARGE, "payment_intent")),
    (CHARGE, "GET", "/{id}", schemas.EXPAND, _retrieve(CHARGE)),
    (REFUND, "POST", "", schemas.REFUND_CREATE, _create(refunds.create)),
    (REFUND, "GET", "", schemas.BY_PAYMENT, _list(REFUND, "charge", "payment_intent")),
    (REFUND, "GET", "/{id}", schemas.EXPAND, _retrieve(REFUND)),
    (DISPUTE, "GET", "", schemas.BY_PAYMENT, _list(DISPUTE, "charge", "payment_intent")),
    (DISPUTE, "GET", "/{id}", schemas.EXPAND, _retrieve(DISPUTE)),
    (EVENT, "GET", "", schemas.EVENT_LIST, _events),
    (EVENT, "GET", "/{id}", schemas.EXPAND, _retrieve(EVENT)),
]


@dataclass(frozen=True)
class Route:
    kind: str
    method: str
    pattern: re.Pattern[str]
    table: Table
    endpoint: Endpoint

    @property
    def listed(self) -> bool:
        return self.table.keys() >= {"limit"}


ROUTES = [
    Route(kind, method, re.compile(f"^/v1/{PATHS[kind]}" + rest.replace("{id}", "([^/]+)") + "$"), table, endpoint)
    for kind, method, rest, table, endpoint in ENDPOINTS
]


class Api:
    """Answers calls. Thread-safe: one call at a time changes anything, but many may hang."""

    def __init__(self, account: Account, courier: Courier, faults: Faults) -> None:
        self.account = account
        self.courier = courier
        self.faults = faults
        self.keys = Keys(account.clock)

    def answer(self, call: Call) -> tuple[Answer, bool]:
        """The answer, and whether it is a replay. Raises Dropped when a fault ends the connection."""
        request_id = f"req_{secrets.token_hex(7)}"
        struck = {fault.kind: fault for fault in self.faults.take(call.name, OF_CALLS)}
        try:
            if "reset" in struck:
                raise Dropped
            if "status" in struck:
                raise injected(struck["status"].status)
            run = self._prepared(call, request_id)
            if call.method == "POST" and call.key:
                answer, replayed = self._once(call, call.key, run, request_id, struck)
            else:
                self._hang(struck)
                answer, replayed = run(), False
        except ApiError as error:
            answer, replayed = _answer(error.status, error.body, request_id), False
        if "commit_then_drop" in struck:
            raise Dropped
        if "commit_then_status" in struck and "status" not in struck:
            instead = injected(struck["commit_then_status"].status)
            return _answer(instead.status, instead.body, request_id), False
        return answer, replayed

    def _once(
        self, call: Call, key: str, run: Callable[[], Answer], request_id: str, struck: dict[str, Fault]
    ) -> tuple[Answer, bool]:
        earlier = self.keys.claim(key, call.path, _canonical(call.parameters))
        if earlier:
            return earlier, True
        answer: Answer | None = None
        try:
            self._hang(struck)
            answer = run()
        except ApiError as error:
            if not error.began:
                raise
            answer = _answer(error.status, error.body, request_id)
        finally:
            if answer:
                self.keys.keep(key, answer)
            else:
                self.keys.forget(key)
        return answer, False

    def _prepared(self, call: Call, request_id: str) -> Callable[[], Answer]:
        route, object_id = _route(call)

        def run() -> Answer:
            params = check(encoding.decode(call.parameters), route.table)
            expand = params.get("expand", [])
            presentation.check_expand(route.kind, expand, listed=route.listed)
            with self.account.lock, self.account.on_behalf_of(request_id, call.key):
                sessions.expire_due(self.account)
                row = route.endpoint(self, object_id, params)
                shown = row if route.listed else presentation.show(self.account, row, expand)
            return _answer(200, shown, request_id)

        return run

    def _hang(self, struck: dict[str, Fault]) -> None:
        if "hang" in struck:
            self.faults.released.wait(struck["hang"].seconds)


def _route(call: Call) -> tuple[Route, str]:
    for route in ROUTES:
        match = route.pattern.match(call.path)
        if match and route.method == call.method:
            return route, "".join(match.groups())
    raise no_such_url(call.method, call.path)


def _canonical(parameters: str) -> str:
    """The same parameters in another order are the same request."""
    return "&".join(sorted(parameters.split("&")))


def _answer(status: int, body: dict[str, Any], request_id: str) -> Answer:
    return Answer(status, json.dumps(body, indent=2).encode(), request_id)
