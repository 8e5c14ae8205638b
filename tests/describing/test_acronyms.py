"""Acronyms: which words are some, which thing each stands for, and where the plan spells it out."""

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SKOS, Graph, Literal, URIRef

from crmgraph.describing import describe_plan
from crmgraph.describing.acronyms import find_acronyms
from crmgraph.describing.naming import Lexicon
from crmgraph.describing.vocabulary import CG
from tests.support.backgrounds import NAMES, made_background, made_plan


def letters(text: str) -> list[str]:
    return [acronym.letters for acronym in find_acronyms(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Solicitar a la OIM un informe", ["OIM"]),
        ("Participación de la PPT/ST en la CSM, la CEAM,  etc.", ["PPT", "ST", "CSM", "CEAM"]),
        ("con ONG’s interesadas, ONGs y ONG's", ["ONG", "ONG", "ONG"]),
        ("la XIV CRM en Guatemala", ["CRM"]),
        ("LOS DERECHOS HUMANOS", []),
        ("Escribir a PLAN@MIN.GOB, WWW.MIGRACION.GOB o MIGRA.ORG", []),
        ("TBD, mayo; y LGBTIQ+ también", []),
        ("la Red y A. de Cosas", []),
        ("el informe OIM2 y la norma A-B", []),
        ("las siglas OIM", ["OIM"]),
        ("Según la ÓRBITA", ["ÓRBITA"]),
        ("el PDF, la TV y la COVID-19", []),
        ("AL Y DE la XYZA", ["XYZA"]),
        ("Do NOT use DDT, and TODOS los LED", []),
        ("la licencia CC BY-NC-SA 4.0", []),
        ("Pagar MXN 300, 20 GBP o MOP 5, y pedir al MOP", ["MOP"]),
        ("Ver objetivo 1 del tema «RIEGO Y XYZA», o el tema RIEGO, y la XYZA", ["XYZA"]),
    ],
)
def test_which_words_are_acronyms(text: str, found: list[str]) -> None:
    assert letters(text) == found


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("FORO DE QUITO y la reunión", ["FORO", "QUITO"]),
        ("OBJETIVO PRIORITARIO: cuidar", ["OBJETIVO", "PRIORITARIO"]),
        ("FORO Y RED de todos", ["FORO", "RED"]),
        ("la OIM, la PPT/ST y la XIV CRM", []),
        ("los EE. UU. de hoy", []),
    ],
)
def test_which_stand_beside_others(text: str, beside: list[str]) -> None:
    assert [acronym.letters for acronym in find_acronyms(text) if acronym.beside] == beside


def test_one_of_doubled_letters_has_its_last_stop() -> None:
    text = "Pedir a las NN. UU. un informe"
    assert [text[found.start : found.end] for found in find_acronyms(text)] == ["NN. UU."]


@given(st.text(max_size=200))
def test_each_stands_where_it_says(text: str) -> None:
    for acronym in find_acronyms(text):
        assert text[acronym.start : acronym.end].startswith(acronym.letters)
        assert acronym.letters.isupper()


def described(folder: Path, *texts: str) -> Graph:
    cells = "\n\n".join(f"1.1.{number} {text}" for number, text in enumerate(texts, 1))
    plan = made_plan(("Tema", "1. Uno", "1.1 Acción", cells, ""))
    return describe_plan(plan, made_background(folder)).graph(URIRef(NAMES.graph("plan", "made")))


def acronym(name: str) -> URIRef:
    return URIRef(NAMES.id("plan", "made", "acronym", name))


