"""An earlier version of a plan as RDF: its words, and what became of them."""

from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, Graph, Literal, URIRef

from crmgraph.comparing.changes import Comparison
from crmgraph.comparing.pairing import KINDS
from crmgraph.comparing.reporting import as_graph
from crmgraph.describing.passages import passage_iri
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names

__all__ = ["describe_version"]


def describe_version(comparison: Comparison, names: Names, plan: str) -> Graph:
    """The older of two versions of the plan with the id `plan`, and what the newer one made of it (`as_graph`).

    Its parts are entities (PROV) with their words, their number and their passage, and the class that they would have:
    they are no parts of a plan, for whoever asks what the plan says is told what it says now.
    """
    graph = as_graph(comparison, names)
    old = comparison.old
    whole = URIRef(names.id("plan", old.id))
    graph.add((whole, RDF.type, PROV.Entity))
    graph.add((whole, RDFS.label, Literal(old.title, old.language)))
    graph.add((whole, DCTERMS.isVersionOf, URIRef(names.id("plan", plan))))
    graph.add((whole, DCTERMS.source, URIRef(names.id("source", old.id))))
    for part, _ in old.walk():
        if part.kind not in KINDS:
            continue
        iri = URIRef(f"{whole}/{part.id}")
        graph.add((whole, PROV.hadMember, iri))
        graph.add((iri, RDF.type, PROV.Entity))
        graph.add((iri, DCTERMS.type, CG[part.kind]))
        graph.add((iri, RDFS.label, Literal(part.text, old.language)))
        graph.add((iri, DCTERMS.source, passage_iri(old, part.passage, names)))
        if part.number:
            graph.add((iri, SKOS.notation, Literal(part.number)))
    return graph
