from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store
from rdflib import DCTERMS, FOAF, ORG, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef

from crmgraph.describing.vocabulary import CG, read_ontology
from crmgraph.resources import resource
from tests.support.reference import NAMES, concept, line_of, refused, states, texts, thing

CRM_MEMBERS = {"BLZ", "CAN", "CRI", "DOM", "GTM", "HND", "MEX", "NIC", "PAN", "SLV", "USA"}
ROLES = ("member", "participant", "observer", "partner", "secretariat")
TAKING_PART = {
    "5plus5": (10, 0, 1, 1, 0), "acp-eu": (0, 0, 0, 2, 0), "add": (16, 0, 11, 0, 1), "afml": (0, 8, 0, 3, 1),
    "almaty": (7, 0, 2, 0, 2), "arcp": (22, 0, 0, 0, 1), "asem": (0, 0, 0, 2, 0), "bali": (21, 0, 0, 4, 0),
    "budapest": (0, 52, 7, 0, 1), "cmc": (0, 22, 2, 2, 0), "colombo": (11, 0, 8, 0, 1), "eappma": (0, 14, 0, 1, 0),
    "eu-celac": (0, 0, 0, 2, 0), "fibemyd": (22, 0, 0, 0, 1), "idm": (0, 0, 0, 0, 1), "igad-rcp": (8, 0, 0, 1, 1),
    "igc": (0, 18, 0, 3, 0), "khartoum": (41, 0, 0, 2, 0), "la-declaration": (0, 15, 0, 0, 0),
    "midcas": (10, 0, 0, 1, 1), "midcom": (21, 0, 0, 1, 1), "midsa": (16, 0, 0, 1, 1), "midwa": (15, 0, 5, 0, 1),
    "mtm": (0, 45, 1, 0, 1), "niamey": (0, 13, 0, 6, 1), "ocam": (7, 1, 1, 1, 1), "pidc": (21, 0, 0, 0, 0),
    "prague": (0, 48, 0, 0, 1), "quito": (11, 0, 0, 0, 0), "rabat": (57, 0, 13, 2, 1), "rcm": (11, 0, 18, 2, 1),
    "sacm": (12, 0, 5, 0, 1),
}  # fmt: skip
"""How many take part in each process, in the order of ROLES; four processes have nobody whom a source names."""
NOBODY = {"apc", "gfmd"}


def of(processes: Graph, process: str, role: str) -> set[URIRef]:
    """Who takes part in a process in a role."""
    tie = {"member": CG.memberIn, "observer": CG.observerIn}.get(role, CG.process)
    return {
        URIRef(str(agent))
        for membership in processes.subjects(tie, thing(f"process/{process}"))
        if (membership, CG.role, concept(f"membership-role#{role}")) in processes
        for agent in processes.objects(membership, CG.agent)
    }


def test_all_processes_and_who_takes_part_in_them_as_what(processes: Graph) -> None:
    found = {str(p).rpartition("/")[2] for p in processes.subjects(RDF.type, CG.ConsultativeProcess)}
    assert found == set(TAKING_PART) | NOBODY
    assert len(found) == 34
    for process in found:
        numbers = tuple(len(of(processes, process, role)) for role in ROLES)
        assert numbers == TAKING_PART.get(process, (0, 0, 0, 0, 0)), process


def test_all_memberships(processes: Graph) -> None:
    memberships = set(processes.subjects(RDF.type, CG.Membership))
    of_states = [m for m in memberships if "/country/" in str(processes.value(m, CG.agent))]
    assert (len(memberships), len(of_states)) == (614 + 93, 614)


