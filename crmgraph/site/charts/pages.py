"""The pages and SVG files of charts, and the query results that charts are made from."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from urllib.parse import urlencode

from starlette.responses import Response

from crmgraph.files import STATIC
from crmgraph.http.languages import translations
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

# A file contains its style sheet and refers to no other resource.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_QUESTION_FORMS = ("csv", "xlsx", "json")
_MARGIN, _MIN_WIDTH, _TITLE_SIZE, _SOURCE_SIZE = 24, 640, 22, 12
_TITLE_LEADING, _LEADING, _SOURCE_LEADING = 28, 18, 16
_SAMPLE_WIDTH, _LEGEND_GAP, _LEGEND_ROW_HEIGHT, _MAX_LEGEND_LINES = 36, 22, 28, 6
_ROOT_RULE = re.compile(r":root\{([^}]*)\}")
_TOKEN = re.compile(r"--([\w-]+):([^;]+)")
_TOKEN_USE = re.compile(r"var\(--([\w-]+)\)")


@dataclass(frozen=True)
class Resource:
    """A thing in the graph: its IRI, its label, and the language of the label."""

    iri: str
    label: str
    language: str

    @property
    def name(self) -> str:
        """The last segment of the IRI, as used in addresses: `MEX` for `…/id/country/MEX`."""
        return re.split("[/#]", self.iri)[-1]


Record = SimpleNamespace
"""An object whose attributes are the values that a query found for one thing; see `records`."""


def records(
    site: Site,
    query: str,
    language: str,
    key: str,
    texts: Sequence[str] = (),
    things: Sequence[str] = (),
    sets: Sequence[str] = (),
) -> list[Record]:
    """Return a record for each thing in the column `key` of a query.

    Arguments:
        site: the site.
        query: a SELECT query.
        language: the preferred language of labels. A thing without a label has its IRI as label.
        key: the column with the IRIs of the things.
        texts: columns whose attribute is the first value in alphabetical order, or "".
        things: columns whose attribute is the Resource with the first IRI in alphabetical order; its IRI may be "".
        sets: columns whose attribute is the set of all values.

    Further attributes are `iri`, `label` and `language` of the thing, its `certainty` (see `certainty_in`), and
    `quotation`, its first passage in the source. The latter is None for queries without passages.
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
    """A chart and the content of its page.

    Attributes:
        path: the path of the page.
        title: the title of the chart.
        description: how to read the chart.
        draw: draws the chart. Its arguments are a function that returns the address of an IRI, the address of the
            page, and whether the window is narrow.
        template: the file name of the template of the page.
        context: the variables of the template, besides those of every chart.
        parameters: the parameters of the page that determine the content of the chart.
        selection: the labels of the selected values, for the title.
        has_narrow: whether the page has a second drawing for narrow windows.
        question: the name of the question of the library with the same data, or "", and the values of its parameters.
    """

    path: str
    title: str
    description: str
    draw: Callable[[Callable[[str], str], str, bool], Drawing]
    template: str
    context: Mapping[str, object]
    parameters: Mapping[str, str] = field(default_factory=dict)
    selection: Sequence[str] = ()
    has_narrow: bool = True
    question: tuple[str, Mapping[str, str]] = ("", {})

    @property
    def full_title(self) -> str:
        """The title, followed by the labels of the selected values."""
        return " · ".join((self.title, *self.selection))

    def drawing(self, links: Links, language: str, is_narrow: bool = False) -> Drawing:
        """Return the drawing, whose links lead to pages in this language."""
        page = links.page_address(language, self.path) + query_string(self.parameters)
        return self.draw(lambda iri: links.target(iri, language) or "", page, is_narrow)


def query_string(parameters: Mapping[str, str]) -> str:
    """Return these parameters as a query string that begins with a question mark; "" if there are none.

    Slashes and commas are not percent-encoded.
    """
    return f"?{urlencode(parameters, safe='/,')}" if parameters else ""


