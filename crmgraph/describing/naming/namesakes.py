"""Names that are also something else: ordinary words, and longer names of other places."""

from collections.abc import Collection

from babel import Locale
from babel.localedata import exists

__all__ = ["NEAR_STATES", "ORDINARY", "other_places"]

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

NEAR_STATES = frozenset({"armonia", "barbudos", "columbia", "malaria"})
"""Words, folded, that are right and differ in one letter from the name of a State: Malasia, Colombia."""

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
