from django.tasks import task

from apps.inventory import services


@task
def note_low_stock() -> int:
    """Tell staff what ran low since yesterday."""
    return services.note_low_stock()


@task
def tell_refilled(variant_id: int) -> int:
    """Write to those who wait for this variant."""
    return services.tell_refilled(variant_id=variant_id)


@task
def forget_old_alerts() -> int:
    """Nobody waits for years."""
    return services.forget_old_alerts()
