"""The consultative processes and the members that they share, as shapes."""

from collections.abc import Callable, Sequence

from crmgraph.site.pictures.overlaps import DEGREES, NARROW, WIDE, Process, draw_overlaps
from crmgraph.site.pictures.shapes import Drawing, Key, Line, Link, Shape, Words

__all__ = ["draw_processes"]


def draw_processes(
    found: Sequence[Process],
    target: Callable[[str], str],
    tell: Callable[[Process, Process], str],
    legend: Sequence[str],
    is_narrow: bool = False,
) -> Drawing:
    """The processes on a ring, with a line between those that share members.

    `target` gives the address of an IRI, `tell` says in words what two share; `legend` says what a circle, a faint line
    and a strong one stand for.
    """
    picture = draw_overlaps(found, NARROW if is_narrow else WIDE)
    shapes: list[Shape] = []
    for overlap in picture.overlaps:
        one, other = overlap.ends
        path = f"M{one.cx} {one.cy}L{other.cx} {other.cy}"
        said = tell(one.process, other.process)
        ends = (one.process.iri, other.process.iri)
        shapes.append(Line(path, f"overlap degree-{overlap.degree}", said, overlap.width, ends=ends))
    for spoke in picture.spokes:
        words = spoke.process.short or spoke.process.label
        name = Words(spoke.x, spoke.y, words, "label" if is_narrow else "", spoke.anchor)
        parts = (Line(_circle(spoke.radius), "process", x=spoke.cx, y=spoke.cy), name)
        shapes.append(Link(target(spoke.process.iri), spoke.process.label, parts, spoke.process.iri))
    circle, faint, strong = legend
    keys = (
        Key((Line(_circle(6), "process", x=14, y=10),), circle),
        Key((Line("M0 10H28", "overlap degree-2", width=2),), faint),
        Key((Line("M0 10H28", f"overlap degree-{DEGREES}", width=4),), strong),
    )
    return Drawing(picture.width, picture.height, tuple(shapes), keys)


def _circle(radius: float) -> str:
    return f"M{-radius} 0a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0 {-2 * radius} 0z"
