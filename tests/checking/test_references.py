"""What a plan sends its reader to: networks, work plans, instruments, and parts of its own; found or not."""

from pathlib import Path

import pytest

from tests.checking.made import activity, checked, found, spots, write

REFERRALS = {"unknown-network", "referral-unverifiable", "unresolved-cross-reference"}


def referring(folder: Path, action: str, words: str) -> set[str]:
    row = ("Tema", "1. Uno", f"1.1 {action}", f"1.1.1 {words}", "1.1.1.1 Continuo")
    return {code for code, _ in found(folder, row)} & REFERRALS


@pytest.mark.parametrize(
    ("action", "words", "codes"),
    [
        ("Crear la Red de Salud de Loja", "Referirse al plan de trabajo de la Red de Salud de Loja",
         {"referral-unverifiable"}),
        ("Found the Network of Mayors", "Refer to the work plan of the Network of Mayors", {"referral-unverifiable"}),
        ("Crear la Red de Salud de Piura", "Referirse al plan de trabajo de la Red de Salud de Loja",
         {"unknown-network"}),
        ("Referirse al plan de trabajo de la Red de Cosas", "Referirse al plan de trabajo de la Red de Cosas",
         {"unknown-network"}),
    ],
)  # fmt: skip
def test_a_network_that_another_part_names_is_known(action: str, words: str, codes: set[str], tmp_path: Path) -> None:
    assert referring(tmp_path, action, words) == codes


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("la Red de Protección Consular (anexo 2), actividades 3.1 y 3.2", set()),
        ("la Red de Protección Consular (véase el anexo)", set()),
        ("la Red de Protección Consular, que se adjunta", set()),
        ("la Red de Protección Consular que se adjunta", set()),
        ("la Red de Protección Consular, actividades 3.1 y 3.2", {"referral-unverifiable"}),
        ("la Red de Protección Consular, con el director adjunto", {"referral-unverifiable"}),
        ("la Red de Protección Consular. Ver la acción 4.2", {"referral-unverifiable", "unresolved-cross-reference"}),
        ("la Red de Protección Consular y ver la acción 4.2 de este plan",
         {"referral-unverifiable", "unresolved-cross-reference"}),
    ],
)  # fmt: skip
def test_a_work_plan_that_is_attached_and_its_numbers(words: str, codes: set[str], tmp_path: Path) -> None:
    assert referring(tmp_path, "Acción", f"Referirse al plan de trabajo de {words}") == codes


@pytest.mark.parametrize(
    ("action", "words", "marked"),
    [
        ("Ampliar la red de carriles bici", "Conectar la red con la Vega", None),
        ("Cambiar las redes de enmalle", "Revisar la red y cuidarla", None),
        ("Mend the water network", "Clean the network", None),
        ("Cambiar las redes", "Revisar la red y cuidarla", "la red"),
        ("Mend the networks", "Clean the network", "the network"),
        ("Acción", "Extend the water network and clean the network", None),
    ],
)
def test_the_network_is_the_one_that_the_part_above_names(
    action: str, words: str, marked: str | None, tmp_path: Path
) -> None:
    row = ("Tema", "1. Uno", f"1.1 {action}", f"1.1.1 {words}", "1.1.1.1 Continuo")
    expected = [] if marked is None else [("t/1.1.1", marked, "")]
    assert spots(tmp_path, "network-unnamed", row) == expected


