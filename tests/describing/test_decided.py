"""What people decided about proposed correspondences, in the dataset."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, Dataset, Graph, Literal, URIRef

from crmgraph.building import background, documents
from crmgraph.checking.plans import put
from crmgraph.decisions import Decision, write_decisions
from crmgraph.describing import describe_plan
from crmgraph.describing.decided import describe_decisions
from crmgraph.describing.links import describe_links
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import TableError
from crmgraph.namespaces import Names
from crmgraph.reading import Plan, read_plan
from crmgraph.resources import resource

NAMES = Names()
SDG = "http://metadata.un.org/sdg"
PLAN = """Plan de ejemplo
\tTEMAS
\tOBJETIVOS
\tACCIÓN PARA LA IMPLEMENTACIÓN
\tACTIVIDADES
\tCALENDARIO
\tFronteras
\t1. Cuidar las fronteras
\t1.1 Hacer más
\t1.1.1 Firmar un acuerdo
\t2027
"""
Plans = dict[str, Plan]


def iri(path: str) -> str:
    return NAMES.id("plan", path)


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Plans:
    file = tmp_path_factory.mktemp("plans") / "ejemplo.txt"
    file.write_text(PLAN, encoding="utf-8")
    return {each.stem: read_plan(each, each.stem) for each in (*documents(), file)}


@pytest.fixture
def dataset(plans: Plans) -> Dataset:
    known = background(NAMES)
    for name in ("crm", "gcm", "ejemplo"):
        for graph in describe_plan(plans[name], known).graphs():
            put(known.dataset, str(graph.identifier), graph)
    return known.dataset


def decision(plans: Plans, subject: str, object: str) -> Decision:
    """That the two correspond, as Ana says."""
    return Decision(
        iri(subject), label(plans, subject), iri(object), label(plans, object), 0.2, "fronteras", "close", "Ana Pérez",
        "2026-11-27", "0.7", "lo mismo",
    )  # fmt: skip


def label(plans: Plans, path: str) -> str:
    plan, _, rest = path.partition("/")
    return next(part.text for part, _ in plans[plan].walk() if part.id == rest)


def test_what_is_accepted_and_signed_is_in_the_dataset(tmp_path: Path, plans: Plans, dataset: Dataset) -> None:
    objective = next(part.id for part, _ in plans["ejemplo"].walk() if part.kind == "Objective")
    own = decision(plans, f"ejemplo/{objective}", "crm/pgm/4")
    others = [replace(own, object=iri(f"crm/pgm/{n}"), object_label=label(plans, f"crm/pgm/{n}")) for n in (5, 6, 7)]
    file = tmp_path / "ejemplo-crm.sssom.tsv"
    name = Decision("", "Guatemla", "http://e/g", "Guatemala", 0.9, decided="exact", author="Ana", date="2026-11-27")
    refused, unsigned = replace(others[0], decided="no"), replace(others[1], author="")
    write_decisions(file, [own, refused, unsigned, replace(others[2], decided=""), name])
    describe_decisions([file], plans, dataset, NAMES)
    links = dataset.graph(URIRef(NAMES.graph("links")))
    [said] = links.subjects(RDF.type, CG.Correspondence)
    # The plan that the dataset is about comes first, as in its own crosswalks.
    assert links.value(said, CG.subject) == URIRef(own.object)
    assert links.value(said, CG.object) == URIRef(own.subject)
    assert links.value(said, CG.comparedWith) == URIRef(iri("ejemplo"))
    assert (URIRef(own.object), SKOS.closeMatch, URIRef(own.subject)) in links
    assert [str(links.value(said, each)) for each in (RDFS.comment, DCTERMS.date, CG.certainty)] == [
        "lo mismo", "2026-11-27", "0.7",
    ]  # fmt: skip
    by = links.value(said, PROV.wasAttributedTo)
    assert links.value(by, RDFS.label) == Literal("Ana Pérez")
    source = dataset.graph(URIRef(NAMES.graph("source", "crm")))
    assert label(plans, "crm/pgm/4") in str(source.value(links.value(said, CG.passage), CG.exact))


def test_the_words_are_those_of_the_plan_from_whichever_side(tmp_path: Path, plans: Plans, dataset: Dataset) -> None:
    file = tmp_path / "d.sssom.tsv"
    target = URIRef(f"{SDG}/10.7")
    named = str(next(label for _, _, label, _ in dataset.quads((target, RDFS.label, None, None))))
    other = decision(plans, "crm/pgm/1", "gcm/gcsorm/1")
    write_decisions(file, [replace(other, object=str(target), object_label=named, decided="broad").turned])
    describe_decisions([file], plans, dataset, NAMES)
    links = dataset.graph(URIRef(NAMES.graph("links")))
    [said] = links.subjects(CG.comparedWith, URIRef(SDG))
    assert links.value(said, CG.subject) == URIRef(iri("crm/pgm/1"))
    assert (URIRef(iri("crm/pgm/1")), SKOS.broadMatch, target) in links


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda own: replace(own, subject_label="Otra cosa"), r"line 13: \S+gcsorm/1 was “Otra cosa” and is “Data” "),
        (
            lambda own: replace(own, subject=iri("gcm/gcsorm/2")),
            r"are those of \S+gcm/gcsorm/1 now, and `crmgraph link … --decisions .*d\.sssom\.tsv` mends the row",
        ),
        (lambda own: replace(own, subject=iri("no/1")), "there is no such thing; correct the label, or take the row"),
        (lambda own: replace(own, object=iri("crm/pgm/99")), "object_label: .*: there is no such thing"),
        (lambda own: replace(own, author="crmgraph"), "author_label: crmgraph is who speaks for this dataset"),
        (lambda own: replace(own, date="2026-02-30"), "mapping_date: no calendar has 2026-02-30"),
        (lambda own: replace(own, object=own.subject, object_label=own.subject_label), "is no part of another plan"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    change: Callable[[Decision], Decision], said: str, tmp_path: Path, plans: Plans, dataset: Dataset
) -> None:
    file = tmp_path / "d.sssom.tsv"
    write_decisions(file, [change(decision(plans, "gcm/gcsorm/1", "crm/pgm/4"))])
    with pytest.raises(TableError, match=said):
        describe_decisions([file], plans, dataset, NAMES)


def test_all_that_is_wrong_in_all_files_is_told_at_once(tmp_path: Path, plans: Plans, dataset: Dataset) -> None:
    one, other = tmp_path / "a.sssom.tsv", tmp_path / "b.sssom.tsv"
    own = decision(plans, "gcm/gcsorm/1", "crm/pgm/4")
    moved, reworded = replace(own, subject=iri("gcm/gcsorm/2")), replace(own, subject_label="Otra cosa")
    # What `crmgraph link` would not mend, it is not advised for: the pair is decided already.
    twice = replace(own, object=iri("crm/pgm/5"))
    write_decisions(one, [moved, reworded])
    write_decisions(other, [own, twice])
    with pytest.raises(TableError, match=r"^3 decisions cannot be in the dataset:\n") as refused:
        describe_decisions([one, other], plans, dataset, NAMES)
    told = str(refused.value).splitlines()[1:]
    assert [(each.split(":")[0].strip(), "`crmgraph link" in each) for each in told] == [
        (f"{one}, line 13", True),
        (f"{one}, line 14", False),
        (f"{other}, line 14", False),
    ]
    assert "no part of its plan has its old words; where" in told[1]
    assert "the file has “close” for this pair already" in told[2]


def test_nothing_is_said_twice_or_against_what_is_said(tmp_path: Path, plans: Plans, dataset: Dataset) -> None:
    whole = {file.stem: plans[file.stem] for file in documents()}
    for name in whole:
        for graph in describe_plan(plans[name], background(NAMES)).graphs():
            put(dataset, str(graph.identifier), graph)
    describe_links(resource("data") / "links", whole, dataset, NAMES)
    links: Graph = dataset.graph(URIRef(NAMES.graph("links")))
    part = min(
        str(links.value(said, CG.subject)).removeprefix(iri(""))
        for said in links.subjects(RDF.type, CG.NoCorrespondence)
        if (said, CG.comparedWith, URIRef(iri("niamey"))) in links
    )
    for one, other in (("crm/pgm/3", "gcm/gcsorm/9"), ("gcm/gcsorm/9", "crm/pgm/3"), (part, "niamey/nd/1")):
        file = tmp_path / "d.sssom.tsv"
        write_decisions(file, [decision(plans, one, other)])
        with pytest.raises(TableError, match=r"the dataset says already how"):
            describe_decisions([file], plans, dataset, NAMES)


def test_what_was_refused_of_other_words_refuses_nothing(tmp_path: Path, plans: Plans, dataset: Dataset) -> None:
    file = tmp_path / "d.sssom.tsv"
    accepted = decision(plans, "gcm/gcsorm/1", "crm/pgm/4")
    stale = replace(accepted, subject_label="Otra cosa", decided="no")
    write_decisions(file, [stale, accepted])
    describe_decisions([file], plans, dataset, NAMES)
    links = dataset.graph(URIRef(NAMES.graph("links")))
    assert len(set(links.subjects(RDF.type, CG.Correspondence))) == 1


def test_what_one_file_refuses_another_does_not_say(tmp_path: Path, plans: Plans, dataset: Dataset) -> None:
    one, other = tmp_path / "a.sssom.tsv", tmp_path / "b.sssom.tsv"
    accepted = decision(plans, "gcm/gcsorm/1", "crm/pgm/4")
    write_decisions(one, [accepted])
    write_decisions(other, [replace(accepted.turned, decided="no")])
    with pytest.raises(TableError, match=r"b\.sssom\.tsv, line 13 says that these two do not correspond"):
        describe_decisions([one, other], plans, dataset, NAMES)


def nothing(plans: Plans, subject: str, plan: str) -> Decision:
    """That nothing in the plan corresponds to a part, as Ana says."""
    return replace(decision(plans, subject, "crm/pgm/1"), object=plan).as_nothing


@pytest.mark.parametrize("other", [iri("crm"), SDG])
def test_that_nothing_corresponds_is_in_the_dataset(other: str, tmp_path: Path, plans: Plans, dataset: Dataset) -> None:
    file = tmp_path / "d.sssom.tsv"
    unsigned = replace(nothing(plans, "gcm/gcsorm/2", other), author="")
    write_decisions(file, [nothing(plans, "gcm/gcsorm/1", other), unsigned])
    describe_decisions([file], plans, dataset, NAMES)
    links = dataset.graph(URIRef(NAMES.graph("links")))
    [said] = links.subjects(RDF.type, CG.NoCorrespondence)
    assert links.value(said, CG.subject) == URIRef(iri("gcm/gcsorm/1"))
    assert links.value(said, CG.comparedWith) == URIRef(other)
    assert (URIRef(iri("gcm/gcsorm/1")), CG.correspondsToNothingIn, URIRef(other)) in links
    assert str(links.value(said, RDFS.comment)) == "lo mismo"
    assert not list(links.subjects(RDF.type, CG.Correspondence))


@pytest.mark.parametrize(
    ("subject", "other", "said"),
    [
        ("gcm/gcsorm/1", iri("nowhere"), "nowhere is no other plan"),
        ("gcm/gcsorm/1", iri("gcm"), "gcm is no other plan"),
    ],
)
def test_nothing_corresponds_in_another_plan_of_the_dataset(
    subject: str, other: str, said: str, tmp_path: Path, plans: Plans, dataset: Dataset
) -> None:
    file = tmp_path / "d.sssom.tsv"
    write_decisions(file, [nothing(plans, subject, other)])
    with pytest.raises(TableError, match=said):
        describe_decisions([file], plans, dataset, NAMES)


def test_one_file_does_not_say_that_nothing_corresponds_where_another_says_what(
    tmp_path: Path, plans: Plans, dataset: Dataset
) -> None:
    accepted = decision(plans, "gcm/gcsorm/1", "crm/pgm/4")
    for place, without in enumerate(
        (nothing(plans, "gcm/gcsorm/1", iri("crm")), nothing(plans, "crm/pgm/4", iri("gcm")))
    ):
        one, other = tmp_path / f"{place}a.sssom.tsv", tmp_path / f"{place}b.sssom.tsv"
        write_decisions(one, [accepted])
        write_decisions(other, [without])
        for files in ([one, other], [other, one]):
            dataset.remove_graph(dataset.graph(URIRef(NAMES.graph("links"))))
            with pytest.raises(TableError, match=r"the dataset says already .*, or that nothing does"):
                describe_decisions(files, plans, dataset, NAMES)
