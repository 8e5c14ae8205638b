"""Decisions about proposed correspondences, in a file of their own (SSSOM), which follow the words they are about.

The file is a table with tabs, and a YAML head behind #: a set of mappings in the TSV form of SSSOM 1.0
(https://mapping-commons.github.io/sssom/). A row without a decision is a proposal: it says no more than that there may
be a mapping. The decision stands in a column of ours, `ext_decision`, so that it can be written there by hand as well,
and how sure one is of it, from 0 to 1, in `confidence`. That nothing in a plan corresponds to a part of another is kept
as a mapping to `sssom:NoTermFound`, with the plan as its `object_source`.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

import yaml

from crmgraph.errors import Place, TableError, quoted
from crmgraph.namespaces import BASE
from crmgraph.reading.languages import tidy
from crmgraph.texts import read_text

RELATIONS = ("exact", "close", "broad", "narrow", "related")
"""The ways in which the object may correspond to the subject (broad: it is the broader), as SKOS names them."""
NOTHING = "nothing"
"""The decision that nothing in the other plan corresponds to a part."""
DECISIONS = (*RELATIONS, "no", NOTHING)
"""The decisions: one of the relations, that there is none between the two, or that the other plan has nothing."""
AGENDA = "http://metadata.un.org/sdg"
"""The IRI of the 2030 Agenda, whose targets are compared as if it were a plan."""
SEMAPV = "https://w3id.org/semapv/vocab/"
"""The vocabulary of reasons for mappings."""

_WHOLE = re.compile(rf"(?:https?://\S+/id/plan/[^/\s]+|{re.escape(AGENDA)})(?=/|$)")
"""The IRI of a plan, or of the 2030 Agenda, at the beginning of that of a part."""
_TURNED = {"broad": "narrow", "narrow": "broad"}
_LONGEST = 80
_NO_TERM = "sssom:NoTermFound"
_COLUMNS = (
    "subject_id", "subject_label", "subject_type", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "object_source", "mapping_justification", "author_label", "mapping_date", "confidence", "similarity_score",
    "similarity_measure", "match_string", "ext_decision", "comment",
)  # fmt: skip
_NEEDED = ("subject_id", "subject_label", "object_id", "ext_decision")
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
    """A proposed correspondence, and what was decided: one of DECISIONS, or nothing yet.

    `subject` and `object` are IRIs; a name in a table has none, only its label. Where nothing corresponds, `object` is
    the plan in which nothing does, and has no label. `score` is the similarity that it was proposed by, `why` that in
    words, those that the two share; `author` and `date` (ISO 8601) say who decided it and when, `confidence` how sure
    that is, from 0 to 1, or nothing, and `comment` is what they say of it. `line` is where it was read.
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
        """The two that it is about, from whichever side, by which it is told from all others."""
        return frozenset((self.subject or self.subject_label, self.object))

    @property
    def turned(self) -> "Decision":
        """The same decision from the other side."""
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
        return bool(self.subject) and self.decided in RELATIONS

    @property
    def is_comparison(self) -> bool:
        """Whether it says of a thing what corresponds to it, or that nothing does."""
        return self.is_correspondence or self.decided == NOTHING

    @property
    def compared(self) -> tuple[str, str]:
        """The subject, and the plan that the object is of; that is empty where it is of none."""
        return self.subject, _whole_of(self.object)

    @property
    def may_be_nothing(self) -> bool:
        """Whether it could be said that nothing in the plan of its object corresponds to its subject, a part of one."""
        return "/id/plan/" in self.subject and bool(_whole_of(self.object))

    @property
    def as_nothing(self) -> "Decision":
        """The decision that nothing in the plan of its object corresponds to the subject."""
        return replace(self, object=_whole_of(self.object), object_label="", score=0.0, why="", decided=NOTHING)

    @property
    def is_signed(self) -> bool:
        """Whether it says who decided, and when."""
        return bool(self.author and self.date)

    def as_decided(self, decided: str, author: str, date: str) -> "Decision":
        """Return the same, decided by somebody on a day."""
        return replace(self, decided=decided, author=author, date=date)


