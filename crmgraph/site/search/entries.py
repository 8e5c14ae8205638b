"""What can be found: its group, what it is found by, and where it stands."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from crmgraph.http.languages import LANGUAGES, marked, translations
from crmgraph.library import LibraryQuestion, Parameter
from crmgraph.library import said as value_words
from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.reading.folding import key
from crmgraph.searching import Column, Entry, Said
from crmgraph.site.base.site import Site, Term, in_language
from crmgraph.site.plans import Known, compared, known, pair_path
from crmgraph.site.source import Quotation

__all__ = [
    "COMMON",
    "GROUPS",
    "LESS",
    "ROLES",
    "Described",
    "Findable",
    "comparisons",
    "describe",
    "findable",
    "owners",
    "questions",
    "spoken",
    "things",
]

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
"""What is found, in the order in which it is shown."""

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
"""What a text is of the thing that it is found by."""

LESS = {"finding": 0.8, "question": 0.8, "comparison": 0.8, "other-plan": 0.7, "term": 0.5}
"""How much those count that are not what the plan speaks of."""

COMMON = ("topic", "population-group", "finding", "question", "term")
"""The groups whose things are called by common words."""


@dataclass(frozen=True)
class Findable:
    """What can be found: what is looked through (`entry`), what it is, and where it stands.

    `kind` is what it is, in each language; `path` the page about it where that is another than its IRI leads to;
    `above` the IRIs of what it is a part of, from the whole down; `words` its place in a source. A question `takes` as
    values of its parameters, by their names, the things with these IRIs; where it is asked of a value, what that is
    called is `asked_of`, by language.
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


def spoken(message: str) -> dict[str, str]:
    """A message of ours in each language."""
    return {language: translations(language).gettext(message) for language in LANGUAGES}


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
"""What is found, by its class or its scheme of concepts: the first of these that it has says what it is."""

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
_EXPLAINED = {
    _SKOS + "definition": "definition",
    **dict.fromkeys((_RDFS + "comment", _DCTERMS + "description", _SKOS + "scopeNote"), "definition"),
    _SKOS + "note": "note",
    _SKOS + "example": "example",
    _CG + "remedy": "remedy",
}
_TYPES = (_RDF + "type", _SKOS + "inScheme")
_TEXT, _NUMBER, _PASSAGE, _PART_OF = _CG + "text", _CG + "number", _CG + "passage", _DCTERMS + "isPartOf"
_STATUS, _ACTIVITY, _PLAN_OF = _CG + "status", _CG + "Activity", _CG + "planOf"
_SAID = """
SELECT DISTINCT ?x ?property ?value {
  { SELECT DISTINCT ?x { VALUES ?kind { %(kinds)s } ?x a|skos:inScheme ?kind } }
  VALUES ?property { %(properties)s }
  ?x ?property ?value
}"""
_RANGE = re.compile(r"(?P<source>.+)/(?P<start>\d+)-(?P<end>\d+)")
_ACRONYM = re.compile(r"(?=(?:.*[^\W\d_a-zà-ÿ]){2})[^\W_]{2,12}(?:-[^\W_]{1,8})?")
_CAMEL = re.compile(r"[a-z]+[A-Z]\w*")

_Said = Mapping[str, Sequence[Term]]
Described = Mapping[str, _Said]
"""What the graph says of things, by their IRIs and by property."""


def describe(site: Site) -> Described:
    """All things that a reader would look for."""
    described: dict[str, dict[str, list[Term]]] = {}
    properties = (*_TYPES, *_LABELS, *_NAMES, *_EXPLAINED, _TEXT, _NUMBER, _PASSAGE, _PART_OF, _STATUS, _PLAN_OF)
    asked = {"kinds": _list(_KINDS), "properties": _list(properties)}
    rows = sorted(site.select(_SAID % asked), key=lambda row: (row["x"].value, row["value"].value))
    for row in rows:
        if row["x"].is_iri and row["value"].kind in ("uri", "literal"):
            described.setdefault(row["x"].value, {}).setdefault(row["property"].value, []).append(row["value"])
    return described


def things(site: Site, described: Described) -> Iterator[Findable]:
    """Each of the things, but for terms of others."""
    named = {kind: spoken(name) for kind, name in _KIND_NAMES.items()}
    kinds = {**site.labels(kind for kind in _KINDS if kind.startswith(_CG)), **named}
    stated = _stated(described)
    for iri, said in described.items():
        if found := _thing(site, iri, said, described, kinds, stated.get(iri, ())):
            yield found


def _list(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris)


