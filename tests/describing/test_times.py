"""The recognition of times in a text, with the exact words, and without doubtful ones."""

import csv
import unicodedata
from datetime import date
from functools import partial
from itertools import pairwise

from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.describing.annotations import planned_times
from crmgraph.describing.vocabulary import date_literal, duration_literal, find_quote
from crmgraph.extraction.dates import find_times, with_day_first
from crmgraph.files import resource
from crmgraph.reading import read_plan
from crmgraph.reading.model import Plan
from tests.support.backgrounds import made_plan
from tests.support.phrases import differences


def times(text: str, is_calendar: bool = False) -> list[tuple[int, int, str]]:
    return [(each.start, each.end, f"{each.property} {each.value}") for each in find_times(text, is_calendar)]


def said(text: str) -> str:
    return "; ".join(each[2] for each in times(text))


def test_times() -> None:
    assert differences("times", times) == []
    assert differences("calendar_times", partial(times, is_calendar=True)) == []
    for text in ("del 15 de febrero de 2010", "miércoles 15 de junio de 2010, cada año"):
        assert said(unicodedata.normalize("NFD", text).replace(" ", "\u00a0 ")) == said(text) != ""


def test_in_the_plan_of_the_crm_they_are_what_its_readers_noted() -> None:
    plan = read_plan(resource("data") / "source" / "crm.txt")
    parts = {part.id: part for part, _ in plan.walk()}
    with (resource("data") / "annotations" / "crm" / "times.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["property"] != "recurs-with"]
    noted = [
        (row["element"], find_quote(parts[row["element"]].passage, row["quote"]).start, row["quote"], row["property"],
         row["value"])
        for row in rows
    ]  # fmt: skip
    found = [
        (part.id, part.passage.start + each.start, part.passage.exact[each.start : each.end], each.property, each.value)
        for part in parts.values()
        for each in find_times(part.passage.exact)
    ]
    assert sorted(found) == sorted(noted)


PIECES = st.sampled_from(
    ["en 2010 ", " de ", " del ", " a ", " al ", " y ", ", ", "-", "/", ".", "; ", "15", "31", "0", "13", "2009",
     "2010", "1999", "marzo", "Febrero", "sept.", "may", "desde", "hasta ", "entre ", "antes de", "cada ", "dos",
     "tres", "(3)", "años", "meses", "dentro de ", "anual", "every ", "o ", " en un plazo de ", "primer semestre",
     "²", "Q1", "S2", "q9", "2T", "trim.", "IV", "quarter", "from ", "1.1 ", "\u0301", "\u00a0", "\n", "ñ", "½", "①",
     "٣", "\U0001d7d8"]
)  # fmt: skip


@given(st.text() | st.lists(PIECES, max_size=25).map(" ".join) | st.lists(PIECES, max_size=25).map("".join))
def test_whatever_the_text_what_is_found_can_be_written(text: str) -> None:
    found = find_times(text)
    for each in found:
        assert 0 <= each.start < each.end <= len(text)
        assert text[each.start : each.end].strip(" ,;") == text[each.start : each.end]
        if each.property in ("date", "since", "until"):
            date_literal(each.value)
        elif each.property in ("recurrence", "delay"):
            duration_literal(each.value)
        else:
            assert each.property in ("impossible", "reversed")
    for one, next_ in pairwise(found):
        assert one.end <= next_.start or (one.start, one.end) == (next_.start, next_.end)


FORMS = (
    *(("es", f"d 'de' MMMM {rest}") for rest in ("'de' y", "'del' y")), ("es", "d 'de' MMM 'de' y"), ("es", "d MMMM y"),
    ("es", "dd/MM/y"), ("es", "d-M-y"), ("es", "y-MM-dd"), ("es", "EEEE d 'de' MMMM 'de' y"),
    *(("en", form) for form in ("MMMM d, y", "d MMMM y", "MMM d, y", "d MMM y")),
)  # fmt: skip
DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))


@given(DAYS, DAYS, st.sampled_from(FORMS))
def test_days_months_and_periods_are_read_back(day: date, other: date, form: tuple[str, str]) -> None:
    language, pattern = form
    written = format_date(day, pattern, locale=language)
    text = f"Taller («{written}») en México"
    [found] = find_times(text)
    assert (found.property, found.value) == ("date", day.isoformat())
    assert written.endswith(text[found.start : found.end])
    for months in ("MMMM y", "MMM y", "MMMM 'de' y"):
        assert said(f"x, {format_date(day, months, locale=language)}; y") == f"date {day.isoformat()[:7]}"
    first, last = (format_date(each, "d 'de' MMMM 'de' y", locale="es") for each in (day, other))
    kinds = {each.property for each in find_times(f"del {first} al {last}")}
    assert kinds == ({"reversed"} if other < day else {"since", "until"})


def planned_times_of(plan: Plan) -> list[tuple[str | None, str, str, str]]:
    """Return the planned times in a plan: the number of the part, the words, the property and the value."""
    found = planned_times(plan)
    return [(part.number, passage.exact, moment.property, moment.value) for part, passage, moment in found]


def test_dates_in_figures_that_may_have_the_day_or_the_month_first() -> None:
    for others, text in (
        ([], "by           "),
        (["5/6/2027"], "by           "),
        (["13/04/2027", "04/13/2027"], "by           "),
        (["13/04/2027"], "by 03/04/2027"),
        (["04/13/2027"], "by 04/03/2027"),
    ):
        assert with_day_first(["by 03/04/2027", *others])[0] == text
    for text in ("04/04/2027", "12/31/2027", "31/12/2027", "2027-03-04", "03/2027", "32/14/2027"):
        assert with_day_first([text]) == [text]
    english = "Write to the officers of the border and to the States that are by it"
    for activity, values in (
        (english, []),
        (f"{english} by 12/31/2027", ["2027-12-31", "2027-03-04"]),
        (f"{english} by 31/12/2027", ["2027-12-31", "2027-04-03"]),
        ("Escribir a los oficiales de la frontera", ["2027-04-03"]),
    ):
        plan = made_plan(("Border", "1. Border", "1.1 Border", f"1.1.1 {activity}", "1.1.1.1 03/04/2027"))
        assert [each[3] for each in planned_times_of(plan)] == values


def test_dates_before_the_plan_are_those_of_what_it_cites() -> None:
    rows = (
        "Agua",
        "1. Cuidar",
        "1.1 Hacer",
        "1.1.1 Seguir la reunión de mayo de 2025 hasta 2027",
        "1.1.1.1 Mayo de 2024",
    )
    for title, values in (("PLAN 2026-2028", ["2027", "2024-05"]), ("PLAN", ["2025-05", "2027", "2024-05"])):
        assert [each[3] for each in planned_times_of(made_plan(rows, title=title))] == values
