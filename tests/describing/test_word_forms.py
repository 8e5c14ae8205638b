"""Other forms of a name: inflected, mistyped, shortened, spelled otherwise."""

from crmgraph.describing.naming.inflecting import inflections
from crmgraph.describing.naming.mistyping import AcronymCorrections, Corrections, StateCorrections, is_long
from crmgraph.describing.naming.shortening import Shortened
from crmgraph.describing.naming.spelling import acronym_spellings, is_acronym, singular_acronym, spellings, words
from tests.support.phrases import pairs, phrases


def forms(name: str, people: bool = True) -> set[str]:
    return {" ".join(form) for form in inflections(tuple(name.split()), people)}


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
crisis => crisis
aerolineas => aerolineas
de los migrantes => de los migrante
"""


def test_number_and_gender() -> None:
    assert [(name, other) for name, other in pairs(INFLECTED) if other not in forms(name)] == []
    assert [(name, other) for name, other in pairs(FEMININE) if other not in forms(name)] == []
    assert [(name, other) for name, other in pairs(FEMININE) if other in forms(name, people=False)] == []
    assert [(name, other) for name, other in pairs(NEVER) if other in forms(name)] == []
    for name in ("5 + 5", "", "lineamientos regionales mexicanos salvadorenos hondurenos nicaraguenses panamenos"):
        assert forms(name) == set()


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


WORDS = """
La Secretaría  Técnica => la secretaria tecnica
CRM-RROCM, 2010 => crm rrocm , 2010
Pro-Témpore => protempore
pro-México => pro mexico
PRO-MÉXICO => promexico
extra-regionales extrarregionales => extraregionales extraregionales
México – Belice, México–Belice => mexico - belice , mexico belice
niños/as, niños(as), trabajador(es), y/o => ninos , ninos , trabajador , y / o
ONG’s ONG´s => ong ' s ong ' s
O\u00adIM¹ => oim ^
_OIM_ => _ oim _
"""


def test_words_are_compared_by_what_readers_hold_alike() -> None:
    for text, expected in pairs(WORDS):
        assert " ".join(word.form for word in words(text)) == expected
    for text in (
        "la Red, (OIM) – «Pro-Témpore»",
        "Me\u0301xico 𝐀😀 niños/as ﬁn ß",
        "pro-México extra\u00ad-regional\u00ad",
    ):
        last = 0
        for word in words(text):
            assert last <= word.start < word.end <= len(text)
            assert not text[word.start].isspace()
            assert not text[last : word.start].strip(" -")
            last = word.end
        assert not text[last:].strip("\u00ad")


SPELLINGS = """
Presidencia Pro-Témpore => presidencia pro tempore
Presidencia Pro Tempore => presidencia protempore
Reunión Viceministerial => reunion vice ministerial
migrantes extrarregionales => migrantes extra regionales
proceso =>
"""
ACRONYMS = "OIM | ST | CEPAL/CELADE | EE. UU. | ONG’s | ONGs | EaPPMA | MERCOSUR | XIV CRM"
NO_ACRONYMS = "A | 5+5 | oim | Red | México | La OIM en casa | Grupo Ad Hoc CRM-RROCM | OIM 2010 | AG/RES. 2326 Pueblos"


def test_spellings_and_acronyms() -> None:
    for name, other in pairs(SPELLINGS):
        assert [" ".join(each) for each in spellings(name)][1:] == ([other] if other else [])
    assert [name for name in phrases(ACRONYMS) if not is_acronym(name)] == []
    assert [name for name in ("", *phrases(NO_ACRONYMS), "CONFERENCIA REGIONAL") if is_acronym(name)] == []
    for name, singular in (("ONG’s", "ONG"), ("ONG's", "ONG"), ("ONGs", "ONG"), ("ONG", "ONG"), ("GRCMS", "GRCMS")):
        assert singular_acronym(name) == singular
    for name, ways in (
        ("OIM", {"oim": (3,), "oims": (3,), "oim ' s": (3, 0, 0), "o . i . m .": (1, 0, 1, 0, 1, 0)}),
        ("ST", {"st": (2,)}),
        ("Unicef", {"unicef": (1,)}),
        ("CEPAL/CELADE", {"cepal / celade": (5, 0, 6)}),
        ("EE. UU.", {"ee . uu .": (2, 0, 2, 0), "ee uu": (2, 2), "eeuu": (4,), "ee . uu": (2, 0, 2)}),
        ("ONG’s", {"ong ' s": (3, 0, 0)}),
    ):
        found = {" ".join(each): capitals for each, capitals in acronym_spellings(name)}
        assert next(iter(found)) == next(iter(ways))
        assert ways.items() <= found.items()
    # Two letters with dots are a person.
    assert all("." not in each for each, _ in acronym_spellings("ST"))
