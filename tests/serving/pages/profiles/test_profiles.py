"""What the pages of things say in words before all statements."""

from xml.etree.ElementTree import Element

import pytest
from httpx import Client

from crmgraph.site import Site
from crmgraph.site.profiles import Profile, profile
from crmgraph.site.things.things import thing
from tests.support.pages import having, links, read_page, text

ID = "https://w3id.org/crmgraph/id/"


def facts(client: Client, path: str) -> dict[str, Element]:
    page = read_page(client.get(path).text)
    section = next(found for found in page.iter("section") if found.get("aria-labelledby") == "in-short")
    return {text(next(line.iter("dt"))): next(line.iter("dd")) for line in section.iter("div")}


def told(site: Site, path: str, language: str = "en") -> Profile:
    found = thing(site, ID + path, language)
    assert found is not None
    made = profile(site, found, language)
    assert made is not None
    return made


def test_a_state_says_of_what_it_is_a_member_since_when(client: Client) -> None:
    found = facts(client, "/en/id/country/HND")
    first = next(found["Member of"].iter("li"))
    assert text(first) == "Regional Conference on Migration since 1996"
    assert "/en/id/process/rcm" in links(first).values()
    assert "May 2006" in text(found["Party to"])
    assert text(found["Also called"]) == "Republic of Honduras"


def test_what_is_not_known_of_a_state_is_said(site: Site) -> None:
    assert told(site, "country/AFG").unknown == ("The plan does not name it and gives it no role.",)
    assert told(site, "country/HND").unknown == ()


def test_a_process_says_who_takes_part_in_it_and_how(client: Client) -> None:
    found = facts(client, "/es/id/process/rcm")
    assert text(found["Desde"]) == "1996"
    members = list(found["Miembros (11)"].iter("li"))
    assert len(members) == 11
    assert text(members[0]) == "Belice desde 1996"
    assert "Secretaría Técnica" in text(found["Sus órganos y redes (9)"])
    assert text(found["Sus planes"]) == "Plan de la CRM"
    meetings = next(dd for name, dd in found.items() if name.startswith("Sus reuniones"))
    assert all("/id/meeting/" in address for address in links(meetings).values())


def test_a_process_has_each_party_once_with_its_capacities_and_its_secretariat_apart(client: Client) -> None:
    found = facts(client, "/en/id/process/rcm")
    heading, others = next(pair for pair in found.items() if pair[0].startswith("Observers and partners, not members"))
    parties = [text(each) for each in others.iter("li")]
    assert heading.endswith(f"({len(parties)})")
    assert len(parties) == len(set(links(others).values())) == 19
    assert "International Organization for Migration observer, partner" in parties
    assert text(found["Secretariat"]) == "International Organization for Migration (medium certainty)"
    assert list(found).index("Secretariat") < list(found).index(heading)
    assert text(facts(client, "/es/id/process/ocam")["Secretaría"]).endswith("desde 1999")


@pytest.mark.parametrize(
    ("language", "path", "participants", "without"),
    [
        ("en", "process/prague", "Participants; membership not on record (48)", None),
        ("en", "process/igc", "Participants; membership not on record (18)", "Observers and partners, not members"),
        (
            "es",
            "process/igc",
            "Participantes; no consta que sean miembros (18)",
            "Observadores y colaboradores, no miembros",
        ),
        (
            "es",
            "process/mtm",
            "Participantes; no consta que sean miembros (45)",
            "Observadores y colaboradores, no miembros",
        ),
    ],
)
def test_of_participants_it_is_not_said_that_they_are_no_members(
    client: Client, language: str, path: str, participants: str, without: str | None
) -> None:
    found = facts(client, f"/{language}/id/{path}")
    assert participants in found
    headings = ("Observers and", "Observadores y")
    assert [each for each in found if each.startswith(headings)] == ([without] if without else [])


def test_a_state_says_in_what_it_participates_apart_from_what_it_observes(client: Client) -> None:
    found = facts(client, "/en/id/country/AUS")
    assert "/en/id/process/igc" in links(found["Takes part in; membership not on record"]).values()
    assert "/en/id/process/mtm" in links(found["Observer or partner of, not a member"]).values()
    table = client.get("/en/states.json").json()["things"]
    [australia] = [each for each in table if each["iri"].endswith("/country/AUS")]
    assert {each.rpartition("/")[2] for each in australia["participant"]} >= {"igc"}
    assert "igc" not in {each.rpartition("/")[2] for each in australia["other"]}


