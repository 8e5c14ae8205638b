"""What the pages of things say in words before all that the graph says: a profile for each kind of thing.

`profile` is that of a thing; a `Profile` has a sentence, facts, and what is not known. What plans say of concepts that
are narrower than one (`narrower_read`) is on the pages of those.
"""

from collections.abc import Callable, Mapping

from crmgraph.site.base.site import Site
from crmgraph.site.profiles.agents import actor, process, state
from crmgraph.site.profiles.concepts import concept, narrower_read
from crmgraph.site.profiles.fact import Fact, Profile, Said
from crmgraph.site.profiles.instruments import instrument
from crmgraph.site.profiles.meetings import meeting
from crmgraph.site.profiles.memberships import membership
from crmgraph.site.things.things import Thing

__all__ = ["Fact", "Profile", "Said", "narrower_read", "profile"]

_CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept"
_BY_CLASS: Mapping[str, Callable[[Site, Thing, str], Profile]] = {
    "State": state,
    "ConsultativeProcess": process,
    "Instrument": instrument,
    "Meeting": meeting,
    "Membership": membership,
    "Organ": actor,
    "Network": actor,
    "Organisation": actor,
    "AgentGroup": actor,
}


def profile(site: Site, thing: Thing, language: str) -> Profile | None:
    """The profile of a thing in a language; None for kinds of things that have none."""
    for name, made in _BY_CLASS.items():
        if thing.is_a(name):
            return made(site, thing, language)
    return concept(site, thing, language) if _CONCEPT in thing.types else None
