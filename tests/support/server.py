"""The shop as a deploy runs it: the web line of the Procfile, in a process group of its own."""

import fcntl
import os
import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.lint.sources import ROOT
from tests.support.databases import environment, manage

MANIFEST = ROOT / "staticfiles" / "staticfiles.json"


def procfile(name: str) -> str:
    """One line of the Procfile, without its name."""
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines() if ": " in line)
    return lines[name]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def collect_static_files() -> None:
    """What a PaaS does when it builds; again only after a file has changed, and one worker at a time."""
    with (ROOT / "pyproject.toml").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _collect_if_stale()


def _collect_if_stale() -> None:
    sources = [*ROOT.glob("static/**/*"), *ROOT.glob("apps/*/static/**/*"), ROOT / "requirements.txt"]
    newest = max(path.stat().st_mtime for path in sources)
    if not MANIFEST.exists() or MANIFEST.stat().st_mtime < newest:
        manage("collectstatic", "--noinput", "--clear", "-v0")


class ShopServer:
    """`with ShopServer(database_url) as shop:` serves until the block ends; `kill()` is `kill -9` for all of it."""

    def __init__(
        self,
        database_url: str,
        *,
        workers: int = 2,
        log: Path | None = None,
        settings: str = "config.settings.production",
        application: str = "config.wsgi:application",
        **env: str,
    ) -> None:
        line = procfile("web").replace("config.settings.production", settings)
        self.command = line.replace("config.wsgi:application", application)
        self.database_url = database_url
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.environment = environment(
            **{
                "DATABASE_URL": database_url,
                "SITE_URL": self.url,
                "PORT": str(self.port),
                "WEB_CONCURRENCY": str(workers),
                **env,
            }
        )
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        collect_static_files()
        output = self.log.open("ab") if self.log else subprocess.DEVNULL
        self.process = subprocess.Popen(
            ["bash", "-c", self.command],
            cwd=ROOT,
            env=self.environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.wait_until_it_answers()
        return self

    def wait_until_it_answers(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                return
            time.sleep(0.1)
        raise AssertionError("The shop did not start.")

    def manage(self, *arguments: str, check: bool = True, **env: str) -> subprocess.CompletedProcess[str]:
        """A management command in the shop's own environment."""
        return manage(*arguments, check=check, **{**self.environment, **env})

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            self.process.wait(timeout=30)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._signal(signal.SIGTERM)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None
