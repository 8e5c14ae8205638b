"""What a disk that fails says, for those who do not know this disk."""

import re

__all__ = ["fault"]

_PATH = re.compile(r"(?<![\w/])/(?:[^\s/:]+/)+")
"""The folders of a file in what the engine says: where things lie on this disk is nobody's business."""


def fault(error: Exception) -> str:
    """What went wrong, by the system's own words where it has some."""
    return (isinstance(error, OSError) and error.strerror) or _PATH.sub("…/", str(error))
