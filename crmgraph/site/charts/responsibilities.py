"""Who takes part in which objective, and in which role, and that as a network."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.languages import marked, translations
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.links import Links, language_of
from crmgraph.site.base.parameters import check_choice, check_parameters
from crmgraph.site.base.site import Certainty, Row, Site, certainty_in, doubt, in_language, reference, with_doubt
from crmgraph.site.charts.layout import BOLD, LETTER, Box, Drawing, Key, Line, Link, Shape, Words, lines
from crmgraph.site.charts.network import Edge, Node, draw_network
from crmgraph.site.charts.pages import SVG, Picture, form_of, picture_file, picture_page, query_of, target_in
from crmgraph.site.indexes.actors import SECTIONS
from crmgraph.site.source import Quotation
from crmgraph.wording import Bilingual

__all__ = [
    "FAMILIES",
    "RESPONSIBILITIES_PARAMETERS",
    "Actor",
    "Objective",
    "Part",
    "Responsibilities",
    "Role",
    "cell_anchor",
    "draw_matrix",
    "draw_responsibilities",
    "responsibilities",
    "responsibilities_page",
]

_ROLES = f"{ONTOLOGY}/participation-role#"
_FAMILIES = {
    "acts": marked("acts"),
    "is-concerned": marked("takes part without acting"),
    "is-circumstance": marked("is a place, means or framework"),
}
FAMILIES = tuple(_FAMILIES)
"""What roles come down to: the actor acts, is concerned, or is a circumstance; in the order in which they are told."""

_UNNAMED = f"{ONTOLOGY}#AgentGroup"
_DOUBT = (
    marked("not all of it certain"),
    marked(
        "At least once, the words leave it to the reader to judge who is meant, or in which role; point at the cell, "
        "or see the table, for how certain the reading is."
    ),
)
_PARTS = (
    """
