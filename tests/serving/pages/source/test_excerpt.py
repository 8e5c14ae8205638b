"""The source's table with quoted words marked, on sources made by hand."""

from collections.abc import Sequence
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.site.site import Row, Site, Term
from crmgraph.site.source.excerpt import Block, Document, Quotation, anchors, document, quotations

SOURCE = "https://example.org/id/source/x"


class OneAnswer:
    """Stands for a site that gives the same rows to every question."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = tuple(rows)

    def select(self, _query: str) -> tuple[Row, ...]:
        return self.rows

    recall = select


def _leaf(start: int, exact: str, row: int = 2, column: int | None = 1) -> Row:
    said = {
        "x": Term("uri", f"{SOURCE}/{start}-{start + len(exact)}"),
        "source": Term("uri", SOURCE),
        "start": Term("literal", str(start)),
        "end": Term("literal", str(start + len(exact))),
        "exact": Term("literal", exact),
        "row": Term("literal", str(row)),
    }
    return said if column is None else {**said, "column": Term("literal", str(column))}


def _read(*leaves: Row, marks: Sequence[Quotation] = ()) -> Document:
    found = document(cast(Site, OneAnswer(leaves)), SOURCE, marks)
    assert found is not None
    return found


def _blocks(found: Document) -> list[Block]:
    return [block for line in found.lines for cell in line.cells for block in cell.blocks]


def test_leaves_come_in_the_order_of_the_document_in_their_cells() -> None:
    found = _read(_leaf(30, "later"), _leaf(10, "sooner"), _leaf(0, "Title", 0, None), _leaf(50, "other", 2, 3))
    assert [line.row for line in found.lines] == [0, 2]
    assert [cell.column for cell in found.lines[1].cells] == [1, 2, 3]
    assert [[block.text for block in cell.blocks] for cell in found.lines[1].cells] == [
        ["sooner", "later"],
        [],
        ["other"],
    ]
    assert _blocks(found)[0].anchor == "c0-5"


def test_no_leaf_no_document() -> None:
    assert document(cast(Site, OneAnswer([])), SOURCE) is None


def test_each_passage_has_a_place_in_the_leaf_that_it_begins_in() -> None:
    leaves = (_leaf(0, "one two"), _leaf(9, "three four"), _leaf(30, "five"))
    within = (_leaf(4, "two\n\nthree"), _leaf(15, "four"), _leaf(0, "one"))
    found = _read(*leaves)
    named = anchors(cast(Site, OneAnswer([*leaves, *within])), found)
    assert [named[block] for block in _blocks(found)] == [["c0-3", "c4-14"], ["c15-19"], []]


def test_a_mark_divides_its_leaf() -> None:
    found = _read(_leaf(10, "Ver objetivo 12 del tema"), marks=[Quotation(SOURCE, 23, 25, "12")])
    assert _blocks(found)[0].pieces == (("Ver objetivo ", False), ("12", True), (" del tema", False))


def test_a_mark_may_be_the_whole_leaf_and_two_may_share_one() -> None:
    assert _blocks(_read(_leaf(3, "all"), marks=[Quotation(SOURCE, 3, 6, "all")]))[0].pieces == (("all", True),)
    found = _read(_leaf(0, "a b c"), marks=[Quotation(SOURCE, 4, 5, "c"), Quotation(SOURCE, 0, 1, "a")])
    assert _blocks(found)[0].pieces == (("a", True), (" b ", False), ("c", True))


def test_a_mark_across_leaves_joins_them_with_the_words_between() -> None:
    leaves = (_leaf(0, "one two"), _leaf(9, "three four"), _leaf(30, "five"))
    found = _read(*leaves, marks=[Quotation(SOURCE, 4, 14, "two\n\nthree")])
    first, second = _blocks(found)
    assert first.pieces == (("one ", False), ("two\n\nthree", True), (" four", False))
    assert (first.anchor, second.text) == ("c0-19", "five")


def test_marks_of_another_source_are_not_marked_here() -> None:
    found = _read(_leaf(0, "words"), marks=[Quotation("https://example.org/id/source/y", 0, 5, "words")])
    assert _blocks(found)[0].pieces == (("words", False),)


def test_only_the_lines_with_marks_are_left_around_them() -> None:
    mark = Quotation(SOURCE, 10, 14, "here")
    found = _read(_leaf(0, "head", 1), _leaf(10, "here", 2), _leaf(20, "there", 3), marks=[mark])
    assert [line.row for line in found.around([mark]).lines] == [2]
    assert found.heading is not None
    assert found.heading.texts == {1: "head"}


def test_words_that_stand_in_no_line_are_shown_by_themselves() -> None:
    mark = Quotation(SOURCE, 100, 104, "lost")
    found = _read(_leaf(0, "words"), marks=[mark]).around([mark])
    assert _blocks(found)[0].pieces == (("lost", True),)


@given(st.text(min_size=1, max_size=30), st.data())
def test_a_mark_is_exactly_its_words_whatever_they_are(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = _read(_leaf(7, text), marks=[Quotation(SOURCE, 7 + start, 7 + end, text[start:end])])
    (block,) = _blocks(found)
    assert block.text == text
    assert [piece for piece, marked in block.pieces if marked] == [text[start:end]]


def test_quotations_are_only_asked_of_iris_that_can_be_passages(site: Site) -> None:
    passage = site.names.id("source", "crm", "13046-13048")
    theme = site.names.id("plan", "crm", "vmd")
    found = quotations(site, [passage, theme, passage])
    assert [(q.start, q.end, q.exact, q.anchor) for q in found.values()] == [(13046, 13048, "12", "c13046-13048")]
    assert quotations(site, [theme]) == {}


def test_nothing_but_an_iri_gets_into_the_query(site: Site) -> None:
    with pytest.raises(ValueError, match="not an IRI"):
        quotations(site, ["https://example.org/> } #/1-2"])
