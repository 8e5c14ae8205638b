"""The questions of the library that can be found, and those that ask of each value."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from crmgraph.http.languages import LANGUAGES, marked
from crmgraph.library import LibraryQuestion, Parameter, said
from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.searching import Entry, Said
from crmgraph.site.base.site import Site, in_language
from crmgraph.site.search.findable import LESS, Findable, spoken
from crmgraph.site.search.things import Described

__all__ = ["questions"]

_SKOS = PREFIXES["skos"]


def questions(site: Site, described: Described) -> Iterator[Findable]:
    """Each question, and the same asked of each concept that is a value of it."""
    for question in site.library.values():
        yield from _questions(site, question, described)


def _questions(site: Site, question: LibraryQuestion, described: Described) -> Iterator[Findable]:
    """A question, and the same asked of each concept that is a value of it."""
    texts = (
        *(Said(title, language, "label", "titles") for language, title in question.title.items()),
        *(Said(text, language, "explanation", "notes") for language, text in question.explanation.items()),
        Said(question.name, "en", "code", "notes", is_own=True),
    )
    path = f"/queries/{question.name}"
    entry = Entry(path, "question", question.title, texts, LESS["question"], is_common=True)
    takes = {each.name: _taken(site, each) for each in question.parameters if each.type == "iri" and each.values}
    yield Findable(entry, spoken(marked("Question")), path=path, takes=takes)
    for parameter in question.parameters:
        if parameter.scheme and question.phrase:
            yield from _asked_of(question, parameter, described)


def _taken(site: Site, parameter: Parameter) -> frozenset[str]:
    rows = site.select(f"SELECT DISTINCT ?value {{ {parameter.values} }}")
    return frozenset(row["value"].value for row in rows if row["value"].is_iri)


def _asked_of(question: LibraryQuestion, parameter: Parameter, described: Described) -> Iterator[Findable]:
    scheme = f"{ONTOLOGY}/{parameter.scheme}"
    for iri, told in described.items():
        if not any(term.value == scheme for term in told.get(_SKOS + "inScheme", ())):
            continue
        labels = {term.language: term.value for term in told.get(_SKOS + "prefLabel", ())}
        names: dict[str, tuple[str, ...]] = {}
        for term in (*told.get(_SKOS + "prefLabel", ()), *told.get(_SKOS + "altLabel", ())):
            names[term.language] = (*names.get(term.language, ()), term.value)
        values = {parameter.name: parameter.short(iri, question.names)}
        asked = {language: _sentence(question, values, labels, language) for language in LANGUAGES}
        path = f"/queries/{question.name}?{urlencode(values)}"
        texts = (
            *(Said(text, language, "label", "titles") for language, text in asked.items()),
            *(Said(name, language, "alternative", "notes") for language, each in names.items() for name in each),
        )
        entry = Entry(path, "question", asked, texts, LESS["question"], is_common=True)
        yield Findable(entry, spoken(marked("Question")), path=path, asked_of=names)


def _sentence(question: LibraryQuestion, values: Mapping[str, str], labels: Mapping[str, str], language: str) -> str:
    """The question asked of the one thing that has these labels, and of any where it leaves that open."""
    given = {each.name: each.open.get(language, "…") for each in question.parameters}
    name = in_language(labels, language)[0]
    for parameter in question.parameters:
        if value := values.get(parameter.name):
            given[parameter.name] = said(parameter, value, {value: name}, language)
    return question.asked(language, given)
