"""Seats, tables and what hangs on the wall beside them."""

from math import cos, pi, sin

from .canvas import Canvas, polygon, rounded
from .colour import SHADE, darker, lighter, mix
from .light import FLOOR, foot_shadow, shadow, tilt, wall_shadow
from .turned import SATIN, turned
from .wood import OAK, grain, leg, plank

BRASS = "#c79f5c"


def chair(canvas: Canvas, colour: str, *, wood: str = OAK) -> None:
    """An upholstered chair: round back, deep seat, four turned legs."""
    floor = FLOOR + 50
    canvas.ellipse(640, floor - 6, 420, 66, canvas.radial([(0, SHADE, 0.42), (0.6, SHADE, 0.16), (1, SHADE, 0)]))
    for x, y in ((318, floor), (884, floor), (416, floor - 66), (808, floor - 66)):
        foot_shadow(canvas, x, y, 16)
    leg(canvas, (446, 900), (416, floor - 66), wood, back=True)
    leg(canvas, (776, 900), (808, floor - 66), wood, back=True)
    for x, lean in ((440, -12), (762, 12)):
        canvas.path(
            polygon([(x - 15 - lean, 700), (x + 15 - lean, 700), (x + 17, 900), (x - 17, 900)]),
            canvas.linear([(0, lighter(wood, 0.3)), (0.5, wood), (1, darker(wood, 0.4))]),
        )
    back = "M352 480 C346 396 398 372 600 370 C802 372 854 396 848 480 L830 690 C824 760 778 772 600 774 C422 772 376 760 370 690 Z"
    _padded(canvas, back, colour, (350, 370, 850, 774))
    leg(canvas, (372, 930), (318, floor), wood, thick=40)
    leg(canvas, (832, 930), (884, floor), wood, thick=40)
    plank(canvas, 346, 926, 512, 38, wood, radius=14, count=6)
    seat = "M380 838 Q600 806 822 838 Q884 848 892 902 Q894 944 832 946 L370 946 Q308 944 310 902 Q318 848 380 838 Z"
    _padded(canvas, seat, colour, (310, 818, 892, 946))
    canvas.path("M330 912 Q600 962 872 912 L872 946 L330 946 Z", SHADE, opacity=0.22, blur=9, clip=canvas.clip(seat))


def _padded(canvas: Canvas, path: str, colour: str, box: tuple[float, float, float, float]) -> None:
    """Cloth over foam: bright shoulder, soft edges all round, a fine weave."""
    left, top, right, bottom = box
    clip = canvas.clip(path)
    canvas.path(
        path, canvas.linear([(0, lighter(colour, 0.22)), (0.5, colour), (1, darker(colour, 0.28))], (0, 0, 1, 0.75))
    )
    canvas.line(path, SHADE, 34, opacity=0.34, blur=14, clip=clip)
    width, height = right - left, bottom - top
    canvas.ellipse(
        left + width * 0.36,
        top + height * 0.28,
        width * 0.36,
        height * 0.26,
        "#ffffff",
        opacity=0.22,
        blur=30,
        clip=clip,
    )
    weave(canvas, path, box, colour)
    canvas.line(path, darker(colour, 0.4), 3, opacity=0.4)
    canvas.line(
        f"M{left + width * 0.10} {top + height * 0.24} Q{left + width * 0.12} {top + 14} {left + width * 0.5} {top + 9}",
        "#ffffff",
        8,
        opacity=0.3,
        blur=4,
        clip=clip,
    )


def weave(canvas: Canvas, path: str, box: tuple[float, float, float, float], colour: str, *, count: int = 1500) -> None:
    """Short crossed threads, just visible."""
    left, top, right, bottom = box
    draw = canvas.random
    light, dark = "", ""
    for index in range(count):
        x, y = draw.uniform(left, right), draw.uniform(top, bottom)
        stroke = f"M{x:.0f} {y:.0f}h9" if index % 2 else f"M{x:.0f} {y:.0f}v8"
        if index % 3:
            dark += stroke
        else:
            light += stroke
    canvas.open(clip=canvas.clip(path))
    canvas.line(dark, darker(colour, 0.5), 2.0, opacity=0.13)
    canvas.line(light, lighter(colour, 0.5), 2.0, opacity=0.15)
    canvas.close()


