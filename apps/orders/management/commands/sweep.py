from typing import Any

from django.core.management.base import BaseCommand

from apps.orders import services


class Command(BaseCommand):
    help = "Expire orders that were not paid in time and free their pieces. Runs by itself every minute, too."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{services.sweep()} orders expired.")
