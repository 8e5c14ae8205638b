"""Questions of the library with their values: in words, as a form, as a visitor gave them, and as proposals."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from crmgraph.caching import memoize
from crmgraph.errors import CrmgraphError, UnknownValueError
from crmgraph.http.languages import LANGUAGES, marked, translations
from crmgraph.library import (
    ANY,
    Ask,
    LibraryQuestion,
    Parameter,
    Value,
    allowed_values,
    choose,
    near_values,
    said,
    value_names,
)
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading.folding import key
from crmgraph.searching.words import STEMMED, stem, words_in
from crmgraph.site.base.addresses import questions_by_group
from crmgraph.site.base.labels import QUESTION_GROUPS
from crmgraph.site.base.site import JSON_RESULTS, Site, reference, texts_by
from crmgraph.site.questions.answers import Arrangement
from crmgraph.sparql import Question

__all__ = [
    "GOOD",
    "Allowed",
    "AskedQuestion",
    "Choice",
    "GivenValues",
    "allowed_in",
    "alternatives_to",
    "choose_questions",
    "form_of",
    "good_questions",
    "read_given",
    "rows",
    "unknown_parameter",
    "unusable_values",
]

GOOD: Mapping[str, Mapping[str, str]] = {
    "schedule-status": {"status": "pending"},
    "element-agents": {"element": "plan/crm/pgm/6.2.1"},
    "findings": {"severity": "violation"},
}
"""The questions to begin with, by their names, each with values for its parameters."""

_MOST_IN_A_MENU = 60
"""The most values that a menu offers; where there are more, they are suggested while the visitor types."""

_LONGEST_IN_A_MENU = 60
"""The most characters that names in a menu have on average; nobody finds a longer one among them."""

_ENDINGS = ",;:.?!)"
"""The signs that end words and are not parted from them, even where these are in a field."""

_MOST_SHOWN = 200
"""The most characters that are shown of what no parameter takes."""

_NEEDED = {
    "integer": marked("it has to be a whole number."),
    "string": marked("it has to have a letter or a digit."),
}
_SENTENCE_END = re.compile(r"(?<=\.)\s")
_MOST_VALUES = 3
"""The most values of a parameter with which a question is proposed to a search for words in them."""

Allowed = Mapping[str, tuple[Value, ...]]
"""The values of parameters that do not take just anything, by their names."""

_Names = Mapping[str, Mapping[str, str]]


def allowed_in(site: Site, question: LibraryQuestion, seconds: float) -> Allowed:
    """Return the values of each parameter that does not take just anything, within so many seconds a query.

    They are kept while the data are the same. Raises AnswerError where there is no answer.
    """

    def find() -> Allowed:
        found = {
            each.name: allowed_values(each, site.names, lambda query: rows(site, query, seconds))
            for each in question.parameters
        }
        return {name: values for name, values in found.items() if values is not None}

    return site.keep(("values", question.name), find)


def rows(site: Site, query: str, seconds: float) -> bytes:
    """Return the answer to a SELECT query in SPARQL results JSON. Raises AnswerError where there is none."""
    return site.ask(Question(query, result_type=JSON_RESULTS), seconds).body


@dataclass(frozen=True)
class AskedQuestion:
    """A question in a language with values for some of its parameters, and the values that it may have."""

    question: LibraryQuestion
    values: Mapping[str, str]
    allowed: Allowed
    language: str

    @property
    def whole(self) -> dict[str, str]:
        """A value for every parameter."""
        return {each.name: self.values.get(each.name, each.default) for each in self.question.parameters}

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """The labels of the values that may be had, by parameter."""
        return {
            each.name: value_names(self.allowed.get(each.name, ()), self.language) for each in self.question.parameters
        }

    @property
    def names(self) -> dict[str, str]:
        """The labels of the values that it has, by parameter; values without a label as they are."""
        return {name: self.labels[name].get(value, value) for name, value in self.whole.items()}

    @property
    def sentence(self) -> str:
        """The question with these values in words."""
        whole, language = self.whole, self.language
        words = {
            each.name: said(each, whole[each.name], self.labels[each.name], language)
            for each in self.question.parameters
        }
        return self.question.asked(language, words)

    @property
    def path(self) -> str:
        """The path of its page, without language."""
        return f"/queries/{self.question.name}" + (f"?{urlencode(self.whole)}" if self.whole else "")

    @property
    def query(self) -> str:
        """The query with the values."""
        return self.question.with_values(self.values)


def form_of(asked: AskedQuestion, wrong: Mapping[str, str]) -> dict[str, Any]:
    """Return the form of a question, for its template: a sentence with fields, and the fields that it leaves out.

    `wrong` has what was given for parameters that may not have it. Each part of the sentence has its words, the field
    behind them and the signs behind that. `searches` is where the first field is that is filled in by typing a name.
    """
    question = asked.question
    fields = {each.name: _field(asked, each, wrong.get(each.name)) for each in question.parameters}
    pieces = question.phrase.get(asked.language, ())
    sentence: list[dict[str, Any]] = []
    for place, piece in enumerate(pieces):
        following = pieces[place + 1].before if place + 1 < len(pieces) else ""
        words = piece.before.lstrip(_ENDINGS) if place else piece.before
        ending = following[: len(following) - len(following.lstrip(_ENDINGS))]
        sentence.append({"words": words, "field": fields.get(piece.parameter), "ending": ending})
    inside = [part["field"] for part in sentence if part["field"]]
    outside = [each for each in question.parameters if fields[each.name] not in inside]
    more = [fields[each.name] for each in outside]
    changed = [each.name for each in outside if each.name != "lang" and asked.whole[each.name] != each.default]
    places = {"sentence": inside, "more": more}
    return {
        "sentence": sentence,
        "more": more,
        "opens_more": bool(changed) or any(each["is_wrong"] for each in more),
        "searches": next((name for name, each in places.items() if any(x["kind"] == "search" for x in each)), ""),
        "fields": [*inside, *more],
    }


def _field(asked: AskedQuestion, parameter: Parameter, wrong: str | None) -> dict[str, Any]:
    """Return a field, for its template: filled in by a `menu`, a `search`, as a `number` or in `words`.

    Its value is in a menu the text of an option, in a search the label of the value, else the value or what was given.
    """
    labels, value, language = asked.labels[parameter.name], asked.whole[parameter.name], asked.language
    words: Mapping[str, Mapping[str, str]] = {}
    if not labels:
        kind = "number" if parameter.type == "integer" else "words"
    elif len(labels) <= _MOST_IN_A_MENU and sum(map(len, labels.values())) <= _LONGEST_IN_A_MENU * len(labels):
        # A menu has no place for what is none of its options. What is chosen stands in the sentence.
        kind = "menu" if wrong is None else "search"
        words = parameter.words if wrong is None else {}
    else:
        kind, value = "search", labels.get(value, value)
    return {
        "name": parameter.name,
        "meaning": parameter.description[language].rstrip("."),
        "kind": kind,
        "value": value if wrong is None else wrong,
        "options": [{"text": text, "name": words.get(text, {}).get(language, name)} for text, name in labels.items()],
        "is_wrong": wrong is not None,
    }


def alternatives_to(asked: AskedQuestion) -> dict[str, Any]:
    """Return what may be asked instead of a question with an empty answer, for its template.

    `wider` is the same question with a value left open, in words and by its path; `words` may be searched for.
    """
    phrase = {piece.parameter for piece in asked.question.phrase.get(asked.language, ())}
    whole, names = asked.whole, asked.names
    given = [each for each in asked.question.parameters if each.name in phrase and whole[each.name] != ANY]
    wider = [
        AskedQuestion(asked.question, {**whole, each.name: ANY}, asked.allowed, asked.language)
        for each in given
        if each.open
    ]
    sought = [each.name for each in given if each.type in ("iri", "string") and not each.choices]
    return {
        "wider": [(each.sentence, each.path) for each in wider],
        "words": [names[name].removesuffix(" …") for name in sought],
    }


@dataclass(frozen=True)
class GivenValues:
    """The values that a visitor gave, as the question takes them.

    `wrong` are those that it cannot take, with the default in their place; `near` has the texts and names of values
    that may be meant by them, `refusal` is the first error.
    """

    values: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    near: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    refusal: CrmgraphError | None = None


def read_given(
    question: LibraryQuestion, given: Mapping[str, str], allowed: Allowed, ask: Ask, language: str
) -> GivenValues:
    """Return the values of an address as the question takes them; `ask` queries for what a wrong one may mean."""
    values, wrong, near = dict(given), {}, {}
    refusal: CrmgraphError | None = None
    for parameter in question.parameters:
        if (value := given.get(parameter.name)) is None:
            continue
        offered = allowed.get(parameter.name)
        if offered is None:
            offered = near_values(parameter, value, question.names, ask)
        try:
            values[parameter.name] = choose(parameter, value, offered, question.names)
        except CrmgraphError as error:
            wrong[parameter.name], values[parameter.name], refusal = value, parameter.default, refusal or error
            if isinstance(error, UnknownValueError):
                names = value_names(offered or (), language)
                near[parameter.name] = [(each, names[each]) for each in error.near]
    return GivenValues(values, wrong, near, refusal)


def unusable_values(
    question: LibraryQuestion, given: GivenValues, arrangement: Arrangement, language: str
) -> Iterator[dict[str, Any]]:
    """Yield each value that the question cannot take, for its template.

    That is what was `given`, the `meaning` of the parameter, the names and addresses of values that are `near`, and
    what is `needed` where that is no choice.
    """
    every = {**given.values, **given.wrong}
    for each in question.parameters:
        if each.name in given.wrong:
            is_choice = each.name in given.near
            yield {
                "given": given.wrong[each.name][:_MOST_SHOWN],
                "meaning": each.description[language].rstrip("."),
                "near": [
                    (name, arrangement.query({**every, each.name: text}))
                    for text, name in given.near.get(each.name, ())
                ],
                "needed": "" if is_choice else translations(language).gettext(_NEEDED[each.type]),
            }


def unknown_parameter(
    question: LibraryQuestion, given: Mapping[str, str], arrangement: Arrangement, language: str
) -> dict[str, Any] | None:
    """Return the first name in the address that no parameter has, with its value, for its template; None without one.

    `known` are the parameters with their meanings, `near` those that may be meant, with the address for that.
    """
    known = {each.name: each.description[language].rstrip(".") for each in question.parameters}
    name = next((name for name in given if name not in known), None)
    if name is None:
        return None
    near = difflib.get_close_matches(name[:_MOST_SHOWN], [each for each in known if each not in given], 1)
    kept = {each: value for each, value in given.items() if each in known}
    return {
        "name": name[:_MOST_SHOWN],
        "value": given[name][:_MOST_SHOWN],
        "known": list(known.items()),
        "near": [(known[each], arrangement.query({**kept, each: given[name]})) for each in near],
    }


@dataclass(frozen=True)
class Choice:
    """A question to be asked with these values, in words, with the first sentence of its explanation as `line`."""

    question: LibraryQuestion
    sentence: str
    line: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The path of its page, without language or root."""
        return f"/queries/{self.question.name}" + (f"?{urlencode(self.values)}" if self.values else "")


