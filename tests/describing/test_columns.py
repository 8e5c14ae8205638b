"""The layouts of the curated tables: the tables have them, and they can be told from one another."""

import csv
import re

import pytest

from crmgraph.describing.columns import LAYOUTS, Layout
from crmgraph.describing.tables import read_table
from crmgraph.resources import resource

FOLDER = resource("data") / "reference"
each_layout = pytest.mark.parametrize("layout", LAYOUTS, ids=[name for name, _, _ in LAYOUTS])


def test_every_table_has_a_layout_and_every_layout_a_table() -> None:
    assert sorted(name for name, _, _ in LAYOUTS) == sorted(file.stem for file in FOLDER.glob("*.csv"))


@each_layout
def test_the_table_is_as_its_layout_says(layout: Layout) -> None:
    name, columns, key = layout
    rows = read_table(FOLDER / f"{name}.csv", columns, key)
    assert rows


@each_layout
def test_names_of_columns_are_different_and_the_key_is_among_them(layout: Layout) -> None:
    _, columns, key = layout
    names = [column.name for column in columns]
    assert len(set(names)) == len(names)
    assert key
    assert set(key) <= set(names)


@each_layout
def test_what_is_said_to_people_is_said_in_both_languages(layout: Layout) -> None:
    names = {column.name for column in layout[1]}
    for name in names - {"hidden_es"}:
        if match := re.fullmatch(r"(label|name|title|what|note|acronym)_(es|en)", name):
            assert f"{match[1]}_{'en' if match[2] == 'es' else 'es'}" in names


@each_layout
def test_every_row_but_that_of_a_source_has_a_source(layout: Layout) -> None:
    required = {column.name: column.required for column in layout[1]}
    assert required.get("source_url", False) is (layout[0] != "sources")


@each_layout
def test_a_pattern_is_explained_and_compiles(layout: Layout) -> None:
    for column in layout[1]:
        assert bool(column.pattern) == bool(column.hint), column.name
        re.compile(column.pattern)


def test_tables_are_plain_files() -> None:
    for file in FOLDER.glob("*.csv"):
        content = file.read_bytes()
        assert content.endswith(b"\n")
        assert b"\r" not in content
        assert not content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(content.decode("utf-8").splitlines()))
        assert len({len(row) for row in rows}) == 1, file
