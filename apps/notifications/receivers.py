from typing import Any

from django.tasks import TaskResult, TaskResultStatus
from django.tasks.signals import task_finished

from .services import give_up
from .tasks import deliver


def on_task_finished(sender: Any, task_result: TaskResult, **kwargs: Any) -> None:
    """The queue tries no more: the message shows it, and staff can send it again."""
    if task_result.status != TaskResultStatus.FAILED or task_result.task.func is not deliver.func:
        return
    error = task_result.errors[-1].exception_class_path if task_result.errors else ""
    give_up(
        message_id=task_result.kwargs["message_id"],
        delivery=task_result.kwargs["delivery"],
        reason=error.rpartition(".")[2],
    )


def connect() -> None:
    task_finished.connect(on_task_finished, dispatch_uid="notifications.give_up")
