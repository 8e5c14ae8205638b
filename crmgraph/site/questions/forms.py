"""Questions of the library with parameter values: as sentences, as forms, and as suggestions.

The module also describes invalid values and parameters, for messages to visitors.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from crmgraph.http.languages import marked, translations
from crmgraph.library import (
    ANY,
    AllowedValues,
    GivenValues,
    LibraryQuestion,
    Parameter,
    all_allowed,
    question_in_words,
    value_names,
)
from crmgraph.searching import clean_query, label_in, words_in
from crmgraph.site.base import JSON_RESULTS, Site, questions_by_group
from crmgraph.site.questions.answers import Arrangement
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

_PUNCTUATION = ",;:.?!)"
"""The punctuation marks that may not be separated by a line break from the field before them."""

_MAX_SHOWN_LENGTH = 200
"""The most characters that a message shows of an invalid value or unknown parameter."""

_REQUIREMENTS = {
    "integer": marked("it has to be a whole number."),
    "string": marked("it has to have a letter or a digit."),
}
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
    def path(self) -> str:
        """The path and query string of its page, without the language."""
        return question_path(self.question, self.all_values)

    @property
    def query(self) -> str:
        """The SPARQL query with these values."""
        return self.question.with_values(self.values)


def question_path(question: LibraryQuestion, values: Mapping[str, str]) -> str:
    """Return the path and query string of the page of a question with these values, without the language."""
    return f"/queries/{question.name}" + (f"?{urlencode(values)}" if values else "")


def form_context(asked: AskedQuestion, wrong: Mapping[str, str]) -> dict[str, Any]:
    """Return the template variables of the form of a question. `wrong` has the invalid values given, by parameter.

    The variables are:

        sentence: the sentence in parts, each with its `words`, the `field` after them or None, and the punctuation
            after the field, `ending`.
        more: the fields of parameters that are not in the sentence.
        opens_more: whether these are visible at first.
        searches: where the first search field is: "sentence", "more" or "".
        fields: all fields.
    """
    question = asked.question
    fields = {each.name: _field(asked, each, wrong.get(each.name)) for each in question.parameters}
    pieces = question.phrase_parts(asked.language) if question.phrase else []
    sentence: list[dict[str, Any]] = []
    for words, name in pieces:
        bare = words.lstrip(_PUNCTUATION)
        if sentence:
            sentence[-1]["ending"] = words.removesuffix(bare)
        sentence.append({"words": bare if sentence else words, "field": fields.get(name), "ending": ""})
    inside = [part["field"] for part in sentence if part["field"]]
    outside = [each for each in question.parameters if fields[each.name] not in inside]
    more = [fields[each.name] for each in outside]
    is_changed = any(each.name != "lang" and asked.all_values[each.name] != each.default for each in outside)
    places = (("sentence", inside), ("more", more))
    return {
        "sentence": sentence,
        "more": more,
        "opens_more": is_changed or any(each["is_wrong"] for each in more),
        "searches": next((name for name, each in places if any(x["kind"] == "search" for x in each)), ""),
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


def alternatives_to(asked: AskedQuestion) -> dict[str, Any]:
    """Return the template variables with alternatives to a question whose answer is empty.

    `wider` are versions of the question with one parameter left open, each with its sentence and path. `words` are the
    labels of values, for a link to the search page.
    """
    phrase = {name for _, name in asked.question.phrase_parts(asked.language)}
    whole, names = asked.all_values, asked.value_labels
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


def unusable_values(
    question: LibraryQuestion, given: GivenValues, arrangement: Arrangement, language: str
) -> Iterator[dict[str, Any]]:
    """Yield the template variables that describe each invalid value.

    These are the value `given`, the `meaning` of the parameter, and `near`, the names and addresses of similar values.
    `needed` is the requirement of a parameter that accepts free text, else "".
    """
    every = {**given.values, **given.wrong}
    for each in question.parameters:
        if each.name in given.wrong:
            is_choice = each.name in given.near
            yield {
                "given": given.wrong[each.name][:_MAX_SHOWN_LENGTH],
                "meaning": each.description[language].rstrip("."),
                "near": [
                    (name, arrangement.query({**every, each.name: text}))
                    for text, name in given.near.get(each.name, ())
                ],
                "needed": "" if is_choice else translations(language).gettext(_REQUIREMENTS[each.type]),
            }


def unknown_parameter(
    question: LibraryQuestion, given: Mapping[str, str], arrangement: Arrangement, language: str
) -> dict[str, Any] | None:
    """Return the template variables that describe the first unknown parameter in `given`, or None if all are known.

    These are its `name` and `value`; `known`, the parameters of the question with their meanings; and `near`, the
    meaning of a parameter with a similar name and the address that has it instead.
    """
    known = {each.name: each.description[language].rstrip(".") for each in question.parameters}
    name = next((name for name in given if name not in known), None)
    if name is None:
        return None
    near = difflib.get_close_matches(name[:_MAX_SHOWN_LENGTH], [each for each in known if each not in given], 1)
    kept = {each: value for each, value in given.items() if each in known}
    return {
        "name": name[:_MAX_SHOWN_LENGTH],
        "value": given[name][:_MAX_SHOWN_LENGTH],
        "known": list(known.items()),
        "near": [(known[each], arrangement.query({**kept, each: given[name]})) for each in near],
    }


@dataclass(frozen=True)
class ListedQuestion:
    """A question in a list: its sentence, the path of its page, and the first sentence of its explanation."""

    question: LibraryQuestion
    sentence: str
    path: str
    summary: str


def _listed_question(question: LibraryQuestion, sentence: str, path: str, language: str) -> ListedQuestion:
    return ListedQuestion(question, sentence, path, _SENTENCE_END.split(question.explanation[language], maxsplit=1)[0])


def starting_questions(site: Site, language: str) -> tuple[ListedQuestion, ...]:
    """Return the questions of STARTING_VALUES that the library contains, with these values, in a language."""
    found = []
    for question, values in (
        (site.library[name], values) for name, values in STARTING_VALUES.items() if name in site.library
    ):
        asked = AskedQuestion(question, values, allowed_values_of(site, question, site.seconds), language)
        found.append(_listed_question(question, asked.sentence, question_path(question, values), language))
    return tuple(found)


def find_questions(site: Site, searcher: Searcher, words: str, language: str) -> dict[str, list[ListedQuestion]]:
    """Return the questions that contain all words of a search, by group; all questions if `words` has no word.

    A question is also found by the name of a concept that one of its parameters accepts, such as a status. It is then
    listed with this value.
    """
    sentences = {question_path(each, {}): each.title[language] for each in site.library.values()}
    if words_in(words):
        found = searcher.current_index().search(clean_query(words))
        entries = () if found.is_partial else (each for each in found.entries if each.group == "question")
        sentences = {each.name: label_in(each, language) for each in entries}
    groups: dict[str, list[ListedQuestion]] = {group: [] for group in questions_by_group(site)}
    for path, sentence in sentences.items():
        question = site.library[path.removeprefix("/queries/").partition("?")[0]]
        groups[question.group].append(_listed_question(question, sentence, path, language))
    return {group: choices for group, choices in groups.items() if choices}
