"""Which question a visitor may want: the good ones to begin with, and those that have some words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import snowballstemmer

from crmgraph.caching import memoize
from crmgraph.http.languages import LANGUAGES, translations
from crmgraph.library import ANY, LibraryQuestion, Parameter, Value
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading.folding import key
from crmgraph.site.base.labels import QUESTION_GROUPS
from crmgraph.site.base.parameters import groups
from crmgraph.site.base.site import Site, reference
from crmgraph.site.questions.forms import sentence

__all__ = ["GOOD", "Choice", "choose_questions", "good_questions"]

GOOD: Mapping[str, Mapping[str, str]] = {
    "schedule-status": {"status": "pending"},
    "element-agents": {"element": "plan/crm/pgm/6.2.1"},
    "findings": {"severity": "violation"},
}
"""The questions that somebody may begin with, each with values for its parameters, by their names."""

_STEMMERS = (snowballstemmer.stemmer("spanish"), snowballstemmer.stemmer("english"))
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=\.)\s")
_MOST_VALUES = 3
"""How many values of a parameter a question is proposed with, where what is looked for is in them."""

_Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Choice:
    """A question that may be asked with these values, and what it then is in words; without values as it stands.

    `line` is the first sentence of its explanation.
    """

    question: LibraryQuestion
    sentence: str
    line: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Where it is answered, without language or root."""
        return f"/queries/{self.question.name}" + (f"?{urlencode(self.values)}" if self.values else "")


def good_questions(site: Site, language: str) -> tuple[Choice, ...]:
    """Three questions to begin with, in words of this language, with what their values are called in the graph."""
    asked = [(site.library[name], values) for name, values in GOOD.items() if name in site.library]
    iris = [_iri(question, each, values[each.name]) for question, values in asked for each in _given(question, values)]
    names = site.labels(iris)
    return tuple(_choice(question, values, names, language) for question, values in asked)


def choose_questions(site: Site, words: str, language: str) -> dict[str, list[Choice]]:
    """The questions that have all these words in either language, in their groups; all questions where there are none.

    A word may be a beginning or another form of one. Words that only the name of a value has, as the name of a status,
    find the questions that can be asked of it, and propose it.
    """
    sought = _WORD.findall(words.casefold())
    names = _concepts(site) if sought else {}
    found = {
        group: [choice for question in questions for choice in _chosen(question, sought, names, language)]
        for group, questions in groups(site).items()
    }
    return {group: choices for group, choices in found.items() if choices}


def _chosen(question: LibraryQuestion, sought: list[str], names: _Names, language: str) -> Iterable[Choice]:
    asks = _text(question)
    left = tuple(word for word in sought if not _has(asks, word))
    for parameter in question.parameters:
        if named := _named(parameter, left, names):
            others = {each.name: ANY for each in question.parameters if each.open and each is not parameter}
            yield from (_choice(question, {**others, parameter.name: text}, names, language) for text in named)
            return
    told = " ".join(
        (*question.explanation.values(), *(x for each in question.parameters for x in each.description.values()))
    )
    if all(_has(told, word) for word in left):
        yield Choice(question, question.title[language], _line(question, language))


def _named(parameter: Parameter, words: Sequence[str], names: _Names) -> list[str]:
    """The values of the parameter whose names have all these words; none where there are no words or many values."""
    if not (parameter.scheme and words):
        return []
    scheme = f"{ONTOLOGY}/{parameter.scheme}#"
    labels = {iri.removeprefix(scheme): " ".join(names[iri].values()) for iri in names if iri.startswith(scheme)}
    found = sorted(text for text, label in labels.items() if all(_has(label, word) for word in words))
    return found if len(found) <= _MOST_VALUES else []


def _choice(question: LibraryQuestion, values: Mapping[str, str], names: _Names, language: str) -> Choice:
    whole = {each.name: values.get(each.name, each.default) for each in question.parameters}
    allowed = {
        each.name: (Value(ANY, each.open), *_value(question, each, values.get(each.name, ANY), names))
        for each in question.parameters
    }
    return Choice(question, sentence(question, whole, allowed, language), _line(question, language), values)


def _line(question: LibraryQuestion, language: str) -> str:
    return _SENTENCE_END.split(question.explanation[language], maxsplit=1)[0]


def _value(question: LibraryQuestion, parameter: Parameter, text: str, names: _Names) -> tuple[Value, ...]:
    if text == ANY:
        return ()
    labels = names.get(_iri(question, parameter, text), {})
    return (Value(text, {each: label for each, label in labels.items() if each in LANGUAGES}),)


def _given(question: LibraryQuestion, values: Mapping[str, str]) -> Iterable[Parameter]:
    return (each for each in question.parameters if each.name in values)


def _iri(question: LibraryQuestion, parameter: Parameter, text: str) -> str:
    return parameter.term(text, question.names)[1:-1]


def _concepts(site: Site) -> _Names:
    """The concepts that parameters may have, with their labels by language."""
    schemes = {each.scheme for question in site.library.values() for each in question.parameters if each.scheme}
    iris = " ".join(reference(f"{ONTOLOGY}/{scheme}") for scheme in sorted(schemes))
    rows = site.select(
        f"SELECT ?x ?label {{ VALUES ?scheme {{ {iris} }} ?x skos:inScheme ?scheme ; skos:prefLabel ?label }}"
    )
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row["x"].value, {})[row["label"].language] = row["label"].value
    return found


def _text(question: LibraryQuestion) -> str:
    """What a question asks, in either language."""
    group = QUESTION_GROUPS.get(question.group, question.group)
    return " ".join(
        (
            question.name,
            *(translations(language).gettext(group) for language in LANGUAGES),
            *question.title.values(),
            *(piece.before for pieces in question.phrase.values() for piece in pieces),
        )
    )


def _has(text: str, word: str) -> bool:
    tokens, stems = _words(text)
    return bool(_stems(word) & stems) or any(token.startswith(key(word)) for token in tokens)


@memoize(1024, longest=10_000)
def _words(text: str) -> tuple[frozenset[str], frozenset[str]]:
    words = set(_WORD.findall(text.casefold()))
    return frozenset(map(key, words)), frozenset(stem for word in words for stem in _stems(word))


@memoize(4096)
def _stems(word: str) -> frozenset[str]:
    return frozenset(key(stemmer.stemWord(word)) for stemmer in _STEMMERS)
