from django.tasks import task

from apps.inventory import services


@task
def note_low_stock() -> int:
    """Tell staff what ran low since yesterday."""
    return services.note_low_stock()
