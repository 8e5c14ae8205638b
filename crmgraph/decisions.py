"""Files of decisions about proposed correspondences (SSSOM).

A file is a mapping set in the TSV format of SSSOM 1.0 (https://mapping-commons.github.io/sssom/): a table with tabs as
delimiters, after a header in YAML whose lines begin with #.

- The decision is in the column `ext_decision`, an extension of SSSOM. It may be edited by hand.
- A row without a decision is a proposal.
- `confidence` is the certainty of the decision, from 0 to 1.
- If no part of a plan corresponds to a part of another, the row is a mapping to `sssom:NoTermFound`, and
  `object_source` is the plan without a counterpart.

Parts are renumbered when a plan changes. A decision also contains the labels of the two parts, and these identify them:
see `relocate_decisions`.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

import yaml

from crmgraph.errors import Place, TableError, quoted
from crmgraph.files import read_text
from crmgraph.namespaces import BASE
from crmgraph.reading.languages import tidy

RELATIONS = ("exact", "close", "broad", "narrow", "related")
"""The SKOS mapping relations from subject to object. "broad" means that the object is broader than the subject."""
NOTHING = "nothing"
"""The decision that a part has no counterpart in the other plan."""
DECISIONS = (*RELATIONS, "no", NOTHING)
"""The decisions: a relation, "no" (the two do not correspond), or "nothing" (the other plan has no counterpart)."""
AGENDA = "http://metadata.un.org/sdg"
"""The IRI of the 2030 Agenda. Its targets are compared like the parts of a plan."""
SEMAPV = "https://w3id.org/semapv/vocab/"
"""The namespace of the Semantic Mapping Vocabulary, which has the justifications of mappings."""

_PLAN_IRI = re.compile(rf"(?:https?://\S+/id/plan/[^/\s]+|{re.escape(AGENDA)})(?=/|$)")
"""Matches the IRI of a plan, or of the 2030 Agenda, at the beginning of the IRI of one of its parts."""
_INVERSE_RELATIONS = {"broad": "narrow", "narrow": "broad"}
_MAX_QUOTE = 80
_NO_TERM = "sssom:NoTermFound"
_COLUMNS = (
    "subject_id", "subject_label", "subject_type", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "object_source", "mapping_justification", "author_label", "mapping_date", "confidence", "similarity_score",
    "similarity_measure", "match_string", "ext_decision", "comment",
)  # fmt: skip
_REQUIRED_COLUMNS = ("subject_id", "subject_label", "object_id", "ext_decision")
_IRI = re.compile(r"https?://\S+")
_CONFIDENCE = re.compile(r"0(\.\d+)?|1(\.0+)?|", re.ASCII)
_SCORE = re.compile(r"([+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?)?", re.ASCII | re.IGNORECASE)
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


@dataclass(frozen=True)
class Decision:
    """A proposed correspondence and the decision about it; a row of a file of decisions.

    Attributes:
        subject: The IRI of the subject; empty for a name in a table.
        subject_label: The label of the subject.
        object: The IRI of the object. For the decision NOTHING, the plan that has no counterpart.
        object_label: The label of the object; empty for the decision NOTHING.
        score: The similarity of the two, from 0 to 1.
        why: The words that the two have in common.
        decided: One of DECISIONS, or empty for a proposal.
        author: The name of who decided.
        date: The day of the decision (ISO 8601).
        confidence: The certainty of the decision, from "0" to "1", or empty.
        comment: A comment on the decision.
        line: The number of the line in the file. Comparisons ignore it.
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
    def pair(self) -> frozenset[str]:
        """The key of the decision: its subject and object, in any order. The label replaces a missing IRI."""
        return frozenset((self.subject or self.subject_label, self.object))

    @property
    def inverse(self) -> "Decision":
        """The same decision with subject and object exchanged; "broad" becomes "narrow"."""
        return replace(
            self,
            subject=self.object,
            subject_label=self.object_label,
            object=self.subject,
            object_label=self.subject_label,
            decided=_INVERSE_RELATIONS.get(self.decided, self.decided),
        )

    @property
    def is_correspondence(self) -> bool:
        """Whether the decision is that two things correspond."""
        return bool(self.subject) and self.decided in RELATIONS

    @property
    def is_comparison(self) -> bool:
        """Whether the decision is that two things correspond, or that the subject has no counterpart."""
        return self.is_correspondence or self.decided == NOTHING

    @property
    def part_and_plan(self) -> tuple[str, str]:
        """The IRI of the subject, and that of the plan that contains the object; empty if no plan does."""
        return self.subject, _plan_of(self.object)

    @property
    def may_have_no_counterpart(self) -> bool:
        """Whether the decision NOTHING is possible: the subject is a part of a plan, and the object is in a plan."""
        return "/id/plan/" in self.subject and bool(_plan_of(self.object))

    @property
    def without_counterpart(self) -> "Decision":
        """The decision that the subject has no counterpart in the plan of the object."""
        return replace(self, object=_plan_of(self.object), object_label="", score=0.0, why="", decided=NOTHING)

    @property
    def is_signed(self) -> bool:
        """Whether the decision has an author and a date."""
        return bool(self.author and self.date)

    def as_decided(self, decided: str, author: str, date: str) -> "Decision":
        """Return this row with a decision, its author and its date."""
        return replace(self, decided=decided, author=author, date=date)


