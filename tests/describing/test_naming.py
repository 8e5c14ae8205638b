import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef

from crmgraph.describing.naming import Lexicon, Mention
from crmgraph.namespaces import ONTOLOGY

NETWORK, STATE = f"{ONTOLOGY}#Network", f"{ONTOLOGY}#State"
TRATA, CONSULAR, ALL, MEX, SLV = (
    f"https://w3id.org/crmgraph/id/{path}"
    for path in (
        "network/red-trata",
        "network/red-proteccion-consular",
        "network/redes-enlace",
        "country/MEX",
        "country/SLV",
    )
)


@pytest.fixture
def graph() -> Graph:
    graph = Graph()
    for iri, class_, predicate, name, language in (
        (TRATA, NETWORK, RDFS.label, "Red de Enlace para el Combate a la Trata de Personas", "es"),
        (TRATA, NETWORK, SKOS.altLabel, "Red para el Combate a la Trata", "es"),
        (TRATA, NETWORK, SKOS.altLabel, "Network to Combat Trafficking", "en"),
        (CONSULAR, NETWORK, RDFS.label, "Red de Protección Consular", "es"),
        (ALL, NETWORK, SKOS.hiddenLabel, "cada red", "es"),
        (MEX, STATE, RDFS.label, "México", "es"),
        (MEX, STATE, SKOS.altLabel, "Estados Unidos Mexicanos", "es"),
        (SLV, STATE, SKOS.prefLabel, "El Salvador", None),
    ):
        graph.add((URIRef(iri), RDF.type, URIRef(class_)))
        graph.add((URIRef(iri), predicate, Literal(name, language)))
    return graph


@pytest.mark.parametrize(
    ("text", "words", "iri"),
    [
        ("Referirse al plan de trabajo de la Red para el Combate a la Trata", "Red para el Combate a la Trata", TRATA),
        ("referirse al plan de trabajo de la red de protección consular", "red de protección consular", CONSULAR),
        ("Referirse al plan de trabajo de cada red", "cada red", ALL),
        ("la RED DE PROTECCION CONSULAR.", "RED DE PROTECCION CONSULAR", CONSULAR),
        ("la red  de\u00a0protección\n consular", "red  de\u00a0protección\n consular", CONSULAR),
        ("la red de proteccio\u0301n consular", "red de proteccio\u0301n consular", CONSULAR),
        ("Puebla, México.", "México", MEX),
        ("(Me\u0301xico)", "Me\u0301xico", MEX),
        ("Gobierno de El Salvador", "El Salvador", SLV),
    ],
)
def test_a_thing_is_found_under_the_name_that_the_text_gives_it(graph: Graph, text: str, words: str, iri: str) -> None:
    (mention,) = Lexicon(graph).find(text)
    assert text[mention.start : mention.end] == words
    assert mention.iri == iri


@pytest.mark.parametrize(
    "text", ["", "la red", "mexicanos", "México2", "nuevoméxico", "Network to Combat Trafficking", "Red de Enlace"]
)
def test_nothing_is_found_in_parts_of_words_and_names_or_in_another_language(graph: Graph, text: str) -> None:
    assert Lexicon(graph).find(text) == []


def test_names_in_another_language_count_when_it_is_asked_for(graph: Graph) -> None:
    lexicon = Lexicon(graph, languages=("en",))
    assert [mention.iri for mention in lexicon.find("the network to combat trafficking")] == [TRATA]
    assert lexicon.find("México") == []
    assert [mention.iri for mention in lexicon.find("El Salvador")] == [SLV], "a name without a language always counts"


def test_only_things_of_the_wanted_classes_are_found(graph: Graph) -> None:
    text = "México y cada red"
    assert [mention.iri for mention in Lexicon(graph, (NETWORK,)).find(text)] == [ALL]
    assert [mention.iri for mention in Lexicon(graph, (STATE,)).find(text)] == [MEX]
    assert [mention.iri for mention in Lexicon(graph, (NETWORK, STATE)).find(text)] == [MEX, ALL]
    assert Lexicon(graph, (f"{ONTOLOGY}#Instrument",)).find(text) == []


