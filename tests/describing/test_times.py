"""Times in a text: those that its words say, on exactly those words, and nothing where they leave a doubt."""

import csv
import time
import unicodedata
from datetime import date
from itertools import pairwise

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.describing.literals import date_literal, duration_literal
from crmgraph.describing.quoting import find_quote
from crmgraph.describing.timing import Moment, find_times
from crmgraph.reading import read_plan
from crmgraph.resources import resource

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
PIECES = st.sampled_from(
    ["en 2010 ", " de ", " del ", " a ", " al ", " y ", ", ", "-", "/", ".", "15", "31", "0", "2009", "2010", "1999",
     "marzo", "Febrero", "sept.", "may", "desde", "hasta", "entre", "antes de", "cada ", "dos", "tres", "(3)", "años",
     "meses", "semana", "dentro de ", "anual", "every ", "within ", "o ", " en un plazo de ", "primer semestre", "²",
     "\u0301", "\u00a0", "\n", "ñ", "½", "①", "٣", "\U0001d7d8"]
)  # fmt: skip


def said(text: str) -> list[tuple[str, str, str]]:
    """The words, the property and the value of each time in `text`."""
    return [(text[each.start : each.end], each.property, each.value) for each in find_times(text)]


def test_in_the_plan_of_the_crm_they_are_what_its_readers_noted() -> None:
    plan = read_plan(resource("data") / "source" / "crm.txt")
    parts = {part.id: part for part, _ in plan.walk()}
    with (resource("data") / "annotations" / "crm" / "times.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["property"] != "recurs-with"]
    noted = {
        (row["element"], find_quote(parts[row["element"]].passage, row["quote"]).start, row["quote"], row["property"],
         row["value"])
        for row in rows
    }  # fmt: skip
    found = [
        (part.id, part.passage.start + each.start, part.passage.exact[each.start : each.end], each.property, each.value)
        for part in parts.values()
        for each in find_times(part.passage.exact)
    ]
    assert len(found) == len(rows)
    assert set(found) == noted


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("Taller en 2010", "en 2010", "2010"),
        ("se realizará durante 2010.", "durante 2010", "2010"),
        ("Informe para 2012", "para 2012", "2012"),
        ("En 2010 se harán talleres", "En 2010", "2010"),
        ("En 2010 realizar talleres", "En 2010", "2010"),
        ("Taller en el año 2010", "en el año 2010", "2010"),
        ("Taller (año 2010)", "año 2010", "2010"),
        ("1.1.1.1 2010", "2010", "2010"),
        ("2010.", "2010", "2010"),
        ("Taller en 2010²", "en 2010", "2010"),
        ("Taller a finales de 2010", "a finales de 2010", "2010"),
        ("En el primer semestre de 2010", "En el primer semestre de 2010", "2010"),
        ("Vancouver,  marzo 2005 sobre", "marzo 2005", "2005-03"),
        ("MARZO DE 2005", "MARZO DE 2005", "2005-03"),
        ("en marzo del año 2005", "en marzo del año 2005", "2005-03"),
        ("setiembre 2009", "setiembre 2009", "2009-09"),
        ("Sept. 2009", "Sept. 2009", "2009-09"),
        ("el 15 de julio de 2009", "15 de julio de 2009", "2009-07-15"),
        ("el miércoles 15 de julio del 2009", "15 de julio del 2009", "2009-07-15"),
        ("el 1º de enero de 2010", "1º de enero de 2010", "2010-01-01"),
        ("primero de mayo de 2010", "primero de mayo de 2010", "2010-05-01"),
        ("15-jul-2009", "15-jul-2009", "2009-07-15"),
        ("2009-07-15", "2009-07-15", "2009-07-15"),
        ("el 15/07/2009 en", "15/07/2009", "2009-07-15"),
        ("15.7.2009", "15.7.2009", "2009-07-15"),
        ("a más tardar el 15 de julio de 2009", "a más tardar el 15 de julio de 2009", "2009-07-15"),
        ("workshop in 2010", "in 2010", "2010"),
        ("by the end of 2012", "by the end of 2012", "2012"),
        ("held with the States on July 15, 2009", "on July 15, 2009", "2009-07-15"),
        ("15th of July, 2009", "15th of July, 2009", "2009-07-15"),
        ("March 2005", "March 2005", "2005-03"),
        ("A lo largo de 2025", "A lo largo de 2025", "2025"),
        ("2.º semestre de 2025", "2.º semestre de 2025", "2025"),
        ("4.º trimestre de 2026", "4.º trimestre de 2026", "2026"),
        ("1.1.1.1 1er trimestre 2026", "1er trimestre 2026", "2026"),
        ("1.er semestre de 2026", "1.er semestre de 2026", "2026"),
        ("Trimestre I de 2025", "Trimestre I de 2025", "2025"),
        ("Q3 2025", "Q3 2025", "2025"),
        ("Primavera de 2026", "Primavera de 2026", "2026"),
        ("Postergado a 2026", "Postergado a 2026", "2026"),
        ("S1 2027", "S1 2027", "2027"),
        ("FY2027", "FY2027", "2027"),
        ("in FY 2027.", "in FY 2027", "2027"),
    ],
)
def test_a_date(text: str, words: str, value: str) -> None:
    assert said(text) == [(words, "date", value)]


