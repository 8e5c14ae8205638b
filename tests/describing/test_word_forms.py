"""Other forms of a name: inflected, mistyped."""

from rdflib import RDF, RDFS, Graph, Literal, URIRef

from crmgraph.describing.vocabulary import CG
from crmgraph.extraction.gazetteer import Gazetteer
from crmgraph.extraction.names import Corrections, doubled, dropped, is_long, swapped
from tests.support.phrases import rows_of


def is_name(text: str, name: str, kind: URIRef = CG.AgentGroup) -> bool:
    """Return whether the whole text names a thing of this kind and name."""
    graph = Graph()
    graph.add((URIRef("http://e/1"), RDF.type, kind))
    graph.add((URIRef("http://e/1"), RDFS.label, Literal(name, "es")))
    found = Gazetteer(graph).find(text)
    return any((each.start, each.end) == (0, len(text)) and each.form != "misspelling" for each in found)


def test_number_and_gender() -> None:
    for name, other, expected in rows_of("forms"):
        assert is_name(other, name) is (expected != "no"), other
        # Names of organisations are of no gender.
        assert expected != "feminine" or not is_name(other, name, CG.Organisation), other


LONG = ("conferencia", "regional", "migracion", "suramericana", "refugiados", "nacionales", "racionales")
STATES = ("honduras", "mexico", "canada", "ecuador", "alemania", "filipinas", "bolivia", "nicaragua")
SLIPS = (
    (
        Corrections({word: swapped(word) for word in (*LONG, "cruz")}, {*LONG, "cruz", "sudamericana"}, LONG),
        "conferncia:conferencia conferenncia:conferencia confereccia:conferencia conferecnia:conferencia"
        " regoinal:regional migrcion:migracion migracoin:migracion curz:cruz crzu:cruz"
        " crux cruzz cuz conferencia conferenci conferencias comferemcia emigracion refugiadas refugiado sudamericana"
        " xacionales 2010 x ,",
    ),
    (
        Corrections({word: [*swapped(word), *doubled(word), *dropped(word)] for word in STATES}, {"honduras"}, STATES),
        "hondurass:honduras hoduras:honduras hondursa:honduras hondutas:honduras mexco:mexico mexcio:mexico"
        " mexxico:mexico canda:canada ecuadro:ecuador ecudor:ecuador nicaraga:nicaragua"
        " medico mexica cantada casada canad hondura honduros onduras alemana filipinos olivia boliviana honduras",
    ),
    (
        Corrections({word: [*swapped(word), *doubled(word)] for word in ("acnur", "unodc", "grcm")}, {"acnur"}),
        "acnurr:acnur undoc:unodc unoda acnu acnur gcrm:grcm grccm:grcm rgcm",
    ),
)


def test_slips() -> None:
    for corrections, words_typed in SLIPS:
        for pair in words_typed.split():
            slip, _, meant = pair.partition(":")
            assert corrections.of(slip) == (meant or None), slip
    assert is_long(("conferencia", "regional", "sobre", "migracion"))
    for name in ("red de proteccion consular", "trata de personas", "secretaria tecnica"):
        assert not is_long(name.split())
