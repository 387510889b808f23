import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.core import invariants


class Command(BaseCommand):
    help = "Check every invariant of the data; exit status 1 if one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print a JSON list, empty when all is well")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = invariants.audit()
        if options["json"]:
            self.stdout.write(json.dumps([finding.as_dict() for finding in broken]))
        elif broken:
            for finding in broken:
                self.stdout.write(f"{finding.invariant}: {finding.detail}")
        else:
            self.stdout.write("Every invariant holds.")
        if broken:
            sys.exit(1)
