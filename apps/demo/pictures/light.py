"""The room: a muted wall lit from top left, a floor with a soft horizon, and the shadows things throw."""

from .canvas import Canvas
from .colour import SHADE, darker, lighter, mix

FLOOR = 1230
HORIZON = 1015


def tilt(y: float) -> float:
    """Height of a level circle over its width at this height of the picture: we look down on low things."""
    return 0.125 + 0.095 * (y - 400) / 800


def room(canvas: Canvas, wall: str, *, horizon: float = HORIZON, width: float = 1200, height: float = 1500) -> None:
    """Paints wall, beam and floor, a third larger than the canvas so that a frame may reach over its edge.

    A horizon below the picture leaves the wall alone.
    """
    left, right, bottom = -0.2 * width, 1.2 * width, 1.35 * height
    lit_wall = canvas.radial(
        [(0, lighter(wall, 0.46)), (0.5, lighter(wall, 0.10)), (1, darker(wall, 0.15))], (0.34, 0.16), 0.86
    )
    canvas.rect(left, 0, right - left, bottom, lit_wall)
    beam = canvas.linear([(0, "#ffffff", 0.30), (0.7, "#ffffff", 0.05), (1, "#ffffff", 0)], (0, 0, 0.8, 1))
    end = min(horizon, HORIZON * height / 1500)
    for spread, opacity in ((0, 0.5), (40, 0.35), (90, 0.3)):
        corners = f"M{-60 - spread} -40 L{width * 0.42 + spread} -40 L{width * 0.98 + spread} {end} L{width * 0.6 - spread} {end} Z"
        canvas.path(corners, beam, opacity=opacity, blur=16)
    if horizon >= height:
        return
    floor = mix(wall, "#d9c7ae", 0.18)
    ground = [
        (0, darker(floor, 0.05), 0),
        (0.06, darker(floor, 0.03), 0.9),
        (0.26, lighter(floor, 0.16)),
        (1, darker(floor, 0.03)),
    ]
    canvas.rect(left, horizon - 34, right - left, bottom - horizon + 34, canvas.down(ground))
    canvas.rect(left, horizon - 60, right - left, 120, canvas.down([(0, SHADE, 0), (0.5, SHADE, 0.05), (1, SHADE, 0)]))


def _fade(canvas: Canvas, strength: float, solid: float = 0.0) -> str:
    steps = [
        (0.0, 1.0),
        (solid, 1.0),
        (solid + (1 - solid) * 0.35, 0.62),
        (solid + (1 - solid) * 0.7, 0.17),
        (1.0, 0.0),
    ]
    return canvas.radial([(offset, SHADE, strength * share) for offset, share in steps])


def shadow(
    canvas: Canvas, cx: float, y: float, rx: float, *, depth: float | None = None, strength: float = 1.0
) -> None:
    """What an object of half width rx throws on the floor at y: wide and pale, then the fall to the right, then the contact."""
    ry = depth if depth is not None else rx * tilt(y)
    canvas.ellipse(cx + rx * 0.34, y + ry * 0.1, rx * 2.0, ry * 2.5 + 26, _fade(canvas, 0.20 * strength))
    canvas.ellipse(cx + rx * 0.30, y - ry * 0.02, rx * 1.36, ry * 1.5 + 12, _fade(canvas, 0.34 * strength, 0.1))
    canvas.ellipse(cx + rx * 0.03, y + ry * 0.12 + 3, rx * 1.07, ry * 1.12 + 6, _fade(canvas, 0.62 * strength, 0.62))


def foot_shadow(canvas: Canvas, cx: float, y: float, rx: float, strength: float = 1.0) -> None:
    """The small dark touch under one leg."""
    canvas.ellipse(cx + rx * 0.9, y + 1, rx * 2.6, rx * 0.85, _fade(canvas, 0.42 * strength))
    canvas.ellipse(cx, y, rx * 1.2, rx * 0.42, _fade(canvas, 0.6 * strength, 0.4))


def wall_shadow(canvas: Canvas, path: str, *, dx: float = 34, dy: float = 44, strength: float = 1.0) -> None:
    """What something hanging on the wall throws on it."""
    canvas.open(f"translate({dx} {dy})")
    canvas.path(path, SHADE, opacity=0.22 * strength, blur=26)
    canvas.close()
    canvas.open(f"translate({dx * 0.3} {dy * 0.3})")
    canvas.path(path, SHADE, opacity=0.30 * strength, blur=9)
    canvas.close()


def glow(canvas: Canvas, cx: float, cy: float, radius: float, strength: float = 0.8, tone: str = "#ffe6ad") -> None:
    stops = [(0, "#fff5d8", strength), (0.25, tone, strength * 0.55), (0.6, tone, strength * 0.16), (1, tone, 0)]
    canvas.ellipse(cx, cy, radius, radius * 0.92, canvas.radial(stops))
