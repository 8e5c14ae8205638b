"""Words of a part that send the reader elsewhere: to a body's work plan, or to another part of the plan."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crmgraph.reading.folding import fold
from crmgraph.reading.plan import Passage

__all__ = ["FoundCrossReference", "FoundReferral", "find_cross_references", "find_referrals"]

_SEND = (
    r"\b(?:referir(?:se)?|refieran?se|remitir(?:se)?|remitan?se|ver|veanse|vease|consultar|consulten?se|refer|see)\b"
)
_REFERRAL = re.compile(
    _SEND + r"(?: to)?(?: al?| el| los| the)* (?:"
    r"plan(?:es)? de trabajo de(?:l| los| las| la)? ?(?P<es>[^.;,()]+)|work plans? of (?:the )?(?P<en>[^.;,()]+))"
)
_RELY = (
    r"\b(?:conforme|segun|de acuerdo|de conformidad|en cumplimiento|en virtud|pursuant|according|in accordance)"
    r"(?: (?:a|al|con|de|del|el|la|las|lo|los|to|with|the))*"
    r"(?: (?:acordado|dispuesto|establecido|indicado|previsto|senalado) (?:en|por)(?: (?:el|la|las|los))?)?"
)
_POINT = (
    r"(?: (?:a|al|el|en|la|las|los|tambien|the|to"
    r"|acapites?|apartados?|incisos?|items?|literal|numerales|numeral|points?|puntos?|sections?))*"
)
_NUMBER = r"\d{1,3}(?:\.\d{1,3})*(?!\.?\d|%)"
_DOTTED = r"\d{1,3}(?:\.\d{1,3})+(?!\.?\d|%)"
_AND = r"(?:, ?| (?:y|e|o|u|a|al|and|or|to) )(?:el |la |las |los )?"
_NOUN = r"(?:objetivo|accion|actividad|objective|action|activity)"
_NOUNS = r"(?:objetivos|acciones|actividades|objectives|actions|activities)"
# What sends the reader, what ends the sentence in between, and where the reader is sent: one after another and not in
# one pattern, which would look through the same words again for each that sends. A number without a noun, and a part
# that a plan relies on, must follow at once.
_CROSS_REFERENCE = re.compile(
    rf"(?P<bare>(?:{_SEND}|{_RELY}){_POINT} (?P<dotted>{_DOTTED}(?:{_AND}{_DOTTED})*))"
    r"(?= ?[).,;:\]]| ?$| de este plan| del presente)"
    rf"|(?P<send>{_SEND}|{_RELY}(?= (?:{_NOUN}|{_NOUNS}) \d))|(?P<end>[.;](?!\d))"
    rf"|\b(?P<noun>{_NOUN}) (?P<number>{_NUMBER}(?:{_AND}{_DOTTED})*)"
    rf"|\b(?P<nouns>{_NOUNS}) (?P<numbers>{_NUMBER}(?:{_AND}{_NUMBER})*)"
)
_THEME = re.compile(r",? (?:del|of the) (?:tema|theme) [“\"«'](?P<theme>[^”\"»']{1,300})[”\"»']")
# A part of another document: of the 2030 Agenda, of the work plan of a body.
_FOREIGN = re.compile(
    r",? (?:de|del|of) (?!(?:este|presente|el presente|dicho|this) |(?:plan|the plan)(?: ?[).,;:\]]| ?$)"
    r"|(?:el |the )?(?:tema|theme)\b)"
)
_KINDS = {
    "obj": "Objective", "acc": "Action", "actio": "Action", "activ": "Activity",
}  # fmt: skip
_BY_DEPTH = {2: "Action", 3: "Activity", 4: "ScheduleEntry"}


@dataclass(frozen=True)
class FoundReferral:
    """A referral to a work plan: the words that make it, and those that say whose plan it is."""

    passage: Passage
    target: str


@dataclass(frozen=True)
class FoundCrossReference:
    """A reference to a numbered part of a kind, of the theme whose title it gives (None: of its own)."""

    passage: Passage
    kind: str
    number: Passage
    theme: Passage | None


def _passage(text: str, start: int, span: tuple[int, int]) -> Passage:
    words = text[span[0] : span[1]].rstrip()
    return Passage(start + span[0], start + span[0] + len(words), words)


def find_referrals(text: str, start: int) -> Iterator[FoundReferral]:
    """The referrals in a part's `text`, which begins at code point `start` of the source."""
    folded = fold(text)
    for match in _REFERRAL.finditer(folded.text):
        target = folded.original(*match.span("es" if match["es"] else "en"))
        yield FoundReferral(_passage(text, start, folded.original(*match.span())), text[target[0] : target[1]].strip())


def find_cross_references(text: str, start: int) -> Iterator[FoundCrossReference]:
    """The cross-references in a part's `text`, which begins at code point `start` of the source."""
    folded = fold(text)
    sent: int | None = None
    for match in _CROSS_REFERENCE.finditer(folded.text):
        if match["end"] or match["send"]:
            sent = None if match["end"] else match.start() if sent is None else sent
            continue
        if match["bare"]:
            sent = match.start() if sent is None else sent
        if sent is None:
            continue
        group = next(name for name in ("dotted", "number", "numbers") if match[name])
        named = _THEME.match(folded.text, match.end())
        if named is None and _FOREIGN.match(folded.text, match.end()):
            sent = None
            continue
        theme = folded.original(*named.span("theme")) if named else None
        for number in re.finditer(_NUMBER, match[group]):
            kind = _kind(match["noun"] or match["nouns"], number[0])
            if kind is not None:
                place = match.start(group) + number.start(), match.start(group) + number.end()
                yield FoundCrossReference(
                    _passage(text, start, folded.original(sent, named.end() if named else match.end())),
                    kind,
                    _passage(text, start, folded.original(*place)),
                    _passage(text, start, theme) if theme else None,
                )
        sent = None


def _kind(noun: str | None, number: str) -> str | None:
    """The kind of part that a noun in either language and number tells, or without one the parts of its number."""
    if noun is None:
        return _BY_DEPTH.get(number.count(".") + 1)
    return next(kind for opening, kind in _KINDS.items() if noun.startswith(opening))
