"""Pages and files of charts, and the records that they are made of."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from urllib.parse import urlencode

from starlette.responses import Response

from crmgraph.http.languages import translations
from crmgraph.resources import STATIC
from crmgraph.site.base import (
    TABLES,
    Links,
    PageRequest,
    Row,
    Site,
    certainty_in,
    data_response,
    in_language,
    render_template,
    rows_by,
)
from crmgraph.site.charts.layout import Drawing, text_block, text_width, wrap
from crmgraph.site.source import Quotation
from crmgraph.sparql import Format
from crmgraph.sparql.engine import short_name_of

SVG = Format("svg", "SVG", "image/svg+xml", "svg", "")
"""The format of a chart as a file."""

# A file needs its own style, and nothing else.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_QUESTION_FORMS = ("csv", "xlsx", "json")
_MARGIN, _LEAST_WIDTH, _TITLE_SIZE, _SOURCE_SIZE = 24, 640, 22, 12
_TITLE_LEADING, _LEADING, _SOURCE_LEADING = 28, 18, 16
_KEY_WIDTH, _KEY_GAP, _KEY_HEIGHT, _MOST_KEY_LINES = 36, 22, 28, 6
_ROOT = re.compile(r":root\{([^}]*)\}")
_TOKEN = re.compile(r"--([\w-]+):([^;]+)")
_USE = re.compile(r"var\(--([\w-]+)\)")


@dataclass(frozen=True)
class Resource:
    """A thing in the graph: its IRI, and its label, which is in `language`."""

    iri: str
    label: str
    language: str

    @property
    def name(self) -> str:
        """The last part of the IRI, which addresses have."""
        return re.split("[/#]", self.iri)[-1]


Record = SimpleNamespace
"""What a query says of one thing, see `records`."""


def records(
    site: Site,
    query: str,
    language: str,
    key: str,
    texts: Sequence[str] = (),
    things: Sequence[str] = (),
    sets: Sequence[str] = (),
) -> list[Record]:
    """Return what a query says of each thing in its column `key`, as attributes.

    They are `iri`, `label` and `language` of the thing, and the values of other columns by their names: of `texts` as
    they are, of `things` as resources. Resources are labelled in the language, or else with their IRIs. The first value
    in alphabetical order counts; without any, a text or an IRI is empty. Of columns in `sets`, all values count. If
    rows have passages, `quotation` is the first, and `certainty` is that of the rows.
    """
    groups = {iri: rows for (iri,), rows in rows_by(site.select(query), key).items()}
    named = {row[name].value for rows in groups.values() for row in rows for name in (key, *things) if name in row}
    labels = site.labels(named)

    def first(rows: Iterable[Row], column: str) -> str:
        return min((row[column].value for row in rows if column in row), default="")

    def resource(iri: str) -> Resource:
        return Resource(iri, *in_language(labels.get(iri, {"": iri}), language))

    return [
        Record(
            **vars(resource(iri)),
            **{name: first(rows, name) for name in texts},
            **{name: resource(first(rows, name)) for name in things},
            **{name: {row[name].value for row in rows if name in row} for name in sets},
            quotation=min(map(_quotation, rows)) if "passage" in rows[0] else None,
            certainty=certainty_in(rows[0]),
        )
        for iri, rows in groups.items()
    ]


def _quotation(row: Row) -> Quotation:
    start, end = int(row["start"].value), int(row["end"].value)
    return Quotation(row["source"].value, start, end, row["exact"].value, row["passage"].value)


@dataclass(frozen=True)
class ChartPage:
    """A chart that has a page at a path, and what the page says.

    `draw` takes a function from IRIs to addresses, the address of the page, and whether the window is narrow; the page
    has a second drawing for narrow windows if `has_narrow`. `asked` are the parameters that chose what is shown, and
    `choice` says in words what that is. The `template` of the page takes `context`. `question` is the question of the
    library that has the same data, with values of its parameters.
    """

    path: str
    title: str
    description: str
    draw: Callable[[Callable[[str], str], str, bool], Drawing]
    template: str
    context: Mapping[str, object]
    asked: Mapping[str, str] = field(default_factory=dict)
    choice: Sequence[str] = ()
    has_narrow: bool = True
    question: tuple[str, Mapping[str, str]] = ("", {})

    @property
    def full_title(self) -> str:
        """The title with what was chosen."""
        return " · ".join((self.title, *self.choice))

    def drawing(self, links: Links, language: str, is_narrow: bool = False) -> Drawing:
        """Return the drawing with these links, in a language."""
        page = links.page(language, self.path) + query_string(self.asked)
        return self.draw(lambda iri: links.target(iri, language) or "", page, is_narrow)


def query_string(parameters: Mapping[str, str]) -> str:
    """Return the query string of an address with these parameters, with its question mark if there are any."""
    return f"?{urlencode(parameters, safe='/,')}" if parameters else ""


def chart_response(visit: PageRequest, chart: ChartPage) -> Response:
    """Return the page of a chart, or its file if the address or the Accept header asks for that."""
    if visit.form == SVG:
        return _file_response(visit, chart)
    site, links, language = visit.site, visit.links, visit.language
    name, values = chart.question
    values_query = query_string({**values, "lang": language})
    query = query_string(chart.asked)
    context = {
        "picture": chart,
        "drawing": chart.drawing(links, language),
        "narrow": chart.drawing(links, language, is_narrow=True) if chart.has_narrow else None,
        "file": links.page(language, f"{chart.path}.svg") + query,
        "file_name": "-".join((chart.path.rpartition("/")[2], *chart.asked.values(), language)).replace("/", "-"),
        "question": site.library.get(name),
        "question_query": values_query,
        "downloads": [
            (form.label, links.data(f"/queries/{name}.{form.extension}{values_query}"))
            for form in TABLES
            if form.short in _QUESTION_FORMS
        ],
    }
    return visit.render(chart.template, {**context, **chart.context})


def _file_response(visit: PageRequest, chart: ChartPage) -> Response:
    """Return a chart as SVG with its title, legend and source; its links are whole addresses."""
    site, language = visit.site, visit.language
    links = Links(site.names, str(visit.request.base_url).rstrip("/"))
    address = links.page(language, chart.path) + query_string(chart.asked)
    messages = translations(language)
    source = messages.gettext("Data: CC BY 4.0. Software: Apache 2.0.")
    if short_name_of(site.state):
        source += f" {messages.gettext('Dataset')} {short_name_of(site.state)}"
    drawing = chart.drawing(links, language)
    width = max(drawing.width + 2 * _MARGIN, _LEAST_WIDTH)
    room = width - 2 * _MARGIN
    y = _MARGIN + _TITLE_SIZE * 0.8
    title = text_block(wrap(chart.full_title, room, 3, _TITLE_SIZE), _MARGIN, y, "title", leading=_TITLE_LEADING)
    y += _TITLE_LEADING * len(title)
    description = text_block(wrap(chart.description, room, 6), _MARGIN, y, "description", leading=_LEADING)
    y += _LEADING * len(description)
    labels = [wrap(entry.label, room - _KEY_WIDTH, _MOST_KEY_LINES) for entry in drawing.legend]
    key_width = _KEY_WIDTH + max((text_width(line) for label in labels for line in label), default=0) + _KEY_GAP
    key_height = _KEY_HEIGHT + _LEADING * (max(map(len, labels), default=1) - 1)
    in_row = int((room + _KEY_GAP) / key_width)
    legend = [
        {
            "x": round(_MARGIN + key_width * (place % in_row), 1),
            "y": round(y + key_height * (place // in_row), 1),
            "shapes": (*entry.parts, *text_block(label, _KEY_WIDTH, 14.5, leading=_LEADING)),
        }
        for place, (entry, label) in enumerate(zip(drawing.legend, labels, strict=True))
    ]
    top = round(y + key_height * math.ceil(len(legend) / in_row) + 6, 1)
    y = top + drawing.height + 2 * _SOURCE_LEADING
    sources = [line for text in (address, source) for line in wrap(text, room, 3, _SOURCE_SIZE)]
    context = {
        "language": language,
        "picture": chart,
        "drawing": drawing,
        "source": f"{address} {source}",
        "address": address,
        "width": width,
        "height": round(y + _SOURCE_LEADING * len(sources) + _MARGIN / 2, 1),
        "margin": _MARGIN,
        "top": top,
        "header": (*title, *description),
        "legend": legend,
        "footer": text_block(sources, _MARGIN, y, "source", leading=_SOURCE_LEADING),
        "style": _style(),
    }
    response = data_response(
        render_template(language, "pictures/file.html", context), SVG.media_type, is_language_dependent=True
    )
    response.headers.update({"Content-Language": language, "Content-Security-Policy": _POLICY})
    return response


@cache
def _style() -> str:
    """Return the style sheet of charts with the colours and fonts of light paper in place of custom properties.

    Many programs that read SVG do not know custom properties.
    """
    root = _ROOT.search((STATIC / "site.css").read_text("utf-8"))
    tokens = dict(_TOKEN.findall(root[1])) if root else {}
    return _USE.sub(lambda use: tokens[use[1]], (STATIC / "picture.css").read_text("utf-8").strip())
