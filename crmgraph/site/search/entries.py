"""The things that the search page finds: those of the graph, the questions of the library, and comparisons of plans."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from crmgraph.http.languages import LANGUAGES, marked, translations
from crmgraph.library import ANY, LibraryQuestion, Parameter, question_in_words
from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.reading.languages import key
from crmgraph.searching import Column, Entry, Text
from crmgraph.site.base import Site, Term, in_language
from crmgraph.site.plans import compared_pairs, comparison_path, plan_texts
from crmgraph.site.source import Quotation

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

_SDG = "http://metadata.un.org/sdg/ontology#"
_KINDS = {
    kind: group
    for group, kinds in {
        "part": "cg:Theme cg:Objective cg:Action cg:Activity cg:ScheduleEntry cg:Note cg:Referral cg:CrossReference "
        "cg:Plan",
        "state": "cg:State",
        "process": "cg:ConsultativeProcess",
        "network": "cg:Network",
        "actor": "cg:Organ cg:AgentGroup cg:Organisation",
        "instrument": "cg:Instrument",
        "meeting": "cg:Meeting cg:PastEvent cg:PlannedEvent cg:Event",
        "place": "cg:Place",
        "topic": f"<{ONTOLOGY}/topic>",
        "population-group": f"<{ONTOLOGY}/population-group>",
        "other-plan": f"<{_SDG}Goal> <{_SDG}Target>",
        "finding": "cg:Finding cg:Check",
        "term": "owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty skos:ConceptScheme "
        "skos:Concept",
    }.items()
    for kind in kinds.split()
}
"""The groups by classes and concept schemes; the first that a thing has is its kind."""

_KIND_NAMES = {
    f"<{ONTOLOGY}/topic>": marked("Topic"),
    f"<{ONTOLOGY}/population-group>": marked("Population group"),
    f"<{_SDG}Goal>": marked("Sustainable Development Goal"),
    f"<{_SDG}Target>": marked("Target of the 2030 Agenda"),
    "owl:Class": marked("Class"),
    **dict.fromkeys(("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty"), marked("Property")),
    "skos:ConceptScheme": marked("Concept scheme"),
    "skos:Concept": marked("Concept"),
}
_LABELS = ("rdfs:label", "skos:prefLabel")
_NAMES = {
    "skos:altLabel": "alternative",
    "dcterms:alternative": "alternative",
    "skos:hiddenLabel": "spelling",
    "dcterms:title": "title",
    **dict.fromkeys(("skos:notation", "cg:iso2", "cg:iso3", "cg:code"), "code"),
}
_EXPLANATIONS = {
    **dict.fromkeys(("skos:definition", "rdfs:comment", "dcterms:description", "skos:scopeNote"), "definition"),
    "skos:note": "note",
    "skos:example": "example",
    "cg:remedy": "remedy",
}
_PROPERTIES = (*_LABELS, *_NAMES, *_EXPLANATIONS, "skos:inScheme", "cg:text", "cg:number", "cg:passage", "cg:within")
# An activity is found by the statuses of what is below it.
_DESCRIBED = f"""
SELECT DISTINCT ?x ?name ?value {{
  {{ SELECT DISTINCT ?x {{ VALUES ?kind {{ {" ".join(_KINDS)} }} ?x a|skos:inScheme ?kind }} }}
  {{
    VALUES (?property ?name) {{ {" ".join(f'({name} "{name}")' for name in _PROPERTIES)} }} ?x ?property ?value
  }}
  UNION {{ ?x cg:planOf/({"|".join(_LABELS)}|skos:altLabel) ?value BIND ("owner" AS ?name) }}
  UNION {{ ?x cg:status/skos:prefLabel ?value BIND ("status" AS ?name) }}
  UNION {{ ?x a cg:Activity ; ^dcterms:isPartOf/cg:status/skos:prefLabel ?value BIND ("status" AS ?name) }}
  UNION
  {{
    VALUES (?kind ?value) {{ {" ".join(f'({kind} "{kind}")' for kind in _KINDS)} }} ?x a|skos:inScheme ?kind
    BIND ("kind" AS ?name)
  }}
}}"""
_RANGE = re.compile(r"(?P<source>.+)/(?P<start>\d+)-(?P<end>\d+)")
_ACRONYM = re.compile(r"(?=(?:.*[^\W\d_a-zà-ÿ]){2})[^\W_]{2,12}(?:-[^\W_]{1,8})?")
_CAMEL = re.compile(r"[a-z]+[A-Z]\w*")
_COMPARED = marked("Compare two plans: the comparison says what corresponds to what.")

_Values = Mapping[str, Sequence[Term]]
"""The values of a thing, by the prefixed names of properties; `kind`, `owner` and `status` as _DESCRIBED has them."""

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
    described: dict[str, defaultdict[str, list[Term]]] = {}
    for row in sorted(site.select(_DESCRIBED), key=lambda row: (row["x"].value, row["value"].value)):
        if row["x"].is_iri and row["value"].kind in ("uri", "literal"):
            described.setdefault(row["x"].value, defaultdict(list))[row["name"].value].append(row["value"])
    found = (*_things(site, described), *_questions(site, described), *_comparisons(site, described))
    order = list(GROUPS)
    return tuple(sorted(found, key=lambda each: order.index(each.entry.group)))


def _spoken(message: str) -> dict[str, str]:
    """Return a message of ours by language."""
    return {language: translations(language).gettext(message) for language in LANGUAGES}


def _in_all(texts: Mapping[str, str], role: str, column: Column) -> Iterator[Text]:
    return (Text(text, language, role, column) for language, text in texts.items())


def _by_language(values: _Values, *properties: str) -> dict[str, str]:
    return {term.language: term.value for name in properties for term in values[name]}


def _first(values: _Values, name: str) -> str:
    return next((term.value for term in values[name]), "")


def _things(site: Site, described: _Described) -> Iterator[Findable]:
    """Yield the things of the graph, but for terms of other vocabularies."""
    labels = site.labels(PREFIXES["cg"] + kind.removeprefix("cg:") for kind in _KINDS)
    kinds = {kind: labels.get(PREFIXES["cg"] + kind.removeprefix("cg:"), {}) for kind in _KINDS}
    kinds |= {kind: _spoken(name) for kind, name in _KIND_NAMES.items()}
    plan = site.names.id("plan", "crm")
    for iri, values in described.items():
        own = {term.value for term in values["kind"]}
        kind = next(kind for kind in _KINDS if kind in own)
        group = _KINDS[kind]
        if group == "term" and not iri.startswith(ONTOLOGY):
            continue
        if group == "part" and iri != plan and not iri.startswith(plan + "/"):
            group = "other-plan"
        names = _by_language(values, *_LABELS) or _by_language(values, "dcterms:title")
        texts: dict[tuple[str, str], Text] = {}
        for text in (*_label_texts(iri, group, kind, names, values), *_other_texts(group, values, kinds[kind])):
            # A code that is a name too, such as an acronym, counts as the name.
            if text.role != "code" or text.text not in {known for known, _ in texts}:
                texts.setdefault((text.text, text.language), text)
        after = "part" if group == "other-plan" else ""
        entry = Entry(iri, group, names, tuple(texts.values()), _WEIGHTS.get(group, 1.0), group in _COMMON, after)
        place = next(filter(None, (_RANGE.fullmatch(term.value) for term in values["cg:passage"])), None)
        words = Quotation(place["source"], int(place["start"]), int(place["end"]), "", place[0]) if place else None
        path, number = _path(site, iri, kind, values), _first(values, "cg:number")
        # What is further up is within fewer.
        wholes = [term.value for term in values["cg:within"] if term.value in described]
        above = sorted(wholes, key=lambda each: len(described[each]["cg:within"]))
        yield Findable(entry, kinds[kind], number, path, tuple(above), words)


def _label_texts(iri: str, group: str, kind: str, labels: Mapping[str, str], values: _Values) -> Iterator[Text]:
    text = next(iter(values["cg:text"]), None)
    for language, label in labels.items():
        if text:
            yield Text(label, language, "text" if language == text.language else "translation", "titles")
        elif group in ("finding", "term"):
            yield Text(label, language, "message" if kind == "cg:Finding" else "label", "titles")
        else:
            yield Text(label, language, "label", "names", is_own=True)
    # The label of a part is its text but for blank space, unless it has been made for it.
    if text and key(text.value) not in {key(label) for label in labels.values()}:
        yield Text(text.value, text.language, "text", "titles")
    name = iri.rpartition("#")[2]
    if kind.startswith("owl:") and _CAMEL.fullmatch(name):
        yield Text(name, "", "code", "titles", is_own=True)


def _other_texts(group: str, values: _Values, kind: Mapping[str, str]) -> Iterator[Text]:
    """Yield the number, alone and behind the `kind`, further names, explanations, the owner, and kind and statuses."""
    for number in values["cg:number"][:1]:
        for language, before in {"": "", **kind}.items():
            yield Text(f"{before} {number.value}".strip(), language, "number", "names", is_own=True)
    # The names of findings and terms are no names that anything in the world has.
    column: Column = "titles" if group in ("finding", "term") else "names"
    for name, role in _NAMES.items():
        for term in values[name]:
            is_short = role == "alternative" and _ACRONYM.fullmatch(term.value) is not None
            yield Text(term.value, term.language, "acronym" if is_short else role, column, is_own=True)
    for name, role in _EXPLANATIONS.items():
        yield from (Text(term.value, term.language, role, "notes") for term in values[name] if not term.is_iri)
    yield from (Text(term.value, term.language, "owner", "names") for term in values["owner"])
    for term in values["status"]:
        yield Text(f"{kind.get(term.language, '')}: {term.value}", term.language, "status", "titles")


def _path(site: Site, iri: str, kind: str, values: _Values) -> str:
    """Return the path of the page of a finding or a check, which is that of the check; empty for other things."""
    code = _first(values, "cg:code")
    if not code or kind not in ("cg:Check", "cg:Finding"):
        return ""
    anchor = iri.removeprefix(site.names.id("finding", "")).replace("/", "_")
    return f"/findings/{code}" + (f"#{anchor}" if kind == "cg:Finding" else "")


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
    # What cannot be left open stands in the sentence as such.
    others = {each.name: {each.default: "…"} for each in question.parameters if not each.open}
    opened = {each.name: ANY for each in question.parameters if each.open}
    for iri, values in described.items():
        if scheme not in (term.value for term in values["skos:inScheme"]):
            continue
        terms = (*values["skos:prefLabel"], *values["skos:altLabel"])
        names = {tag: tuple(each.value for each in terms if each.language == tag) for tag in LANGUAGES}
        labels, value = _by_language(values, "skos:prefLabel"), parameter.short_value(iri, question.names)
        asked = {**opened, parameter.name: value}
        known = {tag: {**others, parameter.name: {value: in_language(labels, tag)[0]}} for tag in LANGUAGES}
        sentences = {tag: question_in_words(question, asked, known[tag], tag) for tag in LANGUAGES}
        texts = (
            *_in_all(sentences, "label", "titles"),
            *(Text(name, language, "alternative", "notes") for language, each in names.items() for name in each),
        )
        usual = {each.name: each.default for each in question.parameters}
        changed = {name: text for name, text in asked.items() if text != usual[name] or name == parameter.name}
        path = f"/queries/{question.name}?{urlencode(changed)}"
        yield _question(path, sentences, texts, asked_of=names)


def _question(path: str, labels: Mapping[str, str], texts: tuple[Text, ...], **more: Any) -> Findable:
    entry = Entry(path, "question", labels, texts, _WEIGHTS["question"], is_common=True)
    return Findable(entry, _spoken(marked("Question")), path=path, **more)


def _comparisons(site: Site, described: _Described) -> Iterator[Findable]:
    """Yield the pages that compare two plans: found by the names of either, and by whose it is."""
    plans = plan_texts(site)
    for pair in compared_pairs(site):
        labels = {}
        for language in LANGUAGES:
            one, other = (in_language(plans[plan].names, language)[0] for plan in pair)
            labels[language] = translations(language).gettext("%(plan)s and %(other)s") % {"plan": one, "other": other}
        texts = [*_in_all(labels, "label", "titles"), *_in_all(_spoken(_COMPARED), "explanation", "notes")]
        for plan in pair:
            texts += _in_all(plans[plan].titles, "compared", "notes")
            said = described.get(plan, {})
            names = (term for name in ("skos:altLabel", "owner") for term in said.get(name, ()))
            texts += (Text(term.value, term.language, "compared", "notes") for term in names)
        path = comparison_path(*pair)
        entry = Entry(path, "comparison", labels, tuple(texts), _WEIGHTS["comparison"])
        yield Findable(entry, _spoken(marked("Comparison of two plans")), path=path)
