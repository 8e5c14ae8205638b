"""Which consultative processes have which States in common: as a matrix, and as a drawing."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.languages import translations
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.links import language_of
from crmgraph.site.base.parameters import check_choice, check_parameters
from crmgraph.site.base.rendering import offers
from crmgraph.site.base.representations import CSV, EVERY, GRAPHS, JSON, asked, data, rows_as_json, statements_as
from crmgraph.site.base.site import Certainty, Row, Site, Term, certainty_in, doubt, in_language, reference, with_doubt
from crmgraph.site.charts.layout import LETTER, Drawing, Key, Line, Link, Shape, Words, length, turned
from crmgraph.site.charts.network import NARROW, WIDE, Edge, Node, draw_network
from crmgraph.site.charts.pages import SVG, Picture, form_of, picture_file, picture_page, target_in
from crmgraph.site.statements import about_processes
from crmgraph.wording import Bilingual

__all__ = [
    "DEGREES",
    "MEMBERS_PARAMETERS",
    "NARROW_RING",
    "WIDE_RING",
    "Membership",
    "Overlap",
    "Process",
    "Ring",
    "RingLayout",
    "Spoke",
    "draw_members",
    "draw_overlaps",
    "draw_processes",
    "members",
    "members_page",
    "process_table",
    "processes",
    "processes_page",
    "processes_with_members",
]

DEGREES = 5
"""How many shades of likeness there are, from 1 on; 0 is none."""

_PROCESSES = f"""
SELECT ?process ?what ?value {{
  {{
    VALUES ?what {{ rdfs:label skos:altLabel skos:notation cg:processLevel cg:processStatus cg:since }}
    ?process a cg:ConsultativeProcess ; ?what ?value
  }}
  UNION {{ ?process a cg:ConsultativeProcess ; cg:member ?value . ?value a cg:State BIND (cg:member AS ?what) }}
  UNION {{
    ?value a cg:State ; cg:membership ?membership .
    ?membership cg:process ?process ; cg:role <{ONTOLOGY}/membership-role#participant> BIND (cg:participant AS ?what)
  }}
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
    SELECT ?process (COUNT(DISTINCT ?member) AS ?members) (COUNT(DISTINCT ?participant) AS ?participants) {{
      {{ ?process cg:member ?member . ?member a cg:State }}
      UNION {{
        ?participant a cg:State ; cg:membership ?membership .
        ?membership cg:process ?process ; cg:role <{ONTOLOGY}/membership-role#participant> .
      }}
    }} GROUP BY ?process
  }}
}} ORDER BY ?label ?process"""
_ABOVE = 60
_LEAST_DRAWN = 0.1
"""How like two have to be for a line between them, as the page says."""
_LONGEST = 24
"""How many characters a short name has at most."""


@dataclass(frozen=True)
class Process:
    """A process: its IRI, its name and short name, the IRIs of its level and status, its year, and its member States.

    Some processes have no members, but States that are `participants`. What nobody found is empty.
    """

    iri: str
    label: str
    short: str
    level: str
    status: str
    since: str
    members: frozenset[str]
    participants: frozenset[str] = frozenset()

    @property
    def is_known(self) -> bool:
        """Whether any State is known that is a member or a participant."""
        return bool(self.members or self.participants)

    def shared(self, other: "Process") -> int:
        """How many members the two have in common."""
        return len(self.members & other.members)

    def likeness(self, other: "Process") -> float:
        """The Jaccard index of their members: the shared among all that are members of either."""
        return self.shared(other) / (len(self.members | other.members) or 1)

    def degree(self, other: "Process") -> int:
        """How like they are, from 0 for nothing in common to DEGREES."""
        return math.ceil(DEGREES * self.likeness(other))


@dataclass(frozen=True)
class Ring:
    """What the processes stand on: how far its middle is from its sides and from its top, the size of letters, and how
    much is free between a process and its name, and beside the longest names."""

    across: float
    down: float
    letters: float
    gap: float
    margin: float


WIDE_RING = Ring(160, 160, LETTER, 14, 80)
"""Nearly as wide as all pictures are where they are shown small."""
NARROW_RING = Ring(52, 190, 12, 9, 4)
"""High, so that the names on either side have room in a narrow window."""


@dataclass(frozen=True)
class Spoke:
    """A process in its place on the circle; its name begins or ends at (`x`, `y`). Lengths are pixels."""

    process: Process
    cx: float
    cy: float
    radius: float
    x: float
    y: float
    anchor: str


@dataclass(frozen=True)
class Overlap:
    """A line between two processes, as wide as the number of members they share."""

    ends: tuple[Spoke, Spoke]
    shared: int
    degree: int
    width: float


@dataclass(frozen=True)
class RingLayout:
    """The drawing, in pixels."""

    width: float
    height: float
    spokes: tuple[Spoke, ...]
    overlaps: tuple[Overlap, ...]


def process_table(language: str) -> str:
    """The query for the processes as a table, with names in a language, and how many States are known of each: none at
    all is no number."""
    return _TABLE % {"language": language}


def processes(site: Site, language: str) -> tuple[Process, ...]:
    """All processes, each beside one that it is like, beginning with that which has most in common with the others.

    Those without a known member come last.
    """
    told: dict[str, dict[str, list[Term]]] = {}
    for row in site.recall(_PROCESSES):
        told.setdefault(row["process"].value, {}).setdefault(row["what"].value.rpartition("#")[2], []).append(
            row["value"]
        )
    found = [_process(iri, said, language) for iri, said in sorted(told.items())]
    return tuple(_in_order([each for each in found if each.members])) + tuple(
        sorted((each for each in found if not each.members), key=lambda each: each.label)
    )


def _process(iri: str, said: Mapping[str, Sequence[Term]], language: str) -> Process:
    def values(name: str) -> frozenset[str]:
        return frozenset(term.value for term in said.get(name, ()))

    # The last in a language is the shortest.
    shorts = sorted(
        (*said.get("altLabel", ()), *said.get("notation", ())), key=lambda term: (len(term.value), term.value)
    )
    return Process(
        iri,
        label=in_language({term.language: term.value for term in said["label"]}, language)[0],
        short=_short({term.language: term.value for term in reversed(shorts)}, language),
        level=min(values("processLevel"), default=""),
        status=min(values("processStatus"), default=""),
        since=min(values("since"), default=""),
        members=values("member"),
        participants=values("participant"),
    )


def _short(names: Mapping[str, str], language: str) -> str:
    """The shortest name in a language; that of no language, an acronym, where it is too long or there is none."""
    own = names.get(language, "")
    return own if own and len(own) <= _LONGEST else names.get("", own)


def _in_order(found: list[Process]) -> list[Process]:
    left = sorted(found, key=lambda each: (-sum(map(each.likeness, found)), each.iri))
    ordered = left[:1]
    left = left[1:]
    while left:
        following = max(left, key=lambda each: (each.likeness(ordered[-1]), -left.index(each)))
        left.remove(following)
        ordered.append(following)
    return ordered


def draw_overlaps(found: Sequence[Process], ring: Ring = WIDE_RING) -> RingLayout:
    """The processes that have members on a ring, in their order, with a line between those that are at all alike."""
    known = [process for process in found if process.members]
    spokes = [_spoke(process, place, len(known), ring) for place, process in enumerate(known)]
    sides = [side for spoke in spokes for side in _sides(spoke, ring)]
    left, right = min(sides, default=0) - ring.margin, max(sides, default=0) + ring.margin
    spokes = [replace(spoke, cx=round(spoke.cx - left, 1), x=round(spoke.x - left, 1)) for spoke in spokes]
    overlaps = [
        Overlap((one, other), shared, one.process.degree(other.process), round(0.5 + shared / 5, 1))
        for place, one in enumerate(spokes)
        for other in spokes[place + 1 :]
        if (shared := one.process.shared(other.process)) and one.process.likeness(other.process) >= _LEAST_DRAWN
    ]
    return RingLayout(
        round(right - left, 1),
        2 * (_ABOVE + ring.down),
        tuple(spokes),
        tuple(sorted(overlaps, key=lambda each: each.degree)),
    )


def _radius(process: Process) -> float:
    return 3 + math.sqrt(len(process.members))


def _spoke(process: Process, place: int, count: int, ring: Ring) -> Spoke:
    """A process on the ring, whose middle is at 0 from the left."""
    angle = 2 * math.pi * place / count - math.pi / 2
    across, down = math.cos(angle), math.sin(angle)
    radius = _radius(process)
    outside = radius + ring.gap
    middle = _ABOVE + ring.down
    # Above and below all, a name has its middle over the circle.
    anchor = "middle" if abs(across) < 0.15 else "start" if across > 0 else "end"
    return Spoke(
        process,
        ring.across * across,
        round(middle + ring.down * down, 1),
        round(radius, 1),
        (ring.across + outside) * across,
        round(middle + (ring.down + outside) * down + 4, 1),
        anchor,
    )


def _sides(spoke: Spoke, ring: Ring) -> tuple[float, float]:
    """Where the name of a process begins and ends."""
    long = length(spoke.process.short or spoke.process.label, ring.letters)
    left = spoke.x - {"start": 0, "middle": long / 2, "end": long}[spoke.anchor]
    return left, left + long


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
    picture = draw_overlaps(found, NARROW_RING if is_narrow else WIDE_RING)
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


_CAPACITIES = tuple(
    f"{ONTOLOGY}/membership-role#{name}" for name in ("member", "participant", "observer", "partner", "secretariat")
)
_WITH_MEMBERS = "SELECT DISTINCT ?process { ?process a cg:ConsultativeProcess ; cg:member ?state . ?state a cg:State }"
_MEMBERS = (
    """
