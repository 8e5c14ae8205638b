"""The profile of a topic or a population group: what it means, what is broader and narrower, and who deals with it."""

from crmgraph.http.languages import marked
from crmgraph.site.base.site import Site, reference
from crmgraph.site.indexes.kinds import address_of_concept
from crmgraph.site.indexes.plan_parts import plan_of, plan_parts
from crmgraph.site.profiles.fact import Fact, Profile, by_name, facts, lead, objects, said
from crmgraph.site.things.things import Thing

__all__ = ["concept", "narrower_read"]

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_OBJECTIVES = "SELECT DISTINCT ?x { ?x a cg:Objective ; cg:within %s ; cg:concernsTopic|cg:concernsGroup %s }"
_HEADINGS = {
    (False, False): marked("Objectives that concern it"),
    (False, True): marked("Objectives that concern it or something narrower"),
    (True, False): marked("Objectives that concern this group"),
    (True, True): marked("Objectives that concern this group or a narrower one"),
}
"""What the objectives are called: of a topic or of a group, which is people, without and with narrower ones."""
_NARROWER = "SELECT DISTINCT ?x { ?x skos:broader+ %s . ?part cg:topic|cg:populationGroup ?x }"


def concept(site: Site, thing: Thing, language: str) -> Profile | None:
    """The definition, the concepts around it, and the objectives that concern it; None for other concepts."""
    if not address_of_concept(thing.iri):
        return None
    rows = site.select(_OBJECTIVES % (plan_of(site), reference(thing.iri)))
    objectives = plan_parts(site).listed(row["x"].value for row in rows)
    narrower = objects(thing, _SKOS + "narrower")
    is_group = address_of_concept(thing.iri).startswith("/population-groups")
    told = facts(
        Fact(marked("Belongs to"), said(by_name(site, objects(thing, _SKOS + "broader"), language))),
        Fact(marked("Includes directly"), said(by_name(site, narrower, language))),
        Fact(
            _HEADINGS[is_group, bool(narrower)],
            parts=objectives,
            is_inferred=bool(objectives),
        ),
    )
    none = (
        marked("No objective of the plan concerns this group.")
        if is_group
        else marked("No objective of the plan concerns it.")
    )
    unknown = () if objectives else (none,)
    return Profile(*lead(thing, language), told, unknown)


def narrower_read(site: Site, thing: Thing, language: str) -> list[str]:
    """The topics or groups narrower than this one, near or far, of which parts of plans speak, by name."""
    if not address_of_concept(thing.iri):
        return []
    return by_name(site, (row["x"].value for row in site.select(_NARROWER % reference(thing.iri))), language)
