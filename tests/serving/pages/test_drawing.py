"""The overview of the ontology: every class is in it, every arrow is a property that joins what it seems to join."""

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from crmgraph.namespaces import ONTOLOGY
from crmgraph.resources import resource
from crmgraph.serving.pages.drawing import ARROWS, BOXES, Drawing, draw


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(resource("ontology") / "crmgraph.ttl", format="turtle")


@pytest.fixture(scope="module")
def drawing(ontology: Graph) -> Drawing:
    return draw({str(term): name(term) for term in ontology.subjects() if isinstance(term, URIRef)})


def name(term: URIRef) -> str:
    return term.rpartition("#")[2]


def cg(local: str) -> URIRef:
    return URIRef(f"{ONTOLOGY}#{local}")


def below(ontology: Graph, part: str, whole: str) -> bool:
    return cg(whole) in set(ontology.transitive_objects(cg(part), RDFS.subClassOf))


def test_every_class_of_the_ontology_is_drawn_once(ontology: Graph) -> None:
    classes = [term for term in ontology.subjects(RDF.type, OWL.Class) if isinstance(term, URIRef)]
    drawn = [*BOXES, *(kind for _, _, kinds in BOXES.values() for kind in kinds)]
    assert sorted(drawn) == sorted(name(term) for term in classes if term.startswith(ONTOLOGY + "#"))


def test_the_classes_in_a_box_are_below_its_own(ontology: Graph) -> None:
    assert not [(kind, box) for box, (_, _, kinds) in BOXES.items() for kind in kinds if not below(ontology, kind, box)]


@pytest.mark.parametrize(("tail", "arrow", "head"), ARROWS)
def test_an_arrow_joins_what_the_property_joins(ontology: Graph, tail: str, arrow: str, head: str) -> None:
    for relation, end in ((RDFS.domain, tail), (RDFS.range, head)):
        for limit in ontology.objects(cg(arrow), relation):
            assert isinstance(limit, URIRef)
            assert below(ontology, end, name(limit))
    assert (cg(arrow), RDF.type, OWL.ObjectProperty) in ontology


def test_no_box_lies_on_another(drawing: Drawing) -> None:
    for box in drawing.boxes:
        assert box.x + box.width <= drawing.width
        assert box.y + box.height <= drawing.height
        for other in drawing.boxes:
            apart = box.y + box.height < other.y or other.y + other.height < box.y
            assert box is other or box.x != other.x or apart, (box.name, other.name)


def test_arrows_begin_and_end_at_the_edges_of_their_boxes(drawing: Drawing) -> None:
    boxes = {box.name: box for box in drawing.boxes}
    for arrow, (tail, _, head) in zip(drawing.arrows, ARROWS, strict=True):
        for point, end in ((arrow.start, boxes[tail]), (arrow.end, boxes[head])):
            assert point[0] in (end.x, end.x + end.width) or point[1] in (end.y, end.y + end.height)
            assert end.x <= point[0] <= end.x + end.width
            assert end.y <= point[1] <= end.y + end.height
