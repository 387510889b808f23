from datetime import timedelta

from django.tasks import task

from apps.users import limits

KEEP_MESSAGES = timedelta(days=180)


@task(max_attempts=3, lease=600.0)
def forget_old_messages() -> None:
    """Old mails are personal data that nobody needs any more."""
    from apps.users import notices

    notices.forget_messages(older_than=KEEP_MESSAGES)


@task
def forget_old_counts() -> int:
    """Counts of attempts whose window is over."""
    return limits.forget_old_counts()
