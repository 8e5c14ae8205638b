"""Known changes of the real plan, each of which must be found as what it is, and nothing else with it."""

import re
from functools import cache
from pathlib import Path

import pytest

from crmgraph.building import SOURCE, background
from crmgraph.comparing import CHANGES, Change, compare
from crmgraph.comparing.agents import named_in
from crmgraph.comparing.changes import Named
from crmgraph.comparing.pairing import KINDS
from crmgraph.describing import Background
from crmgraph.namespaces import Names
from crmgraph.reading import Plan, read_plan, read_plan_text
from crmgraph.reading.plan import Part, Passage
from crmgraph.reading.source import Source
from crmgraph.wording import Bilingual

PLAN = read_plan(SOURCE)
PARTS = [part for part, _ in PLAN.walk()]
ACTIVITIES = [part for part in PARTS if part.kind == "Activity"]
NUMBERED = [part for part in ACTIVITIES if part.number]
LONG = [part for part in PARTS if part.kind in ("Objective", "Action", "Activity") and len(part.text) > 60]


@cache
def known() -> Background:
    return background(Names())


@pytest.fixture(scope="module")
def named() -> Named:
    return named_in(known(), PLAN)


def edited(*edits: tuple[int, int, str]) -> Plan:
    """The real plan with other words in the place of those from here to there."""
    text = PLAN.source.text
    for start, end, words in sorted(edits, reverse=True):
        text = f"{text[:start]}{words}{text[end:]}"
    return read_plan_text(Source(text, Path("new.txt")), "new")


def found(new: Plan, named: Named) -> list[Change]:
    return list(compare(PLAN, new, named, known().statuses).changes)


def said(changes: list[Change]) -> dict[str, set[str]]:
    """The kinds of change by the id of the part as it was, or else as it is."""
    return {(change.old or change.new).id: set(change.kinds) for change in changes}  # type: ignore[union-attr]


def entries(part: Part) -> list[Part]:
    return [below for below in part.parts if below.kind == "ScheduleEntry"]


def test_nothing_changed(named: Named) -> None:
    comparison = compare(PLAN, PLAN, named, known().statuses)
    assert comparison.changes == ()
    assert len(comparison.unchanged) == len([part for part in PARTS if part.kind in KINDS])


def test_blank_space_is_no_change(named: Named) -> None:
    spread = [(match.start(), match.end(), "  ") for match in re.finditer(r"(?<=\w) (?=\w)", PLAN.source.text)]
    assert found(edited(*spread), named) == []


@pytest.mark.parametrize("part", LONG, ids=lambda part: part.id)
def test_other_words(part: Part, named: Named) -> None:
    taken = {place for start, end, _ in named(part.text) for place in range(start, end)}
    word = next(
        match for match in re.finditer(r"[a-záéíóú]{5,}", part.text)
        if match.start() not in taken and PLAN.source.text.count(match[0]) > 0
    )  # fmt: skip
    start = part.passage.start + part.passage.exact.index(word[0])
    changes = found(edited((start, start + len(word[0]), "distinto")), named)
    assert said(changes) == {part.id: {"reworded"}}


@pytest.mark.parametrize("part", NUMBERED, ids=lambda part: part.id)
def test_another_number(part: Part, named: Named) -> None:
    assert part.number is not None
    number = f"{part.number.rpartition('.')[0]}.9"
    edits = [(each.passage.start, each.passage.start + len(part.number), number) for each in (part, *entries(part))]
    changes = found(edited(*edits), named)
    assert said(changes) == {part.id: {"renumbered"}}


@pytest.mark.parametrize("part", [part for part in ACTIVITIES if entries(part)], ids=lambda part: part.id)
def test_another_date(part: Part, named: Named) -> None:
    entry = entries(part)[0]
    assert entry.number
    start = entry.passage.start + len(entry.number)
    changes = found(edited((start, entry.passage.end, " En octubre de 2031")), named)
    is_handed_over = {"reassigned"} if named(entry.text) else set()
    assert said(changes) == {part.id: {"rescheduled", *is_handed_over}}
    assert "En octubre de 2031" in changes[0].schedules[1]


