"""What is matched and compared, read from a store on this disk."""

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from crmgraph.decisions.following import Words
from crmgraph.linking.entities import Entity, Value, entities_query, labels_query, read_entities
from crmgraph.linking.likeness import Corpus
from crmgraph.linking.parts import Part, concepts_query, parts_query, read_concepts, read_parts, words_query
from crmgraph.namespaces import Names

__all__ = ["entities_in", "parts_in", "words_in"]


def entities_in(store: Store, names: Names) -> dict[str, Entity]:
    """The things that a name may stand for, by IRI."""
    labels: dict[str, dict[str, str]] = {}
    for row in _rows(store, labels_query()):
        text, language = row["label"]
        labels.setdefault(row["thing"][0], {})[language] = text
    solutions = _solutions(store, entities_query())
    said = ((row["entity"].value, row["property"].value, _value(row["value"])) for row in solutions)
    return read_entities(said, labels, names)


def parts_in(store: Store) -> tuple[dict[str, Part], Corpus]:
    """The parts of all plans, by IRI, and what compares them."""
    parts = read_parts(_rows(store, parts_query()))
    return parts, Corpus(parts, read_concepts(_rows(store, concepts_query())))


def words_in(store: Store, names: Names) -> Words:
    """What the parts of all plans are called."""
    labels: dict[str, list[str]] = {}
    for row in _rows(store, words_query()):
        labels.setdefault(row["part"][0], []).append(row["label"][0])
    return Words(labels, names)


def _value(term: object) -> Value:
    if isinstance(term, Literal):
        return Value(term.value, language=term.language or "", datatype=term.datatype.value)
    return Value(term.value if isinstance(term, NamedNode) else str(term), is_iri=isinstance(term, NamedNode))


def _rows(store: Store, query: str) -> Iterator[Mapping[str, tuple[str, str]]]:
    """The text and the language of each value, by variable."""
    solutions = _solutions(store, query)
    names = [variable.value for variable in solutions.variables]
    for row in solutions:
        values = {name: _value(row[name]) for name in names if row[name] is not None}
        yield {name: (value.text, value.language) for name, value in values.items()}


def _solutions(store: Store, query: str) -> QuerySolutions:
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return found