@pytest.mark.parametrize(
    ("text", "words", "values"),
    [
        ("en 2010, 2011 y 2012", "en 2010, 2011 y 2012", ["2010", "2011", "2012"]),
        ("1.1.1.1 2010 y 2011", "2010 y 2011", ["2010", "2011"]),
        ("en junio y julio de 2010", "en junio y julio de 2010", ["2010-06", "2010-07"]),
        ("15 y 16 de julio de 2009", "15 y 16 de julio de 2009", ["2009-07-15", "2009-07-16"]),
    ],
)
def test_several_dates_on_the_same_words(text: str, words: str, values: list[str]) -> None:
    assert said(text) == [(words, "date", value) for value in values]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("desde junio 2003", "desde junio 2003", "2003-06"),
        ("desde el lunes 14 de julio de 2003", "desde el lunes 14 de julio de 2003", "2003-07-14"),
        ("a partir del 1 de enero de 2010", "a partir del 1 de enero de 2010", "2010-01-01"),
        ("Desde 2010 se publica", "Desde 2010", "2010"),
        ("de 2010 en adelante", "de 2010 en adelante", "2010"),
        ("since March 2005", "since March 2005", "2005-03"),
        ("From March 2005", "From March 2005", "2005-03"),
        ("1.1.1.1 From 2005", "From 2005", "2005"),
        ("Ongoing from March 2005, in each State", "from March 2005", "2005-03"),
    ],
)
def test_since_when(text: str, words: str, value: str) -> None:
    assert said(text) == [(words, "since", value)]


@pytest.mark.parametrize(
    ("text", "words", "first", "last"),
    [
        ("2010-2012", "2010-2012", "2010", "2012"),
        ("2025/2026", "2025/2026", "2025", "2026"),
        ("Calendario: 2010–2012", "2010–2012", "2010", "2012"),
        ("en el periodo 2010-2012", "en el periodo 2010-2012", "2010", "2012"),
        ("Talleres de 2010 a 2012.", "de 2010 a 2012", "2010", "2012"),
        ("entre 2010 y 2012", "entre 2010 y 2012", "2010", "2012"),
        ("desde 2010 hasta 2012", "desde 2010 hasta 2012", "2010", "2012"),
        ("de 2010 a marzo de 2012", "de 2010 a marzo de 2012", "2010", "2012-03"),
        ("de marzo a junio de 2010", "de marzo a junio de 2010", "2010-03", "2010-06"),
        ("del 15 al 17 de julio de 2009", "del 15 al 17 de julio de 2009", "2009-07-15", "2009-07-17"),
        ("30 de marzo al 3 de abril de 2010", "30 de marzo al 3 de abril de 2010", "2010-03-30", "2010-04-03"),
        ("from March to June 2010", "from March to June 2010", "2010-03", "2010-06"),
    ],
)
def test_from_when_until_when(text: str, words: str, first: str, last: str) -> None:
    assert said(text) == [(words, "since", first), (words, "until", last)]


@pytest.mark.parametrize(
    ("text", "how_often", "years"),
    [
        ("Trimestral, 2027-2029", "Trimestral", [("since", "2027"), ("until", "2029")]),
        ("1.1.1.1 Annual (2027-2029).", "Annual", [("since", "2027"), ("until", "2029")]),
        ("Anual, 2027 y 2028", "Anual", [("date", "2027"), ("date", "2028")]),
        ("Semestral 2027", "Semestral", [("date", "2027")]),
    ],
)
def test_how_often_and_in_which_years(text: str, how_often: str, years: list[tuple[str, str]]) -> None:
    first, *rest = said(text)
    assert first[:2] == (how_often, "recurrence")
    assert [each[1:] for each in rest] == years


