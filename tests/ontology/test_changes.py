"""The versions of the ontology: numbered upwards, and what changed between them is written down, and how to follow."""

from pyoxigraph import Store
from rdflib import OWL, URIRef

from crmgraph.namespaces import ONTOLOGY, PREFIXES
from tests.ontology.changes import PAGE, compare, number, page, replacements, terms_in, versions
from tests.ontology.others import is_defined
from tests.ontology.ours import HEADER, name, read, terms

# The one cross-reference of the plan leads nowhere; its dates and the order of its parts are right.
_UNUSED = {"cg:referredToBy", "cg:impossibleDate", "cg:inRowOf", "cg:outOfOrderWith", "cg:targetThemePassage"}
# Nobody has accepted a finding.
_UNUSED |= {"cg:acceptedBy", "cg:acceptedOn"}


def test_page_of_changes_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.ontology.changes`"


def test_versions_go_up_and_name_themselves() -> None:
    *_, before, now = found = versions()
    numbers = [number(each) for each in found]
    assert numbers == sorted(set(numbers), key=lambda text: [*map(int, text.split("."))])
    for each in found:
        assert each.value(HEADER, OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{number(each)}")
    assert now.value(HEADER, OWL.priorVersion) == URIRef(f"{ONTOLOGY}/{number(before)}")


def test_each_term_that_is_gone_has_a_pattern_that_answers(store: Store) -> None:
    before, now = (next(each for each in versions() if number(each) == version) for version in ("0.3.0", "0.4.0"))
    rows = replacements()
    assert set(compare(before, now).removed) <= {row["old"] for row in rows}
    ours = {f"cg:{name(term)}" for term in terms(read())}
    for row in rows:
        if not row["new"]:
            continue
        for term in terms_in(row["new"]):
            prefix, _, local = term.partition(":")
            iri = URIRef(PREFIXES[prefix] + local)
            assert term in ours or iri.startswith(f"{ONTOLOGY}/") or is_defined(iri), term
        found = store.query(f"ASK {{ {row['new']} }}", prefixes=dict(PREFIXES), use_default_graph_as_union=True)
        assert bool(found) == (row["old"] not in _UNUSED), row
