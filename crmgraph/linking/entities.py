"""The things of the graph that a name can be matched with, and names in the normal form in which they are compared."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from crmgraph.caching import memoize
from crmgraph.inference.rules import Row, Term
from crmgraph.lexicon import patterns
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names
from crmgraph.reading.languages import fold

LONGEST = 300
"""The number of characters of a name that are compared. The longest name in the graph is shorter."""
_LEXICON = patterns("matching")
_SMALL_WORDS, _CONJUNCTIONS, _COMPASS_DIRECTIONS = (
    frozenset(_LEXICON.raw(name).split()) for name in ("small", "joining", "sides")
)
_PREPOSITIONS = {word: kind for kind, words in _LEXICON.raw("ties").items() for word in words.split()}
_UNITS, _TENS, _OTHER_ORDINALS = (
    {word: number for number, words in _LEXICON.raw(name).items() for word in words.split()}
    for name in ("units", "tens", "ordinals")
)
_ORDINALS = _OTHER_ORDINALS | _UNITS | _TENS
_MIN_PLURAL_LENGTH = 3
"""The minimum number of letters of a word that has a plural. Shorter words are mostly acronyms."""
_CACHE_SIZE = 8192
"""The number of names in the cache: all names of things, which are compared often, and recent names from users."""


class WordOrder(NamedTuple):
    """The words of a name in one order, without small words such as articles.

    Positions are indexes into `words`.

    Attributes:
        words: The folded words.
        joints: Positions before which two things are joined: by “and”, by punctuation, or by a small word after a
            compass direction, as in “south of Sudan”.
        breaks: The positions in `joints` that follow punctuation, such as a comma or a dash.
        prepositions: The kind of preposition (`of`, `to`, `by` …) before the word at each position.
    """

    words: tuple[str, ...]
    joints: frozenset[int]
    breaks: frozenset[int]
    prepositions: Mapping[int, str]


def all_words_of(name: str) -> tuple[str, ...]:
    """Return the folded words of a name in order, including small words such as articles.

    A word that a dot truncates keeps the dot (“Org. Internacional”). Letters with dots between them are one word
    (“O.I.M.”), and so are the doubled letters of Spanish plurals (“EE. UU.”). “St” before another word becomes “Saint”,
    -isation becomes -ization, and ordinals become figures (“XV”, “15th”).
    """
    text = fold(_LEXICON["silent"].sub("", name[:LONGEST])).text
    for pattern, spelling in _LEXICON.pairs("spellings"):
        text = pattern.sub(spelling, text)
    text = _LEXICON["dotted"].sub(lambda found: "".join(found[0].replace(".", "").split()) + " ", text)
    words = ordinals_as_figures(_LEXICON.raw("american").get(word, word) for word in _LEXICON["word"].findall(text))
    # A full stop after the only word ends a sentence.
    return tuple(words) if len(words) > 1 else without_last_dot(words)


def words_of(name: str) -> tuple[str, ...]:
    """Return the words by which a name is compared: all but the small ones, or the small ones if it has no others."""
    words = all_words_of(name)
    return tuple(word for word in words if not is_stop_word(word)) or words


def small_words_of(name: str) -> frozenset[str]:
    """Return the small words of a name, such as the article of El Salvador."""
    return frozenset(filter(is_stop_word, all_words_of(name)))


def is_stop_word(word: str) -> bool:
    """Return whether a word is a stop word, such as an article, which is ignored when names are compared."""
    return word.removesuffix(".") in _SMALL_WORDS


def without_last_dot(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words without the full stop of the last word, which ends the name and truncates nothing."""
    return (*words[:-1], *(word.removesuffix(".") for word in words[-1:]))


def ordinals_as_figures(words: Iterable[str]) -> list[str]:
    """Return folded words with ordinals as figures: XV, 15th, decimoquinta; “twenty first” becomes one word."""
    found: list[str] = []
    tens = 0
    for word in words:
        if tens and word in _UNITS:
            found[-1] = str(tens + int(_UNITS[word]))
        elif counted := _LEXICON["counted"].fullmatch(word):
            found.append(counted[1])
        else:
            roman = _LEXICON.raw("roman").get(_LEXICON["roman_ending"].sub("", word), word)
            found.append(_ORDINALS.get(word, roman))
        tens = int(_TENS.get(word, 0))
    return found


def word_runs(words: Sequence[str], longest: int = LONGEST) -> Iterator[tuple[str, ...]]:
    """Yield all runs of consecutive words with at most `longest` words."""
    for start in range(len(words)):
        for end in range(start + 1, min(start + longest, len(words)) + 1):
            yield tuple(words[start:end])


def other_number_forms(word: str) -> frozenset[str]:
    """Return the plural forms of a singular word, or the singular forms of a plural.

    Examples: migración, migraciones; country, countries. The forms follow from the ending, so not all of them are
    words.
    """
    endings = _LEXICON.raw("plurals").items()
    pairs = [*endings, *((one, many) for many, one in endings)]
    others = (word.removesuffix(ending) + other for ending, other in pairs if word.endswith(ending))
    return frozenset(each for each in others if min(len(each), len(word)) >= _MIN_PLURAL_LENGTH)


def normalize_code(name: str) -> str:
    """Return a code in the form in which codes are compared: folded, without dots after letters or at the end.

    The address of an item in Wikidata, or of its page there, becomes the item number. Other addresses lose `http:` or
    `https:` and a slash at the end. Addresses in GeoNames lose all that follows the number.
    """
    folded = fold(name[:LONGEST]).text.strip()
    address = next(filter(None, (pattern.fullmatch(folded) for pattern in _LEXICON.each("codes"))), None)
    return address[1] if address else _LEXICON["code_dots"].sub("", folded)


@memoize(_CACHE_SIZE)
def possible_word_orders(name: str) -> tuple[WordOrder, ...]:
    """Return the written word order of a name and, for an index form (“Sudan, South”), also the natural one."""
    inverted = _LEXICON["inverted"].fullmatch(name[:LONGEST])
    first, *behind = inverted.groups() if inverted else (name,)
    return tuple(map(_word_order, [name, " ".join((*filter(None, behind), first))][: 2 if inverted else 1]))


def split_double_name(name: str) -> tuple[str, ...]:
    """Return the two names in text such as “Unión Europea (UE)” or “UE – Unión Europea”; otherwise an empty tuple."""
    both = _LEXICON["two"].fullmatch(name[:LONGEST])
    return tuple(filter(None, both.groups())) if both else ()


def _word_order(name: str) -> WordOrder:
    words: list[str] = []
    joints, breaks, prepositions = set[int](), set[int](), {}
    for piece in _LEXICON["beside"].split(name[:LONGEST].replace("&", " and ")):
        breaks.add(len(words))
        for word in all_words_of(piece):
            if not is_stop_word(word):
                words.append(word)
            elif words and (word in _CONJUNCTIONS or words[-1] in _COMPASS_DIRECTIONS):
                joints.add(len(words))
            elif word in _PREPOSITIONS:
                prepositions[len(words)] = _PREPOSITIONS[word]
    # Nothing is joined before the first word or after the last, and no preposition follows the last.
    places = frozenset(range(1, len(words)))
    followed = {place: kind for place, kind in prepositions.items() if place < len(words)}
    return WordOrder(without_last_dot(words), places & (joints | breaks), places & breaks, followed)


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
_IGNORED_PROPERTIES = tuple(_CG + name for name in ("attachedBy", "order", "translatedInto", "passage", "within"))


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
