"""Questions of the library with parameter values: as sentences, as forms, and as suggestions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from crmgraph.library import (
    AllowedValues,
    LibraryQuestion,
    Parameter,
    all_allowed,
    question_in_words,
    value_names,
)
from crmgraph.searching import clean_query, words_in
from crmgraph.site.base import JSON_RESULTS, Site, question_path, questions_by_group
from crmgraph.site.search.pages import Searcher
from crmgraph.sparql import Question

STARTING_VALUES: Mapping[str, Mapping[str, str]] = {
    "schedule-status": {"status": "pending"},
    "element-agents": {"element": "plan/crm/pgm/6.2.1"},
    "findings": {"severity": "violation"},
}
"""The questions that pages suggest to begin with: their parameter values, by the name of the question."""

_MAX_MENU_ITEMS = 60
"""The most values in a menu. A parameter with more values has a search field, which suggests them during typing."""

_MAX_MEAN_LABEL_LENGTH = 60
"""The greatest average length of labels in a menu, in characters; longer labels make it hard to find a value."""

_SENTENCE_END = re.compile(r"(?<=\.)\s")


def allowed_values_of(site: Site, question: LibraryQuestion, seconds: float) -> AllowedValues:
    """Return the permitted values of the question's parameters. Parameters that accept any value are left out.

    The result is cached until the data change. `seconds` is the time limit of each query. Raises AnswerError if a query
    cannot be answered.
    """
    ask = partial(select_as_json, site, seconds=seconds)
    return site.cached(("values", question.name), partial(all_allowed, question.parameters, site.names, ask))


def select_as_json(site: Site, query: str, seconds: float) -> bytes:
    """Return the result of a SELECT query as SPARQL results JSON. `seconds` is the time limit.

    Raises AnswerError if the query cannot be answered.
    """
    return site.ask(Question(query, result_type=JSON_RESULTS), seconds).body


@dataclass(frozen=True)
class AskedQuestion:
    """A question of the library with parameter values.

    Attributes:
        values: the values of some or all of its parameters.
        allowed: the permitted values of its parameters.
        language: the language of the sentence and of labels.
    """

    question: LibraryQuestion
    values: Mapping[str, str]
    allowed: AllowedValues
    language: str

    @property
    def all_values(self) -> dict[str, str]:
        """The values of all parameters, with defaults for those not given."""
        return {each.name: self.values.get(each.name, each.default) for each in self.question.parameters}

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """The labels of the permitted values, by parameter and value."""
        return {
            each.name: value_names(self.allowed.get(each.name, ()), self.language) for each in self.question.parameters
        }

    @property
    def value_labels(self) -> dict[str, str]:
        """The label of each parameter's value, or the value itself if it has no label."""
        return {name: self.labels[name].get(value, value) for name, value in self.all_values.items()}

    @property
    def sentence(self) -> str:
        """The question with these values as a sentence."""
        return question_in_words(self.question, self.values, self.labels, self.language)

    @property
    def summary(self) -> str:
        """The first sentence of the explanation of the question."""
        return _SENTENCE_END.split(self.question.explanation[self.language], maxsplit=1)[0]

    @property
    def given_path(self) -> str:
        """The path of its page, without the language, with the given values only."""
        return question_path(self.question, self.values)

    @property
    def path(self) -> str:
        """The path and query string of its page, without the language."""
        return question_path(self.question, self.all_values)


def form_context(asked: AskedQuestion, wrong: Mapping[str, str]) -> dict[str, Any]:
    """Return the template variables of the form of a question. `wrong` has the invalid values given, by parameter.

    The variables are:

        sentence: the sentence in parts, each with its `words` and the `field` after them, or None.
        more: the fields of parameters that are not in the sentence.
        opens_more: whether these are visible at first.
        searches: whether there is a search field.
        fields: all fields.
    """
    question = asked.question
    fields = {each.name: _field(asked, each, wrong.get(each.name)) for each in question.parameters}
    pieces = question.phrase_parts(asked.language) if question.phrase else []
    sentence = [{"words": words, "field": fields.get(name)} for words, name in pieces]
    inside = [part["field"] for part in sentence if part["field"]]
    outside = [each for each in question.parameters if fields[each.name] not in inside]
    more = [fields[each.name] for each in outside]
    is_changed = any(each.name != "lang" and asked.all_values[each.name] != each.default for each in outside)
    return {
        "sentence": sentence,
        "more": more,
        "opens_more": is_changed or any(each["is_wrong"] for each in more),
        "searches": any(each["kind"] == "search" for each in fields.values()),
        "fields": [*inside, *more],
    }


def _field(asked: AskedQuestion, parameter: Parameter, wrong: str | None) -> dict[str, Any]:
    """Return the template variables of a field of a form.

    Its `kind` is "menu", "search", "number" or "words" (free text). Its `value` is the invalid value given, `wrong`,
    if that is not None. Otherwise it is the label of the parameter's value for a search field, else the value.
    """
    labels, value, language = asked.labels[parameter.name], asked.all_values[parameter.name], asked.language
    words: Mapping[str, Mapping[str, str]] = {}
    if not labels:
        kind = "number" if parameter.type == "integer" else "words"
    elif len(labels) <= _MAX_MENU_ITEMS and sum(map(len, labels.values())) <= _MAX_MEAN_LABEL_LENGTH * len(labels):
        # A menu cannot show an invalid value. Its options are worded so that they fit into the sentence.
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


def starting_questions(site: Site, language: str) -> list[AskedQuestion]:
    """Return the questions of STARTING_VALUES that the library contains, with these values, in a language."""
    return [
        AskedQuestion(question, values, allowed_values_of(site, question, site.seconds), language)
        for name, values in STARTING_VALUES.items()
        if (question := site.library.get(name))
    ]


def find_questions(site: Site, searcher: Searcher, words: str, language: str) -> dict[str, list[AskedQuestion]]:
    """Return the questions that contain all words of a search, by group; all questions if `words` has no word."""
    paths = {question_path(each, {}) for each in site.library.values()}
    if words_in(words):
        found = searcher.current_index().search(clean_query(words))
        paths &= set() if found.is_partial else {entry.name for entry in found.entries}
    groups = {
        group: [AskedQuestion(each, {}, {}, language) for each in questions if question_path(each, {}) in paths]
        for group, questions in questions_by_group(site).items()
    }
    return {group: questions for group, questions in groups.items() if questions}
