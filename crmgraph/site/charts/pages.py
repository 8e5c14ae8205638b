"""The pages and SVG files of charts, and the query results that charts are made from."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
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
from crmgraph.site.charts.layout import Drawing, text_block, wrap
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
_SAMPLE_WIDTH, _LEGEND_ROW_HEIGHT, _MAX_LEGEND_LINES = 36, 28, 6
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


def query_string(parameters: Mapping[str, str]) -> str:
    """Return these parameters as a query string that begins with a question mark; "" if there are none.

    Slashes and commas are not percent-encoded.
    """
    return f"?{urlencode(parameters, safe='/,')}" if parameters else ""


Draw = Callable[[Callable[[str], str], str], Drawing]
"""Draws a chart, given a function that returns the address of an IRI, and the address of the page."""


def chart_response(
    visit: PageRequest,
    path: str,
    title: str,
    description: str,
    draw: Draw,
    template: str,
    context: Mapping[str, object],
    *,
    parameters: Mapping[str, str] | None = None,
    selection: Sequence[str] = (),
    question: tuple[str, Mapping[str, str]] = ("", {}),
) -> Response:
    """Return the page of a chart, or its SVG file if the file extension or the Accept header asks for SVG.

    Arguments:
        visit: the request.
        path: the path of the page.
        title: the title of the chart.
        description: how to read the chart.
        draw: draws the chart.
        template: the file name of the template of the page.
        context: the variables of the template, besides those of every chart.
        parameters: the parameters of the page that determine the content of the chart.
        selection: the labels of the selected values, for the title.
        question: the name of the question of the library with the same data, or "", and the values of its parameters.
    """
    site, language, parameters = visit.site, visit.language, parameters or {}
    is_file = visit.form == SVG
    # A file may be anywhere, so its links are absolute.
    links = Links(site.names, str(visit.request.base_url).rstrip("/")) if is_file else visit.links
    query = query_string(parameters)
    page = links.page_address(language, path) + query
    drawing = draw(lambda iri: links.target(iri, language) or "", page)
    full_title = " · ".join((title, *selection))
    if is_file:
        return _file_response(visit, full_title, description, drawing, page)
    name, values = question
    values_query = query_string({**values, "lang": language})
    common = {
        "title": title,
        "full_title": full_title,
        "how_to_read": description,
        "drawing": drawing,
        "file": links.page_address(language, f"{path}.svg") + query,
        "file_name": "-".join((path.rpartition("/")[2], *parameters.values(), language)).replace("/", "-"),
        "question": site.library.get(name),
        "question_query": values_query,
        "downloads": [
            (form.label, links.data_address(f"/queries/{name}.{form.extension}{values_query}"))
            for form in TABLES
            if form.short in _QUESTION_FORMS
        ],
    }
    return visit.render(template, {**common, **context})


def _file_response(visit: PageRequest, full_title: str, description: str, drawing: Drawing, address: str) -> Response:
    """Return a chart as an SVG file with its title, legend and source. `address` is that of its page."""
    site, language = visit.site, visit.language
    messages = translations(language)
    source = messages.gettext("Data: CC BY 4.0. Software: Apache 2.0.")
    if short_name_of(site.state):
        source += f" {messages.gettext('Dataset')} {short_name_of(site.state)}"
    width = max(drawing.width + 2 * _MARGIN, _MIN_WIDTH)
    room = width - 2 * _MARGIN
    y = _MARGIN + _TITLE_SIZE * 0.8
    title = text_block(wrap(full_title, room, 3, _TITLE_SIZE), _MARGIN, y, "title", leading=_TITLE_LEADING)
    y += _TITLE_LEADING * len(title)
    lead = text_block(wrap(description, room, 6), _MARGIN, y, "description", leading=_LEADING)
    y += _LEADING * len(lead)
    legend = []
    for entry in drawing.legend:
        label = wrap(entry.label, room - _SAMPLE_WIDTH, _MAX_LEGEND_LINES)
        legend.append((y, (*entry.parts, *text_block(label, _SAMPLE_WIDTH, 14.5, leading=_LEADING))))
        y += _LEGEND_ROW_HEIGHT + _LEADING * (len(label) - 1)
    top = round(y + 6, 1)
    y = top + drawing.height + 2 * _SOURCE_LEADING
    sources = [line for text in (address, source) for line in wrap(text, room, 3, _SOURCE_SIZE)]
    context = {
        "language": language,
        "full_title": full_title,
        "how_to_read": description,
        "drawing": drawing,
        "source": f"{address} {source}",
        "address": address,
        "width": width,
        "height": round(y + _SOURCE_LEADING * len(sources) + _MARGIN / 2, 1),
        "margin": _MARGIN,
        "top": top,
        "header": (*title, *lead),
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