@pytest.mark.parametrize("part", NUMBERED, ids=lambda part: part.id)
def test_one_that_is_gone(part: Part, named: Named) -> None:
    edits = [(each.passage.start, each.passage.end, "") for each in (part, *entries(part))]
    changes = said(found(edited(*edits), named))
    assert changes.pop(part.id) == {"dropped"}
    # What has no number belongs to what stands before it.
    assert not changes or part.id == "dh/1.1.1"
    assert all(kinds <= {"moved", "rescheduled"} for kinds in changes.values())


@pytest.mark.parametrize("part", NUMBERED, ids=lambda part: part.id)
def test_one_that_is_new(part: Part, named: Named) -> None:
    assert part.number is not None
    number = f"{part.number.rpartition('.')[0]}.8"
    line = f"\n\n{number} Publicar un anuario estadístico de remesas familiares."
    changes = found(edited((part.passage.end, part.passage.end, line)), named)
    assert [change.kinds for change in changes] == [("added",)]
    assert changes[0].new is not None
    assert changes[0].new.text == "Publicar un anuario estadístico de remesas familiares."


def agents_of(part: Part, named: Named) -> list[tuple[int, int, Bilingual]]:
    return [each for each in named(part.text) if len(named(part.text)) == 1]


def test_another_agent(named: Named) -> None:
    seen = 0
    for part in ACTIVITIES:
        for start, end, name in agents_of(part, named):
            words = part.text[start:end]
            place = part.passage.exact.find(words)
            if place < 0 or name == "United Nations Children's Fund":
                continue
            begin = part.passage.start + place
            changes = found(edited((begin, begin + len(words), "UNICEF")), named)
            assert said(changes) == {part.id: {"reassigned"}}, part.id
            assert changes[0].agents == ((name,), ("United Nations Children's Fund",))
            seen += 1
    assert seen >= 5


def test_who_stood_in_the_name_of_an_instrument_is_nobody_new(named: Named) -> None:
    words = ", de la República de Honduras"
    at = PLAN.source.text.index(words)
    changes = [change for change in found(edited((at, at + len(words), "")), named) if change.new]
    # The memorandum is not known by this name, and the States in it are found by their own.
    assert "de la República de Honduras" in str(changes[0].old and changes[0].old.text)
    assert {change.agents[1] for change in changes} == {()}
    assert said(changes) == {"pgm/7.1.1": {"reworded"}}


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("con la OIM", "con el ACNUR"),
        ("a la OIM", "al ACNUR"),
        ("de la OIM", "del ACNUR"),
        ("las ONGs y la OIM", "las ONGs y el ACNUR"),
    ],
)
def test_the_article_goes_with_the_name_of_an_agent(was: str, now: str, named: Named) -> None:
    part = next(part for part in ACTIVITIES if part.id == "pgm/1.2.1")
    end = part.passage.start + len(part.passage.exact.rstrip())
    old, new = (edited((end, end, f" junto {words}")) for words in (was, now))
    [change] = compare(old, new, named, known().statuses).changes
    assert (change.kinds, change.agents[1][0].spanish) == (
        ("reassigned",),
        "Alto Comisionado de las Naciones Unidas para los Refugiados",
    )


def test_another_name_of_the_same_agent_is_no_other_agent(named: Named) -> None:
    part = next(part for part in PARTS if part.number == "7.2.2")
    start = part.passage.start + part.passage.exact.index("países miembros")
    changes = found(edited((start, start + len("países miembros"), "Estados miembros")), named)
    assert said(changes) == {part.id: {"reworded"}}


def test_moved_below_another_action(named: Named) -> None:
    part = next(part for part in ACTIVITIES if part.id == "pgm/1.2.1")
    edits = [(each.passage.start, each.passage.start + 5, "1.1.2") for each in (part, *entries(part))]
    changes = found(edited(*edits), named)
    assert said(changes) == {"pgm/1.2.1": {"moved", "renumbered"}}


def test_a_whole_objective_that_is_renumbered_changes_once(named: Named) -> None:
    theme = PLAN.themes[0]
    objective = next(part for part in theme.parts if part.number == "11")
    within = [part for part, _ in objective.walk() if part.number and part.number.startswith("11")]
    edits = [(part.passage.start, part.passage.start + 2, "77") for part in within]
    assert said(found(edited(*edits), named)) == {objective.id: {"renumbered"}}


