"""A note that denies of an activity its own subject: no course was held, of “hold a course”."""

import re

from crmgraph.describing.quoting import within
from crmgraph.reading.folding import fold
from crmgraph.reading.model import Activity, Note, Part, Passage

__all__ = ["find_denial"]

_PARTICIPLES = {
    "abrir": "abierto", "cubrir": "cubierto", "describir": "descrito", "disponer": "dispuesto", "escribir": "escrito",
    "hacer": "hecho", "imprimir": "impreso", "inscribir": "inscrito", "poner": "puesto", "proponer": "propuesto",
    "resolver": "resuelto", "suscribir": "suscrito", "ver": "visto", "bring": "brought", "build": "built",
    "buy": "bought", "choose": "chosen", "do": "done", "draw": "drawn", "find": "found", "get": "got", "give": "given",
    "hold": "held", "lay": "laid", "lend": "lent", "make": "made", "run": "run", "sell": "sold", "send": "sent",
    "set": "set", "take": "taken", "teach": "taught", "write": "written",
}  # fmt: skip
_PRETERITES = {"hacer": "hi(?:zo|cieron)", "dar": "di(?:o|eron)", "poner": "pus(?:o|ieron)"}
_NUMBER = r"(?:\d+(?:\.\d+)*\.? )?"
_COUNT = r"(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|varios|varias|two|three|four|five|six|ten|several|\d+)"
_DOES = re.compile(
    rf"^{_NUMBER}(?P<verb>[a-z]+[aei]r)(?:se)? (?:(?P<one>un|una|el|la)|unos|unas|los|las|{_COUNT})"
    r" (?P<noun>[a-z]{3,})\b"
)
_DOES_IN_ENGLISH = re.compile(
    rf"^{_NUMBER}(?P<verb>[a-z]+) (?:(?P<one>an?)|the|{_COUNT}) (?P<noun>[a-z-]+(?: [a-z-]+){{0,2}}?)"
    r"(?= (?:about|and|at|by|for|from|in|of|on|to|with)\b| ?[.,;:(]| ?$)"
)
_OPENING = r"^\(?(?:not[ae]s?: ?)?(?:(?:aun|todavia|hasta la fecha|a la fecha|hasta ahora|to date|so far),? )*"
_STILL = r"(?: (?:aun|todavia|hasta la fecha|a la fecha|hasta ahora|yet|still|so far|to date))?"
_WHY = r"(?:,? (?:por (?:falta|problemas|razones|motivos)|debido a|due to|for lack|because of) [^.;:]{1,80})?"
_END = rf"{_STILL}{_WHY} ?[.;)]* ?$"


def find_denial(note: Note, holder: Part) -> Passage | None:
    """The words of a note that say that what the activity which holds it is to do, and to what, was not done."""
    if not isinstance(holder, Activity):
        return None
    said, does = fold(note.passage.exact), fold(holder.text).text
    patterns = [*_in_spanish(does), *_in_english(does)]
    found = next((match for pattern in patterns if (match := re.match(pattern, said.text))), None)
    return within(note.passage, *said.original(*found.span("denial"))) if found else None


def _in_spanish(does: str) -> list[str]:
    activity = _DOES.match(does)
    if activity is None:
        return []
    verb, noun = activity["verb"], activity["noun"]
    stem = verb[:-2]
    participle = _PARTICIPLES.get(verb, stem + ("ado" if verb.endswith("ar") else "ido"))
    past = _PRETERITES.get(verb, stem + ("(?:o|aron)" if verb.endswith("ar") else "[iy]?(?:o|eron)"))
    noun_ = re.escape(noun) if activity["one"] else rf"{re.escape(noun.removesuffix('s').removesuffix('e'))}(?:e?s)?"
    known = r"(?:el|la|dich[oa]|este|esta)" if activity["one"] else r"(?:los|las|dich[oa]s|estos|estas)"
    same = re.escape(noun)
    done = rf"no se{_STILL} (?:han?{_STILL} {re.escape(participle[:-1])}[oa]s?|{past})"
    return [
        rf"{_OPENING}(?P<denial>{done}{_STILL} (?:ningun[oa]? {noun_}|{known} {same})){_END}",
        rf"{_OPENING}(?P<denial>(?:ningun[oa]? {noun_} se (?:han?{_STILL} {re.escape(participle[:-1])}[oa]s?|{past})"
        rf"|{known} {same}{_STILL} {done})){_END}",
    ]


def _in_english(does: str) -> list[str]:
    activity = _DOES_IN_ENGLISH.match(does)
    if activity is None:
        return []
    verb, noun = activity["verb"], activity["noun"]
    regular = rf"{re.escape(verb.removesuffix('e').removesuffix('y'))}(?:i?ed|{verb[-1]}ed|yed)"
    participle = re.escape(_PARTICIPLES[verb]) if verb in _PARTICIPLES else regular
    single = re.escape(noun if activity["one"] else noun.removesuffix("s"))
    known = rf"(?:the|this|these|those) {re.escape(noun)}"
    return [
        rf"{_OPENING}(?P<denial>no (?:such )?{single}s? (?:(?:has|have){_STILL} been|was|were) {participle}){_END}",
        rf"{_OPENING}(?P<denial>{known} (?:(?:has|have){_STILL} (?:not|never){_STILL} been"
        rf"|(?:has|have)n['’]t{_STILL} been|(?:was|were) (?:not|never){_STILL}|(?:was|were)n['’]t) {participle}){_END}",
    ]