def stool(canvas: Canvas, wood: str, *, legs: str | None = None) -> None:
    """Three legs under a round seat."""
    cx, floor, top = 600, FLOOR + 40, 770
    tone = legs or wood
    canvas.ellipse(cx + 70, floor - 30, 370, 74, canvas.radial([(0, SHADE, 0.40), (0.6, SHADE, 0.14), (1, SHADE, 0)]))
    feet = ((cx + 20, floor - 84, True), (cx - 214, floor, False), (cx + 224, floor - 8, False))
    for x, y, _ in feet:
        foot_shadow(canvas, x, y, 17)
    for x, y, back in feet:
        leg(canvas, (cx + (x - cx) * 0.62, top + 50), (x, y), tone, thick=46, thin=26, back=back)
    canvas.line(f"M{cx - 178} {floor - 190} L{cx + 188} {floor - 196}", darker(tone, 0.3), 20)
    canvas.line(f"M{cx - 178} {floor - 194} L{cx + 188} {floor - 200}", lighter(tone, 0.12), 11)
    canvas.ellipse(cx, top + 72, 226, 34, SHADE, opacity=0.3, blur=10)
    turned(canvas, cx, [(top, 250), (top + 8, 256), (top + 40, 254), (top + 54, 240)], wood, SATIN)
    _round_top(canvas, cx, top, 250, wood, dip=True)


def _round_top(
    canvas: Canvas, cx: float, y: float, radius: float, wood: str, *, dip: bool = False, painted: bool = False
) -> None:
    ry = radius * tilt(y)
    canvas.ellipse(
        cx,
        y,
        radius,
        ry,
        canvas.linear([(0, lighter(wood, 0.36)), (0.5, lighter(wood, 0.14)), (1, darker(wood, 0.08))], (0, 0, 1, 0.4)),
    )
    circle = f"M{cx - radius} {y} A{radius} {ry} 0 0 0 {cx + radius} {y} A{radius} {ry} 0 0 0 {cx - radius} {y} Z"
    if not painted:
        grain(canvas, circle, (cx - radius, y - ry, cx + radius, y + ry), wood, count=14)
    if dip:
        canvas.ellipse(
            cx + 10,
            y + 4,
            radius * 0.72,
            ry * 0.62,
            canvas.linear([(0, SHADE, 0.26), (0.5, SHADE, 0.04), (1, "#ffffff", 0.25)], (0, 0, 1, 0.4)),
            blur=6,
        )
    canvas.line(
        f"M{cx - radius + 3} {y + 2} A{radius - 3} {ry} 0 0 0 {cx + radius - 3} {y + 2}", "#ffffff", 4, opacity=0.4
    )


def side_table(canvas: Canvas, colour: str, *, wood: str | None = None) -> None:
    """A tray table: round top with a rim, one column, a weighted foot."""
    cx, floor, top = 600, FLOOR + 30, 690
    shadow(canvas, cx, floor, 196)
    turned(canvas, cx, [(floor - 30, 60), (floor - 26, 130), (floor - 16, 190), (floor, 192)], colour, SATIN)
    turned(canvas, cx, [(top + 30, 34), (top + 80, 24), (floor - 80, 24), (floor - 30, 40)], colour, SATIN)
    canvas.ellipse(cx, top + 52, 150, 30, SHADE, opacity=0.25, blur=10)
    turned(canvas, cx, [(top - 16, 336), (top - 10, 340), (top + 22, 338), (top + 34, 320)], colour, SATIN)
    _round_top(canvas, cx, top - 16, 336, colour, painted=True)
    canvas.ellipse(
        cx,
        top - 11,
        316,
        316 * tilt(top) - 2,
        canvas.linear([(0, darker(colour, 0.5)), (0.6, darker(colour, 0.3)), (1, darker(colour, 0.12))]),
    )
    _round_top(canvas, cx, top - 4, 310, wood or lighter(colour, 0.06), painted=wood is None)


