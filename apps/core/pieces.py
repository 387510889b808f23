"""A page in pieces: what is the same for everybody, compressed once, with gaps for what is not."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from hashlib import sha256
from itertools import accumulate, pairwise
from typing import Self

import brotli
from django.http import HttpResponse

from apps.core.accepted import encodings
from apps.core.gzip_files import GzippedParts
from apps.core.markers import put_together, taken_apart
from apps.core.packing import Packing, compressed_in_passing
from apps.core.written_cookies import WrittenCookiesResponse

# Most pages of a great shop are asked for once or twice before they change, and a form that is kept, a tenth smaller,
# costs as much as six that are not (measured at 28 and 55 kB).
IN_PASSING = 6
CSRF_FIELD = "csrf"  # the placeholder with the token of a form


class Pieces:
    """The parts of a page in their order, with the names of the placeholders between them.

    Those that are `packed` take as little memory as they can, for as long as they are kept.
    """

    __slots__ = ("_brotli", "_ends", "_gzipped", "_packed", "_packing", "names", "uses", "version")

    def __init__(self, content: bytes) -> None:
        parts, names = taken_apart(content)
        self.names = tuple(names)
        self.version = digest(content)
        self.uses = 0
        self._ends = array("I", accumulate(map(len, parts)))
        self._packing: Packing | None = None
        self._packed = b"".join(parts)
        self._gzipped: GzippedParts | None = None
        self._brotli: tuple[tuple[bytes, ...], bytes] | None = None

    def packed(self, packing: Packing) -> Self:
        """The same, to be kept."""
        kept = copy(self)
        kept._packing, kept._packed = packing, packing.packed(self._packed)
        return kept

    @property
    def parts(self) -> list[bytes]:
        whole = self._packing.unpacked(self._packed) if self._packing else self._packed
        return [whole[start:end] for start, end in pairwise((0, *self._ends))]

    def length(self, values: Sequence[bytes]) -> int:
        """Of the page as `filled` makes it."""
        return (self._ends[-1] if self._ends else 0) + sum(map(len, values))

    @property
    def size(self) -> int:
        """Bytes of its text in all forms that there are by now."""
        return len(self._packed) + (self._gzipped.size if self._gzipped else 0) + self._size_of_brotli

    @property
    def _size_of_brotli(self) -> int:
        values, body = self._brotli or ((), b"")
        return sum(map(len, values)) + len(body)

    def filled(self, values: Sequence[bytes]) -> bytes:
        return put_together(self.parts, values)

    def gzipped(self, values: Sequence[bytes], *, are_common: bool = False) -> bytes:
        """Many visitors get values that `are_common`, but for a form's token."""
        if self._gzipped is None:
            self._gzipped = GzippedParts(self.parts)
        own = {at for at, name in enumerate(self.names) if name == CSRF_FIELD} if are_common else None
        return self._gzipped.file(values, own)

    def brotlied(self, values: Sequence[bytes]) -> bytes:
        """For values that many visitors have: the last form is kept."""
        key = tuple(values)
        kept = self._brotli
        if kept is None or kept[0] != key:
            body = brotli.compress(self.filled(values), quality=6)
            kept = self._brotli = key, bytes(memoryview(body))  # a copy: the first one has room for more
        return kept[1]


class PiecedResponse(WrittenCookiesResponse):
    """A kept page on its way out. `values` fill its gaps; `is_common` says that many visitors have the same, but for a
    form's token."""

    pieces: Pieces | None = None

    def __init__(self, pieces: Pieces, headers: Mapping[str, str], unpacked: Pieces | None = None) -> None:
        """`unpacked` are the same pieces where they have just been made, so that the text is at hand."""
        super().__init__(headers=headers)
        self.pieces = pieces
        self._unpacked = unpacked
        self.values: list[bytes] = [b""] * len(pieces.names)
        self.is_common = False

    @property
    def content(self) -> bytes:
        if self.pieces is None:
            return super().content
        return (self._unpacked or self.pieces).filled(self.values)

    @content.setter
    def content(self, value: bytes) -> None:
        self.pieces = None
        del self["Content-Length"]
        HttpResponse.content.fset(self, value)  # type: ignore[attr-defined]

    def __iter__(self) -> Iterator[bytes]:
        return iter([self.content])

    def fill(self, values: list[bytes]) -> None:
        """Say what fills the gaps. The length is said as well, or a middleware would unpack the page to learn it."""
        self.values = values
        if self.pieces is not None:
            self["Content-Length"] = str(self.pieces.length(values))

    def compressed(self, accepted: str) -> tuple[bytes, str]:
        """The body, and how it is encoded: "br", "gzip", "zstd" or "" for not at all."""
        pieces = self.pieces
        if pieces is None:
            return self.content, ""
        pieces.uses += 1
        takes = encodings(accepted)
        if pieces.uses <= IN_PASSING and "zstd" in takes:
            return compressed_in_passing(self.content), "zstd"
        if self.is_common and CSRF_FIELD not in pieces.names and "br" in takes:
            return pieces.brotlied(self.values), "br"
        if "gzip" in takes:
            return pieces.gzipped(self.values, are_common=self.is_common), "gzip"
        return self.content, ""


def digest(*parts: bytes) -> str:
    state = sha256()  # processors know it, so it takes half as long as a shorter one
    for part in parts:
        state.update(part)
        state.update(b"\x00")
    return state.hexdigest()[:16]
