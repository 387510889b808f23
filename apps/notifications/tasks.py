from dataclasses import fields
from typing import Any

from django.tasks import task, task_backends

from .conf import option
from .delivery import deliver_message


def _policy() -> dict[str, Any]:
    """How often to try, for a task backend that knows such policies; Django's own ones take none."""
    known = {field.name for field in fields(task_backends["default"].task_class)}
    wanted = {name: option(name.upper()) for name in ("max_attempts", "backoff", "lease")}
    return {name: value for name, value in wanted.items() if name in known}


@task(**_policy())
def deliver(message_id: int, delivery: int = 1) -> None:
    """Send one message; safe to run twice."""
    deliver_message(message_id=message_id, delivery=delivery)
