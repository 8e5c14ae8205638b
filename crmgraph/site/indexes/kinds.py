"""The kinds of things that have an index, in the order in which the site names them."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field

from crmgraph.http.languages import marked
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.site import Site
from crmgraph.site.indexes.actors import actors
from crmgraph.site.indexes.concepts import population_groups, topics
from crmgraph.site.indexes.index import Index
from crmgraph.site.indexes.instruments import instruments
from crmgraph.site.indexes.meetings import meetings
from crmgraph.site.indexes.networks import networks
from crmgraph.site.indexes.states import states

__all__ = ["KINDS", "PROCESSES", "Asked", "Kind", "address_of_concept", "index_of"]


@dataclass(frozen=True)
class Asked:
    """A question of the library, by its name, with the values that make it ask about all that is in the index."""

    question: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """A kind of things: the path of its index, what it is called, a sentence on it, and a summary for OpenAPI.

    `read` makes the index in a language; `things` is the pattern in SPARQL that ?x fulfils; `asked` are the questions
    that answer the same, the nearest first. The things are of one of the `classes` (their names in our ontology), or
    concepts of the `scheme` of that name, of which one is the `example`.
    """

    path: str
    title: str
    lead: str
    summary: str
    read: Callable[[Site, str], Index]
    things: str
    asked: tuple[Asked, ...]
    classes: tuple[str, ...] = ()
    scheme: str = ""
    example: str = ""

    def holds(self, classes: Container[str], iri: str) -> bool:
        """Whether a thing of the classes with these names, with this IRI, belongs here."""
        is_concept = bool(self.scheme) and iri.startswith(f"{ONTOLOGY}/{self.scheme}#")
        return is_concept or any(name in classes for name in self.classes)


KINDS = (
    Kind(
        "/actors",
        marked("Actors"),
        marked(
            "Everybody to whom the plan gives a role: what they are, which roles they have, and in how many parts of "
            "the plan. Those known only from other sources come last."
        ),
        "All actors, and their roles in the plan",
        actors,
        "VALUES ?class { cg:Organ cg:Network cg:Organisation cg:AgentGroup } ?x a ?class .",
        (Asked("role-counts"), Asked("agent-roles", {"agent": "any"}), Asked("agents-named")),
        ("Organisation", "AgentGroup"),
    ),
    Kind(
        "/networks",
        marked("Bodies and networks"),
        marked(
            "The bodies and networks through which the process acts, and the objectives of the plan that refer to a "
            "network’s work plan instead of saying what is to be done. A body or network acts in a part if it does "
            "something there or is to do it. A part that only refers to its work plan, follows it up or assists it "
            "gives it a role too, but such roles are counted only on the page of the actors."
        ),
        "All bodies and networks, and the objectives that refer to their work plan",
        networks,
        "VALUES ?class { cg:Organ cg:Network } ?x a ?class .",
        (Asked("network-objectives"), Asked("body-duties")),
        ("Organ", "Network"),
    ),
    Kind(
        "/instruments",
        marked("Instruments, programmes and funds"),
        marked(
            "Agreements, laws, guidelines, programmes and funds: their kind and date, whether the plan relies on them "
            "or only speaks of them, and what else is on record. A part may use one without calling it by its name."
        ),
        "All instruments, and what the plan does with them",
        instruments,
        "?x a cg:Instrument .",
        (Asked("instruments"), Asked("cited-titles"), Asked("instrument-objectives", {"instrument": "any"})),
        ("Instrument",),
    ),
    Kind(
        "/meetings",
        marked("Meetings"),
        marked(
            "When and where each meeting on record took place, and which parts of the plan name it. Where the date is "
            "not known, the meeting’s number in its series narrows down the years as far as possible."
        ),
        "All meetings, and whether they were in the years that the plan speaks of",
        meetings,
        "?x a cg:Meeting .",
        (Asked("meetings-during-plan"), Asked("meetings-named")),
        ("Meeting",),
    ),
    Kind(
        "/states",
        marked("States"),
        marked(
            "All States and territories on record: since when they have been members, which other processes they take "
            "part in, how many instruments they are parties to, and how many parts of the plan name them."
        ),
        "All States, and the processes that they take part in",
        states,
        "?x a cg:State .",
        (Asked("states-named"), Asked("process-members"), Asked("instrument-parties")),
        ("State",),
    ),
    Kind(
        "/topics",
        marked("Topics"),
        marked(
            "What the plan is about. An objective concerns a topic if its words, or those of one of its parts, speak "
            "of it or of a narrower topic; the title of a theme that they only cite does not count. The number of "
            "parts leaves out those that speak only of a narrower one."
        ),
        "All topics, and the objectives that concern them",
        topics,
        "?x skos:inScheme <https://w3id.org/crmgraph/ontology/topic> .",
        (Asked("topic-objectives", {"topic": "any"}), Asked("topics-by-theme")),
        scheme="topic",
        example="return",
    ),
    Kind(
        "/population-groups",
        marked("Population groups"),
        marked(
            "Whom the plan is about. An objective concerns a group if its words, or those of one of its parts, speak "
            "of it or of a narrower group. The number of parts leaves out those that speak only of a narrower one."
        ),
        "All population groups, and the objectives that concern them",
        population_groups,
        "?x skos:inScheme <https://w3id.org/crmgraph/ontology/population-group> .",
        (Asked("group-objectives", {"group": "any"}), Asked("population-groups-by-theme")),
        scheme="population-group",
        example="refugees",
    ),
)

PROCESSES = ("/processes", marked("Consultative processes"))
"""The path and the title of the page of the processes, which is of another make and stands among the indexes."""


def index_of(classes: Container[str], iri: str) -> tuple[str, str]:
    """The path and the title of the index that has the thing with this IRI, by the names of its classes, or for a
    membership what it is in; empty where none has it."""
    if "ConsultativeProcess" in classes or "Membership" in classes:
        return PROCESSES
    found = next((kind for kind in KINDS if kind.holds(classes, iri)), None)
    return (found.path, found.title) if found else ("", "")


def address_of_concept(iri: str) -> str:
    """The path of the page of a topic or a population group; nothing for anything else."""
    kind = next((kind for kind in KINDS if kind.scheme and kind.holds((), iri)), None)
    return f"{kind.path}/{iri.partition('#')[2]}" if kind else ""
