"""A plan, or a part of one, as the tree that its pages show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crmgraph.site.base.site import Row, Site, in_language, reference
from crmgraph.site.findings.checks import SEVERITIES
from crmgraph.site.plans.known import plan_names

__all__ = ["KINDS", "Crumb", "Node", "outline", "theme_place", "trail"]

KINDS = ("cg:Theme", "cg:Objective", "cg:Action", "cg:Activity", "cg:ScheduleEntry", "cg:Note")
"""The classes of the parts of a plan, as SPARQL has them; references to work plans, say, are words of such a part."""

_PARTS = """
SELECT DISTINCT ?x ?kind ?parent ?number ?order ?label ?status ?statusLabel {
  ?x dcterms:isPartOf+ %s ; a ?kind ; dcterms:isPartOf ?parent ; rdfs:label ?label FILTER (?kind IN (%s))
  OPTIONAL { ?x cg:number|skos:notation ?number }
  OPTIONAL { ?x cg:order ?order }
  OPTIONAL { ?x cg:status ?status OPTIONAL { ?status skos:prefLabel|rdfs:label ?statusLabel } }
}"""
_FINDINGS = """
SELECT DISTINCT ?finding ?x ?severity {
  ?finding a cg:Finding ; cg:element ?x ; cg:severity/skos:notation ?severity
}"""
_THEMES = "SELECT DISTINCT ?x ?order { ?x dcterms:isPartOf %s ; a cg:Theme OPTIONAL { ?x cg:order ?order } }"
_TRAIL = """
SELECT DISTINCT ?x ?parent ?number ?label {
  %s dcterms:isPartOf+ ?x . ?x rdfs:label ?label
  OPTIONAL { ?x dcterms:isPartOf ?parent }
  OPTIONAL { ?x cg:number|skos:notation ?number }
}"""


@dataclass(frozen=True)
class Node:
    """One part of a plan with the parts below it, in the order of the document.

    `place` is its place among the parts that it stands beside, from 1. `findings` are the severities of those that
    concern it, the gravest first.
    """

    iri: str
    kind: str
    place: int
    number: str
    label: str
    language: str
    status: str
    status_label: str
    findings: tuple[str, ...]
    children: tuple["Node", ...]

    def below(self) -> Iterator["Node"]:
        """Every part below this one, in the order of the document."""
        for child in self.children:
            yield child
            yield from child.below()

    def count(self, kind: str) -> int:
        """How many parts of a kind are below this one."""
        return sum(node.kind == kind for node in self.below())

    def statuses(self) -> dict[str, str]:
        """The schedule statuses below this part, each with its label, in the order in which they appear."""
        return {node.status: node.status_label for node in self.below() if node.status}

    def findings_below(self) -> tuple[str, ...]:
        """The severities of the findings that concern this part or any below it, the gravest first."""
        found = (severity for node in (self, *self.below()) for severity in node.findings)
        return tuple(sorted(found, key=SEVERITIES.index))


@dataclass(frozen=True)
class Crumb:
    """One step of the way from a plan down to a part of it."""

    iri: str
    number: str
    label: str
    language: str


def outline(site: Site, root: str, language: str) -> tuple[Node, ...]:
    """The parts directly below the plan or part with the IRI `root`, each with everything that is below it."""
    rows: dict[str, list[Row]] = {}
    # A whole plan is shown in many ways.
    ask = site.recall if root in plan_names(site) else site.select
    for row in ask(_PARTS % (reference(root), ", ".join(KINDS))):
        rows.setdefault(row["x"].value, []).append(row)
    findings: dict[str, list[str]] = {}
    for row in site.recall(_FINDINGS):
        findings.setdefault(row["x"].value, []).append(row["severity"].value)
    children: dict[str, list[str]] = {}
    for iri in sorted(rows, key=lambda iri: _place(rows[iri][0], iri)):
        children.setdefault(rows[iri][0]["parent"].value, []).append(iri)

    def nodes(parent: str) -> tuple[Node, ...]:
        return tuple(node(child, place) for place, child in enumerate(children.get(parent, ()), 1))

    def node(iri: str, place: int) -> Node:
        row = rows[iri][0]
        label, spoken = in_language({r["label"].language: r["label"].value for r in rows[iri]}, language)
        status = {r["statusLabel"].language: r["statusLabel"].value for r in rows[iri] if "statusLabel" in r}
        return Node(
            iri=iri,
            kind=row["kind"].value.rpartition("#")[2],
            place=place,
            number=row["number"].value if "number" in row else "",
            label=label,
            language=spoken,
            status=row["status"].value.rpartition("#")[2] if "status" in row else "",
            status_label=in_language(status, language)[0],
            findings=tuple(sorted(findings.get(iri, ()), key=SEVERITIES.index)),
            children=nodes(iri),
        )

    return nodes(root)


def trail(site: Site, iri: str, language: str) -> tuple[Crumb, ...]:
    """The way from the plan down to the part with this IRI, without the part itself; empty where there is none."""
    above: dict[str, list[Row]] = {}
    for row in site.select(_TRAIL % reference(iri)):
        above.setdefault(row["x"].value, []).append(row)

    def depth(step: str) -> int:
        parents = {row["parent"].value for row in above[step] if "parent" in row}
        return 1 + max((depth(parent) for parent in parents & above.keys() - {step}), default=0)

    names = plan_names(site) if above else {}
    crumbs = []
    for step in sorted(above, key=depth):
        rows = above[step]
        labels = names.get(step) or {row["label"].language: row["label"].value for row in rows}
        label, spoken = in_language(labels, language)
        crumbs.append(Crumb(step, rows[0]["number"].value if "number" in rows[0] else "", label, spoken))
    return tuple(crumbs)


def theme_place(site: Site, way: Sequence[str]) -> tuple[int, int]:
    """The place of the theme that this way leads through, from a plan down, and how many themes the plan has.

    The place is 0 where it leads through none.
    """
    rows = site.select(_THEMES % reference(way[0]))
    themes = [row["x"].value for row in sorted(rows, key=lambda row: _place(row, row["x"].value))]
    return next((themes.index(step) + 1 for step in way if step in themes), 0), len(themes)


def _place(row: Row, iri: str) -> tuple[int, str]:
    return (int(row["order"].value) if "order" in row else 0, iri)