def test_an_agent_says_of_what_it_is_the_secretariat(client: Client) -> None:
    found = facts(client, "/es/id/actor/oim")
    assert "Secretaría de (7)" in found
    parts = next(dd for name, dd in found.items() if name.startswith("Observador o colaborador de, no miembro"))
    [rcm] = [text(each) for each in parts.iter("li") if "/es/id/process/rcm" in links(each).values()]
    assert rcm == "Conferencia Regional sobre Migración observador, colaborador"


@pytest.mark.parametrize(
    ("path", "heading", "marked"),
    [
        ("es/id/process/rcm", "Presidencias que constan (12)", "Costa Rica en 2020 (certeza baja)"),
        ("en/id/process/rcm", "Presidencies on record (12)", "Costa Rica in 2020 (low certainty)"),
        (
            "es/id/country/CRI",
            "Presidencias ejercidas, hasta donde consta",
            "Conferencia Regional sobre Migración en 2020 (certeza baja)",
        ),
        (
            "en/id/country/CRI",
            "Presidencies held, as far as they are on record",
            "Regional Conference on Migration in 2020 (low certainty)",
        ),
    ],
)
def test_a_presidency_that_no_source_states_says_how_certain_it_is(
    client: Client, path: str, heading: str, marked: str
) -> None:
    listed = facts(client, f"/{path}")[heading]
    [said] = [each for each in listed.iter("li") if "certeza baja" in text(each) or "low certainty" in text(each)]
    assert text(said) == marked
    [mark] = having(said, "certainty")
    assert mark.get("href") == f"/{path[:2]}/id/presidency/rcm-2020"


@pytest.mark.parametrize(
    ("path", "heading", "marked"),
    [
        ("process/rcm", "Members (11)", "Dominican Republic (medium certainty)"),
        ("process/khartoum", "Members (41)", "Austria since 2014 (medium certainty)"),
        ("country/IRN", "Observer or partner of, not a member", "International Migration observer (low certainty)"),
        ("network/redes-enlace", "Takes in", "Liaison Officer Network for Consular Protection (medium certainty)"),
        ("process/rcm", "Its meetings on record (45)", "XXV Regional Conference on Migration 2020 (low certainty)"),
        (
            "instrument/planes-trabajo-redes",
            "What the plan does with it",
            "reference for details 7 times (medium certainty)",
        ),
        ("instrument/fondo-alta-vulnerabilidad", "What the plan does with it", "once (medium certainty)"),
        ("instrument/planes-trabajo-redes", "Who takes part where the plan uses it", "(medium certainty)"),
    ],
)
def test_what_is_less_than_certain_of_anybody_says_so(client: Client, path: str, heading: str, marked: str) -> None:
    assert any(marked in text(each) for each in facts(client, f"/en/id/{path}")[heading].iter("li"))


def test_what_is_certain_has_no_mark(client: Client) -> None:
    assert len([*having(facts(client, "/en/id/process/rcm")["Members (11)"], "certainty")]) == 1
    beside = facts(client, "/en/id/instrument/fondo-alta-vulnerabilidad")["Who takes part where the plan uses it"]
    assert not [*having(beside, "certainty")]


@pytest.mark.parametrize(
    ("path", "degree"),
    [
        ("meeting/crm-xxv", "low"),
        ("meeting/crm-x", "no source"),
        ("instrument/acuerdos-pais", "medium"),
        ("meeting/crm-xix", None),
    ],
)
def test_a_thing_of_which_little_is_certain_says_so(client: Client, path: str, degree: str | None) -> None:
    found = facts(client, f"/en/id/{path}")
    assert (text(found["Certainty"]) if "Certainty" in found else None) == degree


def test_a_fund_says_who_implements_it(client: Client) -> None:
    found = facts(client, "/en/id/instrument/fondo-alta-vulnerabilidad")
    beside = found["Who takes part where the plan uses it"]
    assert "International Organization for Migration" in text(beside)
    assert "implementing" in text(beside)
    assert "/en/id/actor/oim" in links(beside).values()


def test_those_beside_an_instrument_stand_in_the_order_of_their_names(client: Client) -> None:
    beside = text(
        next(line for name, line in facts(client, "/es/id/instrument/mou-2006").items() if "participa" in name)
    )
    names = ("El Salvador", "Guatemala", "Honduras", "México", "Nicaragua")
    assert [beside.index(name) for name in names] == sorted(beside.index(name) for name in names)


