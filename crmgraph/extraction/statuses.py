"""Statuses in the words of a calendar entry or of a note, and occasions that are no date.

The patterns are in `lexicon/statuses.yaml` and `lexicon/occasions.yaml`; the names of statuses are those of the
vocabulary.
"""

import re
from collections.abc import Collection
from itertools import islice
from typing import NamedTuple

from crmgraph.extraction.dates import calendar_patterns
from crmgraph.extraction.gazetteer import Gazetteer, Mention
from crmgraph.namespaces import PREFIXES
from crmgraph.reading.folding import Folded, fold

__all__ = ["Status", "find_occasion", "find_outcome", "find_statuses"]

_SAID, _OCCASIONS = calendar_patterns("statuses"), calendar_patterns("occasions")
_UNDONE = ("not-started", "not-carried-out", "no-progress", "incomplete")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_ALTERNATIVE = "short-name"
"""The form of a name that is an alternative label."""
_NEAR, _MOST_VERBS, _LONGEST_SUBJECT, _LONGEST_CLAUSE = 300, 50, 12, 300
"""How many characters before a verb, verbs, words of a subject, and characters of a clause are looked at."""


class Status(NamedTuple):
    """A place in a text, in code points, end exclusive, and the IRI of the status that is said there."""

    start: int
    end: int
    iri: str


class _Clause(NamedTuple):
    """A name of a status in a text: which status, and the folded words before it, of it and after it."""

    mention: Mention
    status: str
    before: str
    words: str
    after: str


def find_statuses(text: str, names: Gazetteer, in_note: bool = False) -> list[Status]:
    """Return the statuses that a calendar entry or a note says, each once, by the first words that say it.

    A "no" before a name undoes it. An alternative name counts only where it is the verb of a sentence, opens or ends an
    entry, or is all that is said in a note. A note says a status only of all that it is about. What is pending or was
    done beside another status (continuous, pending funds) is not the activity. Where no name says it, an entry is done
    that tells of something done (the guide was published), and in progress that gives a share (50 %).
    """
    plain = _with_plain_denials(text)
    clauses = [_clause(mention, plain.text) for mention in names.find(plain.text)]
    found = [_qualified(each) for each in clauses if _counts(each, in_note)]
    if len({each.status for each in found}) > 1:
        found = [each for each in found if _is_of_activity(each, found, plain.text)] or found[:1]
    said: dict[str, tuple[int, int]] = {}
    for each in found:
        said.setdefault(each.status, (each.mention.start, each.mention.end))
    if not said and not in_note:
        whole = fold(plain.text)
        if outcome := find_outcome(plain.text):
            said["done"] = outcome
        elif share := _SAID["share_alone"].match(whole.text):
            said["in-progress"] = whole.original(*share.span("share"))
    return [Status(*plain.original(*place), PREFIXES["status"] + status) for status, place in said.items()]


def find_outcome(text: str) -> tuple[int, int] | None:
    """Return where a text first tells that something was done, in a main clause: the OIM submitted its report."""
    text = re.sub(r"\s", " ", text)
    for match in islice(_SAID["outcome"].finditer(text), _MOST_VERBS):
        if _is_main_clause(fold(text[max(0, match.start() - _NEAR) : match.start()]).text):
            return match.span()
    return None


def _with_plain_denials(text: str) -> Folded:
    """Return a text with each denial at its verb: “has not been” for “no activity has yet been”.

    Each blank is one character. It is not folded, but for each of its characters it is known what that stands for.
    """
    folded = fold(text)
    said = folded.text
    pieces = [(text[start:end], start, end) for start, end in folded.spans]
    for place, (piece, start, end) in enumerate(pieces):
        if piece.isspace():
            pieces[place] = ("\n" if "\n" in piece else " ", start, end)
        elif place and pieces[place - 1][1:] == (start, end):
            pieces[place] = ("", start, end)
    for pattern, form in _SAID.pairs("denials"):
        for match in reversed([*pattern.finditer(said)]):
            whole = pieces[match.start()][1], pieces[match.end() - 1][2]
            put = form.format(**match.groupdict()).strip()
            pieces[match.start() : match.end()] = [(letter, *whole) for letter in put]
            said = said[: match.start()] + put + said[match.end() :]
    letters = [(letter, start, end) for piece, start, end in pieces for letter in piece]
    return Folded("".join(letter for letter, _, _ in letters), tuple((start, end) for _, start, end in letters))


def _clause(mention: Mention, text: str, line_end: str = " ") -> _Clause:
    parts = (text[: mention.start], text[mention.start : mention.end], text[mention.end :])
    before, words, after = (fold(part.replace("\n", line_end).translate(_DASHES)).text for part in parts)
    return _Clause(mention, mention.iri.rpartition("#")[2], before, words, after)


