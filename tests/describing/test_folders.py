"""A table under a name that nobody reads stops the build: what it says would be lost without a word."""

import shutil
from pathlib import Path

import pytest

from crmgraph.describing import describe_background, describe_plan
from crmgraph.describing.folders import check_files
from crmgraph.errors import TableError
from crmgraph.resources import resource
from tests.support.backgrounds import NAMES, made_background, made_plan, write_annotations

PLAN = made_plan(("Tema", "1. Uno", "", "", ""))


@pytest.mark.parametrize("name", ["topic.csv", "topics.CSV", "topics.csv.bak", "topics", "Topics.csv"])
def test_a_file_of_another_name_is_named_with_the_names_that_are_known(name: str, tmp_path: Path) -> None:
    (tmp_path / "topics.csv").touch()
    check_files(tmp_path, ("topics", "events"))
    if (tmp_path / name).exists():
        pytest.skip("this disk does not tell capitals from small letters")
    (tmp_path / name).touch()
    with pytest.raises(TableError) as caught:
        check_files(tmp_path, ("topics", "events"))
    assert str(caught.value).startswith(f"{tmp_path / name}: nobody reads a file of this name here")
    assert "events.csv, topics.csv" in str(caught.value)


def test_a_folder_of_another_name_counts_too(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    with pytest.raises(TableError, match="old: nobody reads"):
        check_files(tmp_path, ("topics",))


def test_hidden_files_and_folders_that_are_not_there_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").touch()
    check_files(tmp_path, ("topics",))
    check_files(tmp_path / "nowhere", ("topics",))


def test_a_typo_among_the_annotations_of_a_plan_stops_it(tmp_path: Path) -> None:
    background = made_background(tmp_path)
    file = write_annotations(background, "participation", "element,agent,role,confidence,quote,occurrence,annotator\n")
    with pytest.raises(TableError) as caught:
        describe_plan(PLAN, background)
    assert str(file) in str(caught.value)
    for table in (
        *("events", "instrument-uses", "meetings", "participations", "places", "population-groups", "statuses"),
        *("times", "topics", "translations"),
    ):
        assert f"{table}.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "known"),
    [("reference/state.csv", "reference/states.csv"), ("annotations/annotator.csv", "annotations/annotators.csv")],
)
def test_a_typo_among_the_tables_of_the_background_stops_it(name: str, known: str, tmp_path: Path) -> None:
    data = Path(shutil.copytree(resource("data"), tmp_path / "data"))
    shutil.copy(data / known, data / name)
    with pytest.raises(TableError) as caught:
        describe_background(resource("ontology"), data, NAMES)
    assert str(data / name) in str(caught.value)
    assert Path(known).name in str(caught.value)
