"""Boards, legs and other things sawn from wood."""

from .canvas import Canvas, rounded
from .colour import SHADE, darker, lighter

OAK, WALNUT, ASH, BLACK = "#c79a63", "#7d5537", "#dcc19a", "#34302c"


def grain(
    canvas: Canvas,
    path: str,
    box: tuple[float, float, float, float],
    wood: str,
    *,
    upright: bool = False,
    count: int = 16,
) -> None:
    """Growth rings as long shallow waves inside a path."""
    left, top, right, bottom = box
    canvas.open(clip=canvas.clip(path))
    draw = canvas.random
    for index in range(count):
        share = (index + draw.uniform(0.1, 0.9)) / count
        tone = darker(wood, 0.5) if draw.random() < 0.7 else lighter(wood, 0.4)
        opacity, width = draw.uniform(0.10, 0.30), draw.uniform(1.2, 4.2)
        swing = draw.uniform(-10, 10)
        if upright:
            x, high = left + (right - left) * share, bottom - top
            line = (
                f"M{x} {top} C{x + swing} {top + high * 0.3} {x - swing} {top + high * 0.7} {x + swing * 0.4} {bottom}"
            )
        else:
            y, wide = top + (bottom - top) * share, right - left
            line = f"M{left} {y} C{left + wide * 0.3} {y + swing} {left + wide * 0.7} {y - swing} {right} {y + swing * 0.4}"
        canvas.line(line, tone, width, opacity=opacity)
    canvas.close()


def plank(
    canvas: Canvas,
    x: float,
    y: float,
    width: float,
    height: float,
    wood: str,
    *,
    radius: float = 6,
    upright: bool = False,
    count: int = 10,
) -> None:
    """A board seen from the front."""
    path = rounded(x, y, width, height, radius)
    slope = (0, 0, 1, 0.25) if not upright else (0, 0, 1, 0.1)
    canvas.path(path, canvas.linear([(0, lighter(wood, 0.26)), (0.5, wood), (1, darker(wood, 0.26))], slope))
    grain(canvas, path, (x, y, x + width, y + height), wood, upright=upright, count=count)
    if height < width:
        canvas.path(rounded(x, y, width, min(5, height / 4), radius), lighter(wood, 0.6), opacity=0.5)
        canvas.path(rounded(x, y + height - min(8, height / 4), width, min(8, height / 4), radius), SHADE, opacity=0.22)


def leg(
    canvas: Canvas,
    top: tuple[float, float],
    foot: tuple[float, float],
    wood: str,
    *,
    thick: float = 36,
    thin: float = 20,
    back: bool = False,
) -> None:
    """A turned leg that tapers towards the floor."""
    (x1, y1), (x2, y2) = top, foot
    path = f"M{x1 - thick / 2} {y1} L{x1 + thick / 2} {y1} L{x2 + thin / 2} {y2} Q{x2} {y2 + 7} {x2 - thin / 2} {y2} Z"
    tone = darker(wood, 0.38) if back else wood
    canvas.path(
        path, canvas.linear([(0, darker(tone, 0.1)), (0.3, lighter(tone, 0.32)), (0.6, tone), (1, darker(tone, 0.42))])
    )
