"""Other forms of a name: inflected, mistyped."""

from rdflib import RDF, RDFS, Graph, Literal, URIRef

from crmgraph.describing.vocabulary import CG
from crmgraph.extraction.gazetteer import Gazetteer
from crmgraph.extraction.names import Corrections, doubled, dropped, is_long, swapped
from tests.support.phrases import pairs


def is_name(text: str, name: str, kind: URIRef = CG.AgentGroup) -> bool:
    """Return whether the whole text names a thing of this kind and name."""
    graph = Graph()
    graph.add((URIRef("http://e/1"), RDF.type, kind))
    graph.add((URIRef("http://e/1"), RDFS.label, Literal(name, "es")))
    found = Gazetteer(graph).find(text)
    return any((each.start, each.end) == (0, len(text)) and each.form != "misspelling" for each in found)


INFLECTED = """
aerolineas => aerolinea
cancillerias => cancilleria
policia fronteriza => policias fronterizas
autoridades migratorias => autoridad migratoria
paises miembros => pais miembro
pais miembro => paises miembros
redes de enlace => red de enlace
sedes => sede
luces => luz
voz => voces
alcances => alcance
migrantes => migrante
repatriacion => repatriaciones
mujeres migrantes => mujer migrante
organizaciones no gubernamentales => organizacion no gubernamental
organos estatales tutelares de derechos humanos => organo estatal tutelar de derechos humanos
ninos , ninas y adolescentes => nino , nina y adolescente
"""
FEMININE = """
funcionarios consulares => funcionaria consular
funcionarios consulares => funcionarias consulares
funcionarios de migracion => funcionarias de migracion
trabajadores migratorios => trabajadora migratoria
refugiado => refugiadas
ninos migrantes no acompanados => nina migrante no acompanada
"""
NEVER = """
mujeres refugiadas => hombres refugiados
refugiadas => refugiados
gobiernos => gobierna
documentos => documenta
menores => menoras
grupos vulnerables => grupas vulnerables
trata => tratar
documentos de viaje => documentos de viajes
madres => madr
migrantes => migrant
pais => pai
crisis => crisi
de los migrantes => de los migrante
"""


def test_number_and_gender() -> None:
    assert [(name, other) for name, other in pairs(INFLECTED + FEMININE) if not is_name(other, name)] == []
    # Names of organisations are of no gender.
    assert [(name, other) for name, other in pairs(FEMININE) if is_name(other, name, CG.Organisation)] == []
    assert [(name, other) for name, other in pairs(NEVER) if is_name(other, name)] == []


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
