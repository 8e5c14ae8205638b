"""The catalogue of checks, and findings: what a check has found, where, and whether somebody accepts it."""

import difflib
import hashlib
import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from crmgraph.errors import Bilingual, Place, TableError, UsageError
from crmgraph.inference.terms import iri, select_from
from crmgraph.namespaces import BASE
from crmgraph.reading.languages import tidy
from crmgraph.reading.source import Source
from crmgraph.resources import resource
from crmgraph.texts import read_text

if TYPE_CHECKING:
    from crmgraph.describing.tables import Row

SEVERITIES = ("violation", "warning", "info")
"""From the gravest to the mildest."""


@dataclass(frozen=True, order=True)
class Group:
    """A group of checks: its place among the groups, its name within the shapes, and its title."""

    order: int
    name: str
    title: Bilingual


@dataclass(frozen=True)
class Check:
    """One kind of defect: what it is called, how grave it is, why it matters, an example, and how to correct it.

    `message` is the text of a finding, with placeholders in braces: those in ontology/shapes/README.md and, of a
    logical contradiction, {statements}, the statements that it follows from, and {reason}, what is wrong with them.
    """

    code: str
    severity: str
    group: Group
    title: Bilingual
    message: Bilingual
    explanation: Bilingual
    example: Bilingual
    remedy: Bilingual

    @property
    def is_counted(self) -> bool:
        """True where it finds translations still to be made, which are no defects and only counted for people."""
        return self.group.name == "translation" and self.severity == "info"


def no_such_check(code: str, codes: Collection[str]) -> str:
    """Return that no check has this code, and which of `codes` are like it."""
    alike = difflib.get_close_matches(code.casefold(), sorted(codes), cutoff=0.6)
    parts = [name for name in sorted(codes) if code and code.casefold() in name]
    near = [*dict.fromkeys((*alike, *parts))][:3]
    hint = f"did you mean {' or '.join(near)}?" if near else f"{BASE}findings lists the codes"
    return f"there is no check {code}; {hint}"


SHAPES = resource("ontology") / "shapes"
"""The folder of the shapes of the project."""
_VARIABLES = ("code", "severity", "shape", "group", "order")
_CHECKS = """SELECT ?code ?severity ?shape ?group ?order {
  ?shape cg:code ?code ; sh:severity ?severity ; sh:group ?group . ?group sh:order ?order
}"""


def turtle_in(folder: Path) -> str:
    """Return what the Turtle files of a folder say together."""
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.ttl")))


def read_checks(turtle: str) -> dict[str, Check]:
    """Return the checks that SHACL shapes in Turtle are, each by the IRI of the shape that carries its code.

    They come by group, the gravest first, then by code.
    """
    store = Store()
    store.load(turtle.encode(), format=RdfFormat.TURTLE)

    def said(node: str, name: str) -> Bilingual:
        found = (quad.object for quad in store.quads_for_pattern(NamedNode(node), iri(name), None))
        texts = {text.language: text.value for text in found if isinstance(text, Literal)}
        return Bilingual(texts["en"], texts["es"])

    checks = {}
    for row in select_from(store)(_CHECKS):
        shape, code, severity, group, order = (
            row[name].value for name in ("shape", "code", "severity", "group", "order")
        )
        checks[shape] = Check(
            code,
            severity.rpartition("#")[2].lower(),
            Group(int(order), group.rpartition("#")[2], said(group, "rdfs:label")),
            *(said(shape, name) for name in ("rdfs:label", "sh:message", "rdfs:comment", "skos:example", "cg:remedy")),
        )
    return dict(
        sorted(checks.items(), key=lambda each: (each[1].group, SEVERITIES.index(each[1].severity), each[1].code))
    )


@dataclass(frozen=True)
class Location:
    """An element, and the words in it that are meant: `start` and `end` count code points, end exclusive.

    They and `exact` are None where the element stands on no passage; `number` and `theme` where it has none.
    `passage` is the IRI of those very words. `line` and `column`, both from 1, say where in a file they begin, once
    they have been located in one; they tell no two locations apart.
    """

    element: str
    number: str | None = None
    theme: str | None = None
    passage: str | None = None
    start: int | None = None
    end: int | None = None
    exact: str | None = None
    line: int | None = field(default=None, compare=False)
    column: int | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        """The name of the element for people: its path below its plan, empty for the plan itself; else below `…/id/`.

        It stays the same where the plan is called otherwise, as a later version of it may be.
        """
        path = self.element.partition("/id/")[2] or self.element
        kind, _, rest = path.partition("/")
        return rest.partition("/")[2] if kind == "plan" else path

    @property
    def plan(self) -> str | None:
        """The id of the plan that the element belongs to or is the document of; None where there is none."""
        kind, _, path = self.element.partition("/id/")[2].partition("/")
        return path.partition("/")[0] if kind in ("plan", "source") else None


