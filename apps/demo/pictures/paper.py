"""Books, notebooks and the things on a desk."""

from .canvas import Canvas, polygon, rounded
from .colour import SHADE, darker, lighter, mix
from .light import FLOOR, shadow, tilt
from .turned import SATIN, opening, turned
from .wood import OAK, grain

GOLD = "#f3ddb0"


def book_stack(canvas: Canvas, colour: str, *, others: tuple[str, ...] = ("#274156", "#c08a3e", "#3f5a48")) -> None:
    """Cloth-bound volumes, lying, backs to the front."""
    y = FLOOR + 10
    canvas.ellipse(620, y + 2, 410, 46, canvas.radial([(0, SHADE, 0.6), (0.75, SHADE, 0.28), (1, SHADE, 0)]))
    draw = canvas.random
    for index, tone in enumerate((colour, *others)):
        high, wide = draw.randint(92, 128), draw.randint(560, 640)
        x = 600 - wide / 2 + draw.randint(-24, 24)
        y -= high
        spine = rounded(x, y, wide, high, 12)
        canvas.path(
            spine,
            canvas.down([(0, lighter(tone, 0.30)), (0.2, lighter(tone, 0.10)), (0.6, tone), (1, darker(tone, 0.44))]),
        )
        canvas.path(
            spine, canvas.linear([(0, "#ffffff", 0.20), (0.12, "#ffffff", 0.02), (0.85, SHADE, 0), (1, SHADE, 0.34)])
        )
        _cloth(canvas, spine, (x, y, x + wide, y + high), tone)
        for bx in (x + 34, x + wide - 46):
            canvas.rect(bx, y + 4, 5, high - 8, GOLD, opacity=0.7)
            canvas.rect(bx + 10, y + 4, 2, high - 8, GOLD, opacity=0.6)
        canvas.rect(x + 84, y + high / 2 - 12, draw.randint(190, 280), 13, GOLD, 6, opacity=0.9)
        canvas.rect(x + 84, y + high / 2 + 12, draw.randint(90, 150), 7, GOLD, 3, opacity=0.6)
        canvas.ellipse(x + wide - 96, y + high / 2, 17, 17, "none", stroke=GOLD, stroke_width=3, opacity=0.8)
        if index:
            canvas.rect(x + 10, y + high - 4, wide - 18, 12, SHADE, 5, opacity=0.5, blur=5)


def _cloth(canvas: Canvas, path: str, box: tuple[float, float, float, float], tone: str) -> None:
    left, top, right, bottom = box
    lines = "".join(f"M{left:.0f} {y:.0f}H{right:.0f}" for y in range(int(top), int(bottom), 5))
    lines += "".join(f"M{x:.0f} {top:.0f}V{bottom:.0f}" for x in range(int(left), int(right), 6))
    canvas.line(lines, darker(tone, 0.5), 1, opacity=0.16, clip=canvas.clip(path))


