"""Words that lack their accent, acronyms and what spells them out, sentences that come twice."""

import unicodedata
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SKOS, Graph, Literal, URIRef

from crmgraph.describing import Background, describe_plan
from crmgraph.describing.vocabulary import CG
from crmgraph.extraction.acronyms import find_acronyms, find_bare_words
from crmgraph.extraction.gazetteer import Gazetteer
from tests.support.backgrounds import NAMES, made_background, made_plan
from tests.support.phrases import pairs, phrases

BEGINNING = NAMES.id("plan", "made", "")


def described(background: Background, *texts: str) -> Graph:
    """Return the graph of a plan with these activities."""
    cells = "\n\n".join(f"1.1.{number} {text}" for number, text in enumerate(texts, 1))
    plan = made_plan(("Tema", "1. Uno", "1.1 Hacer", cells, ""))
    return describe_plan(plan, background).graph(URIRef(NAMES.graph("plan", "made")))


# Words that lack their accent stand in brackets.
ACCENTS = """
PLAN DE [ACCION], [accion], [Comision]. [GESTION]
acción, ACCIO\u0301N, comisión, gestión; WWW.MIGRACION.GOB y migracion@gob.ni; acciones, comisiones, gestiones
Commission, mission, Organization, region, revision, union, guion, cuestion, mas, publica, indigestion, cion, mision
una participación [mas] activa, no [mas] de dos, cada vez\u00a0mas
una  [mas]  activa
Para cada reunión, los países miembros [suministraran] datos.  La OIM [preparara] una matriz
La OIM prepara una matriz y los países miembros declaran sus datos, las partes separan lo suyo
Si lo piden, los países miembros suministraran datos. Que la OIM preparara una matriz bastaba
La OIM pidió a los países que suministraran datos; la primera cuchara de plata, la Guadalajara de hoy
Se [publicara] el informe. El comité se [reunira] en mayo. [Realizaran] un taller. Se [hara] más y Habra menos
[Habra] talleres, las oficinas [tendran] internet, que [podran] usar
Será lo que [sera]; [seran], [estaran], [deberan], [establecera], [contribuira], [correspondera], [promovera]
La primera manera, la carretera entera espera; opera, genera y considera la cabecera de la frontera
Retira y admira la mentira; respira, aspira, gira, tira, inspira, expira y estira mil lempira
Si fuera, hiciera o tuviera; quisiera que preparara, como publicara; la vera, la cabra, el Sera y Dara
Que los países informaran; suministraran datos y se preparara todo. Se reunira\u0301, reunira\u0301n
La Comisio\u0301n de Agua [preparara] un plan. Caro mas tambie\u0301n bueno, mas jama\u0301s
Prepara un taller. Comparan datos. Guadalajara es grande. Se declara y se separan
Traducir el manual «La gestion des eaux» del francés, y “The accion of the mision”; el manual «La [gestion] del agua»
Es barato mas no bueno, y mas sí, mas nunca, pero [mas] caro, mas no basta; quiso, mas no pudo. los demas
"""
FUTURES = """
El comité se [reunira] en mayo. Se [hara] una campaña y [habra] tres talleres
Las oficinas [tendran] internet; [estaran] abiertas. 1.1.1 [Habra] tres talleres. Se [publicara] el informe
La Organización Internacional para las Migraciones [preparara] para cada reunión una matriz
Se hará, tendrán, reunirá y HARÁ. La OIM prepara una matriz; las partes declaran lo suyo
Pidió que la OIM preparara una matriz, si los países la suministraran
Pereira, Elvira y Palmira. Samira viaja a Madeira. Se mira, gira y retira; la mentira, la lira y la satira
Protocolo de atención em fronteira; bandeira, primeira, carteira, estrangeira e brasileira
Confira, prefira, adquira, insira, sugira, transfira; caipira
"""
VERBS = """
abrir acudir adherir admitir adquirir advertir añadir asistir asumir atribuir combatir compartir competir concluir
conducir conferir consentir consistir constituir construir contribuir convertir convivir corregir cubrir cumplir
debatir decidir definir describir descubrir destruir difundir dirigir discutir disminuir distinguir distribuir dividir
elegir emitir escribir exigir existir expedir huir impartir impedir imprimir incidir incluir incurrir influir inscribir
instruir introducir invertir medir morir ocurrir oir omitir pedir percibir permitir persistir prescribir presidir
producir prohibir recibir recurrir reducir referir regir remitir rendir repartir repetir requerir residir resumir
reunir revertir seguir sentir servir subir sufrir sugerir suprimir surgir suscribir sustituir traducir transferir
transmitir unir vivir
"""


