"""The questions of the library that can be asked about a thing, and have an answer."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlencode

from crmgraph.library import ANY, LibraryQuestion, Parameter, said
from crmgraph.site.base.site import Row, Site, in_language
from crmgraph.site.things.things import Thing

__all__ = ["questions_about"]

_Labels = Mapping[str, Mapping[str, str]]
_PLAN = "plan"
# Nearly all questions can be asked about a plan: these list what its words bring in.
_OF_A_PLAN = (
    "agents-named",
    "instruments",
    "topics-by-theme",
    "population-groups-by-theme",
    "dates-and-places",
    "events",
)
_ORDER = re.compile(r"ORDER BY [^}]*\Z")
_OF_CLASS = re.compile(r"\?value a cg:(\w+)")


def questions_about(site: Site, thing: Thing, language: str) -> list[tuple[str, str]]:
    """Each question that takes the thing as a value and has an answer, in words of this language, with its path.

    Of a plan, those that list who and what its words bring in, when and where. Where a question takes two things of the
    class, as one that compares them, the other is that which it has anyway, or else that which it has in the place of
    this one.
    """
    # Plans are few, and what is asked of them takes long.
    is_plan = thing.is_a("Plan")
    ask = site.recall if is_plan else site.select
    library = [site.library[name] for name in _OF_A_PLAN] if is_plan else site.library.values()
    found = [(each, list(_taking(each, thing))) for each in library]
    possible = [(question, _values(question, taking, thing)) for question, taking in found if taking]
    asked = [(question, values) for question, values in possible if _has_answer(question, values, ask)]
    whole = [{**_usual(question, question.parameters), **values} for question, values in asked]
    labels = site.labels({iri for values in whole for iri in values.values()})
    return [
        (_words(question, all_of_them, labels, language), _path(question, values))
        for (question, values), all_of_them in zip(asked, whole, strict=True)
    ]


def _taking(question: LibraryQuestion, thing: Thing) -> Iterator[Parameter]:
    for parameter in question.parameters:
        of_class = _OF_CLASS.fullmatch(parameter.values.strip())
        if of_class and thing.is_a(of_class[1]):
            yield parameter


def _values(question: LibraryQuestion, taking: Sequence[Parameter], thing: Thing) -> dict[str, str]:
    """The IRIs that the question is asked of, by the names of its parameters."""
    first, *others = taking
    instead = _usual(question, taking).get(first.name, thing.iri)
    usual = _usual(question, others)
    return {first.name: thing.iri, **{name: instead if iri == thing.iri else iri for name, iri in usual.items()}}


def _usual(question: LibraryQuestion, parameters: Iterable[Parameter]) -> dict[str, str]:
    """The IRIs that parameters have where nobody says another."""
    named = (each for each in parameters if each.type in ("iri", "concept") and each.default != ANY)
    return {each.name: each.term(each.default, question.names)[1:-1] for each in named}


def _words(question: LibraryQuestion, values: Mapping[str, str], labels: _Labels, language: str) -> str:
    words = {
        each.name: each.choices.get(each.default, each.open).get(language, each.default) for each in question.parameters
    }
    for parameter in question.parameters:
        if parameter.name in values:
            iri = values[parameter.name]
            value = parameter.short(iri, question.names)
            name = in_language(labels.get(iri, {}), language)[0]
            words[parameter.name] = said(parameter, value, {value: name}, language)
    return question.asked(language, words)


def _has_answer(question: LibraryQuestion, values: Mapping[str, str], ask: Callable[[str], Sequence[Row]]) -> bool:
    """Whether there is a row at all, in whatever order, which is known sooner than all of them.

    Only a plan may have nothing to say of a thing: what is asked of the world has an answer.
    """
    if all(each.name != _PLAN for each in question.parameters):
        return True
    unordered = _ORDER.sub("LIMIT 1", question.with_values(_short(question, values)))
    return bool(ask(unordered))


def _path(question: LibraryQuestion, values: Mapping[str, str]) -> str:
    return f"/queries/{question.name}?{urlencode(_short(question, values))}"


def _short(question: LibraryQuestion, values: Mapping[str, str]) -> dict[str, str]:
    """The values as an address has them."""
    parameters = {each.name: each for each in question.parameters}
    return {name: parameters[name].short(iri, question.names) for name, iri in values.items()}
