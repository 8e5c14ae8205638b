"""A picture as a file of its own: with its title, its legend, where it is from, and its look for light paper."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from crmgraph.site.assets import STATIC
from crmgraph.site.pictures.lettering import length, lines
from crmgraph.site.pictures.shapes import Drawing, Key
from crmgraph.site.rendering import written

__all__ = ["Standalone", "standalone"]

_MARGIN, _KEY, _KEY_GAP, _KEY_ROW, _LEAST = 24, 36, 22, 28, 640
_TITLE, _LEADING, _SOURCE = 22, 18, 16
_MOST_KEY_LINES = 6
_ROOT = re.compile(r":root\{([^}]*)\}")
_TOKEN = re.compile(r"--([\w-]+):([^;]+)")
_USE = re.compile(r"var\(--([\w-]+)\)")


@dataclass(frozen=True)
class Standalone:
    """What a file says around the picture: lines of where it is from, the first of them leading to `address`."""

    title: str
    description: str
    source: Sequence[str]
    address: str


@dataclass(frozen=True)
class _PlacedKey:
    """An entry of the legend: its label in lines, and its place within the legend."""

    key: Key
    label: tuple[str, ...]
    x: float
    y: float


def standalone(drawing: Drawing, told: Standalone, language: str) -> str:
    """The picture as an SVG document. Links in it are as they are in the drawing, and should be whole addresses."""
    width = max(drawing.width + 2 * _MARGIN, _LEAST)
    room = width - 2 * _MARGIN
    title = lines(told.title, room, 3, _TITLE)
    described = lines(told.description, room, 6)
    y = _MARGIN + _TITLE * 0.8
    titles = [(y + (_TITLE + 6) * row, text) for row, text in enumerate(title)]
    y += (_TITLE + 6) * len(title)
    descriptions = [(y + _LEADING * row, text) for row, text in enumerate(described)]
    y += _LEADING * len(described)
    keys, legend_height = _keys(drawing.legend, room)
    top = y + legend_height + 6
    bottom = top + drawing.height + 2 * _SOURCE
    sources = [line for said in told.source for line in lines(said, room, 3, 12)]
    context = {
        "language": language,
        "drawing": drawing,
        "told": told,
        "width": width,
        "height": round(bottom + _SOURCE * len(sources) + _MARGIN / 2, 1),
        "margin": _MARGIN,
        "titles": titles,
        "descriptions": descriptions,
        "keys": [(placed, _MARGIN + placed.x, round(y + placed.y, 1)) for placed in keys],
        "leading": _LEADING,
        "top": round(top, 1),
        "sources": [(round(bottom + _SOURCE * row, 1), text) for row, text in enumerate(sources)],
        "style": _style(),
    }
    return written(language, "pictures/file.html", context)


def _keys(legend: Sequence[Key], room: float) -> tuple[list[_PlacedKey], float]:
    """Each entry of the legend in its place, what is too long for a row in several lines, and how high all of it is."""
    placed: list[_PlacedKey] = []
    x, y, height = 0.0, 0.0, 0.0
    for key in legend:
        label = lines(key.label, room - _KEY, _MOST_KEY_LINES)
        wide = _KEY + max(map(length, label), default=0) + _KEY_GAP
        if x and x + wide - _KEY_GAP > room:
            x, y, height = 0.0, y + height, 0.0
        placed.append(_PlacedKey(key, label, round(x, 1), y))
        x += wide
        height = max(height, _KEY_ROW + _LEADING * (len(label) - 1))
    return placed, y + height


@cache
def _style() -> str:
    """The look of pictures, with the colours and faces of light paper in place of their names.

    Many programs that read SVG know no custom properties.
    """
    root = _ROOT.search((STATIC / "site.css").read_text("utf-8"))
    tokens = dict(_TOKEN.findall(root[1])) if root else {}
    return _USE.sub(lambda use: tokens[use[1]], (STATIC / "picture.css").read_text("utf-8").strip())
