"""What nobody has read in a plan: an answer that is empty for that says nothing about the plan."""

import json
import re
from collections.abc import Mapping

from crmgraph.library.allowed import Ask
from crmgraph.library.question import LibraryQuestion

__all__ = ["is_unread"]

_VARIABLE = re.compile(r"\?(\w+)")


def is_unread(question: LibraryQuestion, values: Mapping[str, str], ask: Ask) -> bool:
    """Whether the question asks what only a reader can say, and nobody has read that in the plan, or the part of one,
    among `values`.
    """
    if not question.read:
        return False
    used = _VARIABLE.findall(question.read)
    given = " ".join(
        f"VALUES ?{each.name} {{ {each.term(values.get(each.name, each.default), question.names)} }}"
        for each in question.parameters
        if each.name in used
    )
    prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in question.names.prefixes().items())
    query = f"{prologue}SELECT * {{ {given} {question.read} }} LIMIT 1"
    return not json.loads(ask(query))["results"]["bindings"]