def book(canvas: Canvas, colour: str, *, motif: str = "bowl", ink: str = GOLD) -> None:
    """One book, standing, three quarters to the viewer: cover, page block, a printed picture."""
    left, right, top, floor = 330, 800, 560, FLOOR - 6
    canvas.ellipse(640, floor + 2, 400, 52, canvas.radial([(0, SHADE, 0.5), (0.6, SHADE, 0.22), (1, SHADE, 0)]))
    canvas.path(
        polygon(
            [(left + 20, floor - 6), (right + 70, floor - 44), (right + 300, floor - 60), (left + 300, floor + 14)]
        ),
        SHADE,
        opacity=0.22,
        blur=22,
    )
    side = polygon([(right, top + 2), (right + 66, top - 20), (right + 66, floor - 42), (right, floor)])
    canvas.path(side, darker(colour, 0.35))
    pages = polygon([(right, top + 14), (right + 58, top - 8), (right + 58, floor - 50), (right, floor - 12)])
    canvas.path(pages, canvas.linear([(0, "#d9ccb2"), (0.3, "#fbf5e8"), (1, "#c6b795")]))
    for index in range(1, 12):
        x = right + index * 4.9
        canvas.line(f"M{x} {top + 14 - index * 1.8} V{floor - 12 - index * 3.2}", "#8f8264", 1, opacity=0.35)
    canvas.path(
        polygon([(left, top), (right, top + 2), (right + 66, top - 20), (left + 70, top - 22)]),
        canvas.linear([(0, lighter(colour, 0.35)), (1, lighter(colour, 0.1))]),
    )
    cover = rounded(left, top, right - left, floor - top, 7)
    canvas.path(
        cover, canvas.linear([(0, lighter(colour, 0.30)), (0.5, colour), (1, darker(colour, 0.22))], (0, 0, 1, 0.7))
    )
    _cloth(canvas, cover, (left, top, right, floor), colour)
    canvas.rect(left + 30, top, 7, floor - top, SHADE, opacity=0.24, blur=3)
    canvas.rect(left + 40, top, 4, floor - top, "#ffffff", opacity=0.16)
    cx = (left + right) / 2 + 16
    canvas.rect(cx - 150, top + 70, 300, 22, ink, 8, opacity=0.95)
    canvas.rect(cx - 96, top + 110, 192, 13, ink, 6, opacity=0.75)
    _motif(canvas, motif, cx, top + 350, ink)
    canvas.rect(cx - 66, floor - 78, 132, 9, ink, 4, opacity=0.7)


def _motif(canvas: Canvas, motif: str, cx: float, cy: float, ink: str) -> None:
    """The picture stamped on a cover."""
    if motif == "leaf":
        canvas.line(f"M{cx} {cy + 130} C{cx - 8} {cy + 40} {cx + 8} {cy - 40} {cx} {cy - 130}", ink, 6)
        for step in range(5):
            y, reach = cy + 90 - step * 44, 118 - step * 16
            for side in (-1, 1):
                canvas.path(
                    f"M{cx} {y} C{cx + side * reach * 0.3} {y - 64} {cx + side * reach * 0.8} {y - 70} {cx + side * reach} {y - 62} C{cx + side * reach * 0.8} {y - 12} {cx + side * reach * 0.4} {y + 6} {cx} {y} Z",
                    ink,
                    opacity=0.9,
                )
    elif motif == "house":
        canvas.line(f"M{cx - 120} {cy + 110} V{cy - 20} L{cx} {cy - 120} L{cx + 120} {cy - 20} V{cy + 110} Z", ink, 8)
        canvas.line(f"M{cx - 34} {cy + 110} V{cy + 20} A34 34 0 0 1 {cx + 34} {cy + 20} V{cy + 110}", ink, 8)
        canvas.ellipse(cx, cy - 54, 14, 14, ink)
    else:
        canvas.path(f"M{cx - 136} {cy} A136 130 0 0 0 {cx + 136} {cy} Z", ink, opacity=0.92)
        canvas.rect(cx - 56, cy + 122, 112, 14, ink, 6, opacity=0.92)
        for dx in (-56, 0, 56):
            canvas.line(f"M{cx + dx} {cy - 34} q-22 -30 0 -56 t0 -56", ink, 7, opacity=0.9)