@pytest.mark.parametrize("text", ["Continuo, 2027-2029", "1.1.1.1 Ongoing (2027-2029)", "Permanente: 2027-2029"])
def test_what_goes_on_and_in_which_years(text: str) -> None:
    assert [each[1:] for each in said(text)] == [("since", "2027"), ("until", "2029")]


def test_until_when() -> None:
    assert said("hasta junio de 2012") == [("hasta junio de 2012", "until", "2012-06")]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("actualizada cada seis meses.", "cada seis meses", "P6M"),
        ("y, cada 3 años para", "cada 3 años", "P3Y"),
        ("cada tres (3) años", "cada tres (3) años", "P3Y"),
        ("cada año y medio", "cada año y medio", "P1Y6M"),
        ("cada 18 meses", "cada 18 meses", "P1Y6M"),
        ("cada dos semanas", "cada dos semanas", "P14D"),
        ("cada trimestre", "cada trimestre", "P3M"),
        ("todos los años", "todos los años", "P1Y"),
        ("una vez al año", "una vez al año", "P1Y"),
        ("reunión anual", "anual", "P1Y"),
        ("se revisa anualmente", "anualmente", "P1Y"),
        ("informes semestrales", "semestrales", "P6M"),
        ("Trimestral", "Trimestral", "P3M"),
        ("boletín mensual", "mensual", "P1M"),
        ("foro bienal", "bienal", "P2Y"),
        ("every six months", "every six months", "P6M"),
        ("every other year", "every other year", "P2Y"),
        ("an annual meeting", "annual", "P1Y"),
        ("Dos veces al año", "Dos veces al año", "P6M"),
        ("three times a year", "three times a year", "P4M"),
    ],
)
def test_how_often(text: str, words: str, value: str) -> None:
    assert said(text) == [(words, "recurrence", value)]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("dentro de tres años y, cada", "dentro de tres años", "P3Y"),
        ("en un plazo de seis meses", "en un plazo de seis meses", "P6M"),
        ("en un plazo no mayor a 60 días", "en un plazo no mayor a 60 días", "P60D"),
        ("dentro de los próximos doce meses", "dentro de los próximos doce meses", "P1Y"),
        ("within the next two years", "within the next two years", "P2Y"),
        ("Al cabo de dos años", "Al cabo de dos años", "P2Y"),
        ("A más tardar en seis meses", "A más tardar en seis meses", "P6M"),
        ("Plazo de seis meses", "Plazo de seis meses", "P6M"),
        ("1.1.1.1 En tres meses", "En tres meses", "P3M"),
        ("1.1.1.1 In six months.", "In six months", "P6M"),
    ],
)
def test_after_how_long(text: str, words: str, value: str) -> None:
    assert said(text) == [(words, "delay", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30 de febrero de 2010", "2010-02-30"),
        ("15/13/2009", "2009-13-15"),
        ("00/07/2009", "2009-07-00"),
        ("2009-02-29", "2009-02-29"),
        ("40 de julio de 2009", "2009-07-40"),
        ("31 de junio", "31 de junio"),
        ("30 February", "30 february"),
    ],
)
def test_what_no_calendar_has(text: str, value: str) -> None:
    assert said(f"Taller: {text}") == [(text, "impossible", value)]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Marzo de 2032, el {}", [("Marzo de 2032", "date", "2032-03")]),
        ("Continuo, desde enero de 2031, el {}", [("desde enero de 2031", "since", "2031-01")]),
        ("Taller: 29 y {}", [("29", "date", "2010-06-29")]),
        ("de enero a {}", []),
        ("entre marzo y el {}", []),
        ("mayo o {}", []),
        ("antes del {}", []),
        ("desde el {}", []),
        ("From March to the {}", []),
        ("el informe adoptado el {}", []),
    ],
)
def test_a_date_that_no_calendar_has_is_told_among_others(text: str, rest: list[tuple[str, str, str]]) -> None:
    bad = "31 de junio de 2010"
    assert said(text.format(bad)) == [*rest, (bad, "impossible", "2010-06-31")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2012-2010", "2012/2010"),
        ("Del 5 al 3 de marzo de 2027", "2027-03-05/2027-03-03"),
        ("Del 5 de marzo al 3 de marzo de 2027", "2027-03-05/2027-03-03"),
        ("del 28 de marzo al 3 de marzo de 2027", "2027-03-28/2027-03-03"),
        ("De junio a mayo de 2027", "2027-06/2027-05"),
        ("del 3 de junio al 5 de mayo de 2027", "2027-06-03/2027-05-05"),
        ("de diciembre de 2027 a enero de 2027", "2027-12/2027-01"),
        ("From 5 March to 3 March 2027", "2027-03-05/2027-03-03"),
        ("from March 5 to March 3, 2027", "2027-03-05/2027-03-03"),
        ("from June to May 2027", "2027-06/2027-05"),
        ("Inicio: mayo de 2025; fin: enero de 2025", "2025-05/2025-01"),
        ("Beginning June 2025, ending January 2025", "2025-06/2025-01"),
        ("Del año escolar 2025 al 2024", "2025/2024"),
    ],
)
def test_a_period_that_ends_before_it_begins(text: str, value: str) -> None:
    assert said(f"Taller: {text}") == [(text, "reversed", value)]


