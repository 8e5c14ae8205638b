"""Values by their names: what a value is called where a visitor chooses it, and which one a visitor means."""

import difflib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from textwrap import shorten

from crmgraph.errors import UnknownValueError, UsageError
from crmgraph.library.allowed import Ask, Value, allowed_values, near_values
from crmgraph.library.parameters import ANY, Parameter, shown
from crmgraph.library.question import LibraryQuestion
from crmgraph.namespaces import Names
from crmgraph.reading.folding import key
from crmgraph.wording import Bilingual

__all__ = ["called", "choose", "resolve_values", "said"]

_LANGUAGES = ("es", "en")
_LONGEST_NAME = 150
_LONGEST_SOUGHT = 200
"""Nobody writes a longer name, and looking for what is like one takes its time."""
_MOST_LISTED = 20
_MOST_NEAR = 3
_LEAST_LIKE = 0.7
_MUCH_LESS_LIKE = 0.15
_WORD = re.compile(r"\w{4,}")
_NUMBER = re.compile(r"\d[\d.]* ")
_WITH_ARTICLE = re.compile(
    r"(?:United|Republic of|Democratic|State of) .+|(?!.* of ).+ (?:Republic|Islands|Federation|Emirates)"
    r"|Netherlands|Philippines|Bahamas|Maldives|Gambia|Comoros|Seychelles|Holy See"
)
"""What takes an article in an English sentence, of the names of States."""

_SPANISH_ARTICLES = {"Red": "la", "Redes": "las"}
"""What stands before the Spanish name of a network, by its first word; of others the sentence says what they are."""

_QUOTED = {"es": "«{}»", "en": "“{}”"}


def called(values: Sequence[Value], language: str) -> dict[str, str]:
    """What each of these values is called where one chooses among them, by its text.

    A long name is cut, and one that several have says which it is in brackets, so that no two are called the same.
    """
    names = {value.text: shorten(_label(value, language), _LONGEST_NAME, placeholder=" …") for value in values}
    times = Counter(key(name) for name in names.values())
    return {text: name if times[key(name)] == 1 else f"{name} ({text})" for text, name in names.items()}


