"""The terms that other vocabularies define: the closed namespaces of RDFLib, and lists of those that we use.

The lists are of P-Plan 1.3, ELI 1.1, the Web Annotation Vocabulary (W3C Recommendation, 2017), DQV (W3C Note, 2016),
BIBO 1.3, SSSOM 1.0, EuroVoc, and the ontology of the Sustainable Development Goals.
"""

import re
from collections import defaultdict

from rdflib import CSVW, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, TIME, VANN, XSD, URIRef
from rdflib.namespace import DefinedNamespace

from tests.support.phrases import rows_of

CLOSED: tuple[type[DefinedNamespace], ...] = (
    *(CSVW, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, TIME, VANN, XSD),
)
LISTED: dict[str, set[str]] = defaultdict(set)
for _namespace, _term in rows_of("others", "ontology"):
    LISTED[_namespace].add(_term)


def namespace(term: URIRef) -> str:
    """All of the IRI but the name."""
    return re.sub(r"[^#/]*$", "", term)


def is_defined(term: URIRef) -> bool:
    """Whether a known vocabulary defines the term, or the term is that vocabulary itself."""
    name = term.removeprefix(namespace(term))
    for vocabulary in CLOSED:
        if str(vocabulary._NS) == namespace(term):
            return name in {"", *vocabulary.__annotations__, *vocabulary._extras} or name in dir(vocabulary)
    return namespace(term) in LISTED and name in {"", *LISTED[namespace(term)]}
