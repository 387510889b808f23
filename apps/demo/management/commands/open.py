import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from granian import Granian
from granian.constants import Interfaces


class Command(BaseCommand):
    """What `make run` does: migrate, fill an empty database with the demo, serve with working background jobs."""

    help = "Open the shop on this machine: migrate, fill an empty database with the demo, serve."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("`open` is for development; a deploy starts the lines of the Procfile.")
        port = settings.PORT
        self._insist_on_free_port(port)
        call_command("check")
        call_command("migrate", verbosity=0)
        self._fill_if_empty()
        self._say_hello()
        self._serve(port)

    def _insist_on_free_port(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                sys.exit(f"Port {port} is taken; choose another with `make run PORT={port + 1}`.")

    def _fill_if_empty(self) -> None:
        from apps.catalog.models import Product

        if not Product.objects.exists():
            self.stdout.write("Filling the empty shop with the demo …")
            call_command("seed")
        else:
            call_command("reindex", stale=True)

    def _say_hello(self) -> None:
        address = settings.SITE_URL
        self.stdout.write(
            f"\n  The shop is open   {address}/\n"
            f"  Staff sign in at   {address}/admin/   admin@example.com / stoa\n"
            f"  Mails are shown at {address}/dev/mail/\n"
            "  Ctrl-C closes it.\n"
        )
        self.stdout.flush()

    def _serve(self, port: int) -> None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
        Granian(
            "config.wsgi:application",
            address="127.0.0.1",
            port=port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=8,
            log_enabled=False,
            log_access=False,
            websockets=False,
            # Ctrl-C reaches the worker twice, from the terminal and from its parent, and may leave it waiting.
            workers_kill_timeout=2,
        ).serve()
