"""The search page: what is found by words, of each thing where and by what, as a page and as JSON."""

import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.languages import marked, translations
from crmgraph.searching import LONGEST, Entry, Found, Piece, cut, in_label
from crmgraph.site.base.links import Links, language_of, links_of
from crmgraph.site.base.rendering import offers, render
from crmgraph.site.base.representations import HTML, JSON, asked, data, statements_as
from crmgraph.site.base.site import Site, in_language
from crmgraph.site.search.address import Wanted
from crmgraph.site.search.findable import GROUPS, ROLES, Findable
from crmgraph.site.search.searcher import Holdings, Searcher
from crmgraph.site.statements import about_found

__all__ = ["EXAMPLES", "search_page"]

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