@pytest.mark.parametrize(
    ("process", "role", "codes"),
    [
        ("rcm", "member", CRM_MEMBERS),
        ("rcm", "observer", {"ARG", "COL", "ECU", "JAM", "PER"}),
        ("sacm", "observer", {"MEX"}),
        ("colombo", "member", {"AFG", "BGD", "CHN", "IDN", "IND", "LKA", "NPL", "PAK", "PHL", "THA", "VNM"}),
        ("5plus5", "member", {"DZA", "ESP", "FRA", "ITA", "LBY", "MAR", "MLT", "MRT", "PRT", "TUN"}),
        ("quito", "member", {"ARG", "BRA", "CHL", "COL", "CRI", "ECU", "MEX", "PAN", "PER", "PRY", "URY"}),
        ("ocam", "participant", {"DOM"}),
    ],
)
def test_the_states_of_some_processes(processes: Graph, process: str, role: str, codes: set[str]) -> None:
    found = {str(agent).rpartition("/")[2] for agent in of(processes, process, role) if "/country/" in str(agent)}
    assert found == codes


def test_the_crm_has_thirteen_organisations_as_observers(processes: Graph) -> None:
    organisations = {agent for agent in of(processes, "rcm", "observer") if "/actor/" in agent}
    assert len(organisations) == 13
    assert {thing("actor/oim"), thing("actor/acnur")} <= organisations


def test_the_south_american_conference_has_its_observers(processes: Graph) -> None:
    paths = ("country/MEX", "actor/acnur", "actor/can", "actor/cepal", "actor/cicr")
    assert of(processes, "sacm", "observer") == {thing(path) for path in paths}


def test_partners_and_secretariats_are_neither_members_nor_observers(processes: Graph) -> None:
    partner = thing("membership/rcm-rrocm-partner")
    assert processes.value(partner, CG.agent) == thing("network/rrocm")
    assert processes.value(partner, CG.process) == thing("process/rcm")
    assert not list(processes.objects(partner, CG.memberIn))
    assert not list(processes.objects(partner, CG.observerIn))


def test_who_belongs_is_said_by_memberships_alone(processes: Graph) -> None:
    for predicate in (CG.member, CG.memberOf, CG.observer, CG.observerOf, CG.takesPartIn, CG.participant):
        assert not list(processes.triples((None, predicate, None)))


def test_who_belongs_follows_from_the_memberships(store: Store) -> None:
    asked = "SELECT ?state {{ {} {{ <{}> <{}> ?state . ?state a <{}> }} }}"
    process, member, state = (str(term) for term in (thing("process/rcm"), CG.member, CG.State))
    union = store.query(asked.format("", process, member, state), use_default_graph_as_union=True)
    assert isinstance(union, QuerySolutions)
    assert {row["state"].value.rpartition("/")[2] for row in union} == CRM_MEMBERS
    ours = store.query(asked.format(f"GRAPH <{NAMES.graph('processes')}>", process, member, state))
    assert isinstance(ours, QuerySolutions)
    assert not list(ours)


def test_every_membership_is_in_one_process_and_is_of_its_agent(processes: Graph) -> None:
    for membership in processes.subjects(RDF.type, CG.Membership):
        ties = [p for tie in (CG.memberIn, CG.observerIn, CG.process) for p in processes.objects(membership, tie)]
        assert len(ties) == 1
        (agent,) = processes.objects(membership, CG.agent)
        assert list(processes.objects(membership, ORG.member)) == [agent]
        assert list(processes.subjects(CG.membership, membership)) == [agent]
        assert list(processes.objects(membership, CG.role)) == list(processes.objects(membership, ORG.role))
        assert list(processes.objects(membership, CG.confidence))


def test_a_membership_keeps_who_what_since_when_and_its_own_sources(processes: Graph) -> None:
    membership = thing("membership/rcm-MEX")
    assert processes.value(membership, CG.memberIn) == thing("process/rcm")
    assert processes.value(membership, CG.agent) == thing("country/MEX")
    assert processes.value(membership, CG.since) == Literal("1996", datatype=XSD.gYear)
    assert processes.value(membership, CG.confidence) == concept("confidence#high")
    assert set(processes.objects(membership, DCTERMS.source)) == {
        URIRef("http://migracioninternacional.com/docum/confregI_e.html"),
        URIRef("https://portal.crmsv.org/en/about-us"),
    }
    assert texts(processes, membership, RDFS.label, "es") == ["México – Conferencia Regional sobre Migración"]