SELECT DISTINCT ?part ?agent ?kind ?role ?element ?number ?objective ?source ?passage ?start ?end ?exact
  ?doubted ?degree {
  ?element cg:within %(plan)s ; cg:participation ?part .
  ?part a cg:Participation ; cg:agent ?agent ; cg:role ?role ; cg:passage ?passage .
  ?passage cg:source ?source ; cg:start ?start ; cg:end ?end ; cg:exact ?exact .
  OPTIONAL {
    VALUES ?kind { cg:State cg:ConsultativeProcess cg:Organ cg:Network cg:Organisation cg:AgentGroup }
    ?agent a ?kind
  }
  OPTIONAL { ?element cg:within? ?objective . ?objective a cg:Objective }
  OPTIONAL { ?element cg:number ?number }"""
    + doubt("?part")
    + "}"
)
_OBJECTIVES = """
SELECT DISTINCT ?objective ?theme ?number ?order {
  ?objective a cg:Objective ; cg:within %(plan)s ; cg:order ?order ; dcterms:isPartOf ?theme .
  OPTIONAL { ?objective cg:number ?number }
}"""
_MEANINGS = f"""SELECT ?role ?meaning {{
  ?role skos:topConceptOf <{ONTOLOGY}/participation-role> ; skos:definition ?meaning
}}"""
_FAMILY = f"SELECT ?role ?family {{ ?role skos:inScheme <{ONTOLOGY}/participation-role> ; skos:broader ?family }}"


@dataclass(frozen=True)
class Role:
    """A role in which an actor takes part: the IRI, what it is called, and which of FAMILIES it comes down to."""

    iri: str
    label: str
    family: str

    @property
    def name(self) -> str:
        """The name of the role in an address."""
        return self.iri.rpartition("#")[2]


@dataclass(frozen=True)
class Objective:
    """A column: an objective with its theme, both by IRI and by what they are called; `tone` is that of the theme."""

    iri: str
    number: str
    label: str
    language: str
    theme: str
    theme_label: str
    tone: int

    @property
    def theme_name(self) -> str:
        """The name of the theme in an address."""
        return self.theme.rpartition("/")[2]


@dataclass(frozen=True)
class Actor:
    """A row: an actor, the IRI and the name of the class that it is of, and what all of the class are called."""

    iri: str
    label: str
    language: str
    kind: str
    kind_label: str
    group: str


@dataclass(frozen=True)
class Part:
    """That an actor takes part, in a role, in what an element says, the words that say so, and how certain it is."""

    iri: str
    actor: Actor
    role: Role
    element: str
    number: str
    objective: Objective
    quotation: Quotation
    certainty: Certainty


@dataclass(frozen=True)
class Responsibilities:
    """All parts that actors take in a plan, in the order of its words, and all its objectives."""

    parts: tuple[Part, ...]
    objectives: tuple[Objective, ...]
    families: Mapping[str, str]
    """What the families of roles are called, by the name that they have in addresses."""
    meanings: Mapping[str, str]
    """What that means, by the same names."""
    doubt: tuple[str, str]
    """What parts are called of which not all are certain, and what that means."""
    kinds: tuple[str, ...]
    """What the kinds of actors are called, of which there are the most first."""

    def chosen(self, theme: str = "", role: str = "") -> "Responsibilities":
        """Those in the theme with this name and in the role, or of the family of roles, with this name; "" is any."""
        kept = [
            part
            for part in self.parts
            if theme in ("", part.objective.theme_name) and role in ("", part.role.name, part.role.family)
        ]
        columns = tuple(each for each in self.objectives if theme in ("", each.theme_name))
        return Responsibilities(tuple(kept), columns, self.families, self.meanings, self.doubt, self.kinds)

    @property
    def themes(self) -> dict[str, str]:
        """What the themes are called, by their names in addresses, in the order of the document."""
        return {each.theme_name: each.theme_label for each in self.objectives}

    @property
    def roles(self) -> dict[str, list[Role]]:
        """The roles that somebody has, by the name of the family that they are of."""
        found = {part.role for part in self.parts}
        return {
            family: sorted((role for role in found if role.family == family), key=lambda role: role.label.casefold())
            for family in FAMILIES
        }

    @property
    def actors(self) -> tuple[Actor, ...]:
        """Who takes part at all, by kind, and last those who have no name but what they are; those of a kind that take
        part most often first, of these by name."""
        counts = Counter(part.actor for part in self.parts)
        kinds = Counter(part.actor.kind for part in self.parts)
        return tuple(
            sorted(
                counts,
                key=lambda each: (
                    each.kind == _UNNAMED,
                    -kinds[each.kind],
                    each.kind,
                    -counts[each],
                    each.label.casefold(),
                    each.iri,
                ),
            )
        )

    @property
    def reached(self) -> tuple[Objective, ...]:
        """The objectives in which somebody takes part."""
        theirs = {part.objective for part in self.parts}
        return tuple(each for each in self.objectives if each in theirs)

    @property
    def cells(self) -> dict[tuple[Actor, Objective], list[Part]]:
        """The parts that an actor takes in an objective, where there are any: by rows, then by columns."""
        found: defaultdict[tuple[Actor, Objective], list[Part]] = defaultdict(list)
        for part in self.parts:
            found[part.actor, part.objective].append(part)
        return {
            (actor, objective): found[actor, objective]
            for actor in self.actors
            for objective in self.objectives
            if (actor, objective) in found
        }


def responsibilities(site: Site, plan: str, language: str) -> Responsibilities:
    """All parts that actors take in the plan with this IRI."""
    rows: dict[str, list[Row]] = {}
    for row in site.select(_PARTS % {"plan": reference(plan)}):
        rows.setdefault(row["part"].value, []).append(row)
    columns = {row["objective"].value: row for row in site.select(_OBJECTIVES % {"plan": reference(plan)})}
    families = {row["role"].value: row["family"].value for row in site.select(_FAMILY)}
    named = {
        row[name].value for each in rows.values() for row in each for name in ("agent", "kind", "role") if name in row
    }
    themes = {row["theme"].value for row in columns.values()}
    labels = site.labels(named | columns.keys() | themes)
    messages = translations(language)

    def said(iri: str) -> tuple[str, str]:
        return in_language(labels.get(iri, {"": iri}), language)

    def place(iri: str) -> int:
        return int(columns[iri]["order"].value)

    ordered = list(dict.fromkeys(columns[iri]["theme"].value for iri in sorted(columns, key=place)))
    objectives = {
        iri: Objective(
            iri,
            columns[iri]["number"].value if "number" in columns[iri] else "",
            *said(iri),
            columns[iri]["theme"].value,
            said(columns[iri]["theme"].value)[0],
            ordered.index(columns[iri]["theme"].value) % 3,
        )
        for iri in sorted(columns, key=place)
    }
    groups = {f"{ONTOLOGY}#{name}": messages.gettext(heading) for name, heading in SECTIONS.items()}
    parts = [_part(each, objectives, families, said, groups) for each in rows.values() if "objective" in each[0]]
    parts.sort(key=lambda part: (part.quotation, part.actor.iri, part.role.iri, part.iri))
    kinds = Counter((actor.kind, actor.group) for actor in {part.actor for part in parts})
    return Responsibilities(
        tuple(parts),
        tuple(objectives.values()),
        {name: messages.gettext(words) for name, words in _FAMILIES.items()},
        _meanings(site, language),
        (messages.gettext(_DOUBT[0]), messages.gettext(_DOUBT[1])),
        tuple(label for _, label in sorted(kinds, key=lambda kind: (-kinds[kind], kind))),
    )


def _meanings(site: Site, language: str) -> dict[str, str]:
    texts: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in site.select(_MEANINGS):
        texts[row["role"].value.removeprefix(_ROLES)][row["meaning"].language] = row["meaning"].value
    return {name: in_language(texts[name], language)[0] for name in FAMILIES}


def _part(
    rows: Sequence[Row],
    objectives: Mapping[str, Objective],
    families: Mapping[str, str],
    said: Callable[[str], tuple[str, str]],
    groups: Mapping[str, str],
) -> Part:
    row = min(rows, key=lambda row: (int(row["start"].value), int(row["end"].value)))
    agent, role = row["agent"].value, row["role"].value
    kind = min((each["kind"].value for each in rows if "kind" in each), default="")
    return Part(
        row["part"].value,
        Actor(agent, *said(agent), kind, said(kind)[0] if kind else "", groups.get(kind, "")),
        Role(role, said(role)[0], _family(families.get(role, role))),
        row["element"].value,
        row["number"].value if "number" in row else "",
        objectives[row["objective"].value],
        Quotation(
            row["source"].value,
            int(row["start"].value),
            int(row["end"].value),
            row["exact"].value,
            row["passage"].value,
        ),
        certainty_in(row),
    )


def _family(iri: str) -> str:
    """The family with this IRI; of a role that belongs to none nobody may say that the actor acts."""
    name = iri.removeprefix(_ROLES)
    return name if name in FAMILIES else FAMILIES[-1]


def draw_responsibilities(
    shown: Responsibilities, target: Callable[[str], str], tell: Callable[[Actor, Objective, Sequence[Part]], str]
) -> Drawing:
    """The actors on one side, the objectives by theme on the other, and a line for each kind of role between them."""
    nodes = [Node(each.iri, each.label, each.group, target(each.iri), language=each.language) for each in shown.actors]
    nodes += [
        Node(
            each.iri,
            f"{each.number} {each.label}".strip(),
            target=target(each.iri),
            group=each.theme_label,
            language=each.language,
            tone=each.tone,
        )
        for each in shown.reached
    ]
    edges = []
    for (actor, objective), parts in shown.cells.items():
        for family in FAMILIES:
            same = [part for part in parts if part.role.family == family]
            if not same:
                continue
            said = tell(actor, objective, same)
            edges.append(Edge(actor.iri, objective.iri, shown.families[family], said, len(same)))
    return draw_network(nodes, edges, [shown.families[name] for name in FAMILIES], shown.kinds)


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


_VIEWS = ("matrix", "network")
_DESCRIPTIONS = {
    "matrix": marked(
        "Each number says how many participations the actor has in what the plan foresees for the objective, and "
        "leads to the words. Where the actor has roles of several kinds there, the cell is drawn as the one that "
        "comes first in the legend."
    ),
    "network": marked(
        "A line joins an actor and an objective that names it, in its own words or in its actions, activities or "
        "schedule; the wider, the more often. The line style shows the kind of role."
    ),
}

RESPONSIBILITIES_PARAMETERS: tuple[dict[str, Any], ...] = (
    {
        "name": "view",
        "in": "query",
        "description": "Which chart: the matrix, or the network",
        "schema": {"type": "string", "enum": [*_VIEWS, ""]},
    },
    {
        "name": "theme",
        "in": "query",
        "description": "Only objectives of the theme with this id; leave empty for all",
        "schema": {"type": "string"},
        "example": "pgm",
    },
    {
        "name": "role",
        "in": "query",
        "description": "Only this role, or the roles of this family; leave empty for all",
        "schema": {"type": "string"},
        "example": "acts",
    },
)
"""What the picture of the responsibilities can be asked."""


def responsibilities_page(request: Request, site: Site, is_file: bool = False) -> Response:
    """Who takes part in which objective and in which role, as a matrix or as a network; `theme` and `role` choose."""
    check_parameters(request, [each["name"] for each in RESPONSIBILITIES_PARAMETERS])
    form = form_of(request, is_file)
    language = language_of(request)
    messages = translations(language)
    asked = {name: value for name, value in request.query_params.items() if value}
    view, theme, role = asked.get("view", _VIEWS[0]), asked.get("theme", ""), asked.get("role", "")
    everything = responsibilities(site, site.names.id("plan", "crm"), language)
    roles = everything.roles
    check_choice("view", Bilingual("view", "vista"), view, dict.fromkeys(_VIEWS, ""))
    check_choice("theme", Bilingual("theme", "tema"), theme, {"": "", **everything.themes})
    named = {each.name: each.label for same in roles.values() for each in same}
    check_choice("role", Bilingual("role", "papel"), role, {"": "", **dict.fromkeys(FAMILIES, ""), **named})
    shown = everything.chosen(theme, role)

    def tell(actor: Actor, objective: Objective, parts: Sequence[Part]) -> str:
        counted = messages.ngettext("%(num)s time", "%(num)s times", len(parts)) % {"num": len(parts)}
        said = ", ".join(dict.fromkeys(with_doubt(part.role.label, part.certainty, language) for part in parts))
        return f"{actor.label} – {objective.theme_label}, {objective.number} ({counted}): {said}"

    def draw(links: Links, page: str) -> Drawing:
        target = target_in(links, language)
        if view == "network":
            return draw_responsibilities(shown, target, tell)
        return draw_matrix(shown, target, page, tell)

    picture = Picture(
        "/pictures/responsibilities",
        messages.gettext("Who does what in the plan"),
        messages.gettext(_DESCRIPTIONS[view]),
        draw,
        asked,
        [each for each in (everything.themes.get(theme, ""), _role_label(everything, role)) if each],
    )
    if form == SVG:
        return picture_file(request, site, picture)
    context = {
        "view": view,
        "views": {name: query_of({**asked, "view": name}) for name in _VIEWS},
        "theme": theme,
        "role": role,
        "themes": everything.themes,
        "roles": roles,
        "families": everything.families,
        "shown": shown,
        "all_parts": len(everything.parts),
        "anchor": cell_anchor,
    }
    template = "pictures/responsibilities.html"
    return picture_page(request, site, picture, template, context, ("agent-roles", {"agent": "any"}))


def _role_label(everything: Responsibilities, role: str) -> str:
    named = {each.name: each.label for members in everything.roles.values() for each in members}
    return {**named, **everything.families}.get(role, "")
