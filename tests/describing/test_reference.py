import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest
from rdflib import DCTERMS, ORG, OWL, RDF, RDFS, SDO, SKOS, XSD, BNode, Dataset, Graph, Literal, URIRef

from crmgraph.describing.columns import ACTORS, INSTRUMENTS, MEMBERSHIPS, NETWORKS, PROCESSES, SOURCES, STATES
from crmgraph.describing.naming import Lexicon
from crmgraph.describing.reference import describe_reference
from crmgraph.describing.vocabulary import CG, read_ontology
from crmgraph.errors import TableError
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.resources import resource

NAMES = Names()
CRM_MEMBERS = {"BLZ", "CAN", "CRI", "DOM", "GTM", "HND", "MEX", "NIC", "PAN", "SLV", "USA"}


def thing(path: str) -> URIRef:
    return URIRef(NAMES.id(*path.split("/")))


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return describe_reference(resource("data") / "reference", NAMES)


@pytest.fixture(scope="module")
def reference(dataset: Dataset) -> Graph:
    return dataset.graph(URIRef(NAMES.graph("reference")))


@pytest.fixture(scope="module")
def processes(dataset: Dataset) -> Graph:
    return dataset.graph(URIRef(NAMES.graph("processes")))


@pytest.fixture(scope="module")
def everything(reference: Graph, processes: Graph) -> Graph:
    return reference + processes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(resource("data") / "reference", tmp_path / "reference"))


def change(folder: Path, table: str, line: int, **cells: str) -> None:
    """Overwrites cells of the row at `line` (the header is line 1)."""
    file = folder / f"{table}.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    for name, cell in cells.items():
        rows[line - 1][rows[0].index(name)] = cell
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def codes(graph: Graph, subject: str, predicate: URIRef) -> set[str]:
    states = NAMES.id("country", "")
    return {
        str(state).removeprefix(states) for state in graph.objects(thing(subject), predicate) if states in str(state)
    }


def test_the_crm_has_its_eleven_members(processes: Graph) -> None:
    assert codes(processes, "process/rcm", CG.member) == CRM_MEMBERS


def test_the_crm_has_its_observers(processes: Graph) -> None:
    assert codes(processes, "process/rcm", CG.observer) == {"ARG", "COL", "ECU", "JAM", "PER"}
    organisations = {o for o in processes.objects(thing("process/rcm"), CG.observer) if "/actor/" in str(o)}
    assert len(organisations) == 13
    assert {thing("actor/oim"), thing("actor/acnur")} <= organisations


def test_the_memorandum_has_its_five_parties(reference: Graph) -> None:
    assert codes(reference, "instrument/mou-2006", CG.party) == {"MEX", "SLV", "GTM", "HND", "NIC"}


def test_the_memorandum_is_described_as_its_sources_have_it(reference: Graph) -> None:
    memorandum = thing("instrument/mou-2006")
    assert reference.value(memorandum, DCTERMS.date) == Literal("2006-05", datatype=XSD.gYearMonth)
    assert "Repatriación Digna" in str(reference.value(memorandum, DCTERMS.title))
    (as_in_the_plan,) = reference.objects(memorandum, SKOS.altLabel)
    assert str(as_in_the_plan).endswith(
        "para la Repatriación Ordenada, Ágil y Segura de Nacionales Migrantes Centroamericanos Vía Terrestre"
    )
    assert str(reference.value(memorandum, CG.instrumentKind)).endswith("instrument-kind#memorandum-of-understanding")
    assert str(reference.value(memorandum, CG.confidence)).endswith("confidence#high")
    assert any("Honduras did not sign" in str(note) for note in reference.objects(memorandum, SKOS.note))


def test_a_title_that_is_our_translation_is_marked_as_ours(reference: Graph) -> None:
    memorandum, declaration = thing("instrument/mou-2006"), thing("instrument/udhr-1948")
    assert {title.language for title in reference.objects(memorandum, DCTERMS.title)} == {"es"}  # type: ignore[attr-defined]
    assert Literal("The English title is a translation by crmgraph.", "en") in set(
        reference.objects(memorandum, SKOS.editorialNote)
    )
    assert {title.language for title in reference.objects(declaration, DCTERMS.title)} == {"es", "en"}  # type: ignore[attr-defined]
    assert not list(reference.objects(declaration, SKOS.editorialNote))


