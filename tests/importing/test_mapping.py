"""Mistakes in the file of a mapping, told in words that its writer knows."""

from pathlib import Path

import pytest

from crmgraph.errors import UsageError
from crmgraph.importing import read_mapping
from crmgraph.wording import in_language

COLUMNS = "There are themes, objectives, actions, activities, schedule"
KEYS = "There are table, header, title, numbers, language, columns"
TEXTS = "should be a text in quotation marks, or several in brackets"


def refused(text: str, tmp_path: Path) -> UsageError:
    file = tmp_path / "m.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_mapping(file)
    return caught.value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("table = [", "this is not TOML: "),
        ('[columns]\ntheme = "Eje"', f"there is no key “theme” below [columns]; did you mean “themes”? {COLUMNS}"),
        ('[columns]\nowner = "Eje"', f"there is no key “owner” below [columns]; {COLUMNS}"),
        ("tabel = 1", f"there is no key “tabel”; did you mean “table”? {KEYS}"),
        ('themes = "Eje"', f"there is no key “themes”; it stands below [columns]. {KEYS}"),
        ("[columns]\nheader = 2", f"no key “header” below [columns]; it stands above [columns]. {COLUMNS}"),
        ("[columns]\nthemes = 3", f"“columns.themes” {TEXTS}"),
        ("[columns]\nthemes = [3]", f"“columns.themes” {TEXTS}"),
        ("title = 3", f"“title” {TEXTS}"),
        ("table = 0", "“table” should be a whole number, counted from 1"),
        ('header = "two"', "“header” should be a whole number, counted from 1"),
        ('numbers = "some"', "“numbers” should be \"keep\" or \"add\""),
        ('columns = "Eje"', "“columns” should be a section [columns], with a heading of the file for each column"),
        (
            '[columns]\nthemes = "No."\nobjectives = [" No. ", "Objetivo"]',
            "“No.” is named for themes and for objectives, and a column of the file is one of a plan",
        ),
    ],
)  # fmt: skip
def test_a_mapping_that_is_none(text: str, said: str, tmp_path: Path) -> None:
    error = refused(text, tmp_path)
    assert said in error.message
    assert error.place is not None
    assert error.place.file == tmp_path / "m.toml"
    assert in_language(error, "es") != error.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tabel = 1", "no existe la clave «tabel»; ¿quería decir «table»? Existen table"),
        ('numbers = "some"', '«numbers» debería ser "keep" o "add"'),
        ('[columns]\nthemes = "Eje"\nactions = "Eje"', "«Eje» figura en themes y en actions"),
    ],
)
def test_it_is_told_in_spanish(text: str, said: str, tmp_path: Path) -> None:
    assert said in in_language(refused(text, tmp_path), "es")
