"""The items that the search page can find: things in the graph, and questions of the library."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crmgraph.http.languages import LANGUAGES, marked, translations
from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.reading.languages import key
from crmgraph.searching import Column, Entry, Text
from crmgraph.site.base import Site, Term
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
    "other-plan": marked("Other plans"),
    "term": marked("Terms of the ontology"),
}
"""The groups of search results: their English labels, marked for translation, in display order."""

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
    "status": marked("Kind and status"),
}
"""The roles of the texts by which items are found: their English labels, marked for translation."""

_WEIGHTS = {"finding": 0.8, "question": 0.8, "other-plan": 0.7, "term": 0.5}
"""The weights of groups whose items are not subjects of the plan; all others have the weight 1."""

_COMMON_NAME_GROUPS = ("topic", "population-group", "finding", "question", "term")
"""The groups whose items have common nouns as names, such as topics."""

_SDG = "http://metadata.un.org/sdg/ontology#"
_GROUP_OF_CLASS = {
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
"""The group of each class or concept scheme. If a thing has several, the first entry applies."""

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
_NAME_ROLES = {
    "skos:altLabel": "alternative",
    "dcterms:alternative": "alternative",
    "skos:hiddenLabel": "spelling",
    "dcterms:title": "title",
    **dict.fromkeys(("skos:notation", "cg:iso2", "cg:iso3", "cg:code"), "code"),
}
_EXPLANATION_ROLES = {
    **dict.fromkeys(("skos:definition", "rdfs:comment", "dcterms:description", "skos:scopeNote"), "definition"),
    "skos:note": "note",
    "skos:example": "example",
    "cg:remedy": "remedy",
}
_PROPERTIES = (
    *_LABELS,
    *_NAME_ROLES,
    *_EXPLANATION_ROLES,
    "skos:inScheme",
    "cg:text",
    "cg:number",
    "cg:passage",
    "cg:within",
)
# An activity is also found by the statuses of its direct parts.
_DESCRIBED = f"""
SELECT DISTINCT ?x ?name ?value {{
  {{ SELECT DISTINCT ?x {{ VALUES ?kind {{ {" ".join(_GROUP_OF_CLASS)} }} ?x a|skos:inScheme ?kind }} }}
  {{
    VALUES (?property ?name) {{ {" ".join(f'({name} "{name}")' for name in _PROPERTIES)} }} ?x ?property ?value
  }}
  UNION {{ ?x cg:planOf/({"|".join(_LABELS)}|skos:altLabel) ?value BIND ("owner" AS ?name) }}
  UNION {{ ?x cg:status/skos:prefLabel ?value BIND ("status" AS ?name) }}
  UNION {{ ?x a cg:Activity ; ^dcterms:isPartOf/cg:status/skos:prefLabel ?value BIND ("status" AS ?name) }}
  UNION
  {{
    VALUES (?kind ?value) {{ {" ".join(f'({kind} "{kind}")' for kind in _GROUP_OF_CLASS)} }} ?x a|skos:inScheme ?kind
    BIND ("kind" AS ?name)
  }}
}}"""
_PASSAGE_IRI = re.compile(r"(?P<source>.+)/(?P<start>\d+)-(?P<end>\d+)")
_ACRONYM = re.compile(r"(?=(?:.*[^\W\d_a-zà-ÿ]){2})[^\W_]{2,12}(?:-[^\W_]{1,8})?")
_CAMEL = re.compile(r"[a-z]+[A-Z]\w*")

_Values = Mapping[str, Sequence[Term]]
"""The values of a thing by property, as a prefixed name. `kind`, `owner` and `status` are computed by _DESCRIBED."""

_Described = Mapping[str, _Values]


@dataclass(frozen=True)
class SearchItem:
    """An item that the search page can find.

    Attributes:
        entry: its entry in the search index.
        kind: the label of its class, by language.
        number: its item number, or "".
        path: the path of its page without language; "" if the page is that of its IRI.
        ancestors: the IRIs of the things that it is part of, the outermost first.
        quotation: its passage in a source, without the text, or None.
    """

    entry: Entry
    kind: Mapping[str, str]
    number: str = ""
    path: str = ""
    ancestors: tuple[str, ...] = ()
    quotation: Quotation | None = None

    @property
    def is_in_graph(self) -> bool:
        """Whether the item is a thing in the graph, so that the name of its entry is an IRI."""
        return not self.entry.name.startswith("/")


def read_items(site: Site) -> tuple[SearchItem, ...]:
    """Return all items that can be found, sorted by group."""
    described: dict[str, defaultdict[str, list[Term]]] = {}
    for row in sorted(site.select(_DESCRIBED), key=lambda row: (row["x"].value, row["value"].value)):
        if row["x"].is_iri and row["value"].kind in ("uri", "literal"):
            described.setdefault(row["x"].value, defaultdict(list))[row["name"].value].append(row["value"])
    found = (*_graph_items(site, described), *_question_items(site))
    order = list(GROUPS)
    return tuple(sorted(found, key=lambda each: order.index(each.entry.group)))


def _translations_of(message: str) -> dict[str, str]:
    """Return the translations of an English message, by language."""
    return {language: translations(language).gettext(message) for language in LANGUAGES}


def _texts_of(texts: Mapping[str, str], role: str, column: Column) -> Iterator[Text]:
    return (Text(text, language, role, column) for language, text in texts.items())


def _by_language(values: _Values, *properties: str) -> dict[str, str]:
    return {term.language: term.value for name in properties for term in values[name]}


def _first(values: _Values, name: str) -> str:
    return next((term.value for term in values[name]), "")


def _graph_items(site: Site, described: _Described) -> Iterator[SearchItem]:
    """Yield the items for things in the graph, without terms of external vocabularies."""
    labels = site.labels(PREFIXES["cg"] + kind.removeprefix("cg:") for kind in _GROUP_OF_CLASS)
    kinds = {kind: labels.get(PREFIXES["cg"] + kind.removeprefix("cg:"), {}) for kind in _GROUP_OF_CLASS}
    kinds |= {kind: _translations_of(name) for kind, name in _KIND_NAMES.items()}
    plan = site.names.id("plan", "crm")
    for iri, values in described.items():
        own = {term.value for term in values["kind"]}
        kind = next(kind for kind in _GROUP_OF_CLASS if kind in own)
        group = _GROUP_OF_CLASS[kind]
        if group == "term" and not iri.startswith(ONTOLOGY):
            continue
        if group == "part" and iri != plan and not iri.startswith(plan + "/"):
            group = "other-plan"
        names = _by_language(values, *_LABELS) or _by_language(values, "dcterms:title")
        texts: dict[tuple[str, str], Text] = {}
        for text in (*_label_texts(iri, group, kind, names, values), *_other_texts(group, values, kinds[kind])):
            # A code that is equal to a name, such as an acronym, is indexed as the name only.
            if text.role != "code" or text.text not in {known for known, _ in texts}:
                texts.setdefault((text.text, text.language), text)
        after = "part" if group == "other-plan" else ""
        entry = Entry(
            iri, group, names, tuple(texts.values()), _WEIGHTS.get(group, 1.0), group in _COMMON_NAME_GROUPS, after
        )
        place = next(filter(None, (_PASSAGE_IRI.fullmatch(term.value) for term in values["cg:passage"])), None)
        quotation = Quotation(place["source"], int(place["start"]), int(place["end"]), "", place[0]) if place else None
        path, number = _path(site, iri, kind, values), _first(values, "cg:number")
        # The further out an ancestor is, the fewer ancestors it has itself.
        wholes = [term.value for term in values["cg:within"] if term.value in described]
        yield SearchItem(
            entry,
            kinds[kind],
            number,
            path,
            tuple(sorted(wholes, key=lambda each: len(described[each]["cg:within"]))),
            quotation,
        )


def _label_texts(iri: str, group: str, kind: str, labels: Mapping[str, str], values: _Values) -> Iterator[Text]:
    text = next(iter(values["cg:text"]), None)
    for language, label in labels.items():
        if text:
            yield Text(label, language, "text" if language == text.language else "translation", "titles")
        elif group in ("finding", "term"):
            yield Text(label, language, "message" if kind == "cg:Finding" else "label", "titles")
        else:
            yield Text(label, language, "label", "names", is_own=True)
    # A part without a made label has its text as label, apart from white space.
    if text and key(text.value) not in {key(label) for label in labels.values()}:
        yield Text(text.value, text.language, "text", "titles")
    name = iri.rpartition("#")[2]
    if kind.startswith("owl:") and _CAMEL.fullmatch(name):
        yield Text(name, "", "code", "titles", is_own=True)


def _other_texts(group: str, values: _Values, kind: Mapping[str, str]) -> Iterator[Text]:
    """Yield the texts of a thing other than labels.

    These are its number, the class label with the number, other names, explanations, the owner, and the class label
    with each status. `kind` is the label of its class, by language.
    """
    for number in values["cg:number"][:1]:
        for language, before in {"": "", **kind}.items():
            yield Text(f"{before} {number.value}".strip(), language, "number", "names", is_own=True)
    # The names of findings and terms are not proper names, so they must not rank with these.
    column: Column = "titles" if group in ("finding", "term") else "names"
    for name, role in _NAME_ROLES.items():
        for term in values[name]:
            is_short = role == "alternative" and _ACRONYM.fullmatch(term.value) is not None
            yield Text(term.value, term.language, "acronym" if is_short else role, column, is_own=True)
    for name, role in _EXPLANATION_ROLES.items():
        yield from (Text(term.value, term.language, role, "notes") for term in values[name] if not term.is_iri)
    yield from (Text(term.value, term.language, "owner", "names") for term in values["owner"])
    for term in values["status"]:
        yield Text(f"{kind.get(term.language, '')}: {term.value}", term.language, "status", "titles")


def _path(site: Site, iri: str, kind: str, values: _Values) -> str:
    """Return the path of the page of a check or, for a finding, of its place on the page of its check; else ""."""
    code = _first(values, "cg:code")
    if not code or kind not in ("cg:Check", "cg:Finding"):
        return ""
    anchor = iri.removeprefix(site.names.id("finding", "")).replace("/", "_")
    return f"/findings/{code}" + (f"#{anchor}" if kind == "cg:Finding" else "")


def _question_items(site: Site) -> Iterator[SearchItem]:
    """Yield an item for each question of the library."""
    kind = _translations_of(marked("Question"))
    for question in site.library.values():
        texts = (
            *_texts_of(question.title, "label", "titles"),
            *_texts_of(question.explanation, "explanation", "notes"),
            Text(question.name, "en", "code", "notes", is_own=True),
        )
        path = f"/queries/{question.name}"
        yield SearchItem(
            Entry(path, "question", question.title, texts, _WEIGHTS["question"], is_common=True), kind, path=path
        )
