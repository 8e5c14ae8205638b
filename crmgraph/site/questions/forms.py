"""What there is to choose from for a question."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlencode

import snowballstemmer

from crmgraph.caching import memoize
from crmgraph.errors import CrmgraphError, UnknownValueError
from crmgraph.http.languages import LANGUAGES, marked, translations
from crmgraph.library import (
    ANY,
    Ask,
    LibraryQuestion,
    Parameter,
    Piece,
    Value,
    allowed_values,
    called,
    choose,
    near_values,
    said,
)
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading.folding import key
from crmgraph.site.base.labels import QUESTION_GROUPS
from crmgraph.site.base.parameters import groups
from crmgraph.site.base.site import JSON_RESULTS, Site, reference
from crmgraph.site.questions.answers import Arrangement
from crmgraph.sparql import Question

__all__ = [
    "GOOD",
    "Allowed",
    "Choice",
    "Field",
    "Form",
    "Given",
    "Instead",
    "Option",
    "Part",
    "Strange",
    "Unclear",
    "allowed_in",
    "choose_questions",
    "form_of",
    "good_questions",
    "instead_of",
    "read_given",
    "rows",
    "sentence",
    "strange_in",
    "unclear_in",
    "value_names",
]

Allowed = Mapping[str, tuple[Value, ...]]
"""The values that parameters take which do not take just anything, by their names."""


@dataclass(frozen=True)
class _Asked:
    """A question in one state of the data; whichever site asks, and within what time."""

    state: str
    name: str
    question: LibraryQuestion = field(compare=False)
    site: Site = field(compare=False)
    seconds: float = field(compare=False)


def allowed_in(site: Site, question: LibraryQuestion, seconds: float) -> Allowed:
    """The values of each parameter that does not take just anything, found within so many seconds a query.

    They are kept while the data are the same, where they may be. Raises AnswerError where there is no answer.
    """
    asked = _Asked(site.state, question.name, question, site, seconds)
    return _kept(asked) if site.may_keep else _found(asked)


def rows(site: Site, query: str, seconds: float) -> bytes:
    """The answer to a SELECT query (SPARQL 1.1 Query Results JSON Format). Raises AnswerError where there is none."""
    return site.ask(Question(query, result_type=JSON_RESULTS), seconds).body


def _found(asked: _Asked) -> Allowed:
    site = asked.site
    found = (
        (each.name, allowed_values(each, site.names, lambda query: rows(site, query, asked.seconds)))
        for each in asked.question.parameters
    )
    return {name: values for name, values in found if values is not None}


_kept = lru_cache(maxsize=128)(_found)


_MOST_IN_A_MENU = 60
"""How many values a menu may offer; where there are more, they are suggested to who types."""

_LONGEST_IN_A_MENU = 60
"""Names that are longer than this on the average are suggested too: nobody finds one among them."""


_ENDINGS = ",;:.?!)"
"""What ends words and is not parted from them, even where they are in a field."""


@dataclass(frozen=True)
class Option:
    """A value that may be chosen: as an address has it, and what it is called."""

    text: str
    name: str


@dataclass(frozen=True)
class Field:
    """A parameter as a field: what it means, how it is filled in (`menu`, `search`, `number` or `words`), what with.

    `value` is what stands in it: in a menu the text of an option, else what is called so, or just what was given.
    """

    name: str
    meaning: str
    kind: str
    value: str
    options: tuple[Option, ...] = ()
    is_wrong: bool = False


@dataclass(frozen=True)
class Part:
    """Some words of the sentence and the field behind them, None at the end; `ending` stays with the field."""

    words: str
    field: Field | None
    ending: str = ""


@dataclass(frozen=True)
class Form:
    """The sentence, without parts where there is none, and the other fields, which `opens_more` shows at once."""

    sentence: tuple[Part, ...]
    more: tuple[Field, ...]
    opens_more: bool

    @property
    def searches(self) -> str:
        """Where the first field is that is filled in by typing a name: in the `sentence`, in `more`, or nowhere."""
        kinds = {"sentence": [part.field for part in self.sentence if part.field], "more": self.more}
        return next((place for place, fields in kinds.items() if any(each.kind == "search" for each in fields)), "")

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields, as they come."""
        return (*(part.field for part in self.sentence if part.field), *self.more)


