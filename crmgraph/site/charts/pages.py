"""What all pictures have in common: a page with the figure and its data, and a file of their own."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.caching import FRESH
from crmgraph.http.cors import DATA_HEADERS
from crmgraph.http.languages import translations
from crmgraph.site.base.links import Links, language_of, links_of
from crmgraph.site.base.rendering import STATIC, render, written
from crmgraph.site.base.representations import HTML, TABLES, chosen
from crmgraph.site.base.site import Site
from crmgraph.site.charts.layout import Drawing, Key, length, lines
from crmgraph.sparql import Format
from crmgraph.sparql.formats import content_type
from crmgraph.storing.states import name_of

__all__ = [
    "SVG",
    "Picture",
    "Standalone",
    "form_of",
    "picture_file",
    "picture_page",
    "query_of",
    "standalone",
    "target_in",
]

SVG = Format("svg", "SVG", "image/svg+xml", "svg", "")
"""The form of a picture in a file of its own."""

# A file of its own needs its own look, and nothing else.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_QUESTION_FORMS = ("csv", "xlsx", "json")


@dataclass(frozen=True)
class Picture:
    """A picture: the path of its page, its title, what of all there is was chosen, and what it shows in a sentence.

    `draw` takes the links to draw with and the address of the page itself, and so does `draw_narrow`, where windows too
    narrow for that get another drawing. `asked` is the query that asks for it.
    """

    path: str
    title: str
    description: str
    draw: Callable[[Links, str], Drawing]
    asked: Mapping[str, str] = field(default_factory=dict)
    choice: Sequence[str] = ()
    draw_narrow: Callable[[Links, str], Drawing] | None = None

    @property
    def full_title(self) -> str:
        """The title with what was chosen."""
        return " · ".join((self.title, *self.choice))

    @property
    def query(self) -> str:
        """The query of its address, with its question mark."""
        return query_of(self.asked)


def form_of(request: Request, is_file: bool) -> Format:
    """Whether the page is wanted or the file. Raises NotAcceptableError where neither is."""
    return SVG if is_file else chosen(request, (HTML, SVG))


def query_of(asked: Mapping[str, str]) -> str:
    """The query of an address that asks for this, with its question mark; nothing where nothing is asked."""
    return f"?{urlencode(asked, safe='/,')}" if asked else ""


def target_in(links: Links, language: str) -> Callable[[str], str]:
    """Where links to IRIs lead in this language; nowhere for what is no web address."""
    return lambda iri: links.target(iri, language) or ""


def picture_page(
    request: Request,
    site: Site,
    picture: Picture,
    template: str,
    context: Mapping[str, object],
    question: tuple[str, Mapping[str, str]] = ("", {}),
) -> Response:
    """The page of a picture, by this template and with this context.

    `question` is what of the library answers with the same data, its name with the values of its parameters; none where
    none does.
    """
    links, language = links_of(request, site), language_of(request)
    name, values = question
    asked = site.library.get(name)
    given = query_of({**values, "lang": language})
    page = links.page(language, picture.path) + picture.query
    shown = {
        "picture": picture,
        "drawing": picture.draw(links, page),
        "narrow": picture.draw_narrow(links, page) if picture.draw_narrow else None,
        "file": links.page(language, f"{picture.path}.svg") + picture.query,
        "file_name": "-".join((picture.path.rpartition("/")[2], *picture.asked.values(), language)).replace("/", "-"),
        "question": asked,
        "question_query": given,
        "downloads": [
            (form.label, links.data(f"/queries/{name}.{form.extension}{given}"))
            for form in TABLES
            if form.short in _QUESTION_FORMS
        ],
    }
    return render(request, site, template, context={**shown, **context})


def picture_file(request: Request, site: Site, picture: Picture) -> Response:
    """The picture as SVG, with where it is from; its links are whole addresses."""
    language = language_of(request)
    base = Links(site.names, str(request.base_url).rstrip("/"))
    address = base.page(language, picture.path) + picture.query
    messages = translations(language)
    source = [address, messages.gettext("Data: CC BY 4.0. Software: Apache 2.0.")]
    if name_of(site.state):
        source[1] += f" {messages.gettext('Dataset')} {name_of(site.state)}"
    told = Standalone(picture.full_title, picture.description, source, address)
    body = standalone(picture.draw(base, address), told, language)
    headers = {
        **DATA_HEADERS,
        **FRESH,
        "Content-Language": language,
        "Content-Security-Policy": _POLICY,
        "Content-Type": content_type(SVG.media_type),
        "Vary": "Accept, Accept-Language",
    }
    return Response(body, headers=headers)


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
