"""Plant pots worth a picture of their own, and a watering can."""

from .canvas import Canvas
from .colour import darker, lighter
from .light import FLOOR, shadow
from .turned import POLISHED, SATIN, Finish, Profile, opening, streak, turned


def planter(
    canvas: Canvas, colour: str, *, saucer: str | None = None, flutes: int = 0, wide: float = 290, high: float = 430
) -> None:
    """An empty plant pot that is worth a picture of its own."""
    cx, floor = 600, FLOOR
    top = floor - high
    shadow(canvas, cx, floor, wide * 0.92)
    dish = saucer or darker(colour, 0.06)
    turned(
        canvas,
        cx,
        [(floor - 34, wide * 0.92), (floor - 28, wide * 0.94), (floor - 4, wide * 0.84), (floor, wide * 0.82)],
        dish,
        SATIN,
    )
    opening(canvas, cx, floor - 34, wide * 0.92, dish, lip=12, depth=0.4)
    body: Profile = [(top, wide), (top + high * 0.5, wide * 0.94), (floor - 70, wide * 0.80), (floor - 26, wide * 0.74)]
    turned(canvas, cx, body, colour, Finish(gloss=0.2, sharpness=24, flutes=flutes))
    if not flutes:
        streak(canvas, cx, body, top + 50, floor - 90, at=-0.6, width=0.10, opacity=0.34, blur=8)
    opening(canvas, cx, top, wide, colour, lip=16, depth=0.72)


def watering_can(canvas: Canvas, colour: str, *, metal: str = "#c79f5c") -> None:
    """A slender can with a long spout."""
    cx, floor, top = 680, FLOOR, 800
    shadow(canvas, cx, floor, 214)
    handle = f"M{cx + 40} {top - 6} C{cx + 60} {top - 260} {cx + 390} {top - 200} {cx + 330} {top + 130} C{cx + 310} {top + 230} {cx + 250} {top + 270} {cx + 190} {top + 280}"
    canvas.line(handle, darker(metal, 0.5), 28)
    canvas.line(
        handle, canvas.linear([(0, lighter(metal, 0.4)), (0.5, metal), (1, darker(metal, 0.3))], (0, 0, 1, 0.6)), 20
    )
    canvas.open("translate(-4 -5)")
    canvas.line(handle, lighter(metal, 0.75), 5, opacity=0.8)
    canvas.close()
    spout = f"M{cx - 176} {floor - 60} C{cx - 330} {floor - 120} {cx - 330} {top + 40} {cx - 470} {top - 110} L{cx - 438} {top - 132} C{cx - 300} {top + 10} {cx - 270} {floor - 200} {cx - 170} {floor - 190} Z"
    canvas.path(
        spout, canvas.linear([(0, lighter(colour, 0.34)), (0.5, colour), (1, darker(colour, 0.34))], (0, 0, 0.8, 0.9))
    )
    canvas.line(
        f"M{cx - 452} {top - 110} C{cx - 316} {top + 40} {cx - 306} {floor - 140} {cx - 176} {floor - 92}",
        lighter(colour, 0.6),
        9,
        opacity=0.35,
        blur=5,
    )
    canvas.ellipse(cx - 454, top - 122, 24, 12, darker(colour, 0.5), transform=f"rotate(-36 {cx - 454} {top - 122})")
    body: Profile = [(top, 186), (top + 12, 196), (top + 40, 202), (floor - 60, 222), (floor - 10, 214), (floor, 204)]
    turned(canvas, cx, body, colour, SATIN)
    streak(canvas, cx, body, top + 60, floor - 60, at=-0.58, width=0.10, opacity=0.4, blur=7)
    opening(canvas, cx, top, 186, colour, lip=12, depth=0.7)
    turned(canvas, cx + 190, [(floor - 164, 20), (floor - 140, 22), (floor - 120, 20)], metal, POLISHED)
