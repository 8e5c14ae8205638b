"""Every property of another vocabulary that the graph uses has a name for people."""

from pyoxigraph import Store

from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.vocabulary.property_names import PROPERTY_NAMES


def test_every_property_in_the_graph_has_a_name(store: Store) -> None:
    used = {quad.predicate.value for quad in store}
    assert not {name for name in used - PROPERTY_NAMES.keys() if not name.startswith(ONTOLOGY + "#")}


def test_a_name_is_no_piece_of_an_iri() -> None:
    assert not [said for said in PROPERTY_NAMES.values() if ":" in said or "#" in said]
