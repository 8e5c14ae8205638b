"""RDF of others, read as it is in every syntax: the same file is always the same graph."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from crmgraph.cli import importing
from crmgraph.errors import SourceError
from crmgraph.importing.graphs import RDF_ENDINGS, as_n_triples, read_graph
from crmgraph.namespaces import Names

NAMES = Names()
NODE = NAMES.id("plan", "other") + "/node-"
TURTLE = """@prefix : <http://e/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:a :p [ rdfs:label "x" ; :q [ :r "y"@es ] ] , :b . _:z :p _:z ."""
NODES = st.sampled_from([NamedNode("http://e/a"), NamedNode("http://e/b"), BlankNode("x"), BlankNode("y")])
TERMS = NODES | st.builds(Literal, st.text(st.characters(exclude_categories=["Cs"]), max_size=8))
STATEMENTS = st.lists(
    st.builds(Triple, NODES, st.builds(NamedNode, st.sampled_from(["http://e/p", "http://e/q"])), TERMS), min_size=1
)


def written(folder: Path, name: str, text: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def test_nodes_without_a_name_get_one(tmp_path: Path) -> None:
    found = read_graph(written(tmp_path, "other.ttl", TURTLE), "other", NAMES)
    assert {str(each.subject) for each in found} == {f"<{NODE}{n}>" for n in (1, 2, 3)} | {"<http://e/a>"}
    assert as_n_triples(found) == as_n_triples(read_graph(tmp_path / "other.ttl", "other", NAMES))
    assert "_:" not in as_n_triples(found)


@pytest.mark.parametrize("ending", RDF_ENDINGS)
def test_every_syntax(tmp_path: Path, ending: str) -> None:
    plain = '<http://e/a> <http://e/p> "é"@es .\n<http://e/a> <http://e/p> <http://e/b> .\n'
    triples = [each.triple for each in parse(plain, RdfFormat.N_TRIPLES)]
    file = written(tmp_path, f"x{ending}", serialize(triples, format=RDF_ENDINGS[ending]) or b"")
    assert as_n_triples(read_graph(file, "x", NAMES)) == plain


ONE = "<http://e/a> <http://e/b> <http://e/c> .\n"
SCHEMA = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.ttl", f"\ufeff{ONE}"),
        ("x.trig", ONE),
        ("x.trig", "GRAPH <http://e/g> {<http://e/a> <http://e/b> <http://e/c>}"),
        ("x.nq", "<http://e/a> <http://e/b> <http://e/c> <http://e/g> .\n"),
        ("x.jsonld", '{"@id": "http://e/g", "@graph": [{"@id": "http://e/a", "http://e/b": {"@id": "http://e/c"}}]}'),
        (
            "x.owl",
            '<!DOCTYPE rdf:RDF [<!ENTITY e "http://e/" >]><rdf:RDF xmlns="&e;" xmlns:rdf="http://www.w3.org/1999/02/22'
            '-rdf-syntax-ns#"><rdf:Description rdf:about="&e;a"><b rdf:resource="&e;c"/></rdf:Description></rdf:RDF>',
        ),
        (
            "x.rdf",
            "<!DOCTYPE rdf:RDF [<!ENTITY e 'http://e/' >]><rdf:RDF xmlns='&e;' xmlns:rdf='http://www.w3.org/1999/02/22"
            "-rdf-syntax-ns#'><rdf:Description rdf:about='&e;a'><b rdf:resource='&e;c'/></rdf:Description></rdf:RDF>",
        ),
    ],
)
def test_as_others_write_it(tmp_path: Path, name: str, text: str) -> None:
    assert as_n_triples(read_graph(written(tmp_path, name, text), "x", NAMES)) == ONE


def test_literals_that_are_not_of_their_types_are_named(tmp_path: Path) -> None:
    literals = [f'"{day}"^^<{SCHEMA}date>' for day in ("2020-02-29", "2020-02-30", "2021-02-29", "soon", "2020-1-1")]
    file = written(tmp_path, "x.ttl", f"<http://e/a> <http://e/p> {', '.join(literals)} .")
    with pytest.raises(SourceError) as error:
        read_graph(file, "x", NAMES)
    assert str(error.value) == (
        f"{file}: 4 literals are not of their types: "
        f'<http://e/a> <http://e/p> "2020-02-30" as <{SCHEMA}date>; <http://e/a> <http://e/p> "2021-02-29" as '
        f'<{SCHEMA}date>; <http://e/a> <http://e/p> "soon" as <{SCHEMA}date> and 1 more; '
        "mend what it says, or leave out the type"
    )


def test_the_command_line_knows_the_endings() -> None:
    assert set(importing.RDF) == set(RDF_ENDINGS)


@given(STATEMENTS)
def test_nothing_is_lost_or_joined(tmp_path_factory: pytest.TempPathFactory, statements: list[Triple]) -> None:
    file = written(tmp_path_factory.mktemp("rdf"), "x.nt", serialize(statements, format=RdfFormat.N_TRIPLES) or b"")
    found = read_graph(file, "other", NAMES)
    assert len(found) == len(set(statements))
    # It is the same but for the names of the nodes, which two of them never share.
    back = {f"<{NODE}{n}>": n for n in range(1, 5)}
    assert len({str(t) for each in found for t in (each.subject, each.object) if str(t) in back}) == len(
        {t for each in set(statements) for t in (each.subject, each.object) if isinstance(t, BlankNode)}
    )


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("x.ttl", "<http://e/a> <p", "line 1, column 14: this is not Turtle"),
        ("x.ttl", "", "not one statement"),
        ("x.nt", "<http://e/a> <http://e/b> <http://e/c> <http://e/g> .", "this is not N-Triples"),
        (
            "x.rdf",
            '<!DOCTYPE x [<!ENTITY a "b">]><rdf/>',
            "save it as Turtle (.ttl), or write what the entities stand for",
        ),
        ("x.rdf", "<rdf", "this is not RDF/XML"),
        ("x.ttl", f'<http://e/a> <http://e/p> "{"x" * 2**24}" .', "is too long to be read; shorten it"),
        ("x.nq", f"{ONE}{ONE.replace(' .', ' <http://e/g> .')}", "in 2 graphs (the default graph; <http://e/g>)"),
        ("x.jsonld", '{"@context": "http://e/context", "@id": "http://e/a"}', "a context that stands elsewhere"),
        ("x.jsonld", "[", "this is not JSON-LD"),
        ("x.ttl", b"\xff", "this is not Turtle"),
    ],
)
def test_what_is_refused(tmp_path: Path, name: str, text: str | bytes, said: str) -> None:
    with pytest.raises(SourceError) as error:
        read_graph(written(tmp_path, name, text), "x", NAMES)
    assert said in str(error.value)
    assert name in str(error.value)
