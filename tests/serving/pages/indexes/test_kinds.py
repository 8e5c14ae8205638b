"""The indexes over the real dataset: what each says at a glance, held to other ways of asking."""

import csv
import json
import re

import pytest
from httpx import Client

from crmgraph.site import Site
from crmgraph.site.indexes.index import Entry, Part, folded
from crmgraph.site.indexes.kinds import KINDS, Kind, address_of_concept, index_of
from crmgraph.site.indexes.meetings import Held, meetings, rank, years_spoken_of
from crmgraph.sparql import Question
from tests.support.pages import having, links, read_page, text

ID = "https://w3id.org/crmgraph/id/"
ONTOLOGY = "https://w3id.org/crmgraph/ontology/"
YEARS = (2003, 2010)
BY_PATH = {kind.path: kind for kind in KINDS}


def entries(site: Site, path: str) -> dict[str, Entry]:
    return {entry.iri: entry for _, entry in BY_PATH[path].read(site, "es").listed}


def answer(site: Site, name: str, **values: str) -> list[dict[str, str]]:
    text = site.library[name].with_values(values)
    body = site.ask(Question(text, result_type="text/csv"), 20.0).body.decode()
    return list(csv.DictReader(body.splitlines()))


def _several(value: object) -> tuple[object, ...]:
    assert isinstance(value, tuple | None)
    return value or ()


def parts_of(entry: Entry) -> list[Part]:
    return [each for each in _several(entry.get("objectives")) if isinstance(each, Part)]


def numbers(parts: object) -> list[str]:
    assert isinstance(parts, tuple)
    return [part.number for part in parts if isinstance(part, Part)]


def test_actors_have_the_roles_that_the_library_counts(site: Site) -> None:
    found = entries(site, "/actors")
    parts: dict[tuple[str, str], set[str]] = {}
    for row in answer(site, "agent-roles", agent="any"):
        parts.setdefault((row["agent"], row["role"]), set()).add(row["element"])
    told = {
        (iri, one[0]): one[1]
        for iri, entry in found.items()
        for one in _several(entry.get("roles"))
        if isinstance(one, tuple)
    }
    assert told == {pair: len(elements) for pair, elements in parts.items()}
    assert len(told) > 50
    assert ID + "actor/bafd" in found
    assert not found[ID + "actor/bafd"].get("roles")


def test_networks_have_the_objectives_that_defer_to_them(site: Site) -> None:
    found = entries(site, "/networks")
    rows = answer(site, "network-objectives")
    for network in {row["network"] for row in rows}:
        counted = {(row["objectives"], row["with_each"]) for row in rows if row["network"] == network}
        own, through = (_several(found[network].get(name)) for name in ("objectives", "throughAll"))
        assert counted == {(str(len(own)), str(len({*own, *through})))}
    assert numbers(found[ID + "network/red-trata"].get("objectives")) == ["3", "4", "5"]


def test_instruments_are_relied_on_where_the_library_says_so(site: Site) -> None:
    found = entries(site, "/instruments")
    rows = answer(site, "instruments")
    relied = {row["instrument"] for row in rows if row["relied"] == "true"}
    assert {iri for iri, entry in found.items() if entry.get("relied")} == relied
    unused = {iri for iri, entry in found.items() if entry.get("relied") is None}
    assert unused.isdisjoint({row["instrument"] for row in rows})
    memorandum = found[ID + "instrument/mou-2006"]
    assert (memorandum.get("date"), memorandum.get("parties")) == ("2006-05", 5)


def test_meetings_were_during_the_plan_where_the_library_says_so(site: Site) -> None:
    found = entries(site, "/meetings")
    during = {row["meeting"] for row in answer(site, "meetings-during-plan")}
    of_the_process = {row["x"].value for row in site.select(f"SELECT ?x {{ ?x cg:process <{ID}process/rcm> }}")}
    assert {iri for iri, entry in found.items() if entry.get("during")} & of_the_process == during
    assert found[ID + "meeting/crm-ii"].get("during") is False
    assert found[ID + "meeting/crm-x"].get("during") is True
    assert years_spoken_of(site) == YEARS
    assert meetings(site, "en").sections[0].iri == ID + "actor/viceministerial"


