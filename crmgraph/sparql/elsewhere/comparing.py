"""Whether two answers to the same query are the same but for the order of what they hold."""

import json
from collections import Counter

from pyoxigraph import parse

from crmgraph.sparql.formats import by_media_type
from crmgraph.sparql.question import Answer
from crmgraph.sparql.results import RDF_SYNTAXES

__all__ = ["are_alike"]


def are_alike(one: Answer, other: Answer) -> bool:
    """Whether both have the same rows or statements; both are in the same syntax. Names of nameless nodes count."""
    if (one.form, one.media_type) != (other.form, other.media_type):
        return False
    return one.body == other.body or _parts(one) == _parts(other)


def _parts(answer: Answer) -> Counter[object]:
    known = by_media_type(answer.media_type)
    short = known.short if known else ""
    if short in RDF_SYNTAXES:
        return Counter(set(parse(answer.body, RDF_SYNTAXES[short])))
    if short == "json":
        document = json.loads(answer.body)
        rows = document.pop("results", {}).get("bindings", [])
        return Counter(json.dumps(part, sort_keys=True) for part in (document, *rows))
    # A row is a line in the others, but for values of several lines, whose lines are the same then too.
    separator = b"</result>" if short == "xml" else b"\n"
    return Counter(answer.body.split(separator))
