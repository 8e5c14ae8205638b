"""The schedule: each entry has what the plan says of when and how far."""

import csv
import io

import pytest
from httpx import Client

from crmgraph.site.pictures.schedule import Entry
from tests.support.pages import having, read_page, text


def answer(client: Client, question: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"/es/queries/{question}.csv").text)))


def test_everything_that_states_a_status_is_drawn_with_that(client: Client, entries: tuple[Entry, ...]) -> None:
    told = {row["entry"]: (row["status"], row["status_label"]) for row in answer(client, "schedule-status")}
    assert {each.iri: (each.status_iri, each.status_label) for each in entries if each.status} == told


def test_dates_are_those_that_the_question_of_dates_gives(client: Client, entries: tuple[Entry, ...]) -> None:
    told = {
        (row["element"], row["property"].rpartition("#")[2]): row["value"]
        for row in answer(client, "dates-and-places")
        if row["property"].endswith(("#date", "#since", "#recurrence", "#delay"))
    }
    for each in entries:
        for name in ("date", "since", "recurrence", "delay"):
            assert getattr(each, name) == told.get((each.iri, name), ""), each.iri
    assert sorted(each.date or each.since for each in entries if each.date or each.since) == [
        "2003-06",
        "2005-03",
        "2010",
    ]


def test_a_date_is_that_of_what_the_words_date(entries: tuple[Entry, ...]) -> None:
    dated = {
        each.number: (each.occasion.iri.partition("/id/")[2], each.occasion.kind_label, each.date)
        for each in entries
        if each.occasion
    }
    assert dated == {
        "2.4.1.1": ("event/crm/seminario-ddhh", "Evento previsto", "2010"),
        "7.3.1.1": ("meeting/grcm-2005-03", "Reunión", "2005-03"),
    }
    assert [each.number for each in entries if each.has_date] == ["11.1.1.1"]


@pytest.mark.parametrize(
    ("language", "since", "every"),
    [("es", "desde junio de 2003", "cada 3 años"), ("en", "since June 2003", "every 3 years")],
)
def test_the_table_says_the_same(
    client: Client, entries: tuple[Entry, ...], language: str, since: str, every: str
) -> None:
    page = read_page(client.get(f"/{language}/pictures/schedule").text)
    [table] = having(page, "picture-data")
    rows = [text(row) for row in table.iter("tr")]
    assert len(rows) == len(entries) + 1
    assert [row for row in rows if since in row and "desde junio 2003" in row]
    assert [row for row in rows if "2010 (" in row and "durante 2010" in row]
    assert [row for row in rows if every in row and "Continuo cada tres años" in row]