def test_the_longest_name_counts_where_names_begin_together(graph: Graph) -> None:
    graph.add((URIRef(SLV), SKOS.altLabel, Literal("Red", "es")))
    lexicon = Lexicon(graph)
    assert [mention.iri for mention in lexicon.find("Red de Protección Consular")] == [CONSULAR]
    assert [mention.iri for mention in lexicon.find("Red de Protección")] == [SLV]


def test_a_name_of_two_things_gives_both(graph: Graph) -> None:
    graph.add((URIRef(SLV), SKOS.altLabel, Literal("mexico", "es")))
    assert Lexicon(graph).find("México") == [Mention(0, 6, MEX), Mention(0, 6, SLV)]


def test_names_are_found_in_the_order_of_the_text(graph: Graph) -> None:
    text = "El Salvador, México, El Salvador"
    assert [text[start:end] for start, end, _ in Lexicon(graph).find(text)] == ["El Salvador", "México", "El Salvador"]


def test_signs_in_a_name_are_only_signs(graph: Graph) -> None:
    graph.add((URIRef(SLV), SKOS.altLabel, Literal("AG/RES. 2326 (XXXVII-O/07)", "es")))
    assert [m.iri for m in Lexicon(graph).find("la resolución AG/RES. 2326 (XXXVII-O/07).")] == [SLV]
    assert Lexicon(graph).find("AG/RESx 2326 (XXXVII-O/07)") == []


def test_a_thing_without_an_iri_or_with_an_empty_name_is_passed_over() -> None:
    graph = Graph()
    graph.add((BNode(), RDFS.label, Literal("nadie", "es")))
    graph.add((URIRef(MEX), RDFS.label, Literal("  ", "es")))
    graph.add((URIRef(MEX), RDFS.label, URIRef(SLV)))
    assert Lexicon(graph).find("nadie hay aquí") == []


words = st.text("aáñeEÉnZ", min_size=1, max_size=6)
names = st.lists(words, min_size=1, max_size=3)
spaces = st.text(" \u00a0\n\t", min_size=1, max_size=3)


@given(
    names,
    st.lists(words, max_size=3),
    st.lists(words, max_size=3),
    spaces,
    st.sampled_from(["NFC", "NFD"]),
    st.booleans(),
)
def test_a_name_is_found_however_it_is_spaced_accented_and_cased(
    name: list[str], before: list[str], after: list[str], space: str, form: str, upper: bool
) -> None:
    graph = Graph()
    graph.add((URIRef(MEX), RDFS.label, Literal(" ".join(name), "es")))
    text = space.join([*before, "¿", *name, "?", *after])
    text = unicodedata.normalize("NFC" if form == "NFC" else "NFD", text.upper() if upper else text)
    quoted = [text[start:end] for start, end, _ in Lexicon(graph).find(text)]
    assert space.join(name).casefold() in [unicodedata.normalize("NFC", found).casefold() for found in quoted]


@given(st.lists(names, max_size=4), st.text("aáñeE \u0301\u00a0,ßﬁİ", max_size=30))
def test_what_is_found_is_in_order_apart_and_whole_words(listed: list[list[str]], text: str) -> None:
    graph = Graph()
    for name in listed:
        graph.add((URIRef(MEX), RDFS.label, Literal(" ".join(name), "es")))
    last = 0
    for start, end, iri in Lexicon(graph).find(text):
        assert last <= start < end <= len(text)
        assert iri == MEX
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        assert end == len(text) or not text[end].isalnum()
        assert not unicodedata.combining(text[end]) if end < len(text) else True
        assert start == 0 or not text[start - 1].isalnum()
        last = end
