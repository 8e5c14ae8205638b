"""What a row may name: things by path, concepts by vocabulary, and their names in two languages."""

from pathlib import Path

import pytest
from rdflib import RDF, Dataset, URIRef

from crmgraph.describing.things import Things
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import ONTOLOGY
from tests.support.backgrounds import NAMES, made_background


@pytest.fixture
def things(tmp_path: Path) -> Things:
    return made_background(tmp_path).things


def test_a_thing_by_its_path(things: Things) -> None:
    assert str(things.thing("actor/oim", ("network", "actor"))) == NAMES.id("actor", "oim")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("actor/acnur", "no table has actor/acnur"),
        ("country/HND", '"country/HND" is not a path that begins with network/ or actor/'),
        ("oim", '"oim" is not a path that begins with'),
        ("actor/", '"actor/" is not a path that begins with'),
        ("", '"" is not a path that begins with'),
    ],
)
def test_a_path_that_leads_nowhere(path: str, says: str, things: Things) -> None:
    with pytest.raises(ValueError, match=says):
        things.thing(path, ("network", "actor"))


def test_a_concept_by_its_vocabulary(things: Things) -> None:
    assert str(things.concept("topic", "return")) == f"{ONTOLOGY}/topic#return"
    with pytest.raises(ValueError, match="the vocabulary status has no concept return"):
        things.concept("status", "return")


def test_a_concept_below_another(things: Things) -> None:
    cited, drawn_up = (things.concept("instrument-use", name) for name in ("cited", "drawn-up"))
    assert things.is_below(cited, "reliance")
    assert not things.is_below(drawn_up, "reliance")
    assert not things.is_below(cited, "cited")


def test_names_long_and_short(things: Things) -> None:
    oim, honduras = URIRef(NAMES.id("actor", "oim")), URIRef(NAMES.id("country", "HND"))
    assert [things.label(oim, language) for language in ("es", "en")] == ["Organización Mundial", "World Organization"]
    assert [things.short_label(oim, language) for language in ("es", "en")] == ["OIM", "IOM"]
    assert things.short_label(honduras, "en") == "Honduras"


def test_for_want_of_a_name_its_iri() -> None:
    dataset, thing = Dataset(), URIRef(NAMES.id("actor", "x"))
    dataset.graph(URIRef(NAMES.graph("reference"))).add((thing, RDF.type, CG.Organisation))
    assert Things(dataset, NAMES).label(thing, "en") == str(thing)
