"""The charts of the consultative processes: which processes share members, and the processes of a process's members."""

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from operator import attrgetter

from starlette.responses import Response

from crmgraph.errors import Bilingual
from crmgraph.http.languages import translations
from crmgraph.site.base import (
    CSV,
    GRAPHS,
    JSON,
    PageRequest,
    Record,
    Site,
    certainty_pattern,
    check_choice,
    in_language,
    iri_ref,
    query_about,
    with_certainty,
)
from crmgraph.site.charts.drawing import (
    Drawing,
    Edge,
    Node,
    chart_response,
    draw_network,
    records,
    vertical_heading,
)
from crmgraph.site.indexes.index import short_names

MEMBERS_PARAMETERS = (
    {
        "name": "process",
        "in": "query",
        "description": "The process whose members are shown",
        "schema": {"type": "string"},
        "example": "rcm",
    },
)
"""The parameter of the page of members, as OpenAPI describes it."""

_PARTICIPANT = """
    ?participant a cg:State ; ^org:member ?membership .
    ?membership org:organization ?process ; org:role membership-role:participant"""
_PROCESSES = f"""
SELECT DISTINCT ?process ?level ?status ?since ?member ?participant {{
  ?process a cg:ConsultativeProcess
  OPTIONAL {{ ?process cg:processLevel ?level }}
  OPTIONAL {{ ?process cg:processStatus ?status }}
  OPTIONAL {{ ?process cg:since ?since }}
  OPTIONAL {{
    {{ ?process cg:member ?member . ?member a cg:State }}
    UNION {{{_PARTICIPANT} }}
  }}
}}"""
_TABLE = f"""
SELECT ?process ?label ?level ?status ?since ?members ?participants {{
  ?process a cg:ConsultativeProcess ; rdfs:label ?label
  FILTER LANGMATCHES(LANG(?label), "%(language)s")
  OPTIONAL {{ ?process cg:processLevel/skos:prefLabel ?level FILTER (LANG(?level) = "%(language)s") }}
  OPTIONAL {{ ?process cg:processStatus/skos:prefLabel ?status FILTER (LANG(?status) = "%(language)s") }}
  OPTIONAL {{ ?process cg:since ?since }}
  OPTIONAL {{
    SELECT ?process (COUNT(DISTINCT ?member) AS ?members) (COUNT(DISTINCT ?participant) AS ?participants) {{
      {{ ?process cg:member ?member . ?member a cg:State }} UNION {{{_PARTICIPANT} }}
    }} GROUP BY ?process
  }}
}} ORDER BY ?label ?process"""
_WITH_MEMBERS = "SELECT DISTINCT ?process { ?process a cg:ConsultativeProcess ; cg:member ?state . ?state a cg:State }"
_MEMBERS = (
    """
SELECT DISTINCT ?state ?membership ?process ?role ?since ?doubted ?degree {
  %s cg:member ?state . ?state a cg:State ; ^org:member ?membership .
  ?membership org:organization ?process ; org:role ?role .
  ?process a cg:ConsultativeProcess .
  FILTER (?role != membership-role:presidency)
  OPTIONAL { ?membership cg:since ?since }"""
    + certainty_pattern("?membership")
    + "}"
)
_ROLES = ("member", "participant", "observer", "partner", "secretariat")
_DEFAULT_PROCESS = "rcm"
_MIN_SIMILARITY = 0.1
"""The least similarity of two processes that a line joins. The description of the chart states it too."""
_MEMBERS_PER_WEIGHT = 7
"""The number of shared members that adds 1 to the weight of a line."""


def processes(site: Site, language: str) -> tuple[Record, ...]:
    """Return all consultative processes, first those whose members are known, sorted by name.

    Attributes of a process, besides those of every record (see `records`):

        level, status: IRIs of concepts, or "".
        since: the year of foundation, or "".
        short: the short name, or "".
        member: the set of IRIs of its member States.
        participant: the set of IRIs of States that participate; for some processes, only these are known.
    """
    found = records(site, _PROCESSES, language, "process", ("level", "status", "since"), sets=("member", "participant"))
    names = short_names(site)
    for each in found:
        each.short = in_language(names.get(each.iri, {}), language)[0]
    return tuple(sorted(found, key=lambda each: (not each.member, each.label)))


def shared_member_count(one: Record, other: Record) -> int:
    """Return the number of members that two processes have in common."""
    return len(one.member & other.member)


def similarity(one: Record, other: Record) -> float:
    """Return the Jaccard index of the sets of members of two processes, from 0 to 1."""
    return shared_member_count(one, other) / (len(one.member | other.member) or 1)


def draw_processes(found: Sequence[Record], target: Callable[[str], str], language: str) -> Drawing:
    """Return a network of the processes whose members are known.

    Each process is in both columns. A line joins two processes whose Jaccard index is at least 0.1.

    Arguments:
        found: all processes, from `processes`.
        target: returns the address of an IRI.
        language: the language of the labels of lines.
    """
    gettext = translations(language).gettext
    known = [each for each in found if each.member]
    nodes = [Node(each.iri, each.short or each.label, target(each.iri)) for each in known]
    edges = [
        Edge(
            one.iri,
            other.iri,
            label=gettext("%(one)s and %(other)s share %(num)s members")
            % {"one": one.label, "other": other.label, "num": shared_member_count(one, other)},
            weight=shared_member_count(one, other) / _MEMBERS_PER_WEIGHT,
        )
        for one, other in permutations(known, 2)
        if similarity(one, other) >= _MIN_SIMILARITY
    ]
    return draw_network(nodes, nodes, edges)


