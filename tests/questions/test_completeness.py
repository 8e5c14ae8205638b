"""Answers hold what the graph says, no less and no more, and agree with the findings of the checks."""

import csv
from collections import Counter

import pytest
from pyoxigraph import QuerySolutions, Store

from crmgraph.checking import catalogue
from crmgraph.namespaces import Names
from crmgraph.resources import resource
from tests.support.questions import LIBRARY, answer

NAMES = Names()
PLAN = NAMES.id("plan", "crm", "")
PREFIXES = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in NAMES.prefixes().items())


def ask(store: Store, query: str) -> list[tuple[str, ...]]:
    """Return the rows of a query, as text."""
    solutions = store.query(PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return sorted(tuple("" if term is None else str(term.value) for term in row) for row in solutions)


def short(iri: str) -> str:
    return iri.removeprefix(PLAN).removeprefix(NAMES.id())


def columns(store: Store, question: str, *names: str, **values: str) -> set[tuple[str, ...]]:
    """Return the different values in some columns of an answer."""
    return {tuple(short(row[name]) for name in names) for row in answer(store, LIBRARY[question], **values)}


# Statements and their sources


def test_every_ranked_statement_is_a_disagreement(store: Store) -> None:
    ranked = ask(store, "SELECT DISTINCT ?s WHERE { ?s a cg:Statement ; cg:rank ?rank }")
    for lang in ("es", "en"):
        rows = answer(store, LIBRARY["disagreements"], lang=lang)
        assert sorted((row["statement"],) for row in rows) == ranked
        assert all(row["property_label"] and row["thing_label"] for row in rows)
        assert {row["property_label"] for row in rows} >= {"rdfs:label", "dcterms:title"}


def test_every_statement_about_a_thing_has_its_source(store: Store) -> None:
    for thing in ("actor/st", "instrument/mou-2006", "process/sacm", "plan/crm/pgm/7.3.1.1"):
        rows = answer(store, LIBRARY["statement-sources"], thing=thing)
        stated = ask(store, f"SELECT ?s WHERE {{ ?s a cg:Statement ; cg:subject <{NAMES.id(thing)}> }}")
        assert stated
        assert sorted((row["statement"],) for row in rows if row["statement"]) == stated
        assert all(row["sources"] or row["exact"] for row in rows)
        keys = {(row["property"], row["value"], row["statement"], row["value_label"]) for row in rows}
        assert len(keys) == len(rows), thing
    rows = answer(store, LIBRARY["statement-sources"], thing="meeting/crm-i")
    [place] = [row for row in rows if row["value"].endswith("place/puebla")]
    source = "http://migracioninternacional.com/docum/confregI_e.html"
    assert (place["statement"], place["sources"]) == ("", source), "that of the thing"


def test_every_statement_about_an_element_is_shown(store: Store) -> None:
    for element in ("pgm/7.3.1", "vmd/4-a"):
        iri = f"<{PLAN}{element}>"
        said = ask(store, f'SELECT DISTINCT ?p ?o {{ {iri} ?p ?o FILTER (!ISLITERAL(?o) || LANG(?o) != "en") }}')
        rows = answer(store, LIBRARY["element-statements"], element=f"plan/crm/{element}")
        assert {(row["property"], row["value"]) for row in rows} == set(said)
    rows = answer(store, LIBRARY["element-statements"])
    assert {row["exact"] for row in rows if row["inferred"] == "true"} == {""}
    assert all(row["exact"] for row in rows if row["inferred"] == "false")
    mentioned = {row["value_label"]: row["exact"] for row in rows if row["property"].endswith("#mentions")}
    assert mentioned["Organización Internacional para las Migraciones"] == "OIM"
    assert mentioned["Aerolíneas"] == "líneas aéreas"


def test_inferred_statements_are_told_in_words(store: Store) -> None:
    rows = answer(store, LIBRARY["inferred-statements"], lang="en")
    mexico = [row for row in rows if row["value_label"] == "Mexico"]
    assert {row["predicate_label"] for row in mexico} == {"involves agent", "mentions", "references"}
    [told] = [row for row in mexico if row["predicate_label"] == "involves agent" and row["rule"] == "prp-spo2"]
    assert told["premise_label"].endswith(" — Mexico: party to the instrument")
    assert told["exact"].endswith("los Estados Unidos Mexicanos")
    assert not any(row["premise_label"].startswith("http") for row in rows)


# Who is named, and as what


@pytest.mark.parametrize(
    ("question", "kind", "column"), [("states-named", "State", "state"), ("agents-named", "Agent", "agent")]
)
def test_names_are_found_in_every_way(store: Store, question: str, kind: str, column: str) -> None:
    found = Counter((row[column], row["element"], row["passage"]) for row in answer(store, LIBRARY[question]))
    said = ask(
        store,
        f"""SELECT ?who ?element ?passage WHERE {{
          {{ ?element cg:mention ?way . ?way cg:mentioned ?who }}
          UNION {{ ?element cg:participation ?way . ?way cg:agent ?who }}
          UNION {{ ?way cg:predicate cg:place ; cg:subject ?element ; cg:object ?who }}
          ?way cg:passage ?passage . ?who a cg:{kind} . ?element cg:within? <{PLAN.removesuffix("/")}>
        }}""",
    )
    assert found == Counter(said)


def test_roles_are_those_of_the_words_that_give_them(store: Store) -> None:
    rows = [row for row in answer(store, LIBRARY["states-named"], lang="en") if row["number"] == "7.1.1"]
    assert {row["state_label"] for row in rows} == {"Mexico", "El Salvador", "Guatemala", "Honduras", "Nicaragua"}
    assert {row["role_label"] for row in rows} == {"", "party to the instrument"}
    american = answer(store, LIBRARY["states-named"], state="country/USA", lang="en")
    assert {(row["role_label"], row["exact"][:23]) for row in american if row["role_label"]} == {
        ("cooperating", "Con la cooperación de E"), ("country of departure", "los repatriados de Esta"),
    }  # fmt: skip
    forums = answer(store, LIBRARY["forums-named"])
    assert [bool(row["role_label"]) for row in forums if row["number"] == "2.4.3"] == [True, False]


def test_title_of_the_plan_names_things_too(store: Store) -> None:
    for question in ("mentions", "forums-named", "agents-named"):
        given = {"thing": "process/rcm"} if question == "mentions" else {}
        titled = [row["exact"] for row in answer(store, LIBRARY[question], **given) if row["element"] + "/" == PLAN]
        assert titled == ["CONFERENCIA REGIONAL SOBRE MIGRACION", "CRM"]


def test_every_forum_is_named_whatever_its_kind(store: Store) -> None:
    named = columns(store, "forums-named", "process", "number")
    assert {
        *(("actor/ceam", "11.1.2"), ("process/fibemyd", "11.1.2"), ("process/sacm", "11.1.2")),
        *(("actor/foros", "11"), ("actor/procesos-consulta", "11"), ("actor/procesos-cooperacion", "1.2")),
    } <= named
    assert not {thing for thing, _ in named} & {"actor/oim", "network/redes-enlace", "actor/grcm"}


# Meetings, events and processes


def test_meetings_with_part_of_a_date_or_none(store: Store) -> None:
    def meetings(first: int, last: int) -> dict[str, dict[str, str]]:
        rows = answer(store, LIBRARY["meetings-during-plan"], **{"from": str(first), "to": str(last)})
        return {short(row["meeting"]): row for row in rows}

    during = meetings(2003, 2010)
    assert during["meeting/crm-ix"]["ended"] == "2004-05-21"
    assert during["meeting/crm-xi"]["began"] == "2006"
    tenth = during["meeting/crm-x"]
    assert (tenth["began"], tenth["ended"], tenth["after"], tenth["before"]) == ("", "", "2004", "2006")
    assert not {"meeting/crm-ii", "meeting/crm-iii"} & set(during)
    assert "meeting/crm-x" not in meetings(2005, 2010)
    everything = ask(store, "SELECT ?m WHERE { ?m a cg:Meeting ; cg:process <" + NAMES.id("process/rcm") + "> }")
    assert set(meetings(1990, 2030)) == {short(meeting) for (meeting,) in everything}


def test_place_of_an_event_is_not_that_of_its_meeting(store: Store) -> None:
    rows = {short(row["event"]): row for row in answer(store, LIBRARY["events"])}
    places = ("date", "place_label", "meeting_date", "meeting_place")
    report = rows["event/crm/informe-tarifas-2005"]
    assert [report[name] for name in places] == ["", "", "2005-03", "Vancouver"]
    pilot = rows["event/crm/piloto-honduras"]
    assert (pilot["place_label"], pilot["meeting_place"]) == ("Honduras", "")
    guidelines = rows["event/crm/lineamientos-participacion"]
    assert (guidelines["place_label"], guidelines["meeting_place"]) == ("Guatemala", "Ciudad de Guatemala")


def test_participants_are_no_members(store: Store) -> None:
    rows = {short(row["other"]): row for row in answer(store, LIBRARY["shared-members"], lang="en")}
    declaration = rows["process/la-declaration"]
    assert (declaration["shared"], declaration["members"], declaration["taking_part"]) == ("0", "0", "8")
    assert "Canada (participant)" in declaration["capacities"]
    regional = rows["process/ocam"]
    assert (regional["shared"], regional["taking_part"]) == ("7", "2")
    assert regional["capacities"] == "Dominican Republic (participant), Mexico (observer)"


def test_shared_participants_are_those_of_the_table(store: Store) -> None:
    in_each: dict[str, set[str]] = {}
    table = (resource("data") / "reference" / "memberships.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(table.splitlines()):
        if row["role"] != "secretariat":
            in_each.setdefault(f"process/{row['process']}", set()).add(row["agent"])
    for process in ("process/rcm", "process/la-declaration", "process/igc", "process/gfmd"):
        own = in_each.get(process, set())
        expected = {
            (other, len(own & theirs), len(theirs))
            for other, theirs in in_each.items()
            if other != process and own & theirs
        }
        rows = answer(store, LIBRARY["shared-participants"], process=process)
        assert {(short(row["other"]), int(row["shared"]), int(row["others"])) for row in rows} == expected
        for row in rows:
            assert float(row["share"]) == pytest.approx(int(row["shared"]) / len(own), abs=0.001)
            assert len(row["names"].split(", ")) >= int(row["shared"])


# Statuses, instruments and counts


def test_statuses_are_found_wherever_they_are_stated(store: Store) -> None:
    stated = ask(store, "SELECT ?part ?status WHERE { ?part cg:status ?status }")
    rows = answer(store, LIBRARY["schedule-status"])
    assert sorted((row["entry"], row["status"]) for row in rows) == stated
    counts = answer(store, LIBRARY["status-counts"])
    assert sum(int(row["entries"]) for row in counts) == 37
    assert {(row["status"].rpartition("#")[2], row["others"]) for row in counts if row["others"] != "0"} == {
        ("continuous", "3"), ("not-carried-out", "1"),
    }  # fmt: skip


def test_every_instrument_in_use_has_a_title(store: Store) -> None:
    used = ask(store, "SELECT DISTINCT ?e ?i WHERE { ?e cg:instrumentUse/cg:instrument ?i . ?i dcterms:title ?title }")
    rows = answer(store, LIBRARY["cited-titles"])
    assert {(row["element"], row["instrument"]) for row in rows} >= set(used)
    assert [row["exact"] for row in rows if row["number"] == "6.2.1"] == [
        "Retorno de Migrantes en Situación de Alta Vulnerabilidad (Fondo implementado por OIM)"
    ]


def test_objectives_rely_only_on_instruments_that_there_are(store: Store) -> None:
    relied, spoken = (
        {(short(e), short(i)) for e, i in ask(store, f"SELECT ?e ?i WHERE {{ ?e a cg:Objective ; cg:{name} ?i }}")}
        for name in ("reliesOn", "concernsInstrument")
    )
    assert relied < spoken
    assert {("pgm/1", "instrument/politica-migratoria-nacional"), ("pgm/6", "instrument/mecanismos-coordinacion"),
            ("pgm/7", "instrument/estrategia-regional-retorno")} <= spoken - relied  # fmt: skip
    assert {("pgm/7", "instrument/mou-2006"), ("dh/1", "instrument/udhr-1948")} <= relied
    for question in ("instruments", "instrument-objectives"):
        assert {
            *(
                ("instrument/politica-migratoria-nacional", "false"),
                ("instrument/estrategia-regional-retorno", "false"),
            ),
            *(("instrument/compromisos-crm", "true"), ("instrument/mou-2006", "true")),
        } <= columns(store, question, "instrument", "relied", instrument="any", lang="en")
    rows = answer(store, LIBRARY["objective-involvement"], objective="any", lang="en")
    assert all(row["capacity_label"] or row["property_label"] == "involves network" for row in rows)


def test_referrals_to_each_network_count_for_all(store: Store) -> None:
    assert columns(store, "network-objectives", "network", "objectives", "with_each") == {
        ("network/red-trata", "3", "8"), ("network/red-proteccion-consular", "4", "9"),
        ("network/redes-enlace", "5", "5"),
    }  # fmt: skip
    duties = {agent: (own, each) for agent, own, each in columns(
        store, "body-duties", "agent", "deferrals", "deferrals_to_each")}  # fmt: skip
    assert [duties[name] for name in ("network/red-trata", "network/red-proteccion-consular")] == [
        ("3", "7"), ("6", "7"),
    ]  # fmt: skip
    assert (duties["network/redes-enlace"], duties["actor/st"]) == (("7", "0"), ("0", "0"))
    for question in ("network-objectives", "referrals"):
        covering = {short(row["network"]) for row in answer(store, LIBRARY[question]) if row["covers"]}
        assert covering == {"network/redes-enlace"}


def test_counts_show_the_words_of_the_first(store: Store) -> None:
    for question in ("several-names", "role-counts", "status-counts"):
        rows = answer(store, LIBRARY[question])
        counted = [tuple(row[name] for name in row if name.endswith(("label", "name", "theme"))) for row in rows]
        assert len(counted) == len(set(counted)), "one row for each count"
        assert all(row["passage"] and row["exact"] for row in rows)


# The findings of the checks


def test_questions_agree_with_the_findings(store: Store) -> None:
    findings = answer(store, LIBRARY["findings"])

    def found(*codes: str) -> list[str]:
        return sorted(row["element"] for row in findings if row["code"] in codes)

    def elements(question: str, column: str = "", value: str = "", **given: str) -> list[str]:
        rows = answer(store, LIBRARY[question], **given)
        return sorted(row["element"] for row in rows if not column or row[column] == value)

    for question, codes in (
        ("actions-without-activities", ("action-without-numbered-activity",)),
        ("activities-without-schedule", ("activity-without-schedule",)),
        ("unresolved-references", ("unresolved-cross-reference", "unknown-theme", "unknown-network")),
        ("referrals", ("referral-unverifiable",)),
    ):
        assert set(elements(question)) == set(found(*codes)) != set(), question
    firsts = {row["other"] for row in findings if row["code"] == "sentence-repeated"}
    repeated = elements("repeated-sentences")
    assert [each for each in repeated if each not in firsts] == found("sentence-repeated")
    assert firsts <= set(repeated)
    positions = elements("uncertain-attachments", "attachment", "position", lang="en")
    assert set(found("attachment-by-position")) <= set(positions)
    assert elements("agents-without-role", "elsewhere", "false") == found("agent-without-role")
    assert set() < set(found("title-differs")) <= set(elements("cited-titles", "same", "false"))


def test_every_check_has_the_number_of_its_findings(store: Store) -> None:
    checks = catalogue(resource("ontology") / "shapes")
    for lang in ("es", "en"):
        rows = answer(store, LIBRARY["checks"], lang=lang)
        assert [row["code"] for row in rows] == [check.code for check in checks]
        counts = {row["code"]: row["findings"] for row in answer(store, LIBRARY["finding-counts"], lang=lang)}
        assert {row["code"]: row["findings"] for row in rows if row["findings"] != "0"} == counts
        assert sum(map(int, counts.values())) == len(answer(store, LIBRARY["findings"], lang=lang))


# The tables of data/reference


TABLES = {
    "states": ("country/{iso3}", "State"),
    "processes": ("process/{id}", "ConsultativeProcess"),
    "actors": ("actor/{id}", "Agent"),
    "organisations": ("actor/{id}", "Agent"),
    "networks": ("network/{id}", "Network"),
    "instruments": ("instrument/{id}", "Instrument"),
    "meetings": ("meeting/{id}", "Meeting"),
    "places": ("place/{id}", "Place"),
}
PLANS = {
    "crm": 20, "gcm": 23, "csm": 8, "ocam": 3, "colombo": 9, "prague": 6, "bali": 6, "niamey": 8, "los-angeles": 7,
    "marrakesh": 10,
}  # fmt: skip
"""How many objectives, or themes without any, each plan has."""


def rows_of(name: str) -> list[dict[str, str]]:
    text = (resource("data") / "reference" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_each_row_of_a_table_is_a_thing_with_its_source(store: Store) -> None:
    for table, (pattern, kind) in TABLES.items():
        expected = {(NAMES.id(pattern.format(**row)),) for row in rows_of(table)}
        assert len(expected) == len(rows_of(table)), table
        found = set(ask(store, f"SELECT ?x {{ ?x a cg:{kind} ; dcterms:source ?source }}"))
        assert expected <= found, table
        if kind not in ("Agent", "Place"):
            every = ask(store, f"SELECT DISTINCT ?x {{ ?x a cg:{kind} FILTER NOT EXISTS {{ ?x cg:within ?plan }} }}")
            assert set(every) == expected, table


def test_memberships_parts_and_goals_are_as_many_as_in_the_tables(store: Store) -> None:
    memberships = ask(store, "SELECT DISTINCT ?m { ?m a cg:Membership ; dcterms:source ?source }")
    # A presidency is a membership for a year.
    assert len(memberships) == len(rows_of("memberships")) + len(rows_of("presidencies")) > 700
    goals = ask(store, "SELECT DISTINCT ?x { ?x skos:inScheme <http://metadata.un.org/sdg> ; dcterms:source ?s }")
    assert len(goals) == len(rows_of("sdg"))
    for plan, count in PLANS.items():
        parts = ask(
            store,
            f"""SELECT DISTINCT ?part {{ ?part cg:within <{NAMES.id("plan", plan)}> ; cg:passage ?passage .
                {{ ?part a cg:Objective }} UNION
                {{ ?part a cg:Theme FILTER NOT EXISTS {{ ?part dcterms:hasPart ?o . ?o a cg:Objective }} }} }}""",
        )
        assert len(parts) == count, plan
