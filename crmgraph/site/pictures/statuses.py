"""What statuses look like, in pictures and in text: each has its own outline, so that no colour is needed."""

from crmgraph.site.pictures.shapes import Line

__all__ = ["outline_of", "rank", "status_mark", "tone_of"]

_LOOKS = {
    "done": ("M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z", "good"),
    "launched": ("M-5 -5.5l10.5 5.5l-10.5 5.5z", "good"),
    "in-progress": ("M-4.5 -4.5h9v9h-9z", "busy"),
    "continuous": ("M-6 -3.5h12v7h-12z", "busy"),
    "by-agreement": ("M0 -6l6 6l-6 6l-6 -6z", "open"),
    "to-be-scheduled": ("M0 -5l5 5l-5 5l-5 -5z", "wait hollow"),
    "pending": ("M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", "wait hollow"),
    "postponed": ("M-4 -4h8v8h-8z", "wait hollow"),
    "suspended": ("M-4.5 -5h3v10h-3zM1.5 -5h3v10h-3z", "wait"),
    "no-progress": ("M-5 -1.5h10v3h-10z", "wait"),
    "incomplete": ("M0 -5a5 5 0 0 1 0 10z", "wait"),
    "not-started": ("M0 -4.5l5 9h-10z", "wait hollow"),
    "not-carried-out": ("M-4.5 -4.5l9 9M4.5 -4.5l-9 9", "bad hollow"),
    "cancelled": ("M-5 0h10M0 -5v10", "bad hollow"),
}
"""The outline of each status around (0, 0), and the name of its tone; in the order in which they are shown."""
_NO_STATUS = ("M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z", "none hollow")


def rank(status: str) -> int:
    """The place of the status with this name among all; what is none of ours, or none, comes last."""
    return list(_LOOKS).index(status) if status in _LOOKS else len(_LOOKS)


def tone_of(status: str) -> str:
    """The name of the tone that the status with this name has; `none` where it is none of ours."""
    return _LOOKS.get(status, _NO_STATUS)[1].split()[0]


def outline_of(status: str) -> tuple[str, bool]:
    """The outline of the status with this name around (0, 0), as SVG writes paths, and whether it is hollow."""
    path, tone = _LOOKS.get(status, _NO_STATUS)
    return path, "hollow" in tone


def status_mark(status: str, x: float, y: float) -> Line:
    """The mark of the status with this name about (`x`, `y`)."""
    path, tone = _LOOKS.get(status, _NO_STATUS)
    return Line(path, f"status-mark {tone}", x=x, y=y)
