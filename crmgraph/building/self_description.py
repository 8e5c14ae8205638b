"""The dataset's description of itself for SPARQL clients: example queries, prefixes, and VoID partitions.

The terms are those of the SPARQL endpoints of SIB, which editors read. Questions have the addresses of their pages; all
other nodes are in the document `/void`.
"""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Triple

from crmgraph.inference.rules import iri
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
        subject = NamedNode(f"{names.base}queries/{question.name}")
        yield Triple(subject, iri("rdf:type"), iri("sh:SPARQLExecutable"))
        yield Triple(subject, iri("rdf:type"), iri(f"sh:SPARQL{form.capitalize()}Executable"))
        for language, title in question.title.items():
            # Editors show the comment alone.
            comment = f"{title} {question.explanation[language]}"
            yield Triple(subject, iri("rdfs:label"), Literal(title, language=language))
            yield Triple(subject, iri("rdfs:comment"), Literal(comment, language=language))
        yield Triple(subject, iri("schema:keywords"), Literal(question.group))
        yield Triple(subject, iri(f"sh:{form.lower()}"), Literal(question.text))
        yield Triple(subject, iri("sh:prefixes"), _node(names, "prefixes"))
        yield Triple(subject, iri("schema:target"), NamedNode(names.base + "sparql"))


def describe_prefixes(names: Names) -> Iterator[Triple]:
    """Yield triples that declare the prefixes (SHACL)."""
    for prefix, space in names.prefixes().items():
        declaration = _node(names, "prefixes", prefix)
        yield Triple(_node(names, "prefixes"), iri("sh:declare"), declaration)
        yield Triple(declaration, iri("sh:prefix"), Literal(prefix))
        yield Triple(declaration, iri("sh:namespace"), Literal(space, datatype=iri("xsd:anyURI")))


def describe_partitions(store: Store, names: Names) -> Iterator[Triple]:
    """Yield triples that describe the default graph of a store by classes, properties, and their values (VoID)."""
    for keys, pattern, link, key, count in _PARTITIONS:
        found = store.query(f"SELECT {keys} (COUNT(*) AS ?size) {{ {pattern} }} GROUP BY {keys}")
        assert isinstance(found, QuerySolutions)
        for *path, size in found:
            levels = [quote(abbreviate_iri(each.value, PREFIXES), safe=":") for each in path]
            partition = _node(names, *levels)
            yield Triple(_node(names, *(levels[:-1] or ["content"])), iri(link), partition)
            yield Triple(partition, iri(key), path[-1])
            yield Triple(partition, iri(count), size)


def _node(names: Names, *path: str) -> NamedNode:
    return NamedNode(f"{names.base}void#{'/'.join(path)}")
