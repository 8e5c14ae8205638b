"""What the plan says of who, by which instrument, when and where, as its pages tell it with its words."""

from xml.etree.ElementTree import Element

import pytest
from httpx import Client

from crmgraph.site import Site
from crmgraph.site.things.readings import readings_about, readings_in
from tests.support.pages import having, links, read_page, text

ID = "https://w3id.org/crmgraph/id/"
WAYS = {
    ("es", "participations"): "Papel",
    ("en", "participations"): "Role",
    ("es", "uses"): "Uso",
    ("en", "uses"): "Use",
}


def section(client: Client, path: str, name: str) -> Element:
    page = read_page(client.get(path).text)
    return next(found for found in page.iter("section") if found.get("aria-labelledby") == name)


def lines(found: Element) -> list[list[str]]:
    """The rows of a table, the one with its headings first."""
    return [[text(cell) for cell in row] for row in found.iter("tr")]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "es",
            [
                ["Quién", "Papel", "Según estas palabras"],
                ["Organización Internacional para las Migraciones", "preparación", "OIM preparó informe"],
            ],
        ),
        (
            "en",
            [
                ["Who", "Role", "In these words"],
                ["International Organization for Migration", "preparing", "OIM preparó informe"],
            ],
        ),
    ],
)
def test_an_element_says_who_takes_part_in_which_role_by_which_words(
    client: Client, language: str, expected: list[list[str]]
) -> None:
    found = section(client, f"/{language}/id/plan/crm/pgm/7.3.1.1", "participations")
    assert lines(found)[:2] == expected
    assert links(found)["OIM preparó informe"].startswith(f"/{language}/id/source/crm#c")
    assert f"/{language}/id/actor/oim" in links(found).values()


def test_an_element_says_which_instrument_is_used_how(client: Client) -> None:
    [headings, line] = lines(section(client, "/en/id/plan/crm/pgm/7.1.1", "uses"))
    assert headings == ["Instrument", "Use", "In these words"]
    assert line[0].startswith("Memorandum of Understanding")
    assert line[1] == "monitoring"
    assert line[2].startswith("Monitorear la implementación del Memorándum de Entendimiento")


def test_an_element_says_when_and_where(client: Client) -> None:
    said = lines(section(client, "/es/id/plan/crm/pgm/7.3.1.1", "circumstances"))
    assert said[0] == ["Qué se dice", "Valor", "Según estas palabras"]
    assert ["fecha", "marzo de 2005", "marzo 2005"] in said
    assert ["lugar que se indica", "Vancouver", "GRCM, Vancouver"] in said
    assert any(line[0] == "evento ocurrido" for line in said)


@pytest.mark.parametrize(("language", "words"), [("es", "6 meses"), ("en", "6 months")])
def test_a_recurrence_is_said_in_words(client: Client, language: str, words: str) -> None:
    said = lines(section(client, f"/{language}/id/plan/crm/pgm/1.2.1", "circumstances"))
    assert [line[1] for line in said if line[-1] == "cada seis meses"] == [words]


@pytest.mark.parametrize(
    ("path", "name", "marked"),
    [
        ("id/plan/crm/pgm/3.1", "participations", {"pgm/3.1/participation-2", "pgm/3.1.1/participation-4"}),
        ("id/network/red-trata", "participations", {"pgm/3.1/participation-2", "pgm/3.1.1/participation-4"}),
        ("id/network/red-proteccion-consular", "participations", {"dh/2.3/participation-1"}),
        ("id/plan/crm/pgm/6.2.1", "uses", {"pgm/6.2.1/instrument-use-1"}),
        ("id/instrument/fondo-alta-vulnerabilidad", "uses", {"pgm/6.2.1/instrument-use-1"}),
    ],
)
@pytest.mark.parametrize(("language", "words"), [("es", "(certeza media)"), ("en", "(medium certainty)")])
def test_a_reading_that_is_not_certain_says_so_beside_the_role_or_the_use(
    client: Client, path: str, name: str, marked: set[str], language: str, words: str
) -> None:
    found = section(client, f"/{language}/{path}", name)
    place = lines(found)[0].index(WAYS[language, name])
    for row in found.iter("tr"):
        for mark in having(row, "certainty"):
            assert text(mark) == words
            assert text(list(row)[place]).endswith(words)
            assert client.get(mark.get("href", "")).status_code == 200
    addresses = {mark.get("href") for mark in having(found, "certainty")}
    assert addresses == {f"/{language}/id/plan/crm/{each}" for each in marked}


@pytest.mark.parametrize("path", ["id/plan/crm/dh/2.4.1", "topics/human-rights"])
def test_a_topic_that_is_not_certain_says_so(client: Client, path: str) -> None:
    found = section(client, f"/en/{path}", "subjects")
    [row] = [row for row in found.iter("tr") if [*having(row, "certainty")]]
    assert "(medium certainty)" in text(row)


def test_every_reading_of_which_the_graph_has_doubts_is_marked(site: Site) -> None:
    doubted = site.select(
        f"""SELECT DISTINCT ?x {{ ?x cg:confidence ?degree FILTER (?degree != confidence:high)
          {{ ?element cg:participation|cg:instrumentUse ?x }} UNION {{ ?x cg:subject ?element ; a cg:Statement }}
          ?element cg:within <{site.names.id("plan", "crm")}> . FILTER NOT EXISTS {{ ?x cg:comparedWith ?other }} }}"""
    )
    told = readings_in(site, site.names.id("plan", "crm"))
    every = (*told.participations, *told.uses, *told.subjects, *told.circumstances)
    assert len(doubted) > 25
    assert {each.certainty.iri for each in every if each.certainty.words} == {row["x"].value for row in doubted}