def good_questions(site: Site, language: str) -> tuple[Choice, ...]:
    """Return three questions to begin with, in words of this language, with the labels of their values."""
    good = [(site.library[name], values) for name, values in GOOD.items() if name in site.library]
    names = site.labels(
        _iri(question, each, values[each.name])
        for question, values in good
        for each in question.parameters
        if each.name in values
    )
    return tuple(_choice(question, values, names, language) for question, values in good)


def choose_questions(site: Site, words: str, language: str) -> dict[str, list[Choice]]:
    """Return the questions that have all these words in either language, by their groups; all questions without words.

    A word may be the beginning of one or another form of it. Words that only the label of a value has, such as that of
    a status, find the questions that can be asked of the value, and propose it.
    """
    sought = [word.form for word in words_in(words)]
    names: _Names = {}
    if sought:
        schemes = {each.scheme for question in site.library.values() for each in question.parameters if each.scheme}
        iris = " ".join(reference(f"{ONTOLOGY}/{scheme}") for scheme in sorted(schemes))
        query = f"SELECT ?x ?label {{ VALUES ?scheme {{ {iris} }} ?x skos:inScheme ?scheme ; skos:prefLabel ?label }}"
        names = texts_by(site.select(query), "x", "label")
    found = {
        group: [choice for question in questions for choice in _chosen(question, sought, names, language)]
        for group, questions in questions_by_group(site).items()
    }
    return {group: choices for group, choices in found.items() if choices}