def test_the_number_of_a_meeting_tells_when_it_was_so_far_as_it_can() -> None:
    dated = [Held(1, 1996, 1996), Held(4, 2004, 2004), Held(6, 2009, 2009), Held(9, 2015, 2015)]
    assert Held(5, 0, 0).during(YEARS, dated) is True
    assert Held(2, 0, 0).during(YEARS, dated) is None
    assert Held(10, 0, 0).during(YEARS, dated) is False
    assert Held(0, 0, 0).during(YEARS, dated) is None
    assert Held(0, 2002, 2003).during(YEARS, ()) is None
    assert Held(0, 0, 2003).during(YEARS, ()) is True


@pytest.mark.parametrize(
    ("numeral", "number"), [("I", 1), ("IV", 4), ("XIX", 19), ("XXIX", 29), ("XL", 40), ("a", 0), ("", 0)]
)
def test_roman_numerals(numeral: str, number: int) -> None:
    assert rank(numeral) == number


def test_states_are_members_since_when_they_are(site: Site) -> None:
    found = entries(site, "/states")
    since = {row["agent"]: row["since"] for row in answer(site, "process-members", role="member")}
    home = ID + "process/rcm"
    members = {iri: entry.get("since") for iri, entry in found.items() if home in _several(entry.get("member"))}
    assert members == since
    assert len(found) == 208
    named: dict[str, set[str]] = {}
    for row in answer(site, "states-named"):
        named.setdefault(row["state"], set()).add(row["element"])
    told = {iri: entry.get("named") for iri, entry in found.items() if entry.get("named")}
    assert told == {iri: len(elements) for iri, elements in named.items()}


@pytest.mark.parametrize(
    ("path", "question", "name"),
    [("/topics", "topic-objectives", "topic"), ("/population-groups", "group-objectives", "group")],
)
def test_concepts_have_the_objectives_that_concern_them(site: Site, path: str, question: str, name: str) -> None:
    found = entries(site, path)
    objectives: dict[str, set[str]] = {}
    for row in answer(site, question, **{name: "any"}):
        objectives.setdefault(row[name], set()).add(row["objective"])
    told = {iri: {each.iri for each in parts_of(entry)} for iri, entry in found.items()}
    assert {iri: parts for iri, parts in told.items() if parts} == objectives
    assert len(objectives) > 15


def test_a_narrower_topic_stands_below_the_broader_one(site: Site) -> None:
    [section] = BY_PATH["/topics"].read(site, "en").sections
    place = [entry.iri for entry in section.entries].index(ONTOLOGY + "topic#return")
    assert section.entries[place].level == 0
    below = {entry.iri: entry.level for entry in section.entries[place + 1 : place + 6]}
    assert below[ONTOLOGY + "topic#repatriation"] == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", ["figura también bajo fronteras", "figura también bajo cooperación"]),
        ("en", ["also under borders", "also under cooperation"]),
    ],
)
def test_what_stands_below_two_says_so(client: Client, language: str, said: list[str]) -> None:
    page = read_page(client.get(f"/{language}/topics").text)
    told = {text(each): links(each) for each in having(page, "below")}
    assert sorted(told) == sorted(said)
    assert {address for each in told.values() for address in each.values()} == {
        f"/{language}/topics/borders",
        f"/{language}/topics/cooperation",
    }


def test_a_meeting_in_a_place_that_is_a_state_was_in_that_state(site: Site) -> None:
    found = entries(site, "/meetings")
    assert found[ID + "meeting/crm-xvi"].get("states") == (ID + "country/DOM",)
    assert all(entry.get("states") for entry in found.values() if entry.get("places"))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.path)
