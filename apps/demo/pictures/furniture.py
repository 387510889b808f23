"""Seats, tables and what hangs on the wall beside them."""

from .canvas import Canvas, polygon, rounded
from .cloth import weave
from .colour import SHADE, darker, lighter
from .light import FLOOR, foot_shadow, shadow, tilt
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