def form_of(
    question: LibraryQuestion,
    values: Mapping[str, str],
    allowed: Mapping[str, tuple[Value, ...]],
    wrong: Mapping[str, str],
    language: str,
) -> Form:
    """The form of a question in this language, with `values` in its fields.

    `allowed` has the values of each parameter that does not take just anything, `wrong` what was given for parameters
    that may not have it.
    """
    fields = {
        parameter.name: _field(parameter, values[parameter.name], allowed.get(parameter.name, ()), wrong, language)
        for parameter in question.parameters
    }
    pieces = question.phrase.get(language, ())
    inside = {piece.parameter for piece in pieces}
    outside = [parameter for parameter in question.parameters if parameter.name not in inside]
    changed = any(values[each.name] != each.default for each in outside if each.name != "lang")
    return Form(
        tuple(_parts(pieces, fields)),
        tuple(fields[each.name] for each in outside),
        changed or any(each.name in wrong for each in outside),
    )


def _parts(pieces: Sequence[Piece], fields: Mapping[str, Field]) -> Iterator[Part]:
    """The words of the pieces and their fields, each with the ending that the next words begin with."""
    said = [piece.before for piece in pieces]
    words = [*said[:1], *(each.lstrip(_ENDINGS) for each in said[1:])]
    endings = [each[: len(each) - len(rest)] for each, rest in zip(said, words, strict=True)]
    following = [*endings[1:], ""][: len(pieces)]
    for piece, rest, ending in zip(pieces, words, following, strict=True):
        yield Part(rest, fields.get(piece.parameter), ending)


def sentence(
    question: LibraryQuestion,
    values: Mapping[str, str],
    allowed: Mapping[str, tuple[Value, ...]],
    language: str,
) -> str:
    """What is asked with these values, in words."""
    labels = {
        each.name: said(each, values[each.name], called(allowed.get(each.name, ()), language), language)
        for each in question.parameters
    }
    return question.asked(language, labels)


def value_names(
    question: LibraryQuestion,
    values: Mapping[str, str],
    allowed: Mapping[str, tuple[Value, ...]],
    language: str,
) -> dict[str, str]:
    """What these values are called in the form, by parameter; those without a name as they are."""
    return {
        each.name: called(allowed.get(each.name, ()), language).get(values[each.name], values[each.name])
        for each in question.parameters
    }


def _field(
    parameter: Parameter, value: str, allowed: tuple[Value, ...], wrong: Mapping[str, str], language: str
) -> Field:
    names = called(allowed, language)
    options = tuple(Option(text, name) for text, name in names.items())
    given = wrong.get(parameter.name)
    kind, shown = _kind(parameter, options), value
    if kind == "search":
        shown = names.get(value, value)
    if given is not None:
        # A menu has no place for what is in none of its options.
        kind, shown = "search" if kind == "menu" else kind, given
    if kind == "menu":
        # What is chosen stands in the sentence; what is typed has to be a name.
        options = tuple(Option(text, parameter.words.get(text, {}).get(language, name)) for text, name in names.items())
    meaning = parameter.description[language].rstrip(".")
    return Field(parameter.name, meaning, kind, shown, options, given is not None)


def _kind(parameter: Parameter, options: tuple[Option, ...]) -> str:
    if not options:
        return "number" if parameter.type == "integer" else "words"
    lengths = sum(len(option.name) for option in options) / len(options)
    return "menu" if len(options) <= _MOST_IN_A_MENU and lengths <= _LONGEST_IN_A_MENU else "search"


_MOST_SHOWN = 200
"""How many characters are shown of what no parameter takes."""

_NEEDED = {
    "integer": marked("it has to be a whole number."),
    "string": marked("it has to have a letter or a digit."),
}
"""What a parameter takes, by its type, where that is none of some values."""


@dataclass(frozen=True)
class Given:
    """What a visitor gave, as the question takes it; for what it cannot take, the values that may be meant, and why."""

    values: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    near: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    refusal: CrmgraphError | None = None


