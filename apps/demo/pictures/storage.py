"""Jars, tins, carafes and glasses."""

from math import cos, pi, sin

from .canvas import Canvas
from .colour import SHADE, darker, lighter, mix
from .glass import glass
from .light import FLOOR, shadow, tilt
from .turned import MATT, POLISHED, SATIN, Finish, Profile, outline, speckle, streak, turned
from .wood import OAK, grain


def jar(canvas: Canvas, colour: str, *, wood: str = OAK, filling: str = "#e0c08a") -> None:
    """A glass storage jar with a wooden lid, two thirds full."""
    cx, top, floor = 600, 690, FLOOR
    shadow(canvas, cx, floor, 216)
    body: Profile = [(top, 188), (top + 20, 204), (top + 70, 222), (floor - 60, 224), (floor - 16, 212), (floor, 196)]
    level = top + 190
    inner: Profile = [(level, 212), (floor - 70, 212), (floor - 30, 196)]
    canvas.path(outline(cx, body), "#eef0ea", opacity=0.35)
    turned(canvas, cx, inner, filling, MATT)
    speckle(canvas, outline(cx, inner), (cx - 212, level, cx + 212, floor), darker(filling, 0.5), 520)
    speckle(canvas, outline(cx, inner), (cx - 212, level, cx + 212, floor), lighter(filling, 0.6), 420)
    canvas.ellipse(
        cx, level, 212, 212 * tilt(level), canvas.linear([(0, lighter(filling, 0.34)), (1, darker(filling, 0.10))])
    )
    glass(canvas, cx, body, colour, strength=0.20)
    streak(canvas, cx, body, top + 60, floor - 40, at=-0.74, width=0.08, opacity=0.75, blur=5)
    streak(canvas, cx, body, top + 80, floor - 60, at=0.82, width=0.03, opacity=0.55, blur=3)
    canvas.ellipse(cx, top + 14, 200, 24, SHADE, opacity=0.22, blur=5)
    turned(canvas, cx, [(top - 74, 190), (top - 66, 200), (top - 14, 202), (top, 196)], wood, SATIN)
    ry = 190 * tilt(top - 74)
    canvas.ellipse(
        cx, top - 74, 190, ry, canvas.linear([(0, lighter(wood, 0.45)), (1, lighter(wood, 0.04))], (0, 0, 1, 0.5))
    )
    grain(
        canvas,
        f"M{cx - 190} {top - 74} A190 {ry} 0 0 0 {cx + 190} {top - 74} A190 {ry} 0 0 0 {cx - 190} {top - 74} Z",
        (cx - 190, top - 110, cx + 190, top - 40),
        wood,
        count=7,
    )
    turned(canvas, cx, [(top - 150, 6), (top - 142, 34), (top - 116, 42), (top - 90, 26), (top - 76, 30)], wood, SATIN)


def canister(canvas: Canvas, colour: str, *, metal: str = "#c79f5c") -> None:
    """A tea tin: painted body, polished lid."""
    cx, top, floor = 600, 760, FLOOR
    shadow(canvas, cx, floor, 204)
    body: Profile = [(top, 200), (floor - 12, 204), (floor, 198)]
    turned(canvas, cx, body, colour, Finish(gloss=0.34, sharpness=30))
    streak(canvas, cx, body, top + 90, floor - 30, at=-0.62, width=0.10, opacity=0.4, blur=6)
    turned(canvas, cx, [(top - 120, 204), (top - 112, 210), (top - 6, 210), (top + 2, 206)], metal, POLISHED)
    ry = 204 * tilt(top - 120)
    canvas.ellipse(
        cx,
        top - 120,
        204,
        ry,
        canvas.linear(
            [(0, lighter(metal, 0.1)), (0.35, lighter(metal, 0.6)), (0.6, metal), (1, darker(metal, 0.3))],
            (0, 0, 1, 0.4),
        ),
    )
    canvas.ellipse(cx, top - 118, 176, ry - 7, "none", stroke=darker(metal, 0.35), stroke_width=3, opacity=0.6)
    turned(canvas, cx, [(top - 172, 8), (top - 166, 26), (top - 146, 30), (top - 124, 18)], metal, POLISHED)
    canvas.rect(cx - 104, 910, 208, 178, canvas.linear([(0, "#e9dfcc"), (0.4, "#fbf6ec"), (1, "#cfc2a8")]), 89)
    for index in range(5):
        angle = pi * (0.5 + (index - 2) * 0.2)
        canvas.line(
            f"M{cx} {1044} Q{cx + cos(angle) * 30:.0f} {1000} {cx + cos(angle) * 62:.0f} {1044 - sin(angle) * 92:.0f}",
            darker(colour, 0.25),
            9,
        )