def processes_page(visit: PageRequest) -> Response:
    """Return the page of the processes and of the States that they have in common, or its chart as SVG, or its data."""
    site, form, language = visit.site, visit.form, visit.language
    found = processes(site, language) if form not in (*GRAPHS, CSV) else []
    if form in (*GRAPHS, JSON, CSV):
        # The numbers are unbound for a process of which no State is known.
        table = site.answer(_TABLE % {"language": language}, CSV.media_type) if form == CSV else ""
        return visit.respond_with_data(query_about("processes", site), _json_rows(site, found), table)
    return chart_response(
        visit,
        "/processes",
        visit.gettext("Which processes share members"),
        visit.gettext(
            "Each process stands on both sides. A line joins two that have at least a tenth of their members in common "
            "(Jaccard index): the more they share, the wider the line."
        ),
        lambda target, _: draw_processes(found, target, language),
        "processes.html",
        {
            "all": sorted(found, key=attrgetter("label")),
            "known": [process for process in found if process.member],
            "short_names": [
                (process.short, process.label)
                for process in found
                if process.member and process.short not in ("", process.label)
            ],
            "compared": site.library["shared-participants"],
            "labels": site.labels({process.level for process in found if process.level}),
            "questions": [question for question in site.library.values() if question.group == "processes"],
            "shared": shared_member_count,
            "similarity": similarity,
            "vertical_heading": vertical_heading,
            **visit.data_links((*GRAPHS, JSON, CSV)),
        },
    )


def _json_rows(site: Site, found: Sequence[Record]) -> Iterator[dict[str, object]]:
    """Yield a JSON object for each process. The lists of States are null if no State is known."""
    labels = site.labels(each.iri for each in found)
    for each in found:
        states = {"members": sorted(each.member), "participants": sorted(each.participant)}
        yield {
            "process": each.iri,
            "label": labels.get(each.iri, {}),
            **{name: getattr(each, name) or None for name in ("level", "status", "since")},
            **(states if any(states.values()) else dict.fromkeys(states)),
        }


def members(site: Site, process: str, language: str) -> list[Record]:
    """Return the memberships of a process's member States in all processes, sorted by State, then by process.

    Each record has the resources `state`, `process` and `role`, the year `since`, and `rank`, the position of the role
    in display order. `process` is the IRI of the process whose members are selected.
    """
    found = records(site, _MEMBERS % iri_ref(process), language, "membership", ("since",), ("state", "process", "role"))
    for each in found:
        each.rank = _ROLES.index(each.role.name) if each.role.name in _ROLES else len(_ROLES)
    return sorted(found, key=lambda each: (each.state.label, each.process.label, each.rank, each.iri))


def draw_members(found: Sequence[Record], target: Callable[[str], str], language: str) -> Drawing:
    """Return a network of States and processes. The style of a line shows the role of the State in the process.

    Arguments:
        found: the memberships, from `members`.
        target: returns the address of an IRI.
        language: the language of the labels of lines.
    """
    states = dict.fromkeys(each.state for each in found)
    others = sorted({each.process for each in found}, key=attrgetter("iri"))
    left, right = ([Node(each.iri, each.label, target(each.iri)) for each in side] for side in (states, others))
    edges = [
        Edge(
            each.state.iri,
            each.process.iri,
            each.role.label,
            f"{each.state.label} – {each.process.label}: {with_certainty(each.role.label, each.certainty, language)}",
        )
        for each in found
    ]
    roles = dict.fromkeys(each.role.label for each in sorted(found, key=attrgetter("rank")))
    return draw_network(left, right, edges, list(roles))


def members_page(visit: PageRequest) -> Response:
    """Return the page of the chart of the members of a process, which the parameter `process` selects.

    Raises UsageError if there is no such process with members.
    """
    site, language = visit.site, visit.language
    known = records(site, _WITH_MEMBERS, language, "process")
    by_name = sorted(known, key=lambda each: (each.label.casefold(), each.iri))
    choices = {each.iri.rpartition("/")[2]: each.label for each in by_name}
    name = visit.parameters.get("process") or _DEFAULT_PROCESS
    check_choice("process", Bilingual("process", "proceso"), name, choices)
    found = members(site, site.names.id("process", name), language)
    return chart_response(
        visit,
        "/pictures/members",
        visit.gettext("Members and their processes"),
        visit.gettext(
            "The member States of a consultative process on the left, all the processes that they take part in on the "
            "right. The line style shows in which capacity."
        ),
        lambda target, _: draw_members(found, target, language),
        "pictures/members.html",
        {
            "choices": choices,
            "chosen": name,
            "memberships": found,
            "questions": [question for question in site.library.values() if question.group == "processes"],
        },
        parameters={"process": name} if visit.parameters.get("process") else {},
        selection=[choices[name]],
    )
