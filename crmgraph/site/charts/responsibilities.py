"""The chart of which actors take part in which objectives of the plan, and in which role: a matrix."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby, product
from operator import attrgetter

from starlette.responses import Response

from crmgraph.errors import Bilingual
from crmgraph.http.languages import marked, translations
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base import (
    PageRequest,
    Record,
    Site,
    certainty_pattern,
    check_choice,
    grouped,
    iri_ref,
    local_name,
    with_certainty,
)
from crmgraph.site.charts.drawing import (
    BOLD,
    TEXT_SIZE,
    Drawing,
    LegendEntry,
    Link,
    Mark,
    Path,
    Rectangle,
    Shape,
    Text,
    chart_response,
    records,
    text_block,
    wrap,
)
from crmgraph.site.indexes.kinds import ACTOR_SECTIONS

FAMILIES = {
    "acts": marked("acts"),
    "is-concerned": marked("takes part without acting"),
    "is-circumstance": marked("is a place, means or framework"),
}
"""The families of roles: their labels, marked for translation, by the local names of their concepts."""

MATRIX_PARAMETERS = (
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
"""The parameters of the page, as OpenAPI describes them."""

_PARTICIPATIONS = (
    """
SELECT DISTINCT ?part ?agent ?kind ?role ?element ?number ?objective ?family ?source ?passage ?start ?end ?exact
  ?doubted ?degree {
  ?element cg:within %s ; cg:participation ?part .
  ?part a cg:Participation ; cg:agent ?agent ; cg:role ?role ; cg:passage ?passage .
  ?passage cg:source ?source ; cg:start ?start ; cg:end ?end ; cg:exact ?exact .
  ?element cg:within? ?objective . ?objective a cg:Objective
  OPTIONAL {
    VALUES ?kind { cg:State cg:ConsultativeProcess cg:Organ cg:Network cg:Organisation cg:AgentGroup }
    ?agent a ?kind
  }
  OPTIONAL { ?element cg:number ?number }
  OPTIONAL { ?role skos:broader ?family }"""
    + certainty_pattern("?part")
    + "}"
)
_OBJECTIVES = """
SELECT DISTINCT ?objective ?theme ?number ?order {
  ?objective a cg:Objective ; cg:within %s ; cg:order ?order ; dcterms:isPartOf ?theme .
  OPTIONAL { ?objective cg:number ?number }
}"""
_DEFINITIONS = f"""
SELECT ?role ?definition {{
  ?role skos:topConceptOf <{ONTOLOGY}/participation-role> ; skos:definition ?definition
  FILTER (LANG(?definition) = "%s")
}}"""

_MARGIN, _NAME_WIDTH, _CELL_WIDTH, _MIN_ROW_HEIGHT, _THEME_GAP, _GROUP_GAP = 12, 154, 36, 28, 12, 15
_HEAD_HEIGHT, _THEME_HEIGHT, _LEADING, _SMALL = 264, 48, 14, 12


def responsibilities(site: Site, plan: str, language: str) -> Record:
    """Return the participations of actors in the plan with the IRI `plan`, and its objectives, in a language.

    Attributes of the result:
        parts: the participations, in the order of the text. Each has an `actor`, a `role`, the `family` of the role,
            an `objective`, and the `element` of the plan that states it, with its item number `number`. An actor has
            its class as `kind`, and the heading of all actors of this class as `group`.
        objectives: the objectives, in the order of the document. Each has a `number`, a `theme` and a `tone`, the
            number of the theme's colour.
        family_definitions: the definitions of the families of roles, by local name.
    """
    objectives = sorted(
        records(site, _OBJECTIVES % iri_ref(plan), language, "objective", ("number", "order"), ("theme",)),
        key=lambda each: int(each.order),
    )
    themes = list(dict.fromkeys(each.theme for each in objectives))
    for each in objectives:
        each.tone = themes.index(each.theme) % 3
    by_iri = {each.iri: each for each in objectives}
    parts = sorted(
        records(
            site,
            _PARTICIPATIONS % iri_ref(plan),
            language,
            "part",
            texts=("element", "number", "objective", "family"),
            things=("agent", "kind", "role"),
        ),
        key=lambda part: (part.quotation, part.agent.iri, part.role.iri, part.iri),
    )
    for part in parts:
        group = translations(language).gettext(ACTOR_SECTIONS.get(part.kind.name, ""))
        part.actor = Record(**vars(part.agent), kind=part.kind, group=group)
        part.objective = by_iri[part.objective]
        # A role without a family must not count as one in which the actor acts.
        family = local_name(part.family or part.role.iri)
        part.family = family if family in FAMILIES else "is-circumstance"
    definitions = {
        local_name(row["role"].value): row["definition"].value for row in site.select(_DEFINITIONS % language)
    }
    return Record(parts=parts, objectives=objectives, family_definitions=definitions)


def matrix_of(everything: Record, theme: str = "", role: str = "") -> Record:
    """Return the participations in one theme and one role, and the objectives of this theme, as a matrix.

    Both are given by local name; "" selects all. `role` may also be a family of roles.

    Attributes of the result, besides those of `responsibilities`:
        actors: the actors, sorted by class, then by number of participations, the most frequent first. Classes are
            sorted in the same way, but groups without a proper name (cg:AgentGroup) come last.
        cells: the non-empty cells of the matrix, by actor, then by objective: an actor, an objective, and the
            participations of the actor in it.
        covered_objectives: the IRIs of the objectives in which at least one actor takes part.
    """
    objectives = [each for each in everything.objectives if theme in ("", each.theme.name)]
    parts = [
        part
        for part in everything.parts
        if role in ("", part.role.name, part.family) and theme in ("", part.objective.theme.name)
    ]
    counts = Counter(name for part in parts for name in (part.actor.iri, part.actor.kind.iri))
    actors = sorted(
        {part.actor.iri: part.actor for part in parts}.values(),
        key=lambda each: (
            *(each.kind.name == "AgentGroup", -counts[each.kind.iri], each.kind.iri),
            *(-counts[each.iri], each.label.casefold(), each.iri),
        ),
    )
    found = grouped(parts, lambda part: (part.actor.iri, part.objective.iri))
    return Record(
        parts=parts,
        objectives=objectives,
        family_definitions=everything.family_definitions,
        actors=actors,
        cells=[
            (actor, objective, found[actor.iri, objective.iri])
            for actor, objective in product(actors, objectives)
            if (actor.iri, objective.iri) in found
        ],
        covered_objectives={part.objective.iri for part in parts},
    )


def draw_matrix(shown: Record, target: Callable[[str], str], page: str, language: str) -> Drawing:
    """Return a matrix with a row for each actor, a column for each objective, and numbers of participations in cells.

    A question mark after a number means that not all of the participations are certain.

    Arguments:
        shown: the participations and objectives (see `matrix_of`).
        target: returns the address of an IRI.
        page: the address of the page; each cell links to its row in the table there.
        language: the language of titles and of the legend.
    """
    shapes: list[Shape] = []
    columns: list[tuple[Record, float]] = []
    x = _MARGIN + _NAME_WIDTH
    for theme, of_theme in groupby(shown.objectives, attrgetter("theme")):
        x += _THEME_GAP if columns else 0
        first = len(columns)
        columns += [(objective, x + _CELL_WIDTH * place) for place, objective in enumerate(of_theme)]
        width, tone = _CELL_WIDTH * (len(columns) - first), f"tone-{columns[first][0].tone}"
        name = wrap(theme.label, width, 3, _SMALL * BOLD)
        area = Rectangle(x, _MARGIN - 4, width, _THEME_HEIGHT, "room", 3)
        words = text_block(name, x, _MARGIN + 10, f"theme {tone}", leading=_LEADING)
        shapes.append(Link(target(theme.iri), theme.label, (area, *words)))
        shapes += [
            Path(f"M{x} {y}h{width - 4}", f"rule {tone}", width=3)
            for y in (_MARGIN + _THEME_HEIGHT, _MARGIN + _HEAD_HEIGHT - 6)
        ]
        x += width
    shapes += [_objective_heading(objective, left, target) for objective, left in columns]
    cells = {(actor.iri, objective.iri): parts for actor, objective, parts in shown.cells}
    y = _MARGIN + _HEAD_HEIGHT
    for group, actors in groupby(shown.actors, attrgetter("group")):
        heading = wrap(group, _NAME_WIDTH - 10, 4, TEXT_SIZE * BOLD)
        shapes += text_block(heading, _MARGIN, y + 21, "heading", leading=_LEADING)
        y += _GROUP_GAP + _LEADING * len(heading)
        for actor in actors:
            name = wrap(actor.label, _NAME_WIDTH - 20, 4, _SMALL) or ("–",)
            height = max(_MIN_ROW_HEIGHT, 10 + _LEADING * len(name)) - 4
            area = Rectangle(_MARGIN - 4, y, _NAME_WIDTH - 2, height, "room", 3)
            base = y + height / 2 + 4.5
            top = base - _LEADING * (len(name) - 1) / 2
            words = text_block(name, _MARGIN + _NAME_WIDTH - 10, top, "label", "end", actor.language, _LEADING)
            shapes.append(Link(target(actor.iri), actor.label, (area, *words)))
            for objective, left in columns:
                parts = cells.get((actor.iri, objective.iri), [])
                family = next((name for name in FAMILIES if any(part.family == name for part in parts)), "")
                cell = Rectangle(left, y, _CELL_WIDTH - 4, height, f"cell {family}".strip(), 3)
                count = Text(left + _CELL_WIDTH / 2 - 2, base, _count_text(parts), f"count on-{family}", "middle")
                title = _cell_title(actor, objective, parts, language)
                address = f"{page}#{cell_anchor(actor, objective)}"
                shapes.append(Link(address, title, (cell, count)) if parts else cell)
            y += height + 4
    return Drawing(
        x + _MARGIN,
        y + _MARGIN,
        tuple(shapes),
        _legend(shown, language),
        sticky_x=_MARGIN + _NAME_WIDTH - 4,
        sticky_y=_MARGIN + _HEAD_HEIGHT,
    )


def _objective_heading(objective: Record, x: float, target: Callable[[str], str]) -> Link:
    """Return the heading of an objective's column: its item number, and the beginning of its label as vertical text."""
    top, bottom, middle = _MARGIN + _THEME_HEIGHT, _MARGIN + _HEAD_HEIGHT, x + _CELL_WIDTH / 2 - 2
    lines = wrap(objective.label, bottom - 34 - (top + 8), 2, _SMALL)
    first = middle + 4 - _LEADING * (len(lines) - 1) / 2
    parts: tuple[Mark, ...] = (
        Rectangle(x, top + 6, _CELL_WIDTH - 4, bottom - top - 14, "room", 3),
        Text(middle, bottom - 16, objective.number or "–", "column", "middle"),
        *(
            Text(first + _LEADING * row, bottom - 34, line, "label", language=objective.language, is_vertical=True)
            for row, line in enumerate(lines)
        ),
    )
    return Link(target(objective.iri), f"{objective.number} {objective.label}".strip(), parts)


def _count_text(parts: Sequence[Record]) -> str:
    return f"{len(parts)}{'?' if any(part.certainty.label for part in parts) else ''}"


def _legend(shown: Record, language: str) -> tuple[LegendEntry, ...]:
    gettext = translations(language).gettext
    samples = [(name, "1", gettext(label), shown.family_definitions.get(name, "")) for name, label in FAMILIES.items()]
    if _count_text(shown.parts).endswith("?"):
        note = gettext(
            "At least once, the words leave it to the reader to judge who is meant, or in which role; point at the "
            "cell, or see the table, for how certain the reading is."
        )
        samples.append(("uncertain", "1?", gettext("not all of it certain"), note))
    return tuple(
        LegendEntry(
            (Rectangle(2, 0, 24, 20, f"cell {name}", 3), Text(14, 14.5, count, f"count on-{name}", "middle")), *said
        )
        for name, count, *said in samples
    )


def _cell_title(actor: Record, objective: Record, parts: Sequence[Record], language: str) -> str:
    """Return the tooltip of a cell: the actor, the objective, the number of participations and the roles."""
    count = translations(language).ngettext("%(num)s time", "%(num)s times", len(parts)) % {"num": len(parts)}
    roles = ", ".join(dict.fromkeys(with_certainty(part.role.label, part.certainty, language) for part in parts))
    return f"{actor.label} – {objective.theme.label}, {objective.number} ({count}): {roles}"


def cell_anchor(actor: Record, objective: Record) -> str:
    """Return the HTML id of the table row for an actor's participations in an objective."""
    return "-".join((*actor.iri.split("/")[-2:], *objective.iri.split("/")[-2:]))


def responsibilities_page(visit: PageRequest) -> Response:
    """Return the page of the chart, restricted to a `theme` and a `role`. Raises UsageError if there is no such one."""
    site, language = visit.site, visit.language
    theme, role = (visit.parameters.get(name, "") for name in ("theme", "role"))
    everything = responsibilities(site, site.names.id("plan", "crm"), language)
    themes = {each.theme.name: each.theme.label for each in everything.objectives}
    families = {name: visit.gettext(label) for name, label in FAMILIES.items()}
    found = sorted({(part.family, part.role) for part in everything.parts}, key=lambda each: each[1].label.casefold())
    named = {role.name: role.label for _, role in found}
    check_choice("theme", Bilingual("theme", "tema"), theme, {"": "", **themes})
    check_choice("role", Bilingual("role", "papel"), role, {"": "", **dict.fromkeys(FAMILIES, ""), **named})
    shown = matrix_of(everything, theme, role)
    return chart_response(
        visit,
        "/pictures/responsibilities",
        visit.gettext("Who does what in the plan"),
        visit.gettext(
            "Each number says how many participations the actor has in what the plan foresees for the objective, and "
            "leads to the words. Where the actor has roles of several kinds there, the cell is drawn as the one that "
            "comes first in the legend."
        ),
        lambda target, page: draw_matrix(shown, target, page, language),
        "pictures/responsibilities.html",
        {
            "theme": theme,
            "role": role,
            "themes": themes,
            "roles": {family: [role for of, role in found if of == family] for family in FAMILIES},
            "families": families,
            "shown": shown,
            "reached": shown.covered_objectives,
            "all_parts": len(everything.parts),
            "anchor": cell_anchor,
        },
        parameters={name: value for name, value in (("theme", theme), ("role", role)) if value},
        selection=[each for each in (themes.get(theme, ""), {**named, **families}.get(role, "")) if each],
        question=("agent-roles", {"agent": "any"}),
    )