def test_an_instrument_has_its_official_title_beside_the_words_of_the_plan(client: Client) -> None:
    found = facts(client, "/es/id/instrument/mou-2006")
    assert text(found["Fecha"]) == "mayo de 2006"
    official, cited = text(found["Título oficial"]), text(found["Como lo cita el plan"])
    assert "Repatriación Digna, Ordenada" in official
    assert "Repatriación Ordenada" in cited
    assert len(list(found["Estados parte (5)"].iter("li"))) == 5
    assert text(found["Qué hace el plan con él"]) == "seguimiento una vez"


@pytest.mark.parametrize(
    ("language", "heading", "begin"),
    [("es", "Notas", ["El mes", "Una noticia de 2008"]), ("en", "Notes", ["A news item of 2008", "The month"])],
)
def test_each_of_several_notes_is_a_paragraph(client: Client, language: str, heading: str, begin: list[str]) -> None:
    notes = facts(client, f"/{language}/id/instrument/mou-2006")[heading]
    assert all(text(note).startswith(words) for note, words in zip(notes.iter("p"), begin, strict=True))
    assert "Nota" not in facts(client, f"/{language}/id/instrument/mou-2006")


def test_a_single_note_is_called_one(client: Client) -> None:
    (note,) = facts(client, "/en/id/meeting/crm-xiv")["Note"].iter("p")
    assert text(note) == "The memorandum on repatriation was extended here."


def test_a_network_says_which_objectives_defer_to_its_work_plan(client: Client) -> None:
    found = facts(client, "/en/id/network/red-trata")
    addresses = links(found["Objectives that refer to its work plan"])
    assert [addresses[number] for number in ("3", "4", "5")] == [f"/en/id/plan/crm/pgm/{n}" for n in (3, 4, 5)]
    assert text(found["A body of"]) == "Regional Conference on Migration"
    assert text(found["Is one of"]) == "Liaison networks (medium certainty)"
    assert "This follows from what its parts say." in text(found["Objectives in which it has a role"])


def test_a_meeting_stands_between_others(client: Client) -> None:
    found = facts(client, "/en/id/meeting/crm-xiv")
    assert text(found["When"]) == "July 2009"
    assert text(found["Previous meeting"]) == "XIII Regional Conference on Migration"
    assert text(found["Next meeting"]) == "XV Regional Conference on Migration"
    assert "Guatemala" in text(found["Where"])


@pytest.mark.parametrize(
    ("path", "meeting", "day"),
    [
        ("process/rcm", "IX Conferencia", "hasta el 21 de mayo de 2004"),
        ("country/PAN", "IX Conferencia", "hasta el 21 de mayo de 2004"),
        ("country/MEX", "XX Conferencia", "hasta el 11 de noviembre de 2015"),
    ],
)
def test_a_meeting_of_which_only_the_end_is_known_was_until_then(
    client: Client, path: str, meeting: str, day: str
) -> None:
    assert text(facts(client, "/es/id/meeting/crm-ix")["Cuándo"]) == "hasta el 21 de mayo de 2004"
    met = next(dd for name, dd in facts(client, f"/es/id/{path}").items() if "euniones" in name)
    [said] = [text(each) for each in met.iter("li") if text(each).startswith(meeting)]
    assert said.removesuffix(" (certeza media)").endswith(day)


def test_of_a_meeting_that_no_source_tells_of_it_is_said_what_is_not_on_record(site: Site) -> None:
    assert told(site, "meeting/crm-ii").unknown == ("Its date is not on record.", "Its place is not on record.")


def test_a_topic_says_what_it_includes_and_which_objectives_concern_it(client: Client) -> None:
    found = facts(client, "/en/topics/return")
    assert "/en/topics/repatriation" in links(found["Includes directly (5)"]).values()
    assert set(links(found["Objectives that concern it or something narrower"])) == {"6", "7", "10"}
    assert "Objectives that concern it" in facts(client, "/en/topics/repatriation")


def test_a_group_is_people_and_is_spoken_of_as_such(client: Client) -> None:
    assert "Objetivos que se ocupan de este grupo o de uno más específico" in facts(
        client, "/es/population-groups/refugees"
    )
    headings = [text(each) for each in read_page(client.get("/en/population-groups").text).iter("th")]
    assert "Objectives that concern this group or a narrower one" in headings
    assert "Parts that speak of this very group" in headings


