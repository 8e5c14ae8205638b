"""The IRIs that crmgraph creates, and the prefixes that it uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

BASE = "https://w3id.org/crmgraph/"
ONTOLOGY = BASE + "ontology"
ANALYSIS = BASE + "analysis#"
"""The namespace of what the description of a plan finds out for the checks only. It is never published."""

PREFIXES = MappingProxyType(
    {
        "cg": ONTOLOGY + "#",
        "status": ONTOLOGY + "/status#",
        "attachment": ONTOLOGY + "/attachment#",
        "severity": ONTOLOGY + "/severity#",
        "membership-role": ONTOLOGY + "/membership-role#",
        "instrument-kind": ONTOLOGY + "/instrument-kind#",
        "confidence": ONTOLOGY + "/confidence#",
        "participation-role": ONTOLOGY + "/participation-role#",
        "instrument-use": ONTOLOGY + "/instrument-use#",
        "topic": ONTOLOGY + "/topic#",
        "population-group": ONTOLOGY + "/population-group#",
        "process-status": ONTOLOGY + "/process-status#",
        "migration-concern": ONTOLOGY + "/migration-concern#",
        "correspondence": ONTOLOGY + "/correspondence#",
        "process-level": ONTOLOGY + "/process-level#",
        "name-form": ONTOLOGY + "/name-form#",
        "id": BASE + "id/",
        "graph": BASE + "graph/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "eli": "http://data.europa.eu/eli/ontology#",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "oa": "http://www.w3.org/ns/oa#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "p-plan": "http://purl.org/net/p-plan#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "sssom": "https://w3id.org/sssom/",
        "time": "http://www.w3.org/2006/time#",
        "void": "http://rdfs.org/ns/void#",
        "void-ext": "http://ldf.fi/void-ext#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)

_LANGUAGES = "http://publications.europa.eu/resource/authority/language/"
LANGUAGE_IRIS = MappingProxyType(
    {tag: _LANGUAGES + code for tag, code in (("es", "SPA"), ("en", "ENG"), ("fr", "FRA"), ("pt", "POR"))}
)
"""The IRIs of languages in the EU language authority table, as DCAT-AP requires, by language tag (BCP 47)."""


@dataclass(frozen=True)
class Names:
    """Makes the IRIs of things and graphs, which begin with `base`. The IRIs of ontology terms do not depend on it."""

    base: str = BASE

    def id(self, *path: str) -> str:
        """Return the IRI of a thing: `id("country", "MEX")` is `…/id/country/MEX`."""
        return self.base + "id/" + "/".join(path)

    def graph(self, *path: str) -> str:
        """Return the IRI of a named graph: `graph("plan", "crm")` is `…/graph/plan/crm`."""
        return self.base + "graph/" + "/".join(path)

    def prefixes(self) -> dict[str, str]:
        """Return all prefixes with their namespaces; `id` and `graph` begin with `base`."""
        return {**PREFIXES, "id": self.base + "id/", "graph": self.base + "graph/"}


def abbreviate_iri(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return an IRI with the longest prefix that matches, such as `cg:Plan`; without a match, the IRI itself."""
    fitting = ((space, prefix) for prefix, space in prefixes.items() if iri.startswith(space))
    space, prefix = max(fitting, default=("", ""))
    return f"{prefix}:{iri.removeprefix(space)}" if space else iri
