"""The pages of the ontology and its schemes, and the drawing of the ontology."""

import re

import pytest
from pyoxigraph import Store
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef

from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading.languages import key
from crmgraph.resources import resource
from crmgraph.site.base.labels import PROPERTY_NAMES
from crmgraph.site.base.site import Site
from crmgraph.site.charts.layout import Drawing, Link, Path, Rectangle, Text, text_width
from crmgraph.site.charts.ontology import ARROWS, BOXES, draw_ontology
from crmgraph.site.ontology import schemes, vocabulary
from tests.support.pages import having
from tests.support.visiting import Visitor, heading

Area = tuple[float, float, float, float]


def test_the_ontology_page_defines_every_term(visit: Visitor, site: Site) -> None:
    kinds = "owl:Class owl:ObjectProperty owl:DatatypeProperty"
    rows = site.select(
        f"SELECT DISTINCT ?x {{ VALUES ?kind {{ {kinds} }} "
        "GRAPH ?g { ?x a ?kind } FILTER (STRSTARTS(STR(?x), STR(cg:))) }"
    )
    for language in ("es", "en"):
        terms = {each.get("id"): each for each in having(visit.page(f"/{language}/ontology"), "vocabulary-term")}
        defined = {name for name, article in terms.items() if article.find("p") is not None}
        assert defined == {row["x"].value.rpartition("#")[2] for row in rows}
    assert "ontolog" in heading(visit.page("/es/ontology")).casefold()
    version = site.select("SELECT ?version { ?x owl:versionIRI ?version }")[0]["version"].value
    path = version.removeprefix("https://w3id.org/crmgraph")
    assert visit.get(path).text.count("vocabulary-term") > 40
    assert visit.get(path + ".ttl").headers["content-type"].startswith("text/turtle")
    assert path in visit.get("/es/ontology").text


def test_a_term_is_told_with_what_holds_of_it(site: Site) -> None:
    terms = vocabulary(site, "es")
    labels = [term.label.casefold() for term in terms.terms["ObjectProperty"]]
    assert labels == sorted(labels)
    assert all(term.definition and term.definition_language == "es" for term in terms.terms["Class"])
    by_name = {
        term.anchor: {
            name.rpartition("#")[2]: [each.value.rpartition("#")[2] for each in values]
            for name, values in term.statements
        }
        for listed in terms.terms.values()
        for term in listed
    }
    assert "domain" in by_name["number"]
    assert not {"label", "type", "definition"} & set(by_name["number"])
    # What holds both ways is told of both.
    for one, name, other in (("PlanElement", "disjointWith", "Finding"), ("passage", "inverseOf", "passageOf")):
        assert other in by_name[one][name]
        assert one in by_name[other][name]
    severities = next(scheme for scheme in schemes(site, "es") if scheme.name == "severity").concepts
    different = {
        each.anchor: {x.value for name, values in each.statements if name.endswith("differentFrom") for x in values}
        for each in severities
    }
    assert {name: len(others) for name, others in different.items()} == {"violation": 2, "warning": 2, "info": 2}


@pytest.mark.parametrize("language", ["es", "en"])
def test_schemes(site: Site, visit: Visitor, language: str) -> None:
    found = {scheme.name: scheme for scheme in schemes(site, language)}
    assert all(scheme.label and scheme.label != scheme.name for scheme in found.values())
    assert [scheme.label for scheme in found.values()] == sorted((each.label for each in found.values()), key=key)
    topics = [concept.label for concept in found["topic"].concepts]
    assert topics == sorted(topics, key=key)
    # Concepts that have a position stand in its order.
    assert [concept.anchor for concept in found["severity"].concepts] == ["violation", "warning", "info"]
    page = visit.page(f"/{language}/ontology/status")
    anchors = {article.get("id") for article in having(page, "vocabulary-term")}
    assert {"continuous", "pending", "done"} <= anchors
    assert not anchors & {"violation", "info"}
    assert f'href="/{language}/topics/return"' in visit.get(f"/{language}/ontology/topic").text
    # What is in the language of the page comes first.
    values = [
        values for every in vocabulary(site, language).terms.values() for x in every for _, values in x.statements
    ]
    spoken = [each for each in ([value.language for value in listed] for listed in values) if len(set(each)) > 1]
    assert len(spoken) > 5
    assert {each[0] for each in spoken} == {language}


