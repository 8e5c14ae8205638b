"""The values that a parameter may have: those that its question names, or those that the graph has for it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crmgraph.library.parameters import ANY, Parameter
from crmgraph.namespaces import ONTOLOGY, Names

__all__ = ["Ask", "Value", "allowed_values", "read_values", "values_query"]

_OURS = ("es", "en")
Ask = Callable[[str], bytes]
"""Answers a SELECT query as SPARQL results in JSON."""


@dataclass(frozen=True)
class Value:
    """A value as a caller writes it, and what it is called: labels by language, with the printed number before.

    `others` are its other names, such as an acronym, in any language.
    """

    text: str
    labels: Mapping[str, str]
    others: tuple[str, ...] = ()


def allowed_values(parameter: Parameter, names: Names, ask: Ask) -> tuple[Value, ...] | None:
    """The values that the parameter may have, as `ask` finds them in the graph; None where it may have just any."""
    if parameter.choices:
        return tuple(Value(choice, labels) for choice, labels in parameter.choices.items())
    query = values_query(parameter, names)
    return None if query is None else read_values(parameter, ask(query), names)


def values_query(parameter: Parameter, names: Names) -> str | None:
    """The query that finds the values that the parameter may have; None where the graph sets it no limits."""
    pattern = f"?value skos:inScheme <{ONTOLOGY}/{parameter.scheme}>" if parameter.scheme else parameter.values
    if not pattern:
        return None
    prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in names.prefixes().items())
    return f"""{prologue}SELECT ?value ?label ?other ?number ?order WHERE {{
  {{ SELECT DISTINCT ?value WHERE {{ {pattern} }} }}
  OPTIONAL {{
    {{ ?value rdfs:label|skos:prefLabel ?label FILTER (LANG(?label) != "") }}
    UNION {{ ?value skos:altLabel ?other }}
  }}
  OPTIONAL {{ ?value cg:number ?number }}
  OPTIONAL {{ ?value cg:order ?order }}
}}"""


def read_values(parameter: Parameter, body: bytes, names: Names) -> tuple[Value, ...]:
    """The values in the answer to `values_query` (SPARQL 1.1 Query Results JSON Format).

    They are in the order of the document, else by name. What leaves the parameter open comes first, where it may be.
    """
    labels: dict[str, dict[str, str]] = {}
    others: dict[str, set[str]] = {}
    orders: dict[str, int] = {}
    for row in json.loads(body)["results"]["bindings"]:
        text = parameter.short(row["value"]["value"], names)
        orders[text] = int(row["order"]["value"]) if "order" in row else 0
        found = labels.setdefault(text, {})
        if "label" in row:
            number = f"{row['number']['value']} " if "number" in row else ""
            language = row["label"]["xml:lang"]
            label = number + row["label"]["value"]
            found[language] = min(label, found.get(language, label))
        if "other" in row:
            others.setdefault(text, set()).add(row["other"]["value"])

    def rank(text: str) -> tuple[int, str, str]:
        return orders[text], labels[text].get("es", "").casefold(), text

    values = tuple(
        Value(text, _shown(labels[text]), tuple(sorted(others.get(text, ())))) for text in sorted(labels, key=rank)
    )
    return (Value(ANY, parameter.open), *values) if parameter.open else values


def _shown(labels: Mapping[str, str]) -> Mapping[str, str]:
    """The labels in our languages; where there is none in these, all."""
    return {language: label for language, label in labels.items() if language in _OURS} or labels
