"""Values of parameters: the permitted ones, their names, and the value that a name means."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import shorten

from rapidfuzz import fuzz

from crmgraph.errors import Bilingual, UnknownValueError, UsageError
from crmgraph.library.questions import ANY, LibraryQuestion, Parameter, quoted_if_blank
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.reading.languages import key

_LANGUAGES = ("es", "en")
_LONGEST_NAME = 150
_LONGEST_COMPARED = 200
"""The number of characters of a name that are compared, to limit the time."""
_MOST_LISTED = 20
_MOST_NEAR = 3
_MAX_BELOW_BEST = 15
_WORD = re.compile(r"\w{4,}")
_NUMBER = re.compile(r"\d[\d.]* ")
_ENGLISH_NAMES_WITH_ARTICLE = re.compile(
    r"(?:United|Republic of|Democratic|State of) .+|(?!.* of ).+ (?:Republic|Islands|Federation|Emirates)"
    r"|Netherlands|Philippines|Bahamas|Maldives|Gambia|Comoros|Seychelles|Holy See"
)
"""Names of States that take an article in an English sentence."""

_SPANISH_ARTICLES = {"Red": "la", "Redes": "las"}
"""Articles of Spanish names of networks, by their first word."""

_QUOTATION_FORMATS = {"es": "«{}»", "en": "“{}”"}
_MIN_SIMILARITY = 70
"""The minimum similarity, in per cent, of a name to a suggested one."""

Ask = Callable[[str], bytes]
"""A function that answers a SELECT query, in SPARQL 1.1 Query Results JSON Format."""


@dataclass(frozen=True)
class Value:
    """A permitted value.

    Attributes:
        text: The value as callers write it.
        labels: Its labels by language; the label of a part begins with its printed number.
        others: Other names in any language: an acronym, or the full title if the label is a short name.
    """

    text: str
    labels: Mapping[str, str]
    others: tuple[str, ...] = ()


_Row = Mapping[str, Mapping[str, str]]
"""A solution of a query, in SPARQL 1.1 Query Results JSON Format."""
AllowedValues = Mapping[str, tuple[Value, ...]]
"""The permitted values by parameter. Parameters that accept any value are left out."""


def allowed_values(parameter: Parameter, names: Names, ask: Ask) -> tuple[Value, ...] | None:
    """Return the permitted values of a parameter, from the graph if necessary; None if any value is permitted."""
    if parameter.choices:
        return tuple(Value(choice, labels) for choice, labels in parameter.choices.items())
    query = values_query(parameter, names)
    return None if query is None else read_values(parameter, ask(query), names)


def all_allowed(parameters: Iterable[Parameter], names: Names, ask: Ask) -> AllowedValues:
    """Return the permitted values of these parameters. Parameters that accept any value are left out."""
    found = ((each.name, allowed_values(each, names, ask)) for each in parameters)
    return {name: values for name, values in found if values is not None}


def _bindings(body: bytes) -> list[_Row]:
    bindings: list[_Row] = json.loads(body)["results"]["bindings"]
    return bindings


def values_query(parameter: Parameter, names: Names) -> str | None:
    """Return the query for the permitted values of a parameter; None if the graph does not limit them."""
    pattern = f"?value skos:inScheme <{ONTOLOGY}/{parameter.scheme}>" if parameter.scheme else parameter.values
    return _names_query(pattern, names) if pattern else None


def _names_query(pattern: str, names: Names) -> str:
    """Return the query for the values that match a pattern, with their names, printed number and order."""
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
    """Return the permitted values, from the results of `values_query` (SPARQL 1.1 Query Results JSON Format).

    Parts of plans are in document order, beginning with the plan that has the default value. Other values are sorted by
    name. `ANY` comes first if the parameter may be left open: then it restricts nothing.
    """
    rows: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in _bindings(body):
        rows[parameter.short_value(row["value"]["value"], names)].append(row)

    def rank(value: Value) -> tuple[bool, str, int, str, str]:
        plan = _plan_of_part(value.text)
        order = next((int(row["order"]["value"]) for row in rows[value.text] if "order" in row), 0)
        return plan != _plan_of_part(parameter.default), plan, order, value.labels.get("es", "").casefold(), value.text

    found = sorted((_to_value(text, of) for text, of in rows.items()), key=rank)
    return (Value(ANY, parameter.open), *found) if parameter.open else tuple(found)


def _to_value(text: str, rows: Sequence[_Row]) -> Value:
    """Return the value with this text, from the solutions about it."""
    labels, shorts = (_first_names(rows, column) for column in ("label", "short"))
    others = {row["other"]["value"] for row in rows if "other" in row}
    if shorts:
        others.update(labels.values())
    known = labels | shorts
    ours = {language: label for language, label in known.items() if language in _LANGUAGES}
    return Value(text, ours or known, tuple(sorted(others)))


def _first_names(rows: Sequence[_Row], column: str) -> dict[str, str]:
    """Return the alphabetically first name in a column for each language. A label is preceded by the printed number."""
    number = next((f"{row['number']['value']} " for row in rows if "number" in row), "")
    before = number if column == "label" else ""
    names = ((row[column]["xml:lang"], before + row[column]["value"]) for row in rows if column in row)
    return dict(sorted(names, reverse=True))


def _plan_of_part(text: str) -> str:
    """Return the short name of the plan of a part; empty if the text identifies no part."""
    return text.split("/")[1] if re.match("plan/[^/]*/", text) else ""


def value_names(values: Sequence[Value], language: str) -> dict[str, str]:
    """Return the display name of each value, by its text.

    Long names are shortened. If several values have the same name, the text is added in brackets.
    """
    names = {value.text: shorten(_label(value, language), _LONGEST_NAME, placeholder=" …") for value in values}
    times = Counter(key(name) for name in names.values())
    return {text: name if times[key(name)] == 1 else f"{name} ({text})" for text, name in names.items()}


def value_in_sentence(parameter: Parameter, value: str, names: Mapping[str, str], language: str) -> str:
    """Return a value as part of a sentence, with its article or in quotation marks.

    `names` are the names of the permitted values.

    Strings, and titles and texts of a plan, are in quotation marks. The printed number of a part is before these.
    """
    if value in parameter.words:
        return parameter.words[value][language]
    name = names.get(value)
    if name and language in parameter.article and value != ANY:
        return f"{parameter.article[language]} {name}"
    if name and parameter.is_quoted and value != ANY:
        number = _NUMBER.match(name)
        words = name[number.end() :] if number else name
        return name.removesuffix(words) + _QUOTATION_FORMATS[language].format(words)
    if name and language == "en" and _ENGLISH_NAMES_WITH_ARTICLE.fullmatch(name):
        return f"the {name}"
    if name and language == "es" and (first := name.partition(" ")[0]) in _SPANISH_ARTICLES:
        return f"{_SPANISH_ARTICLES[first]} {name}"
    is_free = parameter.type == "string" and not parameter.choices
    return name or (_QUOTATION_FORMATS[language].format(value) if is_free else value)


def question_in_words(
    question: LibraryQuestion, values: Mapping[str, str], names: Mapping[str, Mapping[str, str]], language: str
) -> str:
    """Return the question with these values as a sentence.

    `names` are the names of the permitted values, by parameter.
    """
    words = {}
    for each in question.parameters:
        known = {**({ANY: each.open[language]} if each.open else {}), **names.get(each.name, {})}
        words[each.name] = value_in_sentence(each, values.get(each.name, each.default), known, language)
    return question.to_sentence(language, words)


def resolve_value(parameter: Parameter, value: str, allowed: Sequence[Value] | None, names: Names) -> str:
    """Return the text of the permitted value that is given by its text, its IRI, or a unique name.

    Names in both languages are compared without case and accents. Other names are considered only if no label is equal.
    An empty value leaves the parameter open if possible. If `allowed` is None, any value is permitted and is returned
    unchanged. Raises UnknownValueError if no value or several values have the name, and UsageError if the value has the
    wrong type.
    """
    if allowed is None:
        parameter.term(value, names)
        return value
    if parameter.open and not value.strip():
        return ANY
    text = value.removeprefix(names.id(""))
    if text in (each.text for each in allowed):
        return text
    same = _values_with_name(value, allowed)
    if len(same) == 1:
        return same[0]
    raise _value_error(parameter, value, same, allowed)


@dataclass(frozen=True)
class GivenValues:
    """The values given by a user, resolved to permitted values.

    Attributes:
        values: The resolved values by parameter, with the default for invalid ones.
        wrong: The invalid values, as given.
        near: For each invalid value, the texts and names of similar permitted values.
        refusal: The first error; None if all values are valid.
    """

    values: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    near: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    refusal: UsageError | None = None


def read_given(
    question: LibraryQuestion, given: Mapping[str, str], allowed: AllowedValues, language: str = "en"
) -> GivenValues:
    """Return the given values, resolved by `resolve_value`. Errors are collected, not raised."""
    values, wrong, near = dict(given), {}, {}
    refusal: UsageError | None = None
    for parameter in (each for each in question.parameters if each.name in given):
        value, offered = given[parameter.name], allowed.get(parameter.name)
        try:
            values[parameter.name] = resolve_value(parameter, value, offered, question.names)
        except UsageError as error:
            wrong[parameter.name], values[parameter.name], refusal = value, parameter.default, refusal or error
            if isinstance(error, UnknownValueError):
                names = value_names(offered or (), language)
                near[parameter.name] = [(each, names[each]) for each in error.near]
    return GivenValues(values, wrong, near, refusal)


def resolve_values(question: LibraryQuestion, given: Mapping[str, str], ask: Ask) -> dict[str, str]:
    """Return the given values, each resolved by `resolve_value`.

    Raises UsageError for an unknown parameter, and UnknownValueError, with similar values, for a value that is not
    permitted.
    """
    question.check_names(given)
    wanted = [each for each in question.parameters if each.name in given]
    allowed = all_allowed(wanted, question.names, ask)
    return {each.name: resolve_value(each, given[each.name], allowed.get(each.name), question.names) for each in wanted}


def _values_with_name(value: str, allowed: Sequence[Value]) -> list[str]:
    """Return the texts of the values with this name as a label, or else as another name or the end of the text."""
    sought = key(value[:_LONGEST_COMPARED])
    lists = [value_names(allowed, language) for language in _LANGUAGES]
    labels = {each.text: (*(names[each.text] for names in lists), *each.labels.values()) for each in allowed}
    others = {each.text: (*each.others, each.text.rpartition("/")[2]) for each in allowed}
    for called in (labels, others) if sought else ():
        found = [text for text, names in called.items() if sought in (key(name[:_LONGEST_COMPARED]) for name in names)]
        if found:
            return found
    return []


def _value_error(parameter: Parameter, value: str, same: Sequence[str], allowed: Sequence[Value]) -> UnknownValueError:
    """Return the error for a name of several values or of none. The message lists possible values."""
    near = same[:_MOST_LISTED] or _similar_values(value, allowed)
    texts = near or [each.text for each in allowed[:_MOST_LISTED]]
    listed = ", ".join(texts) + ("" if near or len(allowed) <= _MOST_LISTED else " …")
    name, given = parameter.name, quoted_if_blank(value)
    english, spanish = f"parameter {name} has no value {given}", f"el parámetro {name} no tiene un valor {given}"
    if same:
        english = f"parameter {name}: several values are called {given}; choose one of {listed}"
        spanish = f"parámetro {name}: varios valores se llaman {given}; elija entre {listed}"
    elif near:
        english, spanish = f"{english}; did you mean {listed}?", f"{spanish}; ¿quería decir {listed}?"
    elif texts:
        english, spanish = f"{english}; there are {listed}", f"{spanish}; existen {listed}"
    else:
        english += ", and nothing in the graph is called like it"
        spanish += ", ni hay en el grafo nada que se llame así"
    return UnknownValueError(Bilingual(english, spanish), near)


def _label(value: Value, language: str) -> str:
    return next(
        (value.labels[each] for each in (language, *_LANGUAGES, *sorted(value.labels)) if value.labels.get(each)),
        value.text,
    )


def _similar_values(value: str, allowed: Sequence[Value]) -> list[str]:
    """Return the texts of up to three values with a similar text, name or word in a name, or with this ending."""
    sought = key(value[:_LONGEST_COMPARED])
    ending = [each.text for each in allowed if each.text.endswith("/" + value)]
    likeness: dict[str, float] = {}
    for each in allowed:
        names = {key(name) for name in (each.text, each.text.rpartition("/")[2], *each.labels.values())}
        words = {word for name in names for word in _WORD.findall(name)}
        if each.text != ANY:
            likeness[each.text] = max(fuzz.ratio(sought, name) for name in names | words)
    least = max(_MIN_SIMILARITY, max(likeness.values(), default=0) - _MAX_BELOW_BEST)
    like = sorted((text for text in likeness if likeness[text] >= least), key=lambda text: (-likeness[text], text))
    return list(dict.fromkeys((*ending, *like)))[:_MOST_NEAR]


_VARIABLE = re.compile(r"\?(\w+)")


def is_unread(question: LibraryQuestion, values: Mapping[str, str], ask: Ask) -> bool:
    """Return whether the question depends on annotations of the plan that nobody has made."""
    if not question.reading_pattern:
        return False
    used = _VARIABLE.findall(question.reading_pattern)
    given = " ".join(
        f"VALUES ?{each.name} {{ {each.term(values.get(each.name, each.default), question.names)} }}"
        for each in question.parameters
        if each.name in used
    )
    return not _bindings(ask(f"{_prologue(question.names)}SELECT * {{ {given} {question.reading_pattern} }} LIMIT 1"))
