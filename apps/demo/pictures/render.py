"""From a picture of the plan to finished files: SVG, pixels, a breath of grain, AVIF and WebP in the widths pages ask for."""

import hashlib
import io
from pathlib import Path

import resvg_py
from PIL import Image, ImageChops

from .canvas import Canvas
from .light import room
from .plan import Picture
from .sizes import WIDTHS, webp_widths

AVIF_QUALITY, WEBP_QUALITY = 52, 64


def seed_of(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])


def drawings(picture: Picture) -> tuple[str, str]:
    """The room and, on nothing, the object in it."""
    # A closer picture and its product share the seed, so that leaves and stitches are the same ones.
    background, thing = Canvas(0), Canvas(seed_of(picture.name.removesuffix("-detail")))
    room(background, picture.wall, horizon=picture.subject.horizon)
    picture.subject.draw(thing, picture.colour, **picture.choices)
    return background.svg(picture.box), thing.svg(picture.box)


def pixels(background: str, things: str, width: int) -> Image.Image:
    """A room is all soft light, so a third of the pixels are enough for it; its blurs would take seconds at full size."""
    front = _raster(things, width)
    back = _raster(background, width // 3).resize(front.size, Image.Resampling.BICUBIC)
    back.alpha_composite(front)
    return back.convert("RGB")


def _raster(drawing: str, width: int) -> Image.Image:
    return Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=drawing, width=width)))).convert("RGBA")


def grained(image: Image.Image, strength: float = 1.5) -> Image.Image:
    """Grain hides the bands of long gradients and makes paper of pixels; more of it only costs bytes."""
    noise = Image.effect_noise(image.size, strength)
    return ImageChops.add(image, Image.merge("RGB", (noise, noise, noise)), scale=1, offset=-128)


def files_of(
    folder: Path, name: str, widths: tuple[int, ...] = WIDTHS, webp: tuple[int, ...] | None = None
) -> list[tuple[Path, int]]:
    webp = webp_widths(name) if webp is None else webp
    found = [(folder / f"{name}-{width}.avif", width) for width in widths]
    return found + [(folder / f"{name}-{width}.webp", width) for width in webp]


def write(image: Image.Image, targets: list[tuple[Path, int]]) -> int:
    """Saves one rendering in every size and format; returns the bytes written."""
    written = 0
    for path, width in targets:
        height = round(image.height * width / image.width)
        scaled = image if width == image.width else image.resize((width, height), Image.Resampling.LANCZOS)
        if path.suffix == ".avif":
            scaled.save(path, quality=AVIF_QUALITY, speed=7)
        else:
            scaled.save(path, quality=WEBP_QUALITY, method=5)
        written += path.stat().st_size
    return written


def draw(picture: Picture, folder: Path) -> int:
    return write(grained(pixels(*drawings(picture), max(WIDTHS))), files_of(folder, picture.name))
