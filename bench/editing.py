"""Live edits while a run goes on: once a second the price of some product, by the shop's own service."""

import os
import random
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

import django

django.setup()

from apps.catalog.models import Variant  # noqa: E402
from apps.catalog.services import publish  # noqa: E402


def edit_for_ever() -> None:
    keys = list(Variant.objects.filter(price__isnull=False).order_by("pk").values_list("pk", flat=True)[:2000])
    chance = random.Random(1)
    while True:
        variant = Variant.objects.select_related("product").get(pk=chance.choice(keys))
        variant.price = (variant.price or 0) + 1
        variant.save(update_fields=["price"])
        publish([variant.product_id])
        print("edited", flush=True)
        time.sleep(1)


if __name__ == "__main__":
    sys.exit(edit_for_ever())
