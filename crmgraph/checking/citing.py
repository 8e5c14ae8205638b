"""What a reference cites that is not there, in words: “no objective 12”."""

import re
from collections.abc import Mapping, Sequence

from rdflib import RDF, Graph, Literal
from rdflib.term import Node

from crmgraph.describing.vocabulary import CG
from crmgraph.reading.folding import fold

__all__ = ["cited"]

_NOUN = re.compile(r"\b(obj|acc|actio|act)[a-z]*\.?")
_KINDS: Mapping[str, Node] = {"obj": CG.Objective, "acc": CG.Action, "actio": CG.Action, "act": CG.Activity}
_BY_DEPTH: Sequence[Node] = (CG.Objective, CG.Action, CG.Activity, CG.ScheduleEntry)
_NONE: Mapping[str, Mapping[Node, str]] = {
    "es": {
        CG.Objective: "ningún objetivo",
        CG.Action: "ninguna acción",
        CG.Activity: "ninguna actividad",
        CG.ScheduleEntry: "ninguna entrada de calendario",
    },
    "en": {
        CG.Objective: "no objective",
        CG.Action: "no action",
        CG.Activity: "no activity",
        CG.ScheduleEntry: "no schedule entry",
    },
}
_IS: Mapping[str, Mapping[Node, str]] = {
    "es": {
        CG.Objective: "el {} es un objetivo",
        CG.Action: "la {} es una acción",
        CG.Activity: "la {} es una actividad",
        CG.ScheduleEntry: "la {} es una entrada de calendario",
    },
    "en": {
        CG.Objective: "{} is an objective",
        CG.Action: "{} is an action",
        CG.Activity: "{} is an activity",
        CG.ScheduleEntry: "{} is a schedule entry",
    },
}


def cited(reference: Node, data: Graph, language: str) -> str:
    """That there is no part such as a cross-reference cites, and where a part of another kind has its number, which.

    Nothing where it is no reference to a number.
    """
    number = data.value(reference, CG.targetNumber)
    if number is None:
        return ""
    kind = _kind(reference, str(number), data)
    other = _kind_with(number, data.value(reference, CG.targetTheme), data)
    told = f"{_NONE[language][kind]} {number}"
    return told if other is None or other == kind else f"{told}: {_IS[language][other].format(number)}"


def _kind(reference: Node, number: str, data: Graph) -> Node:
    """The kind of part that the last noun before the number tells, or without one the number of its parts."""
    words, target = data.value(reference, CG.passage), data.value(reference, CG.targetPassage)
    starts = [data.value(place, CG.start) for place in (words, target) if place is not None]
    # A passage may be gone, in data that are being changed.
    begins = [int(str(start)) for start in starts if isinstance(start, Literal) and str(start).isdecimal()]
    said = str(data.value(words, CG.exact) or "")[: begins[-1] - begins[0]] if len(begins) == 2 else ""
    nouns = _NOUN.findall(fold(said).text)
    return _KINDS[nouns[-1]] if nouns else _BY_DEPTH[min(number.count("."), len(_BY_DEPTH) - 1)]


def _kind_with(number: Node, theme: Node | None, data: Graph) -> Node | None:
    """The kind of the part of a theme that has the number, if one has."""
    parts = (part for part in data.subjects(CG.number, number) if (part, CG.within, theme) in data)
    return next((kind for part in parts for kind in _BY_DEPTH if (part, RDF.type, kind) in data), None)
