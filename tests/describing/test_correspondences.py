"""Correspondences between plans, from the crosswalks of the project and from files of decisions."""

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Store
from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, Dataset, Graph, Literal, URIRef

from crmgraph.building.manifest import plan_documents
from crmgraph.decisions import Decision, write_decisions
from crmgraph.describing import describe_plan
from crmgraph.describing.links import describe_decisions, describe_links
from crmgraph.describing.vocabulary import CG, add_triples
from crmgraph.errors import TableError
from crmgraph.files import resource
from crmgraph.namespaces import PREFIXES, Names
from crmgraph.reading import Plan, read_plan
from tests.support.dataset import real_background, stated
from tests.support.phrases import rows_of, table_of

NAMES = Names()
FOLDER = resource("data") / "links"
SDG = "http://metadata.un.org/sdg"
LINKS = URIRef(NAMES.graph("links"))
CONFIDENCE = URIRef(PREFIXES["sssom"] + "confidence")
Plans = dict[str, Plan]


@pytest.fixture(scope="module")
def plans() -> Plans:
    own = table_of(("Fronteras", "1. Cuidar las fronteras", "1.1 Hacer más", "1.1.1 Firmar", "2027"), id="ejemplo")
    return {file.stem: read_plan(file, file.stem) for file in plan_documents()} | {"ejemplo": own}


@pytest.fixture(scope="module")
def described(plans: Plans, store: Store) -> Dataset:
    dataset = stated(store)
    for graph in describe_plan(plans["ejemplo"], real_background()).graphs():
        add_triples(dataset, str(graph.identifier), graph)
    return dataset


@pytest.fixture
def dataset(described: Dataset) -> Dataset:
    described.remove_graph(described.graph(LINKS))
    return described


def held(plans: Plans) -> Plans:
    return {name: plan for name, plan in plans.items() if name != "ejemplo"}


def iri(path: str) -> URIRef:
    return URIRef(NAMES.id("plan", path))


