"""Keywords that run into what stands beside them: what the engine would read otherwise than the tokens is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from crmgraph.errors import QueryRefusedError, QuerySyntaxError
from crmgraph.sparql.dataset import Dataset
from crmgraph.sparql.validation import LONGEST, inspect, safe_tokens
from crmgraph.wording import in_language

PREFIXES = "PREFIX : <http://e/> PREFIX g: <http://g/> "
# Nothing is there, so nobody is asked.
CLOSED = "PREFIX : <http://127.0.0.1:9/> PREFIX g: <http://127.0.0.1:9/> "


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (PREFIXES + "SELECT * FROMNAMED <http://e/a> {}", "FROM"),
        (PREFIXES + "SELECT * FROMg:a {}", "FROM"),
        (PREFIXES + "SELECT * FROM NAMEDg:a {}", "NAMED"),
        (PREFIXES + "SELECT * FROM <http://e/b> FROM:a {}", "FROM"),
        (PREFIXES + "SELECT * FROM <http://e/b> fromNamed:a {}", "FROM"),
        (PREFIXES + "PREFIX FROMg: <http://h/> SELECT * FROMg:a {}", "FROM"),
        (PREFIXES + "PREFIX FROM: <http://h/> SELECT * FROM:a {}", "FROM"),
        ("ASKFROM <http://e/a> {}", "FROM"),
        (PREFIXES + "INSERT { ?s ?p 1 } USING:a USINGg:b WHERE { ?s ?p ?o }", "USING"),
        (PREFIXES + "INSERT { ?s ?p 1 } USING NAMEDg:a WHERE { ?s ?p ?o }", "NAMED"),
        (PREFIXES + "INSERT { ?s ?p 1 }\nUSINGNAMED <http://e/a> WHERE { ?s ?p ?o }", "USING"),
        ("LOADSILENT<http://e/a>", "LOAD"),
        (PREFIXES + "LOADg:a", "LOAD"),
        (PREFIXES + "PREFIX silentg: <http://h/> LOAD silentg:a", "SILENT"),
        ("PREFIX PREFIX: <http://e/> PREFIX:<http://g/> SELECT * FROM :a {}", "PREFIX"),
    ],
)
def test_a_keyword_that_names_graphs_stands_by_itself(text: str, word: str) -> None:
    with pytest.raises(QuerySyntaxError, match=f"{word} runs into") as caught:
        safe_tokens(text, LONGEST)
    assert f"{word} está pegado" in in_language(caught.value, "es")
    assert caught.value.line == 1 + text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX from: <http://e/> SELECT * FROM from:a FROM NAMED from:b { from:a ?p from:FROM }",
        "PREFIX using: <http://e/> DELETE { using:a ?p ?o } USING using:a USING NAMED using:b WHERE { using:x ?p ?o }",
        PREFIXES + "SELECT * { FROMg:a ?p :FROM }",
        PREFIXES + "PREFIX load: <http://e/> LOAD load:x INTO GRAPH load:y",
        PREFIXES + "PREFIX unnamed: <http://e/> DELETE { ?s ?p ?o } USING unnamed:b WHERE { ?s ?p ?o }",
        PREFIXES + "SELECT ?from ?USING { ?from ?p 'FROM' } # FROM:a",
        "PREFIX prefix: <http://e/> ASK { prefix:a ?p prefix: }",
    ],
)
def test_names_with_such_prefixes_stay_what_they_are(text: str) -> None:
    safe_tokens(text, LONGEST)


_names = st.sampled_from([":a", "g:a", "<http://e/a>", ":b", "FROMg:a", "fromg:FROM"])
_clauses = st.lists(st.tuples(st.sampled_from(["FROM", "FROM NAMED", "from", "From named"]), _names), max_size=3)
_spaces = st.lists(st.sampled_from(["", "", " ", "\n", "#\n"]), min_size=20, max_size=20)


@given(_clauses, _spaces, st.sampled_from(["", "PREFIX FROMg: <http://h/> ", "PREFIX fromg: <http://h/> "]))
def test_what_passes_is_read_as_the_engine_reads_it(
    clauses: list[tuple[str, str]], spaces: list[str], more: str
) -> None:
    pieces = ["SELECT *", *(piece for word, name in clauses for piece in (*word.split(), name)), "{ ?s ?p ?o }"]
    text = PREFIXES + more + "".join(piece + space for piece, space in zip(pieces, spaces, strict=False))
    store = Store()
    store.update("INSERT DATA { GRAPH <http://e/a> { <http://e/s> <http://e/p> 1 } }")
    try:
        outline = inspect(text)
        rows = len(list(store.query(text)))  # type: ignore[arg-type]
    except (QuerySyntaxError, SyntaxError):
        return
    dataset = Dataset.within(text, None)
    assert outline.names_dataset == (dataset is not None)
    assert bool(rows) == (dataset is not None and "http://e/a" in {graph.value for graph in dataset.default})


@given(
    st.sampled_from(["SERVICE", "service", "SERVICE SILENT", "Service silent"]),
    st.sampled_from([":a", "g:a", "<http://127.0.0.1:9/a>", "?x"]),
    st.sampled_from(["", "?s ?p ", "?s ?p true", "?s ?p 1", "?s ?p ?o .", "{} "]),
    _spaces,
)
def test_however_it_is_written_service_is_refused(service: str, name: str, before: str, spaces: list[str]) -> None:
    pieces = ["SELECT * {", before, *service.split(), name, "{ ?s ?p ?x }", "}"]
    text = CLOSED + "".join(piece + space for piece, space in zip(pieces, spaces, strict=False))
    try:
        list(Store().query(text))  # type: ignore[arg-type]
    except SyntaxError:
        return
    except (OSError, RuntimeError):
        pass
    with pytest.raises(QueryRefusedError, match="SERVICE"):
        inspect(text)
