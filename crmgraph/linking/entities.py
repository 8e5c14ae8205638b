"""The things of the graph that a name may stand for: what they are, how they are called, and what is said of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names

__all__ = ["KINDS", "Entity", "Value", "entities_query", "kinds_of", "labels_query", "read_entities"]

_CG, _SKOS, _DCTERMS, _RDFS = (PREFIXES[name] for name in ("cg", "skos", "dcterms", "rdfs"))
_SDG = "http://metadata.un.org/sdg/ontology#"
_SAME_AS = PREFIXES["schema"] + "sameAs"
_TYPE = PREFIXES["rdf"] + "type"
_IN_SCHEME = _SKOS + "inScheme"

KINDS = (
    *(
        _CG + name
        for name in (
            "Agent", "State", "Organisation", "ConsultativeProcess", "Network", "AgentGroup", "Organ", "Instrument",
            "Meeting", "Place", "Plan", "PlanElement", "Theme", "Objective", "Action", "Activity",
        )
    ),
    f"{ONTOLOGY}/topic",
    f"{ONTOLOGY}/population-group",
    _SDG + "Goal",
    _SDG + "Target",
)  # fmt: skip
"""What the things may be: classes, and schemes of concepts."""

_LABELS = (_RDFS + "label", _SKOS + "prefLabel")
_HIDDEN = _SKOS + "hiddenLabel"
_NAMES = (
    *_LABELS, _SKOS + "altLabel", _HIDDEN, _DCTERMS + "title", _DCTERMS + "alternative", _CG + "text",
)  # fmt: skip
_OURS = ("", "es", "en")
"""The languages of the graph, beside names that have none."""

_CODES = (_SKOS + "notation", *(_CG + name for name in ("iso2", "iso3", "m49", "number")))
_NUMBERED = {
    _SDG + "Goal": ("SDG", "ODS", "Goal", "Objetivo"),
    _SDG + "Target": ("SDG", "ODS", "Target", "Meta"),
    _CG + "Objective": ("Objective", "Objetivo"),
    _CG + "Action": ("Action", "Acción"),
    _CG + "Activity": ("Activity", "Actividad"),
}
"""What stands before the number of a thing of such a kind where people write it: SDG 10.7."""

_TOLD = (
    _SKOS + "altLabel",
    _SKOS + "notation",
    _SKOS + "broader",
    _DCTERMS + "date",
    _DCTERMS + "description",
    _DCTERMS + "title",
    _DCTERMS + "isPartOf",
    _SAME_AS,
    PREFIXES["foaf"] + "page",
)
# How the text was read, which nobody asks of a thing.
_NOT_TOLD = tuple(
    _CG + name for name in ("attachedBy", "order", "readIn", "firstUse", "translatedInto", "passage", "within")
)


@dataclass(frozen=True)
class Value:
    """What is said of a thing: an IRI, or a text of this datatype or in this language."""

    text: str
    is_iri: bool = False
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True)
class Entity:
    """A thing: its IRI, what it is (some of KINDS), its labels by language, and all that it is called.

    `codes` stand for it as a whole, such as GTM, and `values` are what is said of it, by property. `foreign` are those
    of its names that no language of the graph has: written otherwise, a word of them may be another word (Suède).
    `given` are those that some call it by in these languages, though they are not its names there, and `never_own`
    those of them that are its names in no language.
    """

    iri: str
    kinds: tuple[str, ...]
    labels: Mapping[str, str]
    names: tuple[str, ...]
    codes: tuple[str, ...]
    values: Mapping[str, tuple[Value, ...]]
    foreign: frozenset[str] = frozenset()
    given: Mapping[str, frozenset[str]] = field(default_factory=dict)
    never_own: frozenset[str] = frozenset()


def entities_query() -> str:
    """The query for all that is said of all things, as ?entity, ?property and ?value."""
    kinds = " ".join(f"<{kind}>" for kind in KINDS)
    return f"""SELECT DISTINCT ?entity ?property ?value {{
  VALUES ?kind {{ {kinds} }}
  {{ SELECT DISTINCT ?entity ?kind {{ ?entity a|<{_IN_SCHEME}> ?kind }} }}
  ?entity ?property ?value .
  FILTER (STRSTARTS(STR(?property), "{_CG}") || ?property IN ({_list(_TYPE, _IN_SCHEME, *_NAMES, *_CODES, *_TOLD)}))
}}"""


def labels_query() -> str:
    """The query for all labels in the graph, and titles of schemes of concepts, as ?thing and ?label."""
    return f"""SELECT DISTINCT ?thing ?label {{
  {{ ?thing <{_LABELS[0]}>|<{_LABELS[1]}> ?label }} UNION
  {{ ?thing a <{_SKOS}ConceptScheme> ; <{_DCTERMS}title> ?label }}
}}"""


def _list(*iris: str) -> str:
    return ", ".join(f"<{iri}>" for iri in dict.fromkeys(iris))


def read_entities(
    rows: Iterable[tuple[str, str, Value]], labels: Mapping[str, Mapping[str, str]], names: Names
) -> dict[str, Entity]:
    """The things, by IRI, from the rows of `entities_query` and the labels of everything by language."""
    told = sorted(rows, key=lambda row: (row[0], row[1], row[2].text, row[2].language))
    things = {iri for iri, _, _ in told}
    said: dict[str, dict[str, list[Value]]] = {}
    for iri, name, value in told:
        # What is no thing here, such as a membership, is only a knot in the graph.
        if not value.is_iri or value.text in things or not value.text.startswith(names.id()):
            said.setdefault(iri, {}).setdefault(name, []).append(value)
    return {iri: _entity(iri, values, labels.get(iri, {}), names) for iri, values in said.items()}


def _entity(iri: str, said: Mapping[str, list[Value]], labels: Mapping[str, str], space: Names) -> Entity:
    is_of = {value.text for name in (_TYPE, _IN_SCHEME) for value in said.get(name, ())}
    same = [value.text for value in said.get(_SAME_AS, ())]
    names = [value for name in _NAMES for value in said.get(name, ())]
    own = _languages(value for name in _NAMES if name != _HIDDEN for value in said.get(name, ()))
    given = _languages(said.get(_HIDDEN, ()))
    codes = [value.text for name in _CODES for value in said.get(name, ())]
    before = dict.fromkeys(each for kind in is_of for each in _NUMBERED.get(kind, ()))
    codes += [f"{each} {code}" for each in before for code in codes]
    addresses = (iri, iri.removeprefix(space.id()), *same, *(each.rstrip("/").rpartition("/")[2] for each in same))
    return Entity(
        iri,
        tuple(kind for kind in KINDS if kind in is_of),
        labels,
        tuple(dict.fromkeys(value.text for value in names)),
        tuple(dict.fromkeys((*codes, *addresses))),
        {
            name: tuple(values)
            for name, values in said.items()
            if name in _TOLD or (name.startswith(_CG) and name not in _NOT_TOLD)
        },
        frozenset(value.text for value in names) - {value.text for value in names if value.language in _OURS},
        {name: frozenset(languages - own.get(name, set())) for name, languages in given.items()},
        frozenset(given.keys() - own.keys()),
    )


def _languages(values: Iterable[Value]) -> dict[str, set[str]]:
    """The languages in which each text is said."""
    found: dict[str, set[str]] = {}
    for value in values:
        found.setdefault(value.text, set()).add(value.language)
    return found


def kinds_of(entities: Mapping[str, Entity]) -> tuple[str, ...]:
    """Those of KINDS that some of these things are."""
    found = {kind for entity in entities.values() for kind in entity.kinds}
    return tuple(kind for kind in KINDS if kind in found)
