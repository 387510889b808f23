from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.payments import services


class Command(BaseCommand):
    help = "Compare with the payment providers and take in what their webhooks did not bring."

    def handle(self, *args: Any, **options: Any) -> None:
        result = services.reconcile()
        self.stdout.write(f"{result.applied} events applied, {result.failed} failed.")
        if result.failed:
            raise CommandError("Some events could not be applied; the log says why.")
