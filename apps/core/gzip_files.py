"""A gzip file of blocks that were compressed before, with others between them that are not compressed at all.

Such a file may go from compressed blocks to plain ones and back. So the kept pieces of a page are compressed each by
itself, and a personal part is put between them as it is: nothing of a kept page is compressed twice, or read again.
"""

import struct
import zlib
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_END = b"\x03\x00"
_LONGEST_PLAIN = 0xFFFF


class Deflated(NamedTuple):
    """Blocks that end at a whole byte and look at nothing outside, and what is to be known of their text."""

    blocks: bytes
    length: int
    checksum: int
    of_zeros: int  # the checksum of as many zeros

    def checksum_after(self, checksum: int) -> int:
        """Of what had that checksum with this text behind it: CRC-32 is linear, so as many zeros stand for the text."""
        return self.checksum ^ self.of_zeros ^ zlib.crc32(bytes(self.length), checksum)


class _File(NamedTuple):
    """A file as it was made for some values."""

    values: Sequence[bytes]
    chunks: list[bytes]  # header, blocks of a part, blocks of a value, blocks of a part …
    ends: list[int]  # of the values in the text
    checksum: int

    def fits(self, values: Sequence[bytes]) -> bool:
        return list(map(len, self.values)) == list(map(len, values))

    def with_values(self, values: Sequence[bytes]) -> bytes:
        """The file for values as long as its own: what differs is put in its place, and told to the checksum."""
        chunks, checksum = self.chunks.copy(), self.checksum
        for at, (value, before) in enumerate(zip(values, self.values, strict=True)):
            if value != before:
                chunks[2 * at + 2] = _undeflated(value)
                zeros, changed = bytes(self.ends[-1] - self.ends[at]), zlib.crc32(value) ^ zlib.crc32(before)
                checksum ^= zlib.crc32(zeros, changed) ^ zlib.crc32(zeros)
        return b"".join((*chunks, _END, struct.pack("<LL", checksum, self.ends[-1] & 0xFFFFFFFF)))


class GzippedParts:
    """Parts of a page, each compressed once, to be joined with values between them."""

    __slots__ = ("_parts", "_shared")

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = [deflated(part) for part in parts]
        self._shared: _File | None = None

    @property
    def size(self) -> int:
        return sum(len(part.blocks) for part in self._parts)

    def file(self, values: Sequence[bytes], own: Container[int] | None = None) -> bytes:
        """The file of the parts with the values between them, one less.

        With `own`, all visitors have the same values but for those places. Then the file is remembered, with zeros for
        what is one's own, and the next one takes a fourth of the time.
        """
        if own is None:
            return self._joined(values).with_values(values)
        shared = self._shared
        if shared is None or not shared.fits(values):
            alike = [bytes(len(value)) if at in own else value for at, value in enumerate(values)]
            shared = self._shared = self._joined(alike)
        return shared.with_values(values)

    def _joined(self, values: Sequence[bytes]) -> _File:
        checksum, length = 0, 0
        chunks, ends = [_HEADER], []
        for part, value in zip(self._parts, (*values, b""), strict=True):
            checksum = zlib.crc32(value, part.checksum_after(checksum))
            chunks += part.blocks, _undeflated(value)
            length += part.length + len(value)
            ends.append(length)
        return _File(values, chunks, ends, checksum)


def deflated(part: bytes) -> Deflated:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    blocks = compressor.compress(part) + compressor.flush(zlib.Z_FULL_FLUSH)
    return Deflated(blocks, len(part), zlib.crc32(part), zlib.crc32(bytes(len(part))))


def _undeflated(part: bytes) -> bytes:
    """Blocks that are not compressed."""
    chunks = (part[at : at + _LONGEST_PLAIN] for at in range(0, len(part), _LONGEST_PLAIN))
    return b"".join(struct.pack("<BHH", 0, len(chunk), len(chunk) ^ 0xFFFF) + chunk for chunk in chunks)
