"""Terms of the ontology, and helpers that write graphs: literals, passages, and statements with their sources."""

import hashlib
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast

import pyoxigraph as ox
from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, XSD, BNode, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from crmgraph import namespaces
from crmgraph.namespaces import LANGUAGE_IRIS, ONTOLOGY, PREFIXES, Names
from crmgraph.reading.languages import fold, key, tidy
from crmgraph.reading.model import Leaf, Passage, Plan

AnyGraph = TypeVar("AnyGraph", bound=Graph)
CG = Namespace(ONTOLOGY + "#")
ANALYSIS = Namespace(namespaces.ANALYSIS)
ATTACHMENT = Namespace(PREFIXES["attachment"])

AGENT_KINDS = ("actor", "network", "country", "process")
"""The kinds of agents. The path of an agent below …/id/ begins with its kind, as in actor/oim."""


def concept(scheme: str, name: str) -> URIRef:
    """Return the IRI of a concept in a SKOS vocabulary of the project: `concept("confidence", "high")`."""
    return URIRef(f"{ONTOLOGY}/{scheme}#{name}")


_BLANK = "urn:crmgraph:blank:"
Statement = tuple[Node, Node, Node]
"""A triple of rdflib terms."""
Term = ox.NamedNode | ox.BlankNode | ox.Literal
"""A term of pyoxigraph."""


def triple_of(statement: Statement) -> tuple[Term, Term, Term]:
    """Convert a statement of rdflib to terms of pyoxigraph.

    Blank nodes become IRIs, since a SPARQL query cannot name a blank node.
    """
    return cast(tuple[Term, Term, Term], tuple(map(term_of, statement)))


def statement_of(triple: Iterable[Term]) -> Statement:
    """Convert a triple of pyoxigraph to a statement of rdflib; the inverse of `triple_of`."""
    return cast(Statement, tuple(map(node_of, triple)))


def term_of(node: Node) -> Term:
    """Convert a term of rdflib to a term of pyoxigraph; a blank node becomes an IRI."""
    if isinstance(node, Literal):
        datatype = None if node.language or not node.datatype else ox.NamedNode(node.datatype)
        return ox.Literal(str(node), datatype=datatype, language=node.language)
    return ox.NamedNode(f"{_BLANK}{node}" if isinstance(node, BNode) else str(node))


def node_of(term: Term) -> Node:
    """Convert a term of pyoxigraph to a term of rdflib; the inverse of `term_of`.

    A string has no explicit datatype xsd:string in the result.
    """
    if isinstance(term, ox.Literal):
        is_plain = term.language or term.datatype.value == str(XSD.string)
        return Literal(term.value, term.language, None if is_plain else term.datatype.value, normalize=False)
    iri = term.value
    return BNode(iri.removeprefix(_BLANK)) if iri.startswith(_BLANK) else URIRef(iri)


def graph_of(triples: Iterable[Statement]) -> Graph:
    """Return a graph with these triples."""
    graph = Graph()
    graph += triples
    return graph


def add_triples(dataset: Dataset, name: str, triples: Iterable[Statement]) -> None:
    """Add triples to the named graph with the IRI `name`."""
    graph = dataset.graph(URIRef(name))
    graph += triples


def add_quads(dataset: Dataset, quads: Iterable[Any]) -> None:
    """Add quads to a dataset, such as those of another dataset, each to the graph of the same name."""
    dataset.addN(quads)


def bind_prefixes(graph: AnyGraph, prefixes: dict[str, str]) -> AnyGraph:
    """Bind prefixes to a graph or dataset, for its serialisation, and return it."""
    for prefix, namespace in prefixes.items():
        graph.bind(prefix, namespace, override=True, replace=True)
    return graph


def read_ontology(folder: Path) -> Graph:
    """Return the ontology and its SKOS vocabularies in one graph, without the SHACL shapes.

    The blank nodes of RDF lists are replaced by IRIs, as a dataset contains no blank nodes.
    """
    graph = Graph()
    for file in (folder / "crmgraph.ttl", *sorted((folder / "vocabularies").glob("*.ttl"))):
        graph.parse(file, format="turtle")
    # A concept has the same name under rdfs:label, as all other things have.
    graph += [(subject, RDFS.label, label) for subject, label in graph.subject_objects(SKOS.prefLabel)]
    return _with_named_lists(graph)


