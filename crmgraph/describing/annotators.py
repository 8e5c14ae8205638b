"""Who reads and translates: the annotators to whom what the tables of a plan say is attributed."""

from pathlib import Path

from rdflib import DCTERMS, RDF, RDFS, Graph, Literal, URIRef

from crmgraph.describing.tables import Column, read_table
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names

__all__ = ["describe_annotators"]

_COLUMNS = (
    Column("id", required=True, pattern=r"[a-z0-9]+(-[a-z0-9]+)*", hint="lower-case letters, digits and hyphens"),
    Column("label_es", required=True),
    Column("label_en", required=True),
    Column("what_es", required=True),
    Column("what_en", required=True),
)


def describe_annotators(file: Path, names: Names) -> Graph:
    """The annotators in a CSV table; none where there is no such file. Raises TableError for a wrong row.

    That they exist is said by this project, so the project is the source of each.
    """
    graph = Graph()
    if not file.exists():
        return graph
    for row in read_table(file, _COLUMNS, key=("id",)):
        subject = URIRef(names.id("annotator", row["id"]))
        graph.add((subject, RDF.type, CG.Annotator))
        graph.add((subject, DCTERMS.source, URIRef(names.id("source", "crmgraph"))))
        for language in ("es", "en"):
            graph.add((subject, RDFS.label, Literal(row[f"label_{language}"], language)))
            graph.add((subject, DCTERMS.description, Literal(row[f"what_{language}"], language)))
    return graph