@dataclass(frozen=True)
class RelocatedDecisions:
    """The rows of a file after `relocate_decisions`.

    Attributes:
        known: The rows about current parts, by `Decision.pair`.
        relocated: Those of `known` whose IRIs changed, each before and after the change.
        unapplied: The decisions whose part cannot be determined, each with the reason.
    """

    known: dict[frozenset[str], Decision]
    relocated: tuple[tuple[Decision, Decision], ...] = ()
    unapplied: tuple[tuple[Decision, str], ...] = ()

    def with_unapplied(self, rows: Iterable[Decision]) -> list[Decision]:
        """Return the rows to write to the file: the unapplied decisions, which must not get lost, and then `rows`."""
        return [*(row for row, _ in self.unapplied), *rows]


class PartLabels:
    """The current labels of the parts of all plans, in all languages, by the IRI of the part."""

    def __init__(self, labels: Mapping[str, Iterable[str]]) -> None:
        self.labels = {iri: sorted(set(map(tidy, of))) for iri, of in labels.items()}
        self._plans = set(map(_plan_of, labels))
        self._parts_by_label: dict[tuple[str, str], list[str]] = defaultdict(list)
        for iri, of in self.labels.items():
            for label in of:
                self._parts_by_label[_plan_of(iri), label].append(iri)

    def find_parts(self, iri: str, label: str) -> list[str]:
        """Return the IRIs of the parts that a row with this IRI and this label may be about.

        This is the part with the IRI if it still has the label, or else all parts of the same plan with the label. The
        IRI of a whole plan, or of something outside plans, is always returned unchanged, since it is not renumbered.
        """
        whole = _plan_of(iri)
        is_current = tidy(label) in self.labels.get(iri, ()) or whole not in self._plans or whole == iri
        return [iri] if is_current else self._parts_by_label.get((whole, tidy(label)), [])


def relocate_decisions(rows: Iterable[Decision], labels: PartLabels) -> RelocatedDecisions:
    """Return the decisions in a file with the current IRIs of their parts, which may have been renumbered.

    A proposal with outdated IRIs is left out, because it will be proposed again. If two decisions are about the same
    pair now, the one that was not relocated counts.
    """
    known: dict[frozenset[str], Decision] = {}
    relocated, unapplied = [], []
    read = [(row, *_relocate(row, labels)) for row in rows]
    for row, now, doubts in sorted(read, key=lambda each: each[0] != each[1]):
        before = known.get(now.pair)
        if row.decided and not doubts and before is not None and before.decided:
            doubts = [
                f"{now.subject} and {now.object} have its words now, and the file has “{before.decided}” for this pair "
                "already; keep one of both"
            ]
        if not row.decided:
            if row == now and not doubts and before is None:
                known[row.pair] = row
        elif doubts:
            unapplied.append((row, "; ".join(doubts)))
        else:
            known[now.pair] = now
            if now != row:
                relocated.append((row, now))
    return RelocatedDecisions(known, tuple(relocated), tuple(unapplied))


