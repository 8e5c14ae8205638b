"""The pages of things, of source documents and of concepts, and the library questions about a thing."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from urllib.parse import quote, urlencode

from starlette.responses import Response

from crmgraph.library import ANY, question_in_words
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base import (
    GRAPHS,
    HTML,
    SEVERITY_ORDER,
    JsonLd,
    NothingKnownError,
    Page,
    PageRequest,
    Record,
    Site,
    graph_names,
    in_language,
    iri_ref,
    local_name,
    query_about,
    texts_by,
    thing_json_ld,
)
from crmgraph.site.comparisons import matches_of_part, part_numbers
from crmgraph.site.dataset import graph_page
from crmgraph.site.findings import read_checks, read_finding
from crmgraph.site.indexes.kinds import KINDS, address_of_concept, find_index
from crmgraph.site.plans import comparisons_path, outline, plan_names, plan_texts, plan_with_source
from crmgraph.site.source import Document, anchors_by_block, annotations_by_block, read_document
from crmgraph.site.things.profiles import read_profile
from crmgraph.site.things.thing import disputed_claims, read_thing, statement_tables
from crmgraph.site.versions import read_earlier_versions

_PLAN = "plan"
# Nearly all questions take a plan as a value. The page of a plan shows those about the content of its text.
_PLAN_QUESTIONS = (
    "agents-named",
    "instruments",
    "topics-by-theme",
    "population-groups-by-theme",
    "dates-and-places",
    "events",
)
_ORDER_CLAUSE = re.compile(r"ORDER BY [^}]*\Z")
_CLASS_PATTERN = re.compile(r"\?value a cg:(\w+)")


def questions_about(site: Site, thing: Record, language: str) -> list[tuple[str, str]]:
    """Return the library questions that take the thing as a value and have an answer: the text of each, and its path.

    For a plan, these are the questions about the content of its text. If a question compares two things of a class,
    this thing is the first. The second is the default value of its parameter or, if that is this thing, the default of
    the first parameter.
    """
    # The questions about a plan are slow. There are few plans, so that the cache has room for the answers.
    is_plan = "Plan" in thing.kinds
    ask = site.select_cached if is_plan else site.select
    asked = []
    for question in [site.library[name] for name in _PLAN_QUESTIONS] if is_plan else site.library.values():
        classes = {each.name: _CLASS_PATTERN.fullmatch(each.values.strip()) for each in question.parameters}
        taking = [name for name, found in classes.items() if found and found[1] in thing.kinds]
        if not taking:
            continue
        named = [each for each in question.parameters if each.type in ("iri", "concept") and each.default != ANY]
        usual = {each.name: each.term(each.default, question.names)[1:-1] for each in named}
        instead = usual.get(taking[0], thing.iri)
        others = {name: instead if usual[name] == thing.iri else usual[name] for name in taking[1:] if name in usual}
        values = {taking[0]: thing.iri, **others}
        parameters = {each.name: each for each in question.parameters}
        short = {name: parameters[name].short_value(iri, question.names) for name, iri in values.items()}
        # A question about a plan may have no answer for the thing. One row, unsorted, is enough to find out.
        if _PLAN not in parameters or ask(_ORDER_CLAUSE.sub("LIMIT 1", question.with_values(short))):
            asked.append((question, {**usual, **values}, short))
    labels = site.labels({iri for _, values, _ in asked for iri in values.values()})
    found = []
    for question, values, short in asked:
        names = {
            each.name: {text: name.get(language, text) for text, name in each.choices.items()}
            for each in question.parameters
        }
        for each in question.parameters:
            if iri := values.get(each.name):
                names[each.name][each.short_value(iri, question.names)] = in_language(labels.get(iri, {}), language)[0]
        found.append(
            (question_in_words(question, short, names, language), f"/queries/{question.name}?{urlencode(short)}")
        )
    return found


_UNRESOLVED_REFERENCES = """
SELECT DISTINCT ?x ?message ?exact {
  ?x a cg:Finding ; cg:code "unresolved-cross-reference" ; rdfs:comment ?message ;
    cg:passage/cg:exact ?exact ; cg:relatedElement/cg:within %s
}
ORDER BY ?x"""
_UNRESOLVED_REFERENCES_PATH = "/findings/unresolved-cross-reference"


def unresolved_references_to(site: Site, iri: str, language: str) -> list[tuple[str, str]]:
    """Return the messages and paths of the findings about cross-references to a missing part with this IRI."""
    theme, _, number = iri.rpartition("/")
    rows = [
        row
        for row in site.select(_UNRESOLVED_REFERENCES % iri_ref(theme))
        if row["exact"].value.strip(" .\xa0").casefold() == number
    ]
    return [
        (in_language(each, language)[0], _UNRESOLVED_REFERENCES_PATH)
        for each in texts_by(rows, "x", "message").values()
    ]


_MOST_SHOWN = 12
"""How many values of a fact a profile shows unfolded."""


def concept_pages() -> Iterator[Page]:
    """Yield the pages of the topics and of the population groups."""
    for kind in KINDS:
        if kind.scheme:
            yield Page(
                f"{kind.path}/{{name}}",
                "Everything that the graph says about one of them",
                partial(_concept_page, scheme=kind.scheme),
                examples={"name": [kind.example]},
            )


def _concept_page(visit: PageRequest, scheme: str, name: str) -> Response:
    return _thing_page(visit, f"{visit.links.vocabulary_iri(scheme)}#{quote(name, safe='')}")


def thing_page(visit: PageRequest, path: str) -> Response:
    """Return the page of the thing whose IRI ends in this path, or all statements about it as RDF.

    The path of an external plan leads to the page of its graph, which describes the plan under another IRI.
    """
    site, iri = visit.site, visit.links.thing_iri(path)
    if path.startswith("plan/") and site.names.graph(path) in graph_names(site) and iri not in plan_texts(site):
        return graph_page(visit, path)
    return _thing_page(visit, iri)


def _thing_page(visit: PageRequest, iri: str) -> Response:
    site, language = visit.site, visit.language
    found = read_thing(site, iri, language)
    if found is None:
        raise NothingKnownError(iri, unresolved_references_to(site, iri, language))
    if visit.form != HTML:
        return visit.respond_with_data(query_about("thing", site, iri))
    said = thing_json_ld(
        iri,
        found.types,
        {group.predicate: [each.value for each in group.statements] for group in found.about},
        [(crumb.iri, f"{crumb.number} {crumb.label}".strip()) for crumb in found.trail],
        visit.address_to,
    )
    if "Source" in found.kinds and (whole := read_document(site, iri)):
        return _source_page(visit, found, whole, said)
    return _render_thing(visit, found, said)


def _source_page(visit: PageRequest, found: Record, whole: Document, said: Sequence[JsonLd]) -> Response:
    """Return the page of a source document with the annotations of its text."""
    site = visit.site
    notes = annotations_by_block(site, whole, visit.language)
    kinds = {part.kind for note in notes.values() for part in note.parts}
    labels = site.labels((*found.types, *(f"{ONTOLOGY}#{kind}" for kind in kinds)))
    context = {
        "said": said,
        "thing": found,
        "document": whole,
        "anchors": anchors_by_block(site, whole),
        "read": plan_with_source(site, found.iri),
        "notes": notes,
        "kinds": {kind: labels.get(f"{ONTOLOGY}#{kind}", {}) for kind in kinds},
        "severities": SEVERITY_ORDER,
        "labels": labels,
    }
    return visit.render("source.html", context, offers=GRAPHS)


def _render_thing(visit: PageRequest, found: Record, said: Sequence[JsonLd]) -> Response:
    """Return the page of a thing that is no source document."""
    site, language, is_plan = visit.site, visit.language, "Plan" in found.kinds
    sources = dict.fromkeys(quotation.source for quotation in found.quotations)
    documents = (read_document(site, source, found.quotations) for source in sources)
    matches, disputed = matches_of_part(site, found.iri, language), disputed_claims(site, found.iri, language)
    told = read_profile(site, found, language)
    named = {iri for match in matches for iri in (match.subject, match.object, match.way, match.author)}
    named.update(
        told.iris if told else (),
        *((c.of, c.property, c.confidence, *c.sources) for claims in disputed for c in claims),
    )
    named.update(c.value.value for claims in disputed for c in claims if c.value.is_iri)
    defect = read_finding(site, found.iri, language) if "Finding" in found.kinds else None
    context = {
        "said": said,
        "thing": found,
        "quoted": [(whole.excerpt(found.quotations), whole.heading) for whole in documents if whole],
        "disputes": disputed,
        "versions": read_earlier_versions(site, found.iri) if is_plan else (),
        "children": outline(site, found.iri, language) if found.is_of_plan else (),
        "compared": comparisons_path(site, found.iri) if is_plan else "",
        "as_plan": plan_texts(site).get(found.iri),
        "matches": matches,
        "numbers": part_numbers(site) if matches else {},
        "plan_names": plan_names(site) if matches else {},
        "profile": told,
        "asking": questions_about(site, found, language) if told or is_plan else (),
        "tables": statement_tables(site, found, language),
        "index": find_index(set(map(local_name, found.types)), found.iri),
        "most_shown": _MOST_SHOWN,
        "defect": defect,
        "checks": {each.code: each for each in read_checks(site, language)} if found.findings or defect else {},
        "address_of_concept": address_of_concept,
        "labels": site.labels(named - {""}),
    }
    return visit.render("thing.html", context, offers=GRAPHS)
