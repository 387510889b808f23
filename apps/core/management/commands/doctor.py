from typing import Any

from django.core import checks
from django.core.management.base import BaseCommand

from apps.core import setup_notes
from apps.core.health import readiness


class Command(BaseCommand):
    help = "Say in plain words what is misconfigured or still sample data."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        findings = [f"{name}: {state}" for name, state in readiness().items() if state != "ok"]
        findings += [f"{message.id}: {message.msg}" for message in checks.run_checks() if not message.is_silenced()]
        if not findings:
            # Notes read tables, which an unmigrated database does not have.
            findings += [str(note.text) for note in setup_notes.notes() if not note.done]
        for finding in findings:
            self.stdout.write(f"- {finding}")
        if not findings:
            self.stdout.write("Nothing to mend.")