def notebook(canvas: Canvas, colour: str, *, band: str | None = None) -> None:
    """A soft-cover notebook with elastic and ribbon, a pencil beside it, seen from above."""
    left, top, wide, high = 330, 400, 520, 740
    canvas.open("rotate(-7 600 770)")
    block = rounded(left, top, wide, high, 22)
    canvas.open("translate(30 36)")
    canvas.path(block, SHADE, opacity=0.34, blur=26)
    canvas.close()
    canvas.open("translate(10 12)")
    canvas.path(block, SHADE, opacity=0.4, blur=8)
    canvas.path(block, "#efe6d2")
    canvas.close()
    canvas.path(f"M{left + 150} {top + high} v64 l14 -16 l14 16 v-64 Z", "#b5492f")
    canvas.path(
        block, canvas.linear([(0, lighter(colour, 0.24)), (0.4, colour), (1, darker(colour, 0.22))], (0, 0, 1, 0.8))
    )
    _leather(canvas, block, (left, top, left + wide, top + high), colour)
    canvas.rect(left + 44, top, 6, high, SHADE, opacity=0.28, blur=3)
    canvas.rect(left + 52, top, 3, high, "#ffffff", opacity=0.2)
    strap = band or darker(colour, 0.5)
    canvas.rect(
        left + wide - 76,
        top - 2,
        26,
        high + 6,
        canvas.linear([(0, lighter(strap, 0.2)), (0.5, strap), (1, darker(strap, 0.3))]),
    )
    canvas.rect(left + wide - 50, top, 8, high, SHADE, opacity=0.3, blur=4)
    canvas.rect(left + 150, top + 140, 190, 120, "none", 6, stroke=lighter(colour, 0.4), stroke_width=3, opacity=0.7)
    canvas.line(f"M{left + 176} {top + 190} h138 M{left + 200} {top + 214} h90", lighter(colour, 0.4), 5, opacity=0.7)
    canvas.close()
    _pencil(canvas, 900, 560, 620, angle=9)


def _leather(canvas: Canvas, path: str, box: tuple[float, float, float, float], colour: str) -> None:
    left, top, right, bottom = box
    draw = canvas.random
    marks = "".join(
        f"M{draw.uniform(left, right):.0f} {draw.uniform(top, bottom):.0f}q4 {draw.uniform(-4, 4):.0f} 8 0"
        for _ in range(700)
    )
    canvas.line(marks, darker(colour, 0.5), 1.8, opacity=0.16, clip=canvas.clip(path))


def _pencil(canvas: Canvas, x: float, y: float, length: float, *, angle: float, colour: str = "#c08a3e") -> None:
    canvas.open(f"rotate({angle} {x} {y})")
    canvas.rect(x - 4, y + 14, 40, length, SHADE, 10, opacity=0.34, blur=10)
    canvas.rect(
        x - 17,
        y,
        34,
        length - 90,
        canvas.linear(
            [
                (0, lighter(colour, 0.4)),
                (0.33, lighter(colour, 0.3)),
                (0.34, colour),
                (0.66, colour),
                (0.67, darker(colour, 0.3)),
                (1, darker(colour, 0.36)),
            ]
        ),
    )
    canvas.path(
        f"M{x - 17} {y + length - 92} L{x} {y + length} L{x + 17} {y + length - 92} Q{x + 8} {y + length - 104} {x} {y + length - 92} Q{x - 8} {y + length - 104} {x - 17} {y + length - 92} Z",
        canvas.linear([(0, "#f0d7b0"), (1, "#b98a58")]),
    )
    canvas.path(f"M{x - 5.5} {y + length - 30} L{x} {y + length} L{x + 5.5} {y + length - 30} Z", "#2b2622")
    canvas.rect(x - 18, y - 40, 36, 42, canvas.linear([(0, "#8d8f90"), (0.3, "#eef0f0"), (1, "#717475")]))
    canvas.rect(x - 17, y - 84, 34, 46, canvas.linear([(0, "#e79a8e"), (1, "#b5604f")]), 12)
    canvas.close()


