"""What the address of the search page asks for."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from threading import Lock
from typing import Any, TypeGuard
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.languages import marked, translations
from crmgraph.searching import LONGEST, Entry, Found, Index, Piece, cleaned, cut, in_label, spans
from crmgraph.site.base.links import Links, language_of, links_of
from crmgraph.site.base.parameters import check_parameters
from crmgraph.site.base.rendering import offers, render
from crmgraph.site.base.representations import HTML, JSON, asked, data, statements_as
from crmgraph.site.base.site import Site, in_language
from crmgraph.site.search.entries import GROUPS, ROLES, Findable, findable
from crmgraph.site.statements import about_found
from crmgraph.wording import Bilingual

__all__ = ["EXAMPLES", "PARAMETERS", "Holdings", "Searcher", "Wanted", "search_page"]

_LIMIT, _MOST = 20, 100
_FARTHEST = 10**6
_KINDS = ("", *GROUPS)

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
"""What the page can be asked, as OpenAPI describes it."""


@dataclass(frozen=True)
class Wanted:
    """What a visitor asks for: words, a kind of things (empty for any), and which of those that are found."""

    words: str
    kind: str = ""
    start: int = 0
    limit: int = _LIMIT

    @classmethod
    def read(cls, request: Request) -> "Wanted":
        """What the address asks for. Raises HTTPException 400 for what it cannot ask."""
        check_parameters(request, [each["name"] for each in PARAMETERS])
        given = request.query_params
        kind = given.get("kind", "")
        if kind not in _KINDS:
            listed = ", ".join(GROUPS)
            raise HTTPException(
                400,
                Bilingual(f"There is no such kind; there are {listed}.", f"No existe ese tipo; existen {listed}."),
            )
        start, limit = _number(given, "start", 0, 0, _FARTHEST), _number(given, "limit", _LIMIT, 1, _MOST)
        return cls(cleaned(given.get("q", "")), kind, start, limit)

    def query(self, kind: str | None = None, start: int = 0) -> str:
        """The query of the address that asks for the same, of another kind or from another place on."""
        asked = {"q": self.words, "kind": self.kind if kind is None else kind, "start": start or ""}
        asked["limit"] = self.limit if self.limit != _LIMIT else ""
        return "?" + urlencode({name: value for name, value in asked.items() if value or name == "q"})


def _number(given: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    """A number that the address brings. Raises HTTPException 400 where it is none, or none that may be."""
    text = given.get(name, "")
    if not text:
        return usual
    # So many digits are more than there may be.
    if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most:
        return int(text)
    raise HTTPException(
        400,
        Bilingual(
            f"{name} is a whole number from {least} to {most}.", f"{name} es un número entero de {least} a {most}."
        ),
    )


_READING = 30.0
"""How many seconds reading the data may take at least, whatever is set for the queries of visitors."""


class Holdings:
    """All that can be found in the data as they are in one state."""

    def __init__(self, things: Iterable[Findable]) -> None:
        self.things = {each.entry.name: each for each in things}
        self._index = Index(each.entry for each in self.things.values())

    def search(self, typed: str) -> Found:
        """What has what was typed; see Index.

        A question that is asked of a concept is there only for the name of that. Where several things are named,
        questions about them follow these.
        """
        found = self._index.search(typed)
        kept = [entry for entry in found.entries if self._is_asked_for(entry.name, found)]
        about = [self.things[path].entry for path in self.about(found)]
        named = {entry.name for entries in found.named for entry in entries} | {entry.name for entry in about}
        first = [entry for entry in kept if entry.name in named and entry not in about]
        rest = [entry for entry in kept if entry.name not in named]
        return replace(found, entries=(*first, *about, *rest))

    def about(self, found: Found) -> dict[str, dict[str, str]]:
        """The questions that can be asked about two of the things that are named, each with its values for that: IRIs
        by the names of parameters."""
        asked: dict[str, dict[str, str]] = {}
        for one, other in combinations(found.named, 2):
            for path, thing in self.things.items():
                for first, second in combinations(thing.takes, 2):
                    left = next((each.name for each in one if each.name in thing.takes[first]), "")
                    right = next((each.name for each in other if each.name in thing.takes[second]), "")
                    if left and right:
                        asked.setdefault(path, {first: left, second: right})
        return asked

    def _is_asked_for(self, name: str, found: Found) -> bool:
        called = self.things[name].asked_of
        return not called or any(
            spans(text, language, (*found.sought, *found.others))[1]
            for language, texts in called.items()
            for text in texts
        )


_Made = tuple[str, Holdings]


class Searcher:
    """Has at hand what can be found in the data of a site as they are now. May be used from any thread."""

    def __init__(self, site: Site) -> None:
        self._site = replace(site, seconds=max(site.seconds, _READING))
        self._made: _Made | None = None
        self._lock = Lock()

    @property
    def is_ready(self) -> bool:
        """Whether nobody has to wait for it."""
        return self._is_now(self._made)

    def holdings(self) -> Holdings:
        """What can be found now: read, in about a second, where it was not or where the data have changed since.

        Raises errors below AnswerError where the data are not to be had.
        """
        made = self._made
        if not self._is_now(made):
            with self._lock:
                made = self._renewed()
        return made[1]

    def _renewed(self) -> _Made:
        # Whoever had to wait may find it done. What is written while it is read counts as another state.
        state = self._site.state
        if self._made is None or self._made[0] != state:
            self._made = state, Holdings(findable(self._site))
        return self._made

    def _is_now(self, made: _Made | None) -> TypeGuard[_Made]:
        return made is not None and made[0] == self._site.state


_ANY = marked("All")
EXAMPLES = {
    "es": ("fondo vulnerables", "retorno digno", "OIM", "7.1.1", "trata de personas", "memorándum"),
    "en": ("vulnerability fund", "dignified return", "IOM", "7.1.1", "trafficking in persons", "memorandum"),
}
"""What the page proposes to look for, in each language."""


@dataclass(frozen=True)
class Choice:
    """A kind of things, how many of it there are, and the query of the address that shows those alone."""

    label: str
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Hit:
    """A thing that was found, as it is shown: its label and the text that it was found by, in pieces, each with its
    language; that text is empty where it is the label. `role` says what it is of the thing, `place` where that stands.
    """

    thing: Findable
    address: str
    kind: str
    place: tuple[Findable, ...]
    label: tuple[Piece, ...]
    label_language: str
    role: str
    text: tuple[Piece, ...]
    text_language: str


@dataclass(frozen=True)
class _Results:
    """What was found of what is wanted, told in this language."""

    wanted: Wanted
    found: Found
    holdings: Holdings
    links: Links
    language: str

    @cached_property
    def kept(self) -> list[Entry]:
        """The things of the wanted kind."""
        return [entry for entry in self.found.entries if self.wanted.kind in ("", entry.group)]

    @cached_property
    def about(self) -> dict[str, dict[str, str]]:
        """The questions about what is named, with their values; see Holdings."""
        return self.holdings.about(self.found)

    @cached_property
    def counts(self) -> Counter[str]:
        """How many things there are of each kind."""
        return Counter(entry.group for entry in self.found.entries)

    @property
    def shown(self) -> list[Entry]:
        """The things to be told now."""
        return self.kept[self.wanted.start : self.wanted.start + self.wanted.limit]

    def is_in_graph(self, entry: Entry) -> bool:
        """Whether the graph has a thing, by its IRI."""
        return self.holdings.things[entry.name].is_in_graph

    @property
    def following(self) -> str:
        """The query of the address that has those that follow; nothing where there are none."""
        start = self.wanted.start + self.wanted.limit
        return self.wanted.query(start=start) if start < len(self.kept) else ""

    @property
    def earlier(self) -> str:
        """The query of the address that has those before; nothing where there are none."""
        return self.wanted.query(start=max(self.wanted.start - self.wanted.limit, 0)) if self.wanted.start else ""


def search_page(request: Request, site: Site, searcher: Searcher) -> Response:
    """What is found by the words `q`, of the kind `kind`, `limit` of them from the one at `start` on.

    As RDF it is what the things that are found are, what they are called, and what they are parts of.

    Raises HTTPException 400 for parameters that there are not or that cannot be, and what Searcher raises.
    """
    _, form = asked(request)
    wanted = Wanted.read(request)
    holdings = searcher.holdings()
    found = holdings.search(wanted.words)
    results = _Results(wanted, found, holdings, links_of(request, site), language_of(request))
    if form in (HTML, JSON):
        return _page(request, site, results) if form == HTML else _json(results)
    return statements_as(site, about_found(entry.name for entry in results.shown if results.is_in_graph(entry)), form)


def _page(request: Request, site: Site, results: _Results) -> Response:
    wanted = results.wanted
    context = {
        "wanted": wanted,
        "found": results.found,
        "is_cut": len(request.query_params.get("q", "").strip()) > LONGEST,
        "total": len(results.kept),
        "choices": _choices(results),
        "hits": [_hit(results, entry) for entry in results.shown],
        "following": results.following,
        "earlier": results.earlier,
        "examples": EXAMPLES[results.language],
        **offers(request, site, "/search", (JSON,), wanted.query(start=wanted.start)),
    }
    return render(request, site, "search.html", context=context)


def _json(results: _Results) -> Response:
    following = results.following
    told = {
        "query": results.wanted.words,
        "total": len(results.kept),
        "start": results.wanted.start,
        "meant": results.found.meant or None,
        "partial": results.found.is_part,
        "kinds": {group: results.counts[group] for group in GROUPS if results.counts[group]},
        "next": results.links.data(f"/search.json{following}") if following else None,
        "results": [_told(results, entry) for entry in results.shown],
    }
    return data(json.dumps(told, ensure_ascii=False, indent=2) + "\n", JSON.media_type, speaks=True)


def _choices(results: _Results) -> list[Choice]:
    said = translations(results.language).gettext
    wanted, counts = results.wanted, results.counts
    kinds = [("", said(_ANY), counts.total()), *((name, said(label), counts[name]) for name, label in GROUPS.items())]
    return [
        Choice(label, count, wanted.query(kind=name), name == wanted.kind)
        for name, label, count in kinds
        if count or name == wanted.kind
    ]


def _hit(results: _Results, entry: Entry) -> Hit:
    language, thing = results.language, results.holdings.things[entry.name]
    match = results.found.match(entry, language)
    label, said = in_label(entry, language), match.said
    # The number stands before the label anyway.
    is_shown = said.text == label or said.role == "number"
    return Hit(
        thing=thing,
        address=_address(results, thing),
        kind=in_language(thing.kind, language)[0],
        place=_place(results, thing),
        label=cut(label, match.label_marks),
        label_language=in_language(entry.labels, language)[1],
        role=translations(language).gettext(ROLES[said.role]),
        text=() if is_shown else cut(said.text, match.marks),
        text_language=said.language,
    )


def _told(results: _Results, entry: Entry) -> dict[str, Any]:
    thing = results.holdings.things[entry.name]
    match = results.found.match(entry, results.language)
    return {
        "iri": entry.name if results.is_in_graph(entry) else None,
        "page": _address(results, thing),
        "kind": entry.group,
        "is": dict(thing.kind),
        "number": thing.number or None,
        "label": dict(entry.labels),
        "within": [
            {"iri": above.entry.name, "number": above.number or None, "label": dict(above.entry.labels)}
            for above in _above(results, thing)
        ],
        "words": thing.words.iri if thing.words else None,
        "matched": {
            "in": match.said.role,
            "language": match.said.language or None,
            "text": match.said.text,
            "marks": match.marks,
        },
    }


def _place(results: _Results, thing: Findable) -> tuple[Findable, ...]:
    """Of what a thing is a part of as much as tells its place: its number tells the parts with numbers above it.

    What is called as the thing above it, such as the only theme of a plan, tells nothing more.
    """
    above = _above(results, thing)
    numbered = [each for each in above if each.number]
    if thing.entry.group == "part":
        above = above[1:]
    named = {in_label(each.entry, results.language): each for each in reversed(above) if not each.number}
    return (*reversed(named.values()), *(() if thing.number else numbered[-1:]))


def _above(results: _Results, thing: Findable) -> tuple[Findable, ...]:
    things = results.holdings.things
    return tuple(things[iri] for iri in thing.above if iri in things)


def _address(results: _Results, thing: Findable) -> str:
    if thing.path in results.about:
        values = {name: results.links.short(iri).removeprefix("id:") for name, iri in results.about[thing.path].items()}
        return results.links.page(results.language, f"{thing.path}?{urlencode(values)}")
    if thing.path:
        return results.links.page(results.language, thing.path)
    return results.links.target(thing.entry.name, results.language) or thing.entry.name