@dataclass(frozen=True)
class Acceptance:
    """The acceptance of a finding as explained: by whom, on which day (as 2026-11-26), and why."""

    by: str
    on: str
    reason_es: str
    reason_en: str


@dataclass(frozen=True)
class Finding:
    """A defect in its place; `other` is the second place of one that is about two.

    `file` is where it was found, once it has been located in one. `triples` are the statements, in N-Triples, that a
    logical contradiction follows from.
    """

    code: str
    severity: str
    location: Location
    other: Location | None
    message_es: str
    message_en: str
    file: str | None = None
    accepted: Acceptance | None = None
    triples: tuple[str, ...] = ()
    constraint: str = field(default="SPARQLConstraintComponent", compare=False)

    @property
    def order(self) -> tuple[object, ...]:
        """The key to sort by: the gravest first, then by code, then in the order of the source."""
        location, other = self.location, self.other
        place = SEVERITIES.index(self.severity), self.code, location.start or 0, location.element, location.end or 0
        return *place, *((other.start or 0, other.element) if other else (0, "")), self.message_en

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """The part that stays the same where words move: the code, the element, its words, and the other element."""
        return self.code, self.location.name, tidy(self.location.exact or ""), self.other.name if self.other else ""

    @property
    def iri(self) -> str:
        """The IRI, made of the code, the element, and where its words and those of the other begin.

        Of logical contradictions in one element, the statements tell one from another.
        """
        base, _, path = self.location.element.partition("/id/")
        location, other = self.location, self.other
        place = "" if location.start is None else f"/{location.start}-{location.end}"
        place += "" if other is None or other.start is None else f"/{other.start}"
        if self.triples:
            place += "/" + hashlib.sha256("\n".join(self.triples).encode()).hexdigest()[:8]
        return f"{base}/id/finding/{self.code}/{path}{place}"

    @property
    def text(self) -> Bilingual:
        """The message in both languages."""
        return Bilingual(self.message_en, self.message_es)


def locate(findings: Iterable[Finding], source: Source) -> list[Finding]:
    """Return the findings about a plan that was read in `source`, each with where in the file its words begin."""

    def placed(location: Location) -> Location:
        if location.start is None:
            return location
        line, begin, _ = line_at(source, location.start)
        return replace(location, line=line, column=location.start - begin + 1)

    return [
        replace(each, file=str(source.file), location=placed(each.location), other=each.other and placed(each.other))
        for each in findings
    ]


def line_at(source: Source, offset: int) -> tuple[int, int, int]:
    """Return the number of the line in which a character stands, and where that line begins and ends."""
    number = bisect_right(source.lines, offset, key=lambda line: line[0])
    return number, *source.lines[number - 1]


_COMMON = "SPARQLConstraintComponent"


def as_json(findings: Sequence[Finding]) -> str:
    """Return a JSON list of objects: code, severity, element, number, theme, passage, start, end, exact, messages.

    `other` is the second place, or null. Those that are located in a file also have file, line and column, the last
    two in `other` as well; those that are accepted, by whom, when and why; logical contradictions, the triples they
    follow from; and those that no question in SPARQL found, the kind of constraint that did.
    """
    return json.dumps([_row(finding) for finding in findings], ensure_ascii=False, indent=2)


def _row(finding: Finding) -> dict[str, object]:
    own, other = asdict(finding.location), asdict(finding.other) if finding.other else None
    place = {"file": finding.file, "line": own.pop("line"), "column": own.pop("column")}
    if finding.file is None and other is not None:
        del other["line"], other["column"]
    row = {"code": finding.code, "severity": finding.severity, **own, "other": other}
    row |= {"message_es": finding.message_es, "message_en": finding.message_en, **(place if finding.file else {})}
    more = {
        "accepted": finding.accepted and asdict(finding.accepted),
        "triples": list(finding.triples),
        "constraint": finding.constraint if finding.constraint != _COMMON else None,
    }
    return row | {name: value for name, value in more.items() if value}


def from_json(text: str) -> list[Finding]:
    """Return the findings of a JSON report. Raises ValueError, TypeError, KeyError or AttributeError otherwise."""
    rows = json.loads(text)
    if not isinstance(rows, list):
        raise TypeError(type(rows))
    return [_finding(row) for row in rows]


def _finding(row: dict[str, Any]) -> Finding:
    if row["severity"] not in SEVERITIES:
        raise ValueError(row["severity"])
    location = Location(**{field.name: row.pop(field.name, None) for field in fields(Location)})
    other, accepted, triples = row.pop("other"), row.pop("accepted", None), row.pop("triples", ())
    return Finding(
        location=location,
        other=Location(**other) if other else None,
        accepted=Acceptance(**accepted) if accepted else None,
        triples=tuple(triples),
        **row,
    )