@dataclass(frozen=True)
class Followed:
    """The rows of a file, as they are to be read now.

    `known` are those about parts as they are, by their pairs; `moved` those of them that are about another address than
    they were, as they were and as they are; `strays` are applied to nothing, each for a reason.
    """

    known: dict[frozenset[str], Decision]
    moved: tuple[tuple[Decision, Decision], ...] = ()
    strays: tuple[tuple[Decision, str], ...] = ()

    def with_strays(self, rows: Iterable[Decision]) -> list[Decision]:
        """Return these rows as they are to be written, beside those that are applied to nothing."""
        return [*(stray for stray, _ in self.strays), *rows]


class Words:
    """The words of the parts of all plans now: `labels` has them in each language, by the IRIs of the parts."""

    def __init__(self, labels: Mapping[str, Iterable[str]]) -> None:
        self.labels = {iri: sorted(set(map(tidy, of))) for iri, of in labels.items()}
        self._known = set(map(_whole_of, labels))
        self._having: dict[tuple[str, str], list[str]] = defaultdict(list)
        for iri, of in self.labels.items():
            for label in of:
                self._having[_whole_of(iri), label].append(iri)

    def called(self, iri: str, label: str) -> list[str]:
        """Return the parts that a row with this address and these words may be about.

        That is the part itself where it still has the words, or else those of the same plan that have. What is no part
        of a plan, as a whole plan is none, has no number that another could have by now.
        """
        whole = _whole_of(iri)
        if tidy(label) in self.labels.get(iri, ()) or whole not in self._known or whole == iri:
            return [iri]
        return self._having.get((whole, tidy(label)), [])


def follow(rows: Iterable[Decision], words: Words) -> Followed:
    """Return the rows as decisions about the parts that have their words now.

    A proposal that nobody decided follows nothing: it is made anew. Of two decisions about one pair, that which was
    about it from the first counts.
    """
    known: dict[frozenset[str], Decision] = {}
    moved, strays = [], []
    read = [(row, *_now(row, words)) for row in rows]
    for row, now, doubts in sorted(read, key=lambda each: each[0] != each[1]):
        before = known.get(now.pair)
        if not row.decided:
            if row == now and not doubts and before is None:
                known[row.pair] = row
            continue
        if not doubts and before is not None and before.decided:
            doubts = [
                f"{now.subject} and {now.object} have its words now, and the file has “{before.decided}” for this pair "
                "already; keep one of both"
            ]
        if doubts:
            strays.append((row, "; ".join(doubts)))
            continue
        known[now.pair] = now
        if now != row:
            moved.append((row, now))
    return Followed(known, tuple(moved), tuple(strays))


def _now(row: Decision, words: Words) -> tuple[Decision, list[str]]:
    """Return the row with the addresses that the parts with its words have now, and why a part cannot be told."""
    doubts = []
    for side, iri, label in (("subject", row.subject, row.subject_label), ("object", row.object, row.object_label)):
        parts = words.called(iri, label)
        if len(parts) == 1:
            row = replace(row, subject=parts[0]) if side == "subject" else replace(row, object=parts[0])
            continue
        # These are to be written down, and have to be there in full.
        now = " or ".join(map(quoted, words.labels.get(iri, ())))
        has = f"{len(parts)} parts of its plan have" if parts else "no part of its plan has"
        doubts.append(
            f"{iri} was {quoted(label, _LONGEST)} and is {now or 'not there'} now, and {has} its old words; where "
            f"the decision holds for a part as it is, write its address and words into {side}_id and {side}_label, "
            "or else take the row out and decide anew"
        )
    return row, doubts