@pytest.mark.parametrize(
    ("path", "kind", "undertaking"),
    [
        ("fondo-alta-vulnerabilidad", "fund", True),
        ("programa-extrarregionales", "programme", True),
        ("udhr-1948", "declaration", False),
        ("manual-docs-fraudulentos", "manual", False),
    ],
)
def test_a_fund_and_a_programme_are_undertakings_and_other_instruments_are_not(
    reference: Graph, path: str, kind: str, undertaking: bool
) -> None:
    instrument = thing(f"instrument/{path}")
    assert (instrument, RDF.type, CG.Instrument) in reference
    assert ((instrument, RDF.type, CG.Undertaking) in reference) is undertaking
    assert str(reference.value(instrument, CG.instrumentKind)).endswith(f"instrument-kind#{kind}")


def test_a_state_has_codes_names_and_matches(reference: Graph) -> None:
    mexico = thing("country/MEX")
    assert (mexico, RDF.type, CG.State) in reference
    assert set(reference.objects(mexico, SKOS.notation)) == {Literal("MX"), Literal("MEX"), Literal("484")}
    assert reference.value(mexico, CG.iso3) == Literal("MEX")
    assert set(reference.objects(mexico, RDFS.label)) == {Literal("México", "es"), Literal("Mexico", "en")}
    assert Literal("Estados Unidos Mexicanos", "es") in set(reference.objects(mexico, SKOS.altLabel))
    assert set(reference.objects(mexico, SDO.sameAs)) == {
        URIRef("http://www.wikidata.org/entity/Q96"),
        URIRef("https://sws.geonames.org/3996063/"),
        URIRef("http://publications.europa.eu/resource/authority/country/MEX"),
    }


def test_nothing_but_a_concept_is_matched_with_skos(everything: Graph) -> None:
    mappings = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
    assert not [triple for mapping in mappings for triple in everything.triples((None, mapping, None))]


def test_codes_keep_their_leading_zeros(reference: Graph) -> None:
    assert reference.value(thing("country/ARG"), CG.m49) == Literal("032")


@pytest.mark.parametrize(
    ("path", "class_"),
    [
        ("actor/ppt", "Organ"),
        ("actor/grcm", "Organ"),
        ("actor/oim", "Organisation"),
        ("actor/ceam", "Organisation"),
        ("actor/aerolineas", "AgentGroup"),
        ("network/red-trata", "Network"),
        ("network/redes-enlace", "Network"),
        ("process/rcm", "ConsultativeProcess"),
        ("process/fibemyd", "ConsultativeProcess"),
    ],
)
def test_each_thing_has_one_class(everything: Graph, path: str, class_: str) -> None:
    assert set(everything.objects(thing(path), RDF.type)) == {CG[class_]}


def test_organs_and_networks_belong_to_their_process(reference: Graph) -> None:
    bodies = set(reference.subjects(CG.bodyOf, thing("process/rcm")))
    assert {thing("actor/ppt"), thing("actor/st"), thing("actor/grcm")} <= bodies
    networks = {thing(f"network/{name}") for name in ("red-trata", "red-proteccion-consular", "redes-enlace")}
    assert bodies & set(reference.subjects(RDF.type, CG.Network)) == networks, (
        "the civil-society network is none of them"
    )
    assert not bodies & set(reference.subjects(RDF.type, CG.Organisation))


def test_the_liaison_networks_together_have_the_two_that_are_described_as_members(reference: Graph) -> None:
    networks = {thing("network/red-trata"), thing("network/red-proteccion-consular")}
    assert set(reference.objects(thing("network/redes-enlace"), CG.member)) == networks
    assert set(reference.subjects(CG.member)) == {thing("network/redes-enlace")}