def test_words_that_lack_their_accent() -> None:
    wrong = []
    for row in (ACCENTS + FUTURES).strip().split("\n"):
        text = found = row.replace("[", "").replace("]", "")
        for start, end in sorted(find_bare_words(text), reverse=True):
            found = f"{found[:start]}[{found[start:end]}]{found[end:]}"
        if found != row:
            wrong.append(found)
    assert wrong == []
    for verb in VERBS.split():
        text = f"Se {verb}a y se {verb}an"
        assert [text[start:end] for start, end in find_bare_words(text)] == [f"{verb}a", f"{verb}an"]


@given(st.text(), st.from_regex(r"[a-zñ]{0,8}[ae]iran?", fullmatch=True))
def test_each_is_a_word_of_the_text(text: str, word: str) -> None:
    for start, end in find_bare_words(text):
        assert text[start:end].lower().endswith(("ion", "mas", "ra", "ran"))
    assert list(find_bare_words(f"Atención em {word} con la {word}.")) == []
    for acronym in find_acronyms(text):
        assert text[acronym.start : acronym.end].startswith(acronym.letters)
        assert acronym.letters.isupper()


def test_where_a_plan_first_has_each_word(tmp_path: Path) -> None:
    background = made_background(tmp_path)

    def bare(text: str) -> list[str]:
        said = described(background, text).subject_objects(CG.unaccentedWord)
        return sorted(f"{element}/".removeprefix(BEGINNING).rstrip("/") for element, _ in said)

    # ACCION and IMPLEMENTACION are in the headings.
    assert bare("Una gestion para la accion y otra gestion") == ["", "", "t/1.1.1"]
    # A name without accents tells it of itself.
    assert bare("Pedir a la Organizacion Mundial un informe") == ["", ""]
    assert bare("Pedir a la Organizacion un informe") == ["", "", "t/1.1.1"]
    assert bare("Hold the meetings of the comision and report on it to the members") == []


ACRONYMS = """
Solicitar a la OIM un informe => OIM
Participación de la PPT/ST en la CSM, la CEAM,  etc. => PPT ST CSM CEAM
con ONG’s interesadas, ONGs y ONG's => ONG ONG ONG
la XIV CRM en Guatemala => CRM
LOS DERECHOS HUMANOS =>
TBD, mayo; y LGBTIQ+ también; la Red y A. de Cosas; el informe OIM2 y la norma A-B =>
Escribir a PLAN@MIN.GOB, WWW.MIGRACION.GOB o MIGRA.ORG =>
Según la ÓRBITA, el PDF, la TV y la COVID-19 => ÓRBITA
AL Y DE la XYZA => XYZA
Do NOT use DDT, and TODOS los LED; la licencia CC BY-NC-SA 4.0 =>
Pagar MXN 300, 20 GBP o MOP 5, y pedir al MOP => MOP
Ver objetivo 1 del tema «RIEGO Y XYZA», o el tema RIEGO, y la XYZA => XYZA
"""
BESIDE = """
FORO DE QUITO y la reunión => FORO QUITO
OBJETIVO PRIORITARIO: cuidar => OBJETIVO PRIORITARIO
FORO Y RED de todos => FORO RED
la OIM, la PPT/ST y la XIV CRM; los EE. UU. de hoy =>
"""


NAMES_AS_WORDS = {
    "FACEBOOK": [True], "PROMIGRA": [True], "MERCOSUR": [True], "FIBEMYD": [False], "XQZTRWPLM": [False],
    "OIM": [False], "PDF": [], "RUC": [],
}  # fmt: skip


