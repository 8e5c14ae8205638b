"""Mappings: the TOML file, errors in it, and the tables and headings to which a mapping applies."""

import tomllib
from pathlib import Path

import pytest

from crmgraph.errors import UsageError
from crmgraph.importing import Grid, Mapping, PlanTable, as_toml, guess_mapping, read_mapping
from tests.importing.made import CASES, FILE, cells, plan, plan_text, table, written
from tests.support.phrases import rows_of


def test_mistakes_in_a_mapping(tmp_path: Path) -> None:
    def refused(text: str) -> UsageError:
        with pytest.raises(UsageError) as caught:
            read_mapping(written(tmp_path / "m.toml", text))
        assert caught.value.place is not None
        assert caught.value.place.file == tmp_path / "m.toml"
        return caught.value

    for text, said in rows_of("mistakes", CASES):
        assert said in refused(text).message, text


def test_the_guess_is_a_file_that_is_read_again(tmp_path: Path) -> None:
    def read_again(header: str) -> tuple[list[Grid], Mapping, str]:
        grids = table("Trabajo|1|Registro|Diseñar|2027", header=header)
        guessed = guess_mapping(grids, FILE)
        text = as_toml(guessed, [each.name for each in PlanTable(grids, guessed, FILE).unmapped_headings()])
        assert read_mapping(written(tmp_path / "mapping.toml", text)) == guessed
        return grids, guessed, text

    _, guessed, text = read_again("Pilar|No.|Resultado|Acción|Plazo")
    assert guessed.columns.objectives == ("No.", "Resultado")
    assert guessed.columns.schedule == ("Plazo",)
    assert guessed.numbers == "add"
    assert "not in the plan" not in text
    for header, said in (
        ("Pilar|Meta|Iniciativa|Acción|Prazo", '# not in the plan: "Iniciativa"'),
        ('Pilar|Meta|Iniciativa|Acción|A \\ "B"', '# not in the plan: "Iniciativa", "A \\\\ \\"B\\""'),
        ("Pilar|Meta||Acción|Acción", '# not in the plan: "column 3", "Acción#2"'),
    ):
        grids, guessed, text = read_again(header)
        assert text.splitlines()[-1] == said
        # Each can be named as it stands there.
        names = tomllib.loads(f"names = [{said.partition(': ')[2]}]")["names"]
        wanted = guessed.columns.model_copy(
            update={"activities": (names[0],), "schedule": (*guessed.columns.schedule, *names[1:])}
        )
        assert [*PlanTable(grids, guessed.model_copy(update={"columns": wanted}), FILE).unmapped_headings()] == []


def test_a_mapping_that_does_not_fit() -> None:
    grids = table("Protección|1|Personas", header="Pilar|No.|Resultado")
    for mapping, said in (
        ({"table": 2}, "names table 2, and there are 1"),
        ({"header": 7}, "the headings in row 7, and the table ends with row 2"),
        ({"columns": {"themes": "Eje"}}, "row 1 of the table has no heading “Eje”; it has"),
        ({"header": 1, "columns": {"themes": "Eje"}}, "has no heading “Eje”; it has “Pilar”, “No.”"),
        ({"header": 2, "columns": {"themes": "Eje"}}, "row 2 of the table has no heading “Eje”; it has"),
        ({}, "names no column"),
    ):
        with pytest.raises(UsageError, match=said):
            PlanTable(grids, Mapping.model_validate(mapping), FILE)


META = "Meta|Línea de acción|Actividades|Responsable|Plazo"
NAMED = {"objectives": "Meta", "actions": "Línea de acción", "activities": "Actividades", "schedule": "Plazo"}


def under(*headings: str, header: str = META) -> list[Grid]:
    return [
        Grid(str(number), (heading,), (cells(header), *(
            (f"{name} {number}", "Abrir", f"Censo {number}", "OIM", "2027") for name in ("Albergar", "Regularizar")
        )), heading=heading)
        for number, heading in enumerate(headings, 1)
    ]  # fmt: skip


def mapping(columns: dict[str, str], **others: object) -> Mapping:
    return Mapping.model_validate({"numbers": "add", "columns": columns, **others})


def test_headings_above_tables_with_a_mapping() -> None:
    def found(grids: list[Grid], columns: dict[str, str], kinds: str) -> str:
        return plan_text(plan(grids, columns=mapping(columns)), kinds)

    objectives = "O1 Albergar {0}|O2 Regularizar {0}"
    whole = f"T Eje 1|{objectives.format(1)}|T Eje 2|{objectives.format(2)}"
    assert found(under("Eje 1", "Eje 2"), NAMED, "TO") == whole
    assert found(under("Eje 1", "Eje 2"), NAMED, "S").count("2027") == 4
    others = {"themes": "Meta", "objectives": "Línea de acción", "actions": "Actividades", "schedule": "Plazo"}
    assert found(under("Eje 1", "Eje 2"), others, "T") == ("T Albergar 1|T Regularizar 1|T Albergar 2|T Regularizar 2")
    # Words that no guess knows.
    columns = {"objectives": "Compromiso", "actions": "Vía", "activities": "Paso", "schedule": "Plazo"}
    assert found(under("Eje 1", "Eje 2", header="Compromiso|Vía|Paso|Quien|Plazo"), columns, "TO") == whole
    # Columns that are called like others or by their place.
    grids = under("Eje 1", "Eje 2", header="Tema||Actividades|Responsable|Plazo")
    columns = {"objectives": "Tema", "actions": "column 2", "activities": "Actividades", "schedule": "Plazo"}
    assert found(grids, columns, "TO") == whole
    assert PlanTable(grids, mapping(columns), FILE).omissions() == ["“Responsable”"]
    # The mapping that was guessed does as the guess.
    guessed = guess_mapping(under("Eje 1", "Eje 2"), FILE)
    assert (guessed.columns.themes, guessed.columns.objectives) == ((), ("Meta",))
    assert plan_text(plan(under("Eje 1", "Eje 2"), columns=guessed), "TO") == whole
