"""The values that a parameter may have, drawn from the graph, and those that are near one that it has not."""

import difflib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crmgraph.errors import UsageError
from crmgraph.library.parameters import ANY, Parameter, shown
from crmgraph.library.question import LibraryQuestion
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.reading.folding import key
from crmgraph.wording import Bilingual

__all__ = ["Value", "check_value", "check_values", "read_values", "values_query"]

_ANY_LABELS = {"es": "cualquiera", "en": "any"}
_MOST_LISTED = 20
_LEAST_LIKE = 0.7
_MUCH_LESS_LIKE = 0.15
_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True)
class Value:
    """A value as a caller writes it, and what it is called: labels by language, with the printed number before."""

    text: str
    labels: Mapping[str, str]


def values_query(parameter: Parameter, names: Names) -> str | None:
    """The query that finds the values that the parameter may have; None where the graph sets it no limits."""
    pattern = f"?value skos:inScheme <{ONTOLOGY}/{parameter.scheme}>" if parameter.scheme else parameter.values
    if not pattern:
        return None
    prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in names.prefixes().items())
    return f"""{prologue}SELECT ?value ?label ?number ?order WHERE {{
  {{ SELECT DISTINCT ?value WHERE {{ {pattern} }} }}
  OPTIONAL {{ ?value rdfs:label|skos:prefLabel ?label FILTER (LANG(?label) IN ("es", "en")) }}
  OPTIONAL {{ ?value cg:number ?number }}
  OPTIONAL {{ ?value cg:order ?order }}
}}"""


def read_values(parameter: Parameter, body: bytes, names: Names) -> tuple[Value, ...]:
    """The values in the answer to `values_query` (SPARQL 1.1 Query Results JSON Format).

    They are in the order of the document, else by name. What leaves the parameter open comes first, where it may be.
    """
    labels: dict[str, dict[str, str]] = {}
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

    def rank(text: str) -> tuple[int, str, str]:
        return orders[text], labels[text].get("es", "").casefold(), text

    values = tuple(Value(text, labels[text]) for text in sorted(labels, key=rank))
    return (Value(ANY, _ANY_LABELS), *values) if parameter.open else values


def check_values(question: LibraryQuestion, given: Mapping[str, str], ask: Callable[[str], bytes]) -> None:
    """Raises UsageError where the graph does not know a given value, and says which ones are near.

    `ask` answers a SELECT query as SPARQL results in JSON.
    """
    for parameter in question.parameters:
        query = values_query(parameter, question.names)
        if parameter.name in given and query is not None:
            allowed = read_values(parameter, ask(query), question.names)
            check_value(parameter, given[parameter.name], allowed, question.names)


def check_value(parameter: Parameter, value: str, allowed: Sequence[Value], names: Names) -> None:
    """Raises UsageError where the value is none of those allowed, and says which ones are near, or which there are."""
    if _term(parameter, value, names) in {parameter.term(each.text, names) for each in allowed}:
        return
    texts = [each.text for each in allowed]
    near = _near(value, allowed)
    named, more = ", ".join(near or texts[:_MOST_LISTED]), "" if near or len(texts) <= _MOST_LISTED else " …"
    english, spanish = ("did you mean", "¿quería decir") if near else ("there are", "existen")
    end, fin = ("?", "?") if near else (more, more)
    raise UsageError(
        Bilingual(
            f"parameter {parameter.name} has no value {shown(value)}; {english} {named}{end}",
            f"el parámetro {parameter.name} no tiene un valor {shown(value)}; {spanish} {named}{fin}",
        )
    )


def _term(parameter: Parameter, value: str, names: Names) -> str | None:
    """The value as a SPARQL term; None where it cannot be one, as a name with spaces cannot be an IRI."""
    try:
        return parameter.term(value, names)
    except UsageError:
        return None


def _near(value: str, allowed: Sequence[Value]) -> list[str]:
    """Up to three values that end like this one, or are written or called much like it, in whole or in a word."""
    ending = [each.text for each in allowed if each.text.endswith("/" + value)]
    likeness = {each.text: _likeness(key(value), each) for each in allowed if each.text != ANY}
    best = max(likeness.values(), default=0)
    least = max(_LEAST_LIKE, best - _MUCH_LESS_LIKE)
    like = sorted((text for text in likeness if likeness[text] >= least), key=lambda text: (-likeness[text], text))
    return list(dict.fromkeys((*ending, *like)))[:3]


def _likeness(sought: str, value: Value) -> float:
    """How much a name of the value, or one of its longer words, is like what is sought: from 0 to 1."""
    names = {key(name) for name in (value.text, value.text.rpartition("/")[2], *value.labels.values())}
    words = {word for name in names for word in _WORD.findall(name)}
    return max(difflib.SequenceMatcher(None, name, sought).ratio() for name in names | words)
