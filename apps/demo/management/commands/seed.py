from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core import seeders


class Command(BaseCommand):
    help = "Fill the shop with the demo, or with a large catalogue for trials. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--products", type=int, help="how many products (default: those of the demo)")
        parser.add_argument("--orders", type=int, help="how many orders (default: a month of the demo)")
        parser.add_argument("--seed", type=int, default=1, help="another number gives another shop")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("products", "orders"):
            if options[name] is not None and options[name] < 0:
                raise CommandError(f"--{name} can't be negative.")
        seeders.run(
            seeders.SeedPlan(
                products=options["products"],
                orders=options["orders"],
                seed=options["seed"],
                staff=settings.DEBUG,
                say=self.stdout.write if options["verbosity"] else lambda text: None,
            )
        )
