"""The search page: the things that are found by words, as a page, as JSON and as RDF."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from crmgraph.errors import Bilingual
from crmgraph.http.languages import marked, translations
from crmgraph.searching import LONGEST, Index, SearchResult, clean_query, excerpt, find_spans, label_in
from crmgraph.site.base import (
    HTML,
    JSON,
    Links,
    PageRequest,
    Site,
    bad_request,
    check_choice,
    data_response,
    in_language,
    reference,
)
from crmgraph.site.search.entries import GROUPS, ROLES, Findable, findable

_LIMIT, _MOST = 20, 100
_FARTHEST = 10**6
_KINDS = ("", *GROUPS)
_ANY = marked("All")
_READING = 30.0
"""The least time limit for reading the data, in seconds, whatever is set for the queries of visitors."""

EXAMPLES = {
    "es": ("fondo vulnerables", "retorno digno", "OIM", "7.1.1", "trata de personas", "memorándum"),
    "en": ("vulnerability fund", "dignified return", "IOM", "7.1.1", "trafficking in persons", "memorandum"),
}
"""The searches that the page proposes, by language."""

PARAMETERS: tuple[dict[str, Any], ...] = (
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
        "schema": {"type": "integer", "minimum": 0, "maximum": _FARTHEST, "default": 0},
    },
    {
        "name": "limit",
        "in": "query",
        "description": "How many to give at most",
        "schema": {"type": "integer", "minimum": 1, "maximum": _MOST, "default": _LIMIT},
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
    """A search: its words, a kind of things (empty for any), and which of those found."""

    words: str
    kind: str = ""
    start: int = 0
    limit: int = _LIMIT

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "SearchRequest":
        """Return the search that parameters ask for.

        Raises UsageError or HTTPException 400 for a value that is none.
        """
        kind = given.get("kind", "")
        check_choice("kind", Bilingual("kind", "tipo"), kind, dict.fromkeys(_KINDS, ""))
        start, limit = _number(given, "start", 0, 0, _FARTHEST), _number(given, "limit", _LIMIT, 1, _MOST)
        return cls(clean_query(given.get("q", "")), kind, start, limit)

    def query(self, kind: str | None = None, start: int = 0) -> str:
        """Return the query string of the same search, for another kind or from another place on."""
        values = {
            "q": self.words,
            "kind": self.kind if kind is None else kind,
            "start": start or "",
            "limit": self.limit if self.limit != _LIMIT else "",
        }
        return "?" + urlencode({name: value for name, value in values.items() if value or name == "q"})


def _number(given: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    text = given.get(name) or str(usual)
    # So many digits are more than there may be.
    if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most:
        return int(text)
    raise bad_request(
        f"{name} is a whole number from {least} to {most}.", f"{name} es un número entero de {least} a {most}."
    )


class SearchIndex:
    """All that can be found in the data in one state."""

    def __init__(self, things: Iterable[Findable]) -> None:
        self.things = {each.entry.name: each for each in things}
        self._index = Index(each.entry for each in self.things.values())

    def search(self, typed: str) -> SearchResult:
        """Return what has the words that were typed; see Index.

        A question that is asked of a concept is found only by the name of that. Where several things are named,
        questions about them follow these.
        """
        found = self._index.search(typed)
        kept = [entry for entry in found.entries if self._is_asked_for(entry.name, found)]
        about = [self.things[path].entry for path in self.about(found)]
        named = {entry.name for entries in found.entries_by_name for entry in entries} | {entry.name for entry in about}
        first = [entry for entry in kept if entry.name in named and entry not in about]
        rest = [entry for entry in kept if entry.name not in named]
        return replace(found, entries=(*first, *about, *rest))

    def about(self, found: SearchResult) -> dict[str, dict[str, str]]:
        """Return the questions that can be asked about two of the things that are named, with these as values.

        The values are IRIs by the names of parameters.
        """
        about: dict[str, dict[str, str]] = {}
        for one, other in combinations(found.entries_by_name, 2):
            for path, thing in self.things.items():
                for first, second in combinations(thing.takes, 2):
                    left = next((each.name for each in one if each.name in thing.takes[first]), "")
                    right = next((each.name for each in other if each.name in thing.takes[second]), "")
                    if left and right:
                        about.setdefault(path, {first: left, second: right})
        return about

    def _is_asked_for(self, name: str, found: SearchResult) -> bool:
        names = self.things[name].asked_of
        sought = (*found.terms, *found.other_terms)
        return not names or any(find_spans(text, language, sought)[1] for language in names for text in names[language])


class Searcher:
    """Has what can be found in the data of a site as they are now. Safe to use from several threads."""

    def __init__(self, site: Site) -> None:
        self._site = replace(site, seconds=max(site.seconds, _READING))
        self._state = ""
        self._index: SearchIndex | None = None
        self._lock = Lock()

    @property
    def is_ready(self) -> bool:
        """Whether nobody has to wait for it."""
        return self._index is not None and self._state == self._site.state

    def current(self) -> SearchIndex:
        """Return what can be found now, read in about a second where the data have changed since.

        Raises errors below AnswerError where the data are not to be had.
        """
        with self._lock:
            # The state before reading: what is written meanwhile counts as another.
            state = self._site.state
            if self._index is None or self._state != state:
                self._state, self._index = state, SearchIndex(findable(self._site))
            return self._index


@dataclass(frozen=True)
class _Results:
    """What was found, in a language; `about` are the questions about what is named, with their values."""

    found: SearchResult
    index: SearchIndex
    links: Links
    language: str
    about: Mapping[str, Mapping[str, str]]

    def above(self, thing: Findable) -> list[Findable]:
        """Return what a thing is part of, from the whole down."""
        return [self.index.things[iri] for iri in thing.above if iri in self.index.things]

    def place(self, thing: Findable) -> list[Findable]:
        """Return as much of what a thing is part of as tells its place: its number tells those with numbers above it.

        What has the same label as the thing above it, such as the only theme of a plan, tells nothing more.
        """
        above = self.above(thing)
        numbered = [each for each in above if each.number]
        if thing.entry.group == "part":
            above = above[1:]
        named = {label_in(each.entry, self.language): each for each in reversed(above) if not each.number}
        return [*reversed(named.values()), *([] if thing.number else numbered[-1:])]

    def address(self, thing: Findable) -> str:
        """Return the address of the page of a thing."""
        if thing.path in self.about:
            values = {name: self.links.short(iri).removeprefix("id:") for name, iri in self.about[thing.path].items()}
            return self.links.page(self.language, f"{thing.path}?{urlencode(values)}")
        if thing.path:
            return self.links.page(self.language, thing.path)
        return self.links.target(thing.entry.name, self.language) or thing.entry.name


def search_page(visit: PageRequest, searcher: Searcher) -> Response:
    """Answer with what is found by the words `q`, of the kind `kind`, `limit` of them from the one at `start` on.

    As RDF it is the types, names and wholes of the things found. Raises HTTPException 400 for values of parameters that
    cannot be, and what Searcher raises.
    """
    form, wanted = visit.form, SearchRequest.read(visit.query)
    index, language = searcher.current(), visit.language
    found = index.search(wanted.words)
    results = _Results(found, index, visit.links, language, index.about(found))
    kept = [index.things[entry.name] for entry in found.entries if wanted.kind in ("", entry.group)]
    counts = Counter(entry.group for entry in found.entries)
    end = wanted.start + wanted.limit
    shown = kept[wanted.start : end]
    following = wanted.query(start=end) if end < len(kept) else ""
    if form not in (HTML, JSON):
        iris = " ".join(reference(thing.entry.name) for thing in shown if thing.is_in_graph)
        return visit.data(_FOUND.format(found=iris))
    if form == JSON:
        document = {
            "query": wanted.words,
            "total": len(kept),
            "start": wanted.start,
            "meant": found.corrected or None,
            "partial": found.is_partial,
            "kinds": {group: counts[group] for group in GROUPS if counts[group]},
            "next": results.links.data(f"/search.json{following}") if following else None,
            "results": [_in_json(results, thing) for thing in shown],
        }
        return data_response(
            json.dumps(document, ensure_ascii=False, indent=2) + "\n", JSON.media_type, is_language_dependent=True
        )
    said = translations(language).gettext
    kinds = [("", said(_ANY), counts.total()), *((name, said(label), counts[name]) for name, label in GROUPS.items())]
    context = {
        "wanted": wanted,
        "found": found,
        "is_cut": len(visit.query.get("q", "").strip()) > LONGEST,
        "total": len(kept),
        "choices": [
            {"label": label, "count": count, "query": wanted.query(kind=name), "is_chosen": name == wanted.kind}
            for name, label, count in kinds
            if count or name == wanted.kind
        ],
        "hits": [_hit(results, thing) for thing in shown],
        "following": following,
        "earlier": wanted.query(start=max(wanted.start - wanted.limit, 0)) if wanted.start else "",
        "examples": EXAMPLES[language],
        **visit.data_links((JSON,), query=wanted.query(start=wanted.start)),
    }
    return visit.render("search.html", context)


def _hit(results: _Results, thing: Findable) -> dict[str, Any]:
    """Return a thing as the template shows it: its label and the text that it was found by, in marked pieces.

    The text is empty where it is the label, or the number that stands before it.
    """
    language, entry = results.language, thing.entry
    match = results.found.match(entry, language)
    label, text = label_in(entry, language), match.text
    is_shown = text.text == label or text.role == "number"
    return {
        "thing": thing,
        "address": results.address(thing),
        "kind": in_language(thing.kind, language)[0],
        "place": results.place(thing),
        "label": excerpt(label, match.label_marks),
        "label_language": in_language(entry.labels, language)[1],
        "role": translations(language).gettext(ROLES[text.role]),
        "text": () if is_shown else excerpt(text.text, match.marks),
        "text_language": text.language,
    }


def _in_json(results: _Results, thing: Findable) -> dict[str, Any]:
    match = results.found.match(thing.entry, results.language)
    return {
        "iri": thing.entry.name if thing.is_in_graph else None,
        "page": results.address(thing),
        "kind": thing.entry.group,
        "is": dict(thing.kind),
        "number": thing.number or None,
        "label": dict(thing.entry.labels),
        "within": [
            {"iri": above.entry.name, "number": above.number or None, "label": dict(above.entry.labels)}
            for above in results.above(thing)
        ],
        "words": thing.words.iri if thing.words else None,
        "matched": {
            "in": match.text.role,
            "language": match.text.language or None,
            "text": match.text.text,
            "marks": match.marks,
        },
    }