SELECT DISTINCT ?state ?membership ?process ?role ?since ?doubted ?degree {
  %s cg:member ?state . ?state a cg:State ; cg:membership ?membership .
  ?membership cg:process ?process ; cg:role ?role .
  ?process a cg:ConsultativeProcess .
  FILTER (?role != <%s/membership-role#presidency>)
  OPTIONAL { ?membership cg:since ?since }"""
    + doubt("?membership")
    + "}"
)


@dataclass(frozen=True)
class Membership:
    """That a State takes part in a process in some capacity, all by IRI and by name; `since` when, "" if unknown; and
    how certain that is."""

    iri: str
    state: str
    state_label: str
    process: str
    process_label: str
    capacity: str
    capacity_label: str
    since: str
    certainty: Certainty


def processes_with_members(site: Site, language: str) -> dict[str, str]:
    """What the processes are called of which a member is known, by their names in addresses, in alphabetical order."""
    found = [row["process"].value for row in site.select(_WITH_MEMBERS)]
    labels = site.labels(found)
    named = {iri.rpartition("/")[2]: in_language(labels.get(iri, {}), language)[0] for iri in found}
    return dict(sorted(named.items(), key=lambda pair: (pair[1].casefold(), pair[0])))


def members(site: Site, process: str, language: str) -> tuple[Membership, ...]:
    """In what the member States of the process with this IRI take part: by State, then by process."""
    rows: dict[str, Row] = {}
    for row in site.select(_MEMBERS % (reference(process), ONTOLOGY)):
        # A membership with two years is told with the first.
        known = rows.setdefault(row["membership"].value, row)
        if "since" in row and ("since" not in known or row["since"].value < known["since"].value):
            rows[row["membership"].value] = row
    named = ("state", "process", "role")
    labels = site.labels({row[name].value for row in rows.values() for name in named})

    def said(row: Row, name: str) -> tuple[str, str]:
        return row[name].value, in_language(labels.get(row[name].value, {}), language)[0]

    found = (
        Membership(
            iri,
            *said(row, "state"),
            *said(row, "process"),
            *said(row, "role"),
            row["since"].value if "since" in row else "",
            certainty_in(row),
        )
        for iri, row in rows.items()
    )
    return tuple(sorted(found, key=lambda each: (each.state_label, each.process_label, _rank(each), each.iri)))


def _rank(membership: Membership) -> int:
    known = membership.capacity in _CAPACITIES
    return _CAPACITIES.index(membership.capacity) if known else len(_CAPACITIES)


def draw_members(
    found: Sequence[Membership], target: Callable[[str], str], language: str, is_narrow: bool = False
) -> Drawing:
    """The States on one side, the processes on the other, and lines in the look of the capacity between them."""
    states = {each.state: each.state_label for each in found}
    processes = {each.process: each.process_label for each in found}
    nodes = [Node(iri, label, target=target(iri)) for iri, label in states.items()]
    nodes += [Node(iri, label, target=target(iri)) for iri, label in sorted(processes.items())]
    edges = [
        Edge(
            each.state,
            each.process,
            each.capacity_label,
            f"{each.state_label} – {each.process_label}: {with_doubt(each.capacity_label, each.certainty, language)}",
        )
        for each in found
    ]
    kinds = dict.fromkeys(each.capacity_label for each in sorted(found, key=_rank))
    return draw_network(nodes, edges, list(kinds), room=NARROW if is_narrow else WIDE)


_PROCESS = "rcm"

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
        return rows_as_json(_rows(found, site.labels(process.iri for process in found)))
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
        "short_names": [
            (process.short, process.label)
            for process in found
            if process.members and process.short not in ("", process.label)
        ],
        "compared": site.library["shared-participants"],
        "labels": site.labels({process.level for process in found if process.level}),
        "turned": turned,
        "questions": [question for question in site.library.values() if question.group == "processes"],
        **offers(request, site, "/processes", (*GRAPHS, JSON, CSV)),
    }
    return picture_page(request, site, picture, "processes.html", context)


def _rows(found: Iterable[Process], labels: Mapping[str, Mapping[str, str]]) -> Iterator[dict[str, object]]:
    """The processes, each with the IRIs of its level, of its status and of its States, None where none is known."""
    for each in found:
        yield {
            "process": each.iri,
            "label": labels.get(each.iri, {}),
            "level": each.level or None,
            "status": each.status or None,
            "since": each.since or None,
            "members": sorted(each.members) if each.is_known else None,
            "participants": sorted(each.participants) if each.is_known else None,
        }
