"""The consistency report: the findings that a visitor wants, by group and by check, as pages and as data."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from crmgraph.errors import UnavailableError
from crmgraph.site.base.parameters import check_choice
from crmgraph.site.base.site import Site, in_language, reference
from crmgraph.site.findings.checks import SEVERITIES, Check
from crmgraph.site.findings.findings import Finding, Place, by_code
from crmgraph.site.plans.outline import outline
from crmgraph.sparql.question import NOT_THERE
from crmgraph.wording import Bilingual

__all__ = ["NO_THEME", "Choice", "Kind", "Spot", "Wanted", "grouped", "placed", "rows", "tabled", "themes"]

NO_THEME = "none"
"""Under which name those findings can be chosen that are in no theme, such as those of the plan as a whole."""

_BY = ("kind", "place")
_COLUMNS = (
    *("finding", "severity", "code", "check", "message", "element", "number", "label", "theme"),
    *("source", "start", "end", "exact", "other", "other_exact", "accepted_by", "accepted_because"),
)
_THEMES = (
    "SELECT ?x ?label { ?x a cg:Theme ; dcterms:isPartOf %s ; cg:order ?order ; rdfs:label ?label } ORDER BY ?order"
)


@dataclass(frozen=True)
class Kind:
    """A check with what it found."""

    check: Check
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Spot:
    """A place in a plan with what was found in it and below it: an objective, or what is above all objectives.

    `theme` is the label of the theme that it is in; empty where it is in none.
    """

    iri: str
    number: str
    label: str
    language: str
    theme: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Choice:
    """One value that a filter may have: how many findings it would show, and the query of the address that does.

    A severity has no label, nor has NO_THEME, for every page knows what they are called.
    """

    value: str
    label: str
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Wanted:
    """Which findings a visitor wants to see: those of a check, of a severity, of a theme (or NO_THEME); empty for any.

    `by` is how they are to be put together: by `kind`, or by `place`.
    """

    code: str = ""
    severity: str = ""
    theme: str = ""
    by: str = _BY[0]

    @classmethod
    def read(cls, code: str, query: Mapping[str, str], themes: Mapping[str, str]) -> "Wanted":
        """What the address asks for. Raises UsageError where it names what there is not."""
        wanted = cls(code, query.get("severity", ""), query.get("theme", ""), query.get("by") or _BY[0])
        check_choice(
            "severity", Bilingual("severity", "gravedad"), wanted.severity, dict.fromkeys(("", *SEVERITIES), "")
        )
        check_choice("theme", Bilingual("theme", "tema"), wanted.theme, {"": "", **themes, NO_THEME: ""})
        check_choice("by", Bilingual("order", "orden"), wanted.by, dict.fromkeys(_BY, ""))
        return wanted

    @property
    def query(self) -> str:
        """The query of the address that asks for it, with its question mark; the code is in the path."""
        by = "" if self.by == _BY[0] else self.by
        named = (("severity", self.severity), ("theme", self.theme), ("by", by))
        asked = [f"{name}={value}" for name, value in named if value]
        return "?" + "&".join(asked) if asked else ""

    def put_together(self, by: str) -> "Wanted":
        """The same, put together in another way."""
        return replace(self, by=by)

    @property
    def any_severity(self) -> str:
        """The query that asks for the same of any severity."""
        return replace(self, severity="").query

    @property
    def any_theme(self) -> str:
        """The query that asks for the same of any theme, or of none."""
        return replace(self, theme="").query

    def includes(self, code: str, severity: str, theme: str | None) -> bool:
        """Whether a finding like this is wanted."""
        wanted = ((self.code, code), (self.severity, severity), (self.theme, theme or NO_THEME))
        return all(not asked or asked == has for asked, has in wanted)

    def of(self, findings: Iterable[Finding]) -> list[Finding]:
        """Those among the findings that are wanted."""
        return [finding for finding in findings if self.includes(finding.code, finding.severity, finding.theme)]

    def severities(self, findings: Iterable[Finding]) -> tuple[Choice, ...]:
        """What the severity may be, given the rest."""
        counts = Counter(finding.severity for finding in Wanted(self.code, "", self.theme).of(findings))
        return tuple(
            Choice(name, "", counts[name], replace(self, severity=name).query, name == self.severity)
            for name in SEVERITIES
        )

    def themes(self, findings: Iterable[Finding], labels: Mapping[str, str]) -> tuple[Choice, ...]:
        """What the theme may be, given the rest; none is among it where there are such findings, and has no label."""
        counts = Counter(finding.theme or NO_THEME for finding in Wanted(self.code, self.severity).of(findings))
        names = {**labels, **({NO_THEME: ""} if counts[NO_THEME] or self.theme == NO_THEME else {})}
        return tuple(
            Choice(name, label, counts[name], replace(self, theme=name).query, name == self.theme)
            for name, label in names.items()
        )


def grouped(findings: Iterable[Finding], catalogue: Iterable[Check]) -> list[tuple[str, list[Kind]]]:
    """What each check found, under the titles of the groups of checks: the groups with the gravest findings first.

    Groups with findings as grave, and the checks of a group, are in the order of the catalogue.
    """
    found = by_code(findings)
    kinds = [Kind(check, found[check.code]) for check in catalogue if check.code in found]
    groups = [(title, list(members)) for title, members in groupby(kinds, key=lambda kind: kind.check.group)]
    return sorted(groups, key=lambda group: min(SEVERITIES.index(kind.check.severity) for kind in group[1]))


def placed(site: Site, findings: Iterable[Finding], language: str) -> list[Spot]:
    """What was found at each objective, in the order of the document, after what is above all of them."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(_plan_of(site, finding.place.element), []).append(finding)
    return [spot for plan, listed in sorted(found.items()) for spot in _spots(site, plan, listed, language)]


