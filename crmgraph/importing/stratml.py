"""The reader of StratML, the Strategy Markup Language, whose goals and objectives become one table.

Sources: ISO 17469-1 and ANSI/AIIM 22.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from crmgraph.errors import Place, SourceError, quoted
from crmgraph.importing.tables import Document, Grid, Paragraph, own_descendants, parse_xml

_ISO = "urn:ISO:std:iso:17469:tech:xsd:"
_ROOTS = frozenset(
    {
        f"{{{_ISO}stratml_core}}StrategicPlan",
        f"{{{_ISO}PerformancePlanOrReport}}PerformancePlanOrReport",
        # The namespaces before StratML became an ISO standard.
        "{http://www.stratml.net}StrategicPlan",
        "{http://www.stratml.net/PerformancePlanOrReport}PerformancePlanOrReport",
    }
)
_STRATML_COLUMNS = (
    "No.", "Goal", "Description of the goal", "Stakeholders of the goal", "Other information of the goal",
    "No.", "Objective", "Stakeholders of the objective", "Performance indicators", "Other information of the objective",
)  # fmt: skip
_OF_THE_GOAL = 5
_SHOWN = 60
_LEFT = {
    **{
        f"{core}{{*}}{tag}": name
        for tag, name in {
            "Description": "the description",
            "OtherInformation": "other information",
            "Vision": "the vision",
            "Mission": "the mission",
            "Value": "the values",
            "AdministrativeInformation": "the administrative information",
        }.items()
        for core in ("", "{*}StrategicPlanCore/")
    },
    ".//{*}Organization/{*}Acronym": "the acronym of the organization",
    ".//{*}Organization/{*}Description": "the description of the organization",
    ".//{*}Organization/{*}Stakeholder": "the stakeholders of the organization",
    ".//{*}Identifier": "the identifiers",
    ".//{*}Relationship": "the relationships",
}
"""Phrases for the content of a plan that is outside its goals, by the path of the element."""
_TYPES = {
    "PerformancePlanOrReport": "the type of the plan",
    "Stakeholder": "the types of the stakeholders",
    "PerformanceIndicator": "the types of the performance indicators",
}
"""The elements whose type is in an attribute, and the phrase for it."""


def read_stratml(data: bytes, file: Path) -> Document:
    """Return one table with the goals and objectives of a plan.

    Raises SourceError if the file is not StratML, and exceptions of lxml if it is not XML.
    """
    root = parse_xml(data)
    name = etree.QName(root)
    if root.tag not in _ROOTS:
        space = f"the namespace {name.namespace[:_SHOWN]}" if name.namespace else "no namespace"
        raise SourceError(
            f"this XML is not StratML: it begins with <{name.localname[:_SHOWN]}> in {space}, and a plan in StratML "
            f"with <StrategicPlan> or <PerformancePlanOrReport> in the namespace {_ISO}…",
            Place(file),
        )
    if (entity := next(root.iter(etree.Entity), None)) is not None:
        raise SourceError(f"it has the entity {entity.text}, and none is read; write what it stands for", Place(file))
    rows = [row for goal in root.iter("{*}Goal") for row in _goal_rows(goal, file)]
    used = [
        at
        for at, heading in enumerate(_STRATML_COLUMNS)
        if heading in ("Goal", "Objective") or any(row[at] for row in rows)
    ]
    table = tuple(tuple(row[at] for at in used) for row in (_STRATML_COLUMNS, *rows))
    title = _child_text(root, "Name")
    organizations = [said for each in root.iter("{*}Organization") if (said := _child_text(each, "Name"))]
    assumption = f"lines of the title are the names of the organizations: {', '.join(map(quoted, organizations))}"
    grid = Grid(title or file.stem, (), table if rows else (), assumptions=(assumption,) if organizations else ())
    lines = map(Paragraph, (*filter(None, [title]), *organizations))
    return Document((*lines, grid), (), tuple(_omitted_content(root)))


def _omitted_content(root: etree._Element) -> Iterator[str]:
    """Yield a phrase for each kind of content of the plan that has no column in the table."""
    yield from dict.fromkeys(name for path, name in _LEFT.items() if any(map(_element_text, root.iterfind(path))))
    # Attributes in a namespace, such as the location of the schema, are not content of the plan.
    yield from (
        name
        for tag, name in _TYPES.items()
        if any(not str(each).startswith("{") for element in root.iter(f"{{*}}{tag}") for each in element.attrib)
    )


def _goal_rows(goal: etree._Element, file: Path) -> Iterator[tuple[str, ...]]:
    """Yield a row for each objective of a goal; one row for the goal alone if it has no objective."""
    objectives = [each for each in own_descendants(goal, "{*}Objective", "{*}Goal") if _name_and_description(each)]
    name, description, number = (_child_text(goal, tag) for tag in ("Name", "Description", "SequenceIndicator"))
    title = name or description
    if not title and not number and objectives:
        said = quoted(_name_and_description(objectives[0]), _SHOWN)
        raise SourceError(f"the goal above {said} has neither a name nor a description; give it one", Place(file))
    if title and re.fullmatch(r"\d{1,2}|[IVX]{1,5}|[A-Z]", number):
        # With a dot, the number is recognised as that of the theme.
        number += "."
    own = (
        number,
        title,
        description if name else "",
        _child_texts(goal, "Stakeholder"),
        _child_text(goal, "OtherInformation"),
    )
    numbers = [_child_text(each, "SequenceIndicator") for each in objectives]
    parts = [each.rpartition(".") for each in numbers]
    if len({above for above, _, _ in parts}) == 1 and all(last.isdecimal() for _, _, last in parts):
        # All begin with the number of the goal, so only the last part is kept.
        numbers = [last for _, _, last in parts]
    for place, (objective, indicator) in enumerate(zip(objectives, numbers, strict=True)):
        yield (
            *(("",) * _OF_THE_GOAL if place else own),
            indicator,
            _name_and_description(objective),
            _child_texts(objective, "Stakeholder"),
            _child_texts(objective, "PerformanceIndicator"),
            _child_text(objective, "OtherInformation"),
        )
    if not objectives and (title or number):
        yield (*own, *("",) * (len(_STRATML_COLUMNS) - _OF_THE_GOAL))


def _name_and_description(element: etree._Element) -> str:
    """Return the name and the description of an element, as one text."""
    name, description = _child_text(element, "Name"), _child_text(element, "Description")
    colon = "" if name.endswith((".", ":", ";", "?", "!")) else ":"
    return f"{name}{colon} {description}" if name and description and name != description else name or description


def _child_texts(element: etree._Element, tag: str) -> str:
    """Return the texts of the children with this tag, one line each."""
    return "\n".join(filter(None, map(_element_text, element.iterchildren(f"{{*}}{tag}"))))


def _child_text(element: etree._Element, tag: str) -> str:
    """Return the text of the first child with this tag; empty if there is none."""
    return _element_text(element.find(f"{{*}}{tag}"))


def _element_text(element: etree._Element | None) -> str:
    """Return the text content of an element without comments, with white space collapsed."""
    return "" if element is None else " ".join(" ".join(element.itertext("*")).split())
