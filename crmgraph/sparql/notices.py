"""The texts of notices, and their address, which holds the names that they are about."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from crmgraph.errors import Bilingual, join_sentences
from crmgraph.namespaces import PREFIXES, abbreviate_iri
from crmgraph.sparql.engine import Notice

_UNKNOWN = {
    "class": Bilingual("There is no class {}.", "No existe la clase {}."),
    "property": Bilingual("There is no property {}.", "No existe la propiedad {}."),
    "thing": Bilingual("The dataset has nothing called {}.", "En los datos no hay nada que se llame {}."),
    "namespace": Bilingual("The dataset does not use the namespace {}.", "Los datos no usan el espacio de nombres {}."),
}
_UNUSED = {
    **_UNKNOWN,
    "class": Bilingual("Nothing in the dataset is of the class {}.", "En los datos no hay nada de la clase {}."),
    "property": Bilingual(
        "No statement in the dataset has the property {}.", "Ninguna afirmación de los datos tiene la propiedad {}."
    ),
}
_REPLACED = Bilingual("{} is no longer a term of the ontology.", "{} ya no es un término de la ontología.")
_WRITE = Bilingual("Write: {}", "Escriba: {}")
_MEANT = Bilingual("Did you mean {}?", "¿Quiso decir {}?")
_PLANS = Bilingual(
    "This query takes the parts of all plans together. To ask one plan, add, with your variable for the part: "
    "?part cg:plan <{}plan/crm> .",
    "Esta consulta toma juntas las partes de todos los planes. Para preguntar por un solo plan, añada, con su variable "
    "para la parte: ?parte cg:plan <{}plan/crm> .",
)

_PATTERNS = {"class": "?x a {}", "property": "?x {} ?y", "thing": "VALUES ?x {{ {} }}"}
_ROLES = {"classes": "class", "properties": "property", "things": "thing", "namespaces": "namespace"}
"""The roles of names in an address, by the parameter that holds them; "plans" is there for a mixture of plans."""

PARAMETERS = (*_ROLES, "plans")
_LONGEST_ADDRESS = 2000
_MOST_NAMES = 20
"""Number of names of each role that are read from an address; no address that is given out has more."""


def message_of(notice: Notice, prefixes: Mapping[str, str]) -> Bilingual:
    """Return the text of a notice; the prefixes abbreviate IRIs."""

    def fill(text: Bilingual, value: str) -> Bilingual:
        return Bilingual(text.format(value), text.spanish.format(value))

    if notice.code == "plans":
        return fill(_PLANS, prefixes.get("id", PREFIXES["id"]))
    if notice.code == "replaced":
        return join_sentences(fill(_REPLACED, abbreviate_iri(notice.term, prefixes)), fill(_WRITE, notice.meant))
    said = (_UNKNOWN if notice.code == "unknown" else _UNUSED)[notice.role]
    is_short = notice.role != "namespace"
    term, meant = (abbreviate_iri(iri, prefixes) if is_short else f"<{iri}>" for iri in (notice.term, notice.meant))
    return join_sentences(fill(said, term), *([fill(_MEANT, meant)] if notice.meant else ()))


def address_of(notices: Iterable[Notice], prefixes: Mapping[str, str]) -> str:
    """Return the relative address of notices, of at most 2,000 characters, without what does not fit; empty if all."""
    held: dict[str, str] = {}
    address = ""
    for notice in notices:
        name = next((name for name, role in _ROLES.items() if role == notice.role), "plans")
        term = abbreviate_iri(notice.term, prefixes) if notice.term else "all"
        more = {**held, name: f"{held.get(name, '')} {term}".strip()}
        longer = "notices?" + urlencode(more, safe=":/")
        if len(longer) <= _LONGEST_ADDRESS:
            held, address = more, longer
    return address


def query_of(parameters: Mapping[str, str], prefixes: Mapping[str, str]) -> str:
    """Return a query that has the notices whose address has these parameters, as far as they still hold.

    Raises ValueError if a name is not an IRI.
    """
    declarations, patterns = "", list[str]()
    for parameter, role in _ROLES.items():
        for name in parameters.get(parameter, "").split()[:_MOST_NAMES]:
            prefix, _, local = name.partition(":")
            iri = str(NamedNode(prefixes[prefix] + local if prefix in prefixes else name))
            if role == "namespace":
                declarations += f"PREFIX n{len(patterns)}: {iri} "
                iri = f"n{len(patterns)}:name"
            patterns.append(_PATTERNS.get(role, _PATTERNS["thing"]).format(iri))
    if parameters.get("plans"):
        patterns.append(f"?x a <{PREFIXES['cg']}PlanElement>")
    return f"{declarations}ASK {{ {' UNION '.join(f'{{ {each} }}' for each in patterns)} }}"
