"""The names in a cell of a plan that lists who does something and who helps.

The words are in `lexicon/agents.yaml`, in English, Spanish, French and Portuguese.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple, get_args

from babel import Locale

from crmgraph.extraction.names import is_acronym
from crmgraph.lexicon import Patterns, any_of
from crmgraph.reading.languages import LANGUAGES, fold, key

Role = Literal["responsible", "supporting"]
_ROLES: tuple[Role, ...] = get_args(Role)
_LONGEST_NAME = 16
"""The maximum number of words of a name. A longer text is a sentence."""
_LONGEST_STATE = 4
"""The maximum number of words of a State at the end of a name."""


class Agent(NamedTuple):
    """The name of an agent in a cell.

    Attributes:
        start: The offset of the first code point.
        end: The offset after the last code point.
        name: The name as written, with an article before it and an acronym or State in brackets behind it.
        role: The role that the cell states; None if it states none, so that the column decides.
    """

    start: int
    end: int
    name: str
    role: Role | None


class _Piece(NamedTuple):
    """A stretch of a cell, with the kind of mark before it and the role that the cell states."""

    mark: str
    start: int
    end: int
    role: Role | None


@cache
def _states() -> frozenset[str]:
    """Return the folded names of States and territories in Unicode CLDR."""
    return frozenset(
        key(name)
        for language in LANGUAGES
        for code, name in Locale.parse(language).territories.items()
        if code.isalpha()
    )


_WORDS = Patterns(
    "agents",
    divided=lambda: any_of(re.escape(name) for name in _states() if re.search(r",| (?:and|y|e|et|&) ", name)),
)


def find_agents(text: str) -> list[Agent]:
    """Return the names in a cell that lists agents, in order.

    A comma, a slash or "and" separates names unless it seems to be within one, as in "Ministry of Labour, Employment
    and Social Security". A cell such as "N/A" or "to be determined" has no names.
    """
    # A sentence in capitals has no letters that would show an acronym.
    shown = text.lower() if text.isupper() and _WORDS["has_preposition"].match(key(text)) else text
    pieces = list(_divide(text))
    agents = []
    while pieces:
        count = next(count for count in range(1, len(pieces) + 1) if not _goes_on(shown, pieces, count))
        agents.append(_as_agent(text, pieces[0].start, pieces[count - 1].end, pieces[0].role))
        del pieces[:count]
    return [agent for agent in agents if agent]


def _divide(text: str) -> Iterator[_Piece]:
    """Yield the stretches between the marks of a cell.

    A label sets the role of all that follows, a phrase such as "with support from" that of the rest of its line.
    """
    folded = fold(text.replace("\n", "¶"))
    mark, start = "", 0
    labelled: Role | None = None
    role: Role | None = None
    for found in _WORDS["mark"].finditer(folded.text):
        if found.lastgroup == "whole":
            continue
        end, next_start = folded.original(*found.span())
        yield _Piece(mark, start, end, role)
        mark, start = str(found.lastgroup), next_start
        if mark == "label":
            role = labelled = "responsible" if found["leads"] else "supporting"
        elif mark == "helped":
            role = "supporting"
        elif mark == "line" or "." in found[0]:
            role = labelled
    yield _Piece(mark, start, len(text), role)


def _goes_on(text: str, pieces: Sequence[_Piece], count: int) -> bool:
    """Return whether the name in the first `count` pieces goes on in the next piece."""
    if count == len(pieces):
        return False
    piece, after = pieces[count], [each.mark for each in pieces[count + 1 : count + 2]]
    name, more = text[pieces[0].start : pieces[count - 1].end].strip(), text[piece.start : piece.end].strip()
    if pieces[0].mark == "helped":  # "with support of A and of B"
        more = _without("preposition", more)
    folded, folded_more = key(name), key(more)
    if not folded or not folded_more:
        return False
    if piece.mark == "line":
        is_broken = _WORDS["cut_short"].fullmatch(folded) or _WORDS["preposition"].match(folded_more)
        return bool(is_broken or (";" in text and more[0].islower() and not _is_apart(name, more)))
    if piece.mark == "comma":
        if _WORDS["preposition"].match(folded_more) or _WORDS["company"].match(folded_more):
            return True
        is_branch = _WORDS["branch"].fullmatch(f"{folded}, {folded_more}") and not {"comma", "and"} & {*after}
        return bool(is_branch and not _is_certain(more)) or _lists_tasks(text, name, pieces[count:])
    # Two acronyms with a slash are often one body (CEPAL/CELADE), more are a list.
    is_pair = is_acronym(name) and is_acronym(more) and "slash" not in (pieces[count - 1].mark, *after)
    is_joined = piece.mark == "slash" and is_pair and pieces[count - 1].end + len("/") == piece.start
    return piece.mark in ("and", "slash") and (is_joined or not _is_apart(name, more))


def _lists_tasks(text: str, name: str, pieces: Sequence[_Piece]) -> bool:
    """Return whether the pieces after a department of government list what it is for, up to an "and"."""
    if _is_certain(name) or not _WORDS["department"].match(key(name)):
        return False
    for piece in pieces:
        if piece.mark not in ("comma", "and") or _is_apart(name, text[piece.start : piece.end].strip()):
            return False
        if piece.mark == "and":
            return True
    return False


def _is_certain(name: str) -> bool:
    """Return whether a text is complete as a name: it is an acronym or a State, or ends in a State or a bracket."""
    words = key(name).split()
    ends = (" ".join(words[-count:]) for count in range(1, _LONGEST_STATE + 1))
    return name.endswith(")") or is_acronym(_without("article", name)) or not _states().isdisjoint(ends)


def _without(words: str, name: str) -> str:
    """Return a name without the article or preposition that it begins with."""
    found = _WORDS[words].match(name.lower())
    return name[found.end() :].lstrip() if found else name


def _is_apart(name: str, more: str) -> bool:
    """Return whether the text after "and" is a name of its own and not the rest of the name before it."""
    left, right = key(_without("article", name)), key(_without("article", more))
    if _WORDS["preposition"].match(right) or not right:
        return False
    is_long, first = _WORDS["has_preposition"].match(left), right.split()[0]
    if is_acronym(_without("article", more).split()[0]) or (len(first) > len("the") and left.startswith(first)):
        return True
    is_state = bool({key(more), right} & _states())
    if _is_certain(name):
        return not is_state or not is_long or left in _states()
    initial, final = _WORDS["initial"].match(right), _WORDS["final"].fullmatch(right)
    sole = _WORDS["sole_several"].fullmatch(left)
    is_several = (initial and initial["several"]) or (final and final["several"])
    if sole and is_several and (sole["object"] or _WORDS["has_preposition"].match(right)):
        return False  # two kinds of body share what follows, or what precedes: "secretariats and ministries of Health"
    if not is_long:
        return bool(initial or is_state or right != key(more) or (final and _WORDS["final"].fullmatch(left)))
    if more[0].islower() and name.split()[-1][0].isupper():
        return bool(initial or final)
    if not initial or not (rest := initial["rest"].strip()):
        return bool(initial and not _WORDS["department"].match(left))
    # In English a kind of body that is not the last word describes: "Ministry of Women and Community Development".
    return not initial["en"] or bool(_WORDS["preposition"].match(rest)) or rest[0] == "("


def _as_agent(text: str, start: int, end: int, role: Role | None) -> Agent | None:
    """Return the agent that a stretch of a cell names, without bullet, marks and remarks; None if it names none."""
    name = _WORDS["numbered"].sub("", text[start:end], count=1)
    name = _without("preposition", name)
    start = end - len(name)
    while True:
        name = _WORDS["end"].sub("", name)
        if name.endswith(")") and name.count(")") > name.count("("):
            name = name.removesuffix(")")
            continue
        behind = _WORDS["behind"].search(name)
        if not behind:
            break
        bracket, said = behind["bracket"] or "", key(behind["bracket"] or behind["dash"] or "")
        stated = next((each for each in _ROLES if _WORDS[each].fullmatch(said)), None)
        is_remark = behind["dash"] is None and (bracket == bracket.lower() or _WORDS["nobody"].fullmatch(said))
        if not stated and not is_remark:
            break
        name, role = name[: behind.start()], stated or role
    is_name = any(map(str.isalpha, name)) and len(name.split()) <= _LONGEST_NAME
    if not is_name or _WORDS["nobody"].fullmatch(key(name)):
        return None
    return Agent(start, start + len(name), name, role)
