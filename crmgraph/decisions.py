"""What people decided about proposed correspondences, kept in a file of their own (SSSOM).

The file is a table with tabs, and a YAML head behind #: a set of mappings in the TSV form of SSSOM 1.0
(https://mapping-commons.github.io/sssom/). A row without a decision is a proposal: it says no more than that there may
be a mapping. The decision stands in a column of ours, `ext_decision`, so that it can be written there by hand as well.
How sure one is of it, from 0 to 1, stands in `confidence`, for who wants to say it.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from crmgraph.errors import Place, TableError
from crmgraph.namespaces import BASE
from crmgraph.texts import read_text

__all__ = ["DECISIONS", "RELATIONS", "SEMAPV", "Decision", "read_decisions", "write_decisions"]

RELATIONS = ("exact", "close", "broad", "narrow", "related")
"""In which ways the object may correspond to the subject (broad: it is the broader), called as SKOS calls them."""

SEMAPV = "https://w3id.org/semapv/vocab/"
"""The vocabulary of reasons for mappings."""

DECISIONS = (*RELATIONS, "no")
"""What may be decided: one of the relations, or that there is none."""

_LITERAL = "rdfs literal"
_COLUMNS = (
    "subject_id", "subject_label", "subject_type", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "mapping_justification", "author_label", "mapping_date", "confidence", "similarity_score", "similarity_measure",
    "match_string", "ext_decision", "comment",
)  # fmt: skip
_NEEDED = ("subject_id", "subject_label", "object_id", "ext_decision")
_IRI = re.compile(r"https?://\S+")
_CONFIDENCE = re.compile(r"0(\.\d+)?|1(\.0+)?|", re.ASCII)
_MEASURE = "crmgraph"
_TURNED = {"broad": "narrow", "narrow": "broad"}
_HEAD = {
    "mapping_set_id": f"{BASE}mappings/decisions",
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


@dataclass(frozen=True)
class Decision:
    """A proposed correspondence, and what was decided: one of DECISIONS, or nothing yet.

    `subject` and `object` are IRIs; a name in a table has none, only its label. `score` is the likeness that it was
    proposed by, `why` that in words, those that the two share; `author` and `date` (ISO 8601) say who decided it and
    when, `confidence` how sure that is, from 0 to 1, or nothing, and `comment` is what they say of it. `line` is where
    it was read.
    """

    subject: str
    subject_label: str
    object: str
    object_label: str
    score: float
    why: str = ""
    decided: str = ""
    author: str = ""
    date: str = ""
    confidence: str = ""
    comment: str = ""
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others."""
        return self.subject or self.subject_label, self.object

    @property
    def turned(self) -> "Decision":
        """The same from the other side."""
        return replace(
            self,
            subject=self.object,
            subject_label=self.object_label,
            object=self.subject,
            object_label=self.subject_label,
            decided=_TURNED.get(self.decided, self.decided),
        )

    @property
    def is_correspondence(self) -> bool:
        """Whether it says of two things that they correspond."""
        return bool(self.subject) and self.decided not in ("", "no")

    @property
    def is_signed(self) -> bool:
        """Whether it says who decided, and when."""
        return bool(self.author and self.date)

    def as_decided(self, decided: str, author: str, date: str) -> "Decision":
        """The same, decided by somebody on a day."""
        return replace(self, decided=decided, author=author, date=date)


def read_decisions(file: Path) -> list[Decision]:
    """The rows of the file; none where it is not there.

    A pair is the same from either side, but not with other words: another part may have the number by now. Raises
    TableError, with the place, where it is no such file or a decision none of DECISIONS.
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
            if before is not None:
                raise TableError(
                    f"this pair is in the table twice, in line {before.line} already; keep one of both", at
                )
            found[_identity(decision)] = decision
    except csv.Error as error:
        raise TableError(f"this is no table with tabs: {error}", Place(file, skipped + rows.line_num)) from None
    return list(found.values())


def _identity(decision: Decision) -> tuple[str, ...]:
    return decision.subject, decision.subject_label, decision.object, decision.object_label


def _read(row: Mapping[str | None, str | None], at: Place) -> Decision:
    cells = {name: (row.get(name) or "").strip() for name in _COLUMNS}
    decided = cells["ext_decision"].lower()
    if decided not in (*DECISIONS, ""):
        raise TableError(f"ext_decision is {cells['ext_decision']}; it is one of {', '.join(DECISIONS)}, or empty", at)
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
    return Decision(
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


def write_decisions(file: Path, decisions: Iterable[Decision]) -> None:
    """Write the file anew, whole or not at all. Raises OSError where that cannot be."""
    text = io.StringIO()
    head = yaml.safe_dump(_HEAD, allow_unicode=True, sort_keys=False, width=1000)
    text.writelines(f"#{line}\n" for line in head.splitlines())
    rows = csv.DictWriter(text, _COLUMNS, delimiter="\t", lineterminator="\n")
    rows.writeheader()
    rows.writerows(map(_written, decisions))
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.write_text(text.getvalue(), encoding="utf-8")
    unfinished.replace(file)


def _written(decision: Decision) -> dict[str, str]:
    is_related = decision.decided not in ("", "no")
    by = "ManualMappingCuration" if decision.decided else "LexicalSimilarityThresholdMatching"
    return {
        "subject_id": decision.subject,
        "subject_label": decision.subject_label,
        "subject_type": "" if decision.subject else _LITERAL,
        "predicate_id": f"skos:{decision.decided}Match" if is_related else "skos:mappingRelation",
        "predicate_modifier": "Not" if decision.decided == "no" else "",
        "object_id": decision.object,
        "object_label": decision.object_label,
        "mapping_justification": f"semapv:{by}",
        "author_label": decision.author,
        "mapping_date": decision.date,
        "confidence": decision.confidence,
        "similarity_score": f"{min(max(decision.score, 0), 1):.4f}",
        "similarity_measure": _MEASURE,
        "ext_decision": decision.decided,
        "match_string": decision.why,
        "comment": decision.comment,
    }
