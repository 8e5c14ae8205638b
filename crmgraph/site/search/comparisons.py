"""The pages that compare two plans."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from crmgraph.http.languages import LANGUAGES, marked, translations
from crmgraph.namespaces import PREFIXES
from crmgraph.searching import Entry, Said
from crmgraph.site.base.site import Site, in_language
from crmgraph.site.plans import Known, compared, known, pair_path
from crmgraph.site.search.findable import LESS, Findable, spoken
from crmgraph.site.search.things import Described, owners

__all__ = ["comparisons"]

_SKOS = PREFIXES["skos"]
_COMPARED = marked("Compare two plans: the comparison says what corresponds to what.")


def comparisons(site: Site, described: Described) -> Iterator[Findable]:
    """Each two plans that are compared."""
    plans = known(site)
    for one, other in compared(site):
        yield _comparison(one, other, plans, described)


def _comparison(one: str, other: str, plans: Mapping[str, Known], described: Described) -> Findable:
    """The page that compares two plans: found by what either is called, and by whose it is."""
    labels = {
        language: translations(language).gettext("%(plan)s and %(other)s")
        % {"plan": _name(plans[one], language), "other": _name(plans[other], language)}
        for language in LANGUAGES
    }
    texts = (
        *(Said(label, language, "label", "titles") for language, label in labels.items()),
        *(Said(text, language, "explanation", "notes") for language, text in spoken(_COMPARED).items()),
        *(text for plan in (one, other) for text in _called(plan, plans[plan], described)),
    )
    path = pair_path(one, other)
    entry = Entry(path, "comparison", labels, texts, LESS["comparison"])
    return Findable(entry, spoken(marked("Comparison of two plans")), path=path)


def _name(plan: Known, language: str) -> str:
    return in_language(plan.names, language)[0]


def _called(iri: str, plan: Known, described: Described) -> Iterator[Said]:
    said = described.get(iri, {})
    for language, title in plan.titles.items():
        yield Said(title, language, "compared", "notes")
    for term in said.get(_SKOS + "altLabel", ()):
        yield Said(term.value, term.language, "compared", "notes")
    for owner in owners(said, described):
        yield replace(owner, role="compared", column="notes")
