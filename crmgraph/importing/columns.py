"""The columns of a plan, and the words by which a heading says which it is."""

import re

from crmgraph.reading.folding import key

__all__ = ["COLUMNS", "column_of"]

COLUMNS = ("themes", "objectives", "actions", "activities", "schedule")
"""The columns of a plan, from left to right."""

_SAID = (
    re.compile(
        r"\b(temas?|themes?|ejes?|pilar|pilares|pillars?|areas?|ambitos?|goals?|metas?|componentes?|domains?)\b"
    ),
    re.compile(r"\b(objetivos?|objectives?|aims?|resultados?|outcomes?)\b"),
    re.compile(r"\b(accion|acciones|actions?|lineas? de accion|measures?|medidas?|outputs?|productos?)\b"),
    re.compile(r"\b(actividad|actividades|activity|activities|tareas?|tasks?|steps?)\b"),
    re.compile(
        r"\b(calendario|cronograma|schedule|calendar|timetable|plazos?|fechas?|dates?|deadlines?|timeline|when)\b"
    ),
)
_LONGEST = 60


def column_of(heading: str) -> str | None:
    """The column of a plan that a heading says, if it says one; what is as long as a sentence is no heading."""
    if len(heading) >= _LONGEST:
        return None
    return next((name for name, words in zip(COLUMNS, _SAID, strict=True) if words.search(key(heading))), None)
