import pytest
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
    graph.add((URIRef(SLV), SKOS.altLabel, Literal("México", "es")))
    assert Lexicon(graph).find("México") == [
        Mention(0, 6, MEX, "full-name", "México"),
        Mention(0, 6, SLV, "short-name", "México"),
    ]


def test_names_are_found_in_the_order_of_the_text(graph: Graph) -> None:
    text = "El Salvador, México, El Salvador"
    assert [text[m.start : m.end] for m in Lexicon(graph).find(text)] == ["El Salvador", "México", "El Salvador"]


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


@pytest.mark.parametrize(
    ("predicate", "name", "notation", "form"),
    [
        (RDFS.label, "Red de Prueba", None, "full-name"),
        (SKOS.prefLabel, "Red de Prueba", None, "full-name"),
        (SKOS.altLabel, "Red de Prueba", None, "short-name"),
        (SKOS.hiddenLabel, "Red de Prueba", None, "misspelling"),
        (SKOS.altLabel, "RDP", "RDP", "acronym"),
        (SKOS.altLabel, "RDP’s", "RDP", "acronym"),
        (RDFS.label, "RDP", "RDP", "acronym"),
        (SKOS.altLabel, "RDP", None, "short-name"),
        (SKOS.altLabel, "RDP", "RPD", "short-name"),
        (SKOS.hiddenLabel, "RPD", "RDP", "misspelling"),
        (SKOS.prefLabel, "prueba", "prueba", "full-name"),
    ],
)
def test_the_form_of_a_name(predicate: URIRef, name: str, notation: str | None, form: str) -> None:
    graph = Graph()
    graph.add((URIRef(TRATA), predicate, Literal(name, "es")))
    if notation:
        graph.add((URIRef(TRATA), SKOS.notation, Literal(notation)))
    assert [each.form for each in Lexicon(graph).find(f"dice {name}, dice")] == [form]


def test_the_better_form_counts_where_a_name_is_given_twice(graph: Graph) -> None:
    graph.add((URIRef(MEX), SKOS.hiddenLabel, Literal("Mexico", "es")))
    assert [each.form for each in Lexicon(graph).find("Mexico")] == ["unaccented"], "and no misspelling"


def test_what_one_thing_is_called_rightly_is_not_taken_for_another_that_is_wrongly_called_so(graph: Graph) -> None:
    graph.add((URIRef(SLV), SKOS.hiddenLabel, Literal("México", "es")))
    assert [each.iri for each in Lexicon(graph).find("en México")] == [MEX]


def test_a_notation_alone_is_no_name(graph: Graph) -> None:
    graph.add((URIRef(MEX), SKOS.notation, Literal("MEX")))
    assert Lexicon(graph).find("MEX") == []


def test_the_name_of_one_thing_is_not_taken_for_the_inflected_name_of_another() -> None:
    graph = Graph()
    for path, name in (("nino", "niños migrantes"), ("nina", "niñas migrantes")):
        graph.add((URIRef(path), SKOS.inScheme, URIRef(f"{ONTOLOGY}/population-group")))
        graph.add((URIRef(path), SKOS.prefLabel, Literal(name, "es")))
    assert [each.iri for each in Lexicon(graph).find("niños migrantes, niñas migrantes, niño migrante")] == [
        "nino",
        "nina",
        "nino",
    ]


def test_an_unknown_language_has_no_places_of_its_own(graph: Graph) -> None:
    assert Lexicon(graph, languages=("es", "zz-none")).find("en México")


def test_the_same_names_in_another_order_give_the_same(graph: Graph) -> None:
    other = Graph()
    for triple in sorted(graph, reverse=True):
        other.add(triple)
    text = "México y cada red, la Red para el Combate a la Trata"
    assert Lexicon(other).find(text) == Lexicon(graph).find(text)


def test_a_graph_without_names_names_nothing() -> None:
    assert Lexicon(Graph()).find("México") == []


