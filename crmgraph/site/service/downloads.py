"""The page of all that can be downloaded, and the files that are made of the whole dataset when somebody asks."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.exporting import FORMATS
from crmgraph.exporting.render import text_of_leaves
from crmgraph.http.languages import marked
from crmgraph.site.base.citation import TEXT, Entry, catalog
from crmgraph.site.base.links import language_of, links_of
from crmgraph.site.base.parameters import check_parameters
from crmgraph.site.base.rendering import render
from crmgraph.site.base.representations import CSV, GRAPHS, HTML, JSON, NothingKnownError, by_suffix, chosen, data
from crmgraph.site.base.site import Site, reference
from crmgraph.site.dataset.graphs import graph_names, summary
from crmgraph.site.indexes.kinds import KINDS
from crmgraph.sparql import Format
from crmgraph.storing import DUMP

__all__ = ["Export", "download", "downloads_page"]

WHOLE = "crmgraph"
"""The name of the files that hold the whole dataset."""

_WHOLE = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_MADE = ("ttl", "nt", "rdf", "jsonld")
_LEAVES = """
SELECT ?row ?column ?exact {
  GRAPH %s {
    ?leaf a cg:LeafPassage ; cg:start ?start ; cg:row ?row ; cg:exact ?exact . OPTIONAL { ?leaf cg:column ?column }
  }
} ORDER BY ?start"""
_OTHER_TABLES = ((marked("Processes"), "/processes"), (marked("Findings"), "/findings"))
_GOOD_FOR = {
    "ttl": marked("reading it directly, and most programs for RDF"),
    "nt": marked("programs that read line by line"),
    "nq": marked("other SPARQL engines, each statement with its graph"),
    "trig": marked("reading it with its graph"),
    "rdf": marked("older programs for RDF, and XML tools"),
    "jsonld": marked("JavaScript, and programs that read JSON"),
    "render": marked("comparing it with the document: the plan as a text table again, from the graph alone"),
}


@dataclass(frozen=True)
class Export:
    """A file that can be had: its name, what it is good for (in English, marked for translation), and its bytes, 0
    where it is made when somebody asks."""

    address: str
    form: Format
    good_for: str
    size: int = 0


def downloads_page(request: Request, site: Site) -> Response:
    """Everything that can be downloaded, in which format, and what each is good for."""
    check_parameters(request, ())
    chosen(request, (HTML,))
    about = catalog(site, language_of(request))
    known = {entry.iri: entry for entry in about.graphs} if about else {}
    links = links_of(request, site)
    names = graph_names(site)
    labels = site.labels(names)
    graphs = [
        (iri, iri.removeprefix(site.names.graph("")), labels.get(iri, {}), _statements(site, iri, known))
        for iri in names
    ]
    context = {
        "whole": [
            Export(links.data("/dump.nq.gz"), _form("nq"), _GOOD_FOR["nq"], _size(site)),
            *(Export(links.data(f"/downloads/{WHOLE}.{name}"), _form(name), _GOOD_FOR[name]) for name in _MADE),
        ],
        "plans": _plans(site),
        "graphs": graphs,
        "forms": GRAPHS,
        "tables": [*((kind.title, kind.path) for kind in KINDS), *_OTHER_TABLES],
        "table_forms": (CSV, JSON, _form("ttl")),
        "ontology_forms": GRAPHS,
        "commands": [(name, _GOOD_FOR.get(name, "")) for name in FORMATS],
        "questions": len(site.library),
    }
    return render(request, site, "downloads.html", context=context)


def download(request: Request, site: Site, name: str) -> Response:
    """The file with this name: the dataset without its graphs, or the text of a plan from the graph of its source.

    It is made of the data as they are now, within the time limit of a query.
    """
    check_parameters(request, ())
    made = tuple(_form(each) for each in _MADE)
    stem, form = by_suffix(name, (*made, TEXT))
    if stem == WHOLE and form in made:
        assert form is not None
        return _file(site.construct(_WHOLE, form.media_type), form, name)
    if form == TEXT and stem in _plans(site):
        rows = site.select(_LEAVES % reference(site.names.graph("source", stem)))
        leaves = (
            (int(row["row"].value), int(row["column"].value) if "column" in row else None, row["exact"].value)
            for row in rows
        )
        return _file(text_of_leaves(leaves), form, name)
    raise NothingKnownError(f"/downloads/{name}")


def _file(body: bytes | str, form: Format, name: str) -> Response:
    response = data(body, form.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _plans(site: Site) -> tuple[str, ...]:
    """The ids of the plans of whose document the graph has the words."""
    space = site.names.graph("source", "")
    return tuple(iri.removeprefix(space) for iri in graph_names(site) if iri.startswith(space))


def _statements(site: Site, graph: str, known: Mapping[str, Entry]) -> int:
    """How many statements a graph has: as the catalogue says, where it still holds."""
    return known[graph].triples if graph in known and site.is_as_built else summary(site, graph).total


def _form(short: str) -> Format:
    return next(form for form in GRAPHS if form.short == short)


def _size(site: Site) -> int:
    """The bytes of the dump, where it is the one that was built; 0 where nobody knows before it is made."""
    if site.report is None or not site.is_as_built:
        return 0
    file = site.report.parent / f"{DUMP}.gz"
    return file.stat().st_size if file.is_file() else 0