def test_no_year_is_made_up(processes: Graph) -> None:
    membership = thing("membership/rcm-DOM")
    assert (membership, RDF.type, CG.Membership) in processes
    assert processes.value(membership, CG.since) is None


@pytest.mark.parametrize(
    ("path", "confidence", "words"),
    [
        ("rcm-DOM", "medium", "among the eleven of Washington (2000)"),
        ("rcm-SLV", "high", "Refworld leaves it out"),
        ("midwa-NER", "low", "left ECOWAS in January 2025"),
        ("almaty-PAK-observer", "low", "eight members, with Iran and Pakistan as participants"),
        ("rabat-ISL", "low", "not in the declaration of 2018"),
        ("rabat-SVK", "high", "added from the declaration of 2018"),
        ("khartoum-GBR", "medium", "Counted as in 2014"),
    ],
)
def test_what_is_doubtful_about_a_membership_is_said(processes: Graph, path: str, confidence: str, words: str) -> None:
    membership = thing(f"membership/{path}")
    assert processes.value(membership, CG.confidence) == concept(f"confidence#{confidence}")
    (english,) = texts(processes, membership, SKOS.note, "en")
    assert words in english
    assert len(texts(processes, membership, SKOS.note, "es")) == 1


def test_what_an_encyclopaedia_says_is_less_sure_than_what_an_organisation_says(processes: Graph) -> None:
    assert processes.value(thing("membership/khartoum-ETH"), CG.confidence) == concept("confidence#medium")
    assert processes.value(thing("membership/pidc-WSM"), CG.confidence) == concept("confidence#high")


@pytest.mark.parametrize(
    ("path", "spanish", "english"),
    [
        (
            "sacm-MEX-observer",
            "México – Conferencia Suramericana sobre Migraciones (observador)",
            "Mexico – South American Conference on Migration (observer)",
        ),
        (
            "rcm-oim-secretariat",
            "Organización Internacional para las Migraciones – Conferencia Regional sobre Migración (secretaría)",
            "International Organization for Migration – Regional Conference on Migration (secretariat)",
        ),
        (
            "mtm-icmpd-secretariat",
            "Centro Internacional para la Formulación de Políticas Migratorias – "
            "Diálogo sobre la Migración de Tránsito en el Mediterráneo (secretaría)",
            "International Centre for Migration Policy Development – "
            "Mediterranean Transit Migration Dialogue (secretariat)",
        ),
    ],
)  # fmt: skip
def test_the_label_of_a_membership_says_in_which_capacity(
    processes: Graph, path: str, spanish: str, english: str
) -> None:
    labels = set(processes.objects(thing(f"membership/{path}"), RDFS.label))
    assert labels == {Literal(spanish, "es"), Literal(english, "en")}


def test_no_two_memberships_look_alike_and_capacities_are_called_as_in_their_vocabulary(processes: Graph) -> None:
    terms = read_ontology(resource("ontology"))
    seen = Counter[str]()
    for class_ in (CG.Membership, CG.Presidency):
        for membership in processes.subjects(RDF.type, class_):
            role = processes.value(membership, CG.role)
            for label in processes.objects(membership, RDFS.label):
                assert isinstance(label, Literal)
                seen[f"{label}@{label.language}"] += 1
                (called,) = texts(terms, URIRef(str(role)), SKOS.prefLabel, str(label.language))
                end = (
                    f" ({called}, {processes.value(membership, CG.year)})"
                    if class_ == CG.Presidency
                    else f" ({called})"
                )
                assert label.endswith(end) is not str(role).endswith("#member"), label  # fmt: skip
    assert set(seen.values()) == {1}


