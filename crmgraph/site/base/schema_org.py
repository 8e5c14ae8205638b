"""The subject of a page in the vocabulary of schema.org, as JSON-LD for search engines.

It has nothing that the graph has not. The classes come from the ontology and its alignment with schema.org; classes
that have no counterpart there stand as IRIs.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, parse

from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.resources import resource
from crmgraph.site.base.citation import Entry
from crmgraph.site.base.site import Term

__all__ = ["Said", "dataset_said", "terms_said", "thing_said"]

Said = dict[str, Any]
"""One node of JSON-LD."""

_CONTEXT = "https://schema.org/"
_SCHEMA = PREFIXES["schema"]
_SUBCLASS = NamedNode(PREFIXES["rdfs"] + "subClassOf")
# How DCAT itself and the users of SKOS write these in schema.org (DCAT 3, appendix C.1).
_COMMON = {PREFIXES["skos"] + "Concept": "DefinedTerm", PREFIXES["skos"] + "ConceptScheme": "DefinedTermSet"}
_NAMES = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")
_TEXTS = {
    "alternateName": (PREFIXES["skos"] + "altLabel", PREFIXES["skos"] + "notation"),
    "description": (PREFIXES["skos"] + "definition", PREFIXES["dcterms"] + "description"),
    "identifier": (PREFIXES["dcterms"] + "identifier",),
    "position": (ONTOLOGY + "#number",),
    "text": (ONTOLOGY + "#text",),
}
_LINKS = {
    "isPartOf": (PREFIXES["dcterms"] + "isPartOf",),
    "inDefinedTermSet": (PREFIXES["skos"] + "inScheme",),
    "sameAs": (PREFIXES["owl"] + "sameAs", PREFIXES["skos"] + "exactMatch"),
}


@cache
def _classes() -> Mapping[str, str]:
    """Return, by the IRIs of classes, the name of the class of schema.org that ours or an alignment puts above each."""
    files = (resource("ontology") / "crmgraph.ttl", resource("ontology") / "alignments" / "schema.ttl")
    found = dict(_COMMON)
    for file in files:
        for quad in parse(file.read_bytes(), RdfFormat.TURTLE):
            above = quad.object.value if isinstance(quad.object, NamedNode) else ""
            if quad.predicate == _SUBCLASS and above.startswith(_SCHEMA) and isinstance(quad.subject, NamedNode):
                found[quad.subject.value] = above.removeprefix(_SCHEMA)
    return found


def thing_said(
    iri: str,
    types: Sequence[str],
    values: Mapping[str, Sequence[Term]],
    trail: Sequence[tuple[str, str]],
    address: Callable[[str], str],
) -> list[Said]:
    """Return a thing of these types with its values by property, and the trail to it from the plan that it is part of.

    The trail has an IRI and a name for each step; `address` gives the page about an IRI.
    """
    kinds = sorted({_classes()[name] for name in types if name in _classes()})
    node = _node(kinds or ["Thing"], iri, address(iri), _language_texts(_terms(values, _NAMES)))
    node["additionalType"] = [name for name in types if not name.startswith(_SCHEMA)]
    for name, properties in _TEXTS.items():
        node[name] = _language_texts(_terms(values, properties))
    for name, properties in _LINKS.items():
        node[name] = [{"@id": term.value} for term in _terms(values, properties) if term.is_iri]
    steps = [
        {"@type": "ListItem", "position": place, "name": name, "item": address(step)}
        for place, (step, name) in enumerate(trail, start=1)
    ]
    breadcrumbs = {"@context": _CONTEXT, "@type": "BreadcrumbList", "itemListElement": steps}
    return [_without_empty(node), *([breadcrumbs] if steps else [])]


def dataset_said(catalog: Entry, address: str) -> list[Said]:
    """Return the dataset, by its entry in the catalogue, with its distributions; `address` is that of its page."""
    node = _node(["Dataset"], catalog.iri, address, [_text(catalog.title, catalog.language)])
    node |= {
        "description": _text(catalog.description, catalog.language),
        "license": catalog.license,
        "publisher": {"@id": catalog.publisher} if catalog.publisher else None,
        "datePublished": catalog.issued,
        "version": catalog.version,
        "keywords": [_text(word, catalog.language) for word in catalog.keywords],
        "distribution": [
            _without_empty(
                {
                    "@type": "DataDownload",
                    "@id": entry.iri,
                    "name": _text(entry.title, entry.language),
                    "description": _text(entry.description, entry.language),
                    "contentUrl": entry.address,
                    "encodingFormat": entry.media_type,
                }
            )
            for entry in catalog.distributions
        ],
    }
    return [_without_empty(node)]


def terms_said(
    description: str, terms: Iterable[tuple[str, str, str, str]], iri: str, name: str, address: str
) -> list[Said]:
    """Return a set of defined terms by its IRI, name and page: each term's IRI, label, definition and its language."""
    node = _node(["DefinedTermSet"], iri, address, [name])
    node["description"] = description
    node["hasDefinedTerm"] = [
        _without_empty({"@type": "DefinedTerm", "@id": term, "name": label, "description": _text(definition, language)})
        for term, label, definition, language in terms
    ]
    return [_without_empty(node)]


def _node(kinds: Sequence[str], iri: str, address: str, names: Sequence[object]) -> Said:
    return {
        "@context": _CONTEXT,
        "@type": kinds[0] if len(kinds) == 1 else list(kinds),
        "@id": iri,
        "url": address,
        "name": names[0] if len(names) == 1 else names,
    }


def _terms(values: Mapping[str, Sequence[Term]], properties: Iterable[str]) -> Iterator[Term]:
    return chain.from_iterable(values.get(name, ()) for name in properties)


def _language_texts(terms: Iterable[Term]) -> list[object]:
    return [_text(term.value, term.language) for term in terms if not term.is_iri]


def _text(text: str, language: str) -> object:
    return {"@value": text, "@language": language} if text and language else text


def _without_empty(node: Said) -> Said:
    return {name: value for name, value in node.items() if value not in ("", None, [], {})}
