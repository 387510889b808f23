"""An SVG being drawn: shapes in painting order, and the gradients, blurs and clips they use."""

import random
from collections.abc import Sequence
from typing import Any

WIDTH, HEIGHT = 1200, 1500

Stop = tuple[float, str] | tuple[float, str, float]
Point = tuple[float, float]


def number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def polygon(points: Sequence[Point]) -> str:
    return "M" + " L".join(f"{number(x)} {number(y)}" for x, y in points) + " Z"


def rounded(x: float, y: float, width: float, height: float, radius: float) -> str:
    """The path of a rectangle with round corners (a path can be clipped and blurred like any other)."""
    r = min(radius, width / 2, height / 2)
    return (
        f"M{x + r} {y} H{x + width - r} Q{x + width} {y} {x + width} {y + r} V{y + height - r} "
        f"Q{x + width} {y + height} {x + width - r} {y + height} H{x + r} Q{x} {y + height} {x} {y + height - r} "
        f"V{y + r} Q{x} {y} {x + r} {y} Z"
    )


class Canvas:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._known: dict[str, str] = {}
        self._definitions: list[str] = []
        self._shapes: list[str] = []

    def _define(self, template: str) -> str:
        """Keeps a definition once, however often it is asked for, and returns its id."""
        if template not in self._known:
            name = f"d{len(self._known)}"
            self._known[template] = name
            self._definitions.append(template.replace("@", name))
        return self._known[template]

    @staticmethod
    def _stops(stops: Sequence[Stop]) -> str:
        text = ""
        for stop in stops:
            alpha = f' stop-opacity="{number(stop[2])}"' if len(stop) == 3 else ""
            text += f'<stop offset="{number(stop[0])}" stop-color="{stop[1]}"{alpha}/>'
        return text

    def linear(self, stops: Sequence[Stop], line: tuple[float, float, float, float] = (0, 0, 1, 0)) -> str:
        """A gradient along a line in the shape's own box (0..1); across it, left to right, when none is given."""
        x1, y1, x2, y2 = line
        body = f'<linearGradient id="@" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}">{self._stops(stops)}</linearGradient>'
        return f"url(#{self._define(body)})"

    def down(self, stops: Sequence[Stop]) -> str:
        return self.linear(stops, (0, 0, 0, 1))

    def radial(self, stops: Sequence[Stop], centre: Point = (0.5, 0.5), radius: float = 0.5) -> str:
        body = f'<radialGradient id="@" cx="{centre[0]}" cy="{centre[1]}" r="{radius}">{self._stops(stops)}</radialGradient>'
        return f"url(#{self._define(body)})"

    def clip(self, path: str) -> str:
        return self._define(f'<clipPath id="@"><path d="{path}"/></clipPath>')

    def _blur(self, sigma: float) -> str:
        box = 'x="-60%" y="-60%" width="220%" height="220%"'
        return self._define(f'<filter id="@" {box}><feGaussianBlur stdDeviation="{number(sigma)}"/></filter>')

    def _attributes(self, given: dict[str, Any]) -> str:
        text = ""
        blur, clip = given.pop("blur", 0), given.pop("clip", None)
        for name, value in given.items():
            if value is None:
                continue
            shown = number(value) if isinstance(value, (int, float)) else value
            text += f' {name.replace("_", "-")}="{shown}"'
        if blur:
            text += f' filter="url(#{self._blur(blur)})"'
        return text + (f' clip-path="url(#{clip})"' if clip else "")

    def path(self, d: str, fill: str = "none", **given: Any) -> None:
        """`blur` and a `clip` id may be given; a blurred shape is clipped after it was blurred."""
        clip = given.pop("clip", None) if given.get("blur") else None
        shape = f'<path d="{d}" fill="{fill}"{self._attributes(given)}/>'
        self._shapes.append(f'<g clip-path="url(#{clip})">{shape}</g>' if clip else shape)

    def line(self, d: str, stroke: str, width: float, **given: Any) -> None:
        given.setdefault("stroke_linecap", "round")
        given.setdefault("stroke_linejoin", "round")
        self.path(d, "none", stroke=stroke, stroke_width=width, **given)

    def ellipse(self, cx: float, cy: float, rx: float, ry: float, fill: str = "none", **given: Any) -> None:
        where = f'cx="{number(cx)}" cy="{number(cy)}" rx="{number(max(rx, 0.1))}" ry="{number(max(ry, 0.1))}"'
        self._shapes.append(f'<ellipse {where} fill="{fill}"{self._attributes(given)}/>')

    def rect(self, x: float, y: float, width: float, height: float, fill: str, radius: float = 0, **given: Any) -> None:
        self.path(rounded(x, y, width, height, radius), fill, **given)

    def open(self, transform: str | None = None, **given: Any) -> None:
        self._shapes.append(f"<g{self._attributes({'transform': transform, **given})}>")

    def close(self) -> None:
        self._shapes.append("</g>")

    def svg(self, box: tuple[float, float, float, float] = (0, 0, WIDTH, HEIGHT)) -> str:
        view = " ".join(number(part) for part in box)
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}">'
        return f"{head}<defs>{''.join(self._definitions)}</defs>{''.join(self._shapes)}</svg>"
