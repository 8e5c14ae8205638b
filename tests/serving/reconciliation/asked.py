"""Asks the real graph for candidates."""

from crmgraph.reconciliation.candidates import Candidate, candidates
from crmgraph.reconciliation.queries import read_queries
from crmgraph.reconciliation.things import Things

__all__ = ["CG", "ID", "STATE", "found", "names"]

ID = "https://w3id.org/crmgraph/id/"
CG = "https://w3id.org/crmgraph/ontology#"
STATE = f'"type": "{CG}State"'


def found(things: Things, query: str, language: str = "es") -> list[Candidate]:
    """The candidates for a query, which is what a JSON object has in it."""
    return candidates(things, read_queries(f'{{"q": {{{query}}}}}')["q"], language)


def names(judged: list[Candidate]) -> list[str]:
    """The things by the ends of their IRIs."""
    return [each.entity.iri.removeprefix(ID) for each in judged]