@pytest.mark.parametrize(
    ("path", "adopter"),
    [
        ("udhr-1948", "actor/onu"),
        ("ag-res-2326", "actor/oea"),
        ("lineamientos-nna-trata-2007", "actor/grcm"),
        ("lineamientos-nna-2016", "process/rcm"),
        ("manual-docs-fraudulentos", None),
        ("carta-estatutaria", None),
        ("plan-estrategico-2019-2022", None),
        ("lineamientos-nna-no-acompanados", None),
    ],
)
def test_who_adopted_an_instrument_is_said_where_a_source_says_it(
    reference: Graph, path: str, adopter: str | None
) -> None:
    adopters = list(reference.objects(thing(f"instrument/{path}"), CG.adoptedBy))
    assert adopters == ([thing(adopter)] if adopter else [])


def test_a_membership_keeps_who_what_since_when_and_its_own_sources(processes: Graph) -> None:
    membership = thing("membership/rcm-MEX")
    assert processes.value(membership, CG.process) == thing("process/rcm")
    assert processes.value(membership, CG.agent) == thing("country/MEX")
    assert (thing("country/MEX"), CG.membership, membership) in processes
    assert processes.value(membership, CG.since) == Literal("1996", datatype=XSD.gYear)
    assert str(processes.value(membership, CG.role)).endswith("membership-role#member")
    assert processes.value(membership, ORG.member) == thing("country/MEX")
    assert processes.value(membership, ORG.role) == processes.value(membership, CG.role)
    assert set(processes.objects(membership, DCTERMS.source)) == {
        URIRef("http://migracioninternacional.com/docum/confregI_e.html"),
        URIRef("https://portal.crmsv.org/en/about-us"),
    }
    assert Literal("México – Conferencia Regional sobre Migración", "es") in set(
        processes.objects(membership, RDFS.label)
    )


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
            "sacm-can-observer",
            "Secretaría General de la Comunidad Andina – Conferencia Suramericana sobre Migraciones (observador)",
            "General Secretariat of the Andean Community – South American Conference on Migration (observer)",
        ),
    ],
)
def test_the_label_of_a_membership_says_in_which_capacity(
    processes: Graph, path: str, spanish: str, english: str
) -> None:
    labels = set(processes.objects(thing(f"membership/{path}"), RDFS.label))
    assert labels == {Literal(spanish, "es"), Literal(english, "en")}


def test_no_two_memberships_look_alike_and_capacities_are_called_as_in_their_vocabulary(processes: Graph) -> None:
    terms = read_ontology(resource("ontology"))
    seen = Counter[str]()
    for membership in processes.subjects(RDF.type, CG.Membership):
        for label in processes.objects(membership, RDFS.label):
            assert isinstance(label, Literal)
            seen[f"{label}@{label.language}"] += 1
            role = processes.value(membership, CG.role)
            (called,) = (n for n in terms.objects(role, SKOS.prefLabel) if getattr(n, "language", "") == label.language)
            assert label.endswith(f" ({called})") is not str(role).endswith("#member"), label
    assert set(seen.values()) == {1}


def test_the_south_american_conference_has_its_observers(processes: Graph) -> None:
    assert set(processes.objects(thing("process/sacm"), CG.observer)) == {
        thing(path) for path in ("country/MEX", "actor/acnur", "actor/can", "actor/cepal", "actor/cicr")
    }


def test_no_year_is_made_up(processes: Graph) -> None:
    membership = thing("membership/rcm-DOM")
    assert (membership, RDF.type, CG.Membership) in processes
    assert processes.value(membership, CG.since) is None


def test_every_direct_member_has_a_membership_that_says_so(processes: Graph) -> None:
    for predicate, role in ((CG.member, "member"), (CG.observer, "observer")):
        direct = set(processes.subject_objects(predicate))
        stated = {
            (processes.value(membership, CG.process), processes.value(membership, CG.agent))
            for membership in processes.subjects(RDF.type, CG.Membership)
            if str(processes.value(membership, CG.role)).endswith(f"membership-role#{role}")
        }
        assert direct == stated
        assert direct


