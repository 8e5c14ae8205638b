"""Terms of the ontology, and graphs written in them: literals, passages, quotations, statements with their grounds."""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox
from rdflib import DCTERMS, PROV, RDF, RDFS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from crmgraph.namespaces import LANGUAGE_IRIS, ONTOLOGY, PREFIXES, Names
from crmgraph.reading.languages import fold, key, tidy
from crmgraph.reading.model import Leaf, Passage, Plan

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


OURS = "crmgraph"
"""The id of the annotator that stands for this project."""

RECOGNISER = "recogniser"
"""The id of the annotator that stands for the program which reads what nobody has read."""

_DOCUMENT = {"es": "Documento fuente", "en": "Source document"}
Value = URIRef | Literal
Said = tuple[URIRef, Node | None]
"""A property and a value; without a value nothing is said."""


def add(graph: Graph, subject: URIRef, *said: Said) -> URIRef:
    """Add properties and values of a subject to a graph, and return the subject."""
    for predicate, value in said:
        if value is not None:
            graph.add((subject, predicate, value))
    return subject


def labels(spanish: str, english: str | None) -> tuple[Said, Said]:
    """Return the rdfs:label of something in both languages, as far as there is one."""
    return (RDFS.label, Literal(spanish, "es")), (RDFS.label, None if english is None else Literal(english, "en"))


def statement_iri(names: Names, subject: URIRef, predicate: URIRef, value: Value, ground: URIRef) -> URIRef:
    """Return the IRI of a statement: a digest of what it says and of its ground, a passage or a source."""
    said = " ".join(map(_term, (subject, predicate, value, ground)))
    return URIRef(names.id("statement", hashlib.sha256(said.encode()).hexdigest()[:12]))


def _term(term: Value) -> str:
    """Return a term in canonical N-Triples; rdflib's own form breaks lines within literals."""
    if isinstance(term, URIRef):
        return f"<{term}>"
    datatype = ox.NamedNode(term.datatype) if term.datatype else None
    return str(ox.Literal(str(term), language=term.language, datatype=datatype))


def describe_statement(
    graph: Graph, names: Names, triple: tuple[URIRef, URIRef, Value], passage: URIRef, by: str
) -> URIRef:
    """Add the cg:Statement that says a triple, which is not added itself, and return its IRI.

    Args:
        graph: the graph to add it to.
        names: the names of things.
        triple: what is said.
        passage: where a plan says it.
        by: the id of the annotator who read it there.
    """
    subject, predicate, value = triple
    return add(
        graph,
        statement_iri(names, subject, predicate, value, passage),
        (RDF.type, CG.Statement),
        (CG.subject, subject),
        (CG.predicate, predicate),
        (CG.literal if isinstance(value, Literal) else CG.object, value),
        (CG.passage, passage),
        (PROV.wasAttributedTo, URIRef(names.id("annotator", by))),
    )


def passage_iri(plan: Plan, passage: Passage | Leaf, names: Names) -> URIRef:
    """Return the IRI of a passage of a plan's source: its offsets name it."""
    return URIRef(names.id("source", plan.id, f"{passage.start}-{passage.end}"))


def describe_source(
    plan: Plan, names: Names, title_translated: str | None = None, quoted: Iterable[Passage] = ()
) -> Graph:
    """Return the graph `source/…` of a plan: the document, its leaf passages, and the quotations within them.

    Args:
        plan: the plan.
        names: the names of things.
        title_translated: what the plan is called in the other language.
        quoted: the passages that are spoken of, leaves or not.
    """
    graph = Graph()
    titles = dict.fromkeys(_DOCUMENT, title_translated or plan.title) | {plan.language: plan.title}
    add(
        graph,
        URIRef(names.id("source", plan.id)),
        (RDF.type, CG.Source),
        *((RDFS.label, Literal(f"{_DOCUMENT[each]}: {titles[each]}", each)) for each in _DOCUMENT),
        (DCTERMS.language, URIRef(LANGUAGE_IRIS[plan.language])),
        (DCTERMS.identifier, Literal(f"sha256:{plan.source.sha256}")),
        (DCTERMS.extent, Literal(len(plan.source.text))),
    )
    for leaf in plan.leaves:
        column = None if leaf.column is None else Literal(leaf.column)
        said = (RDF.type, CG.LeafPassage), (CG.row, Literal(leaf.row)), (CG.column, column)
        _describe_passage(graph, plan, leaf, names, *said)
    for quotation in quoted:
        describe_quotation(graph, plan, quotation, names)
    return graph