def _qualified(clause: _Clause) -> _Clause:
    """Return the clause with its status: what is done in part is in progress, “completed: no” is not done."""
    if clause.status == "done" and _SAID["answered_no"].match(clause.after):
        return clause._replace(status="incomplete")
    return clause._replace(status="in-progress") if clause.status == "done" and _is_partly(clause) else clause


def _is_partly(clause: _Clause) -> bool:
    return bool(_SAID["partly_before"].search(clause.before) or _SAID["partly_after"].match(clause.after))


def _is_of_activity(clause: _Clause, found: Collection[_Clause], text: str) -> bool:
    """Return whether a status beside others that were found is that of the activity, and not of what belongs to it.

    A line of its own is a sentence.
    """
    _, _, before, _, after = _clause(clause.mention, text, ". ")
    last = max((each for each in found if each.mention.end <= clause.mention.start), default=None)
    since = fold(text[last.mention.end if last else 0 : clause.mention.start].replace("\n", ". ")).text
    if clause.status in ("done", "launched"):
        at_once = last is not None and last.status in _UNDONE and since.strip() == ","
        whole = _is_of_all("" if at_once else before, after)
        return whole and _SAID["completes"].search(fold(clause.mention.name).text) is not None
    if clause.status in ("pending", "in-progress", "continuous"):
        *_, sentence = _SAID["sentence_end"].split(_SAID["number_before"].sub("", since))
        *_, part = _SAID["clause_break"].split(f" {sentence}")
        subject = _SAID["joined_by"].sub("", f"{part.strip()} ").strip(" -")
        named = subject and not _SAID["of_all_before"].fullmatch(f"{subject} ")
        return not named and not _SAID["of_something"].match(after)
    return True


def _counts(clause: _Clause, in_note: bool) -> bool:
    """Return whether a name says the status: as a fact, and of what the entry or note is about."""
    mention, status, before, words, after = clause
    is_alternative, finite = mention.form == _ALTERNATIVE, _SAID["finite"].match(words)
    is_told = status in ("done", "launched")
    tells = is_told or (status == "in-progress" and _SAID["begins"].search(words) is not None)
    if _SAID["no_before"].search(before.rstrip()):
        return False
    if tells and (_SAID["foreseen"].search(before) or _SAID["aim"].search(before)):
        return False
    if in_note:
        whole = not is_alternative or finite or _SAID["ends"].match(after)
        of_part = _SAID["of_a_part"].search(after) and not (status == "done" and _SAID["in_time"].match(after))
        return bool(whole) and _is_of_all(before, after) and not of_part
    if not is_alternative:
        return not is_told or not _SAID["condition"].search(_clause_before(before))
    if _SAID["opens"].search(before):
        in_something = _SAID["in_something"].match(words) and re.match(" (?:de|of) ", after)
        return bool(finite or in_something or _SAID["goes_on"].match(after))
    if finite:
        return _is_main_clause(before)
    dated = tells and _SAID["in_time"].match(after) and _is_main_clause(before)
    ends = _SAID["ends"].match(after) or dated or (status == "done" and _is_partly(clause))
    led = _SAID["no_status_before"].search(before) or _SAID["of_a_moment"].search(_clause_before(before))
    return bool(_SAID["participle"].match(words) and ends and not led)


def _is_of_all(before: str, after: str) -> bool:
    """Return whether what is said between these folded words is said of all: not, as of workshops, of some of it."""
    clause = _SAID["says_that"].sub("", f"{_clause_before(before)} ").lstrip()
    whole = not clause or _SAID["of_all_before"].fullmatch(clause)
    return len(clause) <= _LONGEST_CLAUSE and bool(whole and _SAID["of_all_after"].match(after))


def _is_main_clause(before: str) -> bool:
    """Return whether the folded words before are no more than the subject of a sentence: the report, two courses."""
    clause = _clause_before(before)
    is_short = len(clause.split()) <= _LONGEST_SUBJECT
    return is_short and not _SAID["condition"].search(clause) and not _SAID["not_a_subject"].search(clause)


def _clause_before(before: str) -> str:
    """Return the folded words before, as far as they are of the same clause."""
    *_, clause = _SAID["sentence_end"].split(_SAID["number_before"].sub("", before))
    return clause.strip(" ,-")


def find_occasion(text: str) -> tuple[int, int] | None:
    """Return where an entry of a calendar first says when or how things stand with words of any kind.

    The place is in code points, end exclusive; None where it says nothing of the kind. Whether it says more, such as a
    date, is not asked.
    """
    folded = fold(text)
    if opening := _OCCASIONS["opens"].match(folded.text) or _OCCASIONS["all_said"].match(folded.text):
        return folded.original(*opening.span("words"))
    begun = _OCCASIONS["beginning"].match(folded.text)
    found = _OCCASIONS["within"].search(folded.text, begun.end() if begun else 0)
    return folded.original(*found.span()) if found else None
