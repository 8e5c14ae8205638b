"""Values of parameters: those that may be given, what they are called, and which one is meant by a name."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import shorten

from rapidfuzz import fuzz

from crmgraph.errors import Bilingual, UnknownValueError, UsageError
from crmgraph.library.questions import ANY, LibraryQuestion, Parameter, shown
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.reading.languages import key

_LANGUAGES = ("es", "en")
_LONGEST_NAME = 150
_LONGEST_SOUGHT = 200
"""Characters of a name that are compared: longer ones would take their time."""
_MOST_LISTED = 20
_MOST_NEAR = 3
_MUCH_LESS_LIKE = 15
_WORD = re.compile(r"\w{4,}")
_NUMBER = re.compile(r"\d[\d.]* ")
_WITH_ARTICLE = re.compile(
    r"(?:United|Republic of|Democratic|State of) .+|(?!.* of ).+ (?:Republic|Islands|Federation|Emirates)"
    r"|Netherlands|Philippines|Bahamas|Maldives|Gambia|Comoros|Seychelles|Holy See"
)
"""Names of States that take an article in an English sentence."""

_SPANISH_ARTICLES = {"Red": "la", "Redes": "las"}
"""Articles of Spanish names of networks, by the first word; the sentence says what others are."""

_QUOTED = {"es": "«{}»", "en": "“{}”"}
_LEAST_LIKE = 70
"""The least likeness of a name to one that may be meant, of 100."""

Ask = Callable[[str], bytes]
"""Answers a SELECT query in SPARQL 1.1 Query Results JSON Format."""


@dataclass(frozen=True)
class Value:
    """A value as a caller writes it, with its labels by language, each behind the printed number.

    `others` are further names, such as an acronym, or the title of a thing that has a short name, in any language.
    """

    text: str
    labels: Mapping[str, str]
    others: tuple[str, ...] = ()


_Row = Mapping[str, Mapping[str, str]]
"""A solution of a query as in SPARQL 1.1 Query Results JSON Format."""
Allowed = Mapping[str, tuple[Value, ...]]
"""The values of parameters that do not take just anything, by their names."""


def allowed_values(parameter: Parameter, names: Names, ask: Ask) -> tuple[Value, ...] | None:
    """Return the values that the parameter may have, by asking the graph; None where any value is allowed."""
    if parameter.choices:
        return tuple(Value(choice, labels) for choice, labels in parameter.choices.items())
    query = values_query(parameter, names)
    return None if query is None else read_values(parameter, ask(query), names)


def all_allowed(parameters: Iterable[Parameter], names: Names, ask: Ask) -> Allowed:
    """Return the values of each of these parameters that does not take just anything."""
    found = ((each.name, allowed_values(each, names, ask)) for each in parameters)
    return {name: values for name, values in found if values is not None}


def _bindings(body: bytes) -> list[_Row]:
    bindings: list[_Row] = json.loads(body)["results"]["bindings"]
    return bindings


def values_query(parameter: Parameter, names: Names) -> str | None:
    """Return the query for the values that the parameter may have; None where the graph does not limit them."""
    pattern = f"?value skos:inScheme <{ONTOLOGY}/{parameter.scheme}>" if parameter.scheme else parameter.values
    return _query(pattern, names) if pattern else None


def _query(pattern: str, names: Names) -> str:
    """Return the query for things that match the pattern, with their names and their order."""
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
    """Return the values in the answer to `values_query` (SPARQL 1.1 Query Results JSON Format).

    Parts of plans are in the order of their document, those of the plan of the default first; others are sorted by
    name. The value that leaves the parameter open comes first, if there is one.
    """
    rows: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in _bindings(body):
        rows[parameter.short(row["value"]["value"], names)].append(row)

    def rank(value: Value) -> tuple[bool, str, int, str, str]:
        plan = _plan(value.text)
        order = next((int(row["order"]["value"]) for row in rows[value.text] if "order" in row), 0)
        return plan != _plan(parameter.default), plan, order, value.labels.get("es", "").casefold(), value.text

    found = sorted((_value_of(text, of) for text, of in rows.items()), key=rank)
    return (Value(ANY, parameter.open), *found) if parameter.open else tuple(found)


def _value_of(text: str, rows: Sequence[_Row]) -> Value:
    """Return the value that has this text, of which these rows tell."""
    labels, shorts = (_first_names(rows, column) for column in ("label", "short"))
    others = {row["other"]["value"] for row in rows if "other" in row}
    if shorts:
        others.update(labels.values())
    known = labels | shorts
    ours = {language: label for language, label in known.items() if language in _LANGUAGES}
    return Value(text, ours or known, tuple(sorted(others)))


def _first_names(rows: Sequence[_Row], column: str) -> dict[str, str]:
    """Return the first of the names in a column by language, in the order of the alphabet; labels behind the number."""
    number = next((f"{row['number']['value']} " for row in rows if "number" in row), "")
    before = number if column == "label" else ""
    names = ((row[column]["xml:lang"], before + row[column]["value"]) for row in rows if column in row)
    return dict(sorted(names, reverse=True))


def _plan(text: str) -> str:
    """Return the plan in the identifier of a part; empty for anything else."""
    return text.split("/")[1] if re.match("plan/[^/]*/", text) else ""


def value_names(values: Sequence[Value], language: str) -> dict[str, str]:
    """Return the name of each value for a list to choose from, by its text.

    Long names are cut; where several values have the same name, the text follows in brackets.
    """
    names = {value.text: shorten(_label(value, language), _LONGEST_NAME, placeholder=" …") for value in values}
    times = Counter(key(name) for name in names.values())
    return {text: name if times[key(name)] == 1 else f"{name} ({text})" for text, name in names.items()}


def said(parameter: Parameter, value: str, names: Mapping[str, str], language: str) -> str:
    """Return the value as it stands in a sentence, given the names of the allowed values.

    Free text, titles and words of a plan are in quotation marks; the number of a part stands before them.
    """
    if value in parameter.words:
        return parameter.words[value][language]
    name = names.get(value)
    if name and language in parameter.article and value != ANY:
        return f"{parameter.article[language]} {name}"
    if name and parameter.is_quoted and value != ANY:
        number = _NUMBER.match(name)
        words = name[number.end() :] if number else name
        return name.removesuffix(words) + _QUOTED[language].format(words)
    if name and language == "en" and _WITH_ARTICLE.fullmatch(name):
        return f"the {name}"
    if name and language == "es" and (first := name.partition(" ")[0]) in _SPANISH_ARTICLES:
        return f"{_SPANISH_ARTICLES[first]} {name}"
    is_free = parameter.type == "string" and not parameter.choices
    return name or (_QUOTED[language].format(value) if is_free else value)


def in_words(
    question: LibraryQuestion, values: Mapping[str, str], names: Mapping[str, Mapping[str, str]], language: str
) -> str:
    """Return the question with these values as a sentence, given the names of values by parameter."""
    words = {}
    for each in question.parameters:
        known = {**({ANY: each.open[language]} if each.open else {}), **names.get(each.name, {})}
        words[each.name] = said(each, values.get(each.name, each.default), known, language)
    return question.asked(language, words)


def choose(parameter: Parameter, value: str, allowed: Sequence[Value] | None, names: Names) -> str:
    """Return the text of the allowed value that is given by its text, its IRI, or a name that no other value has.

    Names are compared without case and accents, in either language; further names count where no label matches. An
    empty value leaves the parameter open if it can be. Where `allowed` is None, the value is returned as given. Raises
    UnknownValueError where no value matches or several do, UsageError where the value does not fit the parameter.
    """
    if allowed is None:
        parameter.term(value, names)
        return value
    if parameter.open and not value.strip():
        return ANY
    text = value.removeprefix(names.id(""))
    if text in (each.text for each in allowed):
        return text
    same = _same(value, allowed)
    if len(same) == 1:
        return same[0]
    raise _refusal(parameter, value, same, allowed)


@dataclass(frozen=True)
class GivenValues:
    """The values that somebody gave, as the question takes them.

    `wrong` are those that it cannot take, with the default in their place; `near` has the texts and names of values
    that may be meant by them, `refusal` is the first error.
    """

    values: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    near: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    refusal: UsageError | None = None


def read_given(
    question: LibraryQuestion, given: Mapping[str, str], allowed: Allowed, language: str = "en"
) -> GivenValues:
    """Return the given values as the question takes them."""
    values, wrong, near = dict(given), {}, {}
    refusal: UsageError | None = None
    for parameter in (each for each in question.parameters if each.name in given):
        value, offered = given[parameter.name], allowed.get(parameter.name)
        try:
            values[parameter.name] = choose(parameter, value, offered, question.names)
        except UsageError as error:
            wrong[parameter.name], values[parameter.name], refusal = value, parameter.default, refusal or error
            if isinstance(error, UnknownValueError):
                names = value_names(offered or (), language)
                near[parameter.name] = [(each, names[each]) for each in error.near]
    return GivenValues(values, wrong, near, refusal)


def resolve_values(question: LibraryQuestion, given: Mapping[str, str], ask: Ask) -> dict[str, str]:
    """Return the given values as the question takes them, each resolved by `choose`.

    Raises UsageError for an unknown parameter, and for a value that is not allowed, with similar ones.
    """
    question.check_names(given)
    wanted = [each for each in question.parameters if each.name in given]
    allowed = all_allowed(wanted, question.names, ask)
    return {each.name: choose(each, given[each.name], allowed.get(each.name), question.names) for each in wanted}


def _same(value: str, allowed: Sequence[Value]) -> list[str]:
    """Return the texts of the values with this name: as a label, or else as a further name or the end of the text."""
    sought = key(value[:_LONGEST_SOUGHT])
    lists = [value_names(allowed, language) for language in _LANGUAGES]
    labels = {each.text: (*(names[each.text] for names in lists), *each.labels.values()) for each in allowed}
    others = {each.text: (*each.others, each.text.rpartition("/")[2]) for each in allowed}
    for called in (labels, others) if sought else ():
        found = [text for text, names in called.items() if sought in (key(name[:_LONGEST_SOUGHT]) for name in names)]
        if found:
            return found
    return []


def _refusal(parameter: Parameter, value: str, same: Sequence[str], allowed: Sequence[Value]) -> UnknownValueError:
    """Return the error for a value that several are called, or none; it tells which may be meant, or there are."""
    near = same[:_MOST_LISTED] or _near(value, allowed)
    texts = near or [each.text for each in allowed[:_MOST_LISTED]]
    listed = ", ".join(texts) + ("" if near or len(allowed) <= _MOST_LISTED else " …")
    name, given = parameter.name, shown(value)
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


def _near(value: str, allowed: Sequence[Value]) -> list[str]:
    """Return the texts of up to three values that end like this one, or have a similar text, name or word in a name."""
    sought = key(value[:_LONGEST_SOUGHT])
    ending = [each.text for each in allowed if each.text.endswith("/" + value)]
    likeness: dict[str, float] = {}
    for each in allowed:
        names = {key(name) for name in (each.text, each.text.rpartition("/")[2], *each.labels.values())}
        words = {word for name in names for word in _WORD.findall(name)}
        if each.text != ANY:
            likeness[each.text] = max(fuzz.ratio(sought, name) for name in names | words)
    least = max(_LEAST_LIKE, max(likeness.values(), default=0) - _MUCH_LESS_LIKE)
    like = sorted((text for text in likeness if likeness[text] >= least), key=lambda text: (-likeness[text], text))
    return list(dict.fromkeys((*ending, *like)))[:_MOST_NEAR]


_VARIABLE = re.compile(r"\?(\w+)")


def is_unread(question: LibraryQuestion, values: Mapping[str, str], ask: Ask) -> bool:
    """Tell whether the question needs a reader of the plan among `values` and nobody has read it for that."""
    if not question.read:
        return False
    used = _VARIABLE.findall(question.read)
    given = " ".join(
        f"VALUES ?{each.name} {{ {each.term(values.get(each.name, each.default), question.names)} }}"
        for each in question.parameters
        if each.name in used
    )
    return not _bindings(ask(f"{_prologue(question.names)}SELECT * {{ {given} {question.read} }} LIMIT 1"))
