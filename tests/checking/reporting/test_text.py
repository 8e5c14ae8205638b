"""The report for people: what is wrong, where, in which words, and what to do."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.checking.reporting.text import as_text
from tests.support.findings import ACCEPTED, PLAN, document, finding, report, spot


def test_a_kind_with_its_remedy_and_a_finding_with_its_words_underlined() -> None:
    assert as_text(report([finding()])).splitlines() == [
        "some-code title (1)",
        "  warning · some-code",
        "  How to correct it: some-code remedy",
        "",
        "  pgm/7: Something is wrong.",
        "    crm.txt:3:23 [34–36]",
        "      7. Uno dos, véase el 12",
        "                           ^^",
        "",
        "1 finding: 1 warning.",
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Parts are called by theme and number: dh is “RIGHTS”, pgm is “POLICIES AND MORE”. A letter behind a"),
        ("es", "Las partes se nombran por su tema y su número: dh es «RIGHTS», pgm es «POLICIES AND MORE». Una letra"),
    ],
)
def test_how_parts_are_called_is_said_once_of_the_themes_that_are_named(language: str, said: str) -> None:
    far = replace(spot("7.1 Tres", element=PLAN + "dh/7.1"), theme="dh")
    made = report([finding(), finding(other=far)], language)
    themes = {"pgm": "POLICIES AND MORE", "dh": "RIGHTS", "vmd": "OTHER"}
    told = replace(made, documents={None: replace(document(), themes=themes)})
    text = " ".join(as_text(told).split())
    assert text.count(said) == 1
    assert "OTHER" not in text
    assert as_text(told).splitlines()[-1] == as_text(made).splitlines()[-1]
    assert "-2" not in as_text(made)


def test_in_spanish() -> None:
    lines = as_text(report([finding(), finding(severity="info", code="b"), finding(code="b", severity="info")], "es"))
    assert "some-code título (1)\n  advertencia · some-code\n  Cómo corregirlo: some-code remedio" in lines
    assert "  pgm/7: Algo pasa." in lines
    assert lines.endswith("3 hallazgos: 1 advertencia, 2 informativos.")


def test_the_second_place_is_shown_as_the_first_is() -> None:
    lines = as_text(report([finding(other=spot("7.1 Tres", element=PLAN + "pgm/7.1"))])).splitlines()
    assert lines[8:12] == [
        "    compare pgm/7.1:",
        "    crm.txt:4:2 [38–46]",
        "      7.1 Tres",
        "      ^^^^^^^^",
    ]


def test_what_has_no_words_or_is_no_part_of_a_plan_has_a_name_all_the_same() -> None:
    for element, name in ((PLAN[:-1], "the plan"), ("https://w3id.org/crmgraph/id/country/MEX", "country/MEX")):
        bare = finding(None)
        bare = finding(None, spot=spot(None, element=element))
        assert as_text(report([bare])).splitlines()[4:6] == [f"  {name}: Something is wrong.", ""]


def test_the_gravest_kinds_come_first_and_each_kind_once() -> None:
    mixed = [finding(code="b", severity="info"), finding(code="c"), finding(code="a", severity="violation")]
    heads = [line for line in as_text(report([*mixed, *mixed])).splitlines() if line.endswith("title (2)")]
    assert heads == ["a title (2)", "c title (2)", "b title (2)"]


def test_information_is_listed_but_what_is_not_translated_is_counted() -> None:
    missing = [finding(code="untranslated", severity="info") for _ in range(137)]
    text = as_text(report([finding(code="slight", severity="info"), *missing]))
    assert text.count("Something is wrong.") == 1
    assert "untranslated title (137)\n  information · untranslated\n  no defect of the plan; --format json" in text
    assert text.endswith("1 finding: 1 for information.")
    assert as_text(report(missing)).endswith("No defect was found.")


def test_what_is_accepted_is_shown_with_who_when_and_why() -> None:
    accepted = [finding(accepted=ACCEPTED), finding()]
    assert "    Accepted by Ana on 2026-11-26: It is known." in as_text(report(accepted)).splitlines()
    assert as_text(report(accepted)).endswith("2 findings: 2 warnings. 1 accepted as explained.")
    spanish = as_text(report(accepted, "es"))
    assert "    Aceptado por Ana el 2026-11-26: Se sabe." in spanish.splitlines()
    assert spanish.endswith("1 aceptado como explicado.")


@pytest.mark.parametrize(
    ("found", "known", "language", "end"),
    [
        (0, None, "en", "No defect was found."),
        (0, 0, "es", "No se halló ningún defecto."),
        (0, 2, "en", "Nothing new was found. 2 already known are not shown."),
        (0, 1, "es", "No se halló nada nuevo. No se muestra 1 ya conocido."),
        (1, 3, "es", "1 hallazgo: 1 advertencia. No se muestran 3 ya conocidos."),
    ],
)
def test_the_last_line(found: int, known: int | None, language: str, end: str) -> None:
    assert as_text(report([finding()] * found, language, known=known)).splitlines()[-1] == end


@pytest.mark.parametrize(
    ("found", "others", "language", "end"),
    [
        (0, 77, "en", "No defect of this kind was found. 77 of other kinds are not shown."),
        (0, 1, "es", "No se halló ningún defecto de esta clase. No se muestra 1 de otras clases."),
        (1, 3, "en", "1 finding: 1 warning."),
    ],
)
def test_where_there_is_none_of_the_kinds_asked_for(found: int, others: int, language: str, end: str) -> None:
    assert as_text(report([finding()] * found, language, others=others)).splitlines()[-1] == end


def test_a_contradiction_shows_what_it_follows_from() -> None:
    text = as_text(report([finding(None, triples=("<a:> <b:> <c:> .",))]))
    assert "    from these statements:\n      <a:> <b:> <c:> ." in text


@given(st.text(min_size=1, max_size=30))
def test_nothing_in_a_source_reaches_the_terminal_but_what_is_to_be_read(words: str) -> None:
    hostile = f"\x1b[31m{words}\u202e"
    text = as_text(report([finding(None, spot=spot(hostile, hostile), message_en=hostile)], text=hostile))
    assert not {character for character in text if character != "\n" and not character.isprintable()} & set(
        "\x1b\u202e\x07\r"
    )