def _chosen(question: LibraryQuestion, sought: Sequence[str], names: _Names, language: str) -> Iterable[Choice]:
    group = QUESTION_GROUPS.get(question.group, question.group)
    titles = (translations(each).gettext(group) for each in LANGUAGES)
    phrases = (piece.before for pieces in question.phrase.values() for piece in pieces)
    asks = " ".join((question.name, *titles, *question.title.values(), *phrases))
    left = [word for word in sought if not _has(asks, word)]
    for parameter in question.parameters:
        if parameter.scheme and left:
            scheme = f"{ONTOLOGY}/{parameter.scheme}#"
            labels = {
                iri.removeprefix(scheme): " ".join(names[iri].values()) for iri in names if iri.startswith(scheme)
            }
            named = sorted(text for text, label in labels.items() if all(_has(label, word) for word in left))
            if 0 < len(named) <= _MOST_VALUES:
                others = {each.name: ANY for each in question.parameters if each.open and each is not parameter}
                return [_choice(question, {**others, parameter.name: text}, names, language) for text in named]
    meanings = (text for each in question.parameters for text in each.description.values())
    explained = " ".join((*question.explanation.values(), *meanings))
    if not all(_has(explained, word) for word in left):
        return ()
    return [Choice(question, question.title[language], _line(question, language))]