def test_another_title_of_a_theme(named: Named) -> None:
    theme = PLAN.themes[2]
    titles: list[Passage] = [theme.passage, *theme.repeats]
    changes = found(edited(*((each.start, each.end, "VINCULOS DE MIGRACION Y DESARROLLO") for each in titles)), named)
    assert said(changes) == {theme.id: {"reworded"}}


def test_a_theme_that_lost_its_name_is_known_by_what_is_in_it(named: Named) -> None:
    theme = PLAN.themes[1]
    titles: list[Passage] = [theme.passage, *theme.repeats]
    changes = found(edited(*((each.start, each.end, "INCLUSION") for each in titles)), named)
    assert said(changes) == {theme.id: {"reworded"}}


def test_two_that_change_places(named: Named) -> None:
    one, other = (next(part for part in ACTIVITIES if part.id == name) for name in ("pgm/1.2.1", "pgm/1.3.1"))
    # Their numbers go with them, so that they belong to what they belonged to.
    changes = found(
        edited(
            (one.passage.start, one.passage.end, other.passage.exact),
            (other.passage.start, other.passage.end, one.passage.exact),
        ),
        named,
    )
    assert changes == []
    action, following = (next(part for part in PARTS if part.id == name) for name in ("pgm/1.1", "pgm/1.2"))
    changes = found(
        edited(
            (action.passage.start, action.passage.end, following.passage.exact),
            (following.passage.start, following.passage.end, action.passage.exact),
        ),
        named,
    )
    assert [change.kinds for change in changes] == [("reordered",)]


def test_others_in_the_calendar(named: Named) -> None:
    start = PLAN.source.text.index("Estados Unidos se han lanzado")
    [change] = found(edited((start, start + len("Estados Unidos"), "Canadá")), named)
    # The calendar names the United States once more.
    assert (change.kinds, change.agents) == (("reassigned",), ((), ("Canada",)))
    assert "Canadá" in change.schedules[1]


def test_whoever_is_in_the_words_is_not_new_in_the_calendar(named: Named) -> None:
    part = next(part for part in PARTS if part.id == "pgm/1.2.1")
    [entry] = entries(part)
    start = part.passage.start + part.passage.exact.index("La OIM preparara")
    changes = found(
        edited(
            (start, start + len("La OIM preparara"), "Se preparara"), (entry.passage.end, entry.passage.end, " (OIM)")
        ),
        named,
    )
    assert said(changes) == {part.id: {"reworded", "rescheduled"}}


def test_an_activity_that_becomes_an_action(named: Named) -> None:
    part = next(part for part in PARTS if part.id == "pgm/9.1.1")
    action = next(part for part in PARTS if part.id == "pgm/9.1")
    for words, kinds in ((part.text, {"relevelled", "renumbered"}), (f"{part.text}, y más", {"reworded"})):
        edits = [(each.passage.start, each.passage.end, "") for each in (part, *entries(part))]
        changes = found(edited(*edits, (action.passage.end, action.passage.end, f"\n\n9.2 {words}")), named)
        assert said(changes) == {part.id: {"relevelled", "renumbered", "rescheduled"} | kinds}
        assert [change.new.id for change in changes if change.new] == ["pgm/9.2"]


def test_an_action_with_the_number_of_another_is_what_it_was(named: Named) -> None:
    part = next(part for part in PARTS if part.id == "pgm/9.1.1")
    action = next(part for part in PARTS if part.id == "pgm/9.1")
    edits = [(each.passage.start, each.passage.end, "") for each in (part, *entries(part))]
    changes = said(found(edited(*edits, (action.passage.start, action.passage.end, f"9.1 {part.text}")), named))
    assert changes == {"pgm/9.1": {"dropped"}, "pgm/9.1.1": {"relevelled", "rescheduled"}}


@pytest.mark.parametrize(
    ("was", "now"), [("PLAN DE ACCION", "PLAN DE ACCION 2027"), ("SOBRE MIGRACION (CRM)", "SOBRE MIGRACIÓN (CRM)")]
)
def test_another_title_or_other_lines_below_it(was: str, now: str, named: Named) -> None:
    assert was in PLAN.source.text
    text = PLAN.source.text.replace(was, now, 1)
    comparison = compare(PLAN, read_plan_text(Source(text, Path("new.txt")), "new"), named, known().statuses)
    assert (comparison.changes, comparison.is_renamed, comparison.is_same) == ((), True, False)


def test_each_way_has_a_name_in_both_languages() -> None:
    assert all(each.spanish and str(each) for each in CHANGES.values())