@pytest.mark.parametrize("language", ["es", "en"])
def test_each_thing_leads_to_a_page_and_each_question_to_its_answer(client: Client, kind: Kind, language: str) -> None:
    path = kind.path
    data = client.get(f"/{language}{path}.json").json()
    page = client.get(f"/{language}{path}").text
    for thing in data["things"]:
        own = address_of_concept(thing["iri"]) or "/id/" + thing["iri"].removeprefix(ID)
        assert f'href="/{language}{own}"' in page
        assert set(thing["label"]) >= {"es", "en"}
    for asked in kind.asked:
        assert f"/{language}/queries/{asked.question}" in page


@pytest.mark.parametrize("language", ["es", "en"])
def test_indexes_are_called_by_the_same_words_wherever_one_comes_from(client: Client, language: str) -> None:
    page = read_page(client.get(f"/{language}/instruments").text)
    menu = next(nav for nav in page.iter("nav") if "main-nav" in nav.get("class", ""))
    group = next(text(each) for each in menu.iter("a") if each.get("href") == f"/{language}/actors")
    assert [text(each) for each in having(page, "kicker")] == [group]
    thing = read_page(client.get(f"/{language}/id/instrument/mou-2006").text)
    path = links(next(having(thing, "kicker")))
    assert path[group] == f"/{language}/actors"
    foot = next(page.iter("footer"))
    assert group in [text(each) for each in foot.iter("h2")]
    [called] = [text(each) for each in foot.iter("a") if each.get("href") == f"/{language}/instruments"]
    assert text(next(page.iter("h1"))).startswith(called)
    assert path[called] == f"/{language}/instruments"


