from apps.pages.models.journal import PageChange, PageClock

__all__ = ["PageChange", "PageClock"]
