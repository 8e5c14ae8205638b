"""The translation memory: complete for the plan, and strict about its rows."""

from pathlib import Path

import pytest

from crmgraph.describing.translations import read_translations
from crmgraph.errors import TableError
from crmgraph.reading import read_plan
from crmgraph.reading.folding import tidy
from crmgraph.reading.plan import CrossReference, Referral
from crmgraph.resources import resource

MEMORY = resource("data") / "annotations" / "crm" / "translations.csv"


def test_every_text_of_the_plan_has_its_translation() -> None:
    plan = read_plan(resource("data") / "source" / "crm.txt")
    translations = read_translations(MEMORY)
    texts = {tidy(part.text) for part, _ in plan.walk() if not isinstance(part, Referral | CrossReference)}
    assert texts - set(translations) == set()
    assert translations["Continuo"] == "Continuous"


def test_nothing_in_it_is_left_from_another_document() -> None:
    plan = read_plan(resource("data") / "source" / "crm.txt")
    said = {tidy(part.text) for part, _ in plan.walk()} | {tidy(leaf.exact) for leaf in plan.leaves}
    assert set(read_translations(MEMORY)) - said == set()


def test_numbers_and_acronyms_survive_translation() -> None:
    for spanish, english in read_translations(MEMORY).items():
        digits = [word for word in spanish.replace(",", " ").replace(".", " ").split() if word.isdigit()]
        for number in digits:
            assert number in english or number == "3", spanish


def test_no_file_no_translations(tmp_path: Path) -> None:
    assert read_translations(tmp_path / "none.csv") == {}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("Hola,Hello,me\nHola,Hi,me\n", "already in line 2"),
        ("Hola,,me\n", "line 2, column 2: en: the cell is empty"),
        ("Hola,Hello\n", "2 cells, the header 3"),
    ],
)
def test_a_wrong_row(rows: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "translations.csv"
    file.write_text("es,en,translator\n" + rows, encoding="utf-8")
    with pytest.raises(TableError) as caught:
        read_translations(file)
    assert says in str(caught.value)
