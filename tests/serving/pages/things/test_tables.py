"""The tables of statements on the page of a thing."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

import pytest
from httpx import Client

from crmgraph.site.site import Site
from crmgraph.site.things.tables import POINTING_SHOWN, Tables, tables
from crmgraph.site.things.things import thing
from tests.support.pages import having, links, read_page, text


def told(site: Site, *path: str) -> Tables:
    found = thing(site, site.names.id(*path), "en")
    assert found is not None
    return tables(site, found, "en")


def folds(client: Client, path: str) -> Iterator[Element]:
    for table in having(read_page(client.get(path).text), "statements"):
        yield from having(table, "fold")


def test_many_values_are_folded_and_few_are_not(site: Site, client: Client) -> None:
    found = told(site, "process", "rcm")
    long = [group for group in (*found.about, *found.pointing) if group.is_long]
    assert long
    assert all(len(group.statements) > 20 for group in long)
    shown = list(folds(client, "/en/id/process/rcm"))
    assert [text(next(fold.iter("summary"))) for fold in shown] == [f"{len(group.statements)} values" for group in long]
    assert [len(list(next(having(fold, "folded")))) for fold in shown] == [len(group.listed) for group in long]
    assert not any(fold.get("open") is not None for fold in shown)


@pytest.mark.parametrize(("path", "name"), [("plan/crm", "contains"), ("plan/crm/pgm", "within")])
def test_of_very_many_the_first_are_listed_and_a_query_gives_all(
    site: Site, client: Client, path: str, name: str
) -> None:
    found = told(site, *path.split("/"))
    [group] = [each for each in (*found.about, *found.pointing) if each.predicate.endswith(f"#{name}")][-1:]
    assert len(group.statements) > 50
    cut = {address: words for fold in folds(client, f"/es/id/{path}") for words, address in links(fold).items()}
    [(query, words)] = [
        (asked["query"][0], words)
        for address, words in cut.items()
        if f"#{name}>" in (asked := parse_qs(urlsplit(address).query)).get("query", [""])[0]
    ]
    assert words == f"{len(group.statements) - 50} valores más, con una consulta"
    rows = site.select(query)
    assert sorted(row["value"].value for row in rows) == sorted(said.value.value for said in group.statements)


def test_all_that_is_listed_has_what_it_is_called(site: Site) -> None:
    found = told(site, "plan", "crm", "dh", "2.4.3.1")
    [status] = [iri for iri in found.labels if iri.endswith("status#pending")]
    assert found.labels[status]["en"] == "pending"


def test_things_that_point_to_it_are_in_natural_order(site: Site) -> None:
    found = told(site, "plan", "crm", "pgm")
    parts = next(group for group in found.pointing if group.predicate.endswith("isPartOf"))
    assert [said.value.value.rpartition("/")[2] for said in parts.statements] == [str(n) for n in range(1, 12)]


def test_much_spoken_of_things_are_cut_and_say_so(site: Site) -> None:
    found = told(site, "source", "crm")
    assert found.is_cut
    assert sum(len(group.statements) for group in found.pointing) <= POINTING_SHOWN
