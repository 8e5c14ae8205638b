from crmgraph.describing.naming.namesakes import ORDINARY, other_places
from crmgraph.reading.folding import key


def test_the_territories_of_the_world_are_known_in_each_language() -> None:
    assert {"Puerto Rico", "Guinea Ecuatorial", "Guinea-Bisáu", "Nuevo México"} <= set(other_places(("es",)))
    assert {"Puerto Rico", "Equatorial Guinea", "New Mexico"} <= set(other_places(("en",)))
    assert set(other_places(("es", "en"))) == set(other_places(("es",))) | set(other_places(("en",)))


def test_only_names_of_several_words_can_have_another_in_them() -> None:
    assert all(" " in name or "-" in name for name in other_places(("es", "en")))


def test_an_unknown_language_has_none() -> None:
    assert other_places(("zz-none",)) == []


def test_ordinary_words_are_given_as_they_are_compared() -> None:
    assert all(word == key(word) for word in ORDINARY)
