from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, RDFS, SKOS, Graph, Literal, URIRef

from crmgraph.describing.vocabulary import CG
from tests.support.reference import line_of, refused, texts, thing


@pytest.mark.parametrize(
    ("path", "class_"),
    [
        ("actor/ppt", "Organ"),
        ("actor/grcm", "Organ"),
        ("actor/oim", "Organisation"),
        ("actor/ceam", "Organisation"),
        ("actor/cedeao", "Organisation"),
        ("actor/aerolineas", "AgentGroup"),
        ("network/red-trata", "Network"),
        ("network/redes-enlace", "Network"),
    ],
)
def test_each_agent_has_one_class(reference: Graph, path: str, class_: str) -> None:
    assert set(reference.objects(thing(path), RDF.type)) == {CG[class_]}


@pytest.mark.parametrize(
    ("path", "spanish", "english", "acronyms"),
    [
        ("bafd", "Banco Africano de Desarrollo", "African Development Bank", {"BAfD", "AfDB"}),
        ("cedeao", "Comunidad Económica de los Estados de África Occidental",
         "Economic Community of West African States", {"CEDEAO", "ECOWAS"}),
        ("frontex", "Frontex", "Frontex", set()),
        ("icmpd", "Centro Internacional para la Formulación de Políticas Migratorias",
         "International Centre for Migration Policy Development", {"ICMPD"}),
        ("oeacp", "Organización de Estados de África, el Caribe y el Pacífico",
         "Organisation of African, Caribbean and Pacific States", {"OEACP", "OACPS"}),
        ("onu-mujeres", "ONU Mujeres", "UN Women", set()),
        ("secretaria-asean", "Secretaría de la ASEAN", "ASEAN Secretariat", set()),
        ("ue", "Unión Europea", "European Union", {"UE", "EU"}),
    ],
)  # fmt: skip
def test_organisations_that_only_other_processes_know(
    reference: Graph, path: str, spanish: str, english: str, acronyms: set[str]
) -> None:
    organisation = thing(f"actor/{path}")
    assert texts(reference, organisation, RDFS.label, "es") == [spanish]
    assert texts(reference, organisation, RDFS.label, "en") == [english]
    assert {str(acronym) for acronym in reference.objects(organisation, SKOS.notation)} == acronyms
    names = set(
        texts(reference, organisation, SKOS.altLabel, "es") + texts(reference, organisation, SKOS.altLabel, "en")
    )
    assert acronyms <= names
    assert list(reference.objects(organisation, DCTERMS.source))


def test_an_acronym_of_one_language_is_a_name_in_that_language_only(reference: Graph) -> None:
    unhcr = thing("actor/acnur")
    assert "ACNUR" in texts(reference, unhcr, SKOS.altLabel, "es")
    assert "UNHCR" not in texts(reference, unhcr, SKOS.altLabel, "es")
    assert {Literal("ACNUR"), Literal("UNHCR")} <= set(reference.objects(unhcr, SKOS.notation))


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


def test_no_organisation_is_described_twice(reference: Graph) -> None:
    organisations = [URIRef(str(o)) for o in reference.subjects(RDF.type, CG.Organisation)]
    labels = [label for organisation in organisations for label in texts(reference, organisation, RDFS.label, "en")]
    assert len(labels) >= 40
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("table", "cells", "change", "column", "words"),
    [
        ("actors", {"id": "ppt"}, {"kind": "person"}, "kind", "is not one of organ, organisation, group"),
        ("actors", {"id": "ppt"}, {"process": "nowhere"}, "process", "no table has process/nowhere"),
        ("actors", {"id": "ppt"}, {"source_url": "somebody said"}, "source_url", "is not a web address"),
        ("actors", {"id": "ppt"}, {"page_url": "rcmvs.org"}, "page_url", "is not a web address"),
        ("actors", {"id": "ppt"}, {"what_es": ""}, "what_es", "the cell is empty"),
        ("organisations", {"id": "ue"}, {"kind": "organ"}, "kind", "is not one of organisation"),
        ("organisations", {"id": "ue"}, {"id": "oim"}, "id", "another table has actor/oim already"),
        ("organisations", {"id": "ue"}, {"label_en": ""}, "label_en", "the cell is empty"),
        ("networks", {"id": "redes-enlace"}, {"members": "network/none"}, "members", "no table has network/none"),
        ("networks", {"id": "redes-enlace"}, {"members": "red-trata"}, "members", "is not a path such as actor/oim"),
    ],
)
def test_a_wrong_cell_is_named(
    folder: Path, table: str, cells: dict[str, str], change: dict[str, str], column: str, words: str
) -> None:
    at, message = refused(folder, table, line_of(folder, table, **cells), change)
    assert at == column
    assert words in message
