"""Times in a text: those that its words say, on exactly these words, and nothing where they leave a doubt."""

import csv
import unicodedata
from datetime import date
from itertools import pairwise

from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from crmgraph.describing.vocabulary import date_literal, duration_literal
from crmgraph.describing.words import planned_times
from crmgraph.describing.writer import find_quote
from crmgraph.extraction.cited_dates import is_cited, is_of_subject, is_told, tells_of_past
from crmgraph.extraction.dates import day_first, find_times, undecided_months
from crmgraph.extraction.gazetteer import Gazetteer
from crmgraph.reading import read_plan
from crmgraph.reading.model import Plan, ScheduleEntry
from crmgraph.resources import resource
from tests.support.backgrounds import NAMES, made_plan
from tests.support.phrases import pairs, phrases

# The words stand in brackets, what they say behind the arrow.
TIMES = """
Taller [en 2010], se realizará [durante 2012]. => date 2010; date 2012
Informe [para 2012] => date 2012
[En 2010] realizar talleres => date 2010
Taller [en el año 2010]² ([año 2011]) => date 2010; date 2011
1.1.1.1 [2010]. => date 2010
Taller [a finales de 2010] => date 2010
[En el primer semestre de 2010] => date 2010
Vancouver,  [marzo 2005] sobre => date 2005-03
[MARZO DE 2005] => date 2005-03
[en marzo del año 2005] => date 2005-03
[setiembre 2009] => date 2009-09
[Sept. 2009] => date 2009-09
el miércoles [15 de julio del 2009] => date 2009-07-15
el [1º de enero de 2010] => date 2010-01-01
[primero de mayo de 2010] => date 2010-05-01
[15-jul-2009] => date 2009-07-15
[2009-07-15] => date 2009-07-15
el [15/07/2009] en => date 2009-07-15
[15.7.2009] => date 2009-07-15
[by 7-15-2009] => date 2009-07-15
[mid-2028] => date 2028
[by mid June 2028] => date 2028-06
[a más tardar el 15 de julio de 2009] => date 2009-07-15
[by the end of 2012] => date 2012
held with the States [on July 15, 2009] => date 2009-07-15
[15th of July, 2009] => date 2009-07-15
[A lo largo de 2025] => date 2025
[2.º semestre de 2025] => date 2025
1.1.1.1 [1er trimestre 2026] => date 2026
[Trimestre I de 2025] => date 2025
[Q3 2025] => date 2025
[Primavera de 2026] => date 2026
[Postergado a 2026] => date 2026
[in FY 2027]. => date 2027
[en 2010, 2011 y 2012] => date 2010; date 2011; date 2012
[en junio y julio de 2010] => date 2010-06; date 2010-07
[15 y 16 de julio de 2009] => date 2009-07-15; date 2009-07-16
[desde el lunes 14 de julio de 2003] => since 2003-07-14
[a partir del 1 de enero de 2010] => since 2010-01-01
[de 2010 en adelante] => since 2010
Ongoing [from March 2005], in each State => since 2005-03
1.1.1.1 [From 2005] => since 2005
[hasta junio de 2012] => until 2012-06
Continuo, [2027-2029] => since 2027; until 2029
[03/2027] => date 2027-03
1.1.1.1 [3/2027]. => date 2027-03
[2027-03] => date 2027-03
[03/2027 - 05/2028] => since 2027-03; until 2028-05
[03/2027 a 05/2028] => since 2027-03; until 2028-05
[desde 03/2027 hasta 2028] => since 2027-03; until 2028
1.1.1.1 [2027], [2028-2030] => date 2027; since 2028; until 2030
[2027],[2028]; [2030] => date 2027; date 2028; date 2030
[03/2027], [04/2027] y [05/2027] => date 2027-03; date 2027-04; date 2027-05
[desde 03/2027]; [hasta 05/2027] => since 2027-03; until 2027-05
1.1.1.1 [2027+]. => since 2027
[III/2027] => date 2027
[05/2028 - 03/2027] => reversed 2028-05/2027-03
actualizada [cada seis meses]. => recurrence P6M
[cada tres (3) años] => recurrence P3Y
[cada año y medio] => recurrence P1Y6M
[cada 18 meses] => recurrence P1Y6M
[cada dos semanas] => recurrence P14D
[todos los años] => recurrence P1Y
[una vez al año] => recurrence P1Y
se revisa [anualmente] => recurrence P1Y
informes [semestrales] => recurrence P6M
boletín [mensual] => recurrence P1M
foro [bienal] => recurrence P2Y
[every other year] => recurrence P2Y
an [annual] meeting => recurrence P1Y
[Dos veces al año] => recurrence P6M
[three times a year] => recurrence P4M
1.1.1.1 [Annual] ([2027-2029]). => recurrence P1Y; since 2027; until 2029
[Anual], [2027 y 2028] => recurrence P1Y; date 2027; date 2028
[dentro de tres años] y, cada => delay P3Y
[en un plazo no mayor a 60 días] => delay P60D
[dentro de los próximos doce meses] => delay P1Y
[within the next two years] => delay P2Y
[Al cabo de dos años] => delay P2Y
[A más tardar en seis meses] => delay P6M
[Plazo de seis meses] => delay P6M
[Over the next two years] => delay P2Y
1.1.1.1 [In six months]. => delay P6M
Calendario: [2010–2012] => since 2010; until 2012
[2025/2026] => since 2025; until 2026
[en el periodo 2010-2012] => since 2010; until 2012
Talleres [de 2010 a 2012]. => since 2010; until 2012
[entre 2010 y 2012] => since 2010; until 2012
[de 2010 a marzo de 2012] => since 2010; until 2012-03
[de marzo a junio de 2010] => since 2010-03; until 2010-06
[del 15 al 17 de julio de 2009] => since 2009-07-15; until 2009-07-17
[30 de marzo al 3 de abril de 2010] => since 2010-03-30; until 2010-04-03
[from March 5 to April 3, 2027] => since 2027-03-05; until 2027-04-03
Taller: [30 de febrero de 2010] => impossible 2010-02-30
Taller: [15/13/2009] => impossible 2009-13-15
Taller: [40 de julio de 2009] => impossible 2009-07-40
Taller: [31 de junio] => impossible 31 de junio
Taller: [30 February] => impossible 30 february
Marzo de 2032, el [31 de junio de 2010] => impossible 2010-06-31
Taller: 29 y [31 de junio de 2010] => impossible 2010-06-31
de enero a [31 de junio de 2010] => impossible 2010-06-31
antes del [31 de junio de 2010] => impossible 2010-06-31
el informe adoptado el [31 de junio de 2010] => impossible 2010-06-31
Taller: [2012-2010] => reversed 2012/2010
Taller: [Del 5 al 3 de marzo de 2027] => reversed 2027-03-05/2027-03-03
Taller: [Del 5 de marzo al 3 de marzo de 2027] => reversed 2027-03-05/2027-03-03
Taller: [De junio a mayo de 2027] => reversed 2027-06/2027-05
Taller: [from March 5 to March 3, 2027] => reversed 2027-03-05/2027-03-03
Taller: [Del año escolar 2025 al 2024] => reversed 2025/2024
[Q1 2027 – Q3 2028] => since 2027-01; until 2028-09
[Q1-Q3 2027] => since 2027-01; until 2027-09
[1er trim. a 2º trim. 2027] => since 2027-01; until 2027-06
[H2 2027 to H1 2028] => since 2027-07; until 2028-06
[2027-Q1 – 2028-Q2] => since 2027-01; until 2028-06
[del primer al tercer trimestre de 2027] => since 2027-01; until 2027-09
[entre el segundo semestre de 2027 y el primer semestre de 2028] => since 2027-07; until 2028-06
[from the second quarter of 2027 to the first half of 2028] => since 2027-04; until 2028-06
[Trimestre I a trimestre III de 2027] => since 2027-01; until 2027-09
Taller: [quinto trimestre de 2024] => impossible quinto trimestre de 2024
Taller: [2024-Q6] => impossible 2024-q6
Taller: [T3 2024 a T1 2024] => reversed 2024-07/2024-03
Taller: [Del segundo semestre de 2025 al primer semestre de 2024] => reversed 2025-07/2024-06
[Inicio: mayo de 2025]; [fin: junio de 2025] => since 2025-05; until 2025-06
1.1.1.1 [Start date: 2027-01-01]; [End date: 2027-12-31]. => since 2027-01-01; until 2027-12-31
[Start date: March 5, 2027]; [End date: April 3, 2027] => since 2027-03-05; until 2027-04-03
[Fecha de inicio: 1.3.2027]; [Fecha de término: 30.06.2028] => since 2027-03-01; until 2028-06-30
[Fecha de inicio: Q1 2027]; [Fecha de fin: segundo semestre de 2028] => since 2027-01; until 2028-12
[Date de début: 01/03/2027]; [Date de fin: 2028-04] => since 2027-03-01; until 2028-04
[Data de início: 01-03-2027]; [Data de término: 2028] => since 2027-03-01; until 2028
[Mes de inicio (mes/año): 03/2027]; [Mes de término (mes/año): 05/2027] => since 2027-03; until 2027-05
1.1.1.1 [Fin: 06/2028]. => until 2028-06
[Start date: 06/2028]; [End date: 01/2027] => since 2028-06; until 2027-01
"""
# One end of two alone; the words are not looked at.
ENDS = """
Start date: 01/2027; End date: to be set => since 2027-01
Start date: to be set; End date: Q2 2027 => until 2027-06
Inicio: 31/02/2027; Fin: 06/2028 => impossible 2027-02-31; until 2028-06
"""
QUARTERS = """
2027-Q1 | 2027Q1 | 2027 T1 | Q1/2027 | S2-2027 | 2027/H1 | Q1 2027 | 1T 2027 | 2Q 2027 | 2027-1T | Q1, 2027 | 2027, Q1
2º trimestre de 2027 | 1er trim. 2027 | Trim. 2 2027 | II trim 2027 | 1.er bim. 2027
"""
NO_TIMES = """
Declaración Universal de los Derechos Humanos de 1948 y otros instrumentos | Resolución 2010/12 de la Asamblea
Ley 23 del 15 de julio de 2009 | la Convención firmada en Puebla, México, en 1996
Plan Nacional de Desarrollo 2010-2014 | 2000 migrantes | para 2000 migrantes | en 2000 municipios
for 2000 migrant workers | US$ 2010 | en 2010,5 | 1.2.1 Talleres | 1.1.1.1 Continuo | se hará antes de marzo de 2010
no antes de 2028 | antes de 2028 | antes de 2028 o 2029 | antes de mediados de 2028 | cinco veces al año
Según lo acordado en marzo de 2019 en Lima | 2010/2012 | marzo | después del 15 de julio de 2009 | en 2010 o 2011
de diciembre a enero de 2010 | 15 de julio | cada dos o tres años | cada tres (4) años | cada cero meses
cada día más | cada mes de junio | para cada reunión del GRCM | annual budget | plan de trabajo anual
manual de operaciones | de largo plazo | dentro de seis meses a partir de la firma | en un plazo de 60 días hábiles
durante tres años | capacitar en tres meses a 30 personas | 29 de febrero | In June 31 participants | 31 set of rules
Resolución 13/2024 del Consejo | sexto bimestre | Sala S3 | S3 2027 | within six months of adoption | 5T de 2027 sacos
2010-11 | 2011/12 | 1999-00 | 2027-13 | 2027-00 | 12.2027 | 03/27 | 2010-11; 2027 | Resolución 03/2027 | ver 2027-03
03/2027 del Consejo | Informe 2027-28 | 2000+ migrantes | Dec-27 | V/2027 | Ley III/2027 | de octubre a marzo de 2027
del 28 al 3 de marzo de 2027 | Del 20 de diciembre al 10 de enero de 2027
"""
NO_PERIODS = """
Reducir los casos de 2050 a 1990 | Cut cases from 2050 to 1990 | de 2050 en 2024 a 1990 en 2026 | T1 2024 y T3 2024
"""


