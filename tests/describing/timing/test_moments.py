"""Times in a text: those that its words say and nothing where they leave a doubt."""

import csv
import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.describing.literals import date_literal, duration_literal
from crmgraph.describing.quoting import find_quote
from crmgraph.describing.timing import Moment, find_times
from crmgraph.reading import read_plan
from crmgraph.resources import resource
from tests.support.times import said

PIECES = st.sampled_from(
    ["en 2010 ", " de ", " del ", " a ", " al ", " y ", ", ", "-", "/", ".", "15", "31", "0", "2009", "2010", "1999",
     "marzo", "Febrero", "sept.", "may", "desde", "hasta", "entre", "antes de", "cada ", "dos", "tres", "(3)", "años",
     "meses", "semana", "dentro de ", "anual", "every ", "within ", "o ", " en un plazo de ", "primer semestre", "²",
     "\u0301", "\u00a0", "\n", "ñ", "½", "①", "٣", "\U0001d7d8"]
)  # fmt: skip


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
        "se hará antes de marzo de 2010",
        "no antes de 2028",
        "antes de 2028 o 2029",
        "antes de mediados de 2028",
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
