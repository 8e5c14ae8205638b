"""The charts of who takes part in which objective of the plan, and in which role: a matrix and a network."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from crmgraph.http.languages import marked, translations
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.parameters import check_choice
from crmgraph.site.base.site import Certainty, Row, Site, certainty_in, doubt, in_language, reference, with_doubt
from crmgraph.site.charts.layout import (
    BOLD,
    TEXT_SIZE,
    Drawing,
    Edge,
    LegendEntry,
    Link,
    Mark,
    Node,
    Path,
    Rectangle,
    Shape,
    Text,
    draw_network,
    text_block,
    wrap,
)
from crmgraph.site.charts.pages import Chart, Resource, first_value, grouped, query_string, quotation_in, resources
from crmgraph.site.indexes.kinds import ACTOR_SECTIONS
from crmgraph.site.source import Quotation
from crmgraph.wording import Bilingual

__all__ = [
    "FAMILIES",
    "PARAMETERS",
    "Actor",
    "Objective",
    "Participation",
    "Responsibilities",
    "draw_matrix",
    "draw_responsibilities",
    "responsibilities",
    "responsibilities_chart",
]

FAMILIES = {
    "acts": marked("acts"),
    "is-concerned": marked("takes part without acting"),
    "is-circumstance": marked("is a place, means or framework"),
}
"""The families of roles, by the local names of their concepts, each with its label."""

PARAMETERS = (
    {
        "name": "view",
        "in": "query",
        "description": "Which chart: the matrix, or the network",
        "schema": {"type": "string", "enum": ["matrix", "network", ""]},
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
"""The parameters of the page."""

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
_UNCERTAIN = marked("not all of it certain")
_UNCERTAIN_NOTE = marked(
    "At least once, the words leave it to the reader to judge who is meant, or in which role; point at the cell, "
    "or see the table, for how certain the reading is."
)
_GROUP = f"{ONTOLOGY}#AgentGroup"
_PARTICIPATIONS = (
    """