def bedside(canvas: Canvas, wood: str, *, front: str | None = None) -> None:
    """A small cabinet with one drawer and an open shelf."""
    floor, left, width, top = FLOOR + 40, 330, 520, 700
    canvas.ellipse(640, floor - 10, 400, 60, canvas.radial([(0, SHADE, 0.44), (0.6, SHADE, 0.16), (1, SHADE, 0)]))
    for x in (left + 46, left + width - 46):
        foot_shadow(canvas, x, floor, 18)
        leg(canvas, (x, 1080), (x, floor), wood, thick=40, thin=24)
    canvas.path(
        polygon([(left + 34, top - 62), (left + width - 34, top - 62), (left + width + 6, top), (left - 6, top)]),
        canvas.linear([(0, lighter(wood, 0.42)), (1, lighter(wood, 0.06))]),
    )
    grain(
        canvas,
        polygon([(left + 34, top - 62), (left + width - 34, top - 62), (left + width + 6, top), (left - 6, top)]),
        (left, top - 62, left + width, top),
        wood,
        count=8,
    )
    plank(canvas, left, top, width, 400, wood, radius=8, count=22)
    canvas.rect(
        left + 30,
        top + 216,
        width - 60,
        154,
        canvas.linear([(0, darker(wood, 0.66)), (0.7, darker(wood, 0.5)), (1, darker(wood, 0.36))]),
        4,
    )
    canvas.rect(left + 30, top + 330, width - 60, 40, darker(wood, 0.22))
    books = ((left + 70, "#7a2e2a", 118), (left + 100, "#d9b26a", 104), (left + 128, "#274156", 124))
    for x, tone, high in books:
        canvas.rect(
            x, top + 344 - high, 26, high, canvas.linear([(0, lighter(tone, 0.14)), (1, darker(tone, 0.34))]), 2
        )
    tone = front or wood
    if front:
        canvas.rect(
            left + 26,
            top + 28,
            width - 52,
            168,
            canvas.linear([(0, lighter(tone, 0.24)), (0.6, tone), (1, darker(tone, 0.2))], (0, 0, 1, 0.4)),
            6,
        )
    else:
        plank(canvas, left + 26, top + 28, width - 52, 168, wood, radius=6, count=12)
    canvas.path(rounded(left + 26, top + 28, width - 52, 168, 6), "none", stroke=SHADE, stroke_width=4, opacity=0.5)
    canvas.ellipse(left + width / 2 + 6, top + 122, 20, 20, SHADE, opacity=0.4, blur=5)
    canvas.ellipse(
        left + width / 2,
        top + 112,
        19,
        19,
        canvas.radial([(0, lighter(BRASS, 0.75)), (0.5, BRASS), (1, darker(BRASS, 0.45))], (0.35, 0.3), 0.75),
    )


def bench(canvas: Canvas, wood: str, *, pad: str | None = None) -> None:
    floor, top = FLOOR + 20, 850
    canvas.ellipse(640, floor - 8, 540, 64, canvas.radial([(0, SHADE, 0.40), (0.7, SHADE, 0.14), (1, SHADE, 0)]))
    for x, y, back in ((262, floor - 56, True), (948, floor - 56, True), (196, floor, False), (1004, floor, False)):
        foot_shadow(canvas, x, y, 17)
        leg(canvas, (600 + (x - 600) * 0.93, top + 50), (x, y), wood, thick=44, thin=26, back=back)
    canvas.rect(236, top + 62, 730, 34, darker(wood, 0.3), 4)
    slab = polygon([(170, top - 64), (1030, top - 64), (1090, top), (110, top)])
    canvas.path(slab, canvas.linear([(0, lighter(wood, 0.42)), (1, lighter(wood, 0.02))]))
    grain(canvas, slab, (110, top - 64, 1090, top), wood, count=12)
    plank(canvas, 110, top, 980, 58, wood, radius=8, count=8)
    if pad:
        seat = f"M190 {top - 104} Q600 {top - 120} 1010 {top - 104} Q1064 {top - 96} 1064 {top - 52} Q1064 {top - 10} 1010 {top - 8} L190 {top - 8} Q136 {top - 10} 136 {top - 52} Q136 {top - 96} 190 {top - 104} Z"
        _padded(canvas, seat, pad, (136, top - 112, 1064, top - 8))


def shelf(canvas: Canvas, wood: str, *, wide: float = 760) -> None:
    """A wall shelf on two brass brackets, with a few things on it."""
    left, y = 600 - wide / 2, 800
    wall_shadow(canvas, rounded(left, y, wide, 60, 6), dx=26, dy=50)
    for x in (left + wide * 0.16, left + wide * 0.84):
        canvas.line(
            f"M{x} {y + 40} V{y + 190} M{x} {y + 182} Q{x + 6} {y + 60} {x + 50} {y + 56}", darker(BRASS, 0.35), 17
        )
        canvas.line(f"M{x - 2} {y + 40} V{y + 188}", lighter(BRASS, 0.35), 8)
    _shelf_life(canvas, left, y - 34, wide)
    slab = polygon([(left + 20, y - 34), (left + wide - 20, y - 34), (left + wide, y), (left, y)])
    canvas.path(slab, canvas.linear([(0, lighter(wood, 0.40)), (1, darker(wood, 0.06))]))
    grain(canvas, slab, (left, y - 34, left + wide, y), wood, count=6)
    _shelf_life(canvas, left, y - 14, wide)
    plank(canvas, left, y, wide, 44, wood, radius=4, count=8)


