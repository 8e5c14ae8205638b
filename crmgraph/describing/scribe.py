"""The hand that writes what is said of a plan into its graph, and keeps every passage that is quoted on the way."""

from dataclasses import dataclass, field

from rdflib import RDFS, Graph, Literal, URIRef

from crmgraph.describing.passages import passage_iri
from crmgraph.describing.statements import Value, describe_statement
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names
from crmgraph.reading.model import Leaf, Passage, Plan

__all__ = ["Scribe"]


@dataclass(frozen=True)
class Scribe:
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
