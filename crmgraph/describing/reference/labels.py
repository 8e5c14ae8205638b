"""The names of things that the tables describe, for the labels of what ties them together."""

from rdflib import RDFS, Dataset, Literal, URIRef

__all__ = ["Labels"]


class Labels:
    """The names in a dataset as it is when this is made."""

    def __init__(self, dataset: Dataset) -> None:
        """Collects the rdfs:label of everything."""
        self._labels = {
            (str(thing), label.language): str(label)
            for thing, _, label, _ in dataset.quads((None, RDFS.label, None, None))
            if isinstance(label, Literal)
        }

    def of(self, thing: URIRef, language: str) -> str:
        """The name of a thing that a table describes, in one of the languages of the tables."""
        return self._labels[str(thing), language]