def test_partners_and_secretariats_are_neither_members_nor_observers(processes: Graph) -> None:
    assert (thing("process/rcm"), CG.member, thing("network/rrocm")) not in processes
    assert (thing("process/rcm"), CG.observer, thing("network/rrocm")) not in processes
    assert processes.value(thing("membership/rcm-rrocm-partner"), CG.agent) == thing("network/rrocm")


def test_every_thing_has_a_class_a_label_in_both_languages_and_a_source(everything: Graph) -> None:
    things = set(everything.subjects(RDF.type, None))
    assert len(things) > 150
    assert things == set(everything.subjects()), "whatever is described has a class"
    for subject in things:
        assert sorted(str(name.language) for name in everything.objects(subject, RDFS.label)) == ["en", "es"], subject  # type: ignore[attr-defined]
        if "/id/source/" not in str(subject):
            assert list(everything.objects(subject, DCTERMS.source)), subject


def test_every_source_of_ours_is_described(everything: Graph) -> None:
    ours = {s for s in everything.objects(None, DCTERMS.source) if str(s).startswith(NAMES.id("source", ""))}
    described = set(everything.subjects(RDF.type, DCTERMS.BibliographicResource))
    assert described
    assert ours == described | {thing("source/crm")}


def test_whatever_a_statement_points_to_below_our_ids_is_there(everything: Graph) -> None:
    ids = NAMES.id("")
    pointed = {o for o in everything.objects() if isinstance(o, URIRef) and str(o).startswith(ids)}
    assert pointed - set(everything.subjects()) == {thing("source/crm")}


def test_every_term_that_is_used_is_in_the_ontology(everything: Graph) -> None:
    defined = set(read_ontology(resource("ontology")).subjects())
    used = {term for _, *terms in everything for term in terms if str(term).startswith(ONTOLOGY)}
    assert len(used) > 20
    assert not used - defined


def test_there_are_no_blank_nodes_and_no_same_as(everything: Graph) -> None:
    for subject, predicate, object_ in everything:
        assert not isinstance(subject, BNode)
        assert not isinstance(object_, BNode)
        assert predicate != OWL.sameAs


def test_each_graph_holds_its_own(reference: Graph, processes: Graph) -> None:
    assert set(processes.objects(None, RDF.type)) == {CG.ConsultativeProcess, CG.Membership}
    assert not set(reference.objects(None, RDF.type)) & {CG.ConsultativeProcess, CG.Membership}


def test_the_same_tables_give_the_same_statements_whatever_the_base() -> None:
    folder = resource("data") / "reference"
    other = Names("http://localhost/")
    once, again = (set(describe_reference(folder, NAMES).quads()) for _ in range(2))
    assert once == again
    moved = describe_reference(folder, other)
    assert len(set(moved.quads())) == len(once)
    states = moved.graph(URIRef("http://localhost/graph/reference"))
    assert (URIRef("http://localhost/id/country/MEX"), RDF.type, CG.State) in states


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("Red para el Combate a la Trata", "network/red-trata"),
        ("Red de Protección Consular", "network/red-proteccion-consular"),
        ("red de protección consular", "network/red-proteccion-consular"),
        ("redes de enlace", "network/redes-enlace"),
        ("cada red", "network/redes-enlace"),
        ("RROCM", "network/rrocm"),
        ("OIM", "actor/oim"),
        ("ACNUR", "actor/acnur"),
        ("Presidencia Pro Tempore", "actor/ppt"),
        ("Presidencia Pro-Témpore", "actor/ppt"),
        ("PPT", "actor/ppt"),
        ("ST", "actor/st"),
        ("SV", "actor/sv"),
        ("GRCM", "actor/grcm"),
        ("ONG’s", "actor/ong"),
        ("líneas aéreas", "actor/aerolineas"),
        ("países miembros", "actor/paises-miembros"),
        ("CEAM", "actor/ceam"),
        ("CSM", "process/sacm"),
        ("FYBEMID", "process/fibemyd"),
        ("CRM", "process/rcm"),
        ("Proceso Puebla", "process/rcm"),
        ("Estados Unidos Mexicanos", "country/MEX"),
        ("Estados Unidos de América", "country/USA"),
        ("Estados Unidos", "country/USA"),
        ("República de El Salvador", "country/SLV"),
        ("Declaración Universal de los Derechos Humanos de 1948", "instrument/udhr-1948"),
    ],
)
def test_the_names_of_the_plan_lead_to_one_thing(everything: Graph, words: str, path: str) -> None:
    source = " ".join((resource("data") / "source" / "crm.txt").read_text(encoding="utf-8").split())
    assert words in source
    assert [(m.start, m.end, m.iri) for m in Lexicon(everything).find(words)] == [(0, len(words), str(thing(path)))]


