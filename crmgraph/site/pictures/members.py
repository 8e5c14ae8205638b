"""The members of a consultative process, and all the processes that they take part in, each in its capacity."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.certainty import Certainty, certainty_in, doubt, with_doubt
from crmgraph.site.pictures.network import NARROW, WIDE, Edge, Node, draw_network
from crmgraph.site.pictures.shapes import Drawing
from crmgraph.site.site import Row, Site, in_language, reference

__all__ = ["Membership", "draw_members", "members", "processes_with_members"]

_CAPACITIES = tuple(
    f"{ONTOLOGY}/membership-role#{name}" for name in ("member", "participant", "observer", "partner", "secretariat")
)
_PROCESSES = "SELECT DISTINCT ?process { ?process a cg:ConsultativeProcess ; cg:member ?state . ?state a cg:State }"
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
    found = [row["process"].value for row in site.select(_PROCESSES)]
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
