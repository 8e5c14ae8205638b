"""Words of a part that send the reader elsewhere: to a body's work plan, or to another part of the plan."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crmgraph.reading.folding import fold
from crmgraph.reading.model import Passage

__all__ = ["FoundCrossReference", "FoundReferral", "find_cross_references", "find_referrals", "find_theme_references"]

_SEND = (
    r"\b(?:referir(?:se)?|refieran?se|remitir(?:se)?|remitan?se|ver|veanse|vease|consultar|consulten?se|refer|see)\b"
)
_ACCORDING = r"(?:conforme|segun|de acuerdo|de conformidad|according|in accordance|in line|as per)"
_TOLD = (
    r"(?:consta|constan|contiene|describ|detall|encuentra|especific|establec|esta|estan|figur|indic|precis|previst"
    r"|recog|senal|described|detailed|explained|found|given|is|are|set out|specified)"
)
_REFERRAL = re.compile(
    rf"(?:{_SEND}|\b{_ACCORDING}\b|\b{_TOLD}\w* (?:en|in)\b)(?: to)?(?: al?| con| el| los| the| with)* (?:"
    r"plan(?:es)? de trabajo de(?:l| los| las| la)? ?(?P<es>[^.;,()]+)|work plans? of (?:the )?(?P<en>[^.;,()]+))"
)
_RELY = (
    r"\b(?:conforme|segun|de acuerdo|de conformidad|en cumplimiento|en virtud|pursuant|according|in accordance)"
    r"(?: (?:a|al|con|de|del|el|la|las|lo|los|to|with|the))*"
    r"(?: (?:acordado|dispuesto|establecido|indicado|previsto|senalado) (?:en|por)(?: (?:el|la|las|los))?)?"
)
# What relies on a part as surely where no other document is named.
_AS = (
    r"\b(?:as (?:agreed|described|detailed|foreseen|indicated|laid down|listed|planned|provided(?: for)?|set out)"
    r"|(?:tal )?como (?:se )?(?:acuerda|consta|describe|detalla|dispone|establece|indica|preve|senala)) (?:en|in|under)"
)
_POINT = (
    r"(?: (?:a|al|el|en|la|las|los|tambien|the|to"
    r"|acapites?|apartados?|incisos?|items?|literal|numerales|numeral|points?|puntos?|sections?))*"
)
_NUMBER = r"\d{1,3}(?:\.\d{1,3})*(?!\.?\d|%)"
_DOTTED = r"\d{1,3}(?:\.\d{1,3})+(?!\.?\d|%)"
_AND = r"(?:, ?| (?:y|e|o|u|a|al|and|or|to) )(?:el |la |las |los )?"
_NOUN = r"(?:objetivo|accion|actividad|objective|action|activity)"
_SIGN = r"(?:(?:n\.? ?o|no|num|nro)\.? ?|n[°º]\.? ?|numero |number )?"
_SHORT = r"\b(?P<short>obj|acc|act)\. ?(?P<figure>\d{1,3}(?:\.\d{1,3})*(?!\.?\d|%))"
_NOUNS = r"(?:objetivos|acciones|actividades|objectives|actions|activities)"
# What says less surely that a part of this plan is meant: it must follow at once, and no other document be named.
_HINT = (
    r"\b(?:contemplad|contenid|descrit|detallad|establecid|fijad|incluid|indicad|mencionad|previst|recogid|senalad)[ao]s?"
    r" (?:en|bajo)|\b(?:como|igual que|lo mismo que) (?:en|bajo)|\bbajo|\b(?:as|like) in|\bunder"
    r"|\b(?:described|foreseen|given|listed|mentioned|planned|set out) in|\bcf\.?|(?<=\()"
)
_FITTING = (
    rf"(?:(?:objetivos?|objectives?) {_SIGN}\d{{1,3}}(?!\.?\d)"
    rf"|(?:accion(?:es)?|actions?) {_SIGN}\d{{1,3}}\.\d{{1,3}}(?!\.?\d)"
    rf"|(?:actividad(?:es)?|activity|activities) {_SIGN}\d{{1,3}}\.\d{{1,3}}\.\d)"
)
# What sends the reader, what ends the sentence in between, and where the reader is sent: one after another and not in
# one pattern, which would look through the same words again for each that sends. A number without a noun, and a part
# that a plan relies on, must follow at once.
_CROSS_REFERENCE = re.compile(
    rf"(?P<bare>(?:{_SEND}|{_RELY}|(?P<like>{_AS})){_POINT} (?P<dotted>{_DOTTED}(?:{_AND}{_DOTTED})*))"
    r"(?= ?[).,;:\]]| ?$| de este plan| del presente)"
    rf"|(?P<send>{_SEND}|{_RELY}(?= (?:{_NOUN}|{_NOUNS}) {_SIGN}\d))"
    rf"|(?P<hint>{_HINT})(?= ?(?:el |la |las |los )?{_FITTING})|{_SHORT}|(?P<end>[.;](?!\d))"
    rf"|\b(?P<noun>{_NOUN}) {_SIGN}(?P<number>{_NUMBER}(?:{_AND}{_DOTTED})*)"
    rf"|\b(?P<nouns>{_NOUNS}) (?P<numbers>{_NUMBER}(?:{_AND}{_NUMBER})*)"
)
_MORE = re.compile(rf"{_AND}(?:{_NOUN}|{_NOUNS}|obj\.|acc\.|act\.) ?{_SIGN}\d")
_TITLE = r"(?:tema|theme) [“\"«'](?P<theme>[^”\"»']{1,300})[”\"»']"
_THEME = re.compile(rf",? (?:del|of the) {_TITLE}")
_WHOLE_THEME = re.compile(rf"{_SEND}(?: to)?(?: al?| el| tambien| the)* {_TITLE}")
_WITHIN = re.compile(rf"[,:]? (?:en |in )?(?:el |la |las |los )?(?:{_NOUN}|{_NOUNS}) {_SIGN}\d")
_OTHER = re.compile(
    r"\b(?:acuerdo|agenda|compact|convencion|convenio|convention|declaracion|declaration|estrategia|framework|gcm|law|ley"
    r"|marco|ods|pacto|politica|policy|programa|programme|protocolo?|sdg|strategy|tratado|treaty)s?\b"
    r"|\bplan\b(?<!este plan)(?<!this plan)(?<!presente plan)"
)
# A part of another document: of the 2030 Agenda, of the work plan of a body.
_FOREIGN = re.compile(
    r",? (?:de|del|of) (?!(?:este|presente|el presente|dicho|this) |(?:plan|the plan)(?: ?[).,;:\]]| ?$)"
    r"|(?:el |the )?(?:tema|theme)\b)"
)
_WORK_PLAN = re.compile(r"\bplan(?:es)? de trabajo\b|\bwork plans?\b")
_OF_THIS = re.compile(r",? (?:de este|del presente|of this) plan\b")
_KINDS = {
    "obj": "Objective", "acc": "Action", "actio": "Action", "act": "Activity",
}  # fmt: skip
_FAR = 300
_BY_DEPTH = {2: "Action", 3: "Activity", 4: "ScheduleEntry"}


@dataclass(frozen=True)
class FoundReferral:
    """A referral to a work plan: the words that make it, and those that say whose plan it is."""

    passage: Passage
    target: str


@dataclass(frozen=True)
class FoundCrossReference:
    """A reference to a numbered part of a kind, of the theme whose title it gives (None: of its own); or to a theme."""

    passage: Passage
    kind: str
    number: Passage | None
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
    work_plans = [match.start() for match in _WORK_PLAN.finditer(folded.text)]
    for match in _CROSS_REFERENCE.finditer(folded.text):
        if match["end"] or match["send"] or match["hint"] is not None:
            sent = _sender(match, folded.text, sent)
            continue
        if match["like"] and _OTHER.search(_sentence(folded.text, match.start())):
            continue
        if match["bare"]:
            sent = match.start() if sent is None else sent
        if sent is None:
            continue
        group = next(name for name in ("dotted", "number", "numbers", "figure") if match[name])
        named = _THEME.match(folded.text, match.end())
        if named is None and (
            _FOREIGN.match(folded.text, match.end()) or _is_of_work_plan(folded.text, sent, match, work_plans)
        ):
            sent = None
            continue
        whole = _WHOLE_THEME.match(folded.text, sent)
        title = named or (whole if whole and whole.end() <= match.start() else None)
        theme = folded.original(*title.span("theme")) if title else None
        end = named.end() if named else match.end()
        for number in re.finditer(_NUMBER, match[group]):
            kind = _kind(match["noun"] or match["nouns"] or match["short"], number[0])
            if kind is not None:
                place = match.start(group) + number.start(), match.start(group) + number.end()
                yield FoundCrossReference(
                    _passage(text, start, folded.original(sent, end)),
                    kind,
                    _passage(text, start, folded.original(*place)),
                    _passage(text, start, theme) if theme else None,
                )
        sent = sent if _MORE.match(folded.text, end) else None


def find_theme_references(text: str, start: int) -> Iterator[FoundCrossReference]:
    """The references to a theme and to no part of it in a part's `text`, which begins at code point `start`."""
    folded = fold(text)
    for match in _WHOLE_THEME.finditer(folded.text):
        if _WITHIN.match(folded.text, match.end()):
            continue
        theme = _passage(text, start, folded.original(*match.span("theme")))
        yield FoundCrossReference(_passage(text, start, folded.original(*match.span())), "Theme", None, theme)


