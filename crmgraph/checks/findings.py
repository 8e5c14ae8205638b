"""The catalogue of checks, their findings, the causes that findings have in common, and the acceptance of findings."""

import hashlib
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from crmgraph.errors import Bilingual, in_language, join_sentences, shortened
from crmgraph.files import resource
from crmgraph.inference.rules import iri, select_from
from crmgraph.namespaces import BASE
from crmgraph.reading.languages import tidy
from crmgraph.reading.model import Source

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
        causes: The codes of the checks whose findings may explain those of this one.
    """

    code: str
    severity: str
    group: Group
    title: Bilingual
    message: Bilingual
    explanation: Bilingual
    example: Bilingual
    remedy: Bilingual
    causes: tuple[str, ...] = ()

    @property
    def is_counted(self) -> bool:
        """Whether reports only count the findings. These are missing translations, which are no defects of the plan."""
        return self.group.name == "translation" and self.severity == "info"


def unknown_check_message(code: str) -> str:
    """Return the error message for an unknown code of a check."""
    return f"there is no check {code}; {BASE}findings lists the codes"


SHAPES = resource("ontology") / "shapes"
"""The folder with the SHACL shapes of the project."""
_CHECKS = """SELECT ?code ?severity ?shape ?group ?order (GROUP_CONCAT(COALESCE(?cause, "")) AS ?causes) {
  ?shape cg:code ?code ; sh:severity ?severity ; sh:group ?group . ?group sh:order ?order
  OPTIONAL { ?shape cg:consequenceOf/cg:code ?cause }
} GROUP BY ?code ?severity ?shape ?group ?order"""


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

    checks: dict[str, Check] = {}
    for row in select_from(store)(_CHECKS):
        shape, code, severity, group, order, causes = (
            row[name].value for name in ("shape", "code", "severity", "group", "order", "causes")
        )
        title, message, explanation, example, remedy = (
            text_of(shape, name) for name in ("rdfs:label", "sh:message", "rdfs:comment", "skos:example", "cg:remedy")
        )
        checks[shape] = Check(
            code,
            severity.rpartition("#")[2].lower(),
            Group(int(order), group.rpartition("#")[2], text_of(group, "rdfs:label")),
            title,
            message,
            explanation,
            example,
            remedy,
            tuple(sorted(causes.split())),
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
        kind: The class of a part of a plan, such as "Action".
        theme_es: The title of its theme, in Spanish if there is a translation.
        theme_en: The title of its theme, in English if there is a translation.
        under: For a part without a number, the printed number of the part that it is in.
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
    kind: str | None = None
    theme_es: str | None = None
    theme_en: str | None = None
    under: str | None = None
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

    def overlaps(self, other: "Location") -> bool:
        """Return whether both are of the same element and, if both have a span, of the same text."""
        is_whole = None in (self.start, self.end, other.start, other.end)
        overlap = max(self.start or 0, other.start or 0) < min(self.end or 0, other.end or 0)
        return self.element == other.element and (is_whole or overlap)


PART_KINDS = {
    "Objective": (Bilingual("objective", "objetivo"), Bilingual("objectives", "objetivos")),
    "Action": (Bilingual("action", "acción"), Bilingual("actions", "acciones")),
    "Activity": (Bilingual("activity", "actividad"), Bilingual("activities", "actividades")),
    "ScheduleEntry": (
        Bilingual("schedule entry", "entrada de calendario"),
        Bilingual("schedule entries", "entradas de calendario"),
    ),
    "Note": (Bilingual("note", "nota"), Bilingual("notes", "notas")),
}
"""The names of the classes of parts, in singular and plural."""
_UNNUMBERED, _UNDER = Bilingual(" without a number", " sin número"), Bilingual(" under ", " bajo ")
_AND = Bilingual(" and ", " y ")
_LONGEST_TITLE = 60
"""The maximum number of code points of the title of a theme in the name of a part."""


def place_names(locations: Iterable[Location], language: str) -> str:
    """Return the names of parts in words, by theme and class: “Human Rights, actions 1.2 and 4.1; note under 5”.

    Another resource has its path below `…/id/`. Empty for the plan itself.
    """
    by_theme: dict[str, dict[tuple[str, bool], dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for location in locations:
        title = (location.theme_es if language == "es" else location.theme_en) or ""
        kinds = by_theme[shortened(title, _LONGEST_TITLE)]
        if location.kind in PART_KINDS:
            kinds[location.kind, location.number is None][location.number or location.under or ""] = None
        elif location.theme is None:
            kinds[location.name, False] = {}
    themes = []
    for title, kinds in by_theme.items():
        names = (_part_names(kind, is_bare, list(numbers), language) for (kind, is_bare), numbers in kinds.items())
        themes.append(", ".join(filter(None, (title, *names))))
    return "; ".join(filter(None, themes))


def _part_names(kind: str, is_bare: bool, numbers: Sequence[str], language: str) -> str:
    """Return the names of parts of one class: “actions 1.2 and 4.1”, “activity without a number under 3.1”."""
    if kind not in PART_KINDS:
        return kind
    name = in_language(PART_KINDS[kind][len(numbers) > 1], language)
    bare = in_language(_UNNUMBERED, language) if is_bare and kind != "Note" else ""
    joined = in_language(_AND, language).join(filter(None, (", ".join(numbers[:-1]), numbers[-1])))
    return f"{name}{bare}{(in_language(_UNDER, language) if is_bare else ' ') if joined else ''}{joined}"


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
    """A defect that a check found. After `group`, all that follows from one cause is in one finding.

    Attributes:
        code: The code of the check.
        severity: One of SEVERITIES.
        location: The element and the text that the finding is about.
        other: The second location of a finding that compares two elements.
        statement_es: What is wrong, in Spanish, without the name of the place.
        statement_en: What is wrong, in English, without the name of the place.
        file: The file of the plan, once `locate` has set it.
        accepted: The acceptance of the finding, if anybody accepted it.
        triples: The statements, in N-Triples, that a logical contradiction follows from.
        constraint: The local name of the violated SHACL constraint component. Comparisons ignore it.
        places: The same defect at further places of the plan.
        consequences: The findings of other checks that this one explains.
    """

    code: str
    severity: str
    location: Location
    other: Location | None
    statement_es: str
    statement_en: str
    file: str | None = None
    accepted: Acceptance | None = None
    triples: tuple[str, ...] = ()
    constraint: str = field(default="SPARQLConstraintComponent", compare=False)
    places: tuple["Finding", ...] = ()
    consequences: tuple["Finding", ...] = ()

    @property
    def sort_key(self) -> tuple[object, ...]:
        """The sort key: from the most to the least severe, then by code, then by position in the source."""
        location, other = self.location, self.other
        place = SEVERITIES.index(self.severity), self.code, location.start or 0, location.element, location.end or 0
        return *place, *((other.start or 0, other.element) if other else (0, "")), self.statement_en

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
    def single(self) -> "Finding":
        """The finding at its first place alone, as its check found it."""
        return replace(self, places=(), consequences=())

    @property
    def singles(self) -> "list[Finding]":
        """The findings that `group` joined in this one."""
        return [self.single, *self.places, *(single for each in self.consequences for single in each.singles)]

    @property
    def further(self) -> list[Location]:
        """The locations of the finding, its places and its consequences, after the first, each once."""
        locations = (each for single in self.singles for each in (single.location, single.other) if each is not None)
        return [each for each in dict.fromkeys(locations) if each != self.location]

    @property
    def own_text(self) -> Bilingual:
        """The message without the consequences: where something is wrong, and what."""
        locations = [each.location for each in (self, *self.places)]
        return Bilingual(
            _sentence(place_names(locations, "en"), self.statement_en),
            _sentence(place_names(locations, "es"), self.statement_es),
        )

    @property
    def following(self) -> list[Bilingual]:
        """What follows from it, a message for each consequence; without the places if they are its own."""
        own = {each.location.element for each in (self, *self.places)}
        return [
            Bilingual(f"{_HENCE} {said}", f"{_HENCE.spanish} {said.spanish}")
            for each in self.consequences
            for said in [
                Bilingual(each.statement_en, each.statement_es)
                if own == {place.location.element for place in (each, *each.places)}
                else each.own_text
            ]
        ]

    @property
    def text(self) -> Bilingual:
        """The message: where something is wrong, what, and what follows from it."""
        return join_sentences(self.own_text, *self.following)


_HENCE = Bilingual("Hence:", "De ahí:")


def _sentence(place: str, statement: str) -> str:
    """Return a statement after the place that it is about; without a place, with a capital."""
    return f"{place}: {statement}" if place else statement[:1].upper() + statement[1:]


def group(findings: Iterable[Finding], checks: Iterable[Check]) -> list[Finding]:
    """Return findings, one for each cause: with its places, and with the findings that it explains; sorted.

    A finding explains another one if the check of the other names its check as a cause, and either location of the
    other overlaps with its own. The same statement about several parts of a plan is one finding.
    """
    causes = {check.code: check.causes for check in checks}
    singles = sorted(findings, key=lambda finding: finding.sort_key)
    about: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for each in singles:
        about[each.code, each.location.element].append(each)

    def cause_of(each: Finding) -> Finding | None:
        codes = causes.get(each.code, ()) if each.accepted is None else ()
        places = (each.location, *([each.other] if each.other else []))
        candidates = (
            cause for code in codes for place in places for cause in about[code, place.element]
            if cause.file == each.file and cause.location.overlaps(place)
        )  # fmt: skip
        return next(candidates, None)

    explained: dict[Finding, list[Finding]] = defaultdict(list)
    roots: list[Finding] = []
    for each in singles:
        root = each
        while cause := cause_of(root):
            root = cause
        (roots if root is each else explained[root]).append(each)
    found = []
    for first, *rest in _by_statement(roots):
        following = [each for cause in (first, *rest) for each in explained.get(cause, ())]
        joined = (replace(one, places=tuple(others)) for one, *others in _by_statement(following))
        found.append(replace(first, places=tuple(rest), consequences=tuple(joined)))
    return found


def _by_statement(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Return the findings with the same statement about the same plan, in lists."""
    alike: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for each in sorted(findings, key=lambda finding: finding.sort_key):
        said = each.code, each.statement_es, each.statement_en, each.location.plan, each.file, each.accepted
        alike[(*said, each.triples)].append(each)
    return list(alike.values())


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


