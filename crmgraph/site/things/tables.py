"""The tables of statements on the page of a thing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter

from crmgraph.site.base.site import Site, reference
from crmgraph.site.things.gists import Gist, gists
from crmgraph.site.things.groups import Group, grouped
from crmgraph.site.things.things import Thing

__all__ = ["POINTING_SHOWN", "Tables", "tables"]

POINTING_SHOWN = 200
_POINTING = "SELECT ?graph ?property ?value { GRAPH ?graph { ?value ?property %s } }"


@dataclass(frozen=True)
class Tables:
    """The statements about a thing and those that point to it, with what their parts are called.

    `gists` are for those values that have no name. `is_cut` tells that more statements point to it.
    """

    about: tuple[Group, ...]
    pointing: tuple[Group, ...]
    is_cut: bool
    gists: dict[str, Gist]
    labels: Mapping[str, Mapping[str, str]]


def tables(site: Site, thing: Thing, language: str) -> Tables:
    """The statements about the thing, and at most POINTING_SHOWN of those that point to it."""
    # Engines look up two names in each of their comparisons, so that they put in order slower than they answer.
    rows = sorted(site.select(_POINTING % reference(thing.iri)), key=itemgetter("property", "value", "graph"))
    pointing = grouped(rows[:POINTING_SHOWN], site.names.graph("inferred"), language)
    named = _named((*thing.about, *pointing))
    unnamed = gists(site, {thing.iri, *named})
    return Tables(
        about=thing.about,
        pointing=pointing,
        is_cut=len(rows) > POINTING_SHOWN,
        gists=unnamed,
        labels=site.labels(named.union(*(gist.iris for gist in unnamed.values()))),
    )


def _named(groups: Iterable[Group]) -> set[str]:
    """The IRIs of all that is listed."""
    named = set()
    for group in groups:
        named.add(group.predicate)
        for said in group.listed:
            named.update(said.graphs)
            if said.value.is_iri:
                named.add(said.value.value)
    return named