def describe_quotation(graph: Graph, plan: Plan, passage: Passage, names: Names) -> URIRef:
    """Add a passage that may be smaller than the leaf it stands in to the graph of the source, and return its IRI."""
    around = plan.leaves[bisect_right(plan.leaves, passage.start, key=lambda leaf: leaf.start) - 1]
    if (passage.start, passage.end) != (around.start, around.end):
        _describe_passage(graph, plan, passage, names, (CG.inPassage, passage_iri(plan, around, names)))
    return passage_iri(plan, passage, names)


def _describe_passage(graph: Graph, plan: Plan, passage: Passage | Leaf, names: Names, *said: Said) -> None:
    add(
        graph,
        passage_iri(plan, passage, names),
        (RDF.type, CG.Passage),
        (CG.source, URIRef(names.id("source", plan.id))),
        (CG.start, Literal(passage.start)),
        (CG.end, Literal(passage.end)),
        (CG.exact, Literal(passage.exact, datatype=XSD.string)),
        *said,
    )


def within(passage: Passage | Leaf, start: int, end: int) -> Passage:
    """Return the part of a passage from `start` to `end`, which count from where the passage begins."""
    return Passage(passage.start + start, passage.start + end, passage.exact[start:end])


def find_quote(passage: Passage, quote: str, occurrence: int = 1) -> Passage:
    """Return where in a passage the words of a quote stand, the first time or at the given occurrence, from 1.

    Whole words; blank space and the composition of accents may differ, for a table cannot hold them as a source may.
    Raises ValueError where the words are not there so often.
    """
    folded, wanted = fold(passage.exact), key(quote)
    opens, closes = (r"(?<![^\W_])" if wanted[:1].isalnum() else ""), (r"(?![^\W_])" if wanted[-1:].isalnum() else "")
    found = re.finditer(f"{opens}{re.escape(wanted)}{closes}", folded.text) if wanted else ()
    spans = [folded.original(*match.span()) for match in found]
    spans = [(start, end) for start, end in spans if tidy(passage.exact[start:end]) == tidy(quote)]
    if not spans:
        raise ValueError("these words are not there, whole and as they are written")
    if len(spans) < occurrence:
        raise ValueError(f"these words are there {'once' if len(spans) == 1 else f'{len(spans)} times'} and no more")
    return within(passage, *spans[occurrence - 1])


@dataclass(frozen=True)
class GraphWriter:
    """Writes what is said of a plan into a graph, and keeps the passages that it rests on, leaves or not (`quoted`)."""

    plan: Plan
    names: Names
    graph: Graph = field(default_factory=Graph)
    quoted: set[Passage] = field(default_factory=set)

    @property
    def root(self) -> URIRef:
        """Return the IRI of the plan."""
        return URIRef(self.names.id("plan", self.plan.id))

    def iri(self, part: str, *below: str) -> URIRef:
        """Return the IRI of the part with that id, or of what is `below` it."""
        return URIRef(self.names.id("plan", self.plan.id, part, *below))

    def add(self, subject: URIRef, *said: Said) -> URIRef:
        """Add properties and values of a subject, and return the subject."""
        return add(self.graph, subject, *said)

    def passage(self, passage: Passage | Leaf) -> URIRef:
        """Return the IRI of a passage, which will be in the graph of the source."""
        self.quoted.add(Passage(passage.start, passage.end, passage.exact))
        return passage_iri(self.plan, passage, self.names)

    def state(self, subject: URIRef, predicate: URIRef, value: Value, passage: Passage | Leaf, by: str) -> URIRef:
        """Add a triple, and a statement that says where it is read and which annotator read it; return the latter."""
        self.graph.add((subject, predicate, value))
        return describe_statement(
            self.graph, self.names, (subject, predicate, value), passage=self.passage(passage), by=by
        )
