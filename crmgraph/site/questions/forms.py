"""Questions of the library with their values: in words, as a form, as a visitor gave them, and as proposals."""

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
from crmgraph.searching import clean_query, label_in
from crmgraph.searching.words import words_in
from crmgraph.site.base import JSON_RESULTS, Site, questions_by_group
from crmgraph.site.questions.answers import Arrangement
from crmgraph.site.search.pages import Searcher
from crmgraph.sparql import Question

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


def allowed_in(site: Site, question: LibraryQuestion, seconds: float) -> AllowedValues:
    """Return the values of each parameter that does not take just anything, within so many seconds a query.

    They are kept while the data are the same. Raises AnswerError where there is no answer.
    """

    ask = partial(rows, site, seconds=seconds)
    return site.cached(("values", question.name), partial(all_allowed, question.parameters, site.names, ask))


def rows(site: Site, query: str, seconds: float) -> bytes:
    """Return the answer to a SELECT query in SPARQL results JSON. Raises AnswerError where there is none."""
    return site.ask(Question(query, result_type=JSON_RESULTS), seconds).body


@dataclass(frozen=True)
class AskedQuestion:
    """A question in a language with values for some of its parameters, and the values that it may have."""

    question: LibraryQuestion
    values: Mapping[str, str]
    allowed: AllowedValues
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
        return question_in_words(self.question, self.values, self.labels, self.language)

    @property
    def path(self) -> str:
        """The path of its page, without language."""
        return path_to(self.question, self.whole)

    @property
    def query(self) -> str:
        """The query with the values."""
        return self.question.with_values(self.values)


def path_to(question: LibraryQuestion, values: Mapping[str, str]) -> str:
    """Return the path of the page of a question with these values, without language or root."""
    return f"/queries/{question.name}" + (f"?{urlencode(values)}" if values else "")


def form_of(asked: AskedQuestion, wrong: Mapping[str, str]) -> dict[str, Any]:
    """Return the form of a question, for its template: a sentence with fields, and the fields that it leaves out.

    `wrong` has what was given for parameters that may not have it. Each part of the sentence has its words, the field
    behind them and the signs behind that. `searches` is where the first field is that is filled in by typing a name.
    """
    question = asked.question
    fields = {each.name: _field(asked, each, wrong.get(each.name)) for each in question.parameters}
    pieces = question.phrase_parts(asked.language) if question.phrase else []
    sentence: list[dict[str, Any]] = []
    for words, name in pieces:
        bare = words.lstrip(_ENDINGS)
        if sentence:
            sentence[-1]["ending"] = words.removesuffix(bare)
        sentence.append({"words": bare if sentence else words, "field": fields.get(name), "ending": ""})
    inside = [part["field"] for part in sentence if part["field"]]
    outside = [each for each in question.parameters if fields[each.name] not in inside]
    more = [fields[each.name] for each in outside]
    is_changed = any(each.name != "lang" and asked.whole[each.name] != each.default for each in outside)
    places = (("sentence", inside), ("more", more))
    return {
        "sentence": sentence,
        "more": more,
        "opens_more": is_changed or any(each["is_wrong"] for each in more),
        "searches": next((name for name, each in places if any(x["kind"] == "search" for x in each)), ""),
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
    phrase = {name for _, name in asked.question.phrase_parts(asked.language)}
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
    """A question in words, with the path of its page, and the first sentence of its explanation as `line`."""

    question: LibraryQuestion
    sentence: str
    path: str
    line: str


def _choice(question: LibraryQuestion, sentence: str, path: str, language: str) -> Choice:
    return Choice(question, sentence, path, _SENTENCE_END.split(question.explanation[language], maxsplit=1)[0])


def good_questions(site: Site, language: str) -> tuple[Choice, ...]:
    """Return three questions to begin with, in words of this language, with the labels of their values."""
    found = []
    for question, values in ((site.library[name], values) for name, values in GOOD.items() if name in site.library):
        asked = AskedQuestion(question, values, allowed_in(site, question, site.seconds), language)
        found.append(_choice(question, asked.sentence, path_to(question, values), language))
    return tuple(found)


def choose_questions(site: Site, searcher: Searcher, words: str, language: str) -> dict[str, list[Choice]]:
    """Return the questions that are found by all these words, by their groups; all questions without words.

    The name of a value, such as a status, finds the questions that can be asked of the value, and proposes it.
    """
    sentences = {path_to(each, {}): each.title[language] for each in site.library.values()}
    if words_in(words):
        found = searcher.current().search(clean_query(words))
        entries = () if found.is_partial else (each for each in found.entries if each.group == "question")
        sentences = {each.name: label_in(each, language) for each in entries}
    groups: dict[str, list[Choice]] = {group: [] for group in questions_by_group(site)}
    for path, sentence in sentences.items():
        question = site.library[path.removeprefix("/queries/").partition("?")[0]]
        groups[question.group].append(_choice(question, sentence, path, language))
    return {group: choices for group, choices in groups.items() if choices}
