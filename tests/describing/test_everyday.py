import pytest

from crmgraph.describing.everyday import EVERYDAY, is_name


@pytest.mark.parametrize("letters", ["PDF", "CSV", "QR", "TIC", "ICT", "GIS", "RUC", "DNI", "COVID", "US"])
def test_what_everyone_knows(letters: str) -> None:
    assert letters in EVERYDAY


@pytest.mark.parametrize("letters", ["OIM", "GRCM", "PPT", "CSM", "CEAM", "RROCM", "XQZT"])
def test_what_a_plan_has_to_spell_out(letters: str) -> None:
    assert letters not in EVERYDAY


@pytest.mark.parametrize(
    ("letters", "name"),
    [("FACEBOOK", True), ("PROMIGRA", True), ("MERCOSUR", True), ("FIBEMYD", False), ("XQZTRWPLM", False), ("", False)],
)
def test_long_words_are_names(letters: str, name: bool) -> None:
    assert is_name(letters) is name
