"""Those who read and translate."""

from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, RDFS, Literal, URIRef

from crmgraph.describing.annotators import describe_annotators
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import TableError
from crmgraph.namespaces import Names
from crmgraph.resources import resource

NAMES = Names()
HEADER = "id,label_es,label_en,what_es,what_en\n"


def test_an_annotator(tmp_path: Path) -> None:
    file = tmp_path / "annotators.csv"
    file.write_text(HEADER + "me,Yo,Me,Una lectora,A reader\n", encoding="utf-8")
    me = URIRef(NAMES.id("annotator", "me"))
    assert set(describe_annotators(file, NAMES)) == {
        (me, RDF.type, CG.Annotator),
        (me, RDFS.label, Literal("Yo", "es")),
        (me, RDFS.label, Literal("Me", "en")),
        (me, DCTERMS.description, Literal("Una lectora", "es")),
        (me, DCTERMS.description, Literal("A reader", "en")),
        (me, DCTERMS.source, URIRef(NAMES.id("source", "crmgraph"))),
    }


def test_no_file_no_annotators(tmp_path: Path) -> None:
    assert len(describe_annotators(tmp_path / "none.csv", NAMES)) == 0


def test_a_wrong_row(tmp_path: Path) -> None:
    file = tmp_path / "annotators.csv"
    file.write_text(HEADER + "Me,Yo,Me,Una lectora,A reader\n", encoding="utf-8")
    with pytest.raises(TableError, match="line 2, column 1: id"):
        describe_annotators(file, NAMES)


def test_this_project_is_one() -> None:
    graph = describe_annotators(resource("data") / "annotations" / "annotators.csv", NAMES)
    assert (URIRef(NAMES.id("annotator", "crmgraph")), RDF.type, CG.Annotator) in graph
