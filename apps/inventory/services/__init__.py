from apps.inventory.services.counting import close_count, drop_count, save_counts, start_count

__all__ = ["close_count", "drop_count", "save_counts", "start_count"]
