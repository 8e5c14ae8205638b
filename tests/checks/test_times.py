"""Checks of times and statuses in schedules, activities, notes and titles."""

from tests.checks.made import checked, found
from tests.support.phrases import rows_of

ADOPTED = "PLAN DE ACCIÓN 2026-2028, adoptado el 12 de febrero de 2026"
TIMELY = (
    *("note-contradicts-schedule", "status-repeated", "status-missing", "status-contradicts-date", "outcome-undated"),
    *("outcome-to-come", "period-reversed", "date-before-plan", "date-after-plan", "time-without-anchor"),
)


def codes_in_dated_plan(*objectives: tuple[str, tuple[tuple[str, str], ...]]) -> dict[str, list[str]]:
    """The codes of findings in a dated plan of objectives (a note and activities with a schedule), by part number."""
    rows = [
        (
            "Tema",
            f"{place}. Uno" + (f"\n\nNota: {note}" if note else ""),
            f"{place}.1 A",
            "\n\n".join(f"{place}.1.{each} {activity}" for each, (activity, _) in enumerate(activities, 1)),
            "\n\n".join(f"{place}.1.{each}.1 {schedule}" for each, (_, schedule) in enumerate(activities, 1)),
        )
        for place, (note, activities) in enumerate(objectives, 1)
    ]
    codes: dict[str, list[str]] = {}
    for finding in checked(*rows, title=ADOPTED):
        if finding.code in TIMELY:
            place = finding.other if finding.code == "note-contradicts-schedule" and finding.other else finding.location
            codes.setdefault(place.number or "", []).append(finding.code)
    return codes


ROWS = rows_of("times", "checks")


def expected(where: str) -> dict[str, list[str]]:
    """The expectations in times.csv, by text: codes of findings, or the schedules that a note contradicts."""
    return {words: said.split("; ") if said else [] for place, words, said in ROWS if place == where}


def test_schedules() -> None:
    """Two entries of one activity may be about different steps, and are no contradiction."""
    schedules = expected("schedule")
    found = codes_in_dated_plan(("", tuple(("Capacitar", schedule) for schedule in schedules)))
    assert {text: found.get(f"1.1.{place}.1", []) for place, text in enumerate(schedules, 1)} == schedules


def test_dates_in_activities() -> None:
    activities = expected("activity")
    found = codes_in_dated_plan(("", tuple((activity, "Continuo") for activity in activities)))
    assert {text: found.get(f"1.1.{place}", []) for place, text in enumerate(activities, 1)} == activities


def test_notes_against_the_schedule() -> None:
    schedules = ("Continuo", "En progreso", "Pendiente", "Realizado en enero de 2026")
    notes = expected("note")
    found = codes_in_dated_plan(*((note, tuple(("Capacitar", each) for each in schedules)) for note in notes))
    against = {
        note: [each for turn, each in enumerate(schedules, 1) if f"{place}.1.{turn}.1" in found]
        for place, note in enumerate(notes, 1)
    }
    assert against == notes
    # So does a note of an activity.
    note = "Dictar un curso de riego\n\nNota: esta actividad no se ha iniciado"
    assert codes_in_undated_plan(note, "En progreso") == {"note-contradicts-schedule"}


def codes_in_undated_plan(activity: str, schedule: str) -> set[str]:
    """The codes of findings about times and statuses in an undated plan of one row."""
    row = ("Tema", "1. Uno", "1.1 A", f"1.1.1 {activity}", f"1.1.1.1 {schedule}")
    return {code for code, _ in found(row)} & {*TIMELY}


def test_from_when_a_recurrence_counts() -> None:
    for schedule, codes in expected("recurrence").items():
        assert codes_in_undated_plan("Limpiar", schedule) == {*codes}, schedule


def test_dates_in_the_title() -> None:
    for title, schedule, code, quoted in rows_of("titles", "checks"):
        entry = schedule or "Mayo de 2024"
        findings = checked(("Tema", "1. Uno", "1.1 A", "1.1.1 Clean", f"1.1.1.1 {entry}"), title=title)
        if schedule:
            said = [each.other.exact if each.other else "" for each in findings if each.code == code]
            assert said == ([] if quoted == "none" else [quoted]), title
        else:
            assert {each.code for each in findings} - {"accent-missing"} == {code} - {""}, "the headings lack accents"
