"""The hand that writes the rows of the curated tables into a graph: what all kinds of rows have in common."""

from collections.abc import Callable, Set
from dataclasses import dataclass

from rdflib import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef

from crmgraph.describing.literals import date_literal
from crmgraph.describing.statements import OURS, describe_statement
from crmgraph.describing.tables import Row
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import ONTOLOGY, Names

__all__ = ["LANGUAGES", "Hand", "concept", "read_cell"]

LANGUAGES = ("es", "en")
"""The languages in which the tables name and explain things."""


@dataclass(frozen=True)
class Hand:
    """Writes rows into a graph. `known` are the things that a cell may name, by their paths, such as `country/MEX`."""

    graph: Graph
    names: Names
    known: Set[str]

    def start(self, row: Row, path: str, class_: URIRef) -> URIRef:
        """The thing at `path` that a row describes, with its class and the sources and the confidence of the row."""
        subject = self.iri(path)
        self.graph.add((subject, RDF.type, class_))
        for source in self.sources(row):
            self.graph.add((subject, DCTERMS.source, source))
        if "confidence" in row:
            self.graph.add((subject, CG.confidence, concept("confidence", row["confidence"])))
        return subject

    def iri(self, path: str) -> URIRef:
        """The IRI of the thing at a path such as `actor/oim`."""
        return URIRef(self.names.id(*path.split("/")))

    def sources(self, row: Row) -> list[URIRef]:
        """The sources of a row: web pages as they are, others below our ids. Raises TableError for an unknown one."""
        cells = row.values("source_url") if "source_url" in row else ()
        return [URIRef(cell) if "://" in cell else self.thing(row, "source_url", cell) for cell in cells]

    def thing(self, row: Row, column: str, path: str) -> URIRef:
        """The thing at the path that stands in a cell. Raises TableError where no table has it."""
        if path not in self.known:
            raise row.problem(column, f"no table has {path}; add its row there, or correct this cell")
        return self.iri(path)

    def link(self, row: Row, subject: URIRef, predicate: URIRef, column: str, kind: str = "") -> None:
        """Links to the things that a cell names, by path or, where they are all of one `kind`, by id."""
        for name in row.values(column):
            thing = self.thing(row, column, f"{kind}/{name}" if kind else name)
            self.graph.add((subject, predicate, thing))

    def say(self, row: Row, subject: URIRef, predicate: URIRef, column: str) -> None:
        """What the columns `…_es` and `…_en` say, as far as the table has them."""
        for language in LANGUAGES:
            name = f"{column}_{language}"
            if name in row:
                for value in row.values(name):
                    self.graph.add((subject, predicate, Literal(value, language)))

    def name(self, row: Row, subject: URIRef) -> None:
        """The names of a thing, its description, its notes and its page, as far as the table has them.

        An acronym is a name and a notation.
        """
        for predicate, column in (
            (RDFS.label, "label"),
            (SKOS.altLabel, "acronym"),
            (SKOS.altLabel, "alt"),
            (SKOS.hiddenLabel, "hidden"),
            (DCTERMS.description, "what"),
            (SKOS.note, "note"),
        ):
            self.say(row, subject, predicate, column)
        if "label_en_by" in row and row.values("label_en_by"):
            self.translated(row, subject, row["label_en"])
        for column in ("acronym_es", "acronym_en"):
            for acronym in row.values(column) if column in row else ():
                self.graph.add((subject, SKOS.notation, Literal(acronym)))
        for page in row.values("page_url") if "page_url" in row else ():
            self.graph.add((subject, FOAF.page, URIRef(page)))

    def translated(self, row: Row, subject: URIRef, label: str) -> None:
        """Says that the English label of a thing is this project's translation of what the sources of the row say."""
        first, *others = self.sources(row)
        triple = (subject, RDFS.label, Literal(label, "en"))
        statement = describe_statement(self.graph, self.names, triple, source=first, by=OURS)
        self.graph.add((statement, RDF.type, CG.Translation))
        for source in others:
            self.graph.add((statement, DCTERMS.source, source))

    def year(self, row: Row, subject: URIRef, predicate: URIRef, column: str) -> None:
        """The year in a cell, where there is one."""
        if row[column]:
            self.graph.add((subject, predicate, Literal(row[column], datatype=XSD.gYear)))

    def date(self, row: Row, subject: URIRef, predicate: URIRef, column: str) -> None:
        """The year, month or day in a cell, where there is one. Raises TableError where no calendar has it."""
        if row[column]:
            self.graph.add((subject, predicate, read_cell(row, column, date_literal)))


def concept(scheme: str, name: str) -> URIRef:
    """The concept of that name in one of our vocabularies."""
    return URIRef(f"{ONTOLOGY}/{scheme}#{name}")


def read_cell(row: Row, column: str, reader: Callable[[str], Literal]) -> Literal:
    """What `reader` makes of a cell. Raises TableError where it raises ValueError."""
    try:
        return reader(row[column])
    except ValueError as error:
        raise row.problem(column, str(error)) from None
