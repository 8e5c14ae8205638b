"""The catalogue of checks, the findings of checks, their locations, and the acceptance of findings as explained."""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from crmgraph.errors import Bilingual
from crmgraph.files import resource
from crmgraph.inference.rules import iri, select_from
from crmgraph.namespaces import BASE
from crmgraph.reading.languages import tidy
from crmgraph.reading.model import Source

if TYPE_CHECKING:
    from crmgraph.describing.tables import Row

SEVERITIES = ("violation", "warning", "info")
"""The severities of checks and findings, from the most to the least severe."""


@dataclass(frozen=True, order=True)
class Group:
    """A group of checks.

    Attributes:
        order: The position of the group in the catalogue.
        name: The local name of the group in the shapes, such as "numbering".
        title: The title for readers.
    """

    order: int
    name: str
    title: Bilingual


@dataclass(frozen=True)
class Check:
    """A check: one kind of defect, as described in the catalogue.

    Attributes:
        code: The identifier, such as "date-past".
        severity: One of SEVERITIES.
        group: The group that the check belongs to.
        title: The name of the defect.
        message: The message of a finding, with placeholders in braces (see ontology/shapes/README.md). For a logical
            contradiction, {statements} are the statements that it follows from, and {reason} explains it.
        explanation: Why the defect matters.
        example: An example of the defect.
        remedy: How to correct it.
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
        """Whether reports only count the findings. These are missing translations, which are no defects of the plan."""
        return self.group.name == "translation" and self.severity == "info"


def unknown_check_message(code: str) -> str:
    """Return the error message for an unknown code of a check."""
    return f"there is no check {code}; {BASE}findings lists the codes"


SHAPES = resource("ontology") / "shapes"
"""The folder with the SHACL shapes of the project."""
_CHECKS = """SELECT ?code ?severity ?shape ?group ?order {
  ?shape cg:code ?code ; sh:severity ?severity ; sh:group ?group . ?group sh:order ?order
}"""


def turtle_in(folder: Path) -> str:
    """Return the concatenated text of the Turtle files in a folder."""
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.ttl")))


def read_checks(turtle: str) -> dict[str, Check]:
    """Return the checks that SHACL shapes in Turtle define, by the IRI of the shape.

    They are sorted by group, then from the most to the least severe, then by code.
    """
    store = Store()
    store.load(turtle.encode(), format=RdfFormat.TURTLE)

    def text_of(node: str, name: str) -> Bilingual:
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
            Group(int(order), group.rpartition("#")[2], text_of(group, "rdfs:label")),
            *(
                text_of(shape, name)
                for name in ("rdfs:label", "sh:message", "rdfs:comment", "skos:example", "cg:remedy")
            ),
        )
    return dict(
        sorted(checks.items(), key=lambda each: (each[1].group, SEVERITIES.index(each[1].severity), each[1].code))
    )


@dataclass(frozen=True)
class Location:
    """An element, and the span of its text that a finding refers to.

    Attributes:
        element: The IRI of the element.
        number: The printed number of the element, such as "12.1", if it has one.
        theme: The id of its theme, such as "pgm", if it has one.
        passage: The IRI of the span. It is None, as are `start`, `end` and `exact`, if the element has no passage.
        start: The code point offset at which the span begins in the source.
        end: The code point offset at which the span ends, exclusive.
        exact: The text of the span.
        line: The number, from 1, of the line of the file where the span begins. Set by `locate`; comparisons ignore it.
        column: The number, from 1, of the code point in that line. Set by `locate`; comparisons ignore it.
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
        """The name of the element in reports: its path below the IRI of its plan, such as "pgm/12.1".

        Empty for the plan itself. For an element outside plans, the path below `…/id/`. The name does not contain the
        id of the plan, so it is the same in another version with another id.
        """
        path = self.element.partition("/id/")[2] or self.element
        kind, _, rest = path.partition("/")
        return rest.partition("/")[2] if kind == "plan" else path

    @property
    def plan(self) -> str | None:
        """The id of the plan that contains the element, or whose source the element is; None for other elements."""
        kind, _, path = self.element.partition("/id/")[2].partition("/")
        return path.partition("/")[0] if kind in ("plan", "source") else None


@dataclass(frozen=True)
class Acceptance:
    """The acceptance of a finding that has an explanation.

    Attributes:
        by: Who accepted the finding.
        on: The day of the acceptance, such as "2026-11-26".
        reason_es: The explanation in Spanish.
        reason_en: The explanation in English.
    """

    by: str
    on: str
    reason_es: str
    reason_en: str


