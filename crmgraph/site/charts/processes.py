"""The charts of the consultative processes: which share members, and what the members of one take part in."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import attrgetter

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.languages import translations
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.addresses import check_choice, language_of
from crmgraph.site.base.rendering import data_links
from crmgraph.site.base.representations import (
    CSV,
    EVERY,
    GRAPHS,
    JSON,
    about,
    data_response,
    requested_form,
    rows_as_json,
    statements_as,
)
from crmgraph.site.base.site import Site, Term, doubt, in_language, reference, with_doubt
from crmgraph.site.charts.layout import (
    NARROW,
    TEXT_SIZE,
    WIDE,
    Drawing,
    Edge,
    LegendEntry,
    Link,
    Node,
    Path,
    Text,
    circle,
    draw_network,
    text_width,
    vertical_heading,
)
from crmgraph.site.charts.pages import SVG, ChartPage, Record, chart_response, records
from crmgraph.wording import Bilingual

__all__ = [
    "DEGREES",
    "MEMBERS_PARAMETERS",
    "Process",
    "draw_members",
    "draw_processes",
    "members",
    "members_chart",
    "processes",
    "processes_page",
]

DEGREES = 5
"""How many degrees of similarity there are above 0."""

MEMBERS_PARAMETERS = (
    {
        "name": "process",
        "in": "query",
        "description": "The process whose members are shown",
        "schema": {"type": "string"},
        "example": "rcm",
    },
)
"""The parameter of the page of members."""

_PARTICIPANTS = f"""
    ?value a cg:State ; cg:membership ?membership .
    ?membership cg:process ?process ; cg:role <{ONTOLOGY}/membership-role#participant>"""
_PROCESSES = f"""
SELECT ?process ?what ?value {{
  {{
    VALUES ?what {{ rdfs:label skos:altLabel skos:notation cg:processLevel cg:processStatus cg:since }}
    ?process a cg:ConsultativeProcess ; ?what ?value
  }}
  UNION {{ ?process a cg:ConsultativeProcess ; cg:member ?value . ?value a cg:State BIND (cg:member AS ?what) }}
  UNION {{{_PARTICIPANTS} BIND (cg:participant AS ?what) }}
}}"""
_TABLE = f"""
SELECT ?process ?label ?level ?status ?since ?members ?participants {{
  ?process a cg:ConsultativeProcess ; rdfs:label ?label
  FILTER (LANG(?label) = "%(language)s" || NOT EXISTS {{
    ?process rdfs:label ?nearer FILTER (LANG(?nearer) = "%(language)s" || LANG(?nearer) < LANG(?label))
  }})
  OPTIONAL {{ ?process cg:processLevel/skos:prefLabel ?level FILTER (LANG(?level) = "%(language)s") }}
  OPTIONAL {{ ?process cg:processStatus/skos:prefLabel ?status FILTER (LANG(?status) = "%(language)s") }}
  OPTIONAL {{ ?process cg:since ?since }}
  OPTIONAL {{
    SELECT ?process (COUNT(DISTINCT ?member) AS ?members) (COUNT(DISTINCT ?value) AS ?participants) {{
      {{ ?process cg:member ?member . ?member a cg:State }} UNION {{{_PARTICIPANTS} }}
    }} GROUP BY ?process
  }}
}} ORDER BY ?label ?process"""
_WITH_MEMBERS = "SELECT DISTINCT ?process { ?process a cg:ConsultativeProcess ; cg:member ?state . ?state a cg:State }"
_MEMBERS = (
    f"""
SELECT DISTINCT ?state ?membership ?process ?role ?since ?doubted ?degree {{
  %s cg:member ?state . ?state a cg:State ; cg:membership ?membership .
  ?membership cg:process ?process ; cg:role ?role .
  ?process a cg:ConsultativeProcess .
  FILTER (?role != <{ONTOLOGY}/membership-role#presidency>)
  OPTIONAL {{ ?membership cg:since ?since }}"""
    + doubt("?membership")
    + "}"
)
_ROLES = ("member", "participant", "observer", "partner", "secretariat")
_DEFAULT = "rcm"
_LEAST_SIMILARITY = 0.1
"""How similar the members of two processes are that a line joins, as the page says."""
_LONGEST_SHORT_NAME = 24
_TOP = 60


@dataclass(frozen=True)
class Process:
    """A process: its names, the IRIs of its level and status, its year, and the IRIs of its member States.

    Of some processes no members are known, but States that are `participants`. What is not known is empty.
    """

    iri: str
    label: str
    short: str
    level: str = ""
    status: str = ""
    since: str = ""
    members: frozenset[str] = frozenset()
    participants: frozenset[str] = frozenset()

    def shared(self, other: "Process") -> int:
        """Return how many members two processes have in common."""
        return len(self.members & other.members)

    def similarity(self, other: "Process") -> float:
        """Return the Jaccard index of the members of two processes."""
        return self.shared(other) / (len(self.members | other.members) or 1)

    def degree(self, other: "Process") -> int:
        """Return how similar the members of two processes are, from 0 for nothing in common to DEGREES."""
        return math.ceil(DEGREES * self.similarity(other))


