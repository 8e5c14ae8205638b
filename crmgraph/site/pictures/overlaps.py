"""Which consultative processes have which States in common: as a matrix, and as a drawing."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.pictures.lettering import LETTER, length
from crmgraph.site.site import Site, Term, in_language

__all__ = [
    "DEGREES",
    "NARROW",
    "WIDE",
    "Overlap",
    "Picture",
    "Process",
    "Ring",
    "Spoke",
    "draw_overlaps",
    "process_table",
    "processes",
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


WIDE = Ring(160, 160, LETTER, 14, 80)
"""Nearly as wide as all pictures are where they are shown small."""
NARROW = Ring(52, 190, 12, 9, 4)
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
class Picture:
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


def draw_overlaps(found: Sequence[Process], ring: Ring = WIDE) -> Picture:
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
    return Picture(
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
