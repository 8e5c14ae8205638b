"""What says that nothing was done, brought to the form of what was not done: no activity was held, it was not held."""

import re

from crmgraph.reading.folding import Folded, fold

__all__ = ["ALL_OF_IT", "plainly"]

_THING = (
    r"(?:actividad(?:es)?|accion(?:es)?|objetivos?|medidas?|tareas?|iniciativas?|trabajos?|gestion(?:es)?"
    r"|obras?|labor(?:es)?|ejecucion|implementacion|activit(?:y|ies)|actions?|objectives?|measures?|tasks?|initiatives?"
    r"|works?|execution|implementation)"
)
_AS_PLANNED = (
    r"(?: (?:concret[oa]s?|especific[oa]s?|previst[oa]s?|programad[oa]s?|planificad[oa]s?|correspondientes?|alguna"
    r"|planned|scheduled|foreseen|at all))?"
)
_OF_THIS = (
    r"(?: (?:bajo|de|del|en|para|dentro de|under|of|for|in|within|on)(?: (?:el|la|los|las|est[eao]s?|dich[oa]s?|the"
    r"|this|these|that|said))?(?: present| presente)?"
    rf" (?:{_THING}|tema|tematica|materia|rubro|apartado|area|plan|theme|heading|item|section)(?: \d[\d.]*)?)?"
)
ALL_OF_IT = rf"{_THING}(?: \d[\d.]*)?{_AS_PLANNED}{_OF_THIS}"
"""Folded words that name all that a note may be about, and not a thing in it: activities, actions of this objective."""

_ADVERB = r"(?: (?:yet|still|so far|as yet|to date|up to now|until now|actually|ever))?"
_VERB = r"(?P<verb>has|have|had|was|were|is|are)"
_NO_THING = rf"no (?:(?:concrete|specific|single|planned|actual|such) )?{ALL_OF_IT}"
_NOTHING = rf"(?:none(?: of (?:the|these|those) {ALL_OF_IT})?|nothing(?: (?:concrete|specific|at all))?|{_NO_THING})"
_NADA = rf"(?:nada|ningun[oa]?(?: de (?:l[ao]s|est[ao]s))? {ALL_OF_IT})"
_HA = r"(?P<verb>(?:se )?(?:ha|han)|fue|fueron|se(?= (?:realiz|hiz|hici|efectu|llev|ejecut|celebr|implement)))"
_STATE = (
    r"(?:achieved|begun|carried out|commenced|completed|done|finished|fulfilled|held|implemented|initiated|launched"
    r"|started|under ?way)"
)
_FORMS = tuple(
    (re.compile(rf"\b{pattern}\b"), form)
    for pattern, form in (
        (rf"(?P<verb>has|have|had|was|were|did|is|are)n['’]t{_ADVERB}", "{verb} not"),
        (rf"{_VERB}{_ADVERB} not{_ADVERB}", "{verb} not"),
        (rf"{_VERB}{_ADVERB} never", "{verb} not"),
        (rf"{_NOTHING}{_ADVERB} {_VERB}{_ADVERB}", "{verb} not"),
        (rf"{_NOTHING}(?= (?:carried|done|held|implemented|undertaken|conducted|executed))", "were not"),
        (rf"(?:nunca|jamas) {_HA}", "no {verb}"),
        (rf"{_NADA} {_HA}(?: (?:aun|todavia))?", "no {verb}"),
        (r"no (?P<verb>(?:se )?han?) (?:aun|todavia)", "no {verb}"),
        (r"(?:aun|todavia) no (?:se )?(?:comienz|empiez|inici|arranc)an?", "no ha comenzado"),
        (r"no (?:se )?(?:comienz|empiez|inici|arranc)an? (?:aun|todavia)", "no ha comenzado"),
        (rf"(?:not yet|still not|never) (?P<verb>{_STATE})", "not {verb}"),
    )
)
"""Where a denial stands with the subject, or apart from the verb that it denies; and where it is to stand."""


def plainly(text: str) -> Folded:
    """`text` with each denial at its verb (“has not been” for “no activity has yet been”), each blank one character.

    It is not folded, but for each of its characters it is known what that stands for in the original.
    """
    folded = fold(text)
    said = folded.text
    pieces = [(text[start:end], start, end) for start, end in folded.spans]
    for place, (piece, start, end) in enumerate(pieces):
        if piece.isspace():
            pieces[place] = ("\n" if "\n" in piece else " ", start, end)
        elif place and pieces[place - 1][1:] == (start, end):
            pieces[place] = ("", start, end)
    for pattern, form in _FORMS:
        for match in reversed([*pattern.finditer(said)]):
            whole = pieces[match.start()][1], pieces[match.end() - 1][2]
            put = form.format(**match.groupdict()).strip()
            pieces[match.start() : match.end()] = [(letter, *whole) for letter in put]
            said = said[: match.start()] + put + said[match.end() :]
    letters = [(letter, start, end) for piece, start, end in pieces for letter in piece]
    return Folded("".join(letter for letter, _, _ in letters), tuple((start, end) for _, start, end in letters))