def test_every_mention_in_the_plan_of_the_memorandum_is_found(reference: Graph) -> None:
    source = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")
    found = Lexicon(reference, (CG.Instrument,)).find(source)
    assert str(thing("instrument/mou-2006")) in {mention.iri for mention in found}


@pytest.mark.parametrize(
    ("table", "line", "cells", "column", "words"),
    [
        ("instruments", 2, {"parties": "MEX|ZZZ"}, "parties", "no table has country/ZZZ"),
        ("instruments", 2, {"adopted_by": "actor/nobody"}, "adopted_by", "no table has actor/nobody"),
        ("instruments", 2, {"date": "2006-02-31"}, "date", "there is no day 2006-02-31"),
        ("instruments", 2, {"date": "2006-13"}, "date", "is not a year, a month"),
        ("instruments", 2, {"kind": "treaty"}, "kind", "is not one of agreement, charter"),
        ("networks", 4, {"members": "network/red-trata|network/none"}, "members", "no table has network/none"),
        ("networks", 4, {"members": "red-trata"}, "members", "is not a path such as actor/oim"),
        ("memberships", 3, {"process": "rcmx"}, "process", "no table has process/rcmx"),
        ("memberships", 3, {"agent": "country/QQQ"}, "agent", "no table has country/QQQ"),
        ("memberships", 3, {"role": "friend"}, "role", "is not one of member, participant"),
        ("memberships", 3, {"since_year": "96"}, "since_year", "is not a year of four digits"),
        ("actors", 2, {"source_url": "source/rumour"}, "source_url", "no table has source/rumour"),
        ("actors", 2, {"source_url": "somebody said"}, "source_url", "is not a web address"),
        ("actors", 2, {"source_url": ""}, "source_url", "the cell is empty"),
        ("actors", 2, {"process": "nowhere"}, "process", "no table has process/nowhere"),
        ("states", 2, {"iso3": "and"}, "iso3", "is not three capital letters"),
    ],
)
def test_a_wrong_cell_is_named_by_file_line_and_column(
    folder: Path, table: str, line: int, cells: dict[str, str], column: str, words: str
) -> None:
    change(folder, table, line, **cells)
    with pytest.raises(TableError) as caught:
        describe_reference(folder, NAMES)
    layout = {
        name: columns for name, columns, _ in (ACTORS, INSTRUMENTS, MEMBERSHIPS, NETWORKS, PROCESSES, SOURCES, STATES)
    }
    place = caught.value.place
    assert place is not None
    assert (place.file, place.line) == (folder / f"{table}.csv", line)
    assert place.column == [c.name for c in layout[table]].index(column) + 1
    assert words in caught.value.message


@pytest.mark.parametrize(
    "table", ["actors", "instruments", "memberships", "networks", "processes", "sources", "states"]
)
def test_every_table_must_be_there(folder: Path, table: str) -> None:
    (folder / f"{table}.csv").unlink()
    with pytest.raises(TableError, match=rf"{table}\.csv: cannot be read"):
        describe_reference(folder, NAMES)


def test_a_row_that_comes_twice_is_refused(folder: Path) -> None:
    file = folder / "states.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([*lines, lines[1]]), encoding="utf-8")
    with pytest.raises(TableError, match="AND is already in line 2"):
        describe_reference(folder, NAMES)