def _thing(
    site: Site,
    iri: str,
    said: _Said,
    described: Described,
    kinds: Mapping[str, Mapping[str, str]],
    stated: Iterable[str],
) -> Findable | None:
    is_of = {term.value for name in _TYPES for term in said.get(name, ())}
    kind = next(kind for kind in _KINDS if kind in is_of)
    group = _KINDS[kind]
    if group == "term" and not iri.startswith(ONTOLOGY):
        return None
    plan = site.names.id("plan", "crm")
    if group == "part" and iri != plan and not iri.startswith(plan + "/"):
        group = "other-plan"
    labels = {term.language: term.value for name in _LABELS for term in said.get(name, ())}
    labels = labels or {term.language: term.value for term in said.get(_DCTERMS + "title", ())}
    number = next((term.value for term in said.get(_NUMBER, ())), "")
    called = kinds.get(kind, {})
    texts: dict[tuple[str, str], Said] = {}
    for each in (
        *_labels(iri, group, kind, labels, said),
        *_numbers(number, called),
        *_others(group, said),
        *owners(said, described),
        *_statuses(called, stated, described),
    ):
        # A code that is a name too, such as an acronym, is told as the name.
        if each.role != "code" or each.text not in {text for text, _ in texts}:
            texts.setdefault((each.text, each.language), each)
    return Findable(
        Entry(
            iri,
            group,
            labels,
            tuple(texts.values()),
            LESS.get(group, 1.0),
            group in COMMON,
            "part" if group == "other-plan" else "",
        ),
        called,
        number,
        _path(site, iri, kind, said),
        _above(iri, described),
        next((words for term in said.get(_PASSAGE, ()) if (words := _words(term.value))), None),
    )


def _numbers(number: str, kind: Mapping[str, str]) -> Iterator[Said]:
    if number:
        yield Said(number, "", "number", "names", is_own=True)
        yield from (
            Said(f"{name} {number}", language, "number", "names", is_own=True) for language, name in kind.items()
        )


def _labels(iri: str, group: str, kind: str, labels: Mapping[str, str], said: _Said) -> Iterator[Said]:
    text = next(iter(said.get(_TEXT, ())), None)
    for language, label in labels.items():
        if text:
            yield Said(label, language, "text" if language == text.language else "translation", "titles")
        elif group in ("finding", "term"):
            yield Said(label, language, "message" if kind == _CG + "Finding" else "label", "titles")
        else:
            yield Said(label, language, "label", "names", is_own=True)
    # The label of a part is its text but for blank space, unless it has been made for it.
    if text and key(text.value) not in {key(label) for label in labels.values()}:
        yield Said(text.value, text.language, "text", "titles")
    name = iri.rpartition("#")[2]
    if kind.startswith(_OWL) and _CAMEL.fullmatch(name):
        yield Said(name, "", "code", "titles", is_own=True)


def _others(group: str, said: _Said) -> Iterator[Said]:
    # What findings and terms are called is no name that anything in the world has.
    column: Column = "titles" if group in ("finding", "term") else "names"
    for name, role in _NAMES.items():
        for term in said.get(name, ()):
            is_short = role == "alternative" and _ACRONYM.fullmatch(term.value) is not None
            yield Said(term.value, term.language, "acronym" if is_short else role, column, is_own=True)
    for name, role in _EXPLAINED.items():
        yield from (Said(term.value, term.language, role, "notes") for term in said.get(name, ()) if not term.is_iri)


def owners(said: _Said, described: Described) -> Iterator[Said]:
    """What the process is called whose plan it is."""
    for owner in said.get(_PLAN_OF, ()):
        for name in (*_LABELS, _SKOS + "altLabel"):
            for term in described.get(owner.value, {}).get(name, ()):
                yield Said(term.value, term.language, "owner", "names")


def _path(site: Site, iri: str, kind: str, said: _Said) -> str:
    """Findings and checks are shown on the page of their check."""
    code = next((term.value for term in said.get(_CG + "code", ())), "")
    if kind == _CG + "Check" and code:
        return f"/findings/{code}"
    if kind == _CG + "Finding" and code:
        anchor = iri.removeprefix(site.names.id("finding", "")).replace("/", "_")
        return f"/findings/{code}#{anchor}"
    return ""


def _above(iri: str, described: Described) -> tuple[str, ...]:
    above: list[str] = []
    at = iri
    while at in described:
        at = next((term.value for term in described[at].get(_PART_OF, ())), "")
        if at in above or at not in described:
            break
        above.insert(0, at)
    return tuple(above)


def _words(passage: str) -> Quotation | None:
    found = _RANGE.fullmatch(passage)
    return Quotation(found["source"], int(found["start"]), int(found["end"]), "", passage) if found else None


def _stated(described: Described) -> dict[str, list[str]]:
    """The statuses that parts state, and those that what is below an activity states of it."""
    found: dict[str, list[str]] = {}
    for iri, said in described.items():
        above = [term.value for term in said.get(_PART_OF, ()) if _is_a(described.get(term.value, {}), _ACTIVITY)]
        for status in said.get(_STATUS, ()):
            for each in (iri, *above):
                found.setdefault(each, []).append(status.value)
    return found


def _is_a(said: _Said, kind: str) -> bool:
    return any(term.value == kind for term in said.get(_RDF + "type", ()))


def _statuses(kind: Mapping[str, str], statuses: Iterable[str], described: Described) -> Iterator[Said]:
    """What a part is, and how it stands, so that it is found by both."""
    for status in statuses:
        for term in described.get(status, {}).get(_SKOS + "prefLabel", ()):
            if name := kind.get(term.language):
                yield Said(f"{name}: {term.value}", term.language, "status", "titles")


