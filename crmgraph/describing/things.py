"""What a row or a reader may name: the things and concepts of the background, by their paths, with their labels."""

from collections import defaultdict
from collections.abc import Collection

from rdflib import RDF, RDFS, SKOS, Dataset, Literal, URIRef

from crmgraph.namespaces import ONTOLOGY, Names

__all__ = ["Things"]


class Things:
    """The things and concepts of a dataset. Reads it once and does not keep it."""

    def __init__(self, dataset: Dataset, names: Names) -> None:
        """Collects every IRI that has a class, its labels, and the acronyms among its other names."""
        self._names = names
        self._known = {str(thing) for thing, _, _, _ in dataset.quads((None, RDF.type, None, None))}
        notations: dict[str, set[str]] = defaultdict(set)
        for thing, _, notation, _ in dataset.quads((None, SKOS.notation, None, None)):
            notations[str(thing)].add(str(notation))
        self._broader = {
            (str(below), str(above)) for below, _, above, _ in dataset.quads((None, SKOS.broader, None, None))
        }
        self._labels: dict[tuple[str, str], str] = {}
        self._acronyms: dict[tuple[str, str], str] = {}
        for predicate in (SKOS.altLabel, RDFS.label, SKOS.prefLabel):
            for thing, _, name, _ in sorted(dataset.quads((None, predicate, None, None))):
                if isinstance(name, Literal) and name.language:
                    whose = (str(thing), name.language)
                    if predicate != SKOS.altLabel:
                        self._labels[whose] = str(name)
                    elif str(name) in notations[str(thing)]:
                        self._acronyms.setdefault(whose, str(name))

    def thing(self, path: str, kinds: Collection[str]) -> URIRef:
        """The thing at `path`, such as actor/oim, which must be of one of the `kinds` that paths begin with.

        Raises ValueError where there is none.
        """
        kind, _, name = path.partition("/")
        iri = self._names.id(kind, name)
        if kind not in kinds or not name:
            raise ValueError(f'"{path}" is not a path that begins with {" or ".join(f"{kind}/" for kind in kinds)}')
        if iri not in self._known:
            raise ValueError(f"no table has {path}; add its row there, or correct this cell")
        return URIRef(iri)

    def concept(self, scheme: str, name: str) -> URIRef:
        """The concept called `name` in the vocabulary `scheme`. Raises ValueError where there is none."""
        iri = f"{ONTOLOGY}/{scheme}#{name}"
        if iri not in self._known:
            raise ValueError(f"the vocabulary {scheme} has no concept {name}")
        return URIRef(iri)

    def is_below(self, concept: URIRef, name: str) -> bool:
        """Whether the concept stands directly below the one called `name` in its vocabulary."""
        return (str(concept), f"{concept.partition('#')[0]}#{name}") in self._broader

    def label(self, thing: URIRef, language: str) -> str:
        """The name of a thing in a language; in any other where it has none, and its IRI for want of a name."""
        for other in (language, "es", "en"):
            if (str(thing), other) in self._labels:
                return self._labels[str(thing), other]
        return str(thing)

    def short_label(self, thing: URIRef, language: str) -> str:
        """The acronym of a thing in a language where it has one, else its name."""
        return self._acronyms.get((str(thing), language)) or self.label(thing, language)
