"""The questions of the library that can be asked about a thing, and have an answer."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.library import ANY, LibraryQuestion, Parameter, said
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.addresses import address_to, language_of, links_of
from crmgraph.site.base.labels import SEVERITY_ORDER
from crmgraph.site.base.metadata import thing_json_ld
from crmgraph.site.base.rendering import data_links, render
from crmgraph.site.base.representations import (
    HTML,
    NothingKnownError,
    about,
    graph_names,
    requested_form,
    statements_as,
)
from crmgraph.site.base.routing import Page
from crmgraph.site.base.site import Row, Site, in_language, reference
from crmgraph.site.comparisons import matches_of, numbers, versions_of
from crmgraph.site.dataset import graph_page
from crmgraph.site.findings import checks, the_finding
from crmgraph.site.indexes.kinds import KINDS, address_of_concept, index_of
from crmgraph.site.plans import comparison_of, known, outline, plan_names, plan_read_in, theme_place
from crmgraph.site.source import Document, anchors, annotations, document
from crmgraph.site.things.profiles import narrower_read, profile
from crmgraph.site.things.thing import Thing, disputes, tables, thing

__all__ = ["cited_in_vain", "concept_pages", "questions_about", "thing_page"]

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


_IN_VAIN = """
SELECT DISTINCT ?x ?message ?exact {
  ?x a cg:Finding ; cg:code "unresolved-cross-reference" ; rdfs:comment ?message ;
    cg:passage/cg:exact ?exact ; cg:relatedElement/cg:within %s
}
ORDER BY ?x"""
_FINDINGS = "/findings/unresolved-cross-reference"


def cited_in_vain(site: Site, iri: str, language: str) -> list[tuple[str, str]]:
    """The findings about references to a part of a theme that would have this IRI: what each says, and its path."""
    theme, _, number = iri.rpartition("/")
    said: dict[str, dict[str, str]] = {}
    for row in site.select(_IN_VAIN % reference(theme)):
        if row["exact"].value.strip(" .\xa0").casefold() == number:
            said.setdefault(row["x"].value, {})[row["message"].language] = row["message"].value
    return [(in_language(messages, language)[0], _FINDINGS) for messages in said.values()]


_PLANS = "plan/"
_MOST_SHOWN = 12
"""How many values of one kind a profile shows at once; the others are folded."""


def thing_page(request: Request, site: Site, path: str) -> Response:
    """Everything about the thing whose IRI ends in this path, as a page or as a graph.

    A plan that others have in RDF is its graph, which says nothing of the plan by the name that it has here.
    """
    wanted = path
    path, form = requested_form(request, path)
    iri = links_of(request, site).thing(path)
    found = thing(site, iri, language_of(request))
    if found is None and path.startswith(_PLANS) and site.names.graph(path) in graph_names(site):
        return graph_page(request, site, wanted)
    if found is None:
        raise NothingKnownError(iri, cited_in_vain(site, iri, language_of(request)))
    if form != HTML:
        return statements_as(site, about("thing", site, iri), form)
    context = {
        "thing": found,
        "said": thing_json_ld(
            iri,
            found.types,
            {group.predicate: [each.value for each in group.statements] for group in found.about},
            [(crumb.iri, f"{crumb.number} {crumb.label}".strip()) for crumb in found.trail],
            lambda iri: address_to(request, site, iri),
        ),
        **data_links(request, site, f"/id/{path}"),
    }
    if found.is_a("Source"):
        whole = document(site, iri)
        if whole:
            context |= {"document": whole, "anchors": anchors(site, whole), "read": plan_read_in(site, iri)}
            context["labels"] = site.labels(found.types)
            context |= _notes(site, whole, language_of(request))
            return render(request, site, "source.html", context=context)
    return _thing_page(request, site, found, context)


def _notes(site: Site, whole: Document, language: str) -> dict[str, object]:
    """What stands beside the words of a document."""
    notes = annotations(site, whole, language)
    kinds = {part.kind for note in notes.values() for part in note.parts}
    labels = site.labels(f"{ONTOLOGY}#{kind}" for kind in kinds)
    return {
        "notes": notes,
        "kinds": {kind: labels.get(f"{ONTOLOGY}#{kind}", {}) for kind in kinds},
        "severities": SEVERITY_ORDER,
    }


def concept_pages() -> Iterator[Page]:
    """Yield the pages of the topics and population groups."""
    for kind in KINDS:
        if kind.scheme:
            yield Page(
                f"{kind.path}/{{name}}",
                "Everything that the graph says about one of them",
                partial(_concept_page, scheme=kind.scheme, folder=kind.path),
                examples={"name": [kind.example]},
            )


def _concept_page(request: Request, site: Site, scheme: str, name: str, folder: str) -> Response:
    """Everything about a concept of one of our schemes, whose page is at the path `folder` and its name."""
    name, form = requested_form(request, name)
    iri = f"{links_of(request, site).vocabulary(scheme)}#{quote(name, safe='')}"
    found = thing(site, iri, language_of(request))
    if found is None:
        raise NothingKnownError(iri)
    if form != HTML:
        return statements_as(site, about("thing", site, iri), form)
    return _thing_page(request, site, found, {"thing": found, **data_links(request, site, f"{folder}/{name}")})


def _thing_page(request: Request, site: Site, found: Thing, context: dict[str, object]) -> Response:
    quoted = []
    for source in dict.fromkeys(quotation.source for quotation in found.quotations):
        whole = document(site, source, found.quotations)
        if whole:
            quoted.append((whole.around(found.quotations), whole.heading))
    language = language_of(request)
    matches, disputed = matches_of(site, found.iri, language), disputes(site, found.iri, language)
    named = {iri for match in matches for iri in (match.subject, match.object, match.way, match.author)}
    named = named.union(*(dispute.iris for dispute in disputed))
    told = profile(site, found, language)
    narrower = narrower_read(site, found, language)
    defect = the_finding(site, found.iri, language) if found.is_a("Finding") else None
    shown = {
        "quoted": quoted,
        "disputes": disputed,
        "versions": versions_of(site, found.iri) if found.is_a("Plan") else (),
        "children": outline(site, found.iri, language) if found.is_of_plan else (),
        "theme": theme_place(site, [*(crumb.iri for crumb in found.trail), found.iri]) if found.is_of_plan else (0, 0),
        "compared": comparison_of(site, found.iri) if found.is_a("Plan") else "",
        "as_plan": known(site).get(found.iri),
        "matches": matches,
        "numbers": numbers(site) if matches else {},
        "plan_names": plan_names(site) if matches else {},
        "profile": told,
        "narrower": narrower,
        "asking": questions_about(site, found, language) if told or found.is_a("Plan") else (),
        "tables": tables(site, found, language),
        "index": index_of({name.rpartition("#")[2] for name in found.types}, found.iri),
        "most_shown": _MOST_SHOWN,
        "defect": defect,
        "checks": {each.code: each for each in checks(site, language)} if found.findings or defect else {},
        "address_of_concept": address_of_concept,
        "labels": site.labels((named - {""}).union(narrower, told.iris if told else ())),
    }
    return render(request, site, "thing.html", context={**context, **shown})
