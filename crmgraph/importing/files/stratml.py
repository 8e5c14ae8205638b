"""Plans in StratML, the Strategy Markup Language (ISO 17469-1; its Part 2, ANSI/AIIM 22): goals with objectives."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph.errors import Place, SourceError
from crmgraph.importing.files.damage import broken
from crmgraph.importing.files.markup import parse, within
from crmgraph.importing.grid import Grid
from crmgraph.wording import quoted

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["stratml"]

_ISO = "urn:ISO:std:iso:17469:tech:xsd:"
_ROOTS = frozenset(
    {
        f"{{{_ISO}stratml_core}}StrategicPlan",
        f"{{{_ISO}PerformancePlanOrReport}}PerformancePlanOrReport",
        # As they were called before they were a standard of the ISO.
        "{http://www.stratml.net}StrategicPlan",
        "{http://www.stratml.net/PerformancePlanOrReport}PerformancePlanOrReport",
    }
)
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
_HEADINGS = (
    "No.", "Goal", "Description of the goal", "Stakeholders of the goal", "Other information of the goal",
    "No.", "Objective", "Stakeholders of the objective", "Performance indicators", "Other information of the objective",
)  # fmt: skip
_ALWAYS = frozenset({"Goal", "Objective"})
_OF_THE_GOAL = 5
_SHOWN = 60
_ELSEWHERE = {
    "Description": "the description",
    "OtherInformation": "other information",
    "Vision": "the vision",
    "Mission": "the mission",
    "Value": "the values",
    "AdministrativeInformation": "the administrative information",
}
"""What a plan in StratML says beside its goals."""
_WITHIN = {
    "Organization/Acronym": "the acronym of the organization",
    "Organization/Description": "the description of the organization",
    "Organization/Stakeholder": "the stakeholders of the organization",
    "Identifier": "the identifiers",
    "Relationship": "the relationships",
    "PerformanceIndicator/SequenceIndicator": "the numbers of the performance indicators",
    "RoleType": "the types of the roles",
}
"""What it says anywhere, and no column has."""
_TYPES = {
    "PerformancePlanOrReport": "the type of the plan",
    "Stakeholder": "the types of the stakeholders",
    "PerformanceIndicator": "the types of the performance indicators",
}
"""What has its type as an attribute, and so may say it without a word."""


def stratml(data: bytes, file: Path) -> Iterator[Grid]:
    """A table of the goals and objectives of the plan. Raises SourceError where the file is no StratML."""
    from lxml import etree

    try:
        root = parse(data)
    except (etree.XMLSyntaxError, ValueError):
        raise broken(file, "XML") from None
    if root.tag == _RDF:
        raise SourceError("this XML is RDF; call the file .rdf, and it is read as a graph", Place(file))
    if root.tag not in _ROOTS:
        raise SourceError(
            f"this XML is not StratML: it begins with <{etree.QName(root).localname[:_SHOWN]}> in "
            f"{_namespace(root)}, and a plan in StratML with <StrategicPlan> or <PerformancePlanOrReport> in the "
            f"namespace {_ISO}…",
            Place(file),
        )
    entity = next(root.iter(etree.Entity), None)
    if entity is not None:
        raise SourceError(f"it has the entity {entity.text}, and none is read; write what it stands for", Place(file))
    rows = [row for goal in root.iter(_name(root, "Goal")) for row in _rows(goal, file)]
    used = [place for place, heading in enumerate(_HEADINGS) if heading in _ALWAYS or any(row[place] for row in rows)]
    table = tuple(tuple(row[place] for place in used) for row in (_HEADINGS, *rows))
    organizations = [name for each in root.iter(_name(root, "Organization")) if (name := _said(each, "Name"))]
    before = tuple(filter(None, (_said(root, "Name"), *organizations)))
    told = f"lines of the title are the names of the organizations: {', '.join(map(quoted, organizations))}"
    yield Grid(
        _said(root, "Name") or file.stem,
        before,
        table if rows else (),
        tuple(_left(root)),
        told=(told,) if organizations else (),
    )


def _namespace(root: "_Element") -> str:
    from lxml import etree

    namespace = etree.QName(root).namespace
    return f"the namespace {namespace[:_SHOWN]}" if namespace else "no namespace"


def _left(root: "_Element") -> Iterator[str]:
    """What the plan says beside its goals, where it says it: for itself or in its core."""
    core = root.find(_name(root, "StrategicPlanCore"))
    for tag, name in _ELSEWHERE.items():
        found = (
            each for parent in (root, core) if parent is not None for each in parent.iterchildren(_name(root, tag))
        )
        if any(map(_text, found)):
            yield name
    for path, name in _WITHIN.items():
        steps = "/".join(_name(root, step) for step in path.split("/"))
        if any(map(_text, root.iterfind(f".//{steps}"))):
            yield name
    for tag, name in _TYPES.items():
        # In the attributes of a namespace, such as that of a schema, nothing is said of the plan.
        if any(not str(each).startswith("{") for element in root.iter(_name(root, tag)) for each in element.attrib):
            yield name


def _rows(goal: "_Element", file: Path) -> Iterator[tuple[str, ...]]:
    """A row for each objective of a goal; where it has none, one for itself."""
    objectives = [each for each in within(goal, _name(goal, "Objective"), goal.tag) if _labelled(each)]
    title = _said(goal, "Name") or _said(goal, "Description")
    number = _said(goal, "SequenceIndicator")
    if not title and not number and not objectives:
        return
    if not title and not number:
        raise SourceError(
            f"the goal above {quoted(_labelled(objectives[0]), _SHOWN)} has neither a name nor a description; give it "
            "one",
            Place(file),
        )
    # So that it is read as the number of the theme, and not as the first word of its title.
    closed = f"{number}." if title and re.fullmatch(r"\d{1,2}|[IVX]{1,5}|[A-Z]", number) else number
    own = (
        closed,
        title,
        _said(goal, "Description") if _said(goal, "Name") else "",
        _stakeholders(goal),
        _said(goal, "OtherInformation"),
    )
    numbers = _own_numbers([_said(each, "SequenceIndicator") for each in objectives])
    for place, (objective, indicator) in enumerate(zip(objectives, numbers, strict=True)):
        yield (
            *(("",) * _OF_THE_GOAL if place else own),
            indicator,
            _labelled(objective),
            _stakeholders(objective),
            "\n".join(filter(None, map(_indicator, objective.iterchildren(_name(goal, "PerformanceIndicator"))))),
            _said(objective, "OtherInformation"),
        )
    if not objectives:
        yield (*own, *("",) * (len(_HEADINGS) - _OF_THE_GOAL))


def _own_numbers(indicators: Sequence[str]) -> Sequence[str]:
    """The numbers of a goal's objectives without what all have in common: that of the goal, which “2.1” repeats."""
    parts = [each.rpartition(".") for each in indicators]
    is_shared = len({above for above, _, _ in parts}) == 1 and all(own.isdecimal() for _, _, own in parts)
    return [own for _, _, own in parts] if is_shared else indicators


