"""What the search page finds: all that a reader would look for, as the graph and the library of questions have it."""

from crmgraph.serving.pages.search.comparisons import comparisons
from crmgraph.serving.pages.search.findable import GROUPS, Findable
from crmgraph.serving.pages.search.questions import questions
from crmgraph.serving.pages.search.things import describe, things
from crmgraph.serving.pages.site import Site

__all__ = ["findable"]


def findable(site: Site) -> tuple[Findable, ...]:
    """All that can be found, in the order of the groups."""
    described = describe(site)
    found = (*things(site, described), *questions(site, described), *comparisons(site, described))
    order = list(GROUPS)
    return tuple(sorted(found, key=lambda each: order.index(each.entry.group)))