def _relocate(row: Decision, labels: PartLabels) -> tuple[Decision, list[str]]:
    """Return a row with the current IRIs of its parts, and a message for each part that cannot be determined."""
    doubts = []
    for side, iri, label in (("subject", row.subject, row.subject_label), ("object", row.object, row.object_label)):
        parts = labels.find_parts(iri, label)
        if len(parts) == 1:
            row = replace(row, subject=parts[0]) if side == "subject" else replace(row, object=parts[0])
        else:
            # The user has to copy these labels, so they are not shortened.
            now = " or ".join(map(quoted, labels.labels.get(iri, ())))
            has = f"{len(parts)} parts of its plan have" if parts else "no part of its plan has"
            doubts.append(
                f"{iri} was {quoted(label, _MAX_QUOTE)} and is {now or 'not there'} now, and {has} its old words; "
                f"where the decision holds for a part as it is, write its address and words into {side}_id and "
                f"{side}_label, or else take the row out and decide anew"
            )
    return row, doubts


def read_decisions(file: Path) -> list[Decision]:
    """Return the rows of a file of decisions; an empty list if the file does not exist.

    A pair may be in the file only once, in either direction. Rows with the same IRIs but other labels are not the same
    pair, as a part may have been renumbered. The decision NOTHING about a subject may be in several rows, if their
    objects are parts of the same plan.

    Raises TableError, with the position, if the file is no such table, a cell is invalid, a pair is repeated, or two
    decisions contradict each other.
    """
    if not file.exists():
        return []
    lines = read_text(file, TableError).splitlines(keepends=True)
    skipped = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    rows = csv.DictReader(io.StringIO("".join(lines[skipped:]), newline=""), delimiter="\t", strict=True)
    found: dict[frozenset[tuple[str, str]], Decision] = {}
    try:
        for name in _REQUIRED_COLUMNS:
            if name not in (rows.fieldnames or ()):
                raise TableError(
                    f"the table has no column {name}; crmgraph link writes one that has all, with tabs between them",
                    Place(file, skipped + 1),
                )
        for row in rows:
            at = Place(file, skipped + rows.line_num)
            decision = _decision_in({name: (row.get(name) or "").strip() for name in _COLUMNS}, at)
            pair = (decision.subject, decision.subject_label), (decision.object, decision.object_label)
            before = found.setdefault(frozenset(pair), decision)
            if before is not decision and not (before == decision and decision.decided == NOTHING):
                raise TableError(
                    f"this pair is in the table twice, in line {before.line} already; keep one of both", at
                )
    except csv.Error as error:
        raise TableError(f"this is no table with tabs: {error}", Place(file, skipped + rows.line_num)) from None
    nothing = {
        (each.part_and_plan, each.subject_label): each.line for each in found.values() if each.decided == NOTHING
    }
    for each in filter(lambda each: each.is_correspondence, found.values()):
        for side in (each, each.inverse):
            if line := nothing.get((side.part_and_plan, side.subject_label)):
                raise TableError(
                    f"“{each.decided}” speaks against line {line}, where nothing corresponds; keep one of both",
                    Place(file, each.line),
                )
    return list(found.values())


