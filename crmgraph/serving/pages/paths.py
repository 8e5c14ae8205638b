"""Which pages there are: by their paths without language or root, kept for as long as the data are the same."""

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, unquote

from rapidfuzz import fuzz, process

from crmgraph.namespaces import ONTOLOGY
from crmgraph.serving.pages.checks import checks
from crmgraph.serving.pages.crosswalk import comparisons, crosswalk_path
from crmgraph.serving.pages.graphs import graph_names
from crmgraph.serving.pages.links import Links
from crmgraph.serving.pages.ontology_files import SHAPES
from crmgraph.serving.pages.site import Site

__all__ = ["known_paths", "near_paths"]

_THINGS = 'SELECT DISTINCT ?x { GRAPH ?any { ?x a ?class } FILTER (STRSTARTS(STR(?x), "%s")) } ORDER BY ?x'
_SCHEMES = "SELECT DISTINCT ?x { ?x a skos:ConceptScheme } ORDER BY ?x"
_VERSIONS = "SELECT DISTINCT ?x { ?x dcterms:isVersionOf ?plan . ?next prov:wasRevisionOf ?x } ORDER BY ?x"
_LEAST_LIKE = 70
"""How like an address has to be to be named instead of another, of 100."""


def known_paths(site: Site, fixed: Iterable[str]) -> tuple[str, ...]:
    """The paths of all pages: those that are `fixed`, those of what the graph tells of, and those of the questions."""
    return tuple(dict.fromkeys((*fixed, *_kept(_Key(site)))))


def near_paths(site: Site, path: str, fixed: Iterable[str]) -> list[str]:
    """Up to three paths that are written much like this one, the likest first."""
    wanted = unquote(path).casefold()
    by_name = {unquote(known).casefold(): known for known in known_paths(site, fixed)}
    # What is wrong is most often at the end: what begins otherwise is another thing that is called alike.
    found = process.extract(wanted, by_name.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=_LEAST_LIKE)
    return [by_name[name] for name, _, _ in found]


class _Key:
    """A site, told apart from others by the state of its data alone."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._state = site.state

    def __hash__(self) -> int:
        return hash(self._state)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and (self._state, self.site.names) == (other._state, other.site.names)


@lru_cache(maxsize=2)
def _kept(key: _Key) -> tuple[str, ...]:
    site, links = key.site, Links(key.site.names)
    things = [links.path(row["x"].value) for row in site.select(_THINGS % site.names.id())]
    graphs = [links.path(name) for name in graph_names(site)]
    schemes = [links.path(row["x"].value) for row in site.select(_SCHEMES)]
    pairs = [crosswalk_path(each) for each in comparisons(site, "en")]
    versions = [f"/versions/{row['x'].value.rpartition('/')[2]}" for row in site.select(_VERSIONS)]
    kinds = [f"/findings/{check.code}" for check in checks(site, "en")]
    questions = [f"/queries/{quote(name)}" for name in site.library]
    whole = (*schemes, links.path(SHAPES), *graphs, *pairs, *versions, *kinds, *questions, *things)
    return tuple(path for path in whole if path and (path.startswith("/") and ONTOLOGY not in path))
