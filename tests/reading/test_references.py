"""Referrals and cross-references: they are found in every form, and not in other phrases."""

from hypothesis import given
from hypothesis import strategies as st

from crmgraph.reading.tree import find_cross_references, find_referrals
from tests.support.phrases import marked, rows_of

CASES = "reading/cases"


def test_referrals() -> None:
    """In each case, brackets mark the referral, and the name of the body follows in the next column."""
    for row, target in rows_of("referrals", CASES):
        text, words = marked(row)
        found = [(each.passage, each.target) for each in find_referrals(text, 100)]
        assert [(passage.exact, of) for passage, of in found] == ([(words, target)] if target else []), row
        assert all(text[passage.start - 100 : passage.end - 100] == words for passage, _ in found)


def test_cross_references() -> None:
    """In each case, brackets mark the reference; the kind, number and theme of its target follow in the next column."""
    for row, expected in rows_of("references", CASES):
        text, words = marked(row)
        found = [
            (each.passage.exact, " ".join(filter(None, (each.target_kind, each.target_number, each.target_theme))))
            for each in find_cross_references(text, 7)
        ]
        assert found == ([(words, expected)] if expected else []), row
    for row, expected in rows_of("numbers", CASES):
        assert [each.target_number for each in find_cross_references(row, 0)] == expected.split(), row


def test_references_to_a_whole_theme() -> None:
    for text, themes in (
        ("Ver el tema «Salud».", ["Salud"]),
        ("See the theme “Health”", ["Health"]),
        ("Revisar el tema «Salud»", []),
        ("Ver el tema «Salud», objetivo 3", []),
    ):
        found = [each for each in find_cross_references(text, 0) if each.target_kind == "Theme"]
        assert [each.target_theme for each in found] == themes
        assert all(each.number_passage is None for each in found)


@given(
    st.text(alphabet=st.sampled_from("ver según objetivos12 plan de trabajo la ré\u0301d.“”"), max_size=60),
    st.integers(0, 9),
)
def test_every_passage_quotes_its_text(text: str, start: int) -> None:
    passages = [found.passage for found in find_referrals(text, start)]
    for reference in find_cross_references(text, start):
        passages += filter(None, [reference.passage, reference.number_passage, reference.theme_passage])
    for passage in passages:
        assert text[passage.start - start : passage.end - start] == passage.exact