def as_json(findings: Sequence[Finding]) -> str:
    """Return findings as a JSON list of objects.

    The keys are `code`, `severity`, those of the location, `other` (the second location, or null), `message_es` and
    `message_en`, and the same without place and consequences as `statement_es` and `statement_en`. The following keys
    are optional:

    - `places` and `consequences`: lists of objects with these keys, but for the messages

    - `file`, `line` and `column`, for findings with a file; `other` then has `line` and `column` too
    - `accepted`: who accepted the finding, when and why
    - `triples`: the statements that a logical contradiction follows from
    - `constraint`: the violated constraint component, unless it is the one for SPARQL queries
    """
    return json.dumps([_as_json_object(finding) for finding in findings], ensure_ascii=False, indent=2)


def _as_json_object(finding: Finding, is_whole: bool = True) -> dict[str, object]:
    own, other = asdict(finding.location), asdict(finding.other) if finding.other else None
    place = {"file": finding.file, "line": own.pop("line"), "column": own.pop("column")}
    if finding.file is None and other is not None:
        del other["line"], other["column"]
    row = {"code": finding.code, "severity": finding.severity, **own, "other": other}
    row |= {"message_es": finding.text.spanish, "message_en": str(finding.text)} if is_whole else {}
    row |= {"statement_es": finding.statement_es, "statement_en": finding.statement_en}
    more = {
        **(place if finding.file else {}),
        "places": [_as_json_object(each, is_whole=False) for each in finding.places],
        "consequences": [_as_json_object(each, is_whole=False) for each in finding.consequences],
        "accepted": finding.accepted and asdict(finding.accepted),
        "triples": list(finding.triples),
        "constraint": finding.constraint if finding.constraint != Finding.constraint else None,
    }
    return row | {name: value for name, value in more.items() if value}