@pytest.mark.parametrize(
    ("process", "spanish", "english", "ours", "acronyms", "level", "status", "year"),
    [
        ("rcm", "Conferencia Regional sobre Migración", "Regional Conference on Migration", False,
         {"CRM", "RCM"}, "regional", "active", "1996"),
        ("gfmd", "Foro Mundial sobre Migración y Desarrollo", "Global Forum on Migration and Development", False,
         {"GFMD"}, "global", "active", "2007"),
        ("midcas", "Diálogo sobre Migración para los Estados de África Central",
         "Migration Dialogue for Central African States", True, {"MIDCAS"}, "regional", "dormant", "2012"),
        ("rabat", "Diálogo Euroafricano sobre Migración y Desarrollo",
         "Euro-African Dialogue on Migration and Development", True, set(), "interregional", "active", "2006"),
        ("quito", "Proceso de Quito", "Quito Process", False, set(), "regional", None, "2018"),
    ],
)  # fmt: skip
def test_a_process_is_described(
    processes: Graph, process: str, spanish: str, english: str, ours: bool, acronyms: set[str], level: str,
    status: str | None, year: str,
) -> None:  # fmt: skip
    subject = thing(f"process/{process}")
    assert texts(processes, subject, RDFS.label, "es") == [spanish]
    assert texts(processes, subject, RDFS.label, "en") == [english]
    marks = texts(processes, subject, SKOS.editorialNote, "en")
    assert marks == (["The Spanish name is a translation by crmgraph."] if ours else [])
    assert {str(acronym) for acronym in processes.objects(subject, SKOS.notation)} == acronyms
    assert processes.value(subject, CG.processLevel) == concept(f"process-level#{level}")
    assert processes.value(subject, CG.processStatus) == (concept(f"process-status#{status}") if status else None)
    assert processes.value(subject, CG.since) == Literal(year, datatype=XSD.gYear)
    for language in ("es", "en"):
        assert texts(processes, subject, DCTERMS.description, language)


@pytest.mark.parametrize(
    ("process", "language", "name"),
    [
        ("rcm", "es", "Proceso Puebla"), ("sacm", "es", "Proceso de Lima"), ("bali", "es", "Proceso de Bali"),
        ("igad-rcp", "en", "MID-IGAD"), ("eappma", "en", "Söderköping Process"), ("add", "en", "Abu Dhabi Dialogue"),
        ("ocam", "es", "Organización Centroamericana de Migración"), ("khartoum", "en", "Khartoum Process"),
    ],
)  # fmt: skip
def test_other_names_of_a_process(processes: Graph, process: str, language: str, name: str) -> None:
    assert name in texts(processes, thing(f"process/{process}"), SKOS.altLabel, language)


def test_an_english_acronym_is_no_spanish_name(processes: Graph) -> None:
    assert "ADD" in texts(processes, thing("process/add"), SKOS.altLabel, "en")
    assert "ADD" not in texts(processes, thing("process/add"), SKOS.altLabel, "es")


def test_notes_come_in_both_languages(processes: Graph) -> None:
    for class_ in (CG.ConsultativeProcess, CG.Membership, CG.Presidency):
        for subject in processes.subjects(RDF.type, class_):
            spanish, english = (texts(processes, URIRef(str(subject)), SKOS.note, lang) for lang in ("es", "en"))
            assert len(spanish) == len(english), subject
    assert texts(processes, thing("process/midcas"), SKOS.note, "en") == [
        "Dormant since 2016. The ECCAS secretariat serves it ad interim. Its French acronym is DIMAC."
    ]
    assert processes.value(thing("process/midcas"), FOAF.page) == URIRef(
        "https://www.iom.int/migration-dialogue-central-african-states-midcas"
    )


def test_who_presided_over_the_crm_in_which_year(processes: Graph) -> None:
    found = {
        str(processes.value(presidency, CG.year)): str(processes.value(presidency, CG.agent)).rpartition("/")[2]
        for presidency in processes.subjects(RDF.type, CG.Presidency)
    }
    assert found == {
        "2006": "SLV", "2007": "USA", "2011": "DOM", "2012": "PAN", "2017": "SLV", "2018": "PAN", "2019": "GTM",
        "2020": "CRI", "2021": "MEX", "2022": "SLV", "2023": "PAN", "2024": "BLZ",
    }  # fmt: skip


