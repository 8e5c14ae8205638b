"""What the search page finds: all that a reader would look for, as the graph and the library of questions have it."""

from crmgraph.site.base.site import Site
from crmgraph.site.search.comparisons import comparisons
from crmgraph.site.search.findable import GROUPS, Findable
from crmgraph.site.search.questions import questions
from crmgraph.site.search.things import describe, things

__all__ = ["findable"]


def findable(site: Site) -> tuple[Findable, ...]:
    """All that can be found, in the order of the groups."""
    described = describe(site)
    found = (*things(site, described), *questions(site, described), *comparisons(site, described))
    order = list(GROUPS)
    return tuple(sorted(found, key=lambda each: order.index(each.entry.group)))