def test_the_numbers_of_this_plan_beside_a_work_plan(tmp_path: Path) -> None:
    row = activity("Ver la acción 4.2 y el plan de trabajo de la Red de Protección Consular")
    assert spots(tmp_path, "unresolved-cross-reference", row) == [("t/1.1.1", "4.2", "")]


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("Monitorear las actividades de la red", "la red"),
        ("Reunirse con la Red, cada año", "la Red"),
        ("Report on the activities of the network", "the network"),
        ("The members of the Network and others meet", "the Network"),
        ("Ampliar la Red Andina de Refugios y formar a los miembros de la red", None),
        ("Crear la red de alcaldes y difundir las actividades de la red", None),
        ("Asistir a la red consular. Informar a la red.", None),
        ("Formar a los miembros de la red de protección consular", None),
        ("Coordinar las redes, y con ellas la red", None),
        ("Support the Andean Network and report on the activities of the network", None),
        ("Support the Network of Mayors and the members of the network", None),
        ("Support the protection network and the members of the network", None),
        ("Publicar los informes en la red", None),
        ("Publish the reports on the network.", None),
        ("La red informará a los ministros", "La red"),
        ("Celebrar reuniones de la Red con el gobierno", "la Red"),
        ("La Red se reunirá cada año", "La Red"),
        ("The network will report to the ministers", "The network"),
        ("Navegar por la red", None),
        ("Subir el formulario a la red", None),
        ("Conectar los puestos a la red", None),
        ("Connect the offices to the network", None),
        ("Mejorar la red vial y la red de agua", None),
        ("Enredar la redacción", None),
    ],
)
def test_the_network_without_a_name(words: str, marked: str | None, tmp_path: Path) -> None:
    expected = [] if marked is None else [("t/1.1.1", marked, "")]
    assert spots(tmp_path, "network-unnamed", activity(words)) == expected


@pytest.mark.parametrize(
    ("words", "code", "marked"),
    [
        ("Referirse al plan de trabajo de la Red de Cosas", "unknown-network", "Red de Cosas"),
        ("Refer to the work plan of the Network of Mayors", "unknown-network", "Network of Mayors"),
        ("Refer to the work plan of the Consular Protection Network", "referral-unverifiable", None),
        ("Refer to the work plan of each network", "referral-unverifiable", None),
        ("Referirse al plan de trabajo de cada red", "referral-unverifiable", None),
        ("Referirse al plan de trabajo de la red", "referral-unverifiable", None),
    ],
)
def test_a_referral_to_a_network(words: str, code: str, marked: str | None, tmp_path: Path) -> None:
    findings = checked(write(tmp_path, activity(words)))
    found = {finding.code: finding.spot.exact for finding in findings}
    assert {"unknown-network", "referral-unverifiable"} & set(found) == {code}
    assert found[code] == (marked or words)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Usar el Acuerdo para la Repatriación Ordenada y Segura de Migrantes Salvadoreños Vía Terrestre desde México",
         "title-differs"),
        ("Usar el Acuerdo para la Repatriación Ordenada, Ágil y Segura de Migrantes Salvadoreños Vía Terrestre desde"
         " México", None),
        ("Usar el Plan Suramericano de Desarrollo Humano de las Migraciones", None),
        ("Meet the United Nations Children's Fund (UNICEF) and use UNICEF's guidelines", None),
    ],
)  # fmt: skip
def test_the_title_of_an_instrument_and_the_name_of_a_body(words: str, code: str | None, tmp_path: Path) -> None:
    findings = checked(write(tmp_path, activity(words)))
    told = {finding.code for finding in findings}
    assert told & {"title-differs", "name-misspelt", "name-variant"} == ({code} if code else set())


def test_a_theme_that_is_cited_as_a_whole(tmp_path: Path) -> None:
    assert spots(tmp_path, "unknown-theme", activity("Ver el tema «Salud»")) == [("t/1.1.1", "Salud", "")]
    assert spots(tmp_path, "unknown-theme", activity("Ver el tema «TEMA»")) == []


def test_of_a_theme_that_there_is_not_its_title_is_shown(tmp_path: Path) -> None:
    row = activity("Ver los objetivos 1 y 2 del tema “Salud”")
    assert spots(tmp_path, "unknown-theme", row) == [("t/1.1.1", "Salud", "")]
    assert spots(tmp_path, "unresolved-cross-reference", row) == []
    there = activity("Ver el objetivo 7 del tema “Tema”")
    assert spots(tmp_path, "unknown-theme", there) == []
    assert spots(tmp_path, "unresolved-cross-reference", there) == [("t/1.1.1", "7", "t/1")]
    assert spots(tmp_path, "unresolved-cross-reference", activity("Remítase al punto 5.5")) == [("t/1.1.1", "5.5", "")]
