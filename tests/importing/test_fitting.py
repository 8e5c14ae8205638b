"""A mapping says what the columns are, and the tables, the row of their headings and their themes are found by it."""

from dataclasses import replace

import pytest

from crmgraph.errors import UsageError
from crmgraph.importing import Grid, Mapping, as_text_table, fitted, guess, left_out, with_sheets
from crmgraph.reading import read_plan_text
from crmgraph.reading.source import Source
from tests.importing.made import FILE, Tree, of

HEADER = ("Meta", "Línea de acción", "Actividades", "Responsable", "Plazo")
COLUMNS = {"objectives": "Meta", "actions": "Línea de acción", "activities": "Actividades", "schedule": "Plazo"}


def under(*headings: str, header: tuple[str, ...] = HEADER) -> list[Grid]:
    """A document with a table under each heading."""
    return [
        Grid(str(number), (heading,), (header, *rows(number)), heading=heading)
        for number, heading in enumerate(headings, 1)
    ]


def rows(number: int) -> list[tuple[str, ...]]:
    return [(f"{name} {number}", "Abrir", f"Censo {number}", "OIM", "2027") for name in ("Albergar", "Regularizar")]


def tree(grids: list[Grid], mapping: Mapping) -> Tree:
    text = as_text_table(*fitted(grids, mapping), FILE)
    return [(part.kind, None, part.text) for part, _ in read_plan_text(Source(text, FILE), "plan").walk()]


def mapping(columns: dict[str, str], **others: object) -> Mapping:
    return Mapping.model_validate({"numbers": "add", "columns": columns, **others})


def test_headings_above_tables_are_the_themes_where_the_mapping_names_none() -> None:
    found = tree(under("Eje 1", "Eje 2", "Eje 3"), mapping(COLUMNS))
    assert of("Theme", found) == ["Eje 1", "Eje 2", "Eje 3"]
    assert of("Objective", found)[:3] == ["Albergar 1", "Regularizar 1", "Albergar 2"]
    assert of("ScheduleEntry", found) == ["2027"] * 6


def test_and_are_not_where_it_names_some() -> None:
    columns = {**COLUMNS, "themes": "Meta", "objectives": "Línea de acción", "actions": "Actividades"}
    del columns["activities"]
    found = tree(under("Eje 1", "Eje 2"), mapping(columns))
    assert of("Theme", found) == ["Albergar 1", "Regularizar 1", "Albergar 2", "Regularizar 2"]


def test_the_mapping_that_was_guessed_does_as_the_guess() -> None:
    grids = under("Eje 1", "Eje 2")
    guessed = guess(with_sheets(grids), FILE)
    assert guessed.columns.themes == ("Tema",)
    assert fitted(grids, guessed) == (with_sheets(grids), guessed)


def test_words_that_no_guess_knows() -> None:
    header = ("Compromiso", "Vía", "Paso", "Quien", "Plazo")
    grids = under("Eje 1", "Eje 2", header=header)
    turned = replace(grids[1], rows=tuple(tuple(reversed(row)) for row in grids[1].rows))
    columns = {"objectives": "Compromiso", "actions": "Vía", "activities": "Paso", "schedule": "Plazo"}
    found = tree([grids[0], turned], mapping(columns))
    assert of("Theme", found) == ["Eje 1", "Eje 2"]
    assert of("Objective", found) == ["Albergar 1", "Regularizar 1", "Albergar 2", "Regularizar 2"]
    assert of("Activity", found) == ["Censo 1", "Censo 1", "Censo 2", "Censo 2"]


def test_columns_that_are_called_like_others_or_by_their_place() -> None:
    header = ("Tema", "", "Actividades", "Responsable", "Plazo")
    columns = {"objectives": "Tema", "actions": "column 2", "activities": "Actividades", "schedule": "Plazo"}
    grids = under("Eje 1", "Eje 2", header=header)
    found = tree(grids, mapping(columns))
    assert of("Theme", found) == ["Eje 1", "Eje 2"]
    assert of("Objective", found) == ["Albergar 1", "Regularizar 1", "Albergar 2", "Regularizar 2"]
    assert of("Action", found) == ["Abrir"] * 4
    assert left_out(*fitted(grids, mapping(columns))) == ["“Responsable”"]


TITLED = [Grid("x", (), (("Plan", "", ""), ("", "", ""), ("Eje", "Objetivo", "Acción"), ("T", "O", "A")))]


@pytest.mark.parametrize(
    ("columns", "header"),
    [
        ({"themes": "Eje"}, 3),
        ({"themes": "Eje", "objectives": "Acción"}, 3),
        ({"themes": "Plan"}, 1),
        ({"themes": "Pilar"}, 1),
    ],
)
def test_the_row_of_the_headings_is_the_one_that_has_them(columns: dict[str, str], header: int) -> None:
    assert fitted(TITLED, mapping(columns))[1].header == header
    assert fitted(TITLED, mapping(columns, header=2))[1].header == 2


def test_of_a_row_with_headings_that_no_guess_knows() -> None:
    grids = [Grid("x", (), (("Plan", "", ""), ("Rubro", "Compromiso", "Vía"), ("T", "O", "A")))]
    assert fitted(grids, mapping({"themes": "Rubro"}))[1].header == 2


def test_where_they_seem_to_be_is_told() -> None:
    with pytest.raises(UsageError) as caught:
        tree(TITLED, mapping({"themes": "Pilar"}))
    assert caught.value.message == (
        "row 1 of the table has no heading “Pilar”; “header” is 1 where a mapping names none; the headings seem to be "
        "in row 3, which has “Eje”, “Objetivo”, “Acción”"
    )


@pytest.mark.parametrize("others", [{"table": 2}, {"header": 9}])
def test_a_table_or_row_that_there_is_not_is_left_to_be_told(others: dict[str, object]) -> None:
    wanted = mapping({"themes": "Eje"}, **others)
    assert fitted(TITLED, wanted) == (TITLED, wanted)
    with pytest.raises(UsageError, match=r"names table 2|ends with row 4"):
        tree(TITLED, wanted)
