"""Words of a part that send the reader elsewhere: to a body's work plan, or to another part of the plan."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from crmgraph.reading.folding import fold
from crmgraph.reading.model import Attachment, CrossReference, Passage, Referral

__all__ = ["find_cross_references", "find_referrals"]

_SEND = (
    r"\b(?:referir(?:se)?|refieran?se|remitir(?:se)?|remitan?se|ver|veanse|vease|consultar|consulten?se|refer|see)\b"
)
_REFERRAL = re.compile(
    rf"(?:{_SEND}|\b(?:conforme|segun|de acuerdo|de conformidad|according|in accordance|in line|as per)\b"
    r"|\b(?:consta|constan|contiene|describ|detall|encuentra|especific|establec|esta|estan|figur|indic|precis|previst"
    r"|recog|senal|described|detailed|explained|found|given|is|are|set out|specified)\w* (?:en|in)\b)"
    r"(?: to)?(?: al?| con| el| los| the| with)* (?:"
    r"plan(?:es)? de trabajo de(?:l| los| las| la)? ?(?P<es>[^.;,()]+)|work plans? of (?:the )?(?P<en>[^.;,()]+))"
)
_RELY = (
    r"\b(?:conforme|segun|de acuerdo|de conformidad|en cumplimiento|en virtud|pursuant|according|in accordance)"
    r"(?: (?:a|al|con|de|del|el|la|las|lo|los|to|with|the))*"
    r"(?: (?:acordado|dispuesto|establecido|indicado|previsto|senalado) (?:en|por)(?: (?:el|la|las|los))?)?"
)
_NUMBER = r"\d{1,3}(?:\.\d{1,3})*(?!\.?\d|%)"
_DOTTED = r"\d{1,3}(?:\.\d{1,3})+(?!\.?\d|%)"
_AND = r"(?:, ?| (?:y|e|o|u|a|al|and|or|to) )(?:el |la |las |los )?"
_NOUN = r"(?:objetivo|accion|actividad|objective|action|activity)"
_NOUNS = r"(?:objetivos|acciones|actividades|objectives|actions|activities)"
_SIGN = r"(?:(?:n\.? ?o|no|num|nro)\.? ?|n[°º]\.? ?|numero |number )?"
# What sends the reader, what ends the sentence in between, and where the reader is sent: one after another and not in
# one pattern, which would look through the same words again for each that sends. A number without a noun, and a part
# that a plan relies on, must follow at once.
_CROSS_REFERENCE = re.compile(
    rf"(?P<bare>(?:{_SEND}|{_RELY}|"
    # What relies on a part as surely where no other document is named.
    r"(?P<like>\b(?:as (?:agreed|described|detailed|foreseen|indicated|laid down|listed|planned|provided(?: for)?"
    r"|set out)|(?:tal )?como (?:se )?(?:acuerda|consta|describe|detalla|dispone|establece|indica|preve|senala))"
    r" (?:en|in|under)))"
    r"(?: (?:a|al|el|en|la|las|los|tambien|the|to"
    r"|acapites?|apartados?|incisos?|items?|literal|numerales|numeral|points?|puntos?|sections?))*"
    rf" (?P<dotted>{_DOTTED}(?:{_AND}{_DOTTED})*))"
    r"(?= ?[).,;:\]]| ?$| de este plan| del presente)"
    rf"|(?P<send>{_SEND}|{_RELY}(?= (?:{_NOUN}|{_NOUNS}) {_SIGN}\d))"
    # What says less surely that a part of this plan is meant: it must follow at once, and no other document be named.
    r"|(?P<hint>\b(?:contemplad|contenid|descrit|detallad|establecid|fijad|incluid|indicad|mencionad|previst|recogid|senalad)"
    r"[ao]s? (?:en|bajo)|\b(?:como|igual que|lo mismo que) (?:en|bajo)|\bbajo|\b(?:as|like) in|\bunder"
    r"|\b(?:described|foreseen|given|listed|mentioned|planned|set out) in|\bcf\.?|(?<=\())"
    rf"(?= ?(?:el |la |las |los )?(?:(?:objetivos?|objectives?) {_SIGN}\d{{1,3}}(?!\.?\d)"
    rf"|(?:accion(?:es)?|actions?) {_SIGN}\d{{1,3}}\.\d{{1,3}}(?!\.?\d)"
    rf"|(?:actividad(?:es)?|activity|activities) {_SIGN}\d{{1,3}}\.\d{{1,3}}\.\d))"
    rf"|\b(?P<short>obj|acc|act)\. ?(?P<figure>{_NUMBER})|(?P<end>[.;](?!\d))"
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
_Span = tuple[int, int]
_Found = tuple[_Span, str, _Span | None, _Span | None]
"""A reference: its words, the kind of part, the number and the title of the theme."""
_BY_DEPTH = {2: "Action", 3: "Activity", 4: "ScheduleEntry"}


def find_referrals(text: str, start: int) -> Iterator[Referral]:
    """Yield the referrals in a part's text, which begins at code point `start` of the source; their ids are empty."""
    folded = fold(text)
    for match in _REFERRAL.finditer(folded.text):
        passage = _passage(text, start, folded.original(*match.span()))
        begin, end = folded.original(*match.span("es" if match["es"] else "en"))
        target = text[begin:end].strip()
        yield Referral("", None, passage.exact, passage, Attachment.WITHIN_WORDS, target=target)