def _shelf_life(canvas: Canvas, left: float, y: float, wide: float) -> None:
    x = left + wide * 0.12
    for tone, width, high in (
        ("#7a2e2a", 38, 190),
        ("#d8c6a4", 30, 170),
        ("#274156", 44, 204),
        ("#c08a3e", 34, 178),
        ("#3f5a48", 40, 194),
    ):
        canvas.rect(
            x,
            y - high,
            width,
            high,
            canvas.linear([(0, darker(tone, 0.1)), (0.25, lighter(tone, 0.22)), (1, darker(tone, 0.32))]),
            3,
        )
        canvas.rect(x + 7, y - high + 26, width - 14, 6, "#f3e3c4", opacity=0.6)
        canvas.rect(x + 7, y - 40, width - 14, 4, "#f3e3c4", opacity=0.5)
        x += width + 2
    cx = left + wide * 0.74
    canvas.ellipse(cx + 24, y + 2, 110, 14, SHADE, opacity=0.3, blur=8)
    turned(
        canvas, cx, [(y - 150, 40), (y - 140, 36), (y - 118, 46), (y - 70, 84), (y - 26, 74), (y, 48)], "#c77f5e", SATIN
    )
    canvas.ellipse(cx, y - 150, 36, 5, "#4a2a1c")


def mirror(canvas: Canvas, frame: str, *, form: str = "round") -> None:
    outer = _mirror_path(form, 0)
    wall_shadow(canvas, outer, dx=40, dy=52, strength=1.1)
    canvas.path(
        outer, canvas.linear([(0, lighter(frame, 0.45)), (0.45, frame), (1, darker(frame, 0.45))], (0, 0, 1, 1))
    )
    inner = _mirror_path(form, 26)
    canvas.path(
        inner, canvas.linear([(0, "#f3f4f1"), (0.4, "#cfd6d6"), (0.75, "#aab4b6"), (1, "#c6cccb")], (0, 0, 1, 1))
    )
    clip = canvas.clip(inner)
    canvas.path("M120 900 L700 120 L860 120 L200 1100 Z", "#ffffff", opacity=0.40, blur=12, clip=clip)
    canvas.path("M420 1200 L1000 380 L1050 440 L520 1240 Z", "#ffffff", opacity=0.26, blur=8, clip=clip)
    canvas.rect(
        100, 960, 1000, 400, canvas.down([(0, "#8c8578", 0), (0.2, "#8c8578", 0.34), (1, "#a99f8e", 0.42)]), clip=clip
    )
    canvas.path(inner, "none", stroke=SHADE, stroke_width=10, opacity=0.38, blur=4, clip=clip)
    canvas.path(_mirror_path(form, 3), "none", stroke=lighter(frame, 0.7), stroke_width=3, opacity=0.6)


def _mirror_path(form: str, inset: float) -> str:
    if form == "arch":
        left, right, top, bottom = 330 + inset, 870 - inset, 250 + inset, 1180 - inset
        half = (right - left) / 2
        return f"M{left} {bottom} V{top + half} A{half} {half} 0 0 1 {right} {top + half} V{bottom} Q{right} {bottom + 6} {right - 10} {bottom + 6} H{left + 10} Q{left} {bottom + 6} {left} {bottom} Z"
    r = 370 - inset
    return f"M{600 - r} 680 A{r} {r} 0 0 1 {600 + r} 680 A{r} {r} 0 0 1 {600 - r} 680 Z"