def test_the_parts_below_are_told_of_with_their_own_names(client: Client) -> None:
    said = lines(section(client, "/en/id/plan/crm/pgm/7.3", "participations"))
    assert said[0][2] == "Part of the plan"
    assert [line[2].split()[0] for line in said[1:]] == ["7.3", "7.3.1", "7.3.1", "7.3.1.1", "7.3.1.1", "7.3.1.1"]


def test_the_roles_of_an_actor_come_before_everything_else(client: Client) -> None:
    page = read_page(client.get("/en/id/actor/oim").text)
    short, first, *_ = page.iter("section")
    assert short.get("aria-labelledby") == "in-short"
    assert text(next(first.iter("h2"))) == "Its roles in the plan"
    said = lines(first)
    assert said[0] == ["Role", "Part of the plan", "In these words"]
    assert any(line[0] == "asked to report" and line[1].startswith("7.3.1 ") for line in said)
    assert links(first)["Solicitar a la OIM un informe"].startswith("/en/id/source/crm#c")


@pytest.mark.parametrize(
    ("path", "name", "heading"),
    [
        ("instrument/mou-2006", "uses", "Cómo lo usa el plan"),
        ("place/vancouver", "circumstances", "Dónde lo da el plan como lugar"),
        ("network/red-trata", "participations", "Sus papeles en el plan"),
    ],
)
def test_instruments_places_and_networks_say_where_the_plan_has_them(
    client: Client, path: str, name: str, heading: str
) -> None:
    found = section(client, f"/es/id/{path}", name)
    assert text(next(found.iter("h2"))) == heading
    assert len(lines(found)) > 1


@pytest.mark.parametrize(
    ("language", "heading", "plan"),
    [("es", "En otros planes", "Plan de Marrakech"), ("en", "In other plans", "Marrakesh plan")],
)
def test_what_other_plans_say_stands_apart_with_their_names(
    client: Client, language: str, heading: str, plan: str
) -> None:
    found = section(client, f"/{language}/topics/return", "subjects")
    assert [text(each) for each in found.iter("h3")] == [heading]
    ours, others = ([link for link in links(table).values() if "/id/plan/" in link] for table in found.iter("table"))
    assert all("/id/plan/crm/" in link for link in ours)
    assert not [link for link in others if "/id/plan/crm" in link]
    rows = [line[0] for line in lines(list(found.iter("table"))[1]) if "marrakesh" in line[0]]
    assert rows
    assert all(row.startswith(f"{plan} · ") for row in rows)
    # The index counts those of the plan alone.
    index = read_page(client.get(f"/{language}/topics").text)
    counted = next(row for row in index.iter("tr") if f"/{language}/topics/return" in links(row).values())
    assert text(list(counted)[-1]) == str(len({link for link in ours if "/id/plan/crm/" in link}))


def test_what_is_said_of_another_plan_is_on_its_own_page(client: Client) -> None:
    assert not list(section(client, "/en/id/plan/gcm/gcsorm", "subjects").iter("h3"))


def test_the_roles_in_a_whole_theme_are_folded(client: Client) -> None:
    found = section(client, "/en/id/plan/crm/pgm", "participations")
    folded = next(having(found, "fold"))
    assert folded.get("open") is None
    assert text(next(folded.iter("summary"))) == f"See all {len(lines(folded)) - 1} statements"


def test_a_thing_of_which_the_plan_says_nothing_has_no_such_section(client: Client) -> None:
    assert not list(having(read_page(client.get("/en/id/country/FIN").text), "readings"))


def test_no_participation_of_the_plan_is_left_out(site: Site) -> None:
    rows = site.select("SELECT ?element ?agent ?x { ?element cg:participation ?x . ?x cg:agent ?agent }")
    told = readings_in(site, site.names.id("plan", "crm")).participations
    assert sorted((x.element, x.value.value) for x in told) == sorted(
        (row["element"].value, row["agent"].value) for row in rows
    )
    about = [x for agent in {row["agent"].value for row in rows} for x in readings_about(site, agent).participations]
    assert len(about) == len(told)


def test_readings_stand_in_the_order_of_the_document(site: Site) -> None:
    told = readings_in(site, site.names.id("plan", "crm", "pgm", "7")).participations
    assert list(dict.fromkeys(x.number for x in told)) == [
        "7",
        "7.2",
        "7.3",
        "7.1.1",
        "7.2.1",
        "7.2.2",
        "7.3.1",
        "7.3.1.1",
    ]
    memorandum = [x.quotation for x in told if x.number == "7.1.1"]
    assert memorandum == sorted(memorandum)


@pytest.mark.parametrize("path", ["country/MEX", "meeting/crm-xiv"])
def test_what_stands_in_another_reading_is_not_listed_as_a_mention_again(site: Site, client: Client, path: str) -> None:
    readings = readings_about(site, ID + path)
    assert readings.mentions
    assert not readings.further_mentions
    page = read_page(client.get(f"/es/id/{path}").text)
    assert "Menciones en los planes" not in [text(heading) for heading in page.iter("h2")]


def test_mentions_that_stand_nowhere_else_are_listed_as_further_ones(site: Site, client: Client) -> None:
    readings = readings_about(site, ID + "process/rcm")
    assert 0 < len(readings.further_mentions) < len(readings.mentions)
    assert text(next(section(client, "/es/id/process/rcm", "mentions").iter("h2"))) == "Otras menciones en los planes"


def test_where_something_long_is_folded_all_that_is_long_beside_it_is(client: Client) -> None:
    for name in ("participations", "uses", "subjects"):
        assert list(section(client, "/en/id/plan/crm/dh", name).iter("details")), name
    assert not list(section(client, "/en/id/plan/crm/pgm/7.1.1", "uses").iter("details"))