def said(text: str) -> str:
    return "; ".join(f"{each.property} {each.value}" for each in find_times(text))


def test_times() -> None:
    wrong = []
    for row, expected in pairs(TIMES):
        text = row.replace("[", "").replace("]", "")
        found = text
        for start, end in sorted({each[:2] for each in find_times(text)}, reverse=True):
            found = f"{found[:start]}[{found[start:end]}]{found[end:]}"
        if (found, said(text)) != (row, expected):
            wrong.append((found, said(text)))
    assert wrong == []
    assert [(text, said(text)) for text, _ in pairs(ENDS)] == pairs(ENDS)
    assert {text: said(f"1.1.1.1 {text}") for text in phrases(QUARTERS)} == dict.fromkeys(
        phrases(QUARTERS), "date 2027"
    )
    assert [(text, said(text)) for text in phrases(NO_TIMES) if said(text)] == []
    assert {each.property for text in phrases(NO_PERIODS) for each in find_times(text)} <= {"date"}
    for text in ("del 15 de febrero de 2010", "miércoles 15 de junio de 2010, cada año"):
        apart = unicodedata.normalize("NFD", text).replace(" ", "\u00a0 ")
        assert said(apart) == said(text) != ""


def test_the_date_of_what_is_told_is_found_where_it_is_wanted() -> None:
    for text, value in (
        ("Se han lanzado dos proyectos (2009)", ["2009"]), ("Se publicó el manual, 2009.", ["2009"]),
        ("Adoptado en Puebla, el 12 de noviembre de 2024", ["2024-11-12"]),
        ("Se publicó la ley 25, 2009 ejemplares", []),
    ):  # fmt: skip
        assert find_times(text) == []
        assert [each.value for each in find_times(text, told=True)] == value


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


