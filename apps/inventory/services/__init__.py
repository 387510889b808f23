from apps.inventory.services.alerting import (
    ask_for_alert,
    confirm_alert,
    forget_old_alerts,
    stop_alerts,
    tell_refilled,
    wanted_among,
)
from apps.inventory.services.counting import close_count, drop_count, save_counts, start_count
from apps.inventory.services.warning import note_low_stock

__all__ = [
    "ask_for_alert",
    "close_count",
    "confirm_alert",
    "drop_count",
    "forget_old_alerts",
    "note_low_stock",
    "save_counts",
    "start_count",
    "stop_alerts",
    "tell_refilled",
    "wanted_among",
]
