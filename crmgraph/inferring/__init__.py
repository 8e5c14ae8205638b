"""Inferring: what follows from the data and the ontology by the rules of OWL 2 RL, kept apart from what was said."""

from typing import TYPE_CHECKING

from crmgraph.namespaces import Names

if TYPE_CHECKING:
    from rdflib import Dataset, Graph

    from crmgraph.inferring.causes import Contradiction

__all__ = ["infer", "infer_all"]


def infer(dataset: "Dataset", names: Names) -> "Graph":
    """What the dataset entails beyond what it says, about the things it speaks of.

    Left out: what is true of everything (`a owl:Thing`, sameness with itself), what speaks of nodes without a name, and
    statements about the ontology's own terms. Raises ContradictionError where data and ontology cannot both be true.
    """
    # rdflib is slow to import, and who only asks for an explanation has no use for it.
    from crmgraph.inferring.useful import useful_statements

    return useful_statements(dataset, names)


def infer_all(dataset: "Dataset", names: Names) -> "tuple[Graph, list[Contradiction]]":
    """What `infer` gives, and what cannot be true in it: each contradiction with the least that it follows from."""
    from crmgraph.inferring.useful import all_conclusions

    return all_conclusions(dataset, names)