@pytest.mark.parametrize(
    ("text", "form", "name"),
    [
        ("en México", "full-name", "México"),
        ("en MÉXICO", "full-name", "México"),
        ("en Me\u0301xico", "full-name", "México"),
        ("en Mexico", "unaccented", "México"),
        ("en MEXICO", "unaccented", "México"),
        ("la Red de Proteccion  Consular", "unaccented", "Red de Protección Consular"),
        ("en Méxicó", "misspelling", "México"),
        ("en Mexicó", "misspelling", "México"),
        ("la Red de Protéccion Consular", "misspelling", "Red de Protección Consular"),
    ],
)
def test_a_name_without_its_accents_is_said_to_be_so(graph: Graph, text: str, form: str, name: str) -> None:
    assert [(mention.form, mention.name) for mention in Lexicon(graph).find(text)] == [(form, name)]


def test_a_name_that_is_also_known_without_accents_lacks_none(graph: Graph) -> None:
    graph.add((URIRef(MEX), SKOS.altLabel, Literal("Mexico", "es")))
    assert [mention.form for mention in Lexicon(graph).find("Mexico")] == ["full-name"]


def test_a_known_misspelling_has_the_name_that_it_is_nearest_to(graph: Graph) -> None:
    for predicate, name in ((RDFS.label, "Foro de Todos"), (SKOS.altLabel, "FIBEMYD"), (SKOS.hiddenLabel, "FYBEMID"),
                            (SKOS.hiddenLabel, "Foro para Todos")):  # fmt: skip
        graph.add((URIRef(TRATA), predicate, Literal(name, "es")))
    names = [mention.name for mention in Lexicon(graph).find("el FYBEMID y el Foro para Todos")]
    assert names == ["FIBEMYD", "Foro de Todos"]


def test_a_letter_of_its_own_makes_another_word(graph: Graph) -> None:
    graph.add((URIRef(SLV), SKOS.altLabel, Literal("Canadá", "es")))
    assert Lexicon(graph).find("La Cañada") == []


def test_acronyms_count_in_any_language_but_small_words(graph: Graph) -> None:
    for name in ("IOM", "LAS", "UN"):
        graph.add((URIRef(SLV), SKOS.altLabel, Literal(name, "en")))
    text = "la IOM de LAS Américas y UN año"
    assert [text[mention.start : mention.end] for mention in Lexicon(graph).find(text)] == ["IOM"]


def test_names_in_english_are_not_asked_for_accents(graph: Graph) -> None:
    graph.add((URIRef(TRATA), SKOS.altLabel, Literal("Puebla Communiqué", "en")))
    assert [each.form for each in Lexicon(graph, languages=("en",)).find("the Puebla Communique")] == ["short-name"]


FRENCH = (
    ("Suivi du Sénégal", "Sénégal", "full-name"),
    ("Suivi du Senegal", "Senegal", "full-name"),
    ("avec l’Allemagne", "Allemagne", "short-name"),
)


@pytest.mark.parametrize(("text", "words", "form"), FRENCH)
def test_a_name_in_a_language_whose_spellings_are_not_known_is_not_judged(text: str, words: str, form: str) -> None:
    graph = Graph()
    for place, name, predicate, language in (
        ("SEN", "Senegal", RDFS.label, "es"),
        ("DEU", "Alemania", RDFS.label, "es"),
        ("DEU", "Allemagne", SKOS.altLabel, "fr"),
        ("SEN", "Senegall", SKOS.hiddenLabel, "es"),
    ):
        state = URIRef(f"https://w3id.org/crmgraph/id/country/{place}")
        graph.add((state, RDF.type, URIRef(STATE)))
        graph.add((state, predicate, Literal(name, language)))
    lenient = Lexicon(graph, (STATE,), ("es", "fr"), judges_spelling=False)
    assert [(text[each.start : each.end], each.form) for each in lenient.find(text)] == [(words, form)]
    # Nor is what only looks like a slip taken for the name.
    assert lenient.find("Alemannia, Senegall") == []
    strict = Lexicon(graph, (STATE,), ("es",))
    assert [each.form for each in strict.find("Sénégal, Senegall")] == ["misspelling", "misspelling"]
