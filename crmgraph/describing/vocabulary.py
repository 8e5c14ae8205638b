"""The terms of the ontology for Python code, the ontology as a graph, and dates and durations as literals."""

import hashlib
import re
from datetime import date
from pathlib import Path
from typing import TypeVar

from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from crmgraph.namespaces import ONTOLOGY, PREFIXES

__all__ = [
    "AGENT_KINDS",
    "ATTACHMENT",
    "CG",
    "bind",
    "concept",
    "date_literal",
    "duration_literal",
    "read_ontology",
]

AnyGraph = TypeVar("AnyGraph", bound=Graph)
CG = Namespace(ONTOLOGY + "#")
ATTACHMENT = Namespace(PREFIXES["attachment"])

AGENT_KINDS = ("actor", "network", "country", "process")
"""The kinds of agents, which their paths and IRIs begin with."""


def concept(scheme: str, name: str) -> URIRef:
    """Return the IRI of a concept of one of our SKOS vocabularies: `concept("confidence", "high")`."""
    return URIRef(f"{ONTOLOGY}/{scheme}#{name}")


def bind(graph: AnyGraph, prefixes: dict[str, str]) -> AnyGraph:
    """Return the graph with these prefixes for writing it."""
    for prefix, namespace in prefixes.items():
        graph.bind(prefix, namespace, override=True, replace=True)
    return graph


def read_ontology(folder: Path) -> Graph:
    """Return the ontology and its SKOS vocabularies in one graph, without the SHACL shapes.

    The cells of its lists, nameless in the files as OWL asks, have names here, for nothing in a dataset is nameless.
    """
    graph = Graph()
    for file in (folder / "crmgraph.ttl", *sorted((folder / "vocabularies").glob("*.ttl"))):
        graph.parse(file, format="turtle")
    return _with_named_lists(graph)


def _with_named_lists(graph: Graph) -> Graph:
    """Return the same statements, each nameless cell of a list named after what the list holds and its place in it."""
    names: dict[Node, Node] = {}
    for head in set(graph.subjects(RDF.first)) - set(graph.objects(None, RDF.rest)):
        members = " ".join(member.n3() for member in Collection(graph, head))
        digest = hashlib.sha256(members.encode()).hexdigest()[:12]
        for place, cell in enumerate(graph.transitive_objects(head, RDF.rest), 1):
            if isinstance(cell, BNode):
                names[cell] = CG[f"list-{digest}-{place}"]
    named = Graph()
    named += ((names.get(subject, subject), predicate, names.get(value, value)) for subject, predicate, value in graph)
    return named


_DATE_TYPES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
_DATE = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)
_DURATION = re.compile(
    r"P(?=.)(?:(?P<years>[1-9]\d*)Y)?(?:(?P<months>[1-9]\d*)M)?(?:(?P<days>[1-9]\d*)D)?"
    r"(?:T(?=.)(?:(?P<hours>[1-9]\d*)H)?(?:(?P<minutes>[1-9]\d*)M)?(?:(?P<seconds>[1-9]\d*)S)?)?",
    re.ASCII,
)
_LESS_THAN = {"months": 12, "hours": 24, "minutes": 60, "seconds": 60}


def date_literal(text: str) -> Literal:
    """Return a year ("2010"), a month ("2005-03") or a day ("2005-03-31") as xsd:gYear, xsd:gYearMonth or xsd:date.

    Raises ValueError where it is none of them or no calendar has it.
    """
    if not _DATE.fullmatch(text):
        raise ValueError(f"{text} is not a year (2010), a month (2005-03) or a day (2005-03-31)")
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        raise ValueError(f"no calendar has {text}") from None
    return Literal(text, datatype=_DATE_TYPES[len(text)])


def duration_literal(text: str) -> Literal:
    """Return a duration as xsd:duration, of years, months, days, hours, minutes and whole seconds.

    Raises ValueError where it is none, has a zero in it, or could be said with a larger unit (P36M is P3Y).
    """
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError(f"{text} is not a duration such as P6M (six months) or P3Y (three years)")
    for unit, bound in _LESS_THAN.items():
        if int(match[unit] or 0) >= bound:
            raise ValueError(f"{text} has {bound} {unit} or more; write it with the larger unit, as P3Y and not P36M")
    return Literal(text, datatype=XSD.duration)
