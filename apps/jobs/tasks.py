from django.tasks import task

from apps.jobs import services


@task(max_attempts=2)  # type: ignore[call-overload]  # the stubs lag behind Django 6.1
def prune_jobs() -> int:
    """Delete jobs that nobody will ask about any more."""
    return services.prune()