HEAD = "PLAN\n\n\tTEMAS\n\tOBJETIVOS\n\tACCIÓN\n\tACTIVIDADES\n\tCALENDARIO\n"
ROUND = {
    "es": "El retorno de los migrantes de la región",
    "en": "The return of the migrants of the region",
    "fr": "Le retour des migrants dans la région",
    "pt": "O retorno das pessoas que migram para os países da região",
}


@pytest.mark.parametrize(
    ("language", "old", "new", "kind"),
    [
        ("es", "Campaña en Guatemala sobre la trata", "Campaña en Honduras sobre la trata", "reworded"),
        ("es", "Talleres en Belice, Guatemala y Panamá", "Talleres en Belice, Honduras y El Salvador", "reworded"),
        ("es", "Talleres en los Estados Unidos sobre trata", "Talleres en Panamá sobre trata", "reworded"),
        ("en", "Campaign in Guatemala on trafficking", "Campaign in the United States on trafficking", "reworded"),
        ("fr", "Campagne au Guatemala sur la traite", "Campagne au Honduras sur la traite", "reworded"),
        ("pt", "Campanha na Guatemala sobre o tráfico", "Campanha em Honduras sobre o tráfico", "reworded"),
        ("es", "Campaña de Guatemala sobre la trata", "Campaña de Honduras sobre la trata", "reassigned"),
        ("es", "Guatemala prepara en Panamá una guía", "Honduras prepara en Panamá una guía", "reassigned"),
        ("es", "Taller en Panamá con Guatemala sobre trata", "Taller en Panamá con Honduras sobre trata", "reassigned"),
        ("en", "Campaign by Guatemala on trafficking", "Campaign by Honduras on trafficking", "reassigned"),
    ],
)
def test_a_state_in_which_something_is_done_is_a_place(language: str, old: str, new: str, kind: str) -> None:
    rows = [
        f"{HEAD}\t{ROUND[language]}\n\t1. {ROUND[language]}\n\t1.1 Uno\n\t1.1.1 {each}\n\t\n" for each in (old, new)
    ]
    before, after = (read_plan_text(Source(text), name) for text, name in zip(rows, ("old", "new"), strict=True))
    assert after.language == language
    [change] = compare(before, after, named_in(known(), after), known().statuses).changes
    assert change.kinds == (kind,)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("15 de mayo de 2027", "15/05/2027", "reworded"),
        ("Pendiente. El 15 de mayo de 2027", "15/05/2027, pendiente", "reworded"),
        ("mayo de 2027", "05/2027", "reworded"),
        ("Del 15 al 20 de mayo de 2027", "15/05/2027 - 20/05/2027", "reworded"),
        ("Anual", "Cada año", "reworded"),
        ("15 de mayo de 2027, en Panamá", "15/05/2027, en la Ciudad de Panamá", "reworded"),
        ("15 de mayo de 2027", "16/05/2027", "rescheduled"),
        ("15 de mayo de 2027", "Hasta el 15/05/2027", "rescheduled"),
        ("Pendiente, 15 de mayo de 2027", "15/05/2027", "rescheduled"),
        ("Pendiente, 15 de mayo de 2027", "En ejecución, 15/05/2027", "rescheduled"),
        ("II trimestre de 2027", "IV trimestre de 2027", "rescheduled"),
        ("Inicios de mayo de 2027", "Finales de mayo de 2027", "rescheduled"),
        ("Primera quincena, mayo de 2027", "Después, 05/2027", "rescheduled"),
        ("15 de mayo de 2027, a corto plazo", "15/05/2027", "rescheduled"),
        ("A corto plazo", "A largo plazo", "rescheduled"),
    ],
)
def test_the_same_day_written_otherwise_is_no_other_day(old: str, new: str, kind: str) -> None:
    rows = [
        f"{HEAD}\t{ROUND['es']}\n\t1. {ROUND['es']}\n\t1.1 Uno\n\t1.1.1 Hacer un taller\n\t1.1.1.1 {each}\n"
        for each in (old, new)
    ]
    before, after = (read_plan_text(Source(text), name) for text, name in zip(rows, ("old", "new"), strict=True))
    [change] = compare(before, after, lambda _: (), known().statuses).changes
    assert (change.kinds, change.schedules) == ((kind,), (old, new))
