"""The files a finished picture has. Apart from the renderer, because the seeder needs them where nothing is drawn."""

WIDTHS = (320, 480, 640, 960)
_WEBP_WIDTHS = (480, 960)
_CLOSE_WEBP_WIDTHS = (480,)  # few browsers still need WebP; for those the second picture may be smaller
WIDTH, HEIGHT = 960, 1200


def webp_widths(name: str) -> tuple[int, ...]:
    return _CLOSE_WEBP_WIDTHS if name.endswith("-detail") else _WEBP_WIDTHS


def renditions(name: str) -> dict[str, list[tuple[int, str]]]:
    """Each format's files by width, as addresses among the static files."""
    formats = {"avif": WIDTHS, "webp": webp_widths(name)}
    return {kind: [(width, f"img/demo/{name}-{width}.{kind}") for width in widths] for kind, widths in formats.items()}