def carafe(canvas: Canvas, colour: str, *, water: bool = True) -> None:
    """A water carafe, its tumbler turned over the neck."""
    cx, top, floor = 600, 560, FLOOR
    shadow(canvas, cx, floor, 190, strength=0.75)
    body: Profile = [
        (top, 84),
        (top + 60, 72),
        (top + 140, 76),
        (top + 230, 128),
        (top + 340, 196),
        (floor - 120, 214),
        (floor - 30, 196),
        (floor, 178),
    ]
    canvas.path(outline(cx, body), "#f4f6f3", opacity=0.3)
    if water:
        fill: Profile = [(top + 270, 146), (top + 340, 188), (floor - 120, 206), (floor - 36, 188), (floor - 14, 174)]
        tone = mix("#bcd0d2", colour, 0.4)
        canvas.path(
            outline(cx, fill),
            canvas.linear(
                [
                    (0, darker(tone, 0.3), 0.7),
                    (0.25, lighter(tone, 0.5), 0.45),
                    (0.6, tone, 0.45),
                    (0.9, darker(tone, 0.25), 0.7),
                    (1, lighter(tone, 0.3), 0.7),
                ]
            ),
        )
        canvas.ellipse(cx, top + 270, 146, 146 * tilt(top + 270), lighter(tone, 0.45), opacity=0.75)
        canvas.ellipse(cx + 90, floor + 16, 120, 22, "#ffffff", opacity=0.35, blur=12)
    glass(canvas, cx, body, colour, strength=0.34)
    streak(canvas, cx, body, top + 250, floor - 60, at=-0.66, width=0.10, opacity=0.75, blur=5)
    streak(canvas, cx, body, top + 280, floor - 80, at=0.76, width=0.04, opacity=0.5, blur=3)
    _tumbler(canvas, cx, top - 90, top + 110, 112, colour, upside=True)


def _tumbler(
    canvas: Canvas, cx: float, top: float, floor: float, wide: float, colour: str, *, upside: bool = False
) -> None:
    foot = wide * 0.84
    body: Profile = [
        (top, foot if upside else wide),
        (floor - 8, wide if upside else foot),
        (floor, wide - 4 if upside else foot - 8),
    ]
    glass(canvas, cx, body, colour, strength=0.36)
    if not upside:
        canvas.ellipse(cx, floor - 12, foot - 12, (foot - 12) * tilt(floor), lighter(colour, 0.5), opacity=0.6)
    streak(canvas, cx, body, top + 20, floor - 20, at=-0.70, width=0.09, opacity=0.75, blur=4)
    streak(canvas, cx, body, top + 20, floor - 20, at=0.74, width=0.04, opacity=0.5, blur=3)


def tumblers(canvas: Canvas, colour: str) -> None:
    """Four fluted glasses, the far ones first."""
    for cx, floor in ((470, FLOOR - 90), (748, FLOOR - 80), (396, FLOOR + 6), (660, FLOOR + 20)):
        shadow(canvas, cx, floor, 108, strength=0.75)
        canvas.ellipse(cx + 70, floor + 8, 84, 16, lighter(colour, 0.5), opacity=0.4, blur=10)
        _tumbler(canvas, cx, floor - 300, floor, 136, colour)
        flutes = "".join(
            f"M{cx + 130 * sin(a * 0.16):.0f} {floor - 280} L{cx + 110 * sin(a * 0.16):.0f} {floor - 24}"
            for a in range(-8, 9)
        )
        canvas.line(flutes, "#ffffff", 3, opacity=0.30)
        canvas.line(flutes, darker(colour, 0.45), 1.6, opacity=0.22, transform="translate(5 0)")
