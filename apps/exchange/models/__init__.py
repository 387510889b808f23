from apps.exchange.models.bulk import BulkEdit, EditRow
from apps.exchange.models.imports import Import, ImportPart, ImportRow

__all__ = ["BulkEdit", "EditRow", "Import", "ImportPart", "ImportRow"]
