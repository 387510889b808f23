from apps.exchange.admin.bulk import BulkEditAdmin
from apps.exchange.admin.imports import ImportAdmin

__all__ = ["BulkEditAdmin", "ImportAdmin"]