def test_which_words_are_acronyms() -> None:
    for row, expected in pairs(ACRONYMS):
        assert " ".join(acronym.letters for acronym in find_acronyms(row)) == expected
    for row, expected in pairs(BESIDE):
        assert " ".join(acronym.letters for acronym in find_acronyms(row) if acronym.is_other) == expected
    text = "Pedir a las NN. UU. un informe"
    assert [text[found.start : found.end] for found in find_acronyms(text)] == ["NN. UU."]
    others = {word: [each.is_other for each in find_acronyms(f"la {word} de hoy")] for word in NAMES_AS_WORDS}
    assert others == NAMES_AS_WORDS


def acronym(name: str) -> URIRef:
    return URIRef(NAMES.id("plan", "made", "acronym", name))


def test_an_acronym_is_there_once_with_the_thing_it_stands_for(tmp_path: Path) -> None:
    background = made_background(tmp_path)
    oim = URIRef(NAMES.id("actor", "oim"))
    graph = described(background, "Pedir a la OIM", "La OIM informa")
    assert list(graph.subjects(RDF.type, CG.Acronym)) == [acronym("OIM")]
    assert graph.value(acronym("OIM"), CG.firstUsedIn) == URIRef(f"{BEGINNING}t/1.1.1")
    assert graph.value(acronym("OIM"), CG.standsFor) == oim
    assert graph.value(acronym("OIM"), CG.spelledOutIn) is None
    for text in (
        "Pedir a la IOM un informe de la red",
        "Ask the IOM for a report of the network",
        "La OIM XYZA informa",
    ):
        assert set(described(background, text).objects(None, CG.standsFor)) == {oim}
    # It is spelled out in the language of the plan, and by its own name only.
    english = "The World Organization has to report on it to the others"
    graph = described(background, "Ask the IOM for the report", english)
    assert graph.value(acronym("IOM"), CG.spelledOutIn) is not None
    graph = described(background, "Trabajar con la Agencia Noruega de Cooperación (OIM)")
    assert graph.value(acronym("OIM"), CG.spelledOutIn) is None


SPELLED_OUT = """
OIM => Pedir a la OIM | La Organización Mundial informa
CE => La Comisión de Estudios (CE) informa | La CE vota
CE => La CE vota | El Centro para la Educación (CE) informa
SIE => Usar el SIE (Sistema de Información Estadística)
CTI => El Comité Técnico Intersectorial — CTI — decide
CNM => El Consejo Nacional de Migración, en adelante CNM, decide
CNM => El Consejo Nacional de Migración (en adelante, el CNM) decide
CDEP => La CDEP enseña | Un curso de los Centros de Defensa y Examen de Plagas, S. A.
MERCOSUR => El Mercado Común del Sur (MERCOSUR) informa
RENAS => La Red Nacional de Albergues y Servicios (RENAS) informa
INEGI => Trabajar con el Instituto Nacional de Estadística y Geografía (INEGI)
INEGI => Trabajar con INEGI (Instituto Nacional de Estadística y Geografía)
INEGI => Trabajar con el Instituto Nacional de Estadística y Geografía, INEGI, por sus siglas
INEGI => Trabajar con el Instituto Nacional de Estadística y Geografía (INEGI, por sus siglas en español)
INEGI => Trabajar con el Instituto Nacional de Estadística y Geografía («INEGI»)
INEGI => Trabajar con el Instituto nacional de estadística (INEGI)
NORAD => Trabajar con la Agencia Noruega de Cooperación (NORAD)
GIZ => Trabajar con la agencia alemana de cooperación (GIZ)
MXF => Médicos Sin Fronteras (MXF) ayuda
BOP => Publicar en el BOP de Granada (Boletín Oficial de la Provincia)
MSF => Work with Doctors Without Borders (MSF)
CDC => Use the CDC curriculum of the Centers for Disease Control and Prevention
PON => Hablar con J. R. PEREZ y adoptar protocolos operativos normalizados (PONs)
"""
NOT_SPELLED_OUT = """
La Secretaría informa (XQZ) y vota | Realizar talleres de capacitación (XQZ) | Trabajar con Ana (XQZ)
Capacitar a los inspectores de trabajo (XQZ) | Publicar en el Boletín (XQZ) | Reunión del Grupo (XQZ)
Coordinar la XQZ (véase el anexo) | Coordinar con la XQZ (Ver El Tema) | Xilófonos, Quenas y Zampoñas de la XQZ
"""
NO_ACRONYMS = """
Coordinar la RED | Coordinar el FORO de todos | FORO DE QUITO y la reunión | OBJETIVO PRIORITARIO: cuidar
Ordenar la ruta CA-4 | Difundir en FACEBOOK las normas | Dar fin a PROMIGRA en 2027 | FORO DE MINISTROS que decide
Pedir el RUC en CSV con un QR y las TIC | Hablar con Ana (ANA)
"""


