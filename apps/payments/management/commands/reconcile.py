from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.payments import services


class Command(BaseCommand):
    help = "Compare with the payment providers, mend what is safe and write down what needs a person."

    def handle(self, *args: Any, **options: Any) -> None:
        result = services.reconcile()
        self.stdout.write(
            f"{result.applied} events applied, {result.moved} open payments moved, {result.resent} refunds asked for "
            f"again, {result.problems} problems for staff, {result.failed} failed."
        )
        if result.failed:
            raise CommandError("Some things could not be asked or applied; the log says why.")
