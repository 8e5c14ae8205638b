"""How long words are, and how they are broken into lines."""

import pytest

from crmgraph.site.pictures.lettering import length, lines, turned

TEXT = "Promover una mejor comprensión del fenómeno migratorio regional"


def test_wide_letters_take_more_room_than_narrow_ones() -> None:
    assert length("mmm") > length("aaa") > length("iii")
    assert length("AAA") > length("aaa")
    assert length("aaa", 26) == pytest.approx(2 * length("aaa", 13))


@pytest.mark.parametrize("room", [60, 120, 200, 500])
@pytest.mark.parametrize("most", [1, 2, 9])
def test_lines_fit_their_room_and_lose_no_word_unseen(room: int, most: int) -> None:
    broken = lines(TEXT, room, most)
    assert 1 <= len(broken) <= most
    assert all(length(line) <= room for line in broken)
    if not broken[-1].endswith("…") and "…" not in "".join(broken):
        assert " ".join(broken) == TEXT


def test_what_is_left_out_ends_in_dots_after_a_whole_word() -> None:
    [line] = lines(TEXT, 150, 1)
    assert line.endswith("…")
    assert TEXT.startswith(line.removesuffix("…"))
    assert TEXT[len(line) - 1] == " "


def test_a_word_that_is_too_long_is_cut() -> None:
    [line] = lines("Donaudampfschifffahrtsgesellschaft", 100, 3)
    assert line.endswith("…")
    assert lines("", 100, 2) == ()


def test_a_turned_heading_has_two_lines_at_most_and_all_of_its_words_on_pointing() -> None:
    assert turned("sede", 7) == '<span title="sede">sede</span>'
    assert turned("a < b", 7, "A & B") == '<span title="A &amp; B">a &lt; b</span>'
    heading = turned(TEXT, 7)
    assert heading.count("<br>") == 1
    assert heading.endswith("…</span>")
    assert f'title="{TEXT}"' in heading
