"""Colours as "#rrggbb" and what light does to them."""

from collections.abc import Sequence
from math import sqrt

Vector = tuple[float, float, float]

SHADE = "#1b130e"
SHINE = "#fffdf8"


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(start: str, end: str, share: float) -> str:
    """The colour that lies `share` (0..1) of the way from start to end."""
    share = min(1.0, max(0.0, share))
    pairs = zip(_channels(start), _channels(end), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def lighter(colour: str, share: float) -> str:
    return mix(colour, SHINE, share)


def darker(colour: str, share: float) -> str:
    return mix(colour, SHADE, share)


def luminance(colour: str) -> float:
    red, green, blue = _channels(colour)
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def unit(vector: Vector) -> Vector:
    length = sqrt(sum(part * part for part in vector)) or 1.0
    return vector[0] / length, vector[1] / length, vector[2] / length


def dot(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


# x points right, y up, z to the viewer; the window is top left, a little in front.
LIGHT = unit((-0.58, 0.50, 0.64))
HALF_WAY = unit((LIGHT[0], LIGHT[1] + 0.12, LIGHT[2] + 1.0))


def lit(colour: str, normal: Vector, *, gloss: float = 0.0, sharpness: float = 30, softness: float = 0.35) -> str:
    """The colour of a surface with this normal: window light, sky from above, a little bounce from the floor."""
    direct = max(0.0, (dot(normal, LIGHT) + softness) / (1 + softness))
    sky = 0.10 * normal[1]
    bounce = 0.13 * max(0.0, normal[0]) * (1 - normal[2]) + 0.07 * max(0.0, -normal[1])
    level = 0.36 + 0.78 * direct + sky + bounce
    seen = lighter(colour, (level - 1) * 0.62) if level > 1 else darker(colour, (1 - level) * 0.86)
    shine = gloss * max(0.0, dot(normal, HALF_WAY)) ** sharpness
    edge = gloss * 0.16 * (1 - max(0.0, normal[2])) ** 3
    return lighter(seen, min(0.92, shine + edge))


def mirrored(colour: str, across: float, up: float) -> str:
    """Polished metal shows the room, not the light: bright window, dim corner, pale wall on the right."""

    def bump(centre: float, width: float) -> float:
        return 2.718281828 ** (-(((across - centre) / width) ** 2))

    level = 0.62 + 0.62 * bump(-0.46, 0.2) + 0.30 * bump(0.58, 0.16) - 0.26 * bump(0.12, 0.26)
    level += 0.22 * up - 0.20 * bump(-0.95, 0.18) - 0.18 * bump(0.96, 0.14)
    return lighter(colour, (level - 1) * 1.3) if level > 1 else darker(colour, (1 - level) * 0.9)
