"""Finding the things of a graph by the names that a text gives them."""

import re
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef

from crmgraph.reading.folding import fold, key

__all__ = ["Lexicon", "Mention"]


class Mention(NamedTuple):
    """A place in a text, in code points, end exclusive, and the thing that is named there."""

    start: int
    end: int
    iri: str


class Lexicon:
    """The names (rdfs:label, skos:prefLabel, skos:altLabel, skos:hiddenLabel) of the things in a graph.

    `classes` are the IRIs of the classes whose things are wanted, all things where there are none; `languages` are
    those whose names count, beside names without a language.
    """

    def __init__(self, graph: Graph, classes: Collection[str] = (), languages: Collection[str] = ("es",)) -> None:
        """Collects the names; reads the graph once and does not keep it."""
        wanted = {thing for name in classes for thing in graph.subjects(RDF.type, URIRef(name))}
        things: dict[str, set[str]] = defaultdict(set)
        for name_of in (RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel):
            for thing, name in graph.subject_objects(name_of):
                if not isinstance(thing, URIRef) or not isinstance(name, Literal) or (classes and thing not in wanted):
                    continue
                if (name.language is None or name.language in languages) and key(name):
                    things[key(name)].add(str(thing))
        self._things = {name: tuple(sorted(iris)) for name, iris in things.items()}
        longest_first = sorted(self._things, key=lambda name: (-len(name), name))
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    def find(self, text: str) -> list[Mention]:
        """Where `text` names a thing, in the order of the text.

        Whole words, accents and case and kind of space aside. Of names that overlap the one that begins first counts,
        of those that begin together the longest. A name of several things gives a place for each.
        """
        if not self._things:
            return []
        folded = fold(text)
        return [
            Mention(*folded.original(match.start(), match.end()), iri)
            for match in self._pattern.finditer(folded.text)
            for iri in self._things[match[0]]
        ]
