"""What people decided: the file in the form of SSSOM, and decisions about parts whose numbers others have by now."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.decisions import (
    DECISIONS,
    NOTHING,
    Decision,
    PartLabels,
    read_decisions,
    relocate_decisions,
    write_decisions,
)
from crmgraph.errors import TableError
from crmgraph.namespaces import Names
from tests.support.phrases import rows_of as table_rows

OPEN = Decision("http://e/a", "Fortalecer", "http://e/b", "Strengthen", 0.25, "cooperación; «frontera»")
NAME = Decision("", "Guatemla", "http://e/gtm", "Guatemala", 0.94, "≈ Guatemala", "exact", "Ana", "2026-11-27")
PLANS = "http://e/id/plan"
PROPOSED = replace(OPEN, subject=f"{PLANS}/a/t/1", object=f"{PLANS}/b/t/2")
WITHOUT = Decision(
    f"{PLANS}/a/t/1", "Fortalecer", f"{PLANS}/b", "", 0.0, decided=NOTHING, author="Ana", date="2026-11-27"
)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\x85")).map(str.strip)
IRIS = st.integers(0, 99).map("http://e/{}".format)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "d.tsv"


def rows_of(file: Path) -> list[dict[str, str]]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def with_cells(file: Path, **cells: str) -> None:
    head = [line for line in file.read_text(encoding="utf-8").splitlines(keepends=True) if line.startswith("#")]
    table = rows_of(file)
    with file.open("w", encoding="utf-8", newline="") as lines:
        lines.writelines(head)
        rows = csv.DictWriter(lines, table[0].keys(), delimiter="\t", lineterminator="\n")
        rows.writeheader()
        rows.writerows({**row, **cells} for row in table)


def test_written_decisions_are_read(file: Path) -> None:
    assert read_decisions(file) == []
    decided = [
        replace(OPEN, subject=f"http://e/{each}", confidence="0.7").as_decided(each, "Ana Pérez", "2026-11-27")
        for each in DECISIONS
        if each != NOTHING
    ]
    rows = [OPEN, *decided, WITHOUT]
    write_decisions(file, rows)
    assert read_decisions(file) == rows
    assert list(file.parent.iterdir()) == [file]


@given(st.lists(st.builds(Decision, IRIS, TEXTS, IRIS, TEXTS, st.integers(0, 10000).map(lambda n: n / 10000), TEXTS)))
def test_any_text_is_kept(tmp_path_factory: pytest.TempPathFactory, rows: list[Decision]) -> None:
    file = tmp_path_factory.mktemp("any") / "d.tsv"
    known: dict[frozenset[str], Decision] = {}
    for row in rows:
        known.setdefault(row.pair, row)  # a pair is the same from either side
    write_decisions(file, known.values())
    assert read_decisions(file) == list(known.values())


def test_file_is_sssom(file: Path) -> None:
    refused = Decision("http://e/c", "c", "http://e/d", "d", 0.1, decided="no")
    write_decisions(file, [OPEN, NAME, refused, WITHOUT])
    columns = ("predicate_id", "predicate_modifier", "subject_type", "object_id", "object_source")
    assert [tuple(row[name] for name in columns) for row in rows_of(file)] == [
        ("skos:mappingRelation", "", "", "http://e/b", ""),
        ("skos:exactMatch", "", "rdfs literal", "http://e/gtm", ""),
        ("skos:mappingRelation", "Not", "", "http://e/d", ""),
        ("skos:mappingRelation", "", "", "sssom:NoTermFound", f"{PLANS}/b"),
    ]
    by = [row["mapping_justification"].removeprefix("semapv:") for row in rows_of(file)]
    assert by == ["LexicalSimilarityThresholdMatching", *["ManualMappingCuration"] * 3]


@pytest.mark.parametrize(
    ("name", "rows", "id"),
    [
        ("ana.sssom.tsv", [PROPOSED, WITHOUT], "a-b/ana"),
        ("b.tsv", [replace(PROPOSED.inverse, subject="http://metadata.un.org/sdg/10.7")], "a-sdg/b"),
        ("países.sssom.tsv", [NAME], "pa%C3%ADses"),
        ("none.tsv", [], "none"),
    ],
)
def test_each_file_is_a_set_of_its_own(tmp_path: Path, name: str, rows: list[Decision], id: str) -> None:
    write_decisions(tmp_path / name, rows)
    first = (tmp_path / name).read_text(encoding="utf-8").splitlines()[0]
    assert first == f"#mapping_set_id: https://w3id.org/crmgraph/mappings/decisions/{id}"


def test_files_of_spreadsheets_and_other_programs(file: Path) -> None:
    write_decisions(file, [OPEN.as_decided("exact", "Ana", "2026-11-27")])
    text = file.read_text(encoding="utf-8").replace("\texact\t", "\tExact\t").replace("0.2500", "0,2500")
    file.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    assert read_decisions(file) == [OPEN.as_decided("exact", "Ana", "2026-11-27")]
    write_decisions(file, [WITHOUT])
    with_cells(file, ext_decision="", object_id="https://w3id.org/sssom/NoTermFound")
    assert read_decisions(file) == [WITHOUT]
    # “Nothing” beside each part of the plan says it once of the plan.
    write_decisions(file, [PROPOSED, replace(PROPOSED, object=f"{PLANS}/b/t/3")])
    with_cells(file, ext_decision="Nothing", author_label="Ana", mapping_date="2026-11-27")
    assert read_decisions(file) == [WITHOUT]


def test_wrong_cells_are_told_with_their_place(file: Path) -> None:
    for cells, said in table_rows("wrong", "decisions"):
        write_decisions(file, [PROPOSED])
        with_cells(file, **dict(each.split("=") for each in cells.split("; ")))
        with pytest.raises(TableError, match=said) as caught:
            read_decisions(file)
        assert caught.value.place is not None
        assert caught.value.place.file == file
    for text in ("", '"subject_id";"subject_label"\n"x";"y"\n', "subject_id\tverdict\n"):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(TableError, match=r"no column|no table with tabs"):
            read_decisions(file)


def test_decisions_that_contradict_each_other(file: Path) -> None:
    for again in (OPEN.as_decided("no", "", ""), OPEN.inverse, OPEN.inverse.as_decided("no", "", "")):
        write_decisions(file, [OPEN.as_decided("exact", "", ""), again])
        with pytest.raises(TableError, match=r"twice, in line \d+ already"):
            read_decisions(file)
    for accepted in (PROPOSED, PROPOSED.inverse):
        write_decisions(file, [WITHOUT, accepted.as_decided("close", "Ana", "2026-11-27")])
        with pytest.raises(TableError, match=r"“close” speaks against line \d+, where nothing corresponds"):
            read_decisions(file)


def test_decision_from_the_other_side() -> None:
    broad = OPEN.as_decided("broad", "Ana", "")
    assert (broad.inverse.subject, broad.inverse.object, broad.inverse.decided) == (
        "http://e/b",
        "http://e/a",
        "narrow",
    )
    assert broad.inverse.inverse == broad


NAMES = Names()
GOAL, TARGET = NAMES.id("plan", "gcm/10"), "http://metadata.un.org/sdg/10.7"
LONG = "Desarrollar y revisar políticas migratorias nacionales sobre la base de los intereses comunes de la región"
TRADE = "Combatir la trata"
LABELS = {
    NAMES.id("plan", "mini/1"): [TRADE],
    NAMES.id("plan", "mini/2"): ["Financiar albergues", "Fund shelters"],
    NAMES.id("plan", "mini/3"): ["Capacitar"],
    NAMES.id("plan", "mini/4"): ["Capacitar"],
    NAMES.id("plan", "mini/5"): [LONG],
    NAMES.id("plan", "mini/6"): ["h", "g", "f", "e", "d", "c", "b", "a"],
    NAMES.id("plan", "other/1"): ["Palermo"],
    GOAL: ["Prevenir la trata"],
    TARGET: ["Facilitar la migración"],
}
WORDS = PartLabels(LABELS)


def decided(subject: str, label: str, other: str = GOAL, other_label: str = "Prevenir la trata") -> Decision:
    return Decision(NAMES.id("plan", subject), label, other, other_label, 0.2, "", "no", "Ana", "2026-11-27")


def test_decision_follows_its_words_to_their_new_number() -> None:
    old, new = decided("mini/2", TRADE), decided("mini/1", TRADE)
    for row, now in ((old, new), (old.inverse, new.inverse), (old.without_counterpart, new.without_counterpart)):
        followed = relocate_decisions([row], WORDS)
        assert (followed.known, followed.relocated, followed.unapplied) == ({now.pair: now}, ((row, now),), ())
    swapped = relocate_decisions([old, decided("mini/1", "Fund shelters")], WORDS).known
    assert {each.subject_label: each.subject for each in swapped.values()} == {
        TRADE: NAMES.id("plan", "mini/1"), "Fund shelters": NAMES.id("plan", "mini/2"),
    }  # fmt: skip


def test_decision_stays_where_its_words_are_or_that_is_of_no_plan_here() -> None:
    for row in (
        decided("mini/1", "Combatir  la trata"),
        decided("mini/2", "Fund shelters"),
        decided("mini/4", "Capacitar"),
        decided("mini/1", TRADE, TARGET, "Facilitar la migración"),
        decided("mini/1", TRADE, TARGET).without_counterpart,
        decided("elsewhere/1", "De otra carpeta"),
        Decision("", "Guatemla", NAMES.id("country", "GTM"), "Guatemala (antes)", 0.9, decided="exact"),
    ):
        followed = relocate_decisions([row], WORDS)
        assert (followed.known, followed.relocated) == ({row.pair: row}, ())


def test_decision_whose_words_none_or_several_have_is_applied_to_nothing() -> None:
    for subject, label, other, other_label, said in table_rows("strays", "decisions"):
        row = decided(subject, label, other if ":" in other else NAMES.id("plan", other), other_label)
        followed = relocate_decisions([row], WORDS)
        assert (followed.known, followed.relocated) == ({}, ())
        [(stray, why)] = followed.unapplied
        assert stray == row
        assert said in why
        assert followed.with_unapplied([]) == [row]


def test_of_two_decisions_about_one_pair_its_own_counts() -> None:
    old, own = decided("mini/9", TRADE), replace(decided("mini/1", TRADE).inverse, decided="close")
    followed = relocate_decisions([old, own], WORDS)
    assert followed.known == {own.pair: own}
    [(stray, why)] = followed.unapplied
    assert (stray, "the file has “close” for this pair already" in why) == (old, True)
    # An open proposal follows nothing and stands in the way of nothing.
    moved, is_open = decided("mini/2", TRADE), replace(decided("mini/1", TRADE), decided="")
    for proposal in (is_open, is_open.inverse):
        assert [each.decided for each in relocate_decisions([proposal, moved], WORDS).known.values()] == ["no"]
    assert relocate_decisions([replace(moved, decided="")], WORDS) == relocate_decisions([], WORDS)