SELECT DISTINCT ?part ?agent ?kind ?role ?element ?number ?objective ?source ?passage ?start ?end ?exact
  ?doubted ?degree {
  ?element cg:within %s ; cg:participation ?part .
  ?part a cg:Participation ; cg:agent ?agent ; cg:role ?role ; cg:passage ?passage .
  ?passage cg:source ?source ; cg:start ?start ; cg:end ?end ; cg:exact ?exact .
  ?element cg:within? ?objective . ?objective a cg:Objective
  OPTIONAL {
    VALUES ?kind { cg:State cg:ConsultativeProcess cg:Organ cg:Network cg:Organisation cg:AgentGroup }
    ?agent a ?kind
  }
  OPTIONAL { ?element cg:number ?number }"""
    + doubt("?part")
    + "}"
)
_OBJECTIVES = """
SELECT DISTINCT ?objective ?theme ?number ?order {
  ?objective a cg:Objective ; cg:within %s ; cg:order ?order ; dcterms:isPartOf ?theme .
  OPTIONAL { ?objective cg:number ?number }
}"""
_ROLES = f"""
SELECT ?role ?family ?meaning {{
  {{ ?role skos:inScheme <{ONTOLOGY}/participation-role> ; skos:broader ?family }}
  UNION {{ ?role skos:topConceptOf <{ONTOLOGY}/participation-role> ; skos:definition ?meaning }}
}}"""

_MARGIN, _NAME_WIDTH, _CELL, _LEAST_ROW, _THEME_GAP, _GROUP_GAP = 12, 154, 36, 28, 12, 15
_HEAD, _THEME_HEIGHT, _LEADING, _SMALL = 264, 48, 14, 12
_ROWS_TOGETHER = 4
"""How many rows of a group stay on one page of paper."""


@dataclass(frozen=True)
class Actor(Resource):
    """A row: an actor with the IRI and the label of its class, and the label of all actors of the class."""

    kind: str
    kind_label: str
    group: str


@dataclass(frozen=True)
class Objective(Resource):
    """A column: an objective with its printed number and theme; `tone` is the colour of the theme."""

    number: str
    theme: Resource
    tone: int


@dataclass(frozen=True)
class Role(Resource):
    """A role, and which of FAMILIES it belongs to."""

    family: str


@dataclass(frozen=True)
class Participation:
    """An actor's role in what an element of the plan says, with the element's number, the words and how sure it is."""

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
    """The participations in a plan, in the order of its words, its objectives, and the definitions of the families."""

    parts: tuple[Participation, ...]
    objectives: tuple[Objective, ...]
    meanings: Mapping[str, str]

    def chosen(self, theme: str = "", role: str = "") -> "Responsibilities":
        """Return those in the theme of this name and in the role, or family of roles, of this name; "" is any."""
        objectives = tuple(each for each in self.objectives if theme in ("", each.theme.name))
        parts = (part for part in self.parts if role in ("", part.role.name, part.role.family))
        return Responsibilities(
            tuple(part for part in parts if part.objective in objectives), objectives, self.meanings
        )

    @property
    def roles(self) -> dict[str, list[Role]]:
        """The roles that somebody has, by their families."""
        found = sorted({part.role for part in self.parts}, key=lambda role: role.label.casefold())
        return {family: [role for role in found if role.family == family] for family in FAMILIES}

    @property
    def kinds(self) -> list[str]:
        """The labels of the kinds of actors, those with the most actors first."""
        kinds = Counter((actor.kind, actor.group) for actor in {part.actor for part in self.parts})
        return [group for _, group in sorted(kinds, key=lambda kind: (-kinds[kind], kind))]

    @property
    def actors(self) -> list[Actor]:
        """The actors by kind, groups without a name last; in a kind those with the most participations first."""
        counts = Counter(part.actor for part in self.parts)
        kinds = Counter(part.actor.kind for part in self.parts)

        def rank(actor: Actor) -> tuple[object, ...]:
            kind = actor.kind
            return kind == _GROUP, -kinds[kind], kind, -counts[actor], actor.label.casefold(), actor.iri

        return sorted(counts, key=rank)

    @property
    def reached(self) -> list[Objective]:
        """The objectives in which somebody takes part."""
        theirs = {part.objective for part in self.parts}
        return [each for each in self.objectives if each in theirs]

    @property
    def cells(self) -> dict[tuple[Actor, Objective], list[Participation]]:
        """The participations of an actor in an objective, where there are any, by actor, then by objective."""
        found: defaultdict[tuple[Actor, Objective], list[Participation]] = defaultdict(list)
        for part in self.parts:
            found[part.actor, part.objective].append(part)
        places = {each: place for each_of in (self.actors, self.objectives) for place, each in enumerate(each_of)}
        return {cell: found[cell] for cell in sorted(found, key=lambda cell: [places[each] for each in cell])}


def responsibilities(site: Site, plan: str, language: str) -> Responsibilities:
    """Return the participations in the plan with this IRI, with labels in a language."""
    parts = grouped(site.select(_PARTICIPATIONS % reference(plan)), "part")
    columns = grouped(site.select(_OBJECTIVES % reference(plan)), "objective")
    families: dict[str, str] = {}
    meanings: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in site.select(_ROLES):
        if "family" in row:
            families[row["role"].value] = row["family"].value
        else:
            meanings[row["role"].value.rpartition("#")[2]][row["meaning"].language] = row["meaning"].value
    named = {
        row[name].value for rows in parts.values() for row in rows for name in ("agent", "kind", "role") if name in row
    }
    themes = {iri: first_value(rows, "theme") for iri, rows in columns.items()}
    labelled = resources(site, {*named, *themes, *themes.values()}, language)
    ordered = sorted(columns, key=lambda iri: int(columns[iri][0]["order"].value))
    tones = {theme: place % 3 for place, theme in enumerate(dict.fromkeys(themes[iri] for iri in ordered))}
    objectives = {
        iri: Objective(
            **vars(labelled[iri]),
            number=first_value(columns[iri], "number"),
            theme=labelled[themes[iri]],
            tone=tones[themes[iri]],
        )
        for iri in ordered
    }
    groups = {f"{ONTOLOGY}#{name}": translations(language).gettext(heading) for name, heading in ACTOR_SECTIONS.items()}

    def participation(iri: str, rows: Sequence[Row]) -> Participation:
        role, kind, agent = (first_value(rows, name) for name in ("role", "kind", "agent"))
        family = families.get(role, role).rpartition("#")[2]
        kind_label = labelled[kind].label if kind else ""
        return Participation(
            iri,
            Actor(**vars(labelled[agent]), kind=kind, kind_label=kind_label, group=groups.get(kind, "")),
            # Of a role that is in no family, it may not be said that the actor acts.
            Role(**vars(labelled[role]), family=family if family in FAMILIES else "is-circumstance"),
            first_value(rows, "element"),
            first_value(rows, "number"),
            objectives[first_value(rows, "objective")],
            quotation_in(rows),
            certainty_in(rows[0]),
        )

    found = [participation(iri, rows) for iri, rows in parts.items()]
    found.sort(key=lambda part: (part.quotation, part.actor.iri, part.role.iri, part.iri))
    said = {name: in_language(texts, language)[0] for name, texts in meanings.items()}
    return Responsibilities(tuple(found), tuple(objectives.values()), said)


def draw_matrix(shown: Responsibilities, target: Callable[[str], str], page: str, language: str) -> Drawing:
    """Return a matrix with a row for each actor, a column for each objective, and how many participations there are.

    A question mark stands beside the number if not all are certain. `target` gives the address of an IRI; cells lead to
    their rows in the table of the `page`.
    """
    shapes: list[Shape] = []
    columns: dict[Objective, float] = {}
    x = _MARGIN + _NAME_WIDTH
    for _, members in groupby(shown.objectives, attrgetter("theme")):
        x += _THEME_GAP if columns else 0
        columns |= {objective: x + _CELL * place for place, objective in enumerate(members)}
        of_theme = [objective for objective in columns if columns[objective] >= x]
        shapes += _theme_heading(of_theme[0], x, _CELL * len(of_theme), target)
        x += _CELL * len(of_theme)
    shapes += [_objective_heading(objective, left, target) for objective, left in columns.items()]
    cells, cuts = shown.cells, list[float]()
    y = _MARGIN + _HEAD
    for group, actors in groupby(shown.actors, attrgetter("group")):
        cuts.append(y)
        heading = wrap(group, _NAME_WIDTH - 10, 4, TEXT_SIZE * BOLD)
        shapes += text_block(heading, _MARGIN, y + 21, "heading", leading=_LEADING)
        y += _GROUP_GAP + _LEADING * len(heading)
        for place, actor in enumerate(actors):
            if place and place % _ROWS_TOGETHER == 0:
                cuts.append(y - 2)
            name = wrap(actor.label, _NAME_WIDTH - 20, 4, _SMALL) or ("–",)
            height = max(_LEAST_ROW, 10 + _LEADING * len(name)) - 4
            area = Rectangle(_MARGIN - 4, y, _NAME_WIDTH - 2, height, "room", 3)
            base = y + height / 2 + 4.5 - _LEADING * (len(name) - 1) / 2
            words = text_block(name, _MARGIN + _NAME_WIDTH - 10, base, "label", "end", actor.language, _LEADING)
            shapes.append(Link(target(actor.iri), actor.label, (area, *words)))
            for objective, left in columns.items():
                parts = cells.get((actor, objective), [])
                family = next((name for name in FAMILIES if any(part.role.family == name for part in parts)), "")
                cell = Rectangle(left, y, _CELL - 4, height, f"cell {family}".strip(), 3)
                if parts:
                    number = Text(
                        left + _CELL / 2 - 2, y + height / 2 + 4.5, _count(parts), f"count on-{family}", "middle"
                    )
                    title = _sentence(actor, objective, parts, language)
                    shapes.append(Link(f"{page}#{cell_anchor(actor, objective)}", title, (cell, number)))
                else:
                    shapes.append(cell)
            y += height + 4
    return Drawing(
        x + _MARGIN,
        y + _MARGIN,
        tuple(shapes),
        tuple(_legend(shown, language)),
        still=_MARGIN + _NAME_WIDTH - 4,
        head=_MARGIN + _HEAD,
        cuts=tuple(cuts[1:]),
    )


def _theme_heading(first: Objective, x: float, width: float, target: Callable[[str], str]) -> list[Shape]:
    """Return the name of the theme of some objectives, and lines above and below their numbers."""
    theme, tone = first.theme, f"tone-{first.tone}"
    words = text_block(wrap(theme.label, width, 3, _SMALL * BOLD), x, _MARGIN + 10, f"theme {tone}", leading=_LEADING)
    area = Rectangle(x, _MARGIN - 4, width, _THEME_HEIGHT, "room", 3)
    rules = (
        Path(f"M{x} {y}h{width - 4}", f"rule {tone}", width=3) for y in (_MARGIN + _THEME_HEIGHT, _MARGIN + _HEAD - 6)
    )
    return [Link(target(theme.iri), theme.label, (area, *words)), *rules]


def _objective_heading(objective: Objective, x: float, target: Callable[[str], str]) -> Link:
    """Return the number of an objective above its column, and the beginning of its label, which reads upwards."""
    top, bottom, middle = _MARGIN + _THEME_HEIGHT, _MARGIN + _HEAD, x + _CELL / 2 - 2
    lines = wrap(objective.label, bottom - 34 - (top + 8), 2, _SMALL)
    first = middle + 4 - _LEADING * (len(lines) - 1) / 2
    parts: tuple[Mark, ...] = (
        Rectangle(x, top + 6, _CELL - 4, bottom - top - 14, "room", 3),
        Text(middle, bottom - 16, objective.number or "–", "column", "middle"),
        *(
            Text(first + _LEADING * row, bottom - 34, line, "label", language=objective.language, turned=True)
            for row, line in enumerate(lines)
        ),
    )
    return Link(target(objective.iri), f"{objective.number} {objective.label}".strip(), parts)


def _count(parts: Sequence[Participation]) -> str:
    return f"{len(parts)}{'?' if any(part.certainty.words for part in parts) else ''}"


def _legend(shown: Responsibilities, language: str) -> Iterator[LegendEntry]:
    messages = translations(language)
    for name, label in FAMILIES.items():
        sample = Rectangle(2, 0, 24, 20, f"cell {name}", 3), Text(14, 14.5, "1", f"count on-{name}", "middle")
        yield LegendEntry(sample, messages.gettext(label), shown.meanings[name])
    if _count(shown.parts).endswith("?"):
        sample = Rectangle(2, 0, 24, 20, "cell", 3), Text(14, 14.5, "1?", "count", "middle")
        yield LegendEntry(sample, messages.gettext(_UNCERTAIN), messages.gettext(_UNCERTAIN_NOTE))


def _sentence(actor: Actor, objective: Objective, parts: Sequence[Participation], language: str) -> str:
    """Return what an actor does in an objective, as a sentence."""
    count = translations(language).ngettext("%(num)s time", "%(num)s times", len(parts)) % {"num": len(parts)}
    roles = ", ".join(dict.fromkeys(with_doubt(part.role.label, part.certainty, language) for part in parts))
    return f"{actor.label} – {objective.theme.label}, {objective.number} ({count}): {roles}"


def cell_anchor(actor: Actor, objective: Objective) -> str:
    """Return the anchor of a row of the table: that of an actor's participations in an objective."""
    return "-".join((*actor.iri.split("/")[-2:], *objective.iri.split("/")[-2:]))


def draw_responsibilities(
    shown: Responsibilities, kinds: Sequence[str], target: Callable[[str], str], language: str
) -> Drawing:
    """Return a network of actors and the objectives that they take part in, with a line for each family of roles.

    `kinds` are all kinds of actors there are, and `target` gives the address of an IRI.
    """
    actors = [Node(each.iri, each.label, each.group, target(each.iri), language=each.language) for each in shown.actors]
    objectives = [
        Node(
            each.iri,
            f"{each.number} {each.label}".strip(),
            target=target(each.iri),
            group=each.theme.label,
            language=each.language,
            tone=each.tone,
        )
        for each in shown.reached
    ]
    families = {name: translations(language).gettext(label) for name, label in FAMILIES.items()}
    edges = [
        Edge(actor.iri, objective.iri, label, _sentence(actor, objective, same, language), len(same))
        for (actor, objective), parts in shown.cells.items()
        for name, label in families.items()
        if (same := [part for part in parts if part.role.family == name])
    ]
    return draw_network(actors, objectives, edges, list(families.values()), kinds)


def responsibilities_chart(site: Site, language: str, asked: Mapping[str, str]) -> Chart:
    """Return the chart as a matrix or a network, of the theme and the role that are asked for.

    Raises UsageError if there is no such view, theme or role.
    """
    messages = translations(language)
    view, theme, role = asked.get("view", "matrix"), asked.get("theme", ""), asked.get("role", "")
    everything = responsibilities(site, site.names.id("plan", "crm"), language)
    themes = {each.theme.name: each.theme.label for each in everything.objectives}
    families = {name: messages.gettext(label) for name, label in FAMILIES.items()}
    roles = everything.roles
    named = {each.name: each.label for same in roles.values() for each in same}
    check_choice("view", Bilingual("view", "vista"), view, dict.fromkeys(_DESCRIPTIONS, ""))
    check_choice("theme", Bilingual("theme", "tema"), theme, {"": "", **themes})
    check_choice("role", Bilingual("role", "papel"), role, {"": "", **dict.fromkeys(FAMILIES, ""), **named})
    shown = everything.chosen(theme, role)

    def draw(target: Callable[[str], str], page: str, _: bool) -> Drawing:
        if view == "network":
            return draw_responsibilities(shown, everything.kinds, target, language)
        return draw_matrix(shown, target, page, language)

    return Chart(
        "/pictures/responsibilities",
        messages.gettext("Who does what in the plan"),
        messages.gettext(_DESCRIPTIONS[view]),
        draw,
        "pictures/responsibilities.html",
        {
            "view": view,
            "views": {name: query_string({**asked, "view": name}) for name in _DESCRIPTIONS},
            "theme": theme,
            "role": role,
            "themes": themes,
            "roles": roles,
            "families": families,
            "shown": shown,
            "all_parts": len(everything.parts),
            "anchor": cell_anchor,
        },
        asked,
        [each for each in (themes.get(theme, ""), {**named, **families}.get(role, "")) if each],
        has_narrow=False,
        question=("agent-roles", {"agent": "any"}),
    )
