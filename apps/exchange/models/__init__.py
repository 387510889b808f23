from apps.exchange.models.bulk import BulkEdit
from apps.exchange.models.imports import Import, ImportPart, ImportRow

__all__ = ["BulkEdit", "Import", "ImportPart", "ImportRow"]
