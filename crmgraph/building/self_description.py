"""The dataset's description of itself for SPARQL clients: example queries, prefixes, and VoID partitions.

The terms are those of the SPARQL endpoints of SIB, which editors read. Questions have the addresses of their pages; all
other nodes are in the document `/void`.
"""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Store, Triple

from crmgraph.inference.rules import Term, iri, rows
from crmgraph.library import LibraryQuestion
from crmgraph.namespaces import PREFIXES, Names, abbreviate_iri
from crmgraph.sparql.syntax import outline_query

_PARTITIONS = (
    ("?class", "?s a ?class", "void:classPartition", "void:class", "void:entities"),
    ("?property", "?s ?property ?o", "void:propertyPartition", "void:property", "void:triples"),
    ("?class ?property", "?s a ?class ; ?property ?o", "void:propertyPartition", "void:property", "void:triples"),
    ("?class ?property ?type", "?s a ?class ; ?property ?o . ?o a ?type", "void:classPartition", "void:class",
     "void:triples"),
    ("?class ?property ?type", "?s a ?class ; ?property ?o . FILTER (isLiteral(?o)) BIND (DATATYPE(?o) AS ?type)",
     "void-ext:datatypePartition", "void-ext:datatype", "void:triples"),
)  # fmt: skip
"""Each kind of partition: what it divides by, from the outermost level; the statements counted; how it is described."""


def describe_questions(questions: Iterable[LibraryQuestion], names: Names) -> Iterator[Triple]:
    """Yield triples that describe questions as `sh:SPARQLExecutable`, as is common for SPARQL examples."""
    for question in questions:
        form = outline_query(question.text).form or "SELECT"
        # Editors show the comment alone.
        comments = {language: f"{title} {question.explanation[language]}" for language, title in question.title.items()}
        yield from _describe(
            NamedNode(f"{names.base}queries/{question.name}"),
            ("rdf:type", iri("sh:SPARQLExecutable")),
            ("rdf:type", iri(f"sh:SPARQL{form.capitalize()}Executable")),
            *(("rdfs:label", Literal(title, language=language)) for language, title in question.title.items()),
            *(("rdfs:comment", Literal(comment, language=language)) for language, comment in comments.items()),
            ("schema:keywords", Literal(question.group)),
            (f"sh:{form.lower()}", Literal(question.text)),
            ("sh:prefixes", _node(names, "prefixes")),
            ("schema:target", NamedNode(names.base + "sparql")),
        )


def describe_prefixes(names: Names) -> Iterator[Triple]:
    """Yield triples that declare the prefixes (SHACL)."""
    for prefix, space in names.prefixes().items():
        declaration, uri = _node(names, "prefixes", prefix), Literal(space, datatype=iri("xsd:anyURI"))
        yield from _describe(_node(names, "prefixes"), ("sh:declare", declaration))
        yield from _describe(declaration, ("sh:prefix", Literal(prefix)), ("sh:namespace", uri))


def describe_partitions(store: Store, names: Names) -> Iterator[Triple]:
    """Yield triples that describe the default graph of a store by classes, properties, and their values (VoID)."""
    for keys, pattern, link, key, count in _PARTITIONS:
        found = store.query(f"SELECT {keys} (COUNT(*) AS ?size) {{ {pattern} }} GROUP BY {keys}")
        for *path, size in (row.values() for row in rows(found)):
            levels = [quote(abbreviate_iri(each.value, PREFIXES), safe=":") for each in path]
            partition = _node(names, *levels)
            yield from _describe(_node(names, *(levels[:-1] or ["content"])), (link, partition))
            yield from _describe(partition, (key, path[-1]), (count, size))


def _describe(subject: NamedNode, *values: tuple[str, Term]) -> Iterator[Triple]:
    """Yield triples with the same subject, from prefixed names of properties and their values."""
    yield from (Triple(subject, iri(name), value) for name, value in values)


def _node(names: Names, *path: str) -> NamedNode:
    return NamedNode(f"{names.base}void#{'/'.join(path)}")
