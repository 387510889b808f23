from apps.pages.services.journal import pages_changed

__all__ = ["pages_changed"]
