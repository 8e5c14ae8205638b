"""The search page: the items that it can find, and the results of a full-text search as a page, as JSON and as RDF."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from starlette.responses import Response

from crmgraph.errors import Bilingual
from crmgraph.http.languages import LANGUAGES, marked, translations
from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.reading.languages import key
from crmgraph.searching import LONGEST, Column, Entry, Index, SearchResult, Text, clean_query, excerpt, label_in
from crmgraph.site.base import (
    HTML,
    JSON,
    PageRequest,
    Site,
    Term,
    bad_request,
    check_choice,
    in_language,
    iri_ref,
    json_response,
    query_string,
)
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
_DESCRIBED = f"""
SELECT DISTINCT ?x ?name ?value {{
  {{ SELECT DISTINCT ?x {{ VALUES ?kind {{ {" ".join(_GROUP_OF_CLASS)} }} ?x a|skos:inScheme ?kind }} }}
  {{
    VALUES (?property ?name) {{ {" ".join(f'({name} "{name}")' for name in _PROPERTIES)} }} ?x ?property ?value
  }}
  UNION {{ ?x cg:planOf/({"|".join(_LABELS)}|skos:altLabel) ?value BIND ("owner" AS ?name) }}
  UNION {{ ?x cg:status/skos:prefLabel ?value BIND ("status" AS ?name) }}
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


@dataclass(frozen=True)
class SearchItem:
    """An item that can be found.

    Attributes:
        entry: its entry in the search index.
        kind: the label of its class, by language.
        iri: the IRI of a thing in the graph; "" for a question.
        number: its item number, or "".
        path: the path of its page without language; "" if the page is that of its IRI.
        ancestors: the IRIs of the things that it is part of, the outermost first.
        quotation: its passage in a source, without the text, or None.
    """

    entry: Entry
    kind: Mapping[str, str]
    iri: str = ""
    number: str = ""
    path: str = ""
    ancestors: tuple[str, ...] = ()
    quotation: Quotation | None = None


def read_items(site: Site) -> list[SearchItem]:
    """Return all items that can be found, sorted by group."""
    described: dict[str, defaultdict[str, list[Term]]] = {}
    for row in sorted(site.select(_DESCRIBED), key=lambda row: (row["x"].value, row["value"].value)):
        if row["x"].is_iri and row["value"].kind in ("uri", "literal"):
            described.setdefault(row["x"].value, defaultdict(list))[row["name"].value].append(row["value"])
    found = (*_graph_items(site, described), *_question_items(site))
    order = list(GROUPS)
    return sorted(found, key=lambda each: order.index(each.entry.group))


def _translations_of(message: str) -> dict[str, str]:
    """Return the translations of an English message, by language."""
    return {language: translations(language).gettext(message) for language in LANGUAGES}


def _texts_of(texts: Mapping[str, str], role: str, column: Column) -> Iterator[Text]:
    return (Text(text, language, role, column) for language, text in texts.items())


def _by_language(values: _Values, *properties: str) -> dict[str, str]:
    return {term.spoken_language: term.value for name in properties for term in values[name]}


def _first(values: _Values, name: str) -> str:
    return next((term.value for term in values[name]), "")


def _graph_items(site: Site, described: Mapping[str, _Values]) -> Iterator[SearchItem]:
    """Yield the items for things in the graph, without terms of external vocabularies."""
    iris = {kind: PREFIXES["cg"] + kind.removeprefix("cg:") for kind in _GROUP_OF_CLASS if kind.startswith("cg:")}
    labels = site.labels(iris.values())
    kinds = {
        **{kind: labels.get(iris.get(kind, ""), {}) for kind in _GROUP_OF_CLASS},
        **{kind: _translations_of(name) for kind, name in _KIND_NAMES.items()},
    }
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
        # The further out an ancestor is, the fewer ancestors it has itself.
        wholes = [term.value for term in values["cg:within"] if term.value in described]
        yield SearchItem(
            entry,
            kinds[kind],
            iri,
            _first(values, "cg:number"),
            _path(site, iri, kind, values),
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
    """Return the path of the page of a check, with a fragment (#…) for a finding of the check; else ""."""
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


_LIMIT, _MAX_LIMIT = 20, 100
_MAX_START = 10**6
_KINDS = ("", *GROUPS)
_MIN_TIME_LIMIT = 30.0
"""The least time limit of the queries that read the data for the index, in seconds.

The limit for queries of visitors may be lower.
"""

EXAMPLES = {
    "es": ("fondo vulnerables", "retorno digno", "OIM", "7.1.1", "trata de personas", "memorándum"),
    "en": ("vulnerability fund", "dignified return", "IOM", "7.1.1", "trafficking in persons", "memorandum"),
}
"""The searches that the page suggests, by language."""

SEARCH_PARAMETERS: tuple[dict[str, Any], ...] = (
    {
        "name": "q",
        "in": "query",
        "description": "The words to look for, a phrase between quotation marks",
        "schema": {"type": "string"},
        "example": "fondo vulnerables",
    },
    {
        "name": "kind",
        "in": "query",
        "description": "Only things of this kind; leave empty for all",
        "schema": {"type": "string", "enum": list(_KINDS)},
    },
    {
        "name": "start",
        "in": "query",
        "description": "How many to leave out from the beginning",
        "schema": {"type": "integer", "minimum": 0, "maximum": _MAX_START, "default": 0},
    },
    {
        "name": "limit",
        "in": "query",
        "description": "How many to give at most",
        "schema": {"type": "integer", "minimum": 1, "maximum": _MAX_LIMIT, "default": _LIMIT},
    },
)
"""The parameters of the page, as OpenAPI describes them."""

_FOUND = """
CONSTRUCT {{ ?x ?p ?o }} WHERE {{
  VALUES ?x {{ {found} }}
  VALUES ?p {{ rdf:type rdfs:label skos:prefLabel skos:altLabel cg:number cg:status dcterms:isPartOf }}
  ?x ?p ?o
}}"""


@dataclass(frozen=True)
class SearchRequest:
    """A search and the range of its results to show.

    Attributes:
        words: the words to search for.
        kind: the group of results, a key of GROUPS, or "" for all.
        start: the number of results to skip.
        limit: the greatest number of results to show.
    """

    words: str
    kind: str = ""
    start: int = 0
    limit: int = _LIMIT

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "SearchRequest":
        """Return the search that query parameters ask for.

        Raises UsageError for an unknown kind, HTTPException 400 for an invalid number.
        """
        kind = given.get("kind", "")
        check_choice("kind", Bilingual("kind", "tipo"), kind, dict.fromkeys(_KINDS, ""))
        start, limit = _number(given, "start", 0, 0, _MAX_START), _number(given, "limit", _LIMIT, 1, _MAX_LIMIT)
        return cls(clean_query(given.get("q", "")), kind, start, limit)

    def query(self, kind: str | None = None, start: int = 0) -> str:
        """Return the query string of the same search with another `start`, and another `kind` unless that is None."""
        values = {
            "q": self.words,
            "kind": self.kind if kind is None else kind,
            "start": start or "",
            "limit": self.limit if self.limit != _LIMIT else "",
        }
        return query_string({name: str(value) for name, value in values.items() if value or name == "q"})


def _number(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = given.get(name) or str(default)
    # The length is checked first, because `int` rejects very long numbers with another error.
    if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most:
        return int(text)
    raise bad_request(
        f"{name} is a whole number from {least} to {most}.", f"{name} es un número entero de {least} a {most}."
    )


class SearchIndex(Index):
    """A search index of all items for one state of the data. `things` are the items by the names of their entries."""

    def __init__(self, things: Iterable[SearchItem]) -> None:
        self.things = {each.entry.name: each for each in things}
        super().__init__(each.entry for each in self.things.values())

    def ancestors(self, thing: SearchItem) -> list[SearchItem]:
        """Return the items that a thing is part of, the outermost first."""
        return [self.things[iri] for iri in thing.ancestors if iri in self.things]


class Searcher:
    """Provides the search index for the current state of a site's data. Thread-safe."""

    def __init__(self, site: Site) -> None:
        self._site = replace(site, seconds=max(site.seconds, _MIN_TIME_LIMIT))
        self._state = ""
        self._index: SearchIndex | None = None
        self._lock = Lock()

    def current_index(self) -> SearchIndex:
        """Return the index of the current data. If the data have changed, it is built first, in about a second.

        Raises AnswerError or one of its subclasses if the data cannot be read.
        """
        with self._lock:
            # The state is read before the data: if the data change meanwhile, the next call builds a new index.
            state = self._site.state
            if self._index is None or self._state != state:
                self._state, self._index = state, SearchIndex(read_items(self._site))
            return self._index


def _visible_ancestors(thing: SearchItem, ancestors: Sequence[SearchItem], language: str) -> list[SearchItem]:
    """Return the ancestors that the page shows to locate a thing, the outermost first.

    Of ancestors with the same label, such as a plan and its only theme, only one is shown. Those with an item number
    are left out if the thing has a number, which contains theirs. Otherwise, only the innermost of them is shown.
    """
    named = {label_in(each.entry, language): each for each in reversed(ancestors) if not each.number}
    return [*reversed(named.values()), *([] if thing.number else [each for each in ancestors if each.number][-1:])]


def _address(visit: PageRequest, thing: SearchItem) -> str:
    """Return the address of the page about an item."""
    if thing.path:
        return visit.links.page_address(visit.language, thing.path)
    return visit.links.target(thing.entry.name, visit.language) or thing.entry.name


def search_page(visit: PageRequest, searcher: Searcher) -> Response:
    """Return the results of a search as a page, as JSON or as RDF. The parameters are described in SearchRequest.

    The RDF contains the types, names, numbers and statuses of the things found, and what they are directly part of.

    Raises UsageError or HTTPException 400 for invalid parameters, and AnswerError if the data cannot be read.
    """
    form, wanted = visit.form, SearchRequest.read(visit.parameters)
    index, language = searcher.current_index(), visit.language
    found = index.search(wanted.words)
    kept = [index.things[entry.name] for entry in found.entries if wanted.kind in ("", entry.group)]
    counts = Counter(entry.group for entry in found.entries)
    end = wanted.start + wanted.limit
    shown = kept[wanted.start : end]
    following = wanted.query(start=end) if end < len(kept) else ""
    if form not in (HTML, JSON):
        return visit.respond_with_data(
            _FOUND.format(found=" ".join(iri_ref(thing.iri) for thing in shown if thing.iri))
        )
    if form == JSON:
        document = {
            "query": wanted.words,
            "total": len(kept),
            "start": wanted.start,
            "meant": found.corrected or None,
            "partial": found.is_partial,
            "kinds": {group: counts[group] for group in GROUPS if counts[group]},
            "next": visit.links.data_address(f"/search.json{following}") if following else None,
            "results": [_hit_as_json(visit, index, found, thing) for thing in shown],
        }
        return json_response(document, is_language_dependent=True)
    kinds = [
        ("", visit.gettext("All"), counts.total()),
        *((name, visit.gettext(label), counts[name]) for name, label in GROUPS.items()),
    ]
    context = {
        "wanted": wanted,
        "found": found,
        "is_cut": len(visit.parameters.get("q", "").strip()) > LONGEST,
        "total": len(kept),
        "choices": [
            {"label": label, "count": count, "query": wanted.query(kind=name), "is_chosen": name == wanted.kind}
            for name, label, count in kinds
            if count or name == wanted.kind
        ],
        "hits": [_hit_context(visit, index, found, thing) for thing in shown],
        "following": following,
        "earlier": wanted.query(start=max(wanted.start - wanted.limit, 0)) if wanted.start else "",
        "examples": EXAMPLES[language],
        **visit.data_links((JSON,), query=wanted.query(start=wanted.start)),
    }
    return visit.render("search.html", context)


def _hit_context(visit: PageRequest, index: SearchIndex, found: SearchResult, thing: SearchItem) -> dict[str, Any]:
    """Return the template variables of a result.

    `label` and `text`, the text that matched the query, are split into pieces with and without marks. `text` is empty
    if it is the label or the number, which are visible anyway.
    """
    language, entry = visit.language, thing.entry
    match = found.match(entry, language)
    label, text = label_in(entry, language), match.text
    is_shown = text.text == label or text.role == "number"
    return {
        "thing": thing,
        "address": _address(visit, thing),
        "kind": in_language(thing.kind, language)[0],
        "place": _visible_ancestors(thing, index.ancestors(thing), language),
        "label": excerpt(label, match.label_marks),
        "label_language": in_language(entry.labels, language)[1],
        "role": visit.gettext(ROLES[text.role]),
        "text": () if is_shown else excerpt(text.text, match.marks),
        "text_language": text.language,
    }


def _hit_as_json(visit: PageRequest, index: SearchIndex, found: SearchResult, thing: SearchItem) -> dict[str, Any]:
    match = found.match(thing.entry, visit.language)
    return {
        "iri": thing.iri or None,
        "page": _address(visit, thing),
        "kind": thing.entry.group,
        "is": dict(thing.kind),
        "number": thing.number or None,
        "label": dict(thing.entry.labels),
        "within": [
            {"iri": above.entry.name, "number": above.number or None, "label": dict(above.entry.labels)}
            for above in index.ancestors(thing)
        ],
        "words": thing.quotation.iri if thing.quotation else None,
        "matched": {
            "in": match.text.role,
            "language": match.text.language or None,
            "text": match.text.text,
            "marks": match.marks,
        },
    }
