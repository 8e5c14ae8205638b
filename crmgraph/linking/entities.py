"""The things of the graph that a name may stand for: their kinds, their names and codes, and what is said of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode

from crmgraph.inference.terms import Row, Term
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
"""The kinds of things: classes, and schemes of concepts."""

_HIDDEN = _SKOS + "hiddenLabel"
_NAMES = (
    _RDFS + "label", _SKOS + "prefLabel", _SKOS + "altLabel", _HIDDEN, _DCTERMS + "title", _DCTERMS + "alternative",
    _CG + "text",
)  # fmt: skip
_LANGUAGES = ("", "es", "en")
"""The languages of the graph, and none."""
_CODES = (_SKOS + "notation", *(_CG + name for name in ("iso2", "iso3", "m49", "number")))
_NUMBERED = {
    _SDG + "Goal": ("SDG", "ODS", "Goal", "Objetivo"),
    _SDG + "Target": ("SDG", "ODS", "Target", "Meta"),
    _CG + "Objective": ("Objective", "Objetivo"),
    _CG + "Action": ("Action", "Acción"),
    _CG + "Activity": ("Activity", "Actividad"),
}
"""The words before the number of a thing of such a kind where people write it: SDG 10.7."""
_SAID = (
    _SKOS + "altLabel", _SKOS + "notation", _SKOS + "broader", _DCTERMS + "date", _DCTERMS + "description",
    _DCTERMS + "title", _DCTERMS + "isPartOf", _SAME_AS, PREFIXES["foaf"] + "page",
)  # fmt: skip
# How the text was read, which nobody asks of a thing.
_NOT_SAID = tuple(
    _CG + name for name in ("attachedBy", "order", "readIn", "firstUse", "translatedInto", "passage", "within")
)


_PROPERTIES = dict.fromkeys((_TYPE, _IN_SCHEME, *_NAMES, *_CODES, *_SAID))
ENTITIES = f"""SELECT DISTINCT ?entity ?property ?value {{
  VALUES ?kind {{ {" ".join(f"<{kind}>" for kind in KINDS)} }}
  {{ SELECT DISTINCT ?entity ?kind {{ ?entity a|<{_IN_SCHEME}> ?kind }} }}
  ?entity ?property ?value .
  FILTER (STRSTARTS(STR(?property), "{_CG}") || ?property IN ({", ".join(f"<{name}>" for name in _PROPERTIES)}))
}}"""
"""The query for all that is said of all things, as ?entity, ?property and ?value."""
LABELS = f"""SELECT DISTINCT ?thing ?label {{
  {{ ?thing <{_RDFS}label>|<{_SKOS}prefLabel> ?label }} UNION
  {{ ?thing a <{_SKOS}ConceptScheme> ; <{_DCTERMS}title> ?label }}
}}"""
"""The query for all labels in the graph, and titles of schemes of concepts, as ?thing and ?label."""

Value = NamedNode | Literal
"""A value of a property."""


@dataclass(frozen=True)
class Entity:
    """A thing: its IRI, its kinds (of KINDS), its labels by language, and all its names.

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


def read_labels(rows: Iterable[Row]) -> dict[str, dict[str, str]]:
    """Return the labels of everything, by IRI and language, from the answer to `LABELS`."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        labels[row["thing"].value][language_of(row["label"])] = row["label"].value
    return labels


def read_entities(rows: Iterable[Row], labels: Mapping[str, Mapping[str, str]], names: Names) -> dict[str, Entity]:
    """Return the things, by IRI, from the answer to `ENTITIES` and the labels of everything by language."""
    found = [
        (row["entity"].value, row["property"].value, row["value"])
        for row in rows
        if isinstance(row["entity"], NamedNode) and not isinstance(row["value"], BlankNode)
    ]
    things = {iri for iri, _, _ in found}
    said: dict[str, dict[str, list[Value]]] = {}
    for iri, name, value in sorted(found, key=lambda row: (row[0], row[1], row[2].value, language_of(row[2]))):
        # What is no thing here, such as a membership, is only a knot in the graph.
        if isinstance(value, Literal) or value.value in things or not value.value.startswith(names.id()):
            said.setdefault(iri, defaultdict(list))[name].append(value)
    return {iri: _entity(iri, values, labels.get(iri, {}), names) for iri, values in said.items()}


def language_of(term: Term) -> str:
    """Return the language that a term is in; empty where it is in none."""
    return (term.language or "") if isinstance(term, Literal) else ""


def kinds_of(entities: Mapping[str, Entity]) -> tuple[str, ...]:
    """Return those of KINDS that some of these things are."""
    return tuple(kind for kind in KINDS if any(kind in entity.kinds for entity in entities.values()))


def _entity(iri: str, said: Mapping[str, list[Value]], labels: Mapping[str, str], space: Names) -> Entity:
    """Return a thing of which this is said; `said` has an empty list for all else."""
    kinds = {value.value for name in (_TYPE, _IN_SCHEME) for value in said[name]}
    same = [value.value for value in said[_SAME_AS]]
    languages: dict[str, set[str]] = defaultdict(set)
    own: dict[str, set[str]] = defaultdict(set)
    for name in _NAMES:
        for value in said[name]:
            languages[value.value].add(language_of(value))
            own[value.value].update(() if name == _HIDDEN else (language_of(value),))
    codes = [value.value for name in _CODES for value in said[name]]
    before = dict.fromkeys(each for kind in kinds for each in _NUMBERED.get(kind, ()))
    codes += [f"{each} {code}" for each in before for code in codes]
    addresses = (iri, iri.removeprefix(space.id()), *same, *(each.rstrip("/").rpartition("/")[2] for each in same))
    given = {value.value for value in said[_HIDDEN]}
    return Entity(
        iri,
        tuple(kind for kind in KINDS if kind in kinds),
        labels,
        tuple(languages),
        tuple(dict.fromkeys((*codes, *addresses))),
        {
            name: tuple(values)
            for name, values in said.items()
            if values and (name in _SAID or (name.startswith(_CG) and name not in _NOT_SAID))
        },
        frozenset(name for name, of in languages.items() if of.isdisjoint(_LANGUAGES)),
        {name: frozenset(languages[name] - own[name]) for name in given},
        frozenset(name for name in given if not own[name]),
    )