@pytest.mark.parametrize(
    "text",
    ["de octubre a marzo de 2027", "del 28 al 3 de marzo de 2027", "Del 20 de diciembre al 10 de enero de 2027",
     "from November to February 2027"],
)  # fmt: skip
def test_a_period_that_may_run_into_the_next_month_or_year_is_not_reversed(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    ["Reducir los casos de 2050 en 2024 a 1990 en 2026", "Reducir los casos de 2050 a 1990",
     "Cut cases from 2050 to 1990", "Aumentar los pozos de 2010 a 2090"],
)  # fmt: skip
def test_from_how_many_to_how_many_is_no_period(text: str) -> None:
    assert {each.property for each in find_times(text)} <= {"date"}


def test_a_year_set_apart_is_when_something_told_was() -> None:
    for text in ("Se han lanzado dos proyectos (2009)", "Se publicó el manual, 2009."):
        assert find_times(text) == []
        assert [each[2:] for each in find_times(text, told=True)] == [("date", "2009")]
    assert find_times("Se publicó la ley 25, 2009 ejemplares", told=True) == []


def test_a_month_before_its_day_in_a_period() -> None:
    text = "from March 5 to April 3, 2027"
    assert said(text) == [(text, "since", "2027-03-05"), (text, "until", "2027-04-03")]


@given(st.dates(date(2000, 1, 1), date(2050, 12, 31)), st.dates(date(2000, 1, 1), date(2050, 12, 31)))
def test_a_period_of_two_whole_days_is_reversed_where_the_second_is_before_the_first(one: date, other: date) -> None:
    first, last = (format_date(day, "d 'de' MMMM 'de' y", locale="es") for day in (one, other))
    kinds = {each.property for each in find_times(f"del {first} al {last}")}
    assert kinds == ({"reversed"} if other < one else {"since", "until"})


def test_a_month_in_figures_that_no_year_has() -> None:
    assert said("1.1.1.1 13/2024") == [("13/2024", "impossible", "13/2024")]


def test_a_beginning_and_an_end_that_are_called_so() -> None:
    text = "Inicio: mayo de 2025; fin: junio de 2025"
    assert said(text) == [(text, "since", "2025-05"), (text, "until", "2025-06")]


def test_the_date_of_what_is_told_is_found_where_it_is_wanted() -> None:
    text = "Adoptado en Puebla, el 12 de noviembre de 2024"
    assert find_times(text) == []
    assert [each[2:] for each in find_times(text, told=True)] == [("date", "2024-11-12")]


@pytest.mark.parametrize(
    "text",
    [
        "Declaración Universal de los Derechos Humanos de 1948 y otros instrumentos",
        "Resolución 2010/12 de la Asamblea",
        "Ley 23 del 15 de julio de 2009",
        "la Convención firmada en Puebla, México, en 1996",
        "Plan Nacional de Desarrollo 2010-2014",
        "2000 migrantes",
        "para 2000 migrantes",
        "en 2000 municipios",
        "for 2000 migrant workers",
        "US$ 2010",
        "en 2010,5",
        "1.2.1 Talleres",
        "1.1.1.1 Continuo",
        "antes de marzo de 2010",
        "cinco veces al año",
        "Según lo acordado en marzo de 2019 en Lima",
        "2010/2012",
        "después del 15 de julio de 2009",
        "en 2010 o 2011",
        "de diciembre a enero de 2010",
        "marzo",
        "15 de julio",
        "cada dos o tres años",
        "cada tres (4) años",
        "cada cero meses",
        "cada 0 meses",
        "cada día más",
        "cada mes de junio",
        "para cada reunión del GRCM",
        "plan de trabajo anual",
        "annual budget",
        "manual de operaciones",
        "de largo plazo",
        "dentro de seis meses a partir de la firma",
        "en un plazo de 60 días hábiles",
        "durante tres años",
        "capacitar en tres meses a 30 personas",
        "29 de febrero",
        "In June 31 participants",
        "31 set of rules",
        "Resolución 13/2024 del Consejo",
        "sexto bimestre",
        "within six months of adoption",
    ],
)
def test_other_words_say_no_time(text: str) -> None:
    assert said(text) == []