def _spots(site: Site, plan: str, findings: Iterable[Finding], language: str) -> Iterator[Spot]:
    """The places of one plan; what belongs to no part of it is at the plan itself."""
    tree = outline(site, plan, language)
    homes = {theme.iri: theme.iri for theme in tree}
    for theme in tree:
        for objective in theme.children:
            homes |= {node.iri: objective.iri for node in (objective, *objective.below())}
    found: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=_start):
        found.setdefault(homes.get(finding.place.element, plan), []).append(finding)
    if plan in found:
        label, spoken = in_language(site.labels([plan]).get(plan, {}), language)
        yield Spot(plan, "", label, spoken, "", tuple(found[plan]))
    for theme in tree:
        for node, above in ((theme, ""), *((objective, theme.label) for objective in theme.children)):
            if node.iri in found:
                yield Spot(node.iri, node.number, node.label, node.language, above, tuple(found[node.iri]))


def _plan_of(site: Site, element: str) -> str:
    """The plan that an element belongs to by its IRI."""
    return site.names.id(*element.removeprefix(site.names.id()).split("/")[:2])


def _start(finding: Finding) -> tuple[int, str]:
    context = finding.place.context
    return context.quotation.start if context else 0, finding.iri


def themes(site: Site, language: str) -> dict[str, str]:
    """What the themes of the plan are called, by id, in the order of the document."""
    labels: dict[str, dict[str, str]] = {}
    for row in site.select(_THEMES % reference(site.names.id("plan", "crm"))):
        labels.setdefault(row["x"].value.rpartition("/")[2], {})[row["label"].language] = row["label"].value
    return {name: in_language(said, language)[0] for name, said in labels.items()}


def tabled(findings: Iterable[Finding], titles: Mapping[str, str]) -> str:
    """The findings as a table in CSV (RFC 4180); `titles` has that of each check by its code."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for each in findings:
        place = each.place
        about = (each.iri, each.severity, each.code, titles.get(each.code, ""), each.message)
        accepted = (each.acceptance.by, each.acceptance.because) if each.acceptance else ("", "")
        other = (each.other.element, _words(each.other)[-1]) if each.other else ("", "")
        writer.writerow(
            (*about, place.element, place.number, place.label, place.theme, *_words(place), *other, *accepted)
        )
    return out.getvalue()


def _words(place: Place) -> tuple[object, ...]:
    """The source, the first character, the last and the words that show a defect; each empty where none do."""
    quoted = place.context.quotation if place.context else None
    return (quoted.source, quoted.start, quoted.end, quoted.exact) if quoted else ("", "", "", "")


def rows(site: Site, wanted: Wanted) -> str:
    """The wanted findings as JSON, just as `crmgraph check --format json` writes them, from the report that was built.

    Raises UnavailableError where the report is gone, or is of another dataset than that which the data were built as.
    """
    if site.report is None or not site.report.is_file():
        raise UnavailableError(NOT_THERE)
    if site.origin != site.digest:
        raise UnavailableError(_OF_ANOTHER)
    listed = json.loads(site.report.read_text(encoding="utf-8"))
    kept = [row for row in listed if wanted.includes(row["code"], row["severity"], row["theme"])]
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


_OF_ANOTHER = Bilingual(
    "The report in JSON is of another dataset than the one that this store began as. The findings that the store has "
    "can be had in every syntax of RDF.",
    "El informe en JSON es de un conjunto de datos distinto de aquel con el que empezó este almacén. Los hallazgos que "
    "guarda el almacén se pueden obtener en cualquier sintaxis de RDF.",
)
