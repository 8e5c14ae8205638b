"""What a visitor gave to a question: values as it takes them, and what may be meant by those that it cannot take."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from crmgraph.errors import CrmgraphError, UnknownValueError
from crmgraph.http.languages import marked, translations
from crmgraph.library import Ask, LibraryQuestion, Parameter, called, choose, near_values
from crmgraph.site.answers.arranging import Arrangement
from crmgraph.site.questions.allowed import Allowed
from crmgraph.site.questions.forms import Option

__all__ = ["Given", "Strange", "Unclear", "read_given", "strange_in", "unclear_in"]

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
