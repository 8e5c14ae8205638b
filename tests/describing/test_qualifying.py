"""What is said about words that tell how things stand."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.describing.qualifying import find_share, is_answered_no, is_foreseen, is_of_a_moment, is_partly


@pytest.mark.parametrize(
    ("before", "foreseen"),
    [
        ("1.1.1.1 debe estar ", True),
        ("1.1.1.1 quedara ", True),
        ("1.1.1.1 meta: 80 % ", True),
        ("1.1.1.1 meta para 2026: 80 % ", True),
        ("1.1.1.1 target: ", True),
        ("1.1.1.1 expected output: report ", True),
        ("1.1.1.1 the course will be ", True),
        ("1.1.1.1 to be ", True),
        ("1.1.1.1 ", False),
        ("1.1.1.1 taller ", False),
        ("1.1.1.1 objetivo 3: ", False),
        ("1.1.1.1 se hara otro. el primero fue ", False),
    ],
)
def test_what_is_to_come(before: str, foreseen: bool) -> None:
    assert is_foreseen(before) is foreseen


@pytest.mark.parametrize(
    ("before", "after", "partly"),
    [
        ("half ", "", True),
        ("1.1.1.1 80 % ", "", True),
        ("casi ", "", True),
        ("1.1.1.1 half of the work is ", "", True),
        ("la mitad de los canales esta ", "", True),
        ("", " parcialmente", True),
        ("", ": 40 %", True),
        ("100 % ", "", False),
        ("", " en mayo de 2026", False),
        ("los ", "", False),
    ],
)
def test_what_is_so_in_part(before: str, after: str, partly: bool) -> None:
    assert is_partly(before, after) is partly


@pytest.mark.parametrize(
    ("after", "no"), [(": no", True), (": not yet.", True), (": yes", False), (": noviembre", False), ("", False)]
)
def test_what_is_answered_with_no(after: str, no: bool) -> None:
    assert is_answered_no(after) is no


@pytest.mark.parametrize(
    ("clause", "moment"),
    [
        ("once the treaty is", True),
        ("until", True),
        ("con los fondos", True),
        ("as each survey is", True),
        ("each time a warning has been", True),
        ("as foreseen, the survey was", False),
        ("hasta que este", True),
        ("con la oim, taller", False),
        ("taller", False),
        ("", False),
    ],
)
def test_what_leads_to_a_moment(clause: str, moment: bool) -> None:
    assert is_of_a_moment(clause) is moment


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.1.1.1 50 %", "50 %"),
        ("Avance del 60 %", "60 %"),
        ("Avance: 12,5 por ciento", "12,5 por ciento"),
        ("1.1.1.1 40% progress", "40%"),
        ("100 %", None),
        ("0 %", None),
        ("50 % en 2026", None),
        ("Meta: 50 %", None),
        ("50 % de los canales", None),
        ("1.1.1.1", None),
    ],
)
def test_how_much_has_been_done(text: str, words: str | None) -> None:
    found = find_share(text)
    assert (text[found[0] : found[1]] if found else None) == words


@given(st.text(), st.text())
def test_any_words(one: str, other: str) -> None:
    assert {is_foreseen(one), is_partly(one, other), is_answered_no(one), is_of_a_moment(one)} <= {True, False}
    found = find_share(one)
    assert found is None or 0 <= found[0] < found[1] <= len(one)


@pytest.mark.parametrize("piece", ["debe ", "meta para ", "casi ", "50 % ", "once ", ": "])
def test_a_long_text_takes_time_in_proportion(piece: str) -> None:
    def seconds(length: int) -> float:
        start = time.process_time()
        text = (piece * length)[:length]
        is_foreseen(text)
        is_partly(text, text)
        is_of_a_moment(text)
        find_share(text)
        return time.process_time() - start

    assert min(seconds(40_000) for _ in range(3)) < 8 * max(seconds(10_000), 0.05)