@given(st.integers(1, 999), st.sampled_from((("mes", "meses", 1), ("semestre", "semestres", 6), ("año", "años", 12))))
def test_a_number_of_months_is_read_back(count: int, unit: tuple[str, str, int]) -> None:
    singular, plural, months = unit
    years, rest = divmod(count * months, 12)
    written = "P" + (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    assert said(f"cada {count} {singular if count == 1 else plural}") == f"recurrence {written}"


# The date stands in brackets.
CITED = """
Seguir los acuerdos de la reunión del [3 de mayo de 2025] | Evaluar lo hecho [en 2024 y 2025]
Revisar los compromisos asumidos en la cumbre de [junio de 2024] | Evaluar lo que se ha hecho [en 2024]
Asistir a las personas retornadas [en 2024] | Sistematizar los casos registrados [desde 2020]
Actualizar la guía publicada en Lima [en 2019] | Review the commitments made at the summit of [June 2024]
Evaluate what was done [in 2024] | Update the guide published [in 2019] | Follow up the talks held in Lima [in May 2025]
Aplicar la Ley, que entro\u0301 en vigor [en mayo de 2019] | Apply the Act, which came into force [in May 2019]
Digitalizar los expedientes [de 1990 a 2005] | Review the case law of the Supreme Court [since 2015]
Compare flows [in 2020] with those of 2019 | Compare flows in 2020 with those of [2019]
Restaurar la presa de 1931, dañada [en 2017] | Reparar la presa, inaugurada [en 1931] | Hacerlo como [en 2019]
Repetir el taller que se dio [en 2022] | Usar el molino donde se hizo el censo [en 2010]
Contratar a la Universidad, cuya Facultad ya asesoró a otras bibliotecas [en 2021] | Lograr más visitas que [en 2019]
Do it again as [in 2019] | Get more visits than [in 2019] | Mend the canals that the storm broke [in 2017]
Use the pumps bought [in May 2018] | Pay back the loan taken out [in 2015] | Note: nothing was done [in 2024]
Rebuild the dam, opened by the King [in 1931] | Nota: la presa se rompió [en 2017]
"""
TO_COME = """
Celebrar la reunión de [mayo de 2027] | Celebración de la reunión de [mayo de 2027] | Taller de [mayo de 2027]
Participar en la cumbre de [mayo de 2027] | Capacitar a los funcionarios [en mayo de 2027] | Evaluar el plan [en 2027]
Publicar el informe [en mayo de 2027] | Apoyar a las personas afectadas, [en 2027] | Hold the meeting of [May 2027]
Difundir los talleres previstos [en 2027] | Prepare the talks planned [in 2027] | Publicar informes [de 2025 a 2027]
Apoyar a las personas que necesiten ayuda [en 2027] | Train the officials [in 2027] | Hold the seminar [in May 2019]
Hold the seminar as planned [in May 2019] | Realizar la segunda jornada [en mayo de 2019]
Formar a jueces, fiscales, abogados [en mayo de 2019] | Repair the old shed [in 2019]
1.1.1 Have the wall built [in May 2019] | Publish the report that will be completed [in 2027]
Formar a los agentes que han de trabajar [en 2027] | Train the officers who have to work [in 2027]
Train staff as well as [in 2019] | [mayo de 2027]
Publicar el informe que se presentó y hacer el taller, [en mayo de 2019]
"""
TOLD = """
Celebrado en | El taller fue celebrado en | Two courses were held in | Ya aprobado el | Se lanzaron dos proyectos (
Se lanzó un proyecto (
"""
NOT_TOLD = "Según lo acordado en | Acuerdo que fue adoptado en | Continuo. Memorando firmado en"
OF_A_SUBJECT = (
    "The pump installed [in 2019] will be replaced in 2026 | La bomba instalada [en 2019] se reemplazará en 2026"
)
OF_NONE = (
    "Two courses held [in May 2019] | Course held [in May 2019]. Another will follow | In May [2019] it will be held"
)


def places(row: str) -> tuple[str, int, int]:
    before, _, rest = row.partition("[")
    words, _, after = rest.partition("]")
    return before + words + after, len(before), len(before) + len(words)


def test_dates_of_what_a_plan_cites_or_tells() -> None:
    assert [row for row in phrases(CITED) if not is_cited(*places(row))] == []
    assert [row for row in phrases(TO_COME) if is_cited(*places(row))] == []
    assert [row for row in phrases(TOLD) if not tells_of_past(f"1.1.1.1 {row}")] == []
    assert [row for row in ("", *phrases(NOT_TOLD)) if tells_of_past(f"1.1.1.1 {row}")] == []
    assert [row for row in phrases(OF_A_SUBJECT) if not is_of_subject(*places(row))] == []
    assert [row for row in phrases(OF_NONE) if is_of_subject(*places(row))] == []


@given(st.text(), st.integers(0, 60), st.integers(0, 60))
def test_any_words_are_cited_or_not(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    assert {is_cited(text, start, end), tells_of_past(text), is_told(text, start), is_of_subject(text, start, end)} <= {
        True,
        False,
    }


def planned(plan: Plan) -> list[tuple[str | None, str, str, str]]:
    """Return the number of the part, the words, the property and the value of each time of a plan."""
    found = planned_times(plan, Gazetteer(Graph()), NAMES)
    return [(part.number, passage.exact, moment.property, moment.value) for part, passage, moment in found]


def test_dates_in_figures_that_may_have_the_day_or_the_month_first() -> None:
    for others, text in (
        ([], "by           "),
        (["5/6/2027"], "by           "),
        (["13/04/2027", "04/13/2027"], "by           "),
        (["13/04/2027"], "by 03/04/2027"),
        (["04/13/2027"], "by 04/03/2027"),
    ):
        assert day_first(["by 03/04/2027", *others])[0] == text
    for text in ("04/04/2027", "12/31/2027", "31/12/2027", "2027-03-04", "03/2027", "32/14/2027"):
        assert day_first([text]) == [text]
    english = "Write to the officers of the border and to the States that are by it"
    for activity, values in (
        (english, []),
        (f"{english} by 12/31/2027", ["2027-12-31", "2027-03-04"]),
        (f"{english} by 31/12/2027", ["2027-12-31", "2027-04-03"]),
        ("Escribir a los oficiales de la frontera", ["2027-04-03"]),
    ):
        plan = made_plan(("Border", "1. Border", "1.1 Border", f"1.1.1 {activity}", "1.1.1.1 03/04/2027"))
        assert [each[3] for each in planned(plan)] == values


IN_2028 = "Segundo semestre de 2028"
SHORT_YEARS: tuple[tuple[tuple[str, ...], list[tuple[str, str, str]], list[str]], ...] = (
    (("mar-27", IN_2028), [("mar-27", "date", "2027-03")], []),
    (("sept.-27", IN_2028), [("sept.-27", "date", "2027-09")], []),
    (("mar–27", IN_2028), [("mar–27", "date", "2027-03")], []),
    (("Jan-27, dec/28", IN_2028), [("Jan-27, dec/28", "date", "2027-01"), ("Jan-27, dec/28", "date", "2028-12")], []),
    (
        ("Inicio: mar-27; Término: dic-28; Pendiente", IN_2028),
        [("Inicio: mar-27", "since", "2027-03"), ("Término: dic-28", "until", "2028-12")],
        [],
    ),
    (("Mar-27, 2028", IN_2028), [], []),
    (("27-mar", IN_2028), [], []),
    # A figure that no day has is a year.
    (("Fin: dic-32",), [("Fin: dic-32", "until", "2032-12")], []),
    (("dic-98",), [("dic-98", "date", "1998-12")], []),
    # What may be a day is not read; 2015 would be far from the years of this calendar.
    (("mar-27", "Dic–15"), [], ["mar-27", "Dic–15"]),
    (("mar-27", "abr-15", IN_2028), [], ["mar-27", "abr-15"]),
)


def test_months_with_two_figures_of_their_year() -> None:
    for calendar, expected, unsure in SHORT_YEARS:
        activities = "\n".join(f"1.1.{at} Taller" for at, _ in enumerate(calendar, 1))
        entries = "\n".join(f"1.1.{at}.1 {when}" for at, when in enumerate(calendar, 1))
        plan = made_plan(("Salud", "1. Atender", "1.1 Formar", activities, entries))
        assert [each[1:] for each in planned(plan) if each[0] == "1.1.1.1"] == expected
        texts = [part.text for part, _ in plan.walk() if isinstance(part, ScheduleEntry)]
        assert list(undecided_months(texts, plan.title)) == unsure, calendar
    plan = made_plan(("Salud", "1. Atender", "1.1 Formar", "1.1.1 Taller de mar-27", f"1.1.1.1 {IN_2028}"))
    assert [each[0] for each in planned(plan)] == ["1.1.1.1"], "in other columns such figures are no years"