SPANISH_FORMS = (
    "d 'de' MMMM 'de' y", "d 'de' MMM 'de' y", "d MMMM y", "dd/MM/y", "d-M-y", "y-MM-dd", "d 'de' MMMM 'del' y",
    "EEEE d 'de' MMMM 'de' y",
)  # fmt: skip
ENGLISH_FORMS = ("MMMM d, y", "d MMMM y", "MMM d, y", "d MMM y")


@given(DAYS, st.sampled_from([*(("es", form) for form in SPANISH_FORMS), *(("en", form) for form in ENGLISH_FORMS)]))
def test_a_day_is_read_back_in_each_form(day: date, form: tuple[str, str]) -> None:
    language, pattern = form
    written = format_date(day, pattern, locale=language)
    text = f"Taller («{written}») en México"
    [found] = find_times(text)
    assert (found.property, found.value) == ("date", day.isoformat())
    assert written.endswith(text[found.start : found.end])


@given(DAYS, st.sampled_from(("es", "en")), st.sampled_from(("MMMM y", "MMM y", "MMMM 'de' y")))
def test_a_month_is_read_back(day: date, language: str, form: str) -> None:
    written = format_date(day, form, locale=language)
    assert said(f"x, {written}; y") == [(written, "date", day.isoformat()[:7])]


@given(st.integers(1, 999), st.sampled_from((("mes", "meses", 1), ("semestre", "semestres", 6), ("año", "años", 12))))
def test_a_number_of_months_is_read_back(count: int, unit: tuple[str, str, int]) -> None:
    singular, plural, months = unit
    [found] = find_times(f"cada {count} {singular if count == 1 else plural}")
    years, rest = divmod(count * months, 12)
    assert found.value == "P" + (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")


@given(st.text() | st.lists(PIECES, max_size=25).map(" ".join) | st.lists(PIECES, max_size=25).map("".join))
def test_whatever_the_text_what_is_found_can_be_written(text: str) -> None:
    found = find_times(text)
    for each in found:
        assert 0 <= each.start < each.end <= len(text)
        assert text[each.start : each.end].strip() == text[each.start : each.end]
        if each.property in ("date", "since", "until"):
            date_literal(each.value)
        elif each.property in ("recurrence", "delay"):
            duration_literal(each.value)
        else:
            assert each.property in ("impossible", "reversed")
    for one, next_ in pairwise(found):
        assert one.end <= next_.start or (one.start, one.end) == (next_.start, next_.end)


@pytest.mark.parametrize("text", ["del 15 de febrero de 2010", "miércoles 15 de junio de 2010, cada año"])
def test_however_accents_and_spaces_are_written(text: str) -> None:
    apart = unicodedata.normalize("NFD", text).replace(" ", "\u00a0 ")
    assert [each[2:] for each in find_times(apart)] == [each[2:] for each in find_times(text)] != []


@pytest.mark.parametrize(
    "piece",
    ["1, ", "11 de ", "enero, ", "2010, ", "2010-", "en 2010, ", "cada ", "tres (3) años y ", "15 de marzo, ", "1/",
     "1.", "desde el primer semestre de ", "firmada en ", "acuerdo 15 de marzo de 2010 ", "dentro de ", " "],
)  # fmt: skip
def test_a_long_text_takes_time_in_proportion(piece: str) -> None:
    def seconds(length: int) -> float:
        start = time.process_time()
        find_times((piece * length)[:length])
        return time.process_time() - start

    assert min(seconds(80_000) for _ in range(3)) < 8 * max(seconds(20_000), 0.05)


def test_a_moment_says_where_and_what() -> None:
    assert find_times("Taller en 2010") == [Moment(7, 14, "date", "2010")]
