"""The ontology and its schemes."""

import pytest

from crmgraph.reading.folding import key
from crmgraph.site.site import Site
from crmgraph.site.vocabulary.terms import Vocabulary, schemes, vocabulary


@pytest.fixture(scope="module")
def terms(site: Site) -> Vocabulary:
    return vocabulary(site, "es")


def test_the_terms_of_the_contract_are_there(terms: Vocabulary) -> None:
    assert {"Plan", "Theme", "Objective", "Passage", "Finding"} <= {term.anchor for term in terms.classes}
    assert {"within", "passage", "attachedBy"} <= {term.anchor for term in terms.object_properties}
    assert {"number", "order", "exact"} <= {term.anchor for term in terms.datatype_properties}


def test_labels_and_definitions_are_in_the_language(terms: Vocabulary) -> None:
    theme = next(term for term in terms.classes if term.anchor == "Theme")
    assert theme.label == "Tema"
    assert theme.definition_language == "es"
    assert all(term.definition for term in terms.classes)


def test_terms_are_in_the_order_of_their_labels(terms: Vocabulary) -> None:
    labels = [term.label.casefold() for term in terms.object_properties]
    assert labels == sorted(labels)


def test_domain_and_superclass_are_told_but_label_and_type_are_not_told_twice(terms: Vocabulary) -> None:
    number = next(term for term in terms.datatype_properties if term.anchor == "number")
    said = {name.rpartition("#")[2] for name, _ in number.statements}
    assert "domain" in said
    assert not {"label", "type", "definition"} & said


def test_what_holds_both_ways_is_told_of_both(site: Site, terms: Vocabulary) -> None:
    by_name = {term.anchor: term for term in (*terms.classes, *terms.object_properties)}
    for one, property_name, other in [
        ("PlanElement", "disjointWith", "Finding"),
        ("passage", "inverseOf", "passageOf"),
    ]:
        for subject, value in ((one, other), (other, one)):
            said = {name.rpartition("#")[2]: values for name, values in by_name[subject].statements}
            assert value in [term.value.rpartition("#")[2] for term in said[property_name]]
    concepts = next(scheme for scheme in schemes(site, "es") if scheme.name == "severity").concepts
    others = {
        concept.anchor: {
            x.value for name, values in concept.statements if name.endswith("differentFrom") for x in values
        }
        for concept in concepts
    }
    assert {name: len(different) for name, different in others.items()} == {"violation": 2, "warning": 2, "info": 2}


@pytest.mark.parametrize("language", ["es", "en"])
def test_concepts_that_have_a_position_stand_in_its_order(site: Site, language: str) -> None:
    by_name = {scheme.name: [concept.anchor for concept in scheme.concepts] for scheme in schemes(site, language)}
    assert by_name["severity"] == ["violation", "warning", "info"]


def test_the_ontology_says_what_it_is(terms: Vocabulary) -> None:
    assert "ontolog" in terms.label.casefold()
    assert any(name.endswith("versionIRI") for name, _ in terms.about)


def test_each_scheme_has_its_own_concepts(site: Site) -> None:
    found = {scheme.name: {concept.anchor for concept in scheme.concepts} for scheme in schemes(site, "en")}
    assert {"violation", "warning", "info"} == found["severity"]
    assert {"printed-number", "position", "only-candidate"} <= found["attachment"]
    assert not found["severity"] & found["status"]


def test_schemes_are_labelled(site: Site) -> None:
    assert all(scheme.label and scheme.label != scheme.name for scheme in schemes(site, "es"))


@pytest.mark.parametrize("language", ["es", "en"])
def test_what_is_in_the_language_of_the_page_comes_first(site: Site, language: str) -> None:
    found = vocabulary(site, language)
    values = [values for term in found.all for _, values in term.statements]
    bilingual = [spoken for spoken in ([value.language for value in each] for each in values) if len(set(spoken)) > 1]
    assert len(bilingual) > 5
    assert {spoken[0] for spoken in bilingual} == {language}


@pytest.mark.parametrize("language", ["es", "en"])
def test_concepts_without_a_position_and_schemes_stand_in_the_order_of_their_labels(site: Site, language: str) -> None:
    found = schemes(site, language)
    topics = [concept.label for scheme in found if scheme.name == "topic" for concept in scheme.concepts]
    assert topics == sorted(topics, key=key)
    assert [scheme.label for scheme in found] == sorted((scheme.label for scheme in found), key=key)