def read_given(question: LibraryQuestion, given: Mapping[str, str], allowed: Allowed, ask: Ask, language: str) -> Given:
    """The values of an address as the question takes them; `ask` finds what may be meant by a wrong one."""
    values, wrong, near = dict(given), {}, {}
    refusal: CrmgraphError | None = None
    for parameter in question.parameters:
        if parameter.name not in given:
            continue
        value = given[parameter.name]
        offered = allowed.get(parameter.name)
        if offered is None:
            offered = near_values(parameter, value, question.names, ask)
        try:
            values[parameter.name] = choose(parameter, value, offered, question.names)
        except UnknownValueError as error:
            names = called(offered or (), language)
            near[parameter.name] = tuple(Option(each, names[each]) for each in error.near)
            wrong[parameter.name], refusal = value, refusal or error
        except CrmgraphError as error:
            wrong[parameter.name], refusal = value, refusal or error
    return Given({**values, **{name: _default(question, name) for name in wrong}}, wrong, near, refusal)


@dataclass(frozen=True)
class Unclear:
    """What was given for a parameter, what that means, and the names and addresses of what may have been meant.

    `needed` says what the parameter takes, where that is no choice.
    """

    given: str
    meaning: str
    near: tuple[tuple[str, str], ...]
    needed: str


def unclear_in(
    question: LibraryQuestion, reading: Given, arrangement: Arrangement, language: str
) -> tuple[Unclear, ...]:
    """Each value that the question cannot take."""
    wrong = (each for each in question.parameters if each.name in reading.wrong)
    return tuple(_unclear(each, reading, arrangement, language) for each in wrong)


def _unclear(parameter: Parameter, reading: Given, arrangement: Arrangement, language: str) -> Unclear:
    given, name = {**reading.values, **reading.wrong}, parameter.name
    near = ((each.name, arrangement.query({**given, name: each.text})) for each in reading.near.get(name, ()))
    needed = "" if name in reading.near else translations(language).gettext(_NEEDED[parameter.type])
    return Unclear(given[name][:_MOST_SHOWN], parameter.description[language].rstrip("."), tuple(near), needed)


@dataclass(frozen=True)
class Strange:
    """A name in the address that no parameter has, and its value; those that there are with what they mean, and which
    may be meant, with the address for that."""

    name: str
    value: str
    known: tuple[tuple[str, str], ...]
    near: tuple[tuple[str, str], ...]


def strange_in(
    question: LibraryQuestion, given: Mapping[str, str], arrangement: Arrangement, language: str
) -> Strange | None:
    """The first name in the address that no parameter of the question has; None where there is none."""
    known = {each.name: each.description[language].rstrip(".") for each in question.parameters}
    name = next((name for name in given if name not in known), None)
    if name is None:
        return None
    near = difflib.get_close_matches(name[:_MOST_SHOWN], [each for each in known if each not in given], 1)
    kept = {each: value for each, value in given.items() if each in known}
    meant = tuple((known[each], arrangement.query({**kept, each: given[name]})) for each in near)
    return Strange(name[:_MOST_SHOWN], given[name][:_MOST_SHOWN], tuple(known.items()), meant)


def _default(question: LibraryQuestion, name: str) -> str:
    return next(each.default for each in question.parameters if each.name == name)


_SOUGHT = ("iri", "string")


@dataclass(frozen=True)
class Instead:
    """The same question with a value left open, each in words with its path; and words to search for everywhere."""

    wider: tuple[tuple[str, str], ...]
    words: tuple[str, ...]


def instead_of(question: LibraryQuestion, values: Mapping[str, str], allowed: Allowed, language: str) -> Instead:
    """What may be asked instead of the question with a value for each of its parameters."""
    asked = {piece.parameter for piece in question.phrase.get(language, ())}
    given = [each for each in question.parameters if each.name in asked and values[each.name] != ANY]
    wider = ({**values, each.name: ANY} for each in given if each.open)
    names = value_names(question, values, allowed, language)
    return Instead(
        tuple(
            (sentence(question, each, allowed, language), f"/queries/{question.name}?{urlencode(each)}")
            for each in wider
        ),
        tuple(names[each.name].removesuffix(" …") for each in given if each.type in _SOUGHT and not each.choices),
    )


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
