"""Keeps what the search page looks through, and makes it anew where the data have changed."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from threading import Lock
from typing import TypeGuard

from crmgraph.searching import Found, Index, spans
from crmgraph.site.base.site import Site
from crmgraph.site.search.everything import findable
from crmgraph.site.search.findable import Findable

__all__ = ["Holdings", "Searcher"]

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
