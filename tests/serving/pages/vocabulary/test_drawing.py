"""The overview of the ontology: every class is in it, every arrow is a property that joins what it seems to join."""

import pytest
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef

from crmgraph.namespaces import ONTOLOGY
from crmgraph.resources import resource
from crmgraph.site.vocabulary.drawing import ARROWS, BOXES, Arrow, Box, Drawing, draw


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(resource("ontology") / "crmgraph.ttl", format="turtle")


@pytest.fixture(scope="module", params=["es", "en"])
def drawing(ontology: Graph, request: pytest.FixtureRequest) -> Drawing:
    labels = {
        str(term): str(label)
        for term, label in ontology.subject_objects(RDFS.label)
        if isinstance(label, Literal) and label.language == request.param
    }
    found = draw(labels)
    assert found is not None
    return found


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


Area = tuple[int, int, int, int]


def area(box: Box) -> Area:
    return box.x, box.y, box.x + box.width, box.y + box.height


def overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def passes_through(arrow: Arrow, box: Box) -> bool:
    """Whether one of many points on the arrow is inside the box."""
    left, top, right, bottom = area(box)
    steps = [step / 500 for step in range(501)]
    (x0, y0), (x1, y1) = arrow.start, arrow.end
    return any(left < x0 + (x1 - x0) * step < right and top < y0 + (y1 - y0) * step < bottom for step in steps)


def test_no_arrow_passes_through_a_box(drawing: Drawing) -> None:
    assert not [
        (arrow.name, box.name) for arrow in drawing.arrows for box in drawing.boxes if passes_through(arrow, box)
    ]


def test_no_label_lies_on_a_box_or_on_another_label(drawing: Drawing) -> None:
    labels = {arrow.name: arrow.label_area for arrow in drawing.arrows}
    boxes = {box.name: area(box) for box in drawing.boxes}
    assert not [(one, other) for one, at in labels.items() for other, place in boxes.items() if overlap(at, place)]
    assert not [
        (one, other) for one in labels for other in labels if one < other and overlap(labels[one], labels[other])
    ]


def test_no_arrow_crosses_a_label(drawing: Drawing) -> None:
    for arrow in drawing.arrows:
        left, top, right, bottom = arrow.label_area
        around = Box("", "", (), left, top, right - left)
        assert bottom - top <= around.height
        assert left >= 0
        assert right <= drawing.width
        # It stands on its own arrow, where that goes from side to side.
        others = [other for other in drawing.arrows if other is not arrow or arrow.anchor != "middle"]
        assert not [other.name for other in others if passes_through(other, around)]


def test_there_is_none_without_all_its_terms() -> None:
    assert draw({f"{ONTOLOGY}#Plan": "plan"}) is None
