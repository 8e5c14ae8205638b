"""What the graph says is not lost on the way into an answer, and what it does not say is not added."""

import csv
from collections import Counter

import pytest
from pyoxigraph import QuerySolutions, Store

from crmgraph.namespaces import Names
from crmgraph.resources import resource
from tests.support.questions import LIBRARY, answer

NAMES = Names()
PLAN = NAMES.id("plan", "crm", "")
PREFIXES = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in NAMES.prefixes().items())


def ask(store: Store, query: str) -> list[tuple[str, ...]]:
    """The rows of a query of the test's own, as text."""
    solutions = store.query(PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return sorted(tuple("" if term is None else str(term.value) for term in row) for row in solutions)


def short(iri: str) -> str:
    return iri.removeprefix(PLAN).removeprefix(NAMES.id())


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_ranked_statement_is_a_disagreement(store: Store, lang: str) -> None:
    rows = answer(store, LIBRARY["disagreements"], lang=lang)
    ranked = ask(store, "SELECT DISTINCT ?s WHERE { ?s a cg:Statement ; cg:rank ?rank }")
    assert sorted((row["statement"],) for row in rows) == ranked
    assert all(row["property_label"] and row["thing_label"] for row in rows)
    assert {row["property_label"] for row in rows} >= {"rdfs:label", "dcterms:title"}


@pytest.mark.parametrize("thing", ["actor/st", "instrument/mou-2006", "process/sacm", "plan/crm/pgm/7.3.1.1"])
def test_every_statement_about_a_thing_has_its_source(store: Store, thing: str) -> None:
    rows = answer(store, LIBRARY["statement-sources"], thing=thing)
    stated = ask(store, f"SELECT ?s WHERE {{ ?s a cg:Statement ; cg:subject <{NAMES.id(thing)}> }}")
    assert stated
    assert sorted((row["statement"],) for row in rows if row["statement"]) == stated
    assert all(row["sources"] or row["exact"] for row in rows)


def test_what_has_no_statement_of_its_own_has_the_source_of_its_thing(store: Store) -> None:
    rows = answer(store, LIBRARY["statement-sources"], thing="meeting/crm-i")
    [place] = [row for row in rows if row["value"].endswith("place/puebla")]
    assert (place["statement"], place["sources"]) == (
        "", "http://migracioninternacional.com/docum/confregI_e.html",
    )  # fmt: skip


def test_what_is_inferred_shows_no_words_that_do_not_say_it(store: Store) -> None:
    rows = answer(store, LIBRARY["element-statements"])
    assert {row["exact"] for row in rows if row["inferred"] == "true"} == {""}
    assert all(row["exact"] for row in rows if row["inferred"] == "false")
    mentioned = {row["value_label"]: row["exact"] for row in rows if row["property"].endswith("#mentions")}
    assert mentioned["Organización Internacional para las Migraciones"] == "OIM"
    assert mentioned["Aerolíneas"] == "líneas aéreas"


@pytest.mark.parametrize("element", ["pgm/7.3.1", "vmd/4-a", "dh/2.4.1.1"])
def test_every_statement_about_an_element_is_shown(store: Store, element: str) -> None:
    rows = answer(store, LIBRARY["element-statements"], element=f"plan/crm/{element}")
    iri = f"<{PLAN}{element}>"
    said = ask(store, f'SELECT DISTINCT ?p ?o WHERE {{ {iri} ?p ?o FILTER (!ISLITERAL(?o) || LANG(?o) != "en") }}')
    shown = {(row["property"], row["value"]) for row in rows}
    assert shown == set(said)


@pytest.mark.parametrize(("question", "kind", "column"), [
    ("states-named", "cg:State", "state"), ("agents-named", "cg:Agent", "agent"),
])  # fmt: skip
def test_who_is_named_is_found_in_every_way(store: Store, question: str, kind: str, column: str) -> None:
    found = Counter((row[column], row["element"], row["passage"]) for row in answer(store, LIBRARY[question]))
    said = ask(
        store,
        f"""SELECT ?who ?element ?passage WHERE {{
          {{ ?element cg:mention ?way . ?way cg:mentioned ?who }}
          UNION {{ ?element cg:participation ?way . ?way cg:agent ?who }}
          UNION {{ ?way cg:predicate cg:place ; cg:subject ?element ; cg:object ?who }}
          ?way cg:passage ?passage . ?who a {kind} . ?element cg:within? <{PLAN.removesuffix("/")}>
        }}""",
    )
    assert found == Counter(said)


def test_the_parties_of_the_memorandum_are_named(store: Store) -> None:
    rows = answer(store, LIBRARY["states-named"], lang="en")
    named = {row["state_label"] for row in rows if row["number"] == "7.1.1"}
    assert named == {"Mexico", "El Salvador", "Guatemala", "Honduras", "Nicaragua"}
    assert {row["role_label"] for row in rows if row["number"] == "7.1.1"} == {"", "party to the instrument"}
    assert {row["exact"] for row in rows if row["number"] == "7.1.1" and not row["role_label"]} == {
        "Estados Unidos Mexicanos",
        *(f"República de {state}" for state in ("El Salvador", "Guatemala", "Honduras", "Nicaragua")),
    }, "each by its own words in the title"


def test_a_role_is_that_of_the_words_that_give_it(store: Store) -> None:
    american = answer(store, LIBRARY["states-named"], state="country/USA", lang="en")
    assert {(row["role_label"], row["exact"][:23]) for row in american if row["role_label"]} == {
        ("cooperating", "Con la cooperación de E"), ("country of departure", "los repatriados de Esta"),
    }  # fmt: skip
    forums = answer(store, LIBRARY["forums-named"])
    assert [bool(row["role_label"]) for row in forums if row["number"] == "2.4.3"] == [True, False]


def test_the_title_of_the_plan_is_a_place_to_be_named(store: Store) -> None:
    for question in ("mentions", "forums-named", "agents-named"):
        given = {"thing": "process/rcm"} if question == "mentions" else {}
        titled = [row["exact"] for row in answer(store, LIBRARY[question], **given) if row["element"] + "/" == PLAN]
        assert titled == ["CONFERENCIA REGIONAL SOBRE MIGRACION", "CRM"]
    names = [row["name"] for row in answer(store, LIBRARY["several-names"]) if row["thing"].endswith("process/rcm")]
    assert names == [
        "conferencia regional sobre migracion",
        "crm",
        "conferencia regional sobre migración",
        "proceso puebla",
    ]


def meetings(store: Store, first: int, last: int) -> dict[str, dict[str, str]]:
    rows = answer(store, LIBRARY["meetings-during-plan"], **{"from": str(first), "to": str(last)})
    found = {short(row["meeting"]): row for row in rows}
    assert len(found) == len(rows)
    return found


def test_meetings_with_part_of_a_date_and_none(store: Store) -> None:
    during = meetings(store, 2003, 2010)
    assert during["meeting/crm-ix"]["ended"] == "2004-05-21"
    assert during["meeting/crm-xi"]["began"] == "2006"
    tenth = during["meeting/crm-x"]
    assert (tenth["began"], tenth["ended"], tenth["after"], tenth["before"]) == ("", "", "2004", "2006")
    assert not {"meeting/crm-ii", "meeting/crm-iii"} & set(during)
    assert "meeting/crm-x" not in meetings(store, 2005, 2010)
    everything = ask(store, "SELECT ?m WHERE { ?m a cg:Meeting ; cg:process <" + NAMES.id("process/rcm") + "> }")
    assert set(meetings(store, 1990, 2030)) == {short(meeting) for (meeting,) in everything}


def test_participants_are_no_members(store: Store) -> None:
    rows = {short(row["other"]): row for row in answer(store, LIBRARY["shared-members"], lang="en")}
    declaration = rows["process/la-declaration"]
    assert (declaration["shared"], declaration["members"], declaration["taking_part"]) == ("0", "0", "8")
    assert "Canada (participant)" in declaration["capacities"]
    regional = rows["process/ocam"]
    assert (regional["shared"], regional["taking_part"]) == ("7", "2")
    assert regional["capacities"] == "Dominican Republic (participant), Mexico (observer)"


@pytest.mark.parametrize("process", ["rcm", "prague", "la-declaration", "igc", "sacm", "budapest", "gfmd"])
def test_whoever_takes_part_in_both_is_counted_as_the_table_has_it(store: Store, process: str) -> None:
    in_each: dict[str, set[str]] = {}
    table = (resource("data") / "reference" / "memberships.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(table.splitlines()):
        if row["role"] != "secretariat":
            in_each.setdefault(f"process/{row['process']}", set()).add(row["agent"])
    own = in_each.get(f"process/{process}", set())
    expected = {
        (other, len(own & theirs), len(theirs))
        for other, theirs in in_each.items()
        if other != f"process/{process}" and own & theirs
    }
    rows = answer(store, LIBRARY["shared-participants"], process=f"process/{process}")
    assert {(short(row["other"]), int(row["shared"]), int(row["others"])) for row in rows} == expected
    for row in rows:
        assert float(row["share"]) == pytest.approx(int(row["shared"]) / len(own), abs=0.001)
        assert len(row["names"].split(", ")) >= int(row["shared"])


@pytest.mark.parametrize("thing", ["country/USA", "process/rcm", "instrument/mou-2006"])
def test_what_rests_on_no_words_has_a_row_for_each_statement(store: Store, thing: str) -> None:
    rows = answer(store, LIBRARY["statement-sources"], thing=thing)
    assert len({(row["property"], row["value"], row["statement"], row["value_label"]) for row in rows}) == len(rows)
    assert not any(row["passage"] for row in rows if not row["statement"])


def test_the_place_of_an_event_is_not_that_of_its_meeting(store: Store) -> None:
    rows = {short(row["event"]): row for row in answer(store, LIBRARY["events"])}
    report = rows["event/crm/informe-tarifas-2005"]
    assert (report["date"], report["place_label"]) == ("", "")
    assert (report["meeting_date"], report["meeting_place"]) == ("2005-03", "Vancouver")
    for pilot, country in (("piloto-el-salvador", "El Salvador"), ("piloto-honduras", "Honduras")):
        row = rows[f"event/crm/{pilot}"]
        assert (row["place_label"], row["meeting_place"]) == (country, "")
    guidelines = rows["event/crm/lineamientos-participacion"]
    assert (guidelines["place_label"], guidelines["meeting_place"]) == ("Guatemala", "Ciudad de Guatemala")
    assert len(rows) == len(answer(store, LIBRARY["events"]))


def test_a_status_is_found_wherever_it_is_stated(store: Store) -> None:
    stated = ask(store, "SELECT ?part ?status WHERE { ?part cg:status ?status }")
    rows = answer(store, LIBRARY["schedule-status"])
    assert sorted((row["entry"], row["status"]) for row in rows) == stated
    counts = answer(store, LIBRARY["status-counts"])
    assert sum(int(row["entries"]) for row in counts) == 37
    assert {(row["status"].rpartition("#")[2], row["others"]) for row in counts if row["others"] != "0"} == {
        ("continuous", "3"), ("not-carried-out", "1"),
    }  # fmt: skip


def test_every_instrument_that_the_plan_uses_has_a_title(store: Store) -> None:
    used = ask(store, "SELECT DISTINCT ?e ?i WHERE { ?e cg:instrumentUse/cg:instrument ?i . ?i dcterms:title ?title }")
    titled = {(row["element"], row["instrument"]) for row in answer(store, LIBRARY["cited-titles"])}
    assert titled >= set(used)
    fund = [row for row in answer(store, LIBRARY["cited-titles"]) if row["number"] == "6.2.1"]
    assert [row["exact"] for row in fund] == [
        "Retorno de Migrantes en Situación de Alta Vulnerabilidad (Fondo implementado por OIM)"
    ]


def test_what_was_inferred_is_told_in_words(store: Store) -> None:
    rows = answer(store, LIBRARY["inferred-statements"], lang="en")
    mexico = [row for row in rows if row["value_label"] == "Mexico"]
    assert {row["predicate_label"] for row in mexico} == {"involves agent", "mentions", "references"}
    [told] = [row for row in mexico if row["predicate_label"] == "involves agent" and row["rule"] == "prp-spo2"]
    assert told["premise_label"].endswith(" — Mexico: party to the instrument")
    assert told["exact"].endswith("los Estados Unidos Mexicanos")
    assert not any(row["premise_label"].startswith("http") for row in rows)


def test_an_objective_relies_only_on_what_there_is(store: Store) -> None:
    relied, spoken = (
        {(short(e), short(i)) for e, i in ask(store, f"SELECT ?e ?i WHERE {{ ?e a cg:Objective ; cg:{name} ?i }}")}
        for name in ("reliesOn", "concernsInstrument")
    )
    assert relied < spoken
    for yet_to_be_made in (
        *(("pgm/1", "instrument/politica-migratoria-nacional"), ("pgm/7", "instrument/estrategia-regional-retorno")),
        *(("pgm/3", "instrument/mecanismo-seguimiento-ppt"), ("pgm/4", "instrument/plan-trabajo-regional")),
        *(("pgm/6", "instrument/mecanismos-coordinacion"), ("pgm/7", "instrument/mecanismo-tarifas-reducidas")),
    ):
        assert yet_to_be_made in spoken - relied
    assert {("pgm/7", "instrument/mou-2006"), ("dh/1", "instrument/udhr-1948")} <= relied


@pytest.mark.parametrize("question", ["instruments", "instrument-objectives"])
def test_what_is_relied_on_is_told_from_what_is_spoken_of(store: Store, question: str) -> None:
    rows = answer(store, LIBRARY[question], instrument="any", lang="en")
    told = {(short(row["instrument"]), row["relied"]) for row in rows if row["number"] in ("1", "7", "7.1.1")}
    assert {
        *(("instrument/politica-migratoria-nacional", "false"), ("instrument/estrategia-regional-retorno", "false")),
        *(("instrument/compromisos-crm", "true"), ("instrument/mou-2006", "true")),
    } <= told


def test_what_an_objective_involves_has_its_role_or_use(store: Store) -> None:
    rows = answer(store, LIBRARY["objective-involvement"], objective="any", lang="en")
    assert all(row["capacity_label"] or row["property_label"] == "involves network" for row in rows)
    [strategy] = [row for row in rows if short(row["thing"]) == "instrument/estrategia-regional-retorno"]
    assert (strategy["property_label"], strategy["capacity_label"]) == (
        "concerns instrument", "drawing up or setting up",
    )  # fmt: skip


def test_every_forum_is_named_whatever_it_is(store: Store) -> None:
    named = {(short(row["process"]), row["number"]) for row in answer(store, LIBRARY["forums-named"])}
    assert {
        *(("actor/ceam", "11.1.2"), ("process/fibemyd", "11.1.2"), ("process/sacm", "11.1.2")),
        *(("actor/foros", "11"), ("actor/foros", "11.1"), ("actor/procesos-consulta", "11")),
        ("actor/procesos-cooperacion", "1.2"),
    } <= named
    assert not {thing for thing, _ in named} & {"actor/oim", "network/redes-enlace", "actor/grcm"}


def test_the_plan_of_each_network_is_that_of_every_one(store: Store) -> None:
    rows = answer(store, LIBRARY["network-objectives"])
    counts = {short(row["network"]): (row["objectives"], row["with_each"]) for row in rows}
    assert counts == {
        "network/red-trata": ("3", "8"), "network/red-proteccion-consular": ("4", "9"),
        "network/redes-enlace": ("5", "5"),
    }  # fmt: skip
    duties = {
        short(row["agent"]): (row["deferrals"], row["deferrals_to_each"])
        for row in answer(store, LIBRARY["body-duties"])
    }
    assert duties["network/red-trata"] == ("3", "7")
    assert duties["network/red-proteccion-consular"] == ("6", "7")
    assert (duties["network/redes-enlace"], duties["actor/st"]) == (("7", "0"), ("0", "0"))
    for question in ("network-objectives", "referrals"):
        covering = {short(row["network"]) for row in answer(store, LIBRARY[question]) if row["covers"]}
        assert covering == {"network/redes-enlace"}


@pytest.mark.parametrize("question", ["several-names", "role-counts", "status-counts"])
def test_what_is_counted_shows_the_words_of_the_first(store: Store, question: str) -> None:
    rows = answer(store, LIBRARY[question])
    counted = [tuple(row[column] for column in row if column.endswith(("label", "name", "theme"))) for row in rows]
    assert len(counted) == len(set(counted)), "one row for each count"
    assert all(row["passage"] and row["exact"] for row in rows)
