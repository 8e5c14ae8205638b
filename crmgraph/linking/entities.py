"""The things of the graph that a name can be matched with: their kinds, names, codes and property values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode

from crmgraph.inference.rules import Row, Term
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names

_CG, _SKOS, _DCTERMS, _RDFS = (PREFIXES[name] for name in ("cg", "skos", "dcterms", "rdfs"))
_SDG = "http://metadata.un.org/sdg/ontology#"
_SAME_AS, _TYPE, _IN_SCHEME = PREFIXES["schema"] + "sameAs", PREFIXES["rdf"] + "type", _SKOS + "inScheme"

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
"""The kinds of things that names are matched with, wide ones first: classes, and concept schemes."""

_HIDDEN_LABEL = _SKOS + "hiddenLabel"
_NAME_PROPERTIES = (
    _RDFS + "label", _SKOS + "prefLabel", _SKOS + "altLabel", _HIDDEN_LABEL, _DCTERMS + "title",
    _DCTERMS + "alternative", _CG + "text",
)  # fmt: skip
_LANGUAGES = ("", "es", "en")
"""The languages of the graph, and the empty tag of texts without a language."""
_CODE_PROPERTIES = (_SKOS + "notation", *(_CG + name for name in ("iso2", "iso3", "m49", "number")))
_NUMBER_PREFIXES = {
    _SDG + "Goal": ("SDG", "ODS", "Goal", "Objetivo"),
    _SDG + "Target": ("SDG", "ODS", "Target", "Meta"),
    _CG + "Objective": ("Objective", "Objetivo"),
    _CG + "Action": ("Action", "Acción"),
    _CG + "Activity": ("Activity", "Actividad"),
}
"""The words that people write before the number of a thing, by kind: SDG 10.7."""
_VALUE_PROPERTIES = (
    _SKOS + "altLabel", _SKOS + "notation", _SKOS + "broader", _DCTERMS + "date", _DCTERMS + "description",
    _DCTERMS + "title", _DCTERMS + "isPartOf", _SAME_AS, PREFIXES["foaf"] + "page",
)  # fmt: skip
# Properties about the reading of the text, which are of no use for matching.
_IGNORED_PROPERTIES = tuple(
    _CG + name for name in ("attachedBy", "order", "readIn", "firstUse", "translatedInto", "passage", "within")
)


_PROPERTIES = dict.fromkeys((_TYPE, _IN_SCHEME, *_NAME_PROPERTIES, *_CODE_PROPERTIES, *_VALUE_PROPERTIES))
ENTITIES = f"""SELECT DISTINCT ?entity ?property ?value {{
  VALUES ?kind {{ {" ".join(f"<{kind}>" for kind in KINDS)} }}
  {{ SELECT DISTINCT ?entity ?kind {{ ?entity a|<{_IN_SCHEME}> ?kind }} }}
  ?entity ?property ?value .
  FILTER (STRSTARTS(STR(?property), "{_CG}") || ?property IN ({", ".join(f"<{name}>" for name in _PROPERTIES)}))
}}"""
"""The query for the kinds, names, codes and values of all things, as ?entity, ?property and ?value."""
LABELS = f"""SELECT DISTINCT ?thing ?label {{
  {{ ?thing <{_RDFS}label>|<{_SKOS}prefLabel> ?label }} UNION
  {{ ?thing a <{_SKOS}ConceptScheme> ; <{_DCTERMS}title> ?label }}
}}"""
"""The query for all labels in the graph, and for the titles of concept schemes, as ?thing and ?label."""

Value = NamedNode | Literal
"""The value of a property."""


@dataclass(frozen=True)
class Entity:
    """A thing of the graph, with all names by which it can be found.

    Attributes:
        kinds: Its kinds, in the order of `KINDS`.
        labels: Its label in each language.
        names: All its names, in any language.
        codes: Codes that identify the thing, such as `GTM`, and its addresses.
        values: The values of its other properties, by IRI of the property.
        foreign_names: Names in languages other than those of the graph, such as “Suède”. Without its accent, a word of
            such a name may be a Spanish or English word.
        unofficial_names: Names that are only hidden labels (`skos:hiddenLabel`) in some languages, each with these
            languages.
        never_official_names: Those of `unofficial_names` that are hidden labels in every language.
    """

    iri: str
    kinds: tuple[str, ...]
    labels: Mapping[str, str]
    names: tuple[str, ...]
    codes: tuple[str, ...]
    values: Mapping[str, tuple[Value, ...]]
    foreign_names: frozenset[str] = frozenset()
    unofficial_names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    never_official_names: frozenset[str] = frozenset()


def read_labels(rows: Iterable[Row]) -> dict[str, dict[str, str]]:
    """Return the labels of all resources, by IRI and language, from the solutions of `LABELS`."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        labels[row["thing"].value][language_of(row["label"])] = row["label"].value
    return labels