def chart_response(visit: PageRequest, chart: ChartPage) -> Response:
    """Return the page of a chart, or its SVG file if the file extension or the Accept header asks for SVG."""
    if visit.form == SVG:
        return _file_response(visit, chart)
    site, links, language = visit.site, visit.links, visit.language
    name, values = chart.question
    values_query = query_string({**values, "lang": language})
    query = query_string(chart.parameters)
    context = {
        "picture": chart,
        "drawing": chart.drawing(links, language),
        "narrow": chart.drawing(links, language, is_narrow=True) if chart.has_narrow else None,
        "file": links.page_address(language, f"{chart.path}.svg") + query,
        "file_name": "-".join((chart.path.rpartition("/")[2], *chart.parameters.values(), language)).replace("/", "-"),
        "question": site.library.get(name),
        "question_query": values_query,
        "downloads": [
            (form.label, links.data_address(f"/queries/{name}.{form.extension}{values_query}"))
            for form in TABLES
            if form.short in _QUESTION_FORMS
        ],
    }
    return visit.render(chart.template, {**context, **chart.context})


def _file_response(visit: PageRequest, chart: ChartPage) -> Response:
    """Return a chart as an SVG file with its title, legend and source. Its links are absolute addresses."""
    site, language = visit.site, visit.language
    links = Links(site.names, str(visit.request.base_url).rstrip("/"))
    address = links.page_address(language, chart.path) + query_string(chart.parameters)
    messages = translations(language)
    source = messages.gettext("Data: CC BY 4.0. Software: Apache 2.0.")
    if short_name_of(site.state):
        source += f" {messages.gettext('Dataset')} {short_name_of(site.state)}"
    drawing = chart.drawing(links, language)
    width = max(drawing.width + 2 * _MARGIN, _MIN_WIDTH)
    room = width - 2 * _MARGIN
    y = _MARGIN + _TITLE_SIZE * 0.8
    title = text_block(wrap(chart.full_title, room, 3, _TITLE_SIZE), _MARGIN, y, "title", leading=_TITLE_LEADING)
    y += _TITLE_LEADING * len(title)
    description = text_block(wrap(chart.description, room, 6), _MARGIN, y, "description", leading=_LEADING)
    y += _LEADING * len(description)
    labels = [wrap(entry.label, room - _SAMPLE_WIDTH, _MAX_LEGEND_LINES) for entry in drawing.legend]
    entry_width = _SAMPLE_WIDTH + max((text_width(line) for label in labels for line in label), default=0) + _LEGEND_GAP
    entry_height = _LEGEND_ROW_HEIGHT + _LEADING * (max(map(len, labels), default=1) - 1)
    in_row = int((room + _LEGEND_GAP) / entry_width)
    legend = [
        {
            "x": round(_MARGIN + entry_width * (place % in_row), 1),
            "y": round(y + entry_height * (place // in_row), 1),
            "shapes": (*entry.parts, *text_block(label, _SAMPLE_WIDTH, 14.5, leading=_LEADING)),
        }
        for place, (entry, label) in enumerate(zip(drawing.legend, labels, strict=True))
    ]
    top = round(y + entry_height * math.ceil(len(legend) / in_row) + 6, 1)
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
        "style": _style_sheet(),
    }
    response = data_response(
        render_template(language, "pictures/file.html", context), SVG.media_type, is_language_dependent=True
    )
    response.headers.update({"Content-Language": language, "Content-Security-Policy": _POLICY})
    return response


@cache
def _style_sheet() -> str:
    """Return the style sheet of charts, with custom properties replaced by their values in the light colour scheme.

    Many SVG programs do not support custom properties.
    """
    root = _ROOT_RULE.search((STATIC / "site.css").read_text("utf-8"))
    tokens = dict(_TOKEN.findall(root[1])) if root else {}
    return _TOKEN_USE.sub(lambda use: tokens[use[1]], (STATIC / "picture.css").read_text("utf-8").strip())
