"""Who takes part in which objective, as a matrix: a row for each actor, a column for each objective."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from crmgraph.site.pictures.lettering import BOLD, LETTER, lines
from crmgraph.site.pictures.responsibilities import FAMILIES, Actor, Objective, Part, Responsibilities
from crmgraph.site.pictures.shapes import Box, Drawing, Key, Line, Link, Shape, Words

__all__ = ["cell_anchor", "draw_matrix"]

_NAMES, _CELL, _ROW, _THEME, _MARGIN, _BAND = 154, 36, 28, 12, 12, 15
_HEAD, _TITLE, _LEADING, _SMALL = 264, 48, 14, 12
_ROWS_TOGETHER = 4
"""How many rows of a group are on one sheet of paper, if it has as many."""


def cell_anchor(actor: Actor, objective: Objective) -> str:
    """The name that the parts of an actor in an objective have on their page."""
    return "-".join((*actor.iri.split("/")[-2:], *objective.iri.split("/")[-2:]))


def draw_matrix(
    shown: Responsibilities,
    target: Callable[[str], str],
    page: str,
    tell: Callable[[Actor, Objective, Sequence[Part]], str],
) -> Drawing:
    """A row for each actor, a column for each objective, and in the cells how many parts the one takes in the other,
    with a question mark where not all of them are certain.

    `target` gives the address of an IRI, `page` that of the page with the parts, `tell` says in words what a cell does.
    """
    places = {each.iri: x for each, x in _columns(shown.objectives)}
    width = max(places.values(), default=_MARGIN + _NAMES) + _CELL + _MARGIN
    shapes: list[Shape] = [*_theme_names(shown.objectives, places, target), *_numbers(shown.objectives, places, target)]
    cells = shown.cells
    cuts: list[float] = []
    y: float = _MARGIN + _HEAD
    for kind, actors in groupby(shown.actors, key=attrgetter("group")):
        if y > _MARGIN + _HEAD:
            cuts.append(y)
        named = lines(kind, _NAMES - 10, 4, LETTER * BOLD)
        shapes += [Words(_MARGIN, y + 21 + _LEADING * row, text, "heading") for row, text in enumerate(named)]
        y += _BAND + _LEADING * len(named)
        for place, actor in enumerate(actors):
            if place and place % _ROWS_TOGETHER == 0:
                cuts.append(y - 2)
            shapes.append(_row_name(actor, y, target))
            shapes += [
                _cell(cells.get((actor, each), ()), places[each.iri], y, page, tell, actor, each)
                for each in shown.objectives
            ]
            y += _height(actor)
    return Drawing(
        width,
        y + _MARGIN,
        tuple(shapes),
        tuple(_keys(shown)),
        still=_MARGIN + _NAMES - 4,
        head=_MARGIN + _HEAD,
        cuts=tuple(cuts),
    )


def _columns(objectives: Iterable[Objective]) -> Iterable[tuple[Objective, float]]:
    """Each objective with its place, a little apart from that of another theme."""
    x, before = float(_MARGIN + _NAMES), ""
    for each in objectives:
        x += _THEME if before not in ("", each.theme) else 0
        yield each, x
        x, before = x + _CELL, each.theme


def _theme_names(
    objectives: Sequence[Objective], places: Mapping[str, float], target: Callable[[str], str]
) -> Iterable[Shape]:
    for theme, members in groupby(objectives, key=attrgetter("theme")):
        columns = list(members)
        tone = columns[0].tone
        x, room = places[columns[0].iri], _CELL * len(columns)
        label = columns[0].theme_label
        broken = lines(label, room, 3, _SMALL * BOLD)
        words = (Words(x, _MARGIN + 10 + _LEADING * row, text, f"theme tone-{tone}") for row, text in enumerate(broken))
        yield Link(target(theme), label, (Box(x, _MARGIN - 4, room, _TITLE, "room", 3), *words))
        # Beside the numbers too, of which all stay in view where the words do not.
        for y in (_MARGIN + _TITLE, _MARGIN + _HEAD - 6):
            yield Line(f"M{x} {y}h{room - 4}", f"rule tone-{tone}", width=3)


def _numbers(
    objectives: Sequence[Objective], places: Mapping[str, float], target: Callable[[str], str]
) -> Iterable[Shape]:
    """The number of each objective over its column, and the beginning of its words from below to above."""
    bottom = _MARGIN + _HEAD
    for each in objectives:
        x = places[each.iri]
        broken = lines(each.label, bottom - 34 - (_MARGIN + _TITLE + 8), 2, _SMALL)
        first = x + _CELL / 2 + 2 - _LEADING * (len(broken) - 1) / 2
        parts: tuple[Shape, ...] = (
            Box(x, _MARGIN + _TITLE + 6, _CELL - 4, _HEAD - _TITLE - 14, "room", 3),
            Words(x + _CELL / 2 - 2, bottom - 16, each.number or "–", "column", "middle"),
            *(
                Words(first + _LEADING * row, bottom - 34, text, "label", "start", each.language, turned=True)
                for row, text in enumerate(broken)
            ),
        )
        yield Link(target(each.iri), f"{each.number} {each.label}".strip(), parts)


def _broken(actor: Actor) -> tuple[str, ...]:
    return lines(actor.label, _NAMES - 20, 4, _SMALL) or ("–",)


def _height(actor: Actor) -> float:
    return max(_ROW, 10 + _LEADING * len(_broken(actor)))


def _row_name(actor: Actor, y: float, target: Callable[[str], str]) -> Shape:
    broken = _broken(actor)
    middle = y + (_height(actor) - 4) / 2
    words = (
        Words(
            _MARGIN + _NAMES - 10,
            middle + 4.5 + _LEADING * (row - (len(broken) - 1) / 2),
            text,
            "label",
            "end",
            actor.language,
        )
        for row, text in enumerate(broken)
    )
    room = Box(_MARGIN - 4, y, _NAMES - 2, _height(actor) - 4, "room", 3)
    return Link(target(actor.iri), actor.label, (room, *words))


def _cell(
    parts: Sequence[Part],
    x: float,
    y: float,
    page: str,
    tell: Callable[[Actor, Objective, Sequence[Part]], str],
    actor: Actor,
    objective: Objective,
) -> Shape:
    high = _height(actor) - 4
    if not parts:
        return Box(x, y, _CELL - 4, high, "cell", 3)
    family = _first(parts)
    shown = (
        Box(x, y, _CELL - 4, high, f"cell {family}", 3),
        Words(x + _CELL / 2 - 2, y + high / 2 + 4.5, f"{len(parts)}{_sign(parts)}", f"count on-{family}", "middle"),
    )
    return Link(f"{page}#{cell_anchor(actor, objective)}", tell(actor, objective, parts), shown)


def _sign(parts: Iterable[Part]) -> str:
    """A question mark where not all parts are certain."""
    return "?" if any(part.certainty.words for part in parts) else ""


def _first(parts: Iterable[Part]) -> str:
    return min((part.role.family for part in parts), key=FAMILIES.index)


def _keys(shown: Responsibilities) -> Iterable[Key]:
    for name in FAMILIES:
        box, count = Box(2, 0, 24, 20, f"cell {name}", 3), Words(14, 14.5, "1", f"count on-{name}", "middle")
        yield Key((box, count), shown.families[name], shown.meanings[name])
    if _sign(shown.parts):
        yield Key((Box(2, 0, 24, 20, "cell", 3), Words(14, 14.5, "1?", "count", "middle")), *shown.doubt)
