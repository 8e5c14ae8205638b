"""Words of a part that send the reader elsewhere: to a body's work plan, or to another part of the plan."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from crmgraph.lexicon import patterns
from crmgraph.reading.folding import fold
from crmgraph.reading.model import Attachment, CrossReference, Passage, Referral

__all__ = ["find_cross_references", "find_referrals"]

_PATTERNS = patterns("references")
_FAR = 300
_Span = tuple[int, int]
_Found = tuple[_Span, str, _Span | None, _Span | None]
"""A reference: its words, the kind of part, the number and the title of the theme."""


def find_referrals(text: str, start: int) -> Iterator[Referral]:
    """Yield the referrals in a part's text, which begins at code point `start` of the source; their ids are empty."""
    folded = fold(text)
    for match in _PATTERNS["referral"].finditer(folded.text):
        passage = _passage(text, start, folded.original(*match.span()))
        begin, end = folded.original(*match.span("es" if match["es"] else "en"))
        yield Referral("", None, passage.exact, passage, Attachment.WITHIN_WORDS, target=text[begin:end].strip())


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
    work_plans = [match.start() for match in _PATTERNS["work_plan"].finditer(text)]
    for match in _PATTERNS["cross_reference"].finditer(text):
        is_other = (match["hint"] is not None or match["like"]) and _PATTERNS["other_document"].search(
            _sentence(text, match.start())
        )
        if match["end"]:
            sent = None
        elif sent is None and not is_other and (match["send"] or match["hint"] is not None or match["bare"]):
            sent = match.start()
        if match["end"] or match["send"] or match["hint"] is not None or is_other or sent is None:
            continue
        named = _PATTERNS["of_theme"].match(text, match.end())
        if not named and (
            _PATTERNS["of_other"].match(text, match.end()) or _is_of_work_plan(text, sent, match, work_plans)
        ):
            sent = None
            continue
        whole = _PATTERNS["whole_theme"].match(text, sent)
        title = named or (whole if whole and whole.end() <= match.start() else None)
        end = named.end() if named else match.end()
        group = next(name for name in ("dotted", "number", "numbers", "figure") if match[name])
        noun = match["noun"] or match["nouns"] or match["short"]
        for number in _PATTERNS["number"].finditer(text, *match.span(group)):
            kind = _kind(noun, number[0])
            if kind is not None:
                yield (sent, end), kind, number.span(), title.span("theme") if title else None
        sent = sent if _PATTERNS["more"].match(text, end) else None


def _to_themes(text: str) -> Iterator[_Found]:
    """Yield the references to a theme and to no part of it in a folded text."""
    for match in _PATTERNS["whole_theme"].finditer(text):
        if not _PATTERNS["within"].match(text, match.end()):
            yield match.span(), "Theme", None, match.span("theme")


def _is_of_work_plan(text: str, sent: int, match: re.Match[str], work_plans: Sequence[int]) -> bool:
    """Tell whether what sends the reader names a work plan before the number, which is then that plan's."""
    at = bisect_left(work_plans, sent)
    is_after = at < len(work_plans) and work_plans[at] < match.start()
    return is_after and not _PATTERNS["of_this"].match(text, match.end())


def _sentence(text: str, at: int) -> str:
    """Return the words about a place, as far as a full stop or semicolon, and no further than a sentence goes."""
    before, after = text[max(0, at - _FAR) : at], text[at : at + _FAR]
    return re.split(r"[.;] ", before)[-1] + re.split(r"[.;] ", after, maxsplit=1)[0]


def _kind(noun: str | None, number: str) -> str | None:
    """Return the kind of part that a noun tells, or without one the parts of its number."""
    kinds: list[tuple[str, str]] = _PATTERNS.raw("kinds_by_depth" if noun is None else "kinds")
    return next((kind for sign, kind in kinds if (noun or f"{number.count('.') + 1}").startswith(sign)), None)