def write_decisions(file: Path, decisions: Collection[Decision]) -> None:
    """Replace the file atomically. Raises OSError if it cannot be written."""
    # The id of the mapping set consists of the plans that it is about, and the name of the file.
    wholes = {_plan_of(iri) for each in decisions if each.subject for iri in (each.subject, each.object)}
    plans = "-".join(sorted(whole.rpartition("/")[2] for whole in wholes if whole))
    name = quote(file.name.removesuffix(".tsv").removesuffix(".sssom"))
    described = {"mapping_set_id": "/".join(filter(None, (f"{BASE}mappings/decisions", plans, name))), **_HEAD}
    text = io.StringIO()
    head = yaml.safe_dump(described, allow_unicode=True, sort_keys=False, width=1000)
    text.writelines(f"#{line}\n" for line in head.splitlines())
    rows = csv.DictWriter(text, _COLUMNS, delimiter="\t", lineterminator="\n")
    rows.writeheader()
    rows.writerows(map(_cells_of, decisions))
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.write_text(text.getvalue(), encoding="utf-8")
    unfinished.replace(file)


def _plan_of(iri: str) -> str:
    """Return the IRI of the plan, or of the 2030 Agenda, that contains something; empty if neither does."""
    found = _PLAN_IRI.match(iri)
    return found[0] if found else ""


def _decision_in(cells: Mapping[str, str], at: Place) -> Decision:
    """Return the decision in a row. Raises TableError if a cell is invalid."""
    subject, label, decided = cells["subject_id"], cells["subject_label"], cells["ext_decision"].lower()
    is_no_term, plan = cells["object_id"] in (_NO_TERM, "https://w3id.org/sssom/NoTermFound"), cells["object_source"]
    object = plan if is_no_term else cells["object_id"]
    confidence, score = (cells[name].replace(",", ".") for name in ("confidence", "similarity_score"))
    described = f"{plan}, which is no address of a plan" if plan else "empty"
    for is_wrong, problem in (
        (
            decided not in (*DECISIONS, ""),
            f"ext_decision is {cells['ext_decision']}; it is one of {', '.join(DECISIONS)}, or empty",
        ),
        (
            is_no_term and decided not in ("", NOTHING),
            f"ext_decision is {decided} where object_id is {_NO_TERM}; there it is {NOTHING}",
        ),
        (
            is_no_term and not _plan_of(plan),
            f"object_source is {described}; it says in which plan nothing corresponds, as {BASE}id/plan/gcm",
        ),
        (subject and not _IRI.fullmatch(subject), f"subject_id is {subject}, which is no address of a thing"),
        (not _IRI.fullmatch(object), f"object_id is {object or 'empty'}, which is no address of a thing"),
        (not subject and not label, "the row has neither subject_id nor subject_label"),
        (
            not _CONFIDENCE.fullmatch(confidence),
            f"confidence is {cells['confidence']}, which is no number from 0 to 1",
        ),
        (not _SCORE.fullmatch(score), f"similarity_score is {cells['similarity_score']}, which is no number"),
    ):
        if is_wrong:
            raise TableError(problem, at)
    decision = Decision(
        subject,
        label,
        object,
        "" if is_no_term else cells["object_label"],
        float(score or 0),
        cells["match_string"],
        NOTHING if is_no_term else decided,
        cells["author_label"],
        cells["mapping_date"],
        confidence,
        cells["comment"],
        at.line or 0,
    )
    if decision.decided != NOTHING:
        return decision
    if not decision.may_have_no_counterpart:
        raise TableError(f"ext_decision is {NOTHING}, which is said of a part of a plan, beside a part of another", at)
    return decision.without_counterpart


def _cells_of(decision: Decision) -> dict[str, str]:
    """Return the cells of the row for a decision, by column."""
    is_nothing = decision.decided == NOTHING
    by = "ManualMappingCuration" if decision.decided else "LexicalSimilarityThresholdMatching"
    return {
        "subject_id": decision.subject,
        "subject_label": decision.subject_label,
        "subject_type": "" if decision.subject else "rdfs literal",
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
        "similarity_measure": "" if is_nothing else "crmgraph",
        "ext_decision": decision.decided,
        "match_string": decision.why,
        "comment": decision.comment,
    }