@pytest.mark.parametrize("path", sorted(BY_PATH))
def test_an_index_is_to_be_had_in_other_forms_at_the_same_address(client: Client, path: str) -> None:
    asked = client.get(path, headers={"accept": "application/json"})
    assert asked.headers["content-type"] == "application/json"
    assert asked.json() == client.get(path + ".json").json()
    table = client.get(path + ".csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(list(csv.reader(table.text.splitlines()))) == len(asked.json()["things"]) + 1
    turtle = client.get(path, headers={"accept": "text/turtle"})
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
    things = json.loads(asked.text)["things"]
    jsonld = client.get(path + ".jsonld").text
    assert all(thing["iri"].rpartition("/")[2].rpartition("#")[2] in jsonld for thing in things[:5])
    assert client.get(path + ".pdf").status_code == 404
    assert client.get(path + "?sort=name").status_code == 400


def test_topics_and_groups_have_pages_of_their_own(client: Client) -> None:
    page = client.get("/en/topics/return")
    assert page.status_code == 200
    assert "The return of migrants to their country of origin." in page.text
    assert "«procesos de retorno»" in page.text or "procesos de retorno" in page.text
    assert client.get("/population-groups/refugees.ttl").headers["content-type"].startswith("text/turtle")
    assert client.get("/topics/none").status_code == 404
    assert client.get("/topics/a b<>").status_code == 404
    assert 'href="/en/topics/return"' in client.get("/en/ontology/topic").text


def test_which_index_has_a_thing() -> None:
    assert index_of({"State", "Agent"}, ID + "country/MEX")[0] == "/states"
    assert index_of({"ConsultativeProcess"}, ID + "process/rcm")[0] == "/processes"
    assert index_of({"Concept"}, ONTOLOGY + "topic#return")[0] == "/topics"
    assert index_of({"Concept"}, ONTOLOGY + "status#done") == ("", "")
    assert address_of_concept(ONTOLOGY + "population-group#refugees") == "/population-groups/refugees"
    assert address_of_concept(ONTOLOGY + "status#done") == ""


@pytest.mark.parametrize("path", ["/topics", "/population-groups", "/actors", "/meetings"])
def test_what_has_two_broader_things_is_counted_once(client: Client, path: str) -> None:
    page = client.get(f"/en{path}").text
    counts = [int(each) for each in re.findall(r'<small class="count">(\d+)</small>', page)]
    assert counts[0] == sum(counts[1:])


def test_a_meeting_without_a_date_tells_its_years(client: Client, site: Site) -> None:
    page = client.get("/en/meetings").text
    first, last = years_spoken_of(site)
    assert f"Its years, from {first} to {last}, are those of its schedule" in page
    assert "between 1996 and 1999" in page
    assert ">Began<" not in page
    told = {each["iri"]: each for each in client.get("/meetings.json").json()["things"]}
    assert told[ID + "meeting/crm-ii"]["years"] == "1996/1999"
    assert told[ID + "meeting/crm-i"]["years"] == ""
    assert told[ID + "meeting/crm-i"]["ended"] == "1996-03-14"


def test_what_few_have_stands_below_the_name(client: Client) -> None:
    page = client.get("/en/networks").text
    assert not re.search(r'<th scope="col"[^>]*>Networks that it takes in', page)
    assert re.search(r'class="below"><span class="unknown">Networks that it takes in: </span><ul', page)


@pytest.mark.parametrize(("language", "name"), [("es", "Declaración de Los Ángeles"), ("en", "LA Declaration")])
def test_short_names_are_in_the_language_of_the_page(client: Client, language: str, name: str) -> None:
    for path in ("/states", "/actors"):
        page = read_page(client.get(f"/{language}{path}").text)
        shown = {text(link) for link in page.iter("a") if link.get("href") == f"/{language}/id/process/la-declaration"}
        assert name in shown
        assert ("LA Declaration" in shown) == (language == "en")


@pytest.mark.parametrize(
    ("language", "meaning"),
    [
        ("es", ("CSM", "Conferencia Suramericana sobre Migraciones")),
        ("en", ("SACM", "South American Conference on Migration")),
    ],
)
def test_what_short_names_stand_for_is_told(client: Client, language: str, meaning: tuple[str, str]) -> None:
    for path in ("/states", "/actors"):
        page = read_page(client.get(f"/{language}{path}").text)
        [told] = having(page, "short-names")
        meanings = list(zip(map(text, told.iter("dt")), map(text, told.iter("dd")), strict=True))
        assert meaning in meanings
        assert len({short for short, _ in meanings}) == len(meanings)
    assert not list(having(read_page(client.get(f"/{language}/topics").text), "short-names"))


@pytest.mark.parametrize(
    ("path", "iri", "words"),
    [
        ("/meetings", "meeting/crm-xxii", "Certeza: baja"),
        ("/instruments", "instrument/acuerdos-pais", "Certeza: media"),
    ],
)
def test_a_thing_of_which_little_is_certain_says_so_below_its_name(
    client: Client, path: str, iri: str, words: str
) -> None:
    page = read_page(client.get(f"/es{path}").text)
    [name] = [name for name in page.iter("th") if f"/es/id/{iri}" in links(name).values()]
    assert words in text(name)
    told = {each["iri"]: each["certainty"] for each in client.get(f"{path}.json").json()["things"]}
    assert told[ID + iri].endswith(f"#{'low' if 'baja' in words else 'medium'}")
    # What is certain is not marked, in data as on the page.
    assert not [degree for degree in told.values() if degree.endswith("#high")]
    assert "" in told.values()


@pytest.mark.parametrize("path", ["/es/states", "/en/states", "/es/actors"])
def test_what_a_cell_lists_stands_in_the_order_of_its_names(client: Client, path: str) -> None:
    lists = [[text(item) for item in each.iter("li")] for each in having(read_page(client.get(path).text), "names")]
    several = [names for names in lists if len(names) > 2 and not any(name[-1].isdigit() for name in names)]
    assert len(several) > 5
    assert all(names == sorted(names, key=folded) for names in several)
