"""What nobody has read in a plan: an answer that is empty for that says nothing about the plan."""

import json
from collections.abc import Mapping

from crmgraph.library.allowed import Ask
from crmgraph.library.question import LibraryQuestion

__all__ = ["is_unread"]


def is_unread(question: LibraryQuestion, values: Mapping[str, str], ask: Ask) -> bool:
    """Whether the question is about what only a reader can say, and nobody has read that in the plan among `values`."""
    if not question.read:
        return False
    plan = next(each for each in question.parameters if each.name == "plan")
    prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in question.names.prefixes().items())
    term = plan.term(values.get("plan", plan.default), question.names)
    query = f"{prologue}SELECT ?plan {{ VALUES ?plan {{ {term} }} {question.read} }} LIMIT 1"
    return not json.loads(ask(query))["results"]["bindings"]