def _is_of_work_plan(text: str, sent: int, match: re.Match[str], work_plans: Sequence[int]) -> bool:
    """Whether what sends the reader names a work plan before the number, which is then that plan's."""
    at = bisect_left(work_plans, sent)
    is_after = at < len(work_plans) and work_plans[at] < match.start()
    return is_after and not _OF_THIS.match(text, match.end())


def _sender(match: re.Match[str], text: str, sent: int | None) -> int | None:
    """Where what sends the reader begins, behind a match that sends, may send, or ends a sentence."""
    if match["end"]:
        return None
    if match["hint"] is not None and _OTHER.search(_sentence(text, match.start())):
        return sent
    return match.start() if sent is None else sent


def _sentence(text: str, at: int) -> str:
    """The words about a place, as far as a full stop or semicolon, and no further than a sentence goes."""
    before, after = text[max(0, at - _FAR) : at], text[at : at + _FAR]
    return re.split(r"[.;] ", before)[-1] + re.split(r"[.;] ", after, maxsplit=1)[0]


def _kind(noun: str | None, number: str) -> str | None:
    """The kind of part that a noun in either language and number tells, or without one the parts of its number."""
    if noun is None:
        return _BY_DEPTH.get(number.count(".") + 1)
    return next(kind for opening, kind in _KINDS.items() if noun.startswith(opening))
