"""HTTP on the loopback: the API, the hosted page, and the control address."""

import base64
import json
import socket
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from apps.payments.fake_stripe import pages
from apps.payments.fake_stripe.api import Call, Dropped
from apps.payments.fake_stripe.control import ACTIONS
from apps.payments.fake_stripe.errors import ApiError, unauthorised

LARGEST_BODY = 1024 * 1024


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, fake: Any, port: int) -> None:
        self.fake = fake
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)

    def close(self) -> None:
        """Stop, and end connections that clients keep open."""
        self.shutdown()
        self.server_close()
        for connection in list(self.connections):
            hang_up(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone is no news; a mistake in here is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def _answer(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            return self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"")
        body = self.rfile.read(length).decode("utf-8", "replace")
        parts = urlsplit(self.path)
        if parts.path.startswith("/c/pay/"):
            return self._page(parts.path, method, body)
        if parts.path == "/_fake/page.css":
            return self._send(HTTPStatus.OK, pages.STYLE.encode(), {"Content-Type": "text/css"})
        if parts.path.startswith("/_fake/"):
            return self._control(parts.path.removeprefix("/_fake/").strip("/"), method, body)
        return self._api(Call(method, parts.path, body if method == "POST" else parts.query, self._key()))

    def _key(self) -> str | None:
        return self.headers.get("Idempotency-Key")

    def _api(self, call: Call) -> None:
        fake = self.server.fake
        key = self._secret_key()
        if not fake.accepts(key):
            error = unauthorised(key)
            return self._send_json(error.status, error.body)
        try:
            answer, replayed = fake.api.answer(call)
        except Dropped:
            self.close_connection = True
            return hang_up(self.connection)
        headers = {"Content-Type": "application/json", "Request-Id": answer.request_id}
        if call.key and call.method == "POST":
            headers["Idempotency-Key"] = call.key
        if replayed:
            headers["Idempotent-Replayed"] = "true"
        return self._send(answer.status, answer.body, headers)

    def _secret_key(self) -> str:
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "basic":
            return base64.b64decode(value, validate=False).decode("utf-8", "replace").partition(":")[0]
        return value if scheme.lower() == "bearer" else ""

    def _page(self, path: str, method: str, body: str) -> None:
        page = pages.show(self.server.fake.account, path, method, body)
        headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
        if page.location:
            headers["Location"] = page.location
        self._send(page.status, page.html.encode(), headers)

    def _control(self, action: str, method: str, body: str) -> None:
        if action not in ACTIONS:
            return self._send_json(HTTPStatus.NOT_FOUND if action else HTTPStatus.OK, {"actions": sorted(ACTIONS)})
        try:
            arguments = json.loads(body or "{}")
            positional = arguments.pop("args", [])
            result = getattr(self.server.fake.control, action)(*positional, **arguments)
        except ApiError as error:
            return self._send_json(error.status, error.body)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return self._send_json(HTTPStatus.BAD_REQUEST, {"error": {"message": str(error)}})
        return self._send_json(HTTPStatus.OK, {"result": result})

    def _send_json(self, status: int, body: Any) -> None:
        self._send(status, json.dumps(body, indent=2).encode() + b"\n", {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        self.server.fake.log(format % args)


def hang_up(connection: socket.socket) -> None:
    """End a connection at once, as a cut line does."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
