"""The things that the search page finds: those of the graph, the questions of the library, and comparisons of plans."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from crmgraph.http.languages import LANGUAGES, marked, translations
from crmgraph.library import LibraryQuestion, Parameter
from crmgraph.library import said as value_in_words
from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.reading.folding import key
from crmgraph.searching import Column, Entry, Text
from crmgraph.site.base.site import Site, Term, in_language
from crmgraph.site.plans import PlanTexts, compared, pair_path, plan_texts
from crmgraph.site.source import Quotation

__all__ = ["GROUPS", "ROLES", "Findable", "findable"]

GROUPS = {
    "part": marked("Parts of the plan"),
    "instrument": marked("Instruments"),
    "actor": marked("Actors and bodies"),
    "network": marked("Networks"),
    "process": marked("Consultative processes"),
    "state": marked("States"),
    "topic": marked("Topics"),
    "population-group": marked("Population groups"),
    "meeting": marked("Meetings and events"),
    "place": marked("Places"),
    "finding": marked("Findings and checks"),
    "question": marked("Questions"),
    "comparison": marked("Comparisons of plans"),
    "other-plan": marked("Other plans"),
    "term": marked("Terms of the ontology"),
}
"""The groups of things, in the order in which they are shown."""

ROLES = {
    "label": marked("Name"),
    "acronym": marked("Acronym"),
    "alternative": marked("Alternative name"),
    "spelling": marked("Also written"),
    "code": marked("Code"),
    "number": marked("Number"),
    "title": marked("Title"),
    "text": marked("Text of the source"),
    "translation": marked("Translation"),
    "definition": marked("Definition"),
    "explanation": marked("Explanation"),
    "note": marked("Note"),
    "example": marked("Example"),
    "remedy": marked("How to fix it"),
    "message": marked("Message"),
    "owner": marked("Whose plan it is"),
    "compared": marked("One of the two plans"),
    "status": marked("Kind and status"),
}
"""The roles of texts that things are found by."""

_WEIGHTS = {"finding": 0.8, "question": 0.8, "comparison": 0.8, "other-plan": 0.7, "term": 0.5}
"""The weights of groups that the plan does not speak of."""

_COMMON = ("topic", "population-group", "finding", "question", "term")
"""The groups whose things have common words as names."""

_CG, _SKOS, _DCTERMS, _RDFS, _OWL, _RDF = (PREFIXES[name] for name in ("cg", "skos", "dcterms", "rdfs", "owl", "rdf"))
_SDG = "http://metadata.un.org/sdg/ontology#"
_KINDS: Mapping[str, str] = {
    **dict.fromkeys((_CG + name for name in ("Theme", "Objective", "Action", "Activity", "ScheduleEntry")), "part"),
    **dict.fromkeys((_CG + name for name in ("Note", "Referral", "CrossReference", "Plan")), "part"),
    _CG + "State": "state",
    _CG + "ConsultativeProcess": "process",
    _CG + "Network": "network",
    **dict.fromkeys((_CG + name for name in ("Organ", "AgentGroup", "Organisation")), "actor"),
    _CG + "Instrument": "instrument",
    **dict.fromkeys((_CG + name for name in ("Meeting", "PastEvent", "PlannedEvent", "Event")), "meeting"),
    _CG + "Place": "place",
    f"{ONTOLOGY}/topic": "topic",
    f"{ONTOLOGY}/population-group": "population-group",
    **dict.fromkeys((_SDG + "Goal", _SDG + "Target"), "other-plan"),
    **dict.fromkeys((_CG + "Finding", _CG + "Check"), "finding"),
    **dict.fromkeys((_OWL + name for name in ("Class", "ObjectProperty", "DatatypeProperty")), "term"),
    **dict.fromkeys((_OWL + "AnnotationProperty", _SKOS + "ConceptScheme", _SKOS + "Concept"), "term"),
}
"""The groups by classes and concept schemes; the first that a thing has is its kind."""

_KIND_NAMES = {
    f"{ONTOLOGY}/topic": marked("Topic"),
    f"{ONTOLOGY}/population-group": marked("Population group"),
    _SDG + "Goal": marked("Sustainable Development Goal"),
    _SDG + "Target": marked("Target of the 2030 Agenda"),
    _OWL + "Class": marked("Class"),
    **dict.fromkeys(
        (_OWL + name for name in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")), marked("Property")
    ),
    _SKOS + "ConceptScheme": marked("Concept scheme"),
    _SKOS + "Concept": marked("Concept"),
}
_LABELS = (_RDFS + "label", _SKOS + "prefLabel")
_NAMES = {
    _SKOS + "altLabel": "alternative",
    _DCTERMS + "alternative": "alternative",
    _SKOS + "hiddenLabel": "spelling",
    _DCTERMS + "title": "title",
    _SKOS + "notation": "code",
    **dict.fromkeys((_CG + name for name in ("iso2", "iso3", "code")), "code"),
}
_EXPLANATIONS = {
    _SKOS + "definition": "definition",
    **dict.fromkeys((_RDFS + "comment", _DCTERMS + "description", _SKOS + "scopeNote"), "definition"),
    _SKOS + "note": "note",
    _SKOS + "example": "example",
    _CG + "remedy": "remedy",
}
_TYPES = (_RDF + "type", _SKOS + "inScheme")
_TEXT, _NUMBER, _PASSAGE, _PART_OF = _CG + "text", _CG + "number", _CG + "passage", _DCTERMS + "isPartOf"
_STATUS, _PLAN_OF = _CG + "status", _CG + "planOf"
_PROPERTIES = (*_TYPES, *_LABELS, *_NAMES, *_EXPLANATIONS, _TEXT, _NUMBER, _PASSAGE, _PART_OF, _STATUS, _PLAN_OF)
_DESCRIBED = """
SELECT DISTINCT ?x ?property ?value {
  { SELECT DISTINCT ?x { VALUES ?kind { %s } ?x a|skos:inScheme ?kind } }
  VALUES ?property { %s }
  ?x ?property ?value
}"""
_RANGE = re.compile(r"(?P<source>.+)/(?P<start>\d+)-(?P<end>\d+)")
_ACRONYM = re.compile(r"(?=(?:.*[^\W\d_a-zà-ÿ]){2})[^\W_]{2,12}(?:-[^\W_]{1,8})?")
_CAMEL = re.compile(r"[a-z]+[A-Z]\w*")
_COMPARED = marked("Compare two plans: the comparison says what corresponds to what.")

_Values = Mapping[str, Sequence[Term]]
"""The values of a thing, by property."""

_Described = Mapping[str, _Values]


@dataclass(frozen=True)
class Findable:
    """A thing that can be found: its entry in the index, what it is, and where it stands.

    `kind` is what it is, by language; `path` the page about it where that is another than its IRI leads to; `above` the
    IRIs of what it is part of, from the whole down; `words` its place in a source. A question `takes` the things with
    these IRIs as values, by parameter; where it is asked of a value, `asked_of` has the names of that, by language.
    """

    entry: Entry
    kind: Mapping[str, str]
    number: str = ""
    path: str = ""
    above: tuple[str, ...] = ()
    words: Quotation | None = None
    takes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    asked_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_in_graph(self) -> bool:
        """Whether the graph has it, by its IRI."""
        return not self.entry.name.startswith("/")


def findable(site: Site) -> tuple[Findable, ...]:
    """Return all that can be found, in the order of the groups."""
    values: dict[str, dict[str, list[Term]]] = {}
    kinds, properties = (" ".join(f"<{iri}>" for iri in iris) for iris in (_KINDS, _PROPERTIES))
    rows = sorted(site.select(_DESCRIBED % (kinds, properties)), key=lambda row: (row["x"].value, row["value"].value))
    for row in rows:
        if row["x"].is_iri and row["value"].kind in ("uri", "literal"):
            values.setdefault(row["x"].value, {}).setdefault(row["property"].value, []).append(row["value"])
    found = (*_things(site, values), *_questions(site, values), *_comparisons(site, values))
    order = list(GROUPS)
    return tuple(sorted(found, key=lambda each: order.index(each.entry.group)))


def _spoken(message: str) -> dict[str, str]:
    """Return a message of ours by language."""
    return {language: translations(language).gettext(message) for language in LANGUAGES}


def _in_all(texts: Mapping[str, str], role: str, column: Column) -> Iterator[Text]:
    return (Text(text, language, role, column) for language, text in texts.items())


def _by_language(values: _Values, *properties: str) -> dict[str, str]:
    return {term.language: term.value for name in properties for term in values.get(name, ())}


def _first(values: _Values, name: str) -> str:
    return next((term.value for term in values.get(name, ())), "")


def _things(site: Site, described: _Described) -> Iterator[Findable]:
    """Yield the things of the graph, but for terms of other vocabularies."""
    cg_kinds = site.labels(kind for kind in _KINDS if kind.startswith(_CG))
    kinds = {**cg_kinds, **{kind: _spoken(name) for kind, name in _KIND_NAMES.items()}}
    types = {iri: {term.value for name in _TYPES for term in values.get(name, ())} for iri, values in described.items()}
    activities = {iri for iri, kinds_of in types.items() if _CG + "Activity" in kinds_of}
    statuses: dict[str, list[str]] = {}
    for iri, values in described.items():
        # An activity is found by the statuses of what is below it.
        above = [each.value for each in values.get(_PART_OF, ()) if each.value in activities]
        for status in values.get(_STATUS, ()):
            for each in (iri, *above):
                statuses.setdefault(each, []).append(status.value)
    plan = site.names.id("plan", "crm")
    for iri, values in described.items():
        kind = next(kind for kind in _KINDS if kind in types[iri])
        group = _KINDS[kind]
        if group == "term" and not iri.startswith(ONTOLOGY):
            continue
        if group == "part" and iri != plan and not iri.startswith(plan + "/"):
            group = "other-plan"
        called = kinds.get(kind, {})
        labels = _by_language(values, *_LABELS) or _by_language(values, _DCTERMS + "title")
        number = _first(values, _NUMBER)
        texts: dict[tuple[str, str], Text] = {}
        for text in (
            *_label_texts(iri, group, kind, labels, values),
            *_number_texts(number, called),
            *_other_texts(group, values),
            *_owners(values, described),
            *_status_texts(called, statuses.get(iri, ()), described),
        ):
            # A code that is a name too, such as an acronym, counts as the name.
            if text.role != "code" or text.text not in {known for known, _ in texts}:
                texts.setdefault((text.text, text.language), text)
        after = "part" if group == "other-plan" else ""
        weight, is_common = _WEIGHTS.get(group, 1.0), group in _COMMON
        entry = Entry(iri, group, labels, tuple(texts.values()), weight, is_common, after)
        place = next(filter(None, (_RANGE.fullmatch(term.value) for term in values.get(_PASSAGE, ()))), None)
        words = Quotation(place["source"], int(place["start"]), int(place["end"]), "", place[0]) if place else None
        yield Findable(entry, called, number, _path(site, iri, kind, values), _above(iri, described), words)


def _number_texts(number: str, kind: Mapping[str, str]) -> Iterator[Text]:
    if number:
        yield Text(number, "", "number", "names", is_own=True)
        for language, name in kind.items():
            yield Text(f"{name} {number}", language, "number", "names", is_own=True)


def _label_texts(iri: str, group: str, kind: str, labels: Mapping[str, str], values: _Values) -> Iterator[Text]:
    text = next(iter(values.get(_TEXT, ())), None)
    for language, label in labels.items():
        if text:
            yield Text(label, language, "text" if language == text.language else "translation", "titles")
        elif group in ("finding", "term"):
            yield Text(label, language, "message" if kind == _CG + "Finding" else "label", "titles")
        else:
            yield Text(label, language, "label", "names", is_own=True)
    # The label of a part is its text but for blank space, unless it has been made for it.
    if text and key(text.value) not in {key(label) for label in labels.values()}:
        yield Text(text.value, text.language, "text", "titles")
    name = iri.rpartition("#")[2]
    if kind.startswith(_OWL) and _CAMEL.fullmatch(name):
        yield Text(name, "", "code", "titles", is_own=True)


def _other_texts(group: str, values: _Values) -> Iterator[Text]:
    # The names of findings and terms are no names that anything in the world has.
    column: Column = "titles" if group in ("finding", "term") else "names"
    for name, role in _NAMES.items():
        for term in values.get(name, ()):
            is_short = role == "alternative" and _ACRONYM.fullmatch(term.value) is not None
            yield Text(term.value, term.language, "acronym" if is_short else role, column, is_own=True)
    for name, role in _EXPLANATIONS.items():
        for term in values.get(name, ()):
            if not term.is_iri:
                yield Text(term.value, term.language, role, "notes")


def _owners(values: _Values, described: _Described) -> Iterator[Text]:
    """Yield the names of the process whose plan a thing is."""
    for owner in values.get(_PLAN_OF, ()):
        for name in (*_LABELS, _SKOS + "altLabel"):
            for term in described.get(owner.value, {}).get(name, ()):
                yield Text(term.value, term.language, "owner", "names")


def _status_texts(kind: Mapping[str, str], statuses: Iterable[str], described: _Described) -> Iterator[Text]:
    """Yield the kind of a part together with each of its statuses, so that it is found by both."""
    for status in statuses:
        for term in described.get(status, {}).get(_SKOS + "prefLabel", ()):
            if name := kind.get(term.language):
                yield Text(f"{name}: {term.value}", term.language, "status", "titles")


def _path(site: Site, iri: str, kind: str, values: _Values) -> str:
    """Return the path of the page of a finding or a check, which is that of the check; empty for other things."""
    code = _first(values, _CG + "code")
    if not code or kind not in (_CG + "Check", _CG + "Finding"):
        return ""
    anchor = iri.removeprefix(site.names.id("finding", "")).replace("/", "_")
    return f"/findings/{code}" + (f"#{anchor}" if kind == _CG + "Finding" else "")


def _above(iri: str, described: _Described) -> tuple[str, ...]:
    above: list[str] = []
    while (iri := _first(described.get(iri, {}), _PART_OF)) in described and iri not in above:
        above.insert(0, iri)
    return tuple(above)


def _questions(site: Site, described: _Described) -> Iterator[Findable]:
    """Yield each question of the library, and the same asked of each concept that is a value of it."""
    for question in site.library.values():
        texts = (
            *_in_all(question.title, "label", "titles"),
            *_in_all(question.explanation, "explanation", "notes"),
            Text(question.name, "en", "code", "notes", is_own=True),
        )
        takes = {}
        for parameter in question.parameters:
            if parameter.type == "iri" and parameter.values:
                values = site.select(f"SELECT DISTINCT ?value {{ {parameter.values} }}")
                takes[parameter.name] = frozenset(row["value"].value for row in values if row["value"].is_iri)
        yield _question(f"/queries/{question.name}", question.title, texts, takes=takes)
        for parameter in question.parameters:
            if parameter.scheme and question.phrase:
                yield from _asked_of(question, parameter, described)


def _asked_of(question: LibraryQuestion, parameter: Parameter, described: _Described) -> Iterator[Findable]:
    scheme = f"{ONTOLOGY}/{parameter.scheme}"
    for iri, values in described.items():
        if any(term.value == scheme for term in values.get(_SKOS + "inScheme", ())):
            labels = _by_language(values, _SKOS + "prefLabel")
            names: dict[str, tuple[str, ...]] = {}
            for term in (*values.get(_SKOS + "prefLabel", ()), *values.get(_SKOS + "altLabel", ())):
                names[term.language] = (*names.get(term.language, ()), term.value)
            value = parameter.short(iri, question.names)
            sentences = {}
            for language in LANGUAGES:
                # What is left open stands in the sentence as such.
                words = {each.name: each.open.get(language, "…") for each in question.parameters}
                label = in_language(labels, language)[0]
                words[parameter.name] = value_in_words(parameter, value, {value: label}, language)
                sentences[language] = question.asked(language, words)
            texts = (
                *_in_all(sentences, "label", "titles"),
                *(Text(name, language, "alternative", "notes") for language, each in names.items() for name in each),
            )
            path = f"/queries/{question.name}?{urlencode({parameter.name: value})}"
            yield _question(path, sentences, texts, asked_of=names)


def _question(
    path: str,
    labels: Mapping[str, str],
    texts: tuple[Text, ...],
    takes: Mapping[str, frozenset[str]] | None = None,
    asked_of: Mapping[str, tuple[str, ...]] | None = None,
) -> Findable:
    entry = Entry(path, "question", labels, texts, _WEIGHTS["question"], is_common=True)
    return Findable(entry, _spoken(marked("Question")), path=path, takes=takes or {}, asked_of=asked_of or {})


def _comparisons(site: Site, described: _Described) -> Iterator[Findable]:
    """Yield the pages that compare two plans: found by the names of either, and by whose it is."""
    plans = plan_texts(site)
    for one, other in compared(site):
        labels = {
            language: translations(language).gettext("%(plan)s and %(other)s")
            % {
                "plan": in_language(plans[one].names, language)[0],
                "other": in_language(plans[other].names, language)[0],
            }
            for language in LANGUAGES
        }
        texts = (
            *_in_all(labels, "label", "titles"),
            *_in_all(_spoken(_COMPARED), "explanation", "notes"),
            *(text for plan in (one, other) for text in _plan_names(plans[plan], described.get(plan, {}), described)),
        )
        path = pair_path(one, other)
        entry = Entry(path, "comparison", labels, texts, _WEIGHTS["comparison"])
        yield Findable(entry, _spoken(marked("Comparison of two plans")), path=path)


def _plan_names(plan: PlanTexts, values: _Values, described: _Described) -> Iterator[Text]:
    yield from _in_all(plan.titles, "compared", "notes")
    for term in values.get(_SKOS + "altLabel", ()):
        yield Text(term.value, term.language, "compared", "notes")
    for owner in _owners(values, described):
        yield replace(owner, role="compared", column="notes")