def from_json(text: str) -> list[Finding]:
    """Return the findings in a JSON report of a build."""
    return [_from_json_object(row) for row in json.loads(text)]


def _from_json_object(row: dict[str, Any]) -> Finding:
    location = Location(**{field.name: row.pop(field.name, None) for field in fields(Location)})
    other, accepted, triples = row.pop("other"), row.pop("accepted", None), row.pop("triples", ())
    places, consequences = (tuple(map(_from_json_object, row.pop(name, ()))) for name in ("places", "consequences"))
    return Finding(
        location=location,
        other=Location(**other) if other else None,
        accepted=Acceptance(**accepted) if accepted else None,
        triples=tuple(triples),
        places=places,
        consequences=consequences,
        **{name: value for name, value in row.items() if not name.startswith("message_")},
    )


AcceptanceRow = tuple[Mapping[str, str], Acceptance]
"""The cells of a row of a table of accepted findings, and the acceptance that it contains."""


def mark_accepted(findings: Sequence[Finding], rows: Sequence[AcceptanceRow]) -> list[Finding]:
    """Return findings with their acceptances, which are in the rows of a table of accepted findings."""
    # A row with a text is more specific than one without.
    specific_first = sorted(rows, key=lambda each: not each[0]["exact"])

    def acceptance_of(location: Location, code: str) -> Acceptance | None:
        names, words = (location.name, location.element), ("", tidy(location.exact or ""))
        matches = (
            acceptance
            for row, acceptance in specific_first
            if row["code"] == code and row["element"] in names and row["exact"] in words
        )
        return next(matches, None)

    return [replace(each, accepted=acceptance_of(each.location, each.code)) for each in findings]


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
        (row.cells, Acceptance(*(row[name] for name in ("accepted_by", "accepted_on", "reason_es", "reason_en"))))
        for row in rows
    ]