def pencil_pot(canvas: Canvas, colour: str) -> None:
    """A turned pot with pencils, a brush and a ruler in it."""
    cx, top, floor = 600, 850, FLOOR
    shadow(canvas, cx, floor, 190)
    opening(canvas, cx, top, 180, colour, lip=8, depth=0.75)
    for dx, lean, high, tone in (
        (-110, -8, 330, "#c08a3e"),
        (-40, -3, 420, "#b5492f"),
        (96, 9, 360, "#3f5a48"),
        (50, 4, 300, "#274156"),
    ):
        x = cx + dx
        canvas.open(f"rotate({lean} {x} {top + 60})")
        canvas.rect(
            x - 17,
            top + 60 - high,
            34,
            high,
            canvas.linear(
                [
                    (0, lighter(tone, 0.4)),
                    (0.33, lighter(tone, 0.26)),
                    (0.34, tone),
                    (0.66, tone),
                    (0.67, darker(tone, 0.3)),
                    (1, darker(tone, 0.36)),
                ]
            ),
        )
        canvas.path(
            f"M{x - 17} {top + 62 - high} L{x} {top - 24 - high} L{x + 17} {top + 62 - high} Z",
            canvas.linear([(0, "#f0d7b0"), (1, "#b98a58")]),
        )
        canvas.path(
            f"M{x - 5.5} {top + 4 - high} L{x} {top - 24 - high} L{x + 5.5} {top + 4 - high} Z", darker(tone, 0.5)
        )
        canvas.close()
    canvas.open(f"rotate(2 {cx} {top})")
    ruler = rounded(cx - 2, top - 400, 60, 460, 3)
    canvas.path(ruler, canvas.linear([(0, lighter(OAK, 0.4)), (1, darker(OAK, 0.1))]))
    grain(canvas, ruler, (cx - 2, top - 400, cx + 58, top + 60), OAK, upright=True, count=6)
    ticks = "".join(f"M{cx - 2} {top - 386 + step * 18}h{22 if step % 5 == 0 else 12}" for step in range(24))
    canvas.line(ticks, "#4a3a28", 2.5, opacity=0.8)
    canvas.close()
    ry = 180 * tilt(top)
    canvas.open(clip=canvas.clip(f"M0 1500 V{top} H{cx - 180} A180 {ry} 0 0 0 {cx + 180} {top} H1200 V1500 Z"))
    turned(canvas, cx, [(top, 180), (floor - 30, 178), (floor, 170)], colour, SATIN)
    canvas.close()
    canvas.line(f"M{cx - 178} {top} A180 {ry} 0 0 0 {cx + 178} {top}", lighter(colour, 0.4), 7)


def planner(canvas: Canvas, colour: str) -> None:
    """A desk calendar that stands like a tent, a ring of wire along the top."""
    floor, left, right, top = FLOOR, 270, 900, 720
    canvas.ellipse(640, floor + 2, 460, 56, canvas.radial([(0, SHADE, 0.52), (0.65, SHADE, 0.22), (1, SHADE, 0)]))
    canvas.path(polygon([(right - 30, top - 6), (right + 96, floor - 40), (right, floor)]), darker(colour, 0.45))
    sheet = polygon([(left + 30, top), (right - 30, top), (right, floor), (left, floor)])
    canvas.path(sheet, canvas.linear([(0, lighter(colour, 0.16)), (1, darker(colour, 0.12))]))
    paper = polygon([(left + 50, top + 24), (right - 50, top + 24), (right - 24, floor - 26), (left + 24, floor - 26)])
    canvas.path(paper, canvas.down([(0, "#f1e9da"), (0.15, "#fdf9f0"), (1, "#efe5d2")]))
    canvas.rect(left + 90, top + 70, 190, 24, darker(colour, 0.1), 6)
    canvas.rect(right - 190, top + 76, 90, 12, "#8d8271", 5, opacity=0.7)
    for row in range(5):
        for column in range(7):
            x, y = left + 82 + column * 69 + (row - 2) * -1.5 * (3 - column) * 0.6, top + 144 + row * 62
            marked = (row, column) == (2, 3)
            canvas.rect(
                x, y, 52, 44, mix(colour, "#ffffff", 0.1) if marked else "#e6dcc8", 6, opacity=1 if marked else 0.75
            )
            canvas.rect(x + 9, y + 9, 16, 6, "#fffaf0" if marked else "#8d8271", 3, opacity=0.8)
    for index in range(15):
        x = left + 66 + index * 36
        canvas.line(f"M{x} {top + 22} C{x - 14} {top - 34} {x + 16} {top - 34} {x + 6} {top + 6}", "#55504a", 6)
        canvas.line(f"M{x - 2} {top + 4} C{x - 8} {top - 24} {x + 4} {top - 26} {x + 6} {top - 16}", "#d6d2cb", 2.5)
