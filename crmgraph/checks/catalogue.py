"""The catalogue of checks: code, severity, group and texts of each kind of defect."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from crmgraph.inference.terms import iri, select_from
from crmgraph.namespaces import BASE
from crmgraph.resources import resource
from crmgraph.wording import Bilingual

__all__ = ["SEVERITIES", "SHAPES", "Check", "Group", "no_such_check", "read_checks", "turtle_in"]

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

    `message` is what each finding says, with words in braces for what is particular to it: those at the head of
    ontology/shapes/structure.ttl and, of a logical contradiction, {statements} that it follows from and {reason}, what
    is wrong with it.
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
