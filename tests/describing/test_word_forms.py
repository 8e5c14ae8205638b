"""Other forms of a name: inflected, mistyped, shortened."""

from rdflib import RDF, RDFS, Graph, Literal, URIRef

from crmgraph.describing.naming import Lexicon
from crmgraph.describing.naming.mistyping import AcronymCorrections, Corrections, StateCorrections, is_long
from crmgraph.describing.naming.shortening import Shortened
from crmgraph.describing.vocabulary import CG
from tests.support.phrases import pairs


def is_name(text: str, name: str, kind: URIRef = CG.AgentGroup) -> bool:
    """Return whether the whole text names a thing of this kind and name."""
    graph = Graph()
    graph.add((URIRef("http://e/1"), RDF.type, kind))
    graph.add((URIRef("http://e/1"), RDFS.label, Literal(name, "es")))
    found = Lexicon(graph).find(text)
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


def _states(names: str) -> list[tuple[str, ...]]:
    return [(name,) for name in names.split()]


SLIPS = (
    (
        Corrections(
            [("conferencia", "regional", "sobre", "migracion"), ("conferencia", "suramericana"), ("refugiados",)],
            {"conferencia", "regional", "sobre", "migracion", "suramericana", "sudamericana", "refugiados"},
        ),
        "conferncia:conferencia conferenncia:conferencia confereccia:conferencia conferecnia:conferencia"
        " regoinal:regional migrcion:migracion conferencia conferenci conferencias comferemcia emigracion refugiadas"
        " refugiado sudamericana sobbre 2010 x ,",
    ),
    # A slip that may be of two words is left.
    (Corrections([("nacionales", "racionales", "regatones", "regatanes")], ()), "regatxnes"),
    # Letters out of turn are forgiven at the end and in short words; other slips of short words are other words.
    (
        Corrections([("comite", "cruz", "migracion", "casa")], {"comite", "cruz", "migracion", "saca"}),
        "migracoin:migracion migracino:migracion curz:cruz crzu:cruz crux cruzz cuz curzx",
    ),
    (
        AcronymCorrections([("acnur",), ("red", "de", "cosas")], ["acnur", "unodc", "unicef", "oim"]),
        "acnurr:acnur unicceff undoc:unodc unoda acnu oimm acnur",
    ),
    # Slips of short acronyms count where nobody can say them.
    (AcronymCorrections([], ["grcm", "ceam", "crm"]), "gcrm:grcm grccm:grcm rgcm cema crmm"),
    (
        StateCorrections(
            _states("honduras mexico canada ecuador chile alemania filipinas bolivia nicaragua"),
            {"honduras"},
        ),
        "honduraz:honduras hondurus:honduras honduris:honduras hondurass:honduras hoduras:honduras hondursa:honduras"
        " hondutas:honduras mexco:mexico mexcio:mexico mexxico:mexico canda:canada ecuadro:ecuador ecudor:ecuador"
        " nicaraga:nicaragua medico mexica cantada casada canad hondura honduros onduras chle chine alemana filipinos"
        " olivia boliviana honduras",
    ),
    # A name of four letters has no slips.
    (StateCorrections([("mali",), ("peru",), ("chile",)], ()), "mail preu chlie:chile"),
    # Letters doubled elsewhere, and those that sound alike.
    (
        StateCorrections(
            _states("philippines morocco libya egypt argentina bolivia greece"), {"libia", "greece"}
        ),
        "phillipines:philippines philipines:philippines morroco:morocco moroco:morocco lybia:libya libia egipt:egypt"
        " argentinia:argentina bolivya:bolivia greece",
    ),
    (StateCorrections([("costa", "rica")], {"cosa", "ria"}), "rrica:rica ria rcia:rica cosa risa csta:costa"),
)  # fmt: skip


def test_slips() -> None:
    for corrections, words_typed in SLIPS:
        for pair in words_typed.split():
            slip, _, meant = pair.partition(":")
            assert corrections.of(slip) == (meant or None), slip
    assert is_long(("conferencia", "regional", "sobre", "migracion"))
    for name in ("red de proteccion consular", "trata de personas", "secretaria tecnica"):
        assert not is_long(name.split())


def test_titles_without_one_or_two_of_their_words() -> None:
    title = "acuerdo para la repatriacion ordenada , agil y segura de migrantes salvadorenos via terrestre desde mexico"
    shortened = Shortened([tuple(title.split()), ("declaracion", "contra", "terrorismo")], {"el", "salvador", "mexico"})
    for said in (title.replace(" , agil", ""), title.replace("ordenada , agil y ", "")):
        row = ["usar", "el", *said.split(), "y", "otros"]
        assert list(shortened.find(row)) == [(2, 2 + len(said.split()), tuple(title.split()))]
    for said in (
        title,
        title.replace(" salvadorenos", ""),
        title.replace(" ordenada , agil y segura", ""),
        title.replace("salvadorenos", "hondurenos"),
        "acuerdo para la repatriacion ordenada y segura de migrantes salvadorenos",
        "declaracion terrorismo",
        "",
    ):
        assert list(shortened.find(said.split())) == []