_SKOS = PREFIXES["skos"]


def questions(site: Site, described: Described) -> Iterator[Findable]:
    """Each question, and the same asked of each concept that is a value of it."""
    for question in site.library.values():
        yield from _questions(site, question, described)


def _questions(site: Site, question: LibraryQuestion, described: Described) -> Iterator[Findable]:
    """A question, and the same asked of each concept that is a value of it."""
    texts = (
        *(Said(title, language, "label", "titles") for language, title in question.title.items()),
        *(Said(text, language, "explanation", "notes") for language, text in question.explanation.items()),
        Said(question.name, "en", "code", "notes", is_own=True),
    )
    path = f"/queries/{question.name}"
    entry = Entry(path, "question", question.title, texts, LESS["question"], is_common=True)
    takes = {each.name: _taken(site, each) for each in question.parameters if each.type == "iri" and each.values}
    yield Findable(entry, spoken(marked("Question")), path=path, takes=takes)
    for parameter in question.parameters:
        if parameter.scheme and question.phrase:
            yield from _asked_of(question, parameter, described)


def _taken(site: Site, parameter: Parameter) -> frozenset[str]:
    rows = site.select(f"SELECT DISTINCT ?value {{ {parameter.values} }}")
    return frozenset(row["value"].value for row in rows if row["value"].is_iri)


def _asked_of(question: LibraryQuestion, parameter: Parameter, described: Described) -> Iterator[Findable]:
    scheme = f"{ONTOLOGY}/{parameter.scheme}"
    for iri, told in described.items():
        if not any(term.value == scheme for term in told.get(_SKOS + "inScheme", ())):
            continue
        labels = {term.language: term.value for term in told.get(_SKOS + "prefLabel", ())}
        names: dict[str, tuple[str, ...]] = {}
        for term in (*told.get(_SKOS + "prefLabel", ()), *told.get(_SKOS + "altLabel", ())):
            names[term.language] = (*names.get(term.language, ()), term.value)
        values = {parameter.name: parameter.short(iri, question.names)}
        asked = {language: _sentence(question, values, labels, language) for language in LANGUAGES}
        path = f"/queries/{question.name}?{urlencode(values)}"
        texts = (
            *(Said(text, language, "label", "titles") for language, text in asked.items()),
            *(Said(name, language, "alternative", "notes") for language, each in names.items() for name in each),
        )
        entry = Entry(path, "question", asked, texts, LESS["question"], is_common=True)
        yield Findable(entry, spoken(marked("Question")), path=path, asked_of=names)


def _sentence(question: LibraryQuestion, values: Mapping[str, str], labels: Mapping[str, str], language: str) -> str:
    """The question asked of the one thing that has these labels, and of any where it leaves that open."""
    given = {each.name: each.open.get(language, "…") for each in question.parameters}
    name = in_language(labels, language)[0]
    for parameter in question.parameters:
        if value := values.get(parameter.name):
            given[parameter.name] = value_words(parameter, value, {value: name}, language)
    return question.asked(language, given)


_SKOS = PREFIXES["skos"]
_COMPARED = marked("Compare two plans: the comparison says what corresponds to what.")


def comparisons(site: Site, described: Described) -> Iterator[Findable]:
    """Each two plans that are compared."""
    plans = known(site)
    for one, other in compared(site):
        yield _comparison(one, other, plans, described)


def _comparison(one: str, other: str, plans: Mapping[str, Known], described: Described) -> Findable:
    """The page that compares two plans: found by what either is called, and by whose it is."""
    labels = {
        language: translations(language).gettext("%(plan)s and %(other)s")
        % {"plan": _name(plans[one], language), "other": _name(plans[other], language)}
        for language in LANGUAGES
    }
    texts = (
        *(Said(label, language, "label", "titles") for language, label in labels.items()),
        *(Said(text, language, "explanation", "notes") for language, text in spoken(_COMPARED).items()),
        *(text for plan in (one, other) for text in _called(plan, plans[plan], described)),
    )
    path = pair_path(one, other)
    entry = Entry(path, "comparison", labels, texts, LESS["comparison"])
    return Findable(entry, spoken(marked("Comparison of two plans")), path=path)


def _name(plan: Known, language: str) -> str:
    return in_language(plan.names, language)[0]


def _called(iri: str, plan: Known, described: Described) -> Iterator[Said]:
    said = described.get(iri, {})
    for language, title in plan.titles.items():
        yield Said(title, language, "compared", "notes")
    for term in said.get(_SKOS + "altLabel", ()):
        yield Said(term.value, term.language, "compared", "notes")
    for owner in owners(said, described):
        yield replace(owner, role="compared", column="notes")


def findable(site: Site) -> tuple[Findable, ...]:
    """All that can be found, in the order of the groups."""
    described = describe(site)
    found = (*things(site, described), *questions(site, described), *comparisons(site, described))
    order = list(GROUPS)
    return tuple(sorted(found, key=lambda each: order.index(each.entry.group)))
