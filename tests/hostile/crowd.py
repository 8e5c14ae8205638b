"""What a crowd asks: small questions, hostile queries, and batches of names that take as long as they may."""

from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names

_PART = Names().id("plan/crm/pgm")
SMALL = (
    f"ASK {{ <{_PART}/7.1.1> ?p ?o }}",
    f"SELECT ?o {{ <{_PART}/7.1.1> <http://www.w3.org/2000/01/rdf-schema#label> ?o }}",
    f"SELECT ?s ?p ?o {{ ?s <http://purl.org/dc/terms/isPartOf> <{_PART}> ; ?p ?o }}",
    f"CONSTRUCT {{ <{_PART}/1> ?p ?o }} WHERE {{ <{_PART}/1> ?p ?o }}",
)
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
    "SELECT ?a (COUNT(?f) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a",
    "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER regex(str(?c), '(a+)+$') }",
    "SELECT * { ?a (!<a:a>|^(!<a:a>))* ?b }",
    "SELECT * { ?s ?p ?o . FILTER NOT EXISTS { ?a ?b ?c . ?d ?e ?f FILTER (?c = ?f && ?a != ?d && ?c = ?o) } }",
    "ASK { " + "OPTIONAL { ?s ?p ?o } " * 1_000 + "}",
    "ASK { " + " . ".join(f"?s{n} ?p{n} ?s{n + 1}" for n in range(200)) + " }",
    "ASK { FILTER(" + "||".join(["?x"] * 20_000) + ") }",
    "CONSTRUCT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f }",
    "SELECT (GROUP_CONCAT(?c) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "ASK { FILTER(" + "(" * 5_000 + "true" + ")" * 5_000 + ") }",
    "DESCRIBE ?s { ?s ?p ?o }",
)
_VALUES = [f"Conferencia Regional {first}{second}" for first in "abcdefghij" for second in "klmnopqrst"]
_LIKE = [
    {"pid": name, "v": _VALUES[20 * place : 20 * place + 20]}
    for place, name in enumerate(
        (f"{ONTOLOGY}#text", f"{ONTOLOGY}#member", PREFIXES["dcterms"] + "title", PREFIXES["dcterms"] + "description")
    )
]
BATCHES = (
    {str(number): {"properties": _LIKE, "limit": 50} for number in range(150)},
    {str(number): {"query": f"migración regional sobre los derechos {number}", "limit": 50} for number in range(200)},
    {str(number): {"query": " ".join(_VALUES[:12]), "properties": _LIKE} for number in range(150)},
)
