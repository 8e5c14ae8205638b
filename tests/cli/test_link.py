"""`crmgraph link`: proposals between plans and for names in a table, and what is decided about them."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Store

from crmgraph.decisions import Decision, read_decisions, write_decisions
from crmgraph.errors import quoted
from crmgraph.linking import parts_in
from tests.support.commands import Run

ID = "https://w3id.org/crmgraph/id/"
OBJECTIVES = ("--kind", "Objective", "--most", "1", "--decisions", "d.sssom.tsv")
THERE, BACK = ("link", "crm", "gcm", *OBJECTIVES), ("link", "gcm", "crm", *OBJECTIVES)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "d.sssom.tsv"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def sides(decision: Decision) -> tuple[str, str]:
    return decision.subject, decision.object


def by_pair(file: Path) -> dict[tuple[str, str], Decision]:
    return {sides(each): each for each in read_decisions(file)}


def kinds(found: list[dict[str, str]], side: str, store: Store) -> set[str]:
    iris = {row[side] for row in found}
    return {part.kind for part in parts_in(store).values() if part.iri in iris}


def test_two_plans(run: Run, store: Store) -> None:
    done = run("link", "crm", "gcm", "--kind", "Objective", "--most", "2")
    assert done.status == 0
    assert done.err.startswith("crmgraph: nothing is proposed for 4 of 20 parts of crm: “")
    assert "“Elaboración, revisión e " in done.err
    assert done.err.endswith("crmgraph: of gcm only the titles were read; its text may say more\n")
    found = rows(done.out)
    assert len({row["subject"] for row in found}) == 20 - 4
    [why] = [
        row["why"] for row in found if (row["subject"], row["object"]) == (f"{ID}plan/crm/pgm/3", f"{ID}plan/gcm/9")
    ]
    assert why.startswith("tráfico, ")
    assert "«tráfico ilícito de migrantes»" in why
    subjects = [row["subject"] for row in found]
    assert max(map(subjects.count, subjects)) == 2
    scores = [float(row["score"]) for row in found]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) >= 0.05
    assert (kinds(found, "subject", store), kinds(found, "object", store)) == ({"Objective"}, {"Objective"})
    # Of a plan that has none of the kind, all parts are compared.
    done = run("link", "crm", "csm", "--kind", "Objective")
    found = rows(done.out)
    assert (kinds(found, "subject", store), kinds(found, "object", store)) == ({"Objective"}, {"Theme"})


def test_agenda_as_json_and_as_table(run: Run) -> None:
    found = json.loads(run("link", "crm", "sdg", "--lang", "en", "--format", "json", "--least", "0.1").out)
    assert all(each["object"].startswith("http://metadata.un.org/sdg/") for each in found)
    assert any("trafficking" in each["why"] for each in found)
    assert all(0.1 <= each["score"] <= 1 for each in found)
    done = run("link", "crm", "sdg", "--kind", "Objective", "--most", "1", "--format", "table", "--lang", "en")
    head, _, *lines = done.out.strip().splitlines()
    assert head.split() == ["subject", "subject_label", "object", "object_label", "score", "why", "decided"]
    [row] = [line for line in lines if "id:plan/crm/pgm/3 " in line]
    assert re.search(r" sdg:\d+\.\w+ ", row)


def test_names_in_a_table(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "names.csv"
    table.write_text("who,x\nGuatemla,1\nEE.UU.,2\nGuatemla,3\n,4\nxyzzy,5\n", encoding="utf-8")
    done = run("link", "names.csv", "--column", "who", "--kind", "State", "--most", "1")
    assert [(row["subject_label"], row["object"], row["why"]) for row in rows(done.out)] == [
        ("Guatemla", f"{ID}country/GTM", "≈ Guatemala"),
        ("EE.UU.", f"{ID}country/USA", "= EE. UU."),
    ]
    # Who counts the rows must not take it for matched.
    assert done.err == "crmgraph: nothing is proposed for 1 of 3 names: “xyzzy”\n"
    # The only column need not be named, and what is called so but not for certain is no equal.
    table.write_text("who\nSecretaría Técnica\nOIM\nCongo\n", encoding="utf-8")
    for kind in ((), ("--kind", "Agent")):
        found = rows(run("link", "names.csv", *kind, "--most", "1").out)
        assert [row["why"] for row in found] == ["≈ Secretaría Técnica", "= OIM", "≈ Congo"]
    # As Excel saves it in Spanish.
    table.write_bytes("país;n\nHaity;1\nMéxico;2\n".encode("cp1252"))
    done = run("link", "names.csv", "--column", "país", "--kind", "State", "--most", "1")
    assert [row["subject_label"] for row in rows(done.out)] == ["Haity", "México"]
    assert done.err == "crmgraph: read as Windows-1252, for it is not UTF-8; look whether its accents are right\n"
    # A name has no plan in which nothing corresponds to it.
    done = run("link", "names.csv", "--column", "n", "--decisions", "d.tsv", "--review", stdin="w\nq\n")
    assert "[w]hole" not in done.err
    done = run("link", "names.csv", "--column", "país", "--decisions", "d.tsv", "--review", stdin="w\nq\n")
    assert "w is none of these letters" in done.err


def test_what_was_decided_in_the_file_is_kept(run: Run, file: Path) -> None:
    first = rows(run(*THERE).out)
    proposed = read_decisions(file)
    assert [each.object for each in proposed] == [row["object"] for row in first]
    words = replace(proposed[0], why="lo que pienso")
    decided = [words.as_decided("close", "Ana", "2026-11-27"), proposed[1].as_decided("no", "Ana", "2026-11-27")]
    write_decisions(file, [*decided, *proposed[2:]])
    second = rows(run(*THERE).out)
    assert second[0]["decided"] == "close"
    refused = (first[1]["subject"], first[1]["object"])
    assert refused not in [(row["subject"], row["object"]) for row in second]
    kept = by_pair(file)
    assert [kept[sides(each)] for each in decided] == decided
    # The same from the other side; who answers there takes the place of the open row, and is there once.
    pairs = {(row["object"], row["subject"]): row["decided"] for row in rows(run(*BACK).out)}
    assert pairs[sides(decided[0])] == "close"
    assert refused not in pairs
    file.unlink()
    run(*THERE)
    open_row = read_decisions(file)[0]
    assert run(*BACK, "--review", "--author", "Ana", stdin="b\nq\n").status == 0
    for _ in range(2):
        answered = by_pair(file)
        assert answered[sides(open_row.inverse)].decided == "broad"
        assert sides(open_row) not in answered
        pairs = {(row["subject"], row["object"]): row["decided"] for row in rows(run(*THERE).out)}
        assert pairs[sides(open_row)] == "narrow"


def test_decision_follows_the_words_that_it_is_about(run: Run, file: Path) -> None:
    run(*THERE)
    one, two, three = (each.as_decided("no", "Ana", "2026-11-27") for each in read_decisions(file)[:3])
    # In the plan as it was then, the first had the number that the second has, and the third was called otherwise.
    moved = replace(one, subject=two.subject, object=f"{ID}plan/gcm/1")
    stray = replace(three, subject_label="Otra cosa")
    write_decisions(file, [moved, stray])
    done = run(*THERE)
    moving, straying, *_ = done.err.splitlines()
    assert moving == f"crmgraph: {file.name}: decisions that follow their words to other addresses: 1"
    assert f"“no” on “Otra cosa” is not applied: {three.subject} was " in straying
    assert f"“Otra cosa” and is {quoted(three.subject_label)} or “" in straying
    assert straying.endswith("into subject_id and subject_label, or else take the row out and decide anew")
    proposed = {(row["subject"], row["object"]) for row in rows(done.out)}
    assert sides(one) not in proposed
    assert {sides(two), sides(three)} <= proposed
    kept = read_decisions(file)
    assert kept[:2] == [stray, one]
    assert [each.decided for each in kept if sides(each) == sides(three)] == ["no", ""]
    # What is answered stands beside it.
    run(*THERE, "--review", "--author", "Ana", stdin="c\nq\n")
    again = read_decisions(file)
    assert again[0] == stray
    assert {"close", "no"} == {each.decided for each in again if each.decided}
    assert "follow their words" not in run(*THERE).err


def test_deciding_in_the_terminal(run: Run, file: Path) -> None:
    asked = (*THERE, "--least", "-1", "--review")
    done = run(*asked, "--author", "Ana Pérez", stdin="c\nwhat\nx\ns\nq\n")
    assert done.status == 0
    assert "what is none of these letters" in done.err
    total = int(done.out.split()[0].removeprefix("1/"))
    assert [(each.decided, each.author) for each in read_decisions(file)] == [
        ("close", "Ana Pérez"),
        ("no", "Ana Pérez"),
    ]
    # The next best takes the place of what was refused.
    assert run(*asked).out.startswith(f"\n1/{total - 1} ")


def test_saying_in_the_terminal_that_nothing_corresponds(run: Run, file: Path) -> None:
    asked = ("link", "crm", "gcm", "--kind", "Objective", "--most", "3", "--decisions", file.name)
    subjects = [row["subject"] for row in rows(run(*asked).out)]
    assert "nothing in the [w]hole plan" in run(*asked, "--review", "--author", "Ana", stdin="w\nc\nw\nq\n").err
    # The other proposals for the part are not asked about; and what has something has not nothing.
    first = subjects[0]
    others = [row for row in read_decisions(file) if row.subject == first]
    assert [(row.decided, row.object, row.author) for row in others] == [("nothing", f"{ID}plan/gcm", "Ana")]
    [accepted] = [row for row in read_decisions(file) if row.decided == "close"]
    assert accepted.subject == next(subject for subject in subjects if subject != first)
    for again in (run(*asked), run("link", "gcm", "crm", "--decisions", file.name)):
        assert "follow" not in again.err
        assert quoted(others[0].subject_label, 80) not in again.err
        assert first not in {row[side] for row in rows(again.out) for side in ("subject", "object")}
    assert [row.decided for row in read_decisions(file) if row.subject == first] == ["nothing"]
