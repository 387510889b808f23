"""A page in pieces: what is the same for everybody, compressed once, with gaps for what is not.

A gzip file may go from compressed blocks to plain ones and back. So the kept pieces are compressed each by itself, and
a personal part is put between them as it is: nothing of a kept page is ever compressed twice.
"""

import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import zip_longest

import brotli
import zstandard
from django.http import HttpResponse

MARKER = re.compile(rb"<!--stoa:([a-z-]+)-->")
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_END = b"\x03\x00"
_LONGEST_PLAIN = 0xFFFF
_REFUSED = re.compile(r";\s*q\s*=\s*0(\.0*)?\s*$")
# What a page may cost beyond its own size once it is compressed.
_ROOM = 1.6


class Pieces:
    """The parts of a page in their order, with the names of the placeholders between them."""

    __slots__ = ("_brotli", "_deflated", "names", "parts", "uses", "version")

    def __init__(self, content: bytes) -> None:
        found = MARKER.split(content)
        self.parts: list[bytes] = found[::2]
        self.names = [name.decode() for name in found[1::2]]
        self.version = digest(content)
        self.uses = 0
        self._deflated: list[bytes] | None = None
        self._brotli: tuple[bytes, bytes] | None = None

    @property
    def size(self) -> int:
        """Bytes of memory, compressed forms counted before they are made."""
        return int(sum(map(len, self.parts)) * _ROOM)

    def filled(self, values: Sequence[bytes]) -> bytes:
        return b"".join(_between(self.parts, values))

    def gzipped(self, values: Sequence[bytes]) -> bytes:
        if self._deflated is None:
            self._deflated = [_deflate(part) for part in self.parts]
        checksum = length = 0
        for part in _between(self.parts, values):
            checksum = zlib.crc32(part, checksum)
            length += len(part)
        body = b"".join(_between(self._deflated, [_plain(value) for value in values]))
        return b"".join((_HEADER, body, _END, struct.pack("<LL", checksum, length & 0xFFFFFFFF)))

    def brotlied(self, values: Sequence[bytes]) -> bytes:
        """For values that many visitors have: the last form is kept."""
        key = b"".join(values)
        kept = self._brotli
        if kept is None or kept[0] != key:
            kept = self._brotli = key, brotli.compress(self.filled(values), quality=6)
        return kept[1]


class PiecedResponse(HttpResponse):
    """A kept page on its way out. `values` fill its gaps; `is_common` says that many visitors get the same ones."""

    pieces: Pieces | None = None

    def __init__(self, pieces: Pieces, headers: Mapping[str, str]) -> None:
        super().__init__(headers=headers)
        self.pieces = pieces
        self.values: list[bytes] = [b""] * len(pieces.names)
        self.is_common = False

    @property
    def content(self) -> bytes:
        if self.pieces is None:
            return super().content
        return self.pieces.filled(self.values)

    @content.setter
    def content(self, value: bytes) -> None:
        self.pieces = None
        HttpResponse.content.fset(self, value)  # type: ignore[attr-defined]

    def __iter__(self) -> Iterator[bytes]:
        return iter([self.content])

    def compressed(self, accepted: str) -> tuple[bytes, str]:
        """The body, and how it is encoded: "br", "gzip", "zstd" or "" for not at all."""
        pieces = self.pieces
        if pieces is None:
            return self.content, ""
        pieces.uses += 1
        takes = encodings(accepted)
        if pieces.uses == 1 and "zstd" in takes:
            # Most pages of a great shop are asked for once before they change.
            return zstandard.compress(self.content, 3), "zstd"
        if self.is_common and "br" in takes:
            return pieces.brotlied(self.values), "br"
        return (pieces.gzipped(self.values), "gzip") if "gzip" in takes else (self.content, "")


def digest(*parts: bytes) -> str:
    state = blake2b(digest_size=8)
    for part in parts:
        state.update(part)
        state.update(b"\x00")
    return state.hexdigest()


@lru_cache(maxsize=256)
def encodings(accepted: str) -> frozenset[str]:
    """Those that a client takes, from its Accept-Encoding."""
    entries = (entry.strip() for entry in accepted.lower().split(","))
    return frozenset(entry.split(";")[0].strip() for entry in entries if entry and not _REFUSED.search(entry))


def _between(parts: Sequence[bytes], values: Sequence[bytes]) -> Iterator[bytes]:
    for part, value in zip_longest(parts, values, fillvalue=b""):
        yield part
        yield value


def _deflate(part: bytes) -> bytes:
    """Blocks that end at a whole byte and look at nothing outside."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(part) + compressor.flush(zlib.Z_FULL_FLUSH)


def _plain(value: bytes) -> bytes:
    """Blocks that are not compressed."""
    chunks = (value[at : at + _LONGEST_PLAIN] for at in range(0, len(value), _LONGEST_PLAIN))
    return b"".join(struct.pack("<BHH", 0, len(chunk), len(chunk) ^ 0xFFFF) + chunk for chunk in chunks)
