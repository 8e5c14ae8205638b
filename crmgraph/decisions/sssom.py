"""What people decided about proposed correspondences, kept in a file of their own (SSSOM).

The file is a table with tabs, and a YAML head behind #: a set of mappings in the TSV form of SSSOM 1.0
(https://mapping-commons.github.io/sssom/). A row without a decision is a proposal: it says no more than that there may
be a mapping. The decision stands in a column of ours, `ext_decision`, so that it can be written there by hand as well.
How sure one is of it, from 0 to 1, stands in `confidence`, for who wants to say it. That nothing in a plan corresponds
to a part of another is kept as a mapping to `sssom:NoTermFound`, with the plan as its `object_source`.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

import yaml

from crmgraph.decisions.decision import DECISIONS, NOTHING, RELATIONS, Decision, whole_of
from crmgraph.errors import Place, TableError
from crmgraph.namespaces import BASE
from crmgraph.texts import read_text

__all__ = ["SEMAPV", "read_decisions", "write_decisions"]

SEMAPV = "https://w3id.org/semapv/vocab/"
"""The vocabulary of reasons for mappings."""

_NO_TERM = "sssom:NoTermFound"
_NO_TERMS = (_NO_TERM, "https://w3id.org/sssom/NoTermFound")
_LITERAL = "rdfs literal"
_COLUMNS = (
    "subject_id", "subject_label", "subject_type", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "object_source", "mapping_justification", "author_label", "mapping_date", "confidence", "similarity_score",
    "similarity_measure", "match_string", "ext_decision", "comment",
)  # fmt: skip
_NEEDED = ("subject_id", "subject_label", "object_id", "ext_decision")
_IRI = re.compile(r"https?://\S+")
_CONFIDENCE = re.compile(r"0(\.\d+)?|1(\.0+)?|", re.ASCII)
_MEASURE = "crmgraph"
_SETS = f"{BASE}mappings/decisions"
_HEAD = {
    "mapping_set_description": "Correspondences proposed by crmgraph link, and what people decided about them.",
    "license": "https://w3id.org/sssom/license/unspecified",
    "curie_map": {
        "semapv": SEMAPV,
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "sssom": "https://w3id.org/sssom/",
    },
    "extension_definitions": [
        {"slot_name": "ext_decision", "property": f"{BASE}ontology#decision",
         "type_hint": "http://www.w3.org/2001/XMLSchema#string"},
    ],
}  # fmt: skip


def read_decisions(file: Path) -> list[Decision]:
    """The rows of the file; none where it is not there.

    A pair is the same from either side, but not with other words: another part may have the number by now. That nothing
    in a plan corresponds may stand beside any of its parts, or all of them. Raises TableError, with the place, where it
    is no such file, a decision none of DECISIONS, or one speaks against another.
    """
    if not file.exists():
        return []
    text = read_text(file, TableError)
    lines = text.splitlines(keepends=True)
    skipped = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    rows = csv.DictReader(io.StringIO("".join(lines[skipped:]), newline=""), delimiter="\t", strict=True)
    found: dict[tuple[str, ...], Decision] = {}
    try:
        missing = [name for name in _NEEDED if name not in (rows.fieldnames or ())]
        if missing:
            raise TableError(
                f"the table has no column {missing[0]}; crmgraph link writes one that has all, with tabs between them",
                Place(file, skipped + 1),
            )
        for row in rows:
            at = Place(file, skipped + rows.line_num)
            decision = _read(row, at)
            before = found.get(_identity(decision)) or found.get(_identity(decision.turned))
            if before == decision and decision.decided == NOTHING:
                continue
            if before is not None:
                raise TableError(
                    f"this pair is in the table twice, in line {before.line} already; keep one of both", at
                )
            found[_identity(decision)] = decision
    except csv.Error as error:
        raise TableError(f"this is no table with tabs: {error}", Place(file, skipped + rows.line_num)) from None
    _check_nothing(found.values(), file)
    return list(found.values())


def _check_nothing(decisions: Iterable[Decision], file: Path) -> None:
    """Raises TableError where something corresponds of which another row says that nothing does."""
    decisions = list(decisions)
    nothing = {(each.compared, each.subject_label): each.line for each in decisions if each.decided == NOTHING}
    for each in decisions:
        for side in (each, each.turned):
            line = nothing.get((side.compared, side.subject_label))
            if line is not None and each.is_correspondence:
                told = f"“{each.decided}” speaks against line {line}, where nothing corresponds; keep one of both"
                raise TableError(told, Place(file, each.line))


def _identity(decision: Decision) -> tuple[str, ...]:
    return decision.subject, decision.subject_label, decision.object, decision.object_label


def _read(row: Mapping[str | None, str | None], at: Place) -> Decision:
    cells = {name: (row.get(name) or "").strip() for name in _COLUMNS}
    decided = cells["ext_decision"].lower()
    if decided not in (*DECISIONS, ""):
        raise TableError(f"ext_decision is {cells['ext_decision']}; it is one of {', '.join(DECISIONS)}, or empty", at)
    if cells["object_id"] in _NO_TERMS:
        if decided not in ("", NOTHING):
            raise TableError(f"ext_decision is {decided} where object_id is {_NO_TERM}; there it is {NOTHING}", at)
        if not whole_of(cells["object_source"]):
            said = f"{cells['object_source']}, which is no address of a plan" if cells["object_source"] else "empty"
            plan = f"{BASE}id/plan/gcm"
            raise TableError(f"object_source is {said}; it says in which plan nothing corresponds, as {plan}", at)
        decided, cells["object_id"], cells["object_label"] = NOTHING, cells["object_source"], ""
    for name in ("subject_id", "object_id"):
        if not _IRI.fullmatch(cells[name]) and (cells[name] or name == "object_id"):
            raise TableError(f"{name} is {cells[name] or 'empty'}, which is no address of a thing", at)
    if not cells["subject_id"] and not cells["subject_label"]:
        raise TableError("the row has neither subject_id nor subject_label", at)
    confidence = cells["confidence"].replace(",", ".")
    if not _CONFIDENCE.fullmatch(confidence):
        raise TableError(f"confidence is {cells['confidence']}, which is no number from 0 to 1", at)
    try:
        score = float(cells["similarity_score"].replace(",", ".") or 0)
    except ValueError:
        raise TableError(f"similarity_score is {cells['similarity_score']}, which is no number", at) from None
    decision = Decision(
        cells["subject_id"],
        cells["subject_label"],
        cells["object_id"],
        cells["object_label"],
        score,
        cells["match_string"],
        decided,
        cells["author_label"],
        cells["mapping_date"],
        confidence,
        cells["comment"],
        at.line or 0,
    )
    if decided != NOTHING:
        return decision
    if not decision.may_be_nothing:
        raise TableError(f"ext_decision is {NOTHING}, which is said of a part of a plan, beside a part of another", at)
    return decision.as_nothing


def write_decisions(file: Path, decisions: Iterable[Decision]) -> None:
    """Write the file anew, whole or not at all. Raises OSError where that cannot be."""
    decisions = list(decisions)
    text = io.StringIO()
    described = {"mapping_set_id": _set_id(file, decisions), **_HEAD}
    head = yaml.safe_dump(described, allow_unicode=True, sort_keys=False, width=1000)
    text.writelines(f"#{line}\n" for line in head.splitlines())
    rows = csv.DictWriter(text, _COLUMNS, delimiter="\t", lineterminator="\n")
    rows.writeheader()
    rows.writerows(map(_written, decisions))
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.write_text(text.getvalue(), encoding="utf-8")
    unfinished.replace(file)


def _set_id(file: Path, decisions: Iterable[Decision]) -> str:
    """What tells the set from others: the plans that it is about, and the name of the file."""
    wholes = {whole_of(iri) for each in decisions if each.subject for iri in (each.subject, each.object)}
    plans = "-".join(sorted(whole.rpartition("/")[2] for whole in wholes if whole))
    name = file.name.removesuffix(".tsv").removesuffix(".sssom")
    return "/".join(filter(None, (_SETS, plans, quote(name))))


def _written(decision: Decision) -> dict[str, str]:
    is_nothing = decision.decided == NOTHING
    by = "ManualMappingCuration" if decision.decided else "LexicalSimilarityThresholdMatching"
    return {
        "subject_id": decision.subject,
        "subject_label": decision.subject_label,
        "subject_type": "" if decision.subject else _LITERAL,
        "predicate_id": f"skos:{decision.decided}Match" if decision.decided in RELATIONS else "skos:mappingRelation",
        "predicate_modifier": "Not" if decision.decided == "no" else "",
        "object_id": _NO_TERM if is_nothing else decision.object,
        "object_label": decision.object_label,
        "object_source": decision.object if is_nothing else "",
        "mapping_justification": f"semapv:{by}",
        "author_label": decision.author,
        "mapping_date": decision.date,
        "confidence": decision.confidence,
        "similarity_score": "" if is_nothing else f"{min(max(decision.score, 0), 1):.4f}",
        "similarity_measure": "" if is_nothing else _MEASURE,
        "ext_decision": decision.decided,
        "match_string": decision.why,
        "comment": decision.comment,
    }
