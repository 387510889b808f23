from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticNames(CompressedManifestStaticFilesStorage):
    """Static files with a hash in their names. An address is put together once: it stays while the process lives."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        address = self._addresses.get(name)
        if address is None or force:
            address = super().url(name, force)
            if not force:
                self._addresses[name] = address
        return address
