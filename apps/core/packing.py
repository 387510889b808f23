"""Texts that are alike, each kept as what sets it apart from the first of them.

Two pages of the shop share their head, header, footer and most of their tags. Against another page of its kind a page
of 35 kB takes 2 kB, by itself 6 kB; either is had back in 10 microseconds.
"""

import threading

import zstandard

_LEVEL = 1  # takes half as long as 3, and pages a tenth more


class Packing:
    """Packs texts against a model; only the same object can unpack them."""

    __slots__ = ("_compressor", "_decompressor", "_turn")

    def __init__(self, model: bytes) -> None:
        known = zstandard.ZstdCompressionDict(model, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        known.precompute_compress(level=_LEVEL)  # or it would be gone through again for each page
        # Made once: a new one for each page would take as long to set up as to use. One for each thread would be
        # 400 kB eight times, so threads take turns, of 10 to 20 microseconds.
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=known)
        self._decompressor = zstandard.ZstdDecompressor(dict_data=known)
        self._turn = threading.Lock()

    def packed(self, content: bytes) -> bytes:
        with self._turn:
            packed = self._compressor.compress(content)
        return bytes(memoryview(packed))  # a copy: the first one still holds room for the whole of `content`

    def unpacked(self, packed: bytes) -> bytes:
        with self._turn:
            return self._decompressor.decompress(packed)


_in_passing = zstandard.ZstdCompressor(level=_LEVEL)
_turn = threading.Lock()


def compressed_in_passing(content: bytes) -> bytes:
    """For a page that may not be asked for again, as browsers read it ("zstd")."""
    with _turn:
        return _in_passing.compress(content)
