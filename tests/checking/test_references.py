"""What a plan sends its reader to: networks that it names itself, work plans that are attached, parts that are not."""

from pathlib import Path

import pytest

from tests.checking.made import activity, found, spots

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