def read_baseline(file: Path) -> list[Finding]:
    """Return the findings of a report in JSON. Raises UsageError where the file is none."""
    text = read_text(file, UsageError)
    try:
        return from_json(text)
    except (ValueError, TypeError, KeyError, AttributeError):
        message = "this is no report; make one with `crmgraph check PLAN --format json`"
        raise UsageError(message, Place(file)) from None


def new_findings(findings: Sequence[Finding], before: Sequence[Finding]) -> list[Finding]:
    """Return those findings that were not there before, wherever their words have moved.

    Where both are about one plan only, it may be called otherwise now. Of several alike, as many are known as there
    were before.
    """
    plans = [{finding.location.plan for finding in each} - {None} for each in (findings, before)]
    one_plan = all(len(each) <= 1 for each in plans)

    def identity(finding: Finding) -> tuple[str, ...]:
        return finding.identity if one_plan else (*finding.identity, finding.location.plan or "")

    known = Counter(map(identity, before))
    new = []
    for finding in findings:
        if known[identity(finding)]:
            known[identity(finding)] -= 1
        else:
            new.append(finding)
    return new


_Accepted = tuple["Row", Acceptance]
"""A row, and what it says of the findings that it fits."""


class AcceptedFindings:
    """The findings accepted in the table `named` or, without one, in the table beside each plan: `plan.accepted.csv`.

    A row says which: the code, the element as the report names it (its path below the plan, or its IRI; nothing for the
    plan itself) and the words, blank space aside. A row without words is about the element whatever the words.

    It remembers which rows have fitted a finding. Raises TableError where a table has a wrong row, or one with a code
    that is not among `codes`.
    """

    def __init__(self, codes: Collection[str], named: Path | None = None) -> None:
        self._codes = codes
        self._named = _read(named, codes) if named else None
        self._own: list[_Accepted] = []
        self._used: set[tuple[Path, int]] = set()

    def mark(self, findings: Sequence[Finding], plan: Path | None = None) -> list[Finding]:
        """Return the findings about the plan in the file `plan`, if it has one, each with its acceptance if any."""
        rows = self._named
        if rows is None:
            beside = plan.with_name(f"{plan.stem}.accepted.csv") if plan else None
            if beside is None or not beside.is_file():
                return list(findings)
            rows = _read(beside, self._codes)
            self._own += rows
        marked = []
        for finding in findings:
            names = finding.location.name, finding.location.element
            words = "", tidy(finding.location.exact or "")
            fitting = [
                (row, acceptance)
                for row, acceptance in rows
                if row["code"] == finding.code and row["element"] in names and row["exact"] in words
            ]
            # Of two rows that fit, the one with words says more.
            fitting.sort(key=lambda each: not each[0]["exact"])
            self._used.update((row.file, row.line) for row, _ in fitting)
            marked.append(replace(finding, accepted=fitting[0][1] if fitting else None))
        return marked

    def stale(self, are_all: bool = True) -> list[str]:
        """Return a line about each row that has fitted no finding of the plans, of which `are_all` could be read."""
        lines = []
        for row, _ in (*self._own, *((self._named or []) if are_all else [])):
            if (row.file, row.line) not in self._used:
                words = f" with the words “{row['exact']}”" if row["exact"] else ""
                where = f"in {row['element']}" if row["element"] else "about the plan itself"
                message = f"nothing is found any more that is {row['code']} {where}{words}"
                error = TableError(f"{message}; take the row away or correct it", Place(row.file, row.line))
                lines.append(str(error))
        return lines


def _read(file: Path, codes: Collection[str]) -> list[_Accepted]:
    # Tables come with rdflib, which is slow to import.
    from crmgraph.describing.tables import Column, read_table
    from crmgraph.describing.vocabulary import date_literal

    columns = (
        Column("code", required=True, pattern="[a-z][a-z0-9-]*", hint="the code of a check, such as date-past"),
        Column("element"),
        Column("exact"),
        Column("accepted_by", required=True),
        Column("accepted_on", required=True, pattern=r"\d{4}-\d\d-\d\d", hint="a day, such as 2026-11-26"),
        Column("reason_es", required=True),
        Column("reason_en", required=True),
    )
    rows = read_table(file, columns, key=("code", "element", "exact"))
    for row in rows:
        if row["code"] not in codes:
            raise row.problem("code", no_such_check(row["code"], codes))
        with row.reading("accepted_on") as day:
            date_literal(day)
    names = ("accepted_by", "accepted_on", "reason_es", "reason_en")
    return [(row, Acceptance(*(row[name] for name in names))) for row in rows]
