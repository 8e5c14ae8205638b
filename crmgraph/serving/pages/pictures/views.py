"""The pages of the pictures, and the pictures as files."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.namespaces import ONTOLOGY
from crmgraph.serving.i18n import format_day, format_duration, marked, translations
from crmgraph.serving.pages.asking import check_parameters
from crmgraph.serving.pages.certainty import with_doubt
from crmgraph.serving.pages.choices import check_choice
from crmgraph.serving.pages.links import Links
from crmgraph.serving.pages.pictures.frame import (
    SVG,
    Picture,
    form_of,
    picture_file,
    picture_page,
    query_of,
    target_in,
)
from crmgraph.serving.pages.pictures.matrix import cell_anchor, draw_matrix
from crmgraph.serving.pages.pictures.members import draw_members, members, processes_with_members
from crmgraph.serving.pages.pictures.overlaps import Process, process_table, processes
from crmgraph.serving.pages.pictures.processes import draw_processes
from crmgraph.serving.pages.pictures.responsibilities import (
    FAMILIES,
    Actor,
    Objective,
    Part,
    Responsibilities,
    draw_responsibilities,
    responsibilities,
)
from crmgraph.serving.pages.pictures.schedule import schedule
from crmgraph.serving.pages.pictures.shapes import Drawing
from crmgraph.serving.pages.pictures.timeline import NARROW, Wording, draw_schedule
from crmgraph.serving.pages.pictures.tree import KINDS, Branches, Toggle, draw_tree, foldable
from crmgraph.serving.pages.plans.outline import Node, outline
from crmgraph.serving.pages.rendering import language_of, offers, render
from crmgraph.serving.pages.representations import (
    CSV,
    EVERY,
    GRAPHS,
    HTML,
    JSON,
    asked,
    chosen,
    data,
    rows_as_json,
    statements_as,
)
from crmgraph.serving.pages.rows import process_rows
from crmgraph.serving.pages.site import Site, in_language
from crmgraph.serving.pages.statements import about_processes
from crmgraph.wording import Bilingual

__all__ = [
    "MEMBERS_PARAMETERS",
    "RESPONSIBILITIES_PARAMETERS",
    "TREE_PARAMETERS",
    "members_page",
    "pictures_page",
    "plan_tree_page",
    "processes_page",
    "responsibilities_page",
    "schedule_page",
]

_VIEWS = ("matrix", "network")
_EVERYTHING = "all"
_PROCESS = "rcm"
_DESCRIPTIONS = {
    "matrix": marked(
        "Each number says how often the plan names the actor in what it foresees for the objective, and leads to the "
        "words. Where the actor has roles of several kinds there, the cell is drawn as the one that comes first in "
        "the legend."
    ),
    "network": marked(
        "A line joins an actor and an objective in whose actions, activities or schedule the plan names it; the wider, "
        "the more often. The line style shows the kind of role."
    ),
}

_TREES = (
    marked(
        "The objectives below their themes. + expands an objective: its actions, activities and schedule then stand on "
        "its right. Each part leads to its page and to its words."
    ),
    marked(
        "The objectives below their themes; on the right of those that are expanded, their actions, activities and "
        "schedule. Each part leads to its page and to its words; + expands an objective and − collapses it."
    ),
)
"""What the tree shows where nothing is open, and where something is."""

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

TREE_PARAMETERS: tuple[dict[str, Any], ...] = (
    {
        "name": "open",
        "in": "query",
        "description": "The objectives whose parts are shown, with commas between them; all for all",
        "schema": {"type": "string"},
        "example": "pgm/7",
    },
)
"""What the picture of the plan as a tree can be asked."""

MEMBERS_PARAMETERS: tuple[dict[str, Any], ...] = (
    {
        "name": "process",
        "in": "query",
        "description": "The process whose members are shown",
        "schema": {"type": "string"},
        "example": "rcm",
    },
)
"""What the picture of the members can be asked."""

_PICTURES = (
    (
        "/pictures/responsibilities",
        marked("Who does what in the plan"),
        marked("Which actors the plan names for each objective, how often and in which role."),
    ),
    (
        "/pictures/schedule",
        marked("The schedule of the plan"),
        marked("Schedule entries along the years and by status, with what the plan says about when."),
    ),
    (
        "/pictures/plan-tree",
        marked("The plan as a tree"),
        marked("From the themes, through objectives, actions and activities, to the schedule."),
    ),
    (
        "/processes",
        marked("Which processes share members"),
        marked("The consultative processes on migration, and the States that they have in common."),
    ),
    (
        "/pictures/members",
        marked("Members and their processes"),
        marked("The member States of a process, and all the processes that they take part in, and in which capacity."),
    ),
)


def pictures_page(request: Request, site: Site) -> Response:
    """All pictures that there are, each small."""
    chosen(request, (HTML,))
    return render(request, site, "pictures/index.html", context={"pictures": _PICTURES})


def responsibilities_page(request: Request, site: Site, is_file: bool = False) -> Response:
    """Who takes part in which objective and in which role, as a matrix or as a network; `theme` and `role` choose."""
    check_parameters(request, [each["name"] for each in RESPONSIBILITIES_PARAMETERS])
    form = form_of(request, is_file)
    language = language_of(request)
    messages = translations(language)
    asked = {name: value for name, value in request.query_params.items() if value}
    view, theme, role = asked.get("view", _VIEWS[0]), asked.get("theme", ""), asked.get("role", "")
    everything = responsibilities(site, _plan(site), language)
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


def schedule_page(request: Request, site: Site, is_file: bool = False) -> Response:
    """The schedule entries of the plan, and what else states a status, along the years and by status."""
    form = form_of(request, is_file)
    language = language_of(request)
    messages = translations(language)
    entries = schedule(site, _plan(site), language)
    wording = Wording(
        messages.gettext("With a date"),
        messages.gettext("Status without a date"),
        messages.gettext("no status"),
        messages.gettext("another part that states a status itself"),
        messages.gettext("date of an event or meeting, not of the status"),
        messages.gettext("since"),
        lambda duration: messages.gettext("every %(time)s") % {"time": format_duration(duration, language)},
        lambda day: format_day(day, language),
    )
    picture = Picture(
        "/pictures/schedule",
        messages.gettext("The schedule of the plan"),
        messages.gettext(
            "Each mark is a schedule entry or, with a dashed edge, another part that states its own status, and leads "
            "to its words. Dates and statuses are those that the text states: where it gives no date, none is "
            "assumed, and the date of an event or a meeting is drawn as the date of that event or meeting."
        ),
        lambda links, _: draw_schedule(entries, target_in(links, language), wording),
        draw_narrow=lambda links, _: draw_schedule(entries, target_in(links, language), wording, NARROW),
    )
    if form == SVG:
        return picture_file(request, site, picture)
    context = {"entries": entries}
    return picture_page(request, site, picture, "pictures/schedule.html", context, ("schedule-status", {}))


def plan_tree_page(request: Request, site: Site, is_file: bool = False) -> Response:
    """The plan as a tree, with the parts of those objectives that are `open`."""
    check_parameters(request, [each["name"] for each in TREE_PARAMETERS])
    form = form_of(request, is_file)
    language = language_of(request)
    messages = translations(language)
    themes = outline(site, _plan(site), language)
    names = foldable(themes, _plan(site))
    wanted = [name for name in request.query_params.get("open", "").split(",") if name]
    for name in wanted:
        check_choice("open", Bilingual("part", "parte"), name, dict.fromkeys((_EVERYTHING, *names), ""))
    opened = [name for name in names if name in wanted or _EVERYTHING in wanted]
    kinds = {kind: in_language(said, language)[0] for kind, said in _kind_labels(site).items()}

    def draw(links: Links, page: str, is_narrow: bool = False) -> Drawing:
        def toggle(name: str, node: Node) -> Toggle:
            is_open = name in opened
            after = [each for each in names if (each in opened) != (each == name)]
            said = (
                messages.gettext("Collapse %(what)s")
                if is_open
                else messages.gettext("Expand %(what)s (%(num)s parts)")
            )
            title = said % {"what": f"{node.number} {node.label}".strip(), "num": sum(1 for _ in node.below())}
            return Toggle(page.partition("?")[0] + _opening(after, names), title, is_open)

        return draw_tree(Branches(themes, opened, kinds), names, target_in(links, language), toggle, is_narrow)

    picture = Picture(
        "/pictures/plan-tree",
        messages.gettext("The plan as a tree"),
        messages.gettext(_TREES[bool(opened)]),
        draw,
        {"open": ",".join(opened) if len(opened) < len(names) else _EVERYTHING} if opened else {},
        draw_narrow=lambda links, page: draw(links, page, is_narrow=True),
    )
    if form == SVG:
        return picture_file(request, site, picture)
    context = {
        "nodes": [node for theme in themes for node in (theme, *theme.below())],
        "kinds": kinds,
        "opened": len(opened),
        "foldable": len(names),
        "opening_all": _opening(list(names), names),
    }
    return picture_page(request, site, picture, "pictures/plan-tree.html", context, ("plan-outline", {}))


def members_page(request: Request, site: Site, is_file: bool = False) -> Response:
    """The member States of the process that `process` names, and all processes that they take part in."""
    check_parameters(request, [each["name"] for each in MEMBERS_PARAMETERS])
    form = form_of(request, is_file)
    language = language_of(request)
    messages = translations(language)
    choices = processes_with_members(site, language)
    asked = {name: value for name, value in request.query_params.items() if value}
    name = asked.get("process", _PROCESS)
    check_choice("process", Bilingual("process", "proceso"), name, choices)
    found = members(site, site.names.id("process", name), language)
    picture = Picture(
        "/pictures/members",
        messages.gettext("Members and their processes"),
        messages.gettext(
            "The member States of a consultative process on the left, all the processes that they take part in on the "
            "right. The line style shows in which capacity."
        ),
        lambda links, _: draw_members(found, target_in(links, language), language),
        asked,
        [choices[name]],
        lambda links, _: draw_members(found, target_in(links, language), language, is_narrow=True),
    )
    if form == SVG:
        return picture_file(request, site, picture)
    context = {
        "choices": choices,
        "chosen": name,
        "memberships": found,
        "questions": [question for question in site.library.values() if question.group == "processes"],
    }
    return picture_page(request, site, picture, "pictures/members.html", context)


def processes_page(request: Request, site: Site, is_file: bool = False) -> Response:
    """The consultative processes, and which States they have in common."""
    form = SVG if is_file else asked(request, forms=(*EVERY, CSV, SVG))[1]
    if form in GRAPHS:
        return statements_as(site, about_processes(site), form)
    language = language_of(request)
    if form == CSV:
        return data(site.table(process_table(language), CSV.media_type), CSV.media_type, speaks=True)
    messages = translations(language)
    found = processes(site, language)
    if form == JSON:
        return rows_as_json(process_rows(found, site.labels(process.iri for process in found)))
    legend = (
        messages.gettext("a process: the more members, the larger"),
        messages.gettext("a few shared members"),
        messages.gettext("many shared members: the wider, the more; the stronger the colour, the more alike"),
    )

    def tell(one: Process, other: Process) -> str:
        said = messages.gettext("%(one)s and %(other)s share %(num)s members")
        return said % {"one": one.label, "other": other.label, "num": one.shared(other)}

    picture = Picture(
        "/processes",
        messages.gettext("Which processes share members"),
        messages.gettext(
            "Each circle is a process: the more members it has, the larger the circle. A line joins two processes "
            "that have at least a tenth of their members in common (Jaccard index): the more they share, the wider the "
            "line; the more alike their members are, the stronger its colour."
        ),
        lambda links, _: draw_processes(found, target_in(links, language), tell, legend),
        draw_narrow=lambda links, _: draw_processes(found, target_in(links, language), tell, legend, is_narrow=True),
    )
    if form == SVG:
        return picture_file(request, site, picture)
    context = {
        "all": sorted(found, key=lambda process: process.label),
        "known": [process for process in found if process.members],
        "compared": site.library["shared-participants"],
        "labels": site.labels({process.level for process in found if process.level}),
        "questions": [question for question in site.library.values() if question.group == "processes"],
        **offers(request, site, "/processes", (*GRAPHS, JSON, CSV)),
    }
    return picture_page(request, site, picture, "processes.html", context)


def _opening(opened: Sequence[str], names: Collection[str]) -> str:
    """The query that opens these among the objectives with these names."""
    if not opened:
        return ""
    return query_of({"open": _EVERYTHING if len(opened) == len(names) else ",".join(opened)})


def _kind_labels(site: Site) -> Mapping[str, Mapping[str, str]]:
    found = site.labels(f"{ONTOLOGY}#{kind}" for kind in KINDS)
    return {kind: found.get(f"{ONTOLOGY}#{kind}", {"": kind}) for kind in KINDS}


def _plan(site: Site) -> str:
    return site.names.id("plan", "crm")


def _role_label(everything: Responsibilities, role: str) -> str:
    named = {each.name: each.label for members in everything.roles.values() for each in members}
    return {**named, **everything.families}.get(role, "")
