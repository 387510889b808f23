"""Things made on a wheel or a lathe: a profile turned round a standing axis, shaded as its surface lies to the light."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin, sqrt

from .canvas import Canvas, Point, polygon
from .colour import SHINE, darker, lighter, lit, mirrored
from .light import tilt

Profile = Sequence[Point]  # (y, radius) from top to bottom; a point given twice makes a corner


@dataclass(frozen=True)
class Finish:
    """How a surface answers light. `flutes` cuts that many upright grooves into the round."""

    gloss: float = 0.25
    sharpness: float = 34
    metal: bool = False
    flutes: int = 0


MATT = Finish(gloss=0.05, sharpness=10)
SATIN = Finish(gloss=0.24, sharpness=22)
GLAZED = Finish(gloss=0.52, sharpness=60)
POLISHED = Finish(metal=True)

Colouring = Callable[[float], str]  # height in the picture -> colour


def smooth(points: Profile, step: float = 1.6) -> list[Point]:
    """Catmull-Rom through the points, sampled about every `step` pixels."""
    samples: list[Point] = []
    pieces: list[list[Point]] = [[points[0]]]
    for point in points[1:]:
        if point == pieces[-1][-1]:
            pieces.append([point])
        else:
            pieces[-1].append(point)
    for piece in pieces:
        ends = [piece[0], *piece, piece[-1]]
        for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
            count = max(2, round(hypot(c[0] - b[0], c[1] - b[1]) / step))
            for index in range(count):
                t = index / count
                samples.append((_spline(a[0], b[0], c[0], d[0], t), max(0.0, _spline(a[1], b[1], c[1], d[1], t))))
        samples.append(piece[-1])
    return samples


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t)


def _across(canvas: Canvas, colour: str, rise: float, finish: Finish) -> str:
    """The fill of one level ring whose surface leans up by `rise` (the sine of its slope)."""
    rise = round(rise * 40) / 40
    flat = sqrt(max(0.0, 1 - rise * rise))
    stops: list[tuple[float, str]] = []
    count = finish.flutes * 6 if finish.flutes else 22
    for index in range(count + 1):
        angle = pi * index / count
        turn = 0.42 * sin(angle * finish.flutes * 2) if finish.flutes else 0.0
        x, z = -cos(angle + turn), sin(angle + turn)
        normal = (x * flat, rise, max(0.0, z) * flat)
        seen = (
            mirrored(colour, x, rise)
            if finish.metal
            else lit(colour, normal, gloss=finish.gloss, sharpness=finish.sharpness)
        )
        stops.append(((1 - cos(angle)) / 2, seen))
    return canvas.linear(stops)


def turned(
    canvas: Canvas, cx: float, profile: Profile, colour: str | Colouring, finish: Finish = SATIN, *, step: float = 1.6
) -> None:
    """Paints rings from the bottom up, each over the last: seen from above, that is what hides what."""
    colour_at: Colouring = colour if callable(colour) else lambda y: str(colour)
    samples = smooth(profile, step)
    for index in range(len(samples) - 1, -1, -1):
        y, radius = samples[index]
        before, after = samples[max(0, index - 1)], samples[min(len(samples) - 1, index + 1)]
        length = hypot(after[0] - before[0], after[1] - before[1]) or 1.0
        rise = (after[1] - before[1]) / length
        canvas.ellipse(cx, y, radius, radius * tilt(y), _across(canvas, colour_at(y), rise, finish))


def radius_at(profile: Profile, y: float) -> float:
    return min(smooth(profile, 4), key=lambda sample: abs(sample[0] - y))[1]


def outline(cx: float, profile: Profile) -> str:
    """The seen edge of a turned thing as a path, for clips and glass."""
    samples = smooth(profile, 5)
    (top, top_radius), (bottom, bottom_radius) = samples[0], samples[-1]
    back = [(cx + top_radius * cos(a), top - top_radius * tilt(top) * sin(a)) for a in _half_turn()]
    left = [(cx - radius, y) for y, radius in samples]
    base = [(cx - bottom_radius * cos(a), bottom + bottom_radius * tilt(bottom) * sin(a)) for a in _half_turn()]
    right = [(cx + radius, y) for y, radius in reversed(samples)]
    return polygon([*back, *left, *base, *right])


def _half_turn() -> list[float]:
    return [pi * index / 24 for index in range(25)]


def streak(
    canvas: Canvas,
    cx: float,
    profile: Profile,
    top: float,
    bottom: float,
    *,
    at: float = -0.55,
    width: float = 0.07,
    opacity: float = 0.5,
    blur: float = 4,
) -> None:
    """The window mirrored in a glaze: a thin bright band that follows the form."""
    band = [(y, radius) for y, radius in smooth(profile, 6) if top <= y <= bottom]
    if len(band) < 2:
        return
    left = [(cx + radius * (at - width / 2), y + radius * tilt(y) * 0.8) for y, radius in band]
    right = [(cx + radius * (at + width / 2), y + radius * tilt(y) * 0.8) for y, radius in reversed(band)]
    canvas.path(polygon([*left, *right]), SHINE, opacity=opacity, blur=blur)


def opening(
    canvas: Canvas,
    cx: float,
    y: float,
    radius: float,
    colour: str,
    *,
    lip: float = 12,
    inside: str | None = None,
    depth: float = 0.6,
) -> None:
    """The mouth of a vessel: a lit lip and the hollow, dark under the near wall of light and paler where light falls in."""
    ry = radius * tilt(y)
    canvas.ellipse(
        cx,
        y,
        radius,
        ry,
        canvas.linear([(0, lighter(colour, 0.30)), (0.45, lighter(colour, 0.16)), (1, darker(colour, 0.16))]),
    )
    hollow = inside or colour
    inner, inner_ry = max(2.0, radius - lip), max(1.5, ry - lip * 0.42)
    stops = [
        (0, darker(hollow, depth)),
        (0.45, darker(hollow, depth * 0.62)),
        (0.85, darker(hollow, depth * 0.18)),
        (1, darker(hollow, depth * 0.3)),
    ]
    canvas.ellipse(cx, y + lip * 0.12, inner, inner_ry, canvas.linear(stops, (0, 0.1, 1, 0.6)))
    canvas.ellipse(
        cx,
        y + lip * 0.12,
        inner,
        inner_ry,
        canvas.down([(0, "#140c07", 0.34), (0.7, "#140c07", 0.05), (1, "#140c07", 0)]),
    )


def speckle(canvas: Canvas, path: str, box: tuple[float, float, float, float], colour: str, count: int = 140) -> None:
    """Iron spots of a stoneware clay."""
    left, top, right, bottom = box
    canvas.open(clip=canvas.clip(path))
    for _ in range(count):
        size = canvas.random.choice((1.2, 1.6, 2.2, 3.0))
        x, y = canvas.random.uniform(left, right), canvas.random.uniform(top, bottom)
        canvas.ellipse(x, y, size, size * 0.8, colour, opacity=canvas.random.uniform(0.2, 0.5))
    canvas.close()
