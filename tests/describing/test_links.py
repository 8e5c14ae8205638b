"""The crosswalk: what it says, and what is wrong in a table that is told with its place."""

import shutil
from collections import defaultdict
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SKOS, Dataset, Graph, Literal, URIRef

from crmgraph.building import background, documents
from crmgraph.checking.plans import put
from crmgraph.describing import describe_plan
from crmgraph.describing.links import describe_links
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import TableError
from crmgraph.namespaces import Names
from crmgraph.reading import Plan, read_plan
from crmgraph.resources import resource

NAMES = Names()
FOLDER = resource("data") / "links"
SDG = "http://metadata.un.org/sdg"
Plans = dict[str, Plan]


@pytest.fixture(scope="module")
def plans() -> Plans:
    return {file.stem: read_plan(file, file.stem) for file in documents()}


@pytest.fixture(scope="module")
def dataset(plans: Plans) -> Dataset:
    known = background(NAMES)
    for plan in plans.values():
        for graph in describe_plan(plan, known).graphs():
            put(known.dataset, str(graph.identifier), graph)
    return known.dataset


@pytest.fixture(scope="module")
def links(plans: Plans, dataset: Dataset) -> Graph:
    describe_links(FOLDER, plans, dataset, NAMES)
    return dataset.graph(URIRef(NAMES.graph("links")))


def part(path: str) -> URIRef:
    return URIRef(NAMES.id("plan", path))


def test_every_objective_is_compared_with_every_other_plan(plans: Plans, links: Graph) -> None:
    objectives = {part(f"crm/{each.id}") for each, _ in plans["crm"].walk() if each.kind == "Objective"}
    others = {part(plan) for plan in plans if plan != "crm"} | {URIRef(SDG)}
    assert (len(objectives), len(others)) == (20, 10)
    kinds: defaultdict[tuple[object, object], set[object]] = defaultdict(set)
    for said, other in links.subject_objects(CG.comparedWith):
        kinds[links.value(said, CG.subject), other] |= set(links.objects(said, RDF.type)) - {CG.Statement}
    assert set(kinds) == {(objective, other) for objective in objectives for other in others}
    # Either something corresponds, or nothing does.
    assert all(len(kind) == 1 for kind in kinds.values())


def test_what_corresponds_is_said_plainly_and_so_is_that_nothing_does(links: Graph) -> None:
    assert (part("crm/pgm/7"), SKOS.broadMatch, part("gcm/gcsorm/21")) in links
    assert (part("crm/dh/5"), SKOS.closeMatch, part("csm/iddhpm")) in links
    assert (part("crm/pgm/1"), SKOS.broadMatch, URIRef(f"{SDG}/10.7")) in links
    relations = [SKOS[f"{name}Match"] for name in ("exact", "close", "broad", "narrow", "related")]
    found = set(links.subjects(RDF.type, CG.Correspondence))
    nothing = set(links.subjects(RDF.type, CG.NoCorrespondence))
    assert (len(found), len(nothing)) == (145, 95)
    ends = {(links.value(said, CG.subject), links.value(said, CG.object)) for said in found}
    assert ends == {ends for relation in relations for ends in links.subject_objects(relation)}
    without = {(links.value(said, CG.subject), links.value(said, CG.comparedWith)) for said in nothing}
    assert without == set(links.subject_objects(CG.correspondsToNothingIn))
    assert {links.value(said, CG.predicate) for said in nothing} == {CG.correspondsToNothingIn}


def test_each_says_on_which_words_how_surely_why_and_who(links: Graph, dataset: Dataset) -> None:
    source = dataset.graph(URIRef(NAMES.graph("source/crm")))
    text = resource("data").joinpath("source", "crm.txt").read_text(encoding="utf-8")
    for said in links.subjects(CG.comparedWith):
        passage = links.value(said, CG.passage)
        start, end = (int(str(source.value(passage, way))) for way in (CG.start, CG.end))
        assert text[start:end] == str(source.value(passage, CG.exact))
        assert 0 < float(str(links.value(said, CG.certainty))) <= 1
        assert {why.language for why in links.objects(said, RDFS.comment) if isinstance(why, Literal)} == {"es", "en"}


TABLE = (FOLDER / "crm-niamey.sssom.tsv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("plan:crm/pgm/1\t", "plan:crm/pgm/99\t", r"line 21, column 2: subject_label: .* there is no such thing"),
        ("plan:niamey/nd/1\t", "plan:niamey/nd/9\t", r"column 5: object_label: .* there is no such thing"),
        (
            "National legal frameworks",
            "National law",
            r"column 5: object_label: .* it is called .*National legal frameworks",
        ),
        ("plan:niamey/nd/1\t", "niam:nd/1\t", r"column 4: object_id: the prefix niam is not in the curie_map"),
        ("annotator:crmgraph", "annotator:nobody", r"column 7: author_id: no table has this annotator"),
        ("skos:narrowMatch", "skos:mappingRelation", r"column 3: predicate_id: .* goes with sssom:NoTermFound"),
        ("skos:narrowMatch", "owl:sameAs", r'column 3: predicate_id: "owl:sameAs" is not a mapping relation of SKOS'),
        ("seguimiento a las actividades de la red\n", "siguimiento\n", r"column 12: ext_words: neither pgm/3 nor"),
        ("\t0.5\t", "\t5\t", r'column 9: confidence: "5" is not a number from 0 to 1'),
        ("2026-11-27", "2026-13-27", r"column 8: mapping_date: no calendar has 2026-13-27"),
        ("#curie_map:", "#curies:", r"line 1, column 1: the lines that begin with # must be YAML"),
        ("subject_id\t", "subject\t", r"line 20, column 1: the header has subject where subject_id belongs"),
    ],
)
def test_a_wrong_table_is_told_with_its_place(
    tmp_path: Path, plans: Plans, dataset: Dataset, old: str, new: str, says: str
) -> None:
    assert old in TABLE
    file = tmp_path / "crm-niamey.sssom.tsv"
    file.write_text(TABLE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TableError, match=says):
        describe_links(tmp_path, plans, dataset, NAMES)


def test_a_folder_without_tables_has_no_links(tmp_path: Path, plans: Plans) -> None:
    shutil.copy(FOLDER / "crm-niamey.sssom.tsv", tmp_path / "notes.txt")
    describe_links(tmp_path / "none", plans, Dataset(), NAMES)
    describe_links(tmp_path, plans, Dataset(), NAMES)
