from apps.exchange.admin.imports import ImportAdmin

__all__ = ["ImportAdmin"]
