"""Numbers that a file prints in a scheme which a plan cannot hold, such as A.1.a, or 1.1 for an objective."""

import re
from collections.abc import Iterable

from crmgraph.reading import Plan
from crmgraph.reading.plan import Attachment, Part

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
    """The first part whose printed number is in its words, where that is how the parts of its kind are numbered."""
    for kind in ("Objective", "Action", "Activity"):
        parts = [part for part, _ in plan.walk() if part.kind == kind and _is_counted(part)]
        if is_other_scheme(part.text for part in parts):
            return next(part for part in parts if _CODE.match(part.text))
    return None
