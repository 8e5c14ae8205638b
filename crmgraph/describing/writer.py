"""The graph of a plan as it is written: passages of the source, quotations, and statements that say what they rest on."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rdflib import DCTERMS, PROV, RDF, RDFS, XSD, Graph, Literal, URIRef

from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import LANGUAGE_IRIS, Names
from crmgraph.reading.folding import fold, key, tidy
from crmgraph.reading.model import CrossReference, Leaf, Passage, Plan, Referral

__all__ = [
    "OURS",
    "RECOGNISER",
    "GraphWriter",
    "Value",
    "describe_quotation",
    "describe_source",
    "describe_statement",
    "find_quote",
    "passage_iri",
    "statement_iri",
    "within",
]

OURS = "crmgraph"
"""The id of the annotator that stands for this project."""

RECOGNISER = "recogniser"
"""The id of the annotator that stands for the program which reads what nobody has read."""

Value = URIRef | Literal


def statement_iri(names: Names, subject: URIRef, predicate: URIRef, value: Value, ground: URIRef) -> URIRef:
    """The IRI of a statement: a digest of what it says and of its ground, a passage or a source."""
    said = " ".join(map(_term, (subject, predicate, value, ground)))
    return URIRef(names.id("statement", hashlib.sha256(said.encode()).hexdigest()[:12]))


def describe_statement(
    graph: Graph,
    names: Names,
    triple: tuple[URIRef, URIRef, Value],
    *,
    passage: URIRef | None = None,
    source: URIRef | None = None,
    by: str | None = None,
) -> URIRef:
    """Adds the cg:Statement that says `triple`, and gives its IRI; the triple itself is not added.

    Exactly one of `passage` (where a plan says it) and `source` (the page that says it) is its ground; `by` is the id
    of the annotator who read it there.
    """
    ground = passage or source
    assert ground is not None
    subject, predicate, value = triple
    statement = statement_iri(names, subject, predicate, value, ground)
    graph.add((statement, RDF.type, CG.Statement))
    graph.add((statement, CG.subject, subject))
    graph.add((statement, CG.predicate, predicate))
    graph.add((statement, CG.literal if isinstance(value, Literal) else CG.object, value))
    graph.add((statement, CG.passage if passage else DCTERMS.source, ground))
    if by is not None:
        graph.add((statement, PROV.wasAttributedTo, URIRef(names.id("annotator", by))))
    return statement


def _term(term: Value) -> str:
    """The term in canonical N-Triples; rdflib's own form breaks lines within literals."""
    if isinstance(term, URIRef):
        return f"<{term}>"
    text = str(term)
    for raw, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(raw, escaped)
    if term.language:
        return f'"{text}"@{term.language}'
    return f'"{text}"' if term.datatype in (None, XSD.string) else f'"{text}"^^<{term.datatype}>'


_DOCUMENT = {"es": "Documento fuente", "en": "Source document"}


def passage_iri(plan: Plan, passage: Passage | Leaf, names: Names) -> URIRef:
    """The IRI of a passage of the plan's source: its offsets name it."""
    return URIRef(names.id("source", plan.id, f"{passage.start}-{passage.end}"))


def describe_source(
    plan: Plan, names: Names, title_translated: str | None = None, quoted: Iterable[Passage] = ()
) -> Graph:
    """The `source/…` graph of a plan: the document, its leaf passages, and the quotations within them.

    `title_translated` is what the plan is called in the other language. Quotations are the words of referrals and
    cross-references, and those that are `quoted`.
    """
    graph = Graph()
    source = URIRef(names.id("source", plan.id))
    graph.add((source, RDF.type, CG.Source))
    for language, document in _DOCUMENT.items():
        title = plan.title if language == plan.language else title_translated or plan.title
        graph.add((source, RDFS.label, Literal(f"{document}: {title}", language)))
    graph.add((source, DCTERMS.language, URIRef(LANGUAGE_IRIS[plan.language])))
    graph.add((source, DCTERMS.identifier, Literal(f"sha256:{plan.source.sha256}")))
    graph.add((source, DCTERMS.extent, Literal(len(plan.source.text))))
    for leaf in plan.leaves:
        iri = _describe_passage(graph, plan, leaf, names)
        graph.add((iri, RDF.type, CG.LeafPassage))
        graph.add((iri, CG.row, Literal(leaf.row)))
        if leaf.column is not None:
            graph.add((iri, CG.column, Literal(leaf.column)))
    for quotation in {*_quotations(plan), *quoted}:
        describe_quotation(graph, plan, quotation, names)
    return graph


