"""The questions of the library that can be asked about a thing."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlencode

from crmgraph.library import ANY, LibraryQuestion, Parameter
from crmgraph.serving.pages.site import Site, in_language
from crmgraph.serving.pages.things.things import Thing

__all__ = ["questions_about"]

_Labels = Mapping[str, Mapping[str, str]]
_OF_CLASS = re.compile(r"\?value a cg:(\w+)")


def questions_about(site: Site, thing: Thing, language: str) -> list[tuple[str, str]]:
    """Each question that takes the thing as a value, in words of this language, and the path of its answer.

    Where it takes two things of the class, as one that compares them, the other is that which it has anyway, or else
    that which it has in the place of this one.
    """
    found = [(each, list(_taking(each, thing))) for each in site.library.values()]
    asked = [(question, _values(question, taking, thing)) for question, taking in found if taking]
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
    said = {each.name: each.open.get(language, each.default) for each in question.parameters}
    said |= {name: in_language(labels.get(iri, {}), language)[0] for name, iri in values.items()}
    return question.asked(language, said)


def _path(question: LibraryQuestion, values: Mapping[str, str]) -> str:
    parameters = {each.name: each for each in question.parameters}
    short = {name: parameters[name].short(iri, question.names) for name, iri in values.items()}
    return f"/queries/{question.name}?{urlencode(short)}"
