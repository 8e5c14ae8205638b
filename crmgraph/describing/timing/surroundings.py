"""What stands around words that look like dates: it may make them the date of an instrument, or an amount."""

import re

__all__ = ["is_amount", "is_of_the_past", "is_set_apart", "may_follow_a_year"]

_AFTER_YEAR = re.compile(
    r" ?$| ?[.,;:)\]^\"'»”(-]| (?:y|o|e|u|a|ante|al|con|cuando|de|del|desde|donde|el|en|entre|hasta|la|las|los|mediante"
    r"|no|para|por|que|se|segun|si|sin|sobre|su|sus|un|una|and|or|as|at|by|for|from|in|is|of|on|the|through|to|until"
    r"|was|will|with)\b| \w{2,20}(?:[aei]r(?:se)?|ran?)\b"
)
"""What may follow a mere year: where it is a number of things (en 2000 municipios) their name comes next."""
_TOLD = re.compile(
    r"(?<!sera )(?<!seran )(?<!ser )(?<!be )\b(?:(?:firmad|suscrit|aprobad|adoptad|ratificad|promulgad|proclamad"
    r"|celebrad|emitid|expedid|acordad|convenid|pactad)[oa]s?|signed|adopted|ratified|approved|proclaimed|held|agreed)"
    r"(?: (?:en|in|at) [^.;:]{1,40})?,? $"
)
_INSTRUMENT = re.compile(
    r"\b(?:ley|decreto|resolucion|acuerdo|convencion|convenio|tratado|protocolo|declaracion|constitucion|reglamento"
    r"|memorandum|act|law|decree|resolution|agreement|convention|treaty|protocol|declaration)\b[^.;:]{0,80}$"
)
_CHANGES = re.compile(
    r"\b(?:(?:amplia|aumenta|baja|disminui|eleva|incrementa|pasa|rebaja|reduci|subi)r"
    r"|aumento|crecimiento|descenso|disminucion|incremento|reduccion|subida"
    r"|cut|decrease|expand|grow|increase|lower|raise|reduce|reduction)(?:ing)? [^.;:,]{1,80} ?$"
)
"""What becomes more or less, from one number to another: to reduce the cases."""
_IN_ANOTHER_YEAR = re.compile(r" (?:en|in|by|for) (?:19|20)\d\d\b")


def is_of_the_past(kind: str, before: str) -> bool:
    """Whether the words before a date make it that of an instrument, or of what was done and not what is planned."""
    return bool(_TOLD.search(before) or (kind in ("", "of") and _INSTRUMENT.search(before)))


def is_amount(before: str, after: str) -> bool:
    """Whether two numbers that look like years say how many there were and will be: from 2050 in 2024 to 1990 in 2026.

    `before` and `after` are the words around them.
    """
    return bool(_IN_ANOTHER_YEAR.match(after) or _CHANGES.search(before))


def is_set_apart(text: str, start: int, end: int) -> bool:
    """Whether a year is set apart, as one is that says when something was: two projects were launched (2009)."""
    before, after = text[:start], text[end:]
    bracketed = before.endswith("(") and after.startswith(")")
    return bracketed or (re.search(r"\w, ?$", before) is not None and re.match(r" ?[.;]? ?$", after) is not None)


def may_follow_a_year(text: str, end: int) -> bool:
    """Whether a year may end here, and is no number of things."""
    return _AFTER_YEAR.match(text, end) is not None
