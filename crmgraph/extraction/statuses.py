"""Statuses in schedule entries and notes, and phrases of time or condition that are not dates.

The patterns are in `lexicon/statuses.yaml` and `lexicon/occasions.yaml`. The names of the statuses come from the
vocabulary.
"""

import re
from typing import NamedTuple

from crmgraph.extraction.dates import calendar_patterns
from crmgraph.extraction.gazetteer import Gazetteer
from crmgraph.namespaces import PREFIXES
from crmgraph.reading.languages import fold

_PATTERNS, _OCCASIONS = calendar_patterns("statuses"), calendar_patterns("occasions")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_DONE, _NOT_CARRIED_OUT = (PREFIXES["status"] + name for name in ("done", "not-carried-out"))
_ALTERNATIVE = "short-name"
"""The form of a mention by an alternative label."""
_LONGEST_SUBJECT, _LONGEST_CLAUSE = 12, 300
"""The maximum length of a subject in words, and of a clause in characters."""


class Status(NamedTuple):
    """A span of a text that states a status.

    Attributes:
        start: The offset of the first code point.
        end: The offset after the last code point.
        iri: The IRI of the status.
    """

    start: int
    end: int
    iri: str


class _NameInText(NamedTuple):
    """The name of a status in a text.

    Attributes:
        form: The form of the name, as in Mention.
        before: The folded text before the name.
        name: The folded name.
        after: The folded text after the name.
    """

    form: str
    before: str
    name: str
    after: str


def find_statuses(text: str, names: Gazetteer, in_note: bool = False) -> list[Status]:
    """Return the statuses that a schedule entry or a note states, each once, with the first words that state it.

    A negated name does not count. An alternative name counts only as the verb of a sentence, at the beginning or end of
    an entry, or as the whole statement of a note. A status in a note counts only if it applies to everything that the
    note is about. If there are several statuses, only those that are a clause of their own count; else only the first,
    since the others may describe a thing ("pending funds").

    Args:
        text: The entry or note.
        names: The names of the statuses.
        in_note: Whether the text is a note.
    """
    found: dict[str, tuple[Status, _NameInText]] = {}
    for mention in names.find(text):
        iri, start = mention.iri, mention.start
        before = fold(text[:start].translate(_DASHES))
        if in_note and iri == _DONE and (denial := _PATTERNS["nothing"].search(before.text)):
            iri, start = _NOT_CARRIED_OUT, before.original(*denial.span("words"))[0]
        parts = (text[:start], text[mention.start : mention.end], text[mention.end :])
        words = _NameInText(mention.form, *(fold(part.translate(_DASHES)).text for part in parts))
        if iri not in found and _states_status(iri.removeprefix(PREFIXES["status"]), words, in_note):
            found[iri] = Status(start, mention.end, iri), words
    apart = [
        status
        for status, words in found.values()
        if _PATTERNS["opens"].search(words.before) and _PATTERNS["goes_on"].match(words.after)
    ]
    return apart if len(found) > 1 and apart else [status for status, _ in found.values()][:1]


def _states_status(status: str, words: _NameInText, in_note: bool) -> bool:
    """Return whether a name states the status as a fact about the subject of the entry or note."""
    _, before, name, after = words
    is_alternative, finite = words.form == _ALTERNATIVE, _PATTERNS["finite"].match(name)
    is_told = status in ("done", "launched")
    tells = is_told or (status == "in-progress" and _PATTERNS["begins"].search(name) is not None)
    undone = ("denied", "foreseen", "aim") if tells else ("no_before",)
    if any(_PATTERNS[each].search(before.rstrip()) for each in undone) or (
        status == "done" and _is_partly(before, after)
    ):
        return False
    if in_note:
        is_all = not is_alternative or finite or _PATTERNS["ends"].match(after)
        of_part = _PATTERNS["of_a_part"].search(after) and not (status == "done" and _PATTERNS["in_time"].match(after))
        return bool(is_all) and _concerns_whole(before, after) and not of_part
    if not is_alternative:
        return not is_told or not _PATTERNS["condition"].search(_clause_before(before))
    if _PATTERNS["opens"].search(before):
        in_something = _PATTERNS["in_something"].match(name) and re.match(" (?:de|of) ", after)
        return bool(finite or in_something or _PATTERNS["goes_on"].match(after))
    if finite:
        return _is_main_clause(before)
    ends = _PATTERNS["ends"].match(after) or (tells and _PATTERNS["in_time"].match(after) and _is_main_clause(before))
    led = _PATTERNS["no_status_before"].search(before) or _PATTERNS["of_a_moment"].search(_clause_before(before))
    return bool(_PATTERNS["participle"].match(name) and ends and not led)


def _is_partly(before: str, after: str) -> bool:
    """Return whether the status between these folded texts is true only in part, or denied: “completed: no”."""
    found = (
        _PATTERNS["partly_before"].search(before),
        *(_PATTERNS[name].match(after) for name in ("partly_after", "answered_no")),
    )
    return any(found)


def _concerns_whole(before: str, after: str) -> bool:
    """Return whether the status between these folded texts applies to everything that the note is about.

    It does not if its subject is a part, as in "the workshops were held".
    """
    clause = _PATTERNS["says_that"].sub("", f"{_clause_before(before)} ").lstrip()
    whole = not clause or _PATTERNS["of_all_before"].fullmatch(clause)
    return len(clause) <= _LONGEST_CLAUSE and bool(whole and _PATTERNS["of_all_after"].match(after))


def _is_main_clause(before: str) -> bool:
    """Return whether the text before a verb is only the subject of its sentence, such as "two courses"."""
    clause = _clause_before(before)
    is_short = len(clause.split()) <= _LONGEST_SUBJECT
    return is_short and not _PATTERNS["condition"].search(clause) and not _PATTERNS["not_a_subject"].search(clause)


def _clause_before(before: str) -> str:
    """Return the end of the folded text before a mention that is in the same clause as the mention."""
    *_, clause = _PATTERNS["sentence_end"].split(_PATTERNS["number_before"].sub("", before))
    return clause.strip(" ,-")


def find_occasion(text: str) -> tuple[int, int] | None:
    """Return the span of the first words in a schedule entry that introduce a time or condition other than a date.

    In "after the harvest" they are "after the". The span is in code points, end exclusive; None if there are no such
    words. Whether the entry also contains a date is not checked.
    """
    folded = fold(text)
    if opening := _OCCASIONS["opens"].match(folded.text) or _OCCASIONS["all_said"].match(folded.text):
        return folded.original(*opening.span("words"))
    begun = _OCCASIONS["beginning"].match(folded.text)
    found = _OCCASIONS["within"].search(folded.text, begun.end() if begun else 0)
    return folded.original(*found.span()) if found else None
