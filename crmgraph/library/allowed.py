"""The values that a parameter may have: those that its question names, or those that the graph has for it."""

import difflib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crmgraph.errors import UsageError
from crmgraph.library.parameters import ANY, Parameter
from crmgraph.namespaces import ONTOLOGY, Names

__all__ = ["Ask", "Value", "allowed_values", "near_values", "read_values", "values_query"]

_OURS = ("es", "en")
_NAMED = """SELECT DISTINCT ?value {
  ?value rdfs:label|skos:prefLabel ?name FILTER (ISIRI(?value) && STRSTARTS(STR(?value), STR(id:)))
}"""
_LONGEST_SOUGHT = 200
_MOST_LIKE = 20
_LEAST_LIKE = 0.7
Ask = Callable[[str], bytes]
"""Answers a SELECT query as SPARQL results in JSON."""


@dataclass(frozen=True)
class Value:
    """A value as a caller writes it, and what it is called: labels by language, with the printed number before.

    `others` are its other names, such as an acronym, or the title of what has a short name, in any language.
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


def near_values(parameter: Parameter, value: str, names: Names, ask: Ask) -> tuple[Value, ...] | None:
    """The values among which that one is which is meant, for a parameter that may have any thing of the graph.

    They are looked for only where the graph says nothing of the `value` as it is given, and their identifiers end as it
    does or are much like it. None where the graph knows it, and for a parameter that takes other values.
    """
    if parameter.type != "iri" or parameter.values:
        return None
    try:
        term = parameter.term(value, names)
    except UsageError:
        term = ""
    if term and _bindings(ask(f"SELECT ?said {{ {term} ?said ?of }} LIMIT 1")):
        return None
    texts = [parameter.short(row["value"]["value"], names) for row in _bindings(ask(_prologue(names) + _NAMED))]
    near = " ".join(parameter.term(text, names) for text in _like(value, texts))
    return read_values(parameter, ask(_query(f"VALUES ?value {{ {near} }}", names)), names) if near else ()


def _like(value: str, texts: Sequence[str]) -> list[str]:
    """Those of the texts that are written much like the value, in whole or behind their last slash."""
    sought = value[:_LONGEST_SOUGHT].casefold()
    by_end: dict[str, list[str]] = {}
    for text in texts:
        for end in (text, text.rpartition("/")[2]):
            by_end.setdefault(end.casefold(), []).append(text)
    close = difflib.get_close_matches(sought, by_end, _MOST_LIKE, _LEAST_LIKE)
    return list(dict.fromkeys(text for end in close for text in by_end[end]))[:_MOST_LIKE]


def _bindings(body: bytes) -> list[dict[str, dict[str, str]]]:
    bindings: list[dict[str, dict[str, str]]] = json.loads(body)["results"]["bindings"]
    return bindings


def values_query(parameter: Parameter, names: Names) -> str | None:
    """The query that finds the values that the parameter may have; None where the graph sets it no limits."""
    pattern = f"?value skos:inScheme <{ONTOLOGY}/{parameter.scheme}>" if parameter.scheme else parameter.values
    return _query(pattern, names) if pattern else None


def _query(pattern: str, names: Names) -> str:
    """The query for what fits the pattern, with what it is called and where it stands."""
    return f"""{_prologue(names)}SELECT ?value ?label ?short ?other ?number ?order WHERE {{
  {{ SELECT DISTINCT ?value WHERE {{ {pattern} }} }}
  OPTIONAL {{
    {{ ?value rdfs:label|skos:prefLabel ?label FILTER (LANG(?label) != "") }}
    UNION {{ ?value dcterms:alternative ?short FILTER (LANG(?short) != "") }}
    UNION {{ ?value skos:altLabel ?other }}
  }}
  OPTIONAL {{ ?value cg:number ?number }}
  OPTIONAL {{ ?value cg:order ?order }}
}}"""


def _prologue(names: Names) -> str:
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in names.prefixes().items())


def read_values(parameter: Parameter, body: bytes, names: Names) -> tuple[Value, ...]:
    """The values in the answer to `values_query` (SPARQL 1.1 Query Results JSON Format).

    They are in the order of the document, those of the usual value's first, else by name. What leaves the parameter
    open comes first, where it may be.
    """
    labels: dict[str, dict[str, str]] = {}
    shorts: dict[str, dict[str, str]] = {}
    others: dict[str, set[str]] = {}
    orders: dict[str, int] = {}
    for row in _bindings(body):
        text = parameter.short(row["value"]["value"], names)
        orders[text] = int(row["order"]["value"]) if "order" in row else 0
        found = labels.setdefault(text, {})
        if "label" in row:
            number = f"{row['number']['value']} " if "number" in row else ""
            language = row["label"]["xml:lang"]
            label = number + row["label"]["value"]
            found[language] = min(label, found.get(language, label))
        if "short" in row:
            language, short = row["short"]["xml:lang"], row["short"]["value"]
            found = shorts.setdefault(text, {})
            found[language] = min(short, found.get(language, short))
        if "other" in row:
            others.setdefault(text, set()).add(row["other"]["value"])

    for text, called_for_short in shorts.items():
        others.setdefault(text, set()).update(labels[text].values())
        labels[text] |= called_for_short

    def rank(text: str) -> tuple[bool, str, int, str, str]:
        plan = _plan(text)
        return plan != _plan(parameter.default), plan, orders[text], labels[text].get("es", "").casefold(), text

    values = tuple(
        Value(text, _shown(labels[text]), tuple(sorted(others.get(text, ())))) for text in sorted(labels, key=rank)
    )
    return (Value(ANY, parameter.open), *values) if parameter.open else values


def _plan(text: str) -> str:
    """The plan that a part of one is in, as its name begins; empty for anything else."""
    kind, _, name = text.partition("/")
    return name.partition("/")[0] if kind == "plan" and "/" in name else ""


def _shown(labels: Mapping[str, str]) -> Mapping[str, str]:
    """The labels in our languages; where there is none in these, all."""
    return {language: label for language, label in labels.items() if language in _OURS} or labels
