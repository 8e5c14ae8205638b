"""The file that keeps what people decided."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.decisions import DECISIONS, NOTHING, Decision, read_decisions, write_decisions
from crmgraph.errors import TableError

OPEN = Decision("http://e/a", "Fortalecer", "http://e/b", "Strengthen", 0.25, "cooperación; «frontera»")
PLANS = "http://e/id/plan"
PROPOSED = replace(OPEN, subject=f"{PLANS}/a/t/1", object=f"{PLANS}/b/t/2")
WITHOUT = Decision(
    f"{PLANS}/a/t/1", "Fortalecer", f"{PLANS}/b", "", 0.0, decided=NOTHING, author="Ana", date="2026-11-27"
)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\x85")).map(str.strip)
IRIS = st.integers(0, 99).map("http://e/{}".format)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "decisions.sssom.tsv"
    assert read_decisions(file) == []
    decided = [
        replace(OPEN, subject=f"http://e/{each}", confidence="0.7").as_decided(each, "Ana Pérez", "2026-11-27")
        for each in DECISIONS
        if each != NOTHING
    ]
    rows = [OPEN, *decided, WITHOUT]
    write_decisions(file, rows)
    assert read_decisions(file) == rows
    assert list(tmp_path.iterdir()) == [file]


def test_it_is_sssom(tmp_path: Path) -> None:
    file = tmp_path / "d.tsv"
    name = Decision("", "Guatemla", "http://e/gtm", "Guatemala", 0.94, "≈ Guatemala", "exact", "Ana", "2026-11-27")
    refused = Decision("http://e/c", "c", "http://e/d", "d", 0.1, decided="no")
    write_decisions(file, [OPEN, name, refused])
    lines = file.read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))
    assert [row["predicate_id"] for row in rows] == ["skos:mappingRelation", "skos:exactMatch", "skos:mappingRelation"]
    assert [row["predicate_modifier"] for row in rows] == ["", "", "Not"]
    assert [row["subject_type"] for row in rows] == ["", "rdfs literal", ""]
    assert rows[0]["mapping_justification"] == "semapv:LexicalSimilarityThresholdMatching"
    assert rows[1]["mapping_justification"] == "semapv:ManualMappingCuration"


@given(st.lists(st.builds(Decision, IRIS, TEXTS, IRIS, TEXTS, st.integers(0, 10000).map(lambda n: n / 10000), TEXTS)))
def test_any_text_is_kept(tmp_path_factory: pytest.TempPathFactory, rows: list[Decision]) -> None:
    file = tmp_path_factory.mktemp("any") / "d.tsv"
    known: dict[tuple[str, str], Decision] = {}
    for row in rows:
        # A pair is the same from either side.
        if row.turned.key not in known:
            known[row.key] = row
    write_decisions(file, known.values())
    assert read_decisions(file) == list(known.values())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("\t0.2500\t", "\tmuch\t", "similarity_score is much"),
        (
            "cooperación; «frontera»\t\t",
            "cooperación; «frontera»\tyes\t",
            "ext_decision is yes; it is one of exact, close",
        ),
        ("\text_decision", "\tverdict", "has no column ext_decision"),
        ("http://e/b", "foo", "object_id is foo, which is no address"),
        ("http://e/b", "", "object_id is empty"),
        ("\t\t0.2500\t", "\t7\t0.2500\t", "confidence is 7, which is no number from 0 to 1"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "d.tsv"
    write_decisions(file, [OPEN])
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(TableError, match=said) as caught:
        read_decisions(file)
    assert caught.value.place is not None
    assert caught.value.place.file == file


def test_a_pair_that_is_there_twice_is_told(tmp_path: Path) -> None:
    file = tmp_path / "d.tsv"
    for again in (OPEN.as_decided("no", "", ""), OPEN.turned, OPEN.turned.as_decided("no", "", "")):
        write_decisions(file, [OPEN.as_decided("exact", "", ""), again])
        with pytest.raises(TableError, match=r"twice, in line \d+ already"):
            read_decisions(file)


def test_what_spreadsheets_do_to_it(tmp_path: Path) -> None:
    file = tmp_path / "d.tsv"
    write_decisions(file, [OPEN.as_decided("exact", "Ana", "2026-11-27")])
    text = file.read_text(encoding="utf-8").replace("\texact\t", "\tExact\t").replace("0.2500", "0,2500")
    file.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    assert read_decisions(file) == [OPEN.as_decided("exact", "Ana", "2026-11-27")]
    file.write_text('"subject_id";"subject_label"\n"x";"y"\n', encoding="utf-8")
    with pytest.raises(TableError):
        read_decisions(file)


def test_what_holds_from_one_side_holds_from_the_other() -> None:
    turned = OPEN.as_decided("broad", "Ana", "").turned
    assert (turned.subject, turned.object, turned.decided) == ("http://e/b", "http://e/a", "narrow")
    assert turned.turned == OPEN.as_decided("broad", "Ana", "")


def test_an_empty_file_is_none(tmp_path: Path) -> None:
    file = tmp_path / "d.tsv"
    file.write_text("", encoding="utf-8")
    with pytest.raises(TableError, match="no column"):
        read_decisions(file)


def with_cells(file: Path, **cells: str) -> None:
    """Write these cells into all rows."""
    head = [line for line in file.read_text(encoding="utf-8").splitlines(keepends=True) if line.startswith("#")]
    with file.open(encoding="utf-8") as lines:
        table = list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))
    with file.open("w", encoding="utf-8", newline="") as lines:
        lines.writelines(head)
        rows = csv.DictWriter(lines, table[0].keys(), delimiter="\t", lineterminator="\n")
        rows.writeheader()
        rows.writerows({**row, **cells} for row in table)


def test_that_nothing_corresponds_is_sssom(tmp_path: Path) -> None:
    file = tmp_path / "d.tsv"
    write_decisions(file, [WITHOUT])
    lines = file.read_text(encoding="utf-8").splitlines()
    [row] = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    assert [row[name] for name in ("predicate_id", "predicate_modifier", "object_id", "object_source")] == [
        "skos:mappingRelation", "", "sssom:NoTermFound", f"{PLANS}/b",
    ]  # fmt: skip
    assert row["mapping_justification"] == "semapv:ManualMappingCuration"
    # Another program may have written it.
    with_cells(file, ext_decision="", object_id="https://w3id.org/sssom/NoTermFound")
    assert read_decisions(file) == [WITHOUT]


def test_that_nothing_corresponds_may_stand_beside_each_part_of_the_plan(tmp_path: Path) -> None:
    file = tmp_path / "d.tsv"
    write_decisions(file, [PROPOSED, replace(PROPOSED, object=f"{PLANS}/b/t/3"), PROPOSED.turned])
    text = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(text[:-1]), encoding="utf-8")
    with_cells(file, ext_decision="Nothing", author_label="Ana", mapping_date="2026-11-27")
    assert read_decisions(file) == [WITHOUT]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"object_id": "sssom:NoTermFound"}, "object_source is empty; it says in which plan .*, as .*plan/gcm"),
        ({"object_id": "sssom:NoTermFound", "object_source": "gcm"}, "object_source is gcm, which is no address of a"),
        ({"object_id": "sssom:NoTermFound", "ext_decision": "no"}, "ext_decision is no where .* there it is nothing"),
        ({"object_id": "http://e/b", "ext_decision": "nothing"}, "said of a part of a plan, beside a part of another"),
        ({"subject_id": "", "ext_decision": "nothing"}, "said of a part of a plan, beside a part of another"),
    ],
)
def test_where_nothing_corresponds_must_be_said(tmp_path: Path, cells: dict[str, str], said: str) -> None:
    file = tmp_path / "d.tsv"
    write_decisions(file, [PROPOSED])
    with_cells(file, **cells)
    with pytest.raises(TableError, match=said):
        read_decisions(file)


@pytest.mark.parametrize("accepted", [PROPOSED, PROPOSED.turned])
def test_nothing_corresponds_to_what_something_corresponds_to(tmp_path: Path, accepted: Decision) -> None:
    file = tmp_path / "d.tsv"
    write_decisions(file, [WITHOUT, accepted.as_decided("close", "Ana", "2026-11-27")])
    with pytest.raises(TableError, match=r"“close” speaks against line \d+, where nothing corresponds"):
        read_decisions(file)


@pytest.mark.parametrize(
    ("name", "rows", "id"),
    [
        ("ana.sssom.tsv", [PROPOSED, WITHOUT], "a-b/ana"),
        ("ana.sssom.tsv", [PROPOSED.turned], "a-b/ana"),
        ("b.tsv", [replace(PROPOSED, object="http://metadata.un.org/sdg/10.7")], "a-sdg/b"),
        ("países.sssom.tsv", [Decision("", "Guatemla", "http://e/gtm", "Guatemala", 0.94)], "pa%C3%ADses"),
        ("none.tsv", [], "none"),
    ],
)
def test_each_file_is_a_set_of_its_own(tmp_path: Path, name: str, rows: list[Decision], id: str) -> None:
    write_decisions(tmp_path / name, rows)
    first = (tmp_path / name).read_text(encoding="utf-8").splitlines()[0]
    assert first == f"#mapping_set_id: https://w3id.org/crmgraph/mappings/decisions/{id}"