def test_every_property_in_the_graph_has_a_name(store: Store) -> None:
    used = {quad.predicate.value for quad in store}
    assert not {name for name in used - PROPERTY_NAMES.keys() if not name.startswith(ONTOLOGY + "#")}
    assert not [said for said in PROPERTY_NAMES.values() if re.search("[:#]", said)]


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
    found = draw_ontology(labels)
    assert found is not None
    return found


def cg(local: str) -> URIRef:
    return URIRef(f"{ONTOLOGY}#{local}")


def below(ontology: Graph, part: str, whole: str) -> bool:
    return cg(whole) in set(ontology.transitive_objects(cg(part), RDFS.subClassOf))


def test_the_drawing_is_true_to_the_ontology(ontology: Graph) -> None:
    classes = [term for term in ontology.subjects(RDF.type, OWL.Class) if isinstance(term, URIRef)]
    drawn = [*BOXES, *(kind for _, _, kinds in BOXES.values() for kind in kinds)]
    assert sorted(map(cg, drawn)) == sorted(term for term in classes if term.startswith(ONTOLOGY + "#"))
    assert not [(kind, box) for box, (_, _, kinds) in BOXES.items() for kind in kinds if not below(ontology, kind, box)]
    for tail, arrow, head in ARROWS:
        assert (cg(arrow), RDF.type, OWL.ObjectProperty) in ontology
        for relation, end in ((RDFS.domain, tail), (RDFS.range, head)):
            for limit in ontology.objects(cg(arrow), relation):
                assert below(ontology, end, str(limit).rpartition("#")[2]), (tail, arrow, head)
    assert draw_ontology({f"{ONTOLOGY}#Plan": "plan"}) is None


def area(shape: Rectangle | Text) -> Area:
    """Return left, top, right and bottom of a box, or of a label."""
    if isinstance(shape, Rectangle):
        return shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
    width = text_width(shape.text)
    left = shape.x - {"start": 0, "middle": width / 2, "end": width}[shape.anchor]
    return left, shape.y - 12, left + width, shape.y + 4


def overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def ends(arrow: Path) -> list[float]:
    return [float(number) for number in re.findall(r"[\d.]+", arrow.path)]


def passes_through(arrow: Path, place: Area) -> bool:
    """Return whether one of many points on the arrow is inside."""
    left, top, right, bottom = place
    x0, y0, x1, y1 = ends(arrow)
    steps = [step / 500 for step in range(501)]
    return any(left < x0 + (x1 - x0) * step < right and top < y0 + (y1 - y0) * step < bottom for step in steps)


def test_nothing_in_the_drawing_lies_on_anything_else(drawing: Drawing) -> None:
    links = [shape for shape in drawing.shapes if isinstance(shape, Link)]
    texts = {link.target.removeprefix("#"): part for link in links for part in link.parts if isinstance(part, Text)}
    boxes = dict(zip(BOXES, (shape for shape in drawing.shapes if isinstance(shape, Rectangle)), strict=True))
    arrows = [shape for shape in drawing.shapes if isinstance(shape, Path)]
    labels = {name: area(texts[name]) for _, name, _ in ARROWS}
    for name, box in boxes.items():
        left, top, right, bottom = area(box)
        assert right <= drawing.width
        assert bottom <= drawing.height
        # What is written in a box is inside it.
        for each in (name, *BOXES[name][2]):
            words = area(texts[each])
            assert left < words[0] < words[2] <= right
            assert top < words[1] < words[3] <= bottom
    places = {**{name: area(box) for name, box in boxes.items()}, **labels}
    assert not [(a, b) for a, one in places.items() for b, other in places.items() if a < b and overlap(one, other)]
    assert not [(arrow, name) for arrow in arrows for name, box in boxes.items() if passes_through(arrow, area(box))]
    for arrow, (tail, name, head) in zip(arrows, ARROWS, strict=True):
        left, top, right, bottom = labels[name]
        assert 0 <= left < right <= drawing.width
        # It stands on its own arrow, where that goes from side to side.
        others = [other for other in arrows if other is not arrow or texts[name].anchor != "middle"]
        assert not [other for other in others if passes_through(other, labels[name])]
        x0, y0, x1, y1 = ends(arrow)
        for x, y, end in ((x0, y0, area(boxes[tail])), (x1, y1, area(boxes[head]))):
            assert x in (end[0], end[2]) or y in (end[1], end[3]), "it ends at the edge of a box"
            assert end[0] <= x <= end[2]
            assert end[1] <= y <= end[3]
