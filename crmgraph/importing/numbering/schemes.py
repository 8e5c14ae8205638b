"""Numbers that a file prints in a scheme which a plan cannot hold, such as A.1.a, or 1.1 for an objective."""

import re
from collections.abc import Iterable
from itertools import pairwise

from crmgraph.importing.numbering.printed import depth_of, is_closed, number_of
from crmgraph.reading import Plan
from crmgraph.reading.model import Attachment, Part

__all__ = ["is_other_scheme", "numbered_otherwise"]

_PART = r"(?:\d{1,3}|[A-Za-z]|[IVX]{1,5}|[ivx]{1,5})"
_CODE = re.compile(
    rf"\s*(?:{_PART}(?:\.{_PART})+[.):]?|{_PART}[.)]|[A-Z]{{1,3}}[-.]?\d{{1,3}}(?:\.\d{{1,3}})*[.):]?)-?\s"
)


def is_other_scheme(texts: Iterable[str]) -> bool:
    """Whether most of these, which are on one level and without the numbers that they have in the plan, have others."""
    found = [_CODE.match(text) is not None for text in texts]
    return 2 * sum(found) > len(found)


def _is_counted(part: Part) -> bool:
    return part.number is not None or part.attached_by is Attachment.FILE_ROW


def numbered_otherwise(plan: Plan) -> Part | None:
    """The first part whose printed number is in its words: where that is plain, as it is of a number in a column of its
    own, or where parts of its kind are numbered so.
    """
    for kind in ("Objective", "Action", "Activity"):
        parts = [part for part, _ in plan.walk() if part.kind == kind and _is_counted(part)]
        if is_other_scheme(part.text for part in parts):
            return next(part for part in parts if _CODE.match(part.text))
        found = [part for part in parts if part.number is None and depth_of(part.text) >= 0]
        is_usual = 2 * len(found) > len(parts) and _count_on(found)
        if plain := next((part for part in found if is_usual or _is_plain(part.text)), None):
            return plain
    return None


def _count_on(parts: Iterable[Part]) -> bool:
    """Whether most of the numbers that these begin with follow the one before them, or begin anew."""
    follow = [
        own.rpartition(".")[2] in ("1", str(int(before.rpartition(".")[2]) + 1))
        for before, own in pairwise(("0", *(number_of(part.text) for part in parts)))
    ]
    return 2 * sum(follow) > len(follow)


def _is_plain(text: str) -> bool:
    """Whether a text surely begins with a number: one that is closed, or of several, with a capital behind it."""
    words = text[len(number_of(text)) :].lstrip()
    return is_closed(text) or (depth_of(text) > 0 and words[:1].isupper())