def clock(canvas: Canvas, colour: str, *, face: str = "#f6f0e4", metal: str = BRASS) -> None:
    cx, cy, radius = 600, 660, 330
    ring = (
        f"M{cx - radius} {cy} A{radius} {radius} 0 0 1 {cx + radius} {cy} A{radius} {radius} 0 0 1 {cx - radius} {cy} Z"
    )
    wall_shadow(canvas, ring, dx=40, dy=52)
    canvas.path(ring, canvas.linear([(0, lighter(colour, 0.4)), (0.5, colour), (1, darker(colour, 0.4))], (0, 0, 1, 1)))
    canvas.ellipse(cx, cy, radius - 34, radius - 34, darker(colour, 0.4))
    canvas.ellipse(
        cx,
        cy,
        radius - 38,
        radius - 38,
        canvas.radial([(0, lighter(face, 0.5)), (0.7, face), (1, darker(face, 0.12))], (0.36, 0.3), 0.85),
    )
    canvas.ellipse(
        cx,
        cy,
        radius - 38,
        radius - 38,
        canvas.linear([(0, SHADE, 0.30), (0.22, SHADE, 0.03), (1, SHADE, 0)], (0.1, 0.1, 0.8, 0.9)),
    )
    ink = darker(colour, 0.5) if face != colour else "#f6f0e4"
    for index in range(60):
        angle, quarter, five = index * pi / 30, index % 15 == 0, index % 5 == 0
        reach = 66 if quarter else 46 if five else 12
        outer = radius - 62
        start = (cx + sin(angle) * outer, cy - cos(angle) * outer)
        end = (cx + sin(angle) * (outer - reach), cy - cos(angle) * (outer - reach))
        canvas.line(
            f"M{start[0]:.1f} {start[1]:.1f} L{end[0]:.1f} {end[1]:.1f}",
            ink,
            11 if quarter else 7 if five else 3,
            opacity=1 if five else 0.5,
        )
    for angle, reach, width in ((304, 150, 16), (54, 226, 11)):
        turn = angle * pi / 180
        tip = (cx + sin(turn) * reach, cy - cos(turn) * reach)
        tail = (cx - sin(turn) * 40, cy + cos(turn) * 40)
        hand = f"M{tail[0]:.1f} {tail[1]:.1f} L{tip[0]:.1f} {tip[1]:.1f}"
        canvas.open("translate(9 12)")
        canvas.line(hand, SHADE, width, opacity=0.25, blur=5)
        canvas.close()
        canvas.line(hand, ink, width)
    canvas.ellipse(
        cx,
        cy,
        22,
        22,
        canvas.radial([(0, lighter(metal, 0.75)), (0.5, metal), (1, darker(metal, 0.45))], (0.35, 0.3), 0.75),
    )
    canvas.path(
        f"M{cx - 230} {cy - 120} A260 260 0 0 1 {cx - 20} {cy - 262} L{cx + 60} {cy - 240} A240 240 0 0 0 {cx - 190} {cy - 40} Z",
        "#ffffff",
        opacity=0.16,
        blur=10,
    )


def hooks(canvas: Canvas, wood: str, *, metal: str = BRASS) -> None:
    """A rail with five pegs, a cap and a scarf on two of them."""
    left, y, wide = 180, 560, 840
    wall_shadow(canvas, rounded(left, y, wide, 100, 10), dx=24, dy=34)
    plank(canvas, left, y, wide, 100, wood, radius=10, count=12)
    places = [left + wide * (0.1 + 0.2 * index) for index in range(5)]
    for x in places:
        canvas.ellipse(x + 16, y + 92, 24, 22, SHADE, opacity=0.32, blur=8)
        canvas.line(f"M{x} {y + 50} C{x} {y + 90} {x + 4} {y + 112} {x} {y + 126}", darker(metal, 0.4), 22)
        canvas.line(f"M{x - 3} {y + 50} C{x - 3} {y + 86} {x} {y + 108} {x - 3} {y + 122}", lighter(metal, 0.3), 9)
        canvas.ellipse(
            x,
            y + 50,
            27,
            27,
            canvas.radial([(0, lighter(metal, 0.75)), (0.5, metal), (1, darker(metal, 0.45))], (0.35, 0.3), 0.75),
        )
    _scarf(canvas, places[1], y + 96, "#b5643f")
    _scarf(canvas, places[3], y + 96, "#8a9a86", wide=84, long=430)


def _scarf(canvas: Canvas, x: float, y: float, colour: str, *, wide: float = 70, long: float = 520) -> None:
    path = f"M{x - 16} {y} C{x - wide} {y + 60} {x - wide} {y + 160} {x - wide} {y + long} L{x + wide * 0.9} {y + long - 40} C{x + wide} {y + 180} {x + wide * 0.7} {y + 50} {x + 14} {y} Z"
    canvas.open("translate(20 26)")
    canvas.path(path, SHADE, opacity=0.28, blur=14)
    canvas.close()
    canvas.path(
        path,
        canvas.linear(
            [
                (0, darker(colour, 0.2)),
                (0.2, lighter(colour, 0.24)),
                (0.42, darker(colour, 0.16)),
                (0.6, lighter(colour, 0.14)),
                (0.8, darker(colour, 0.12)),
                (1, darker(colour, 0.38)),
            ]
        ),
    )
    weave(canvas, path, (x - wide, y, x + wide, y + long), colour, count=360)
    for index in range(13):
        fx = x - wide + 4 + index * wide * 0.155
        fy = y + long - index * 3.1
        canvas.line(f"M{fx} {fy - 4} l{canvas.random.uniform(-5, 5):.1f} 44", mix(colour, "#fff4e0", 0.15), 5)
