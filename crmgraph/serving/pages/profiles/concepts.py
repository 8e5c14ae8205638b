"""The profile of a topic or a population group: what it means, what is broader and narrower, and who deals with it."""

from crmgraph.serving.i18n import marked
from crmgraph.serving.pages.indexes.kinds import address_of_concept
from crmgraph.serving.pages.indexes.plan_parts import plan_of, plan_parts
from crmgraph.serving.pages.profiles.fact import Fact, Profile, by_name, facts, lead, objects, said
from crmgraph.serving.pages.site import Site, reference
from crmgraph.serving.pages.things.things import Thing

__all__ = ["concept", "narrower_read"]

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_OBJECTIVES = "SELECT DISTINCT ?x { ?x a cg:Objective ; cg:within %s ; cg:concernsTopic|cg:concernsGroup %s }"


_NARROWER = "SELECT DISTINCT ?x { ?x skos:broader+ %s . ?part cg:topic|cg:populationGroup ?x }"


def concept(site: Site, thing: Thing, language: str) -> Profile | None:
    """The definition, the concepts around it, and the objectives that concern it; None for other concepts."""
    if not address_of_concept(thing.iri):
        return None
    rows = site.select(_OBJECTIVES % (plan_of(site), reference(thing.iri)))
    objectives = plan_parts(site).listed(row["x"].value for row in rows)
    narrower = objects(thing, _SKOS + "narrower")
    told = facts(
        Fact(marked("Belongs to"), said(by_name(site, objects(thing, _SKOS + "broader"), language))),
        Fact(marked("Includes directly"), said(by_name(site, narrower, language))),
        Fact(
            marked("Objectives that concern it or something narrower")
            if narrower
            else marked("Objectives that concern it"),
            parts=objectives,
            is_inferred=bool(objectives),
        ),
    )
    unknown = () if objectives else (marked("No objective of the plan concerns it."),)
    return Profile(*lead(thing, language), told, unknown)


def narrower_read(site: Site, thing: Thing, language: str) -> list[str]:
    """The topics or groups narrower than this one, near or far, of which parts of plans speak, by name."""
    if not address_of_concept(thing.iri):
        return []
    return by_name(site, (row["x"].value for row in site.select(_NARROWER % reference(thing.iri))), language)
