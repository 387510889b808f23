from apps.exchange.services.running import start_import, work
from apps.exchange.services.undoing import start_undo, undo_step
from apps.exchange.services.uploading import receive_file

__all__ = ["receive_file", "start_import", "start_undo", "undo_step", "work"]
