"""A gzip file of blocks that were compressed before, with others between them that are not compressed at all.

Such a file may go from compressed blocks to plain ones and back. So the kept pieces of a page are compressed each by
itself, and a personal part is put between them as it is: nothing of a kept page is compressed twice, or read again.
"""

import struct
import zlib
from collections.abc import Sequence
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


def deflated(part: bytes) -> Deflated:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    blocks = compressor.compress(part) + compressor.flush(zlib.Z_FULL_FLUSH)
    return Deflated(blocks, len(part), zlib.crc32(part), zlib.crc32(bytes(len(part))))


def gzip_file(parts: Sequence[Deflated], values: Sequence[bytes]) -> bytes:
    """The file of the parts with the values between them, one less."""
    checksum = length = 0
    blocks = [_HEADER]
    for part, value in zip(parts, (*values, b""), strict=True):
        checksum = part.checksum_after(checksum)
        length += part.length
        blocks.append(part.blocks)
        if value:
            checksum = zlib.crc32(value, checksum)
            length += len(value)
            blocks.append(_undeflated(value))
    return b"".join((*blocks, _END, struct.pack("<LL", checksum, length & 0xFFFFFFFF)))


def _undeflated(part: bytes) -> bytes:
    """Blocks that are not compressed."""
    chunks = (part[at : at + _LONGEST_PLAIN] for at in range(0, len(part), _LONGEST_PLAIN))
    return b"".join(struct.pack("<BHH", 0, len(chunk), len(chunk) ^ 0xFFFF) + chunk for chunk in chunks)