def test_a_presidency_is_a_role_with_its_source_and_how_sure_it_is(processes: Graph) -> None:
    guessed = thing("presidency/rcm-2020")
    assert processes.value(guessed, CG.process) == thing("process/rcm")
    assert processes.value(guessed, CG.year) == Literal("2020", datatype=XSD.gYear)
    assert processes.value(guessed, CG.role) == concept("membership-role#presidency")
    assert processes.value(guessed, CG.confidence) == concept("confidence#low")
    assert "troika of 2019" in texts(processes, guessed, SKOS.note, "en")[0]
    assert (thing("country/CRI"), CG.membership, guessed) in processes
    assert texts(processes, guessed, RDFS.label, "es") == [
        "Costa Rica – Conferencia Regional sobre Migración (presidencia, 2020)"
    ]
    assert states(processes, "presidency/rcm-2024", CG.agent) == {"BLZ"}
    assert len(list(processes.objects(thing("presidency/rcm-2024"), DCTERMS.source))) == 2


@pytest.mark.parametrize(
    ("table", "cells", "change", "column", "words"),
    [
        ("processes", {"id": "rcm"}, {"level": "national"}, "level", "is not one of regional, interregional, global"),
        ("processes", {"id": "rcm"}, {"status": "alive"}, "status", "is not one of active, dormant"),
        ("processes", {"id": "rcm"}, {"since_year": "96"}, "since_year", "is not a year of four digits"),
        ("processes", {"id": "rcm"}, {"label_es_by": "me"}, "label_es_by", "is not crmgraph"),
        ("processes", {"id": "rcm"}, {"label_es": ""}, "label_es", "the cell is empty"),
        ("processes", {"id": "rcm"}, {"source_url": ""}, "source_url", "the cell is empty"),
        ("memberships", {"process": "rcm", "agent": "country/DOM"}, {"process": "rcmx"}, "process",
         "no table has process/rcmx"),
        ("memberships", {"process": "rcm", "agent": "country/DOM"}, {"agent": "country/QQQ"}, "agent",
         "no table has country/QQQ"),
        ("memberships", {"process": "rcm", "agent": "country/DOM"}, {"agent": "DOM"}, "agent", "is not a path"),
        ("memberships", {"process": "rcm", "agent": "country/DOM"}, {"role": "friend"}, "role",
         "is not one of member, participant"),
        ("memberships", {"process": "rcm", "agent": "country/DOM"}, {"confidence": ""}, "confidence",
         "the cell is empty"),
        ("memberships", {"process": "rcm", "agent": "country/USA"}, {"agent": "country/CRI"}, "process",
         "rcm, country/CRI, member is already in line"),
        ("presidencies", {"year": "2020"}, {"year": "20"}, "year", "is not a year of four digits"),
        ("presidencies", {"year": "2024"}, {"year": "2021"}, "process", "rcm, 2021 is already in line"),
        ("presidencies", {"year": "2020"}, {"state": "ZZZ"}, "state", "no table has country/ZZZ"),
        ("presidencies", {"year": "2020"}, {"process": "rcx"}, "process", "no table has process/rcx"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named(
    folder: Path, table: str, cells: dict[str, str], change: dict[str, str], column: str, words: str
) -> None:
    at, message = refused(folder, table, line_of(folder, table, **cells), change)
    assert at == column
    assert words in message


def test_two_conferences_are_also_known_by_their_own_pages(processes: Graph) -> None:
    for process, page in (
        ("rcm", "https://crmsv.org/en/about-us"),
        (
            "sacm",
            "https://csmigraciones.org/es/noticias/"
            "bolivia-fue-sede-de-la-xviii-conferencia-suramericana-sobre-migraciones",
        ),
    ):
        assert URIRef(page) in set(processes.objects(thing(f"process/{process}"), DCTERMS.source))


def test_the_note_on_who_is_listed_tells_observers_from_participants(processes: Graph) -> None:
    notes = {language: texts(processes, thing("process/mtm"), SKOS.note, language) for language in ("es", "en")}
    assert any("45 de sus 46 participantes, y Australia como observador" in note for note in notes["es"])
    assert any("45 of its 46 participants are listed, and Australia as observer" in note for note in notes["en"])
