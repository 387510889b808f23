"""Which pictures are taken, and in which sizes and formats the shop shows them."""

WIDTHS = (320, 480, 640, 960, 1440)
FORMATS = {"avif": {"quality": 60, "speed": 7}, "webp": {"quality": 80, "method": 4}}
READABLE = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
PIXEL_LIMIT = 50_000_000


class UnreadablePicture(Exception):
    """The file is no picture, is damaged, or would need too much memory."""
