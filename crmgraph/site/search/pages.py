"""The search page: the results of a full-text search as a page, as JSON and as RDF."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from crmgraph.errors import Bilingual
from crmgraph.http.languages import marked, translations
from crmgraph.searching import LONGEST, Index, SearchResult, clean_query, excerpt, label_in
from crmgraph.site.base import (
    HTML,
    JSON,
    PageRequest,
    Site,
    bad_request,
    check_choice,
    data_response,
    in_language,
    iri_ref,
)
from crmgraph.site.search.entries import GROUPS, ROLES, SearchItem, read_items

_LIMIT, _MAX_LIMIT = 20, 100
_MAX_START = 10**6
_KINDS = ("", *GROUPS)
_ANY = marked("All")
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
        return "?" + urlencode({name: value for name, value in values.items() if value or name == "q"})


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
            _FOUND.format(found=" ".join(iri_ref(thing.entry.name) for thing in shown if thing.is_in_graph))
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
        return data_response(
            json.dumps(document, ensure_ascii=False, indent=2) + "\n", JSON.media_type, is_language_dependent=True
        )
    gettext = translations(language).gettext
    kinds = [("", gettext(_ANY), counts.total())]
    kinds += [(name, gettext(label), counts[name]) for name, label in GROUPS.items()]
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
        "role": translations(language).gettext(ROLES[text.role]),
        "text": () if is_shown else excerpt(text.text, match.marks),
        "text_language": text.language,
    }


def _hit_as_json(visit: PageRequest, index: SearchIndex, found: SearchResult, thing: SearchItem) -> dict[str, Any]:
    match = found.match(thing.entry, visit.language)
    return {
        "iri": thing.entry.name if thing.is_in_graph else None,
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
