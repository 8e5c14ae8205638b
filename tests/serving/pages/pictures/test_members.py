"""Members and their processes: what the questions about States and processes say, and nothing else."""

import csv
import io

import pytest
from httpx import Client

from crmgraph.site.pictures.members import draw_members, members, processes_with_members
from crmgraph.site.pictures.shapes import Line
from crmgraph.site.site import Site
from tests.support.pages import having, links, read_page, text


def answer(client: Client, question: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(question).text)))


@pytest.mark.parametrize("process", ["rcm", "ocam"])
def test_the_states_are_the_members_and_nobody_else(client: Client, site: Site, process: str) -> None:
    told = answer(client, f"/queries/process-members.csv?process=process/{process}&role=member")
    found = members(site, site.names.id("process", process), "es")
    assert {each.state for each in found} == {row["agent"] for row in told if "/country/" in row["agent"]}
    assert len(found) > len(told)


@pytest.mark.parametrize("state", ["MEX", "USA", "BLZ"])
def test_a_state_takes_part_in_what_the_question_says(client: Client, site: Site, state: str) -> None:
    told = answer(client, f"/queries/state-processes.csv?state=country/{state}&lang=es")
    found = [each for each in members(site, site.names.id("process", "rcm"), "es") if each.state.endswith(f"/{state}")]
    assert len(told) > 1
    assert sorted((each.iri, each.process_label, each.capacity_label, each.since) for each in found) == sorted(
        (row["membership"], row["process_label"], row["role_label"], row["since"]) for row in told
    )


def test_each_membership_is_a_line(site: Site) -> None:
    found = members(site, site.names.id("process", "rcm"), "en")
    drawing = draw_members(found, str, "en")
    lines = [shape for shape in drawing.shapes if isinstance(shape, Line)]
    assert sorted(line.ends for line in lines) == sorted((each.state, each.process) for each in found)
    assert drawing.legend[0].label == "member"
    assert len({line.path for line in lines}) == len(lines)


def test_processes_can_be_chosen_that_have_members(site: Site) -> None:
    spanish, english = processes_with_members(site, "es"), processes_with_members(site, "en")
    assert spanish.keys() == english.keys()
    assert spanish["rcm"] == "Conferencia Regional sobre Migración"
    assert list(english.values()) == sorted(english.values(), key=str.casefold)
    for name in list(spanish)[:3]:
        assert members(site, site.names.id("process", name), "es")


@pytest.mark.parametrize(("language", "words"), [("es", "(certeza media)"), ("en", "(medium certainty)")])
def test_a_membership_that_is_not_certain_says_so(client: Client, language: str, words: str) -> None:
    page = read_page(client.get(f"/{language}/pictures/members?process=rcm").text)
    [table] = having(page, "picture-data")
    marked = [row for row in table.iter("tr") if f"/{language}/id/membership/rcm-DOM" in links(row).values()]
    assert [text(mark) for row in marked for mark in having(row, "certainty")] == [words]
    for drawn in ("for-wide", "for-narrow"):
        [frame] = having(page, drawn)
        titles = [text(title) for title in frame.iter("{http://www.w3.org/2000/svg}title")]
        assert sum(title.endswith(words) for title in titles) == sum(1 for _ in having(table, "certainty"))
