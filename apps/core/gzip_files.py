"""A gzip file of blocks that were compressed before, and others that are not compressed at all.

Such a file may go from compressed blocks to plain ones and back. So the kept pieces of a page are compressed each by
itself, and a personal part is put between them as it is: nothing of a kept page is ever compressed twice.
"""

import struct
import zlib
from collections.abc import Iterable

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_END = b"\x03\x00"
_LONGEST_PLAIN = 0xFFFF


def gzip_file(blocks: Iterable[bytes], plain: Iterable[bytes]) -> bytes:
    """The file of these blocks; `plain` is what they say when they are read."""
    checksum = length = 0
    for part in plain:
        checksum = zlib.crc32(part, checksum)
        length += len(part)
    return b"".join((_HEADER, *blocks, _END, struct.pack("<LL", checksum, length & 0xFFFFFFFF)))


def deflated(part: bytes) -> bytes:
    """Blocks that end at a whole byte and look at nothing outside."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(part) + compressor.flush(zlib.Z_FULL_FLUSH)


def undeflated(part: bytes) -> bytes:
    """Blocks that are not compressed."""
    chunks = (part[at : at + _LONGEST_PLAIN] for at in range(0, len(part), _LONGEST_PLAIN))
    return b"".join(struct.pack("<BHH", 0, len(chunk), len(chunk) ^ 0xFFFF) + chunk for chunk in chunks)
