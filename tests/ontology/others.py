"""The terms that other vocabularies define: the closed namespaces of RDFLib, and lists for those it has none of.

The lists hold what we use, each term looked up in its vocabulary: P-Plan 1.3, ELI 1.1, the Web Annotation Vocabulary
(W3C Recommendation, 2017), DQV (W3C Note, 2016), BIBO 1.3, EuroVoc, and the ontology of the Sustainable Development
Goals.
"""

import re

from rdflib import CSVW, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, TIME, VANN, XSD, URIRef
from rdflib.namespace import DefinedNamespace

__all__ = ["LISTED", "is_defined", "namespace"]

CLOSED: tuple[type[DefinedNamespace], ...] = (
    *(CSVW, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, TIME, VANN, XSD),
)
LISTED = {
    "http://purl.org/net/p-plan#": {
        *("Activity", "Bundle", "Entity", "MultiStep", "Plan", "Step", "Variable", "correspondsToStep"),
        *("correspondsToVariable", "hasInputVar", "hasOutputVar", "isDecomposedAsPlan", "isInputVarOf"),
        *("isOutputVarOf", "isStepOfPlan", "isSubPlanOfPlan", "isVariableOfPlan"),
    },
    "http://data.europa.eu/eli/ontology#": {
        *("LegalResource", "LegalResourceSubdivision", "cited_by", "cites", "has_part", "is_about", "is_part_of"),
        *("number", "passed_by", "type_document"),
    },
    "http://www.w3.org/ns/oa#": {
        *("Annotation", "SpecificResource", "TextPositionSelector", "TextQuoteSelector", "TextualBody", "bodyValue"),
        *("end", "exact", "hasBody", "hasSelector", "hasSource", "hasTarget", "refinedBy", "start"),
    },
    "http://www.w3.org/ns/dqv#": {"hasQualityAnnotation"},
    "http://purl.org/ontology/bibo/": {"status"},
    "http://purl.org/ontology/bibo/status/": {"draft", "published"},
    "http://metadata.un.org/sdg/ontology#": {"Goal", "Indicator", "Target", "hasTarget", "isTargetOf"},
    "http://eurovoc.europa.eu/": {
        *("1302", "1462", "185", "1909", "1911", "1913", "1914", "1915", "1921", "1925", "2191", "221", "2509"),
        *("2792", "2835", "2867", "2986", "2991", "3075", "3125", "3320", "3323", "3885", "3913", "4562", "488"),
        *("5540", "5597", "564", "584", "5933", "5991", "6541", "724", "760", "977", "1198"),
        *("c_63446d6e", "c_977a9fe5", "c_b0536152", "c_b19d7503", "c_c825b20c", "c_ff638149"),
    },
}


def namespace(term: URIRef) -> str:
    """All of the IRI but the name."""
    return re.sub(r"[^#/]*$", "", term)


def is_defined(term: URIRef) -> bool:
    """Whether the vocabulary in whose namespace the term is defines it, or the term is that vocabulary itself.

    False where we know no such vocabulary.
    """
    name = term.removeprefix(namespace(term))
    for vocabulary in CLOSED:
        if str(vocabulary._NS) == namespace(term):
            return name in {"", *vocabulary.__annotations__, *vocabulary._extras} or name in dir(vocabulary)
    return namespace(term) in LISTED and name in {"", *LISTED[namespace(term)]}
