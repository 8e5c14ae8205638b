"""Words of a part that send the reader elsewhere: to a body's work plan, or to another part of the plan."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crmgraph.reading.folding import fold
from crmgraph.reading.plan import Passage

__all__ = ["FoundCrossReference", "FoundReferral", "find_cross_references", "find_referrals"]

_SEND = r"\b(?:referir(?:se)?|refierase|remitir(?:se)?|ver|vease|consultar|refer|see)\b"
_REFERRAL = re.compile(
    _SEND + r"(?: to)?(?: al?| el| los| the)* (?:"
    r"plan(?:es)? de trabajo de(?:l| los| las| la)? ?(?P<es>[^.;,()]+)|work plans? of (?:the )?(?P<en>[^.;,()]+))"
)
# What sends the reader, what ends the sentence in between, and where the reader is sent: one after another and not in
# one pattern, which would look through the same words again for each that sends.
_CROSS_REFERENCE = re.compile(
    rf"(?P<send>{_SEND})|(?P<end>[.;])"
    r"|\b(?P<noun>objetivo|accion|actividad|objective|action|activity) (?P<number>\d{1,3}(?:\.\d{1,3})*)"
    r"(?:,? (?:del|of the) (?:tema|theme) [“\"«'](?P<theme>[^”\"»']{1,300})[”\"»'])?"
)
_KINDS = {
    "objetivo": "Objective", "objective": "Objective", "accion": "Action", "action": "Action",
    "actividad": "Activity", "activity": "Activity",
}  # fmt: skip


@dataclass(frozen=True)
class FoundReferral:
    """A referral to a work plan: the words that make it, and those that say whose plan it is."""

    passage: Passage
    target: str


@dataclass(frozen=True)
class FoundCrossReference:
    """A reference to a numbered part of a kind, of the theme that it names (None: of its own)."""

    passage: Passage
    kind: str
    number: Passage
    theme: str | None


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
        if match["noun"] is None:
            sent = None if match["end"] else match.start() if sent is None else sent
        if match["noun"] is None or sent is None:
            continue
        theme = folded.original(*match.span("theme")) if match["theme"] else None
        yield FoundCrossReference(
            _passage(text, start, folded.original(sent, match.end())),
            _KINDS[match["noun"]],
            _passage(text, start, folded.original(*match.span("number"))),
            text[theme[0] : theme[1]] if theme else None,
        )
        sent = None
