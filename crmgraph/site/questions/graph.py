"""The library of questions as RDF: each an executable of SHACL, which is how SPARQL examples are commonly shared."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from crmgraph.library import LibraryQuestion
from crmgraph.namespaces import PREFIXES, Names

__all__ = ["about_library"]

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_FORMS = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct"}


def about_library(questions: Iterable[LibraryQuestion], names: Names) -> Iterator[Triple]:
    """What each question asks in words, its query, and where it is answered."""
    endpoint = NamedNode(names.base + "sparql")
    for question in questions:
        iri = NamedNode(f"{names.base}queries/{question.name}")
        form = next((each for each in _FORMS if each in question.text), "SELECT")
        yield Triple(iri, _TYPE, _sh("SPARQLExecutable"))
        yield Triple(iri, _TYPE, _sh(f"SPARQL{form.capitalize()}Executable"))
        for language, words in question.title.items():
            yield Triple(iri, NamedNode(PREFIXES["rdfs"] + "label"), Literal(words, language=language))
        for language, words in question.explanation.items():
            yield Triple(iri, NamedNode(PREFIXES["rdfs"] + "comment"), Literal(words, language=language))
        yield Triple(iri, NamedNode(PREFIXES["dcterms"] + "subject"), Literal(question.group))
        yield Triple(iri, _sh(_FORMS[form]), Literal(question.text))
        yield Triple(iri, NamedNode(PREFIXES["schema"] + "target"), endpoint)


def _sh(name: str) -> NamedNode:
    return NamedNode(PREFIXES["sh"] + name)
