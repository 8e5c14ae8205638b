"""Bodies that Schemathesis sends: queries, updates and RDF, for it cannot make any up. It loads this as its hooks."""

import schemathesis
from hypothesis import strategies as st

_QUERIES = (
    "ASK {}",
    "SELECT * { ?s ?p ?o } LIMIT 10",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o } LIMIT 10",
    "DESCRIBE <https://w3id.org/crmgraph/id/country/MEX>",
    "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
)
_UPDATES = (
    "INSERT DATA { GRAPH <http://example.org/g> { <http://example.org/s> <http://example.org/p> 1 } }",
    "DELETE WHERE { GRAPH <http://example.org/g> { ?s ?p ?o } }",
    "LOAD <http://example.org/>",
)
_RDF = {
    "text/turtle": "<http://example.org/s> <http://example.org/p> 1 .",
    "application/n-triples": '<http://example.org/s> <http://example.org/p> "ñ"@es .\n',
    "application/n-quads": "<http://example.org/s> <http://example.org/p> <http://example.org/o> .\n",
    "application/trig": "{ <http://example.org/s> <http://example.org/p> 1 }",
    "application/rdf+xml": '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
    "application/ld+json": '{"@id": "http://example.org/s", "http://example.org/p": 1}',
}


def _whole_or_cut(text: str) -> st.SearchStrategy[bytes]:
    whole = text.encode()
    return st.just(whole) | st.integers(0, len(whole)).map(lambda end: whole[:end])


schemathesis.openapi.media_type("application/sparql-query", st.sampled_from(_QUERIES).flatmap(_whole_or_cut))
schemathesis.openapi.media_type("application/sparql-update", st.sampled_from(_UPDATES).flatmap(_whole_or_cut))
for _name, _text in _RDF.items():
    schemathesis.openapi.media_type(_name, _whole_or_cut(_text))
