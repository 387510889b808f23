from apps.inventory.services.counting import close_count, drop_count, save_counts, start_count
from apps.inventory.services.warning import note_low_stock

__all__ = ["close_count", "drop_count", "note_low_stock", "save_counts", "start_count"]