def read_entities(rows: Iterable[Row], labels: Mapping[str, Mapping[str, str]], names: Names) -> dict[str, Entity]:
    """Return the things by IRI, from the solutions of `ENTITIES` and the labels of all resources."""
    found = [
        (row["entity"].value, row["property"].value, row["value"])
        for row in rows
        if isinstance(row["entity"], NamedNode) and not isinstance(row["value"], BlankNode)
    ]
    things = {iri for iri, _, _ in found}
    values_of: dict[str, dict[str, list[Value]]] = {}
    for iri, name, value in sorted(found, key=lambda row: (row[0], row[1], row[2].value, language_of(row[2]))):
        # Other resources of this dataset, such as a membership, only connect things.
        if isinstance(value, Literal) or value.value in things or not value.value.startswith(names.id()):
            values_of.setdefault(iri, defaultdict(list))[name].append(value)
    return {iri: _entity(iri, values, labels.get(iri, {}), names) for iri, values in values_of.items()}


def language_of(term: Term) -> str:
    """Return the language tag of a term; empty for a term without one."""
    return (term.language or "") if isinstance(term, Literal) else ""


def kinds_of(entities: Mapping[str, Entity]) -> tuple[str, ...]:
    """Return the kinds that at least one of these things has, in the order of `KINDS`."""
    return tuple(kind for kind in KINDS if any(kind in entity.kinds for entity in entities.values()))


def _entity(iri: str, values_by_property: Mapping[str, list[Value]], labels: Mapping[str, str], space: Names) -> Entity:
    """Return a thing with these values. `values_by_property` has an empty list for a property without values."""
    kinds = {value.value for name in (_TYPE, _IN_SCHEME) for value in values_by_property[name]}
    same = [value.value for value in values_by_property[_SAME_AS]]
    languages: dict[str, set[str]] = defaultdict(set)
    own: dict[str, set[str]] = defaultdict(set)
    for name in _NAME_PROPERTIES:
        for value in values_by_property[name]:
            languages[value.value].add(language_of(value))
            own[value.value].update(() if name == _HIDDEN_LABEL else (language_of(value),))
    codes = [value.value for name in _CODE_PROPERTIES for value in values_by_property[name]]
    before = dict.fromkeys(each for kind in kinds for each in _NUMBER_PREFIXES.get(kind, ()))
    codes += [f"{each} {code}" for each in before for code in codes]
    addresses = (iri, iri.removeprefix(space.id()), *same, *(each.rstrip("/").rpartition("/")[2] for each in same))
    given = {value.value for value in values_by_property[_HIDDEN_LABEL]}
    return Entity(
        iri,
        tuple(kind for kind in KINDS if kind in kinds),
        labels,
        tuple(languages),
        tuple(dict.fromkeys((*codes, *addresses))),
        {
            name: tuple(values)
            for name, values in values_by_property.items()
            if values and (name in _VALUE_PROPERTIES or (name.startswith(_CG) and name not in _IGNORED_PROPERTIES))
        },
        frozenset(name for name, of in languages.items() if of.isdisjoint(_LANGUAGES)),
        {name: frozenset(languages[name] - own[name]) for name in given},
        frozenset(name for name in given if not own[name]),
    )
