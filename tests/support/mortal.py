"""Do something in a forked process that may be killed at a named point, and look at what is left."""

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler

import pytest
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.db import connections

import apps.payments.documents.sheet  # noqa: F401  (else every process loads what draws documents)


def in_turn(points: Sequence[str]) -> list[Any]:
    """Crash points for the short kills of `make test`: each on one of its two databases. The long ones ask both."""
    return [
        pytest.param(point, marks=pytest.mark.one_database(("sqlite", "postgres")[number % 2]))
        for number, point in enumerate(points)
    ]


class _Silent(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


def _serve() -> None:
    """A shop of this process's own, so that the test bank's call over HTTP meets the same fate as everything else."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Silent, allow_reuse_address=True)
    server.set_app(get_wsgi_application())
    settings.SITE_URL = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()


def in_process(act: Callable[[], object], *, crash_at: str = "") -> str:
    """Run `act` in a process of its own: "done", or "killed" if it met the crash point. Anything else raises."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            settings.STOA_ALLOW_CRASH_POINTS = True
            settings.STOA_CRASH_AT = crash_at
            _serve()
            act()
            code = 0
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)
        finally:
            with suppress(Exception):
                connections.close_all()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return "killed"
    if os.waitstatus_to_exitcode(status):
        raise AssertionError(f"The process ended with {os.waitstatus_to_exitcode(status)}.")
    return "done"
