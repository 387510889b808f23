from django.tasks import task

from apps.orders import services


@task
def find_companions() -> int:
    """Count anew what is bought together."""
    return services.find_companions()


@task
def sweep_expired() -> int:
    """Free the pieces of orders that were not paid in time."""
    return services.sweep()
