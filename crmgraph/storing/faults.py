"""What a disk that takes no more says, for those who do not know this disk."""

import re

from crmgraph.wording import Bilingual

__all__ = ["fault", "unkept"]

_PATH = re.compile(r"(?<![\w/])/(?:[^\s/:]+/)+")
"""The folders of a file in what the engine says: where things lie on this disk is nobody's business."""


def fault(error: Exception) -> str:
    """What went wrong, by the system's own words where it has some."""
    return (isinstance(error, OSError) and error.strerror) or _PATH.sub("…/", str(error))


def unkept(what: Bilingual, failure: str) -> Bilingual:
    """That this, as "The copy" and "La copia", cannot be kept, and what the disk said of it."""
    return Bilingual(
        f"{what} cannot be kept on the disk ({failure}).",
        f"{what.spanish} no se puede guardar en el disco ({failure}).",
    )
