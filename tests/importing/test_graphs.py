"""Import of RDF graphs in every syntax, stable names for blank nodes, and checks of literals."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from crmgraph.errors import SourceError
from crmgraph.importing import RDF_ENDINGS, as_n_triples, is_valid_literal, read_graph
from crmgraph.namespaces import Names
from tests.support.phrases import rows_of

NAMES = Names()
NODE = NAMES.id("plan", "other") + "/node-"
ONE = "<http://e/a> <http://e/b> <http://e/c> .\n"
SCHEMA = "http://www.w3.org/2001/XMLSchema#"


def written(folder: Path, name: str, text: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def test_nodes_without_a_name_get_one(tmp_path: Path) -> None:
    text = """@prefix : <http://e/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    :a :p [ rdfs:label "x" ; :q [ :r "y"@es ] ] , :b . _:z :p _:z ."""
    found = read_graph(written(tmp_path, "other.ttl", text), "other", NAMES)
    assert {str(each.subject) for each in found} == {f"<{NODE}{n}>" for n in (1, 2, 3)} | {"<http://e/a>"}
    assert as_n_triples(found) == as_n_triples(read_graph(tmp_path / "other.ttl", "other", NAMES))
    assert "_:" not in as_n_triples(found)


def test_every_syntax(tmp_path: Path) -> None:
    plain = '<http://e/a> <http://e/p> "é"@es .\n<http://e/a> <http://e/p> <http://e/b> .\n'
    triples = [each.triple for each in parse(plain, RdfFormat.N_TRIPLES)]
    for ending, form in RDF_ENDINGS.items():
        file = written(tmp_path, f"x{ending}", serialize(triples, format=form) or b"")
        assert as_n_triples(read_graph(file, "x", NAMES)) == plain, ending
    syntax = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    markup = (
        f'<!DOCTYPE rdf:RDF [<!ENTITY e "http://e/" >]><rdf:RDF xmlns="&e;" xmlns:rdf="{syntax}">'
        '<rdf:Description rdf:about="&e;a"><b rdf:resource="&e;c"/></rdf:Description></rdf:RDF>'
    )
    for name, text in (
        ("x.ttl", f"\ufeff{ONE}"),
        ("x.trig", ONE),
        ("x.trig", "GRAPH <http://e/g> {<http://e/a> <http://e/b> <http://e/c>}"),
        ("x.nq", "<http://e/a> <http://e/b> <http://e/c> <http://e/g> .\n"),
        ("x.jsonld", '{"@id": "http://e/g", "@graph": [{"@id": "http://e/a", "http://e/b": {"@id": "http://e/c"}}]}'),
        ("x.owl", markup),
        ("x.rdf", markup.replace('"', "'")),
    ):
        assert as_n_triples(read_graph(written(tmp_path, name, text), "x", NAMES)) == ONE, name


def test_graphs_that_are_refused(tmp_path: Path) -> None:
    days = ("2020-02-29", "2020-02-30", "2021-02-29", "soon", "2020-1-1")
    typed = ", ".join(f'"{day}"^^<{SCHEMA}date>' for day in days)
    for name, text, said in (
        ("x.ttl", "<http://e/a> <p", "line 1, column 14: this is not Turtle"),
        ("x.ttl", "", "not one statement"),
        ("x.nt", "<http://e/a> <http://e/b> <http://e/c> <http://e/g> .", "this is not N-Triples"),
        ("x.rdf", '<!DOCTYPE x [<!ENTITY a "b">]><rdf/>', "write what the entities stand for"),
        ("x.rdf", "<rdf", "this is not RDF/XML"),
        ("x.ttl", f'<http://e/a> <http://e/p> "{"x" * 2**24}" .', "is too long to be read; shorten it"),
        ("x.nq", f"{ONE}{ONE.replace(' .', ' <http://e/g> .')}", "in 2 graphs (the default graph; <http://e/g>)"),
        ("x.jsonld", '{"@context": "http://e/context", "@id": "http://e/a"}', "a context that stands elsewhere"),
        ("x.jsonld", "[", "this is not JSON-LD"),
        ("x.ttl", b"\xff", "this is not Turtle"),
        ("x.ttl", f"<http://e/a> <http://e/p> {typed} .", "literals that are not of their types: <http://e/a> <http://e/p>"
         f' "2020-02-30" as <{SCHEMA}date>; <http://e/a> <http://e/p> "2021-02-29" as <{SCHEMA}date>; <http://e/a> '
         f'<http://e/p> "soon" as <{SCHEMA}date> and 1 more;'),
    ):  # fmt: skip
        with pytest.raises(SourceError) as error:
            read_graph(written(tmp_path, name, text), "x", NAMES)
        assert said in str(error.value)
        assert name in str(error.value)


def test_types_of_literals() -> None:
    rows = [*rows_of("literals", "importing/cases"), ["integer", "9" * 5000, "yes"]]
    assert [row for row in rows if is_valid_literal(row[1], SCHEMA + row[0]) != (row[2] == "yes")] == []
    assert is_valid_literal("x", "http://www.opengis.net/ont/geosparql#wktLiteral")