def fallback_labels(dataset: Dataset) -> Graph:
    """Return the label to show in Spanish or in English of each thing that has labels in other languages only.

    It is the label in the language that is first in the alphabet. Its language tag, such as `en-x-es`, says that
    Spanish words stand where English ones are missing (private use subtags, BCP 47, section 2.2.7). A name without a
    language, such as that of a person, is shown in both.
    """
    labels: dict[Node, dict[str, str]] = defaultdict(dict)
    for subject, _, label, _ in dataset.quads((None, RDFS.label, None, None)):
        if isinstance(label, Literal):
            tag = label.language or ""
            labels[subject][tag] = max(str(label), labels[subject].get(tag, ""))
    found = Graph()
    for subject, by_language in labels.items():
        nearest = min(filter(None, by_language), default="")
        suffix = f"-x-{nearest}" if nearest else ""
        missing = {"es", "en"} - by_language.keys()
        found += ((subject, RDFS.label, Literal(by_language[nearest], f"{each}{suffix}")) for each in missing)
    return found


def _with_named_lists(graph: Graph) -> Graph:
    """Return the graph with an IRI in place of each blank node of an RDF list.

    The IRI contains a digest of the members of the list, and the position in the list.
    """
    names: dict[Node, Node] = {}
    for head in set(graph.subjects(RDF.first)) - set(graph.objects(None, RDF.rest)):
        digest = hashlib.sha256(" ".join(member.n3() for member in Collection(graph, head)).encode()).hexdigest()[:12]
        cells = enumerate(graph.transitive_objects(head, RDF.rest), 1)
        names |= {cell: CG[f"list-{digest}-{place}"] for place, cell in cells if isinstance(cell, BNode)}
    return graph_of(
        (names.get(subject, subject), predicate, names.get(value, value)) for subject, predicate, value in graph
    )


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

    Raises ValueError for other text, and for days that do not exist, such as "2010-02-30".
    """
    if not _DATE.fullmatch(text):
        raise ValueError(f"{text} is not a year (2010), a month (2005-03) or a day (2005-03-31)")
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        raise ValueError(f"no calendar has {text}") from None
    return Literal(text, datatype=_DATE_TYPES[len(text)])


def duration_literal(text: str) -> Literal:
    """Return a duration, such as "P6M", as xsd:duration. The smallest unit is the whole second.

    Raises ValueError if the text is no duration, contains a zero, or should use a larger unit (P36M is P3Y).
    """
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError(f"{text} is not a duration such as P6M (six months) or P3Y (three years)")
    for unit, bound in _LESS_THAN.items():
        if int(match[unit] or 0) >= bound:
            raise ValueError(f"{text} has {bound} {unit} or more; write it with the larger unit, as P3Y and not P36M")
    return Literal(text, datatype=XSD.duration)


RECOGNISER = "recogniser"
"""The id of the annotator that represents the program that recognises what the words of a plan say by themselves."""

_DOCUMENT = {"es": "Documento fuente", "en": "Source document"}
Value = URIRef | Literal
PropertyValue = tuple[URIRef, Node | None]
"""A property and its value. If the value is None, no triple is added."""


def add(graph: Graph, subject: URIRef, *values: PropertyValue) -> URIRef:
    """Add triples with the same subject to a graph, and return the subject."""
    graph += ((subject, predicate, value) for predicate, value in values if value is not None)
    return subject


def labels(spanish: str, english: str | None) -> tuple[PropertyValue, PropertyValue]:
    """Return rdfs:label with its values in Spanish and in English."""
    return (RDFS.label, Literal(spanish, "es")), (RDFS.label, None if english is None else Literal(english, "en"))


def statement_iri(names: Names, subject: URIRef, predicate: URIRef, value: Value, ground: URIRef) -> URIRef:
    """Return the IRI of a cg:Statement. It contains a digest of the triple and of `ground`, a passage or a source."""
    # In canonical N-Triples; `n3()` of rdflib writes line breaks within literals unescaped.
    terms = " ".join(str(term_of(each)) for each in (subject, predicate, value, ground))
    return URIRef(names.id("statement", hashlib.sha256(terms.encode()).hexdigest()[:12]))


def describe_statement(
    graph: Graph, names: Names, triple: tuple[URIRef, URIRef, Value], passage: URIRef, by: str
) -> URIRef:
    """Add a cg:Statement about a triple and return its IRI. The triple itself is not added.

    Args:
        graph: The graph to which the statement is added.
        names: The IRIs of the dataset.
        triple: The triple that the statement is about.
        passage: The IRI of the passage that states it.
        by: The id of the annotator who read the passage.
    """
    subject, predicate, value = triple
    return add(
        graph,
        statement_iri(names, subject, predicate, value, passage),
        (RDF.type, CG.Statement),
        (RDF.subject, subject),
        (RDF.predicate, predicate),
        (RDF.object, value),
        (CG.passage, passage),
        (PROV.wasAttributedTo, URIRef(names.id("annotator", by))),
    )


def passage_iri(plan: Plan, passage: Passage | Leaf, names: Names) -> URIRef:
    """Return the IRI of a passage in the source of a plan; it ends with the offsets."""
    return URIRef(names.id("source", plan.id, f"{passage.start}-{passage.end}"))


def describe_source(
    plan: Plan, names: Names, translated_title: str | None = None, quoted_passages: Iterable[Passage] = ()
) -> Graph:
    """Return the graph `source/…` of a plan: the document, its leaf passages, and the passages within them.

    Args:
        plan: The plan.
        names: The IRIs of the dataset.
        translated_title: The title of the plan in the other language.
        quoted_passages: The passages that the graph of the plan refers to.
    """
    graph = Graph()
    titles = dict.fromkeys(_DOCUMENT, translated_title or plan.title) | {plan.language: plan.title}
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
        _describe_passage(graph, plan, leaf, names, (CG.row, Literal(leaf.row)), (CG.column, column))
    for quotation in quoted_passages:
        describe_quotation(graph, plan, quotation, names)
    return graph


def describe_quotation(graph: Graph, plan: Plan, passage: Passage, names: Names) -> URIRef:
    """Add a passage to the graph of the source, unless it is a leaf passage, and return its IRI."""
    around = plan.leaves[bisect_right(plan.leaves, passage.start, key=lambda leaf: leaf.start) - 1]
    if (passage.start, passage.end) != (around.start, around.end):
        _describe_passage(graph, plan, passage, names)
    return passage_iri(plan, passage, names)


def _describe_passage(graph: Graph, plan: Plan, passage: Passage | Leaf, names: Names, *values: PropertyValue) -> None:
    add(
        graph,
        passage_iri(plan, passage, names),
        (RDF.type, CG.Passage),
        (CG.source, URIRef(names.id("source", plan.id))),
        (CG.start, Literal(passage.start)),
        (CG.end, Literal(passage.end)),
        (CG.exact, Literal(passage.exact, datatype=XSD.string)),
        *values,
    )


def subpassage(passage: Passage | Leaf, start: int, end: int) -> Passage:
    """Return the part of a passage from `start` to `end` (exclusive), offsets relative to the start of the passage."""
    return Passage(passage.start + start, passage.start + end, passage.exact[start:end])


def find_quote(passage: Passage, quote: str, occurrence: int = 1) -> Passage:
    """Return the passage of a quote within another passage; `occurrence` is its number, from 1, if it is repeated.

    The quote must consist of whole words. Blank space and the composition of accents may differ. Raises ValueError if
    the passage has fewer occurrences.
    """
    folded, wanted = fold(passage.exact), key(quote)
    opens, closes = (r"(?<![^\W_])" if wanted[:1].isalnum() else ""), (r"(?![^\W_])" if wanted[-1:].isalnum() else "")
    # The look-ahead finds overlapping matches: the first may differ from the quote in its accents.
    found = re.finditer(f"{opens}(?=({re.escape(wanted)}){closes})", folded.text) if wanted else ()
    spans = [folded.original(*match.span(1)) for match in found]
    spans = [(start, end) for start, end in spans if tidy(passage.exact[start:end]) == tidy(quote)]
    if not spans:
        raise ValueError("these words are not there, whole and as they are written")
    if len(spans) < occurrence:
        raise ValueError(f"these words are there {'once' if len(spans) == 1 else f'{len(spans)} times'} and no more")
    return subpassage(passage, *spans[occurrence - 1])


@dataclass(frozen=True)
class GraphWriter:
    """Writes the description of a plan to a graph.

    Attributes:
        names: The IRIs of the dataset.
        quoted_passages: The passages that the graph refers to; they must be added to the graph of the source.
    """

    plan: Plan
    names: Names
    graph: Graph = field(default_factory=Graph)
    quoted_passages: set[Passage] = field(default_factory=set)

    @property
    def root(self) -> URIRef:
        """The IRI of the plan."""
        return URIRef(self.names.id("plan", self.plan.id))

    def iri(self, part: str, *below: str) -> URIRef:
        """Return the IRI of the part with an id; `below` is the path of something below that part."""
        return URIRef(self.names.id("plan", self.plan.id, part, *below))

    def add(self, subject: URIRef, *values: PropertyValue) -> URIRef:
        """Add triples with the same subject, and return the subject."""
        return add(self.graph, subject, *values)

    def add_passage(self, passage: Passage | Leaf) -> URIRef:
        """Add a passage to `quoted_passages` and return its IRI."""
        self.quoted_passages.add(Passage(passage.start, passage.end, passage.exact))
        return passage_iri(self.plan, passage, self.names)

    def add_statement(
        self, subject: URIRef, predicate: URIRef, value: Value, passage: Passage | Leaf, by: str
    ) -> URIRef:
        """Add a triple and the cg:Statement about it; return the IRI of the cg:Statement.

        `passage` states the triple, and `by` is the id of the annotator who read it.
        """
        self.graph.add((subject, predicate, value))
        return describe_statement(
            self.graph, self.names, (subject, predicate, value), passage=self.add_passage(passage), by=by
        )
