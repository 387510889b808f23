"""How cloth takes light: roundness, folds, threads."""

from .canvas import Canvas
from .colour import SHADE, darker, lighter


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


Box = tuple[float, float, float, float]


def cloth_fill(canvas: Canvas, path: str, box: Box, colour: str, *, threads: int = 1600) -> str:
    """Base tone, roundness and weave of a soft thing; returns the clip for what is drawn on it."""
    left, top, right, bottom = box
    clip = canvas.clip(path)
    canvas.path(
        path, canvas.linear([(0, lighter(colour, 0.20)), (0.45, colour), (1, darker(colour, 0.30))], (0, 0, 1, 0.8))
    )
    canvas.line(path, SHADE, 60, opacity=0.26, blur=24, clip=clip)
    width, height = right - left, bottom - top
    canvas.ellipse(
        left + width * 0.36, top + height * 0.30, width * 0.36, height * 0.30, "#ffffff", opacity=0.20, blur=40
    )
    weave(canvas, path, box, colour, count=threads)
    return clip


def crease(canvas: Canvas, path: str, colour: str, clip: str, *, width: float = 12, strength: float = 0.3) -> None:
    """A fold: the dark valley and the bright ridge beside it."""
    canvas.line(path, darker(colour, 0.55), width, opacity=strength, blur=width * 0.5, clip=clip)
    canvas.open("translate(-9 -6)")
    canvas.line(path, lighter(colour, 0.7), width * 0.6, opacity=strength * 0.7, blur=width * 0.4, clip=clip)
    canvas.close()


def linen(canvas: Canvas, clip: str, box: Box, colour: str) -> None:
    """Uneven threads across the whole cloth, thicker here and there."""
    left, top, right, bottom = box
    draw = canvas.random
    for tone, opacity in ((darker(colour, 0.5), 0.13), (lighter(colour, 0.6), 0.15)):
        across = "".join(
            f"M{left:.0f} {y:.0f}q{(right - left) / 2:.0f} {draw.uniform(-9, 9):.0f} {right - left:.0f} 0"
            for y in range(int(top), int(bottom), 9)
        )
        upright = "".join(
            f"M{x + draw.uniform(-3, 3):.0f} {top:.0f}V{bottom:.0f}" for x in range(int(left), int(right), 11)
        )
        canvas.line(across + upright, tone, draw.uniform(1.6, 2.6), opacity=opacity, clip=clip)
        left, top = left + 4, top + 4