def describe_quotation(graph: Graph, plan: Plan, passage: Passage, names: Names) -> URIRef:
    """Adds a passage that may be smaller than the leaf it stands in to the graph of the source, and gives its IRI."""
    around = plan.leaves[bisect_right(plan.leaves, passage.start, key=lambda leaf: leaf.start) - 1]
    if (passage.start, passage.end) != (around.start, around.end):
        iri = _describe_passage(graph, plan, passage, names)
        graph.add((iri, CG.inPassage, passage_iri(plan, around, names)))
    return passage_iri(plan, passage, names)


def _quotations(plan: Plan) -> Iterable[Passage]:
    """The passages of parts that are smaller than the line or cell they stand in."""
    for part, _ in plan.walk():
        if isinstance(part, Referral | CrossReference):
            yield part.passage
        if isinstance(part, CrossReference):
            yield from filter(None, (part.number_passage, part.theme_passage))


def _describe_passage(graph: Graph, plan: Plan, passage: Passage | Leaf, names: Names) -> URIRef:
    iri = passage_iri(plan, passage, names)
    graph.add((iri, RDF.type, CG.Passage))
    graph.add((iri, CG.source, URIRef(names.id("source", plan.id))))
    graph.add((iri, CG.start, Literal(passage.start)))
    graph.add((iri, CG.end, Literal(passage.end)))
    graph.add((iri, CG.exact, Literal(passage.exact, datatype=XSD.string)))
    return iri


def within(passage: Passage, start: int, end: int) -> Passage:
    """The part of a passage from `start` to `end`, which count from where the passage begins."""
    return Passage(passage.start + start, passage.start + end, passage.exact[start:end])


def find_quote(passage: Passage, quote: str, occurrence: int = 1) -> Passage:
    """Where in a passage the words of `quote` stand, the first time or at the given `occurrence`, from 1.

    Whole words; blank space and the composition of accents may differ, for a table cannot hold them as a source may.
    Raises ValueError where the words are not there so often.
    """
    spans = list(_spans(passage.exact, quote))
    if not spans:
        raise ValueError("these words are not there, whole and as they are written")
    if len(spans) < occurrence:
        raise ValueError(f"these words are there {'once' if len(spans) == 1 else f'{len(spans)} times'} and no more")
    return within(passage, *spans[occurrence - 1])


def _spans(text: str, quote: str) -> Iterator[tuple[int, int]]:
    folded, wanted, words = fold(text), key(quote), tidy(quote)
    at = folded.text.find(wanted) if wanted else -1
    while at >= 0:
        start, end = folded.original(at, at + len(wanted))
        whole = not _is_within_word(folded.text, at) and not _is_within_word(folded.text, at + len(wanted))
        same = whole and tidy(text[start:end]) == words
        if same:
            yield start, end
        at = folded.text.find(wanted, at + (len(wanted) if same else 1))


def _is_within_word(folded: str, offset: int) -> bool:
    """Whether there is a letter or digit on each side; in a folded text no mark stands between them."""
    return 0 < offset < len(folded) and folded[offset - 1].isalnum() and folded[offset].isalnum()


@dataclass(frozen=True)
class GraphWriter:
    """Writes about `plan` into `graph`. `quoted` are the passages that what was written stands on, leaves or not."""

    plan: Plan
    names: Names
    graph: Graph = field(default_factory=Graph)
    quoted: set[Passage] = field(default_factory=set)

    @property
    def root(self) -> URIRef:
        """The IRI of the plan."""
        return URIRef(self.names.id("plan", self.plan.id))

    def iri(self, part: str, *below: str) -> URIRef:
        """The IRI of the part with that id, or of what is `below` it."""
        return URIRef(self.names.id("plan", self.plan.id, part, *below))

    def quote(self, passage: Passage | Leaf) -> URIRef:
        """The IRI of a passage, which will be in the graph of the source."""
        self.quoted.add(Passage(passage.start, passage.end, passage.exact))
        return passage_iri(self.plan, passage, self.names)

    def stand(self, subject: URIRef, passage: Passage | Leaf, predicate: URIRef = CG.passage) -> None:
        """That `subject` is read in `passage`."""
        self.graph.add((subject, predicate, self.quote(passage)))

    def label(self, subject: URIRef, spanish: str, english: str | None = None) -> None:
        """The rdfs:label of `subject` in Spanish, and in English where there is one."""
        self.graph.add((subject, RDFS.label, Literal(spanish, "es")))
        if english is not None:
            self.graph.add((subject, RDFS.label, Literal(english, "en")))

    def state(self, subject: URIRef, predicate: URIRef, value: Value, passage: Passage | Leaf, by: str) -> URIRef:
        """Says a triple, and says of it where it is read and which annotator read it; gives the statement's IRI."""
        triple = (subject, predicate, value)
        self.graph.add(triple)
        return describe_statement(self.graph, self.names, triple, passage=self.quote(passage), by=by)
