"""Blown and pressed glass."""

from .canvas import Canvas
from .colour import darker, lighter
from .light import tilt
from .turned import Profile, outline


def glass(canvas: Canvas, cx: float, profile: Profile, tone: str, *, strength: float = 0.5) -> None:
    """Clear or tinted glass: nearly nothing in the middle, dark and bright lines at the edges."""
    path = outline(cx, profile)
    canvas.path(
        path,
        canvas.linear(
            [
                (0, lighter(tone, 0.5), 0.85),
                (0.05, darker(tone, 0.3), strength + 0.25),
                (0.14, tone, strength),
                (0.3, lighter(tone, 0.6), strength * 0.55),
                (0.7, tone, strength * 0.7),
                (0.92, darker(tone, 0.25), strength + 0.2),
                (0.97, darker(tone, 0.4), strength + 0.3),
                (1, lighter(tone, 0.5), 0.8),
            ]
        ),
    )
    top, radius = profile[0]
    canvas.ellipse(cx, top, radius - 2, radius * tilt(top) - 1, "none", stroke="#ffffff", stroke_width=6, opacity=0.75)
    canvas.ellipse(
        cx, top, radius - 8, radius * tilt(top) - 5, "none", stroke=darker(tone, 0.4), stroke_width=2, opacity=0.4
    )