@dataclass(frozen=True)
class Finding:
    """A defect that a check found.

    Attributes:
        code: The code of the check.
        severity: One of SEVERITIES.
        location: The element and the text that the finding is about.
        other: The second location of a finding that compares two elements.
        message_es: The message in Spanish.
        message_en: The message in English.
        file: The file of the plan, once `locate` has set it.
        accepted: The acceptance of the finding, if anybody accepted it.
        triples: The statements, in N-Triples, that a logical contradiction follows from.
        constraint: The local name of the violated SHACL constraint component. Comparisons ignore it.
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
    def sort_key(self) -> tuple[object, ...]:
        """The sort key: from the most to the least severe, then by code, then by position in the source."""
        location, other = self.location, self.other
        place = SEVERITIES.index(self.severity), self.code, location.start or 0, location.element, location.end or 0
        return *place, *((other.start or 0, other.element) if other else (0, "")), self.message_en

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """The code, the element, its text and the other element, which stay the same if the text moves in the file."""
        return self.code, self.location.name, tidy(self.location.exact or ""), self.other.name if self.other else ""

    @property
    def iri(self) -> str:
        """The IRI of the finding. It contains the code, the element, its offsets, and the start of the other location.

        For a logical contradiction it also contains a digest of the statements, since an element may have several.
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
    """Return the findings about a plan read from `source`, with the file, and the line and column of each location."""

    def with_line(location: Location) -> Location:
        if location.start is None:
            return location
        line, begin, _ = line_at(source, location.start)
        return replace(location, line=line, column=location.start - begin + 1)

    return [
        replace(
            each, file=str(source.file), location=with_line(each.location), other=each.other and with_line(each.other)
        )
        for each in findings
    ]


def line_at(source: Source, offset: int) -> tuple[int, int, int]:
    """Return the number, from 1, of the line that contains a code point offset, and where the line starts and ends."""
    number = bisect_right(source.lines, offset, key=lambda line: line[0])
    return number, *source.lines[number - 1]


_DEFAULT_CONSTRAINT = "SPARQLConstraintComponent"


def as_json(findings: Sequence[Finding]) -> str:
    """Return findings as a JSON list of objects.

    The keys are `code`, `severity`, those of the location, `other` (the second location, or null), `message_es` and
    `message_en`. The following keys are optional:

    - `file`, `line` and `column`, for findings with a file; `other` then has `line` and `column` too
    - `accepted`: who accepted the finding, when and why
    - `triples`: the statements that a logical contradiction follows from
    - `constraint`: the violated constraint component, unless it is the one for SPARQL queries
    """
    return json.dumps([_as_json_object(finding) for finding in findings], ensure_ascii=False, indent=2)


def _as_json_object(finding: Finding) -> dict[str, object]:
    own, other = asdict(finding.location), asdict(finding.other) if finding.other else None
    place = {"file": finding.file, "line": own.pop("line"), "column": own.pop("column")}
    if finding.file is None and other is not None:
        del other["line"], other["column"]
    row = {"code": finding.code, "severity": finding.severity, **own, "other": other}
    row |= {"message_es": finding.message_es, "message_en": finding.message_en, **(place if finding.file else {})}
    more = {
        "accepted": finding.accepted and asdict(finding.accepted),
        "triples": list(finding.triples),
        "constraint": finding.constraint if finding.constraint != _DEFAULT_CONSTRAINT else None,
    }
    return row | {name: value for name, value in more.items() if value}


def from_json(text: str) -> list[Finding]:
    """Return the findings in a JSON report of a build."""
    return [_from_json_object(row) for row in json.loads(text)]


def _from_json_object(row: dict[str, Any]) -> Finding:
    location = Location(**{field.name: row.pop(field.name, None) for field in fields(Location)})
    other, accepted, triples = row.pop("other"), row.pop("accepted", None), row.pop("triples", ())
    return Finding(
        location=location,
        other=Location(**other) if other else None,
        accepted=Acceptance(**accepted) if accepted else None,
        triples=tuple(triples),
        **row,
    )


AcceptanceRow = tuple["Row", Acceptance]
"""A row of a table of accepted findings, and the acceptance that it contains."""


def mark_accepted(findings: Sequence[Finding], rows: Sequence[AcceptanceRow]) -> list[Finding]:
    """Return findings with their acceptances, which are in the rows of a table of accepted findings."""
    marked = []
    for finding in findings:
        names = finding.location.name, finding.location.element
        words = "", tidy(finding.location.exact or "")
        matches = [
            (row, acceptance)
            for row, acceptance in rows
            if row["code"] == finding.code and row["element"] in names and row["exact"] in words
        ]
        # A row with a text is more specific than one without.
        matches.sort(key=lambda each: not each[0]["exact"])
        marked.append(replace(finding, accepted=matches[0][1] if matches else None))
    return marked


def accepted_findings_beside(plan: Path | None, codes: Collection[str]) -> list[AcceptanceRow]:
    """Return the rows of the table of accepted findings next to a plan, PLAN.accepted.csv; none without a table."""
    table = plan.with_name(f"{plan.stem}.accepted.csv") if plan else None
    return read_accepted_findings(table, codes) if table and table.is_file() else []


def read_accepted_findings(file: Path, codes: Collection[str]) -> list[AcceptanceRow]:
    """Return the rows of a table of accepted findings.

    A row identifies findings by three cells: the code, the element, and the text without regard to blank space. The
    element is a path below the plan, such as pgm/12.1, or an IRI; it is empty for the plan itself. If the text is
    empty, the row matches any text of the element. Raises TableError if the table contains an invalid row, or a code
    that is not in `codes`.
    """
    # These modules import rdflib, which is slow.
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
            raise row.problem("code", unknown_check_message(row["code"]))
        with row.converting("accepted_on") as day:
            date_literal(day)
    return [
        (row, Acceptance(*(row[name] for name in ("accepted_by", "accepted_on", "reason_es", "reason_en"))))
        for row in rows
    ]