def test_it_is_there_once_by_its_first_use_with_the_thing_it_stands_for(tmp_path: Path) -> None:
    graph = described(tmp_path, "Pedir a la OIM", "La OIM informa")
    assert list(graph.subjects(RDF.type, CG.Acronym)) == [acronym("OIM")]
    assert graph.value(acronym("OIM"), CG.firstUsedIn) == URIRef(NAMES.id("plan", "made", "t", "1.1.1"))
    assert graph.value(acronym("OIM"), CG.standsFor) == URIRef(NAMES.id("actor", "oim"))
    assert graph.value(acronym("OIM"), CG.spelledOutIn) is None


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (("Pedir a la OIM", "La Organización Mundial informa"), "OIM"),
        (("La Comisión de Estudios (CE) informa", "La CE vota"), "CE"),
        (("La CE vota", "El Centro para la Educación (CE) informa"), "CE"),
        (("Usar el SIE (Sistema de Información Estadística)",), "SIE"),
        (("El Comité Técnico Intersectorial — CTI — decide",), "CTI"),
        (("El Consejo Nacional de Migración, en adelante CNM, decide",), "CNM"),
        (("El Consejo Nacional de Migración (en adelante, el CNM) decide",), "CNM"),
        (("La CDEP enseña", "Un curso de los Centros de Defensa y Examen de Plagas, S. A."), "CDEP"),
        (("El Mercado Común del Sur (MERCOSUR) informa",), "MERCOSUR"),
        (("La Red Nacional de Albergues y Servicios (RENAS) informa",), "RENAS"),
    ],
)
def test_it_is_spelled_out_wherever_the_plan_says_its_name(texts: tuple[str, ...], name: str, tmp_path: Path) -> None:
    assert described(tmp_path, *texts).value(acronym(name), CG.spelledOutIn) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Trabajar con el Instituto Nacional de Estadística y Geografía (INEGI)",
        "Trabajar con INEGI (Instituto Nacional de Estadística y Geografía)",
        "Trabajar con el Instituto Nacional de Estadística y Geografía, en adelante, INEGI",
        "Trabajar con el Instituto Nacional de Estadística y Geografía, INEGI, por sus siglas",
        "Trabajar con el Instituto Nacional de Estadística y Geografía (INEGI, por sus siglas en español)",
        "Trabajar con el Instituto Nacional de Estadística y Geografía («INEGI»)",
        "Trabajar con la Agencia Noruega de Cooperación (NORAD)",
        "Trabajar con la agencia alemana de cooperación (GIZ)",
        "Trabajar con el Instituto nacional de estadística (INEGI)",
        "Médicos Sin Fronteras (MXF) ayuda",
        "Publicar en el BOP de Granada (Boletín Oficial de la Provincia)",
        "Work with Doctors Without Borders (MSF)",
        "Use the CDC curriculum of the Centers for Disease Control and Prevention",
    ],
)
def test_a_name_spells_out_what_nobody_knows_whatever_letters_it_gives(text: str, tmp_path: Path) -> None:
    for written in (text, unicodedata.normalize("NFD", text)):
        graph = described(tmp_path / str(len(written)), written)
        [found] = graph.subjects(RDF.type, CG.Acronym)
        assert graph.value(found, CG.spelledOutIn) is not None


@pytest.mark.parametrize(
    "text",
    [
        "La Secretaría informa (XQZ) y vota",
        "Realizar talleres de capacitación (XQZ)",
        "Capacitar a los inspectores de trabajo (XQZ)",
        "Trabajar con Ana (XQZ)",
        "Publicar en el Boletín (XQZ)",
        "Reunión del Grupo (XQZ)",
        "Coordinar la XQZ (véase el anexo)",
        "Coordinar con la XQZ (Ver El Tema)",
        "Xilófonos, Quenas y Zampoñas de la XQZ",
    ],
)
def test_what_is_no_name_of_two_words_spells_out_nothing(text: str, tmp_path: Path) -> None:
    graph = described(tmp_path, text)
    assert graph.value(acronym("XQZ"), CG.spelledOutIn) is None
    assert (acronym("XQZ"), RDF.type, CG.Acronym) in graph


def test_the_acronym_of_a_known_thing_is_not_spelled_out_by_another_name(tmp_path: Path) -> None:
    graph = described(tmp_path, "Trabajar con la Agencia Noruega de Cooperación (OIM)")
    assert graph.value(acronym("OIM"), CG.spelledOutIn) is None


def test_other_words_before_a_bracket_do_not_spell_it_out(tmp_path: Path) -> None:
    graph = described(tmp_path, "La Secretaría informa (CE) y vota")
    assert graph.value(acronym("CE"), CG.spelledOutIn) is None
    assert graph.value(acronym("CE"), CG.standsFor) is None


