"""The real plan and what readers saw in it: nothing that the text names is left without a word about it."""

import re

import pytest
from rdflib import PROV, RDF, RDFS, Dataset, Graph, Namespace, URIRef

from crmgraph.describing import describe_background, describe_plan
from crmgraph.describing.vocabulary import CG, STATUS
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names
from crmgraph.reading import Plan, read_plan
from crmgraph.reading.folding import tidy
from crmgraph.reading.plan import CrossReference, Referral
from crmgraph.resources import resource

NAMES = Names()
ROOT = NAMES.id("plan", "crm")
INSTRUMENT_USE, TOPIC = Namespace(PREFIXES["instrument-use"]), Namespace(PREFIXES["topic"])
THE_PLAN_ITSELF = URIRef(NAMES.id("instrument", "plan-accion-crm"))
PARTICIPATION_ROLE = Namespace(PREFIXES["participation-role"])
DIRECT = (CG.topic, CG.populationGroup, CG.place, CG.meeting, CG.recursWith, CG.deferredTo)

# The mentions that no annotation explains: the element, the words, and why there is nothing to say of them.
UNEXPLAINED = {
    ("", "CONFERENCIA REGIONAL SOBRE MIGRACION"): "The title says whose plan it is, and is no element of it.",
    ("", "CRM"): "The same title.",
    (
        "vmd/1.2.1",
        "Gestión Migratoria",
    ): "It is in the title of the theme that is cited.",
    ("pgm/11.1.1.1", "CRM"): "It says whose Virtual Secretariat publishes, and takes no part itself.",
    ("pgm/7.1.1", "Gobiernos"): "In the title of the memorandum, of the States that are its parties.",
    ("pgm/7.2.1", "Conferencia Regional sobre Migración"): "In the title of the programme, which says whose members.",
    ("pgm/7.2.1", "CRM"): "The same title.",
    ("pgm/7.2.1", "Proceso Puebla"): "The same title.",
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan(resource("data") / "source" / "crm.txt")


@pytest.fixture(scope="module")
def everything(plan: Plan) -> Dataset:
    background = describe_background(resource("ontology"), resource("data"), NAMES)
    dataset = Dataset()
    for part in (background.dataset, describe_plan(plan, background)):
        for subject, predicate, value, graph in part.quads():
            dataset.graph(URIRef(str(graph))).add((subject, predicate, value))
    return dataset


@pytest.fixture(scope="module")
def graph(everything: Dataset) -> Graph:
    return everything.graph(URIRef(NAMES.graph("plan", "crm")))


def explained(graph: Graph, element: URIRef) -> set[URIRef]:
    """What the annotations of an element name."""
    named = {thing for predicate in DIRECT for thing in graph.objects(element, predicate)}
    for node in graph.objects(element, CG.participation):
        named |= set(graph.objects(node, CG.agent))
    for node in graph.objects(element, CG.instrumentUse):
        named |= set(graph.objects(node, CG.instrument))
    for event in graph.subjects(CG.toldIn, element):
        for predicate in (CG.eventAgent, CG.place, CG.meeting):
            named |= set(graph.objects(event, predicate))
    return {URIRef(str(thing)) for thing in named}


def words(graph: Graph, plan: Plan, node: URIRef) -> str:
    start, end = str(graph.value(node, CG.passage)).rpartition("/")[2].split("-")
    return plan.source.text[int(start) : int(end)]


def test_every_mention_is_explained_by_an_annotation_of_its_element(
    everything: Dataset, graph: Graph, plan: Plan
) -> None:
    reference = everything.graph(URIRef(NAMES.graph("reference")))
    left = set()
    for mention in graph.subjects(RDF.type, CG.Mention):
        element, thing = (URIRef(str(graph.value(mention, name))) for name in (CG.inElement, CG.mentioned))
        things = explained(graph, element)
        members = set(reference.objects(thing, CG.member))
        if thing not in things and not (members and members <= things):
            left.add((str(element).removeprefix(ROOT).removeprefix("/"), words(graph, plan, URIRef(str(mention)))))
    assert left == set(UNEXPLAINED)


def test_every_annotation_in_the_tables_is_in_the_graph(graph: Graph) -> None:
    folder = resource("data") / "annotations" / "crm"
    for name, class_ in (
        ("participations", (CG.Participation,)),
        ("instrument-uses", (CG.InstrumentUse,)),
        ("events", (CG.PastEvent, CG.PlannedEvent)),
    ):
        rows = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert sum(1 for each in class_ for _ in graph.subjects(RDF.type, each)) == len(rows) - 1 > 0


def test_every_annotation_has_labels_words_and_a_reader(graph: Graph) -> None:
    for class_ in (CG.Participation, CG.InstrumentUse, CG.PastEvent, CG.PlannedEvent):
        for node in graph.subjects(RDF.type, class_):
            assert {getattr(label, "language", None) for label in graph.objects(node, RDFS.label)} == {"es", "en"}
            assert len(list(graph.objects(node, CG.passage))) == 1
            assert len(list(graph.objects(node, PROV.wasAttributedTo))) == 1


def test_every_direct_statement_of_an_element_has_its_ground(graph: Graph) -> None:
    said = {
        (graph.value(node, CG.subject), graph.value(node, CG.predicate),
         graph.value(node, CG.object) or graph.value(node, CG.literal))
        for node in graph.subjects(RDF.type, CG.Statement)
    }  # fmt: skip
    parts = {URIRef(NAMES.id("plan", "crm"))} | set(graph.subjects(CG.order))
    for predicate in (
        CG.topic, CG.populationGroup, CG.place, CG.meeting, CG.recursWith, CG.date, CG.since, CG.recurrence, CG.delay,
        CG.status,
    ):  # fmt: skip
        triples = {(s, p, o) for s, p, o in graph.triples((None, predicate, None)) if s in parts}
        assert triples <= said
        assert triples
    english = {
        (s, RDFS.label, label)
        for s, label in graph.subject_objects(RDFS.label)
        if s in parts and getattr(label, "language", None) == "en"
    }
    referring = {CG.Referral, CG.CrossReference}
    assert {triple for triple in english if graph.value(triple[0], RDF.type) not in referring} <= said


def test_every_referral_is_a_use_of_the_work_plan_of_its_network(graph: Graph, plan: Plan) -> None:
    referring = {parent.id: part for part, parent in plan.walk() if isinstance(part, Referral) and parent}
    used = {
        str(graph.value(None, CG.instrumentUse, use)).removeprefix(f"{ROOT}/"): (
            str(graph.value(use, CG.instrument)).rpartition("/")[2],
            tidy(words(graph, plan, URIRef(str(use)))),
        )
        for use in graph.subjects(CG.use, INSTRUMENT_USE["referred-to"])
        if (use, CG.instrument, THE_PLAN_ITSELF) not in graph
    }
    assert used == {
        id_: (
            "plan-trabajo-red-trata" if "Trata" in part.text
            else "plan-trabajo-red-proteccion-consular" if "onsular" in part.text
            else "planes-trabajo-redes",
            tidy(part.text),
        )
        for id_, part in referring.items()
    }  # fmt: skip


def test_where_the_plan_speaks_of_itself_it_is_an_instrument(graph: Graph, plan: Plan) -> None:
    uses = set(graph.subjects(CG.instrument, THE_PLAN_ITSELF))
    saying = {str(graph.value(None, CG.instrumentUse, use)).removeprefix(f"{ROOT}/") for use in uses}
    parts = [part for part, _ in plan.walk() if part.id and not isinstance(part, CrossReference)]
    assert saying == {part.id for part in parts if "plan de acción" in tidy(part.text)}


@pytest.mark.parametrize(
    ("element", "instrument", "use"),
    [
        ("pgm/1", "compromisos-crm", "built-on"),
        ("pgm/1.2.1", "legislacion-nacional", "dealt-with"),
        ("pgm/4.1", "plan-trabajo-regional", "drawn-up"),
        ("pgm/7.2.1.1", "acuerdos-pais", "cited"),
        ("pgm/11.1.2.1", "lineamientos-participacion-foros", "drawn-up"),
        ("dh/1", "instrumentos-internacionales-ddhh", "cited"),
        ("dh/1", "disposiciones-derechos-migrantes", "complied-with"),
        ("dh/3.1", "derecho-internacional", "cited"),
        ("dh/3.2", "legislacion-nacional", "dealt-with"),
    ],
)
def test_instruments_that_the_plan_relies_on_without_a_name(
    graph: Graph, element: str, instrument: str, use: str
) -> None:
    uses = graph.objects(URIRef(f"{ROOT}/{element}"), CG.instrumentUse)
    thing = URIRef(NAMES.id("instrument", instrument))
    assert [graph.value(each, CG.use) for each in uses if (each, CG.instrument, thing) in graph] == [
        INSTRUMENT_USE[use]
    ]


def test_the_region_is_where_the_plan_says_la_region_or_that_something_is_regional(graph: Graph, plan: Plan) -> None:
    region = URIRef(NAMES.id("place", "region"))
    said = re.compile(r"la región|(?<!Conferencia )(?<!extra-)(?<!procesos )regional", re.IGNORECASE)
    placed = {str(each) for each in graph.subjects(CG.place, region)}
    assert placed == {
        NAMES.id("event", "crm", "casos-estudio-trata-trafico"),
        *(f"{ROOT}/{part.id}" for part, _ in plan.walk() if said.search(part.text)),
    }


@pytest.mark.parametrize(
    ("topic", "elements"),
    [
        ("refugee-protection", {"dh/1.2", "dh/3", "dh/3.1", "dh/3.2", "dh/5", "dh/5.1"}),
        ("child-protection", {"pgm/7.1.2", "dh/2", "dh/2.1", "dh/2.1.1"}),
        ("dignified-return", {"pgm/7", "pgm/7.1"}),
        ("orderly-return", {"pgm/7.1.1"}),
    ],
)
def test_a_topic_is_had_by_all_elements_whose_words_treat_of_it(graph: Graph, topic: str, elements: set[str]) -> None:
    assert {str(each) for each in graph.subjects(CG.topic, TOPIC[topic])} == {f"{ROOT}/{each}" for each in elements}


def test_a_return_is_dignified_only_where_the_words_say_so(graph: Graph, plan: Plan) -> None:
    saying = [words(graph, plan, URIRef(str(each))) for each in graph.subjects(CG.object, TOPIC["dignified-return"])]
    assert saying
    assert all("dign" in each.casefold() for each in saying), saying


def test_a_cross_reference_has_no_topic_but_those_of_its_own_words(graph: Graph) -> None:
    assert not list(graph.objects(URIRef(f"{ROOT}/vmd/1.2.1"), CG.topic))


def test_what_happened_and_what_is_planned_are_apart(graph: Graph) -> None:
    past, planned = (set(graph.subjects(RDF.type, class_)) for class_ in (CG.PastEvent, CG.PlannedEvent))
    assert past
    assert planned
    assert not past & planned
    assert not planned & set(graph.subjects(CG.fulfils))


@pytest.mark.parametrize("event", ["piloto-el-salvador", "piloto-honduras"])
def test_nobody_is_said_to_have_launched_the_pilot_projects(graph: Graph, event: str) -> None:
    assert list(graph.objects(URIRef(NAMES.id("event", "crm", event)), CG.eventAgent)) == []


def test_the_united_states_gave_their_cooperation(graph: Graph) -> None:
    roles = {
        graph.value(each, CG.role)
        for each in graph.objects(URIRef(f"{ROOT}/pgm/10.1.1.1"), CG.participation)
        if (each, CG.agent, URIRef(NAMES.id("country", "USA"))) in graph
    }
    assert roles == {PARTICIPATION_ROLE["cooperates"], PARTICIPATION_ROLE["country-of-departure"]}


def test_who_is_meant_is_the_readers_understanding_where_no_name_says_it(graph: Graph, plan: Plan) -> None:
    unsure = {str(part) for each in graph.subjects(CG.confidence) for part in graph.subjects(CG.participation, each)}
    named = {f"{ROOT}/{number}" for number in ("pgm/1.2", "pgm/3.1", "pgm/3.1.1", "dh/2.3")}
    assert unsure == {
        *named,
        *(f"{ROOT}/{part.id}" for part, _ in plan.walk() if part.kind == "Activity" and "cada red" in part.text),
    }


def test_the_place_and_date_of_the_meeting_are_not_those_of_the_report_that_was_prepared_for_it(graph: Graph) -> None:
    report, entry = URIRef(NAMES.id("event", "crm", "informe-tarifas-2005")), URIRef(f"{ROOT}/pgm/7.3.1.1")
    assert [str(each) for each in graph.objects(report, CG.meeting)] == [NAMES.id("meeting", "grcm-2005-03")]
    for predicate, value in ((CG.place, NAMES.id("place", "vancouver")), (CG.date, "2005-03")):
        assert [str(each) for each in graph.objects(entry, predicate)] == [value]
        assert list(graph.objects(report, predicate)) == []


def test_that_the_activities_of_the_presidency_are_watched_gives_it_no_duty(graph: Graph, plan: Plan) -> None:
    presidency = URIRef(NAMES.id("actor", "ppt"))
    found = {
        graph.value(each, CG.role): words(graph, plan, URIRef(str(each)))
        for each in graph.objects(URIRef(f"{ROOT}/dh/2.3"), CG.participation)
        if (each, CG.agent, presidency) in graph
    }
    assert found == {
        PARTICIPATION_ROLE["is-followed-up"]:
            "Monitorear las actividades de la red y las que lleve a cabo la Presidencia Pro-Témpore",
    }  # fmt: skip


def test_only_the_note_says_that_nothing_was_carried_out(graph: Graph, plan: Plan) -> None:
    note = URIRef(f"{ROOT}/vmd/4-a")
    assert list(graph.subjects(CG.status, STATUS["not-carried-out"])) == [note]
    [statement] = [each for each in graph.subjects(CG.subject, note) if (each, CG.predicate, CG.status) in graph]
    assert words(graph, plan, URIRef(str(statement))) == "no se han efectuado actividades concretas"


def test_every_term_that_is_used_is_in_the_ontology(everything: Dataset, graph: Graph) -> None:
    ontology = everything.graph(URIRef(NAMES.graph("ontology")))
    known = set(ontology.subjects())
    used = {term for triple in graph for term in triple if str(term).startswith(ONTOLOGY)}
    assert used - known == set()
