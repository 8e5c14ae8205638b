"""Answers to questions of the library from the real dataset."""

import csv
import io
from pathlib import Path

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from crmgraph.files import resource
from crmgraph.library import LibraryQuestion, load_library
from crmgraph.namespaces import Names

LIBRARY = load_library(resource("queries"), Names())
ANSWERS = Path(__file__).parent.parent / "questions" / "answers"


def answer_as_csv(store: Store, question: LibraryQuestion, **values: str) -> str:
    """Return the answer in CSV, as the site and the command line return it."""
    solutions = store.query(question.with_values(values), use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return (solutions.serialize(format=QueryResultsFormat.CSV) or b"").decode()


def rows_of(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV text, as mappings from column to value."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def answer(store: Store, question: LibraryQuestion, **values: str) -> list[dict[str, str]]:
    return rows_of(answer_as_csv(store, question, **values))