@pytest.mark.parametrize(
    ("texts", "none"),
    [
        (("Coordinar la RED", "La red informa"), "RED"),
        (("Coordinar el FORO de todos",), "FORO"),
        (("FORO DE QUITO y la reunión",), "QUITO"),
        (("OBJETIVO PRIORITARIO: cuidar",), "PRIORITARIO"),
        (("Ordenar la ruta CA-4",), "CA"),
        (("Difundir en FACEBOOK las normas",), "FACEBOOK"),
        (("Dar fin a PROMIGRA en 2027",), "PROMIGRA"),
        (("Pedir el RUC en CSV con un QR y las TIC",), "CSV"),
        (("Hablar con Ana (ANA)",), "ANA"),
    ],
)
def test_a_word_written_in_capitals_is_none(texts: tuple[str, ...], none: str, tmp_path: Path) -> None:
    assert (acronym(none), RDF.type, CG.Acronym) not in described(tmp_path, *texts)


def test_a_misspelt_one_is_the_one_that_is_meant(tmp_path: Path) -> None:
    background = made_background(tmp_path)
    reference = background.dataset.graph(URIRef(NAMES.graph("reference")))
    for thing, name in (("oim", "ACNUR"), ("foro", "FIBEMYD")):
        reference.add((URIRef(NAMES.id("actor", thing)), SKOS.altLabel, Literal(name, "es")))
    reference.add((URIRef(NAMES.id("actor", "foro")), SKOS.hiddenLabel, Literal("FYBEMID", "es")))
    named = Lexicon(reference, (CG.Organisation, CG.Organ))
    plan = made_plan(("Tema", "1. Uno", "1.1 Hacer", "1.1.1 Pedir al ACNURR y al ACNUR, y al FYBEMID", ""))
    graph = describe_plan(plan, replace(background, named=named)).graph(URIRef(NAMES.graph("plan", "made")))
    assert set(graph.subjects(RDF.type, CG.Acronym)) == {acronym("ACNUR"), acronym("FIBEMYD")}
    assert {str(letters) for letters in graph.objects(None, CG.letters)} == {"ACNUR", "FIBEMYD"}
    assert graph.value(acronym("FIBEMYD"), CG.standsFor) == URIRef(NAMES.id("actor", "foro"))


@pytest.mark.parametrize(
    "text",
    ["Pedir a la IOM un informe de la red", "Ask the IOM for a report of the network", "Pedir a la OIM un informe"],
)
def test_it_is_known_in_a_plan_of_either_language(text: str, tmp_path: Path) -> None:
    graph = described(tmp_path, text)
    assert set(graph.objects(None, CG.standsFor)) == {URIRef(NAMES.id("actor", "oim"))}


def test_it_is_spelled_out_in_the_language_of_the_plan(tmp_path: Path) -> None:
    graph = described(
        tmp_path, "Ask the IOM for the report", "The World Organization has to report on it to the others"
    )
    assert graph.value(acronym("IOM"), CG.spelledOutIn) is not None


def test_it_is_one_beside_another_where_it_is_known(tmp_path: Path) -> None:
    graph = described(tmp_path, "La OIM XYZA informa")
    assert list(graph.subjects(RDF.type, CG.Acronym)) == [acronym("OIM")]


def test_a_longer_name_that_begins_with_it_is_not_what_it_stands_for(tmp_path: Path) -> None:
    graph = described(tmp_path, "FORO DE MINISTROS que decide")
    assert list(graph.subjects(RDF.type, CG.Acronym)) == []


def test_what_follows_an_initial_is_a_surname_and_a_plural_in_brackets_is_explained(tmp_path: Path) -> None:
    words = "1.1.1 Hablar con J. R. PEREZ y adoptar protocolos operativos normalizados (PONs), y usar XQZW"
    plan = made_plan(("Tema", "1. Uno", "1.1 Acción", words, "1.1.1.1 Continuo"))
    graph = describe_plan(plan, made_background(tmp_path)).graph(URIRef(NAMES.graph("plan", "made")))
    assert {str(each) for each in graph.objects(None, CG.letters)} == {"PON", "XQZW"}
    assert len(list(graph.objects(None, CG.spelledOutIn))) == 1