def find_cross_references(text: str, start: int) -> list[CrossReference]:
    """Return the cross-references in a part's text, which begins at code point `start` of the source, in its order.

    Their ids and targets are empty; `target_theme` is the title that they give.
    """
    folded = fold(text)
    found = []
    for span, kind, number, theme in (*_to_parts(folded.text), *_to_themes(folded.text)):
        passage, number_passage, theme_passage = (
            _passage(text, start, folded.original(*each)) if each else None for each in (span, number, theme)
        )
        assert passage is not None
        found.append(
            CrossReference(
                "",
                None,
                passage.exact,
                passage,
                Attachment.WITHIN_WORDS,
                target_kind=kind,
                target_number=number_passage.exact if number_passage else "",
                number_passage=number_passage,
                target_theme=theme_passage.exact if theme_passage else None,
                theme_passage=theme_passage,
            )
        )
    return sorted(found, key=lambda each: (each.number_passage or each.passage).start)


def _passage(text: str, start: int, span: tuple[int, int]) -> Passage:
    words = text[span[0] : span[1]].rstrip()
    return Passage(start + span[0], start + span[0] + len(words), words)


def _to_parts(text: str) -> Iterator[_Found]:
    """Yield the references to numbered parts in a folded text."""
    # Where the words begin that send the reader, while they do.
    sent: int | None = None
    work_plans = [match.start() for match in _WORK_PLAN.finditer(text)]
    for match in _CROSS_REFERENCE.finditer(text):
        is_other = (match["hint"] is not None or match["like"]) and _OTHER.search(_sentence(text, match.start()))
        if match["end"]:
            sent = None
        elif sent is None and not is_other and (match["send"] or match["hint"] is not None or match["bare"]):
            sent = match.start()
        if match["end"] or match["send"] or match["hint"] is not None or is_other or sent is None:
            continue
        named = _THEME.match(text, match.end())
        if not named and (_FOREIGN.match(text, match.end()) or _is_of_work_plan(text, sent, match, work_plans)):
            sent = None
            continue
        whole = _WHOLE_THEME.match(text, sent)
        title = named or (whole if whole and whole.end() <= match.start() else None)
        end = named.end() if named else match.end()
        group = next(name for name in ("dotted", "number", "numbers", "figure") if match[name])
        noun = match["noun"] or match["nouns"] or match["short"]
        for number in re.compile(_NUMBER).finditer(text, *match.span(group)):
            kind = _kind(noun, number[0])
            if kind is not None:
                yield (sent, end), kind, number.span(), title.span("theme") if title else None
        sent = sent if _MORE.match(text, end) else None


def _to_themes(text: str) -> Iterator[_Found]:
    """Yield the references to a theme and to no part of it in a folded text."""
    for match in _WHOLE_THEME.finditer(text):
        if not _WITHIN.match(text, match.end()):
            yield match.span(), "Theme", None, match.span("theme")


def _is_of_work_plan(text: str, sent: int, match: re.Match[str], work_plans: Sequence[int]) -> bool:
    """Whether what sends the reader names a work plan before the number, which is then that plan's."""
    at = bisect_left(work_plans, sent)
    is_after = at < len(work_plans) and work_plans[at] < match.start()
    return is_after and not _OF_THIS.match(text, match.end())


def _sentence(text: str, at: int) -> str:
    """The words about a place, as far as a full stop or semicolon, and no further than a sentence goes."""
    before, after = text[max(0, at - _FAR) : at], text[at : at + _FAR]
    return re.split(r"[.;] ", before)[-1] + re.split(r"[.;] ", after, maxsplit=1)[0]


def _kind(noun: str | None, number: str) -> str | None:
    """The kind of part that a noun in either language and number tells, or without one the parts of its number."""
    if noun is None:
        return _BY_DEPTH.get(number.count(".") + 1)
    return next(kind for opening, kind in _KINDS.items() if noun.startswith(opening))