def _labelled(element: "_Element") -> str:
    """The name and the description of an element, which are two elements; what joins them is a reader's."""
    name, description = _said(element, "Name"), _said(element, "Description")
    if not name or not description or name == description:
        return name or description
    return f"{name} {description}" if name.endswith((".", ":", ";", "?", "!")) else f"{name}: {description}"


def _stakeholders(element: "_Element") -> str:
    """The stakeholders of a goal or an objective, a line each, with their roles (Part 2)."""
    found = []
    for each in element.iterchildren(_name(element, "Stakeholder")):
        roles = ", ".join(filter(None, map(_labelled, each.iterchildren(_name(element, "Role")))))
        found.append(f"{_labelled(each)} ({roles})" if roles and _labelled(each) else _labelled(each) or roles)
    return "\n".join(filter(None, found))


def _indicator(element: "_Element") -> str:
    """What is measured, in which unit, and each target and result (Part 2)."""
    parts = [_said(element, name) for name in ("MeasurementDimension", "UnitOfMeasurement", "OtherInformation")]
    for tag, called in (("TargetResult", "target"), ("ActualResult", "result")):
        for each in element.iter(_name(element, tag)):
            said = " ".join(filter(None, map(_text, each.iterchildren(_name(element, "*")))))
            parts.append(f"{called}: {said}" if said else "")
    return "; ".join(filter(None, parts))


def _name(element: "_Element", tag: str) -> str:
    """The name of a tag in the namespace of an element."""
    return f"{element.tag.partition('}')[0]}}}{tag}"


def _said(element: "_Element", tag: str) -> str:
    """The text of the first child with this tag."""
    found = element.find(_name(element, tag))
    return "" if found is None else _text(found)


def _text(element: "_Element") -> str:
    """All words in an element. A comment is none, and line ends are only the way that XML is laid out."""
    return " ".join(" ".join(element.itertext("*")).split())
