"""/healthz: the process answers. /readyz: database, migrations and the apps' own probes are fine.

Answered before the host check and the redirect to https, because a platform's probe knows neither.
"""

from collections.abc import Callable

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

Probe = Callable[[], str | None]

_probes: dict[str, Probe] = {}


def register(name: str, probe: Probe) -> None:
    """A probe returns None when all is well, else a short reason without secrets."""
    _probes[name] = probe


def _database() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return None


def _migrations() -> str | None:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(pending)} migrations are not applied" if pending else None


def readiness() -> dict[str, str]:
    """Name of each probe and "ok" or its reason; nothing else is asked of a database that is away."""
    report: dict[str, str] = {}
    for name, probe in {"database": _database, "migrations": _migrations, **_probes}.items():
        try:
            report[name] = probe() or "ok"
        except Exception as error:  # a probe that fails is the finding itself
            report[name] = type(error).__name__
        if report["database"] != "ok":
            break
    return report


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok", content_type="text/plain")
        if request.path == "/readyz":
            report = readiness()
            ready = all(state == "ok" for state in report.values())
            return JsonResponse(report, status=200 if ready else 503)
        return self.get_response(request)