def said(parameter: Parameter, value: str, names: Mapping[str, str], language: str) -> str:
    """The value as a sentence says it, by the names that the allowed values have.

    Words that a visitor gave are in quotation marks, and so are titles and the words of a plan, without their number.
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


def choose(parameter: Parameter, value: str, allowed: Sequence[Value] | None, names: Names) -> str:
    """Which of the allowed values is meant by what somebody gives: its text, its IRI, or a name that it alone has.

    Names are compared as readers do, in either language; other names than its label count where no label fits. Nothing
    leaves the parameter open, where it may be. Where the graph sets it no limits (None), it is the value as given.
    Raises UnknownValueError where none is meant or several may be, UsageError where what is given fits no such
    parameter.
    """
    if allowed is None:
        parameter.term(value, names)
        return value
    if parameter.open and not value.strip():
        return ANY
    term = _term(parameter, value, names)
    for each in allowed:
        if term is not None and term == parameter.term(each.text, names):
            return each.text
    same = _same(value, allowed)
    if len(same) == 1:
        return same[0].text
    raise _ambiguous(parameter, value, same) if same else _unknown(parameter, value, allowed)


def resolve_values(question: LibraryQuestion, given: Mapping[str, str], ask: Ask) -> dict[str, str]:
    """The given values as a question takes them, each by the one that is meant (see `meant`).

    Raises UsageError where a parameter may not have a value, and says which ones are near, or is not known.
    """
    question.check_names(given)
    values = dict(given)
    for parameter in question.parameters:
        if parameter.name in given:
            value = given[parameter.name]
            allowed = allowed_values(parameter, question.names, ask)
            if allowed is None:
                allowed = near_values(parameter, value, question.names, ask)
            values[parameter.name] = choose(parameter, value, allowed, question.names)
    return values


def _same(value: str, allowed: Sequence[Value]) -> list[Value]:
    """The values that have this very name: as a label, else as another name or the end of their text."""
    sought = key(value[:_LONGEST_SOUGHT])
    if not sought:
        return []
    lists = [called(allowed, language) for language in _LANGUAGES]
    labels = {each.text: (*(names[each.text] for names in lists), *each.labels.values()) for each in allowed}
    others = {each.text: (*each.others, each.text.rpartition("/")[2]) for each in allowed}
    for names in (labels, others):
        found = [each for each in allowed if sought in (key(name[:_LONGEST_SOUGHT]) for name in names[each.text])]
        if found:
            return found
    return []


def _ambiguous(parameter: Parameter, value: str, same: Sequence[Value]) -> UnknownValueError:
    near = [each.text for each in same[:_MOST_LISTED]]
    name, given, listed = parameter.name, shown(value), ", ".join(near)
    return UnknownValueError(
        Bilingual(
            f"parameter {name}: several values are called {given}; choose one of {listed}",
            f"parámetro {name}: varios valores se llaman {given}; elija entre {listed}",
        ),
        near,
    )


def _unknown(parameter: Parameter, value: str, allowed: Sequence[Value]) -> UnknownValueError:
    near = [each.text for each in _near(value, allowed)]
    texts = near or [each.text for each in allowed[:_MOST_LISTED]]
    listed = ", ".join(texts) + ("" if near or len(allowed) <= _MOST_LISTED else " …")
    english, spanish = ("; did you mean {}?", "; ¿quería decir {}?") if near else ("; there are {}", "; existen {}")
    if not texts:
        english, spanish = ", and nothing in the graph is called like it", ", ni hay en el grafo nada que se llame así"
    name, given = parameter.name, shown(value)
    return UnknownValueError(
        Bilingual(
            f"parameter {name} has no value {given}{english.format(listed)}",
            f"el parámetro {name} no tiene un valor {given}{spanish.format(listed)}",
        ),
        near,
    )


def _label(value: Value, language: str) -> str:
    return next(
        (value.labels[each] for each in (language, *_LANGUAGES, *sorted(value.labels)) if value.labels.get(each)),
        value.text,
    )


def _term(parameter: Parameter, value: str, names: Names) -> str | None:
    """The value as a SPARQL term; None where it cannot be one, as a name with spaces cannot be an IRI."""
    try:
        return parameter.term(value, names)
    except UsageError:
        return None


def _near(value: str, allowed: Sequence[Value]) -> tuple[Value, ...]:
    """Up to three values that end like this one, or are written or called much like it, in whole or in a word."""
    sought = key(value[:_LONGEST_SOUGHT])
    ending = [each for each in allowed if each.text.endswith("/" + value)]
    likeness = [(_likeness(sought, each), each) for each in allowed if each.text != ANY]
    best = max((much for much, _ in likeness), default=0)
    least = max(_LEAST_LIKE, best - _MUCH_LESS_LIKE)
    like = sorted((pair for pair in likeness if pair[0] >= least), key=lambda pair: (-pair[0], pair[1].text))
    near = {each.text: each for each in (*ending, *(each for _, each in like))}
    return tuple(near.values())[:_MOST_NEAR]


def _likeness(sought: str, value: Value) -> float:
    """How much a name of the value, or one of its longer words, is like what is sought: from 0 to 1."""
    names = {key(name) for name in (value.text, value.text.rpartition("/")[2], *value.labels.values())}
    words = {word for name in names for word in _WORD.findall(name)}
    return max(_ratio(name, sought) for name in names | words)


def _ratio(name: str, sought: str) -> float:
    """How much the name is like what is sought; 0 where it is too little to count, which is known much sooner."""
    matcher = difflib.SequenceMatcher(None, name, sought)
    for ratio in (matcher.real_quick_ratio, matcher.quick_ratio):
        if ratio() < _LEAST_LIKE:
            return 0.0
    return matcher.ratio()
