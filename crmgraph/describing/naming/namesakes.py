"""Names that are also something else: ordinary words, and longer names of other places."""

import re
from collections.abc import Collection

from babel import Locale
from babel.localedata import exists

__all__ = ["NEAR_STATES", "ORDINARY", "RIGHT", "SMALL_WORDS", "other_places"]

ORDINARY = frozenset(
    (
        "barbados",
        "bermudas",
        "catar",
        "chile",
        "china",
        "corea",
        "cuba",
        "dominica",
        "el-salvador",
        "filipinas",
        "granada",
        "guinea",
        "holanda",
        "india",
        "iran",
        "jamaica",
        "malta",
        "paises-bajos",
        "chad",
        "jordan",
        "turkey",
    )
)
"""Names of States, folded and with hyphens, that mean something else when written small: chiles, irán, el salvador."""

NEAR_STATES = frozenset(
    re.findall(
        r"\w+",
        """
    guiana guianas paraguai uruguai
    beize benni bruma guiena keina kenai keyna malai nigre sapin togna
    aguila alania albinia alegria aleria alexania almeria amenia angelia angla angula arcelia ardelia
    argentona armentia armeria arminia armonia armunia austrasia bahrani barbalos barbaros barbatos barbudos
    barin basil batswana bazil belgaum belica brail brein cameron cameroun camerton chire columbia comeras
    comeros comodas comodos comolas compras coracao cracia cyrus danmark delmark demark domenica egito
    estoria fenland filandia filipicas finnland frankia franzia fruncia funland gabia ganada giorgia grabada
    gradada gramada granda graneada grapada grasada gravada grece guana hungaria hungry iolanda jodan joran
    jordaan latia latonia lavia lebaron leetonia leonia lesto letania levanon liano libreria lichtenstein
    loberia luxemburg malabia malaia malaria malatia maldices maldigas malditas malesia mallawi malvasia
    manasia marocco mauretania maurilio maurizio mocambique moldava monserrat montenero montferrat nineria
    noray noriega noway palos philippides polania polland randa romandia romaria runda saltador salvator
    sebia seden senecal senekal seria singapour somaglia sucia surafrica surname sween tunicia ucronia
    urania zabia zamia
        """,
    )
)
"""Words, folded, that are right and only look like slips of the name of a State: compras, Comoras; Almería, Algeria.

Chosen by hand from the words of Spanish and English, names of people, and towns that a slip makes of such a name; with
them what other languages call a State.
"""

RIGHT = frozenset(
    re.findall(
        r"\w+",
        "sudamericana sudamericanas sudamericano sudamericanos suramericana suramericanas suramericano suramericanos"
        " transnacional transnacionales trasnacional trasnacionales",
    )
)
"""Words, folded, that are written in two ways, both right."""

SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a al and con contra de del e el en for in la las lo los o of on para por que se sin sobre the to u un una y",
    )
)
"""Words, folded, that stand for no name, not even in capitals (LAS, of the League of Arab States in English)."""

_PLACES = {
    "es": (
        "Antigua Guatemala",
        "Canal de Panamá",
        "Ciudad de Belice",
        "Ciudad de Granada",
        "Ciudad de Guatemala",
        "Ciudad de Kuwait",
        "Ciudad de México",
        "Ciudad de Panamá",
        "Estado de México",
        "Golfo de Guinea",
        "Golfo de Honduras",
        "Golfo de México",
        "Guatemala de la Asunción",
        "Istmo de Panamá",
        "Mar de China",
        "Nueva Granada",
        "Nueva Guinea",
        "Nueva Guatemala de la Asunción",
        "Nuevo México",
        "San José de Costa Rica",
        "Santiago de Chile",
        "Santiago de Cuba",
        "Irlanda del Norte",
        "Valle de México",
    ),
    "en": (
        "Belize City",
        "Guatemala City",
        "Gulf of Guinea",
        "Gulf of Honduras",
        "Gulf of Mexico",
        "Kuwait City",
        "Mexico City",
        "New Guinea",
        "New Mexico",
        "Northern Ireland",
        "Panama Canal",
        "Panama City",
        "South China Sea",
    ),
}


def other_places(languages: Collection[str]) -> list[str]:
    """Names of several words that can have a State's name in them and are not its own (Nuevo México, Puerto Rico).

    The States and territories of the world are those of Unicode's CLDR.
    """
    names: list[str] = []
    for language in languages:
        names += _PLACES.get(language, ())
        if exists(language):
            names += [name for name in Locale.parse(language).territories.values() if " " in name or "-" in name]
    return names