@pytest.mark.parametrize(
    ("language", "said", "narrower"),
    [
        ("es", "lo más específico tiene su propia página", "repatriación"),
        ("en", "what is narrower has a page", "repatriation"),
    ],
)
def test_a_topic_leads_to_what_is_said_of_narrower_ones(
    client: Client, language: str, said: str, narrower: str
) -> None:
    page = read_page(client.get(f"/{language}/topics/return").text)
    section = next(each for each in page.iter("section") if each.get("aria-labelledby") == "subjects")
    told = section.find("p")
    assert told is not None
    assert said in text(told)
    # Whatever is read of what the objectives concern is here or there.
    pages = links(told)
    assert pages[narrower] == f"/{language}/topics/repatriation"
    read = "".join(client.get(address).text for address in (f"/{language}/topics/return", *pages.values()))
    assert all(f'<span class="iri">id:plan/crm/pgm/{number}</span>' in read for number in ("10", "7.1", "7.2"))
    assert said not in client.get(f"/{language}/topics/repatriation").text


def test_a_meeting_whose_place_is_a_state_was_held_there(client: Client) -> None:
    assert "June 2011" in text(facts(client, "/en/id/country/DOM")["Meetings held there"])


def test_names_with_dates_stand_in_a_line_each(client: Client) -> None:
    found = facts(client, "/en/id/country/MEX")
    assert [each.get("class") for each in found["Meetings held there (7)"].iter("ul")] == ["names lines"]
    assert [each.get("class") for each in found["Also called"].iter("ul")] == ["names"]


@pytest.mark.parametrize(
    ("path", "language", "sentence"),
    [
        (
            "membership/rcm-MEX",
            "en",
            "Mexico has been a member of the consultative process “Regional Conference on Migration” since 1996.",
        ),
        (
            "membership/rcm-MEX",
            "es",
            "México es miembro del proceso consultivo «Conferencia Regional sobre Migración» desde 1996.",
        ),
        (
            "presidency/rcm-2006",
            "es",
            "El Salvador ejerció la presidencia del proceso consultivo «Conferencia Regional sobre Migración» en 2006.",
        ),
        (
            "membership/ocam-MEX-observer",
            "en",
            "Mexico takes part as an observer in the consultative process “Central American Commission of Migration "
            "Directors”.",
        ),
    ],
)
def test_a_membership_says_in_a_sentence_who_takes_part_how_and_since_when(
    site: Site, path: str, language: str, sentence: str
) -> None:
    assert told(site, path, language).lead == sentence


def test_each_kind_of_membership_has_a_sentence(site: Site) -> None:
    rows = site.select("SELECT (SAMPLE(?x) AS ?some) ?role { ?x a cg:Membership ; cg:role ?role } GROUP BY ?role")
    assert len(rows) == 6
    sentences = {told(site, row["some"].value.removeprefix(ID), "es").lead.split("proceso")[0] for row in rows}
    assert len(sentences) == 6
    assert "" not in sentences


def test_a_membership_leads_to_both_its_ends_and_says_how_certain_it_is_and_by_which_source(client: Client) -> None:
    found = facts(client, "/es/id/membership/rcm-MEX")
    assert links(found["Quién"]) == {"México": "/es/id/country/MEX"}
    assert "/es/id/process/rcm" in links(found["En el proceso"]).values()
    assert [text(found[name]) for name in ("En calidad de", "Desde", "Certeza")] == ["miembro", "1996", "alta"]
    assert len(links(found["Fuentes"])) == 2


def test_of_a_membership_without_a_year_it_is_said_that_it_is_not_known(site: Site) -> None:
    assert told(site, "membership/ocam-MEX-observer").unknown == ("When it began is not on record.",)
    assert told(site, "presidency/rcm-2006").unknown == ()


def test_several_long_values_stand_in_a_line_each_and_short_ones_in_one(client: Client) -> None:
    found = facts(client, "/es/id/country/MEX")
    assert len(list(next(having(found["Parte en"], "lines")).iter("li"))) == 3
    assert not list(having(found["También se llama"], "lines"))
    assert not list(having(facts(client, "/es/id/process/rcm")["Miembros (11)"], "lines"))


@pytest.mark.parametrize("path", ["plan/crm/pgm/7", "place/puebla", "source/cldr"])
def test_other_things_have_none(site: Site, path: str) -> None:
    found = thing(site, ID + path, "en")
    assert found is not None
    assert profile(site, found, "en") is None


@pytest.mark.parametrize("language", ["es", "en"])
def test_no_thing_with_a_profile_fails(site: Site, language: str) -> None:
    classes = ("cg:ConsultativeProcess", "cg:Network", "cg:Organ", "cg:Meeting", "cg:Presidency")
    query = " UNION ".join(f"{{ ?x a {name} }}" for name in classes)
    found = [row["x"].value for row in site.select(f"SELECT DISTINCT ?x {{ {query} }}")]
    assert len(found) > 80
    for iri in found:
        assert told(site, iri.removeprefix(ID), language).facts
