"""Changes between two versions, and an earlier version of a plan, as RDF (PROV-O)."""

from collections.abc import Iterable

from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from crmgraph.comparing.changes import Change, Comparison, change_of
from crmgraph.comparing.pairing import KINDS
from crmgraph.comparing.reporting import agent_names, notices
from crmgraph.describing.vocabulary import CG
from crmgraph.describing.writer import passage_iri
from crmgraph.namespaces import Names
from crmgraph.wording import in_language

__all__ = ["as_turtle", "describe_revision", "describe_version"]

_LANGUAGES = ("en", "es")
_Triples = Iterable[tuple[URIRef, URIRef, URIRef | Literal]]


def as_turtle(comparison: Comparison, names: Names) -> str:
    """Return the links between the two versions (`describe_revision`) in Turtle."""
    graph = describe_revision(comparison, names)
    for prefix, space in names.prefixes().items():
        graph.bind(prefix, Namespace(space))
    return graph.serialize(format="turtle").rstrip() + "\n"


def describe_version(comparison: Comparison, names: Names, plan: str) -> Graph:
    """Return the older of two versions of the plan with the id `plan`, with what `describe_revision` says.

    Its parts are entities (PROV) with their words, their number and their passage, and the class that they would have:
    they are no parts of a plan, for a question about a plan is about what it says now.
    """
    old = comparison.old
    whole = URIRef(names.id("plan", old.id))
    graph = describe_revision(comparison, names)
    graph += [
        (whole, RDF.type, PROV.Entity),
        (whole, RDFS.label, Literal(old.title, old.language)),
        (whole, DCTERMS.isVersionOf, URIRef(names.id("plan", plan))),
        (whole, DCTERMS.source, URIRef(names.id("source", old.id))),
    ]
    for part in (part for part, _ in old.walk() if part.kind in KINDS):
        iri = URIRef(f"{whole}/{part.id}")
        graph += [
            (whole, PROV.hadMember, iri),
            (iri, RDF.type, PROV.Entity),
            (iri, DCTERMS.type, CG[part.kind]),
            (iri, RDFS.label, Literal(part.text, old.language)),
            (iri, DCTERMS.source, passage_iri(old, part.passage, names)),
            *([(iri, SKOS.notation, Literal(part.number))] if part.number else []),
        ]
    return graph


def describe_revision(comparison: Comparison, names: Names) -> Graph:
    """Return the links between the two versions: each part with the one that it is a revision of, and how.

    What stayed is derived from what it was; what was added was generated, and what was dropped invalidated, by the
    revision of the plan (PROV-O, qualified revision). Notes on a part say who was named before and is now, and what the
    calendar said and says, where that changed; those on the revision, what stood and stands above the table. A comment
    on it says that the two can hardly be compared.
    """
    old, new = (URIRef(names.id("plan", plan.id)) for plan in (comparison.old, comparison.new))
    revision = URIRef(f"{old}/revision")
    graph = Graph()
    graph += [
        (new, PROV.wasRevisionOf, old),
        (revision, RDF.type, PROV.Activity),
        (revision, PROV.used, old),
        (revision, PROV.generated, new),
        *(
            (revision, RDFS.comment, Literal(said, language))
            for language in _LANGUAGES
            for _, said in notices(comparison, language)
        ),
    ]
    if comparison.is_renamed:
        graph.add((revision, SKOS.note, Literal(_became(comparison.old.heading, comparison.new.heading))))
    for before, after in comparison.unchanged:
        graph.add((URIRef(f"{new}/{after.id}"), PROV.wasDerivedFrom, URIRef(f"{old}/{before.id}")))
    for change in comparison.changes:
        now = URIRef(f"{new}/{change.new.id if change.new else ''}")
        then = URIRef(f"{old}/{change.old.id if change.old else ''}")
        if change.new is None:
            graph.add((then, PROV.wasInvalidatedBy, revision))
        elif change.old is None:
            graph.add((now, PROV.wasGeneratedBy, revision))
        else:
            graph += _part_revision(change, now, then, revision)
    return graph


def _part_revision(change: Change, now: URIRef, then: URIRef, revision: URIRef) -> _Triples:
    iri = URIRef(f"{then}/revision")
    notes = [Literal(_became(*change.schedules))] if any(change.schedules) else []
    if any(change.agents):
        named = {language: (", ".join(names) for names in agent_names(change, language)) for language in _LANGUAGES}
        notes += (Literal(_became(*names), language) for language, names in named.items())
    return [
        (now, PROV.wasRevisionOf, then),
        (now, PROV.qualifiedRevision, iri),
        (iri, RDF.type, PROV.Revision),
        (iri, PROV.entity, then),
        (iri, PROV.hadActivity, revision),
        *((iri, DCTERMS.type, Literal(kind)) for kind in change.kinds),
        *(
            (iri, RDFS.comment, Literal(in_language(change_of(kind, change.part.kind), language), language))
            for kind in change.kinds
            for language in _LANGUAGES
        ),
        *((iri, SKOS.note, note) for note in notes),
    ]


def _became(before: str, after: str) -> str:
    return f"{before or '–'} → {after or '–'}"
