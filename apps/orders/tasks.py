from django.tasks import task

from apps.orders import services


@task
def sweep_expired() -> int:
    """Free the pieces of orders that were not paid in time."""
    return services.sweep()