def _choice(question: LibraryQuestion, values: Mapping[str, str], names: _Names, language: str) -> Choice:
    allowed: dict[str, tuple[Value, ...]] = {}
    for each in question.parameters:
        text = values.get(each.name, ANY)
        labels = {} if text == ANY else names.get(_iri(question, each, text), {})
        value = Value(text, {tag: label for tag, label in labels.items() if tag in LANGUAGES})
        allowed[each.name] = (Value(ANY, each.open), *(() if text == ANY else (value,)))
    asked = AskedQuestion(question, values, allowed, language)
    return Choice(question, asked.sentence, _line(question, language), values)


def _line(question: LibraryQuestion, language: str) -> str:
    return _SENTENCE_END.split(question.explanation[language], maxsplit=1)[0]


def _iri(question: LibraryQuestion, parameter: Parameter, text: str) -> str:
    return parameter.term(text, question.names)[1:-1]


def _has(text: str, word: str) -> bool:
    forms, stems = _words(text)
    return any(form.startswith(word) for form in forms) or not stems.isdisjoint(_stems(word))


@memoize(1024, longest=10_000)
def _words(text: str) -> tuple[frozenset[str], frozenset[str]]:
    forms = frozenset(key(word.form) for word in words_in(text))
    return forms, frozenset(each for form in forms for each in _stems(form))


def _stems(form: str) -> set[str]:
    return {stem(form, language) for language in STEMMED} - {""}
