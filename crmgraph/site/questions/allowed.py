"""What there is to choose from for a question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from crmgraph.library import LibraryQuestion, Value, allowed_values
from crmgraph.site.base.site import JSON_RESULTS, Site
from crmgraph.sparql import Question

__all__ = ["Allowed", "allowed_in", "rows"]

Allowed = Mapping[str, tuple[Value, ...]]
"""The values that parameters take which do not take just anything, by their names."""


@dataclass(frozen=True)
class _Asked:
    """A question in one state of the data; whichever site asks, and within what time."""

    state: str
    name: str
    question: LibraryQuestion = field(compare=False)
    site: Site = field(compare=False)
    seconds: float = field(compare=False)


def allowed_in(site: Site, question: LibraryQuestion, seconds: float) -> Allowed:
    """The values of each parameter that does not take just anything, found within so many seconds a query.

    They are kept while the data are the same, where they may be. Raises AnswerError where there is no answer.
    """
    asked = _Asked(site.state, question.name, question, site, seconds)
    return _kept(asked) if site.may_keep else _found(asked)


def rows(site: Site, query: str, seconds: float) -> bytes:
    """The answer to a SELECT query (SPARQL 1.1 Query Results JSON Format). Raises AnswerError where there is none."""
    return site.ask(Question(query, result_type=JSON_RESULTS), seconds).body


def _found(asked: _Asked) -> Allowed:
    site = asked.site
    found = (
        (each.name, allowed_values(each, site.names, lambda query: rows(site, query, asked.seconds)))
        for each in asked.question.parameters
    )
    return {name: values for name, values in found if values is not None}


_kept = lru_cache(maxsize=128)(_found)