def test_what_spells_an_acronym_out(tmp_path: Path) -> None:
    background = made_background(tmp_path)
    unspelled = []
    for name, row in pairs(SPELLED_OUT):
        for written in (row, unicodedata.normalize("NFD", row)):
            graph = described(background, *phrases(written))
            assert list(graph.subjects(RDF.type, CG.Acronym)) == [acronym(name)]
            if graph.value(acronym(name), CG.spelledOutIn) is None:
                unspelled.append(written)
    assert unspelled == []
    for text in phrases(NOT_SPELLED_OUT):
        graph = described(background, text)
        assert (acronym("XQZ"), RDF.type, CG.Acronym) in graph
        assert graph.value(acronym("XQZ"), CG.spelledOutIn) is None, text
    for text in phrases(NO_ACRONYMS):
        assert list(described(background, text, "La red informa").subjects(RDF.type, CG.Acronym)) == [], text


def test_a_misspelt_acronym_is_the_one_that_is_meant(tmp_path: Path) -> None:
    background = made_background(tmp_path)
    reference = background.dataset.graph(URIRef(NAMES.graph("reference")))
    for thing, name in (("oim", "ACNUR"), ("foro", "FIBEMYD")):
        reference.add((URIRef(NAMES.id("actor", thing)), SKOS.altLabel, Literal(name, "es")))
    reference.add((URIRef(NAMES.id("actor", "foro")), SKOS.hiddenLabel, Literal("FYBEMID", "es")))
    here = replace(background, named=lambda _: Gazetteer(reference, (CG.Organisation, CG.Organ)))
    graph = described(here, "Pedir al ACNURR y al ACNUR, y al FYBEMID")
    assert set(graph.subjects(RDF.type, CG.Acronym)) == {acronym("ACNUR"), acronym("FIBEMYD")}
    assert {str(letters) for letters in graph.objects(None, CG.letters)} == {"ACNUR", "FIBEMYD"}
    assert graph.value(acronym("FIBEMYD"), CG.standsFor) == URIRef(NAMES.id("actor", "foro"))


def test_sentences_that_a_plan_says_more_than_once(tmp_path: Path) -> None:
    def repeated(*rows: tuple[str, str, str, str, str]) -> set[tuple[str, str]]:
        graph = describe_plan(made_plan(*rows), made_background(tmp_path)).graph(URIRef(NAMES.graph("plan", "made")))
        return {
            (str(one).removeprefix(BEGINNING), str(other).removeprefix(BEGINNING))
            for one, other in graph.subject_objects(CG.repeats)
        }

    # Each repeats the first, case, accents and a stop aside.
    activities = "1.1.1 Informar a la Red\n\n1.1.2 informar a la red.\n\n1.1.3 Informar  a la RED"
    assert repeated(
        ("Tema", "1. Uno", "1.1 Acción", activities, ""), ("", "2. Dos", "2.1 Otra", "2.1.1 Ínformar a la Red", "")
    ) == {("t/1.1.2", "t/1.1.1"), ("t/1.1.3", "t/1.1.1"), ("t/2.1.1", "t/1.1.1")}
    # Few words, another kind of part or a schedule are no repetition.
    assert not repeated(
        ("Tema", "1. Reunir a todos", "1.1 Reunir a todos", "1.1.1 Talleres", "1.1.1.1 Continuo, cada dos años"),
        ("", "2. Dos", "2.1 Otra", "2.1.1 Talleres", "2.1.1.1 Continuo, cada dos años"),
    )
