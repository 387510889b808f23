from apps.exchange.services.editing import apply_edit, plan_edit, undo_edit
from apps.exchange.services.running import start_import, work
from apps.exchange.services.selections import plan_selection, start_edit, stop_edit, work_edit
from apps.exchange.services.undoing import start_undo, undo_step
from apps.exchange.services.uploading import receive_file

__all__ = [
    "apply_edit",
    "plan_edit",
    "plan_selection",
    "receive_file",
    "start_edit",
    "start_import",
    "start_undo",
    "stop_edit",
    "undo_edit",
    "undo_step",
    "work",
    "work_edit",
]
