"""The status of a calendar entry: by its words, or as a reader saw it."""

from pathlib import Path

import pytest

from crmgraph.describing import describe_background
from crmgraph.describing.naming import Lexicon
from crmgraph.describing.statuses import read_status_annotations, statuses_of
from crmgraph.describing.vocabulary import STATUS
from crmgraph.namespaces import Names
from crmgraph.reading import read_plan
from crmgraph.reading.plan import Attachment, Passage, ScheduleEntry
from crmgraph.resources import resource


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return describe_background(resource("ontology"), resource("data"), Names()).statuses


def entry(text: str) -> ScheduleEntry:
    return ScheduleEntry("t/1.1.1.1", "1.1.1.1", text, Passage(0, len(text), text), Attachment.PRINTED_NUMBER)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Continuo", "continuous"),
        ("CONTINUO", "continuous"),
        ("Continuo cada tres años", "continuous"),
        ("Continuo-- el calendario se crea", "continuous"),
        ("En progreso", "in-progress"),
        ("Pendiente ", "pending"),
        ("Según acuerdos de país", "by-agreement"),
        ("Segu\u0301n  acuerdos de país", "by-agreement"),
        ("La siguiente será en fechas por definir.", "to-be-scheduled"),
        ("Discontinuo", None),
        ("Los pendientes de oro", None),
        ("", None),
    ],
)
def test_by_its_words(text: str, status: str | None, lexicon: Lexicon) -> None:
    assert statuses_of(entry(text), lexicon, {}) == ([] if status is None else [str(STATUS[status])])


def test_two_statuses_are_two(lexicon: Lexicon) -> None:
    assert statuses_of(entry("Continuo. Pendiente"), lexicon, {}) == [str(STATUS.continuous), str(STATUS.pending)]
    assert statuses_of(entry("Continuo, continuo"), lexicon, {}) == [str(STATUS.continuous)]


def test_no_is_no(lexicon: Lexicon) -> None:
    assert statuses_of(entry("No continuo. Pendiente"), lexicon, {}) == [str(STATUS.pending)]


def test_a_reader_goes_before_the_words(lexicon: Lexicon) -> None:
    done = str(STATUS.done)
    assert statuses_of(entry("Continuo"), lexicon, {"t/1.1.1.1": done}) == [done]


def test_the_annotations_of_the_document_quote_it() -> None:
    plan = read_plan(resource("data") / "source" / "crm.txt")
    statuses = frozenset(str(STATUS[name]) for name in ("done", "launched"))
    file = resource("data") / "annotations" / "crm" / "statuses.csv"
    assert read_status_annotations(file, plan, statuses) == {
        "pgm/7.3.1.1": str(STATUS.done),
        "pgm/10.1.1.1": str(STATUS.launched),
    }


def test_no_file_no_annotations(tmp_path: Path) -> None:
    plan = read_plan(resource("data") / "source" / "crm.txt")
    assert read_status_annotations(tmp_path / "none.csv", plan, frozenset()) == {}