def test_a_wrong_crosswalk_is_told_with_its_place(tmp_path: Path, plans: Plans, dataset: Dataset) -> None:
    table = (FOLDER / "crm-niamey.sssom.tsv").read_text(encoding="utf-8")
    (tmp_path / "notes.txt").write_text(table, encoding="utf-8")
    for folder in (tmp_path / "none", tmp_path):
        describe_links(folder, held(plans), dataset, NAMES)
        assert not len(dataset.graph(LINKS))
    for old, new, says in rows_of("wrong_crosswalks"):
        assert old in table
        (tmp_path / "crm-niamey.sssom.tsv").write_text(table.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(TableError, match=says):
            describe_links(tmp_path, held(plans), dataset, NAMES)


def label(plans: Plans, path: str) -> str:
    plan, _, rest = path.partition("/")
    return next(part.text for part, _ in plans[plan].walk() if part.id == rest)


def decision(plans: Plans, subject: str, object: str) -> Decision:
    return Decision(
        str(iri(subject)), label(plans, subject), str(iri(object)), label(plans, object), 0.2, "fronteras", "close",
        "Ana Pérez", "2026-11-27", "0.7", "lo mismo",
    )  # fmt: skip


def nothing(plans: Plans, subject: str, plan: str) -> Decision:
    return replace(decision(plans, subject, "crm/pgm/1"), object=plan).without_counterpart


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "d.sssom.tsv"


def test_what_is_accepted_and_signed_is_in_the_dataset(file: Path, plans: Plans, dataset: Dataset) -> None:
    objective = next(part.id for part, _ in plans["ejemplo"].walk() if part.kind == "Objective")
    own = decision(plans, f"ejemplo/{objective}", "crm/pgm/4")
    others = [
        replace(own, object=str(iri(f"crm/pgm/{n}")), object_label=label(plans, f"crm/pgm/{n}")) for n in (5, 6, 7)
    ]
    name = Decision("", "Guatemla", "http://e/g", "Guatemala", 0.9, decided="exact", author="Ana", date="2026-11-27")
    refused, unsigned = replace(others[0], decided="no"), replace(others[1], author="")
    # What was refused of other words refuses nothing.
    stale = replace(own, subject_label="Otra cosa", decided="no")
    write_decisions(file, [stale, own, refused, unsigned, replace(others[2], decided=""), name])
    describe_decisions([file], plans, dataset, NAMES)
    links = dataset.graph(LINKS)
    [said] = links.subjects(RDF.type, CG.Correspondence)
    # The plan that the dataset is about comes first, as in its own crosswalks.
    assert links.value(said, RDF.subject) == iri("crm/pgm/4")
    assert links.value(said, RDF.object) == iri(f"ejemplo/{objective}")
    assert links.value(said, CG.comparedWith) == iri("ejemplo")
    assert (iri("crm/pgm/4"), SKOS.closeMatch, iri(f"ejemplo/{objective}")) in links
    assert [str(links.value(said, each)) for each in (RDFS.comment, DCTERMS.date, CONFIDENCE)] == [
        "lo mismo", "2026-11-27", "0.7",
    ]  # fmt: skip
    assert links.value(links.value(said, PROV.wasAttributedTo), RDFS.label) == Literal("Ana Pérez")
    source = dataset.graph(URIRef(NAMES.graph("source", "crm")))
    assert label(plans, "crm/pgm/4") in str(source.value(links.value(said, CG.passage), CG.exact))


def test_a_decision_that_cannot_be_is_told_with_its_line(file: Path, plans: Plans, dataset: Dataset) -> None:
    own = decision(plans, "gcm/1", "crm/pgm/4")
    for wrong, said in (
        (replace(own, subject_label="Otra cosa"), r"line 13: subject_label: “Otra cosa” is no name of \S+gcm/1"),
        (replace(own, subject=str(iri("gcm/2"))),
         r"`crmgraph link … --decisions FILE` mends it"),
        (replace(own, subject=str(iri("no/1"))), "there is no such thing; .*else correct the label, or decide anew"),
        (replace(own, object=str(iri("crm/pgm/99"))), "object_label: .*: there is no such thing"),
        (replace(own, author="crmgraph"), "author_label: crmgraph is who speaks for this dataset"),
        (replace(own, date="2026-02-30"), "line 13: no calendar has 2026-02-30"),
        (replace(own, object=own.subject, object_label=own.subject_label), "is no part of another plan"),
        (nothing(plans, "gcm/1", str(iri("nowhere"))), "nowhere is no other plan"),
        (nothing(plans, "gcm/1", str(iri("gcm"))), "gcm is no other plan"),
    ):  # fmt: skip
        write_decisions(file, [wrong])
        with pytest.raises(TableError, match=said):
            describe_decisions([file], plans, dataset, NAMES)


def test_all_that_is_wrong_in_all_files_is_told_at_once(tmp_path: Path, plans: Plans, dataset: Dataset) -> None:
    one, other = tmp_path / "a.sssom.tsv", tmp_path / "b.sssom.tsv"
    own = decision(plans, "gcm/1", "crm/pgm/4")
    moved, reworded = replace(own, subject=str(iri("gcm/2"))), replace(own, subject_label="Otra cosa")
    write_decisions(one, [moved, reworded])
    write_decisions(other, [own, replace(own, object=str(iri("crm/pgm/5")))])
    with pytest.raises(TableError, match=r"^3 decisions cannot be in the dataset:\n") as refused:
        describe_decisions([one, other], plans, dataset, NAMES)
    told = str(refused.value).splitlines()[1:]
    assert [each.split(":")[0].strip() for each in told] == [f"{one}, line 13", f"{one}, line 14", f"{other}, line 14"]


def test_files_that_contradict_each_other_or_the_dataset(tmp_path: Path, plans: Plans, dataset: Dataset) -> None:
    one, other = tmp_path / "a.sssom.tsv", tmp_path / "b.sssom.tsv"
    accepted = decision(plans, "gcm/1", "crm/pgm/4")
    write_decisions(one, [accepted])

    def refused(said: str, *files: Path) -> None:
        dataset.remove_graph(dataset.graph(LINKS))
        with pytest.raises(TableError, match=said):
            describe_decisions(list(files), plans, dataset, NAMES)

    write_decisions(other, [replace(accepted.inverse, decided="no")])
    refused(r"b\.sssom\.tsv, line 13 says that these two do not correspond", one, other)
    for without in (nothing(plans, "gcm/1", str(iri("crm"))), nothing(plans, "crm/pgm/4", str(iri("gcm")))):
        write_decisions(other, [without])
        for files in ([one, other], [other, one]):
            refused(r"the dataset says already .*, or that nothing does", *files)
    # What the crosswalks say is not said twice, nor against them.
    dataset.remove_graph(dataset.graph(LINKS))
    describe_links(FOLDER, held(plans), dataset, NAMES)
    links: Graph = dataset.graph(LINKS)
    part = min(
        str(links.value(said, RDF.subject)).removeprefix(iri(""))
        for said in links.subjects(RDF.type, CG.NoCorrespondence)
        if (said, CG.comparedWith, iri("niamey")) in links
    )
    for pair in (("crm/pgm/3", "gcm/9"), ("gcm/9", "crm/pgm/3"), (part, "niamey/1")):
        write_decisions(one, [decision(plans, *pair)])
        with pytest.raises(TableError, match=r"the dataset says already how"):
            describe_decisions([one], plans, dataset, NAMES)
