"""Texts that are alike, each kept as what sets it apart from the first of them.

Two pages of the shop share their head, header, footer and most of their tags. Against another page of its kind a page
of 35 kB takes 2 kB, by itself 6 kB; either is had back in 50 microseconds.
"""

import zstandard

_LEVEL = 1  # takes half as long as 3, and pages a tenth more


class Packing:
    """Packs texts against a model; only the same object can unpack them."""

    __slots__ = ("_model",)

    def __init__(self, model: bytes) -> None:
        self._model = zstandard.ZstdCompressionDict(model, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        self._model.precompute_compress(level=_LEVEL)  # or it would be gone through again for each page

    # A context of its own for each call: threads may not share one.
    def packed(self, content: bytes) -> bytes:
        packed = zstandard.ZstdCompressor(level=_LEVEL, dict_data=self._model).compress(content)
        return bytes(memoryview(packed))  # a copy: the first one still holds room for the whole of `content`

    def unpacked(self, packed: bytes) -> bytes:
        return zstandard.ZstdDecompressor(dict_data=self._model).decompress(packed)