def processes(site: Site, language: str) -> tuple[Process, ...]:
    """Return all processes: those with members first, each beside one that is similar, the others by name."""
    said: defaultdict[str, defaultdict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in site.recall(_PROCESSES):
        said[row["process"].value][row["what"].value.rpartition("#")[2]].append(row["value"])
    found = [_process(iri, values, language) for iri, values in sorted(said.items())]
    known = [each for each in found if each.members]
    left = sorted(known, key=lambda each: (-sum(map(each.similarity, known)), each.iri))
    ordered: list[Process] = []
    while left:
        following = max(left, key=ordered[-1].similarity) if ordered else left[0]
        left.remove(following)
        ordered.append(following)
    return (*ordered, *sorted((each for each in found if not each.members), key=attrgetter("label")))


def _process(iri: str, values: defaultdict[str, list[Term]], language: str) -> Process:
    names = sorted(
        (*values["altLabel"], *values["notation"]), key=lambda term: (len(term.value), term.value), reverse=True
    )
    # The last in a language is the shortest.
    short_names = {term.language: term.value for term in names}
    short = short_names.get(language, "")
    if not short or len(short) > _LONGEST_SHORT_NAME:
        short = short_names.get("", short)
    level, status, since = (
        min((term.value for term in values[name]), default="") for name in ("processLevel", "processStatus", "since")
    )
    return Process(
        iri,
        in_language({term.language: term.value for term in values["label"]}, language)[0],
        short,
        level,
        status,
        since,
        *(frozenset(term.value for term in values[name]) for name in ("member", "participant")),
    )


def draw_processes(
    found: Sequence[Process], target: Callable[[str], str], language: str, is_narrow: bool = False
) -> Drawing:
    """Return a ring of the processes that have members, in their order, with lines between those that are similar.

    `target` gives the address of an IRI.
    """
    gettext = translations(language).gettext
    across, down, text_size, gap, margin = (52, 190, 12, 9, 4) if is_narrow else (160, 160, TEXT_SIZE, 14, 80)
    known = [each for each in found if each.members]
    points: dict[Process, tuple[float, float]] = {}
    nodes: list[Link] = []
    left = right = 0.0
    for place, process in enumerate(known):
        angle = 2 * math.pi * place / len(known) - math.pi / 2
        cos, sin = math.cos(angle), math.sin(angle)
        x, y = points[process] = round(across * cos, 1), round(_TOP + down + down * sin, 1)
        radius = 3 + math.sqrt(len(process.members))
        # The topmost and the lowest name stand above and below their circles.
        anchor = "middle" if abs(cos) < 0.15 else "start" if cos > 0 else "end"
        name_x, base = round(x + (radius + gap) * cos, 1), round(y + (radius + gap) * sin + 4, 1)
        name = Text(name_x, base, process.short or process.label, "label" if is_narrow else "", anchor)
        start = name_x - text_width(name.text, text_size) * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        left, right = min(left, start), max(right, start + text_width(name.text, text_size))
        dot = Path(circle(round(radius, 1)), "process", x=x, y=y)
        nodes.append(Link(target(process.iri), process.label, (dot, name), process.iri))
    lines: list[Path] = []
    pairs = [pair for pair in combinations(known, 2) if pair[0].similarity(pair[1]) >= _LEAST_SIMILARITY]
    for one, other in sorted(pairs, key=lambda pair: pair[0].degree(pair[1])):
        (x, y), (end_x, end_y), shared = points[one], points[other], one.shared(other)
        said = {"one": one.label, "other": other.label, "num": shared}
        title = gettext("%(one)s and %(other)s share %(num)s members") % said
        kind, width = f"overlap degree-{one.degree(other)}", round(0.5 + shared / 5, 1)
        lines.append(Path(f"M{x} {y}L{end_x} {end_y}", kind, title, width, ends=(one.iri, other.iri)))
    samples = (
        (Path(circle(6), "process", x=14, y=10), gettext("a process: the more members, the larger")),
        (Path("M0 10H28", "overlap degree-2", width=2), gettext("a few shared members")),
        (
            Path("M0 10H28", f"overlap degree-{DEGREES}", width=4),
            gettext("many shared members: the wider, the more; the stronger the colour, the more alike"),
        ),
    )
    legend = tuple(LegendEntry((sample,), label) for sample, label in samples)
    width, height = round(right - left + 2 * margin, 1), 2 * (_TOP + down)
    return Drawing(width, height, (*lines, *nodes), legend, left=round(left - margin, 1))


def processes_page(request: Request, site: Site, is_file: bool = False) -> Response:
    """Return the page of the processes and of the States that they have in common, its chart, or its data."""
    form = SVG if is_file else requested_form(request, forms=(*EVERY, CSV, SVG))[1]
    if form in GRAPHS:
        return statements_as(site, about("processes", site), form)
    language = language_of(request)
    if form == CSV:
        # Where no State is known, the table has no numbers.
        return data_response(site.table(_TABLE % {"language": language}, CSV.media_type), CSV.media_type, speaks=True)
    messages = translations(language)
    found = processes(site, language)
    if form == JSON:
        return rows_as_json(_json_rows(site, found))
    chart = ChartPage(
        "/processes",
        messages.gettext("Which processes share members"),
        messages.gettext(
            "Each circle is a process: the more members it has, the larger the circle. A line joins two processes "
            "that have at least a tenth of their members in common (Jaccard index): the more they share, the wider the "
            "line; the more alike their members are, the stronger its colour."
        ),
        lambda target, _, is_narrow: draw_processes(found, target, language, is_narrow),
        "processes.html",
        {
            "all": sorted(found, key=attrgetter("label")),
            "known": [process for process in found if process.members],
            "short_names": [
                (process.short, process.label)
                for process in found
                if process.members and process.short not in ("", process.label)
            ],
            "compared": site.library["shared-participants"],
            "labels": site.labels({process.level for process in found if process.level}),
            "questions": [question for question in site.library.values() if question.group == "processes"],
            "vertical_heading": vertical_heading,
            **data_links(request, site, "/processes", (*GRAPHS, JSON, CSV)),
        },
    )
    return chart_response(request, site, chart, is_file=form == SVG)


def _json_rows(site: Site, found: Sequence[Process]) -> Iterator[dict[str, object]]:
    """Return the processes as rows of JSON; where no State is known, null stands for the lists of them."""
    labels = site.labels(each.iri for each in found)
    for each in found:
        states = {name: sorted(getattr(each, name)) for name in ("members", "participants")}
        yield {
            "process": each.iri,
            "label": labels.get(each.iri, {}),
            **{name: getattr(each, name) or None for name in ("level", "status", "since")},
            **(states if any(states.values()) else dict.fromkeys(states)),
        }


def members(site: Site, process: str, language: str) -> list[Record]:
    """Return all memberships of the member States of the process with this IRI, by State, then by process.

    Each has the `state`, the `process`, the `role`, its place among the roles (`rank`), and the year `since` it holds.
    """
    things = ("state", "process", "role")
    found = records(site, _MEMBERS % reference(process), language, "membership", ("since",), things)
    for each in found:
        each.rank = _ROLES.index(each.role.name) if each.role.name in _ROLES else len(_ROLES)
    return sorted(found, key=lambda each: (each.state.label, each.process.label, each.rank, each.iri))


def draw_members(
    found: Sequence[Record], target: Callable[[str], str], language: str, is_narrow: bool = False
) -> Drawing:
    """Return a network of the States and the processes, with lines in the style of the role."""
    states = dict.fromkeys(each.state for each in found)
    others = sorted({each.process for each in found}, key=attrgetter("iri"))
    left, right = ([Node(each.iri, each.label, target=target(each.iri)) for each in side] for side in (states, others))
    edges = []
    for each in found:
        label = f"{each.state.label} – {each.process.label}: {with_doubt(each.role.label, each.certainty, language)}"
        edges.append(Edge(each.state.iri, each.process.iri, each.role.label, label))
    roles = dict.fromkeys(each.role.label for each in sorted(found, key=attrgetter("rank")))
    return draw_network(left, right, edges, list(roles), columns=NARROW if is_narrow else WIDE)


def members_chart(site: Site, language: str, asked: Mapping[str, str]) -> ChartPage:
    """Return the chart of the members of the process that is asked for. Raises UsageError if there is none."""
    messages = translations(language)
    known = records(site, _WITH_MEMBERS, language, "process")
    known.sort(key=lambda each: (each.label.casefold(), each.iri))
    choices = {each.iri.rpartition("/")[2]: each.label for each in known}
    name = asked.get("process", _DEFAULT)
    check_choice("process", Bilingual("process", "proceso"), name, choices)
    found = members(site, site.names.id("process", name), language)
    return ChartPage(
        "/pictures/members",
        messages.gettext("Members and their processes"),
        messages.gettext(
            "The member States of a consultative process on the left, all the processes that they take part in on the "
            "right. The line style shows in which capacity."
        ),
        lambda target, _, is_narrow: draw_members(found, target, language, is_narrow),
        "pictures/members.html",
        {
            "choices": choices,
            "chosen": name,
            "memberships": found,
            "questions": [question for question in site.library.values() if question.group == "processes"],
        },
        asked,
        [choices[name]],
    )