def read_decisions(file: Path) -> list[Decision]:
    """Return the rows of a file; none where it is not there.

    A pair is the same from either side, but not with other words: another part may have the number by now. That nothing
    in a plan corresponds may stand beside any of its parts, or all of them. Raises TableError, with the place, where it
    is no such file, a decision none of DECISIONS, or one speaks against another.
    """
    if not file.exists():
        return []
    lines = read_text(file, TableError).splitlines(keepends=True)
    skipped = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    rows = csv.DictReader(io.StringIO("".join(lines[skipped:]), newline=""), delimiter="\t", strict=True)
    found: dict[frozenset[tuple[str, str]], Decision] = {}
    try:
        for name in _NEEDED:
            if name not in (rows.fieldnames or ()):
                raise TableError(
                    f"the table has no column {name}; crmgraph link writes one that has all, with tabs between them",
                    Place(file, skipped + 1),
                )
        for row in rows:
            at = Place(file, skipped + rows.line_num)
            decision = _read({name: (row.get(name) or "").strip() for name in _COLUMNS}, at)
            before = found.setdefault(_identity(decision), decision)
            if before is not decision and not (before == decision and decision.decided == NOTHING):
                raise TableError(
                    f"this pair is in the table twice, in line {before.line} already; keep one of both", at
                )
    except csv.Error as error:
        raise TableError(f"this is no table with tabs: {error}", Place(file, skipped + rows.line_num)) from None
    nothing = {(each.compared, each.subject_label): each.line for each in found.values() if each.decided == NOTHING}
    for each in filter(lambda each: each.is_correspondence, found.values()):
        for side in (each, each.turned):
            if line := nothing.get((side.compared, side.subject_label)):
                told = f"“{each.decided}” speaks against line {line}, where nothing corresponds; keep one of both"
                raise TableError(told, Place(file, each.line))
    return list(found.values())


def write_decisions(file: Path, decisions: Iterable[Decision]) -> None:
    """Write the file anew, whole or not at all. Raises OSError where that cannot be."""
    decisions = list(decisions)
    # What tells the set from others: the plans that it is about, and the name of the file.
    wholes = {_whole_of(iri) for each in decisions if each.subject for iri in (each.subject, each.object)}
    plans = "-".join(sorted(whole.rpartition("/")[2] for whole in wholes if whole))
    name = quote(file.name.removesuffix(".tsv").removesuffix(".sssom"))
    described = {"mapping_set_id": "/".join(filter(None, (f"{BASE}mappings/decisions", plans, name))), **_HEAD}
    text = io.StringIO()
    head = yaml.safe_dump(described, allow_unicode=True, sort_keys=False, width=1000)
    text.writelines(f"#{line}\n" for line in head.splitlines())
    rows = csv.DictWriter(text, _COLUMNS, delimiter="\t", lineterminator="\n")
    rows.writeheader()
    rows.writerows(map(_written, decisions))
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.write_text(text.getvalue(), encoding="utf-8")
    unfinished.replace(file)


def _whole_of(iri: str) -> str:
    """Return the plan that something is a part of, or the 2030 Agenda; an empty string where it is of none."""
    found = _WHOLE.match(iri)
    return found[0] if found else ""


def _identity(decision: Decision) -> frozenset[tuple[str, str]]:
    """Return the pair of a row with its words, from whichever side."""
    return frozenset(((decision.subject, decision.subject_label), (decision.object, decision.object_label)))


def _read(cells: Mapping[str, str], at: Place) -> Decision:
    """Return the decision in a row. Raises TableError where a cell is wrong."""
    subject, label, decided = cells["subject_id"], cells["subject_label"], cells["ext_decision"].lower()
    is_no_term, plan = cells["object_id"] in (_NO_TERM, "https://w3id.org/sssom/NoTermFound"), cells["object_source"]
    object = plan if is_no_term else cells["object_id"]
    confidence, score = (cells[name].replace(",", ".") for name in ("confidence", "similarity_score"))
    told = f"{plan}, which is no address of a plan" if plan else "empty"
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
            is_no_term and not _whole_of(plan),
            f"object_source is {told}; it says in which plan nothing corresponds, as {BASE}id/plan/gcm",
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
    if not decision.may_be_nothing:
        raise TableError(f"ext_decision is {NOTHING}, which is said of a part of a plan, beside a part of another", at)
    return decision.as_nothing


def _written(decision: Decision) -> dict[str, str]:
    """Return the cells of a decision."""
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
