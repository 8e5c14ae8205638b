"""A checker of OWL 2 RL for ontologies without class expressions, which ours is one of."""

from pathlib import Path

from pyoxigraph import RdfFormat, Store
from rdflib import Graph


def breaches(graph: Graph) -> list[str]:
    """Return what in the ontology is outside OWL 2 RL, each breach with what stands there."""
    store = Store()
    store.load(graph.serialize(format="nt", encoding="utf-8"), format=RdfFormat.N_TRIPLES)
    rows = store.query(Path(__file__).with_name("profile.rq").read_text(encoding="utf-8"))
    return sorted(f"{row['breach'].value}: {row['term'].value.rpartition('#')[2]}" for row in rows)  # type: ignore[union-attr]
