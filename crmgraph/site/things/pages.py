"""The pages of things: the statements about a thing, the readings of plans that mention it, and questions about it."""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.site.base import (
    GRAPHS,
    HTML,
    SEVERITY_ORDER,
    Page,
    PageRequest,
    Record,
    Row,
    Site,
    certainty_in,
    certainty_pattern,
    graph_names,
    grouped,
    in_language,
    iri_ref,
    known,
    local_name,
    name_key,
    query_about,
    rows_by,
    value_or_empty,
)
from crmgraph.site.comparisons import matches_of_part, part_numbers, read_earlier_versions
from crmgraph.site.dataset import graph_page
from crmgraph.site.findings import findings_about, read_checks, read_finding
from crmgraph.site.indexes.kinds import KINDS, address_of_concept, find_index
from crmgraph.site.plans import ancestors_of, comparisons_path, outline, plan_names, plan_texts
from crmgraph.site.questions.pages import AskedQuestion, allowed_values_of
from crmgraph.site.source import (
    Document,
    Quotation,
    anchors_by_block,
    annotations_by_block,
    read_document,
    read_quotations,
)
from crmgraph.site.things.profiles import read_profile

_CG = ONTOLOGY + "#"
_TYPE = PREFIXES["rdf"] + "type"
_NAMES = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")
_STATEMENTS_UNFOLDED, _STATEMENTS_LISTED = 20, 50
"""Up to how many statements with a property are shown unfolded, and how many are shown at most."""

POINTING_SHOWN = 200
"""How many statements with the thing as object are shown at most."""

_READINGS_UNFOLDED, _READINGS_UNFOLDED_BESIDE = 20, 5
"""Up to how many readings of a kind are shown unfolded: the usual number, and that on a page with a longer list."""

_ABOUT = "SELECT ?graph ?property ?value { GRAPH ?graph { %s ?property ?value } }"
_IS_OBJECT = "SELECT ?x { ?x ?property %s } LIMIT 1"
_POINTING = "SELECT ?graph ?property ?value { GRAPH ?graph { ?value ?property %s } }"
_GISTS_AT_ONCE = 400
"""Number of things in a query, which may not become too long."""
# The VALUES are in each branch of the UNION: outside of it, the engine would compute all branches for all things.
_GISTS = """
SELECT ?iri ?subject ?predicate ?value ?passage {
  { VALUES ?iri { %(x)s } ?iri a cg:Mention ; cg:mentioned ?value . OPTIONAL { ?iri cg:passage ?passage } }
  UNION
  { VALUES ?iri { %(x)s } ?iri a cg:Statement ; rdf:subject ?subject ; rdf:predicate ?predicate
    ; rdf:object ?value
    OPTIONAL { ?iri cg:passage ?passage } }
  UNION
  { VALUES ?iri { %(x)s } ?iri a cg:Acronym ; cg:passage ?passage }
  UNION
  { VALUES ?iri { %(x)s } ?iri a cg:Passage . BIND (?iri AS ?passage) }
}
ORDER BY ?iri ?predicate ?value ?passage"""
_CLAIM = """?iri rdf:subject ?of ; rdf:predicate ?property ; rdf:object ?value .
    ?alternative rdf:subject ?of ; rdf:predicate ?property ; rdf:object ?told"""
# It is in each branch of the UNION, so that engines need not find it for all things.
_CLAIMS = f"""
SELECT DISTINCT ?iri ?of ?property ?value ?is_preferred ?confidence ?sources ?note {{
  {{ ?iri rdf:subject %(thing)s . {_CLAIM} }}
  UNION {{ ?iri rdf:object %(thing)s ; rdf:predicate cg:member . {_CLAIM} }}
  UNION {{ %(thing)s ^org:member/^rdf:subject ?iri . {_CLAIM} }}
  FILTER (COALESCE(LANG(?value), "") = COALESCE(LANG(?told), ""))
  FILTER (?property = cg:member || NOT EXISTS {{ ?of ?property ?told }} && EXISTS {{ ?of ?property ?preferred }})
  BIND (EXISTS {{ ?of ?property ?value }} AS ?is_preferred)
  OPTIONAL {{ ?iri cg:confidence ?confidence }}
  OPTIONAL {{ ?iri dcterms:source ?sources }}
  OPTIONAL {{ ?iri skos:note ?note }}
}} ORDER BY ?sources"""
_READING_KINDS = ("participations", "uses", "subjects", "circumstances", "mentions")
# The restriction %(where)s is in each branch of the UNION, so that engines need not compute a branch for all things.
_READINGS = f"""
SELECT DISTINCT ?kind ?plan ?element ?order ?number ?way ?value ?passage ?doubted ?degree {{
  {{ %(where)s VALUES ?kind {{ "participations" }}
    ?element cg:participation ?x . ?x cg:agent ?value ; cg:role ?way ; cg:passage ?passage }}
  UNION {{ %(where)s VALUES ?kind {{ "uses" }}
    ?element cg:instrumentUse ?x . ?x cg:instrument ?value ; cg:use ?way ; cg:passage ?passage }}
  UNION {{ %(where)s
    ?x rdf:subject ?element ; rdf:predicate ?way ; rdf:object ?value ; cg:passage ?passage .
    ?element a cg:PlanElement
    VALUES (?kind ?way) {{
      ("circumstances" cg:date) ("circumstances" cg:since) ("circumstances" cg:until) ("circumstances" cg:recurrence)
      ("circumstances" cg:recursWith) ("circumstances" cg:delay) ("circumstances" cg:place)
      ("circumstances" cg:meeting) ("subjects" cg:topic) ("subjects" cg:populationGroup)
    }} }}
  UNION {{ %(where)s VALUES ?kind {{ "circumstances" }}
    VALUES ?way {{ cg:PastEvent cg:PlannedEvent }}
    ?element ^cg:toldIn ?value . ?value a ?way ; cg:passage ?passage . BIND (?value AS ?x) }}
  %(more)s
  OPTIONAL {{ ?element cg:order ?order }}
  OPTIONAL {{ ?element cg:number ?number }}{certainty_pattern("?x")}
}}"""
_MENTIONS = """
  UNION { VALUES ?value { %s } VALUES ?kind { "mentions" }
    ?x cg:mentioned ?value ; cg:passage ?passage ; cg:nameForm ?way . ?element cg:mention ?x }
  OPTIONAL { ?element cg:within? ?plan . ?plan a cg:Plan }"""


def read_thing(site: Site, iri: str, language: str) -> Record | None:
    """Return the thing with this IRI, or None if the graph has no statement about it.

    Attributes of the result:
        iri: The IRI of the thing.
        label: Its label, in the language `language`.
        types: The IRIs of its classes.
        kinds: The local names of its classes in our ontology.
        is_of_plan: Whether it is a plan or an element of a plan.
        number: Its number in the plan; empty for none.
        status: The IRI of its schedule status; empty for none.
        trail: Its ancestors in the plan (see `ancestors_of`).
        about: The statements with the thing as subject (see `_group_by_property`).
        quotations: Its passages.
        findings: The findings about it.
        readings: Its readings (see `readings_about`).
    """
    rows = site.select(_ABOUT % iri_ref(iri))
    if not rows and not site.select(_IS_OBJECT % iri_ref(iri)):
        return None
    about = _group_by_property(rows, site.names.graph("inferred"), language)
    values = {group.predicate: [said.value.value for said in group.statements] for group in about}
    label, spoken = in_language(site.labels((iri,)).get(iri, {}), language)
    types = values.get(_TYPE, [])
    kinds = {name.removeprefix(_CG) for name in types if name.startswith(_CG)}
    passages = [*values.get(_CG + "passage", ()), *([iri] if "Passage" in kinds else ())]
    return Record(
        iri=iri,
        label=label,
        language=spoken,
        types=types,
        kinds=kinds,
        is_of_plan=not kinds.isdisjoint(("Plan", "PlanElement")),
        number=next(iter(values.get(_CG + "number", ())), ""),
        status=next(iter(values.get(_CG + "status", ())), ""),
        trail=ancestors_of(site, iri, language) if PREFIXES["dcterms"] + "isPartOf" in values else (),
        about=about,
        quotations=sorted(read_quotations(site, passages).values()),
        findings=findings_about(site, iri, language),
        readings=readings_about(site, iri, kinds),
    )


def _group_by_property(rows: Iterable[Row], inferred: str, language: str) -> list[Record]:
    """Return statements in groups by property. The rows have the variables ?property, ?value and ?graph.

    Asserted statements come before those that are only in the graph `inferred`. Texts in this language come before
    other texts.

    Attributes of the result:
        predicate: The IRI of the property.
        statements: Records with a `value` (a Term), the IRIs of the `graphs` that contain the statement, and
            `is_inferred`.
        is_long: Whether the page shows the list collapsed.
        listed: The statements in the list; there may be more.
    """

    def statement_key(said: Record) -> tuple[object, ...]:
        spoken = said.value.language
        return said.is_inferred, spoken not in ("", language), spoken, name_key(said.value.value)

    def group_key(group: Record) -> tuple[object, ...]:
        name = group.predicate
        return name != _TYPE, name not in _NAMES, group.statements[0].is_inferred, name

    groups = []
    for (name,), said in rows_by(rows, "property").items():
        by_value = grouped(said, lambda row: row["value"])
        graphs = {value: sorted({row["graph"].value for row in same}) for value, same in by_value.items()}
        statements = sorted(
            (Record(value=value, graphs=of, is_inferred=of == [inferred]) for value, of in graphs.items()),
            key=statement_key,
        )
        groups.append(
            Record(
                predicate=name,
                statements=statements,
                is_long=len(statements) > _STATEMENTS_UNFOLDED,
                listed=statements[:_STATEMENTS_LISTED],
            )
        )
    return sorted(groups, key=group_key)


def statement_tables(site: Site, thing: Record, language: str) -> Record:
    """Return what the page of a thing needs to show the statements about it.

    Attributes of the result:
        pointing: At most POINTING_SHOWN statements with the thing as object, by property.
        is_cut: Whether there are more such statements.
        gists: The gists of things without a label, by IRI (see `read_gists`).
        labels: The labels of all other things in the statements, by IRI and language.
    """
    # ORDER BY in the query would be slower: the engine looks up two names for each comparison.
    rows = sorted(site.select(_POINTING % iri_ref(thing.iri)), key=itemgetter("property", "value", "graph"))
    pointing = _group_by_property(rows[:POINTING_SHOWN], site.names.graph("inferred"), language)
    groups = (*thing.about, *pointing)
    listed = [said for group in groups for said in group.listed]
    named = {group.predicate for group in groups}.union(
        *(said.graphs for said in listed), (said.value.value for said in listed if said.value.is_iri)
    )
    unnamed = read_gists(site, {thing.iri, *named})
    for gist in unnamed.values():
        named |= {gist.subject, gist.predicate, gist.value.value if gist.value and gist.value.is_iri else ""}
    return Record(pointing=pointing, is_cut=len(rows) > POINTING_SHOWN, gists=unnamed, labels=site.labels(named))


def read_gists(site: Site, iris: Iterable[str]) -> dict[str, Record]:
    """Return the gists of the things without a label among these IRIs, by IRI.

    A gist is the content of a mention, an acronym, a statement or a passage, which the page shows instead of a label.

    Attributes of the result:
        subject: The IRI of the subject of a statement; otherwise empty.
        predicate: The IRI of the property of a statement; otherwise empty.
        value: The object of a statement or the mentioned thing (a Term); otherwise empty.
        quotation: The passage, or None.
    """
    ours = {iri for iri in iris if iri.startswith(site.names.id())}
    wanted = sorted(ours - site.labels(ours).keys())
    found: list[Record] = []
    for start in range(0, len(wanted), _GISTS_AT_ONCE):
        some = " ".join(map(iri_ref, wanted[start : start + _GISTS_AT_ONCE]))
        found += site.records(_GISTS % {"x": some}, "iri", terms=("value",))
    words = read_quotations(site, filter(None, (gist.passage for gist in found)))
    for gist in found:
        gist.quotation = words.get(gist.passage)
    return {gist.iri: gist for gist in found}


def disputed_claims(site: Site, iri: str, language: str) -> list[list[Record]]:
    """Return the claims on which sources disagree about a thing, or about its memberships.

    The claims are in lists, each about the same property of a thing. Preferred claims come first.

    Attributes of the result:
        iri: The IRI of the claim.
        of: The IRI of the thing that it is about.
        property: The IRI of the property.
        value: The claimed value (a Term).
        is_preferred: Whether this project prefers the claim.
        confidence: The IRI of its degree of confidence; empty for none.
        sources: The IRIs of its sources.
        note: A remark in this language.
    """

    def claim_key(claim: Record) -> tuple[object, ...]:
        term = claim.value
        return claim.of != iri, claim.of, claim.property, term.language, not claim.is_preferred, term.value, claim.iri

    found = site.records(
        _CLAIMS % {"thing": iri_ref(iri)},
        "of",
        "property",
        "iri",
        language=language,
        texts=("note",),
        lists=("sources",),
        terms=("value",),
    )
    # Labels in different languages do not contradict each other.
    matters = groupby(sorted(found, key=claim_key), key=lambda claim: (claim.of, claim.property, claim.value.language))
    return [list(claims) for _, claims in matters]


def readings_about(site: Site, iri: str, kinds: Collection[str] = ()) -> Record:
    """Return the readings of a part of a plan and of its own parts, or those of all plans with another thing as value.

    A reading is a statement that was read from the words of a plan. They are in the order of the document. A whole plan
    has too many: the result is empty.

    A reading has these attributes:
        element: The IRI of the part of a plan that contains the words.
        plan: The IRI of the plan; only if `whole` is empty.
        number: The number of the element; empty for none.
        value: The actor, instrument, topic, date, event or other value that the words state (a Term).
        way: The IRI of the role, use, property, class of event or form of the name.
        quotation: The words.
        certainty: How certain the reading is.
        elsewhere: Whether it is in another plan than that of the RCM; only if `whole` is empty.

    The result has these attributes:
        whole: The IRI of the part of a plan that contains all readings; empty for readings of all plans.
        by_kind: The readings by their kind: one of _READING_KINDS.
        labels: The labels of all IRIs in the readings, by IRI and language.
        plan_names: The short names of plans, by IRI and language.
        unfolded: Up to how many readings of a kind the page shows unfolded.
        is_only_a_place: Whether all `circumstances` name the thing as a place.
        further_mentions: The mentions that are not in the words of another reading of the same element.
    """

    def reading_key(pair: tuple[Row, Quotation]) -> tuple[object, ...]:
        """Return a sort key: readings of the plan of the RCM come before those of other plans."""
        row, quotation = pair
        is_other = quotation.source != site.names.id("source", "crm")
        return (
            is_other,
            quotation.source,
            int(value_or_empty(row, "order") or 0),
            quotation,
            row["way"].value,
            row["value"].value,
        )

    here, ours, whole = iri_ref(iri), site.names.id("plan", "crm"), iri if "PlanElement" in kinds else ""
    where, more = (f"?element cg:within? {here} .", "") if whole else (f"VALUES ?value {{ {here} }}", _MENTIONS % here)
    rows = () if "Plan" in kinds else site.select(_READINGS % {"where": where, "more": more})
    words = read_quotations(site, (row["passage"].value for row in rows))
    by_kind: dict[str, list[Record]] = {kind: [] for kind in _READING_KINDS}
    placed = [(row, words[row["passage"].value]) for row in rows if row["passage"].value in words]
    for row, quotation in sorted(placed, key=reading_key):
        reading = Record(
            **{name: value_or_empty(row, name) for name in ("element", "plan", "number", "way")},
            value=row["value"],
            quotation=quotation,
            certainty=certainty_in(row),
            elsewhere=not whole and value_or_empty(row, "plan") != ours,
        )
        by_kind[row["kind"].value].append(reading)
    labels = dict(site.labels(term.value for row in rows for term in row.values() if term.is_iri))
    for way in {value_or_empty(row, "way") for row in rows} & labels.keys():
        # The label of a class begins with a capital, those of properties and roles do not.
        labels[way] = {language: text[:1].lower() + text[1:] for language, text in labels[way].items()}
    is_long = any(len(kind) > _READINGS_UNFOLDED for kind in by_kind.values())
    told = [each for kind in _READING_KINDS if kind != "mentions" for each in by_kind[kind]]
    return Record(
        whole=whole,
        by_kind=by_kind,
        labels=labels,
        plan_names=plan_names(site),
        unfolded=_READINGS_UNFOLDED_BESIDE if is_long else _READINGS_UNFOLDED,
        is_only_a_place=all(reading.way == _CG + "place" for reading in by_kind["circumstances"]),
        further_mentions=[each for each in by_kind["mentions"] if not any(covers(other, each) for other in told)],
    )


def covers(reading: Record, other: Record) -> bool:
    """Return whether the quotation of `reading` contains that of `other`, in the same element."""
    own, its = reading.quotation, other.quotation
    is_same = (reading.element, own.source) == (other.element, its.source)
    return bool(is_same and own.start <= its.start and its.end <= own.end)


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


def questions_about(site: Site, thing: Record, language: str) -> list[AskedQuestion]:
    """Return the library questions that take the thing as a value and have an answer.

    For a plan, these are the questions about the content of its text. If a question compares two things of a class,
    this thing is the value of the first parameter. The second parameter has its default value or, if that is this
    thing, the default value of the first parameter.
    """
    # The questions about a plan are slow. There are few plans, so that the cache has room for the answers.
    is_plan = "Plan" in thing.kinds
    found = []
    for question in [site.library[name] for name in _PLAN_QUESTIONS] if is_plan else site.library.values():
        classes = {each.name: _CLASS_PATTERN.fullmatch(each.values.strip()) for each in question.parameters}
        taking = [each for each in question.parameters if (named := classes[each.name]) and named[1] in thing.kinds]
        if not taking:
            continue
        first, *others = taking
        value = first.short_value(thing.iri, question.names)
        more = {each.name: first.default if each.default == value else each.default for each in others}
        values = {first.name: value, **more}
        # A question about a plan may have no answer for the thing. One row, unsorted, is enough to find out.
        if "plan" not in classes or site.select(
            _ORDER_CLAUSE.sub("LIMIT 1", question.with_values(values)), is_cached=is_plan
        ):
            found.append(AskedQuestion(question, values, allowed_values_of(site, question, site.seconds), language))
    return found


_MOST_SHOWN = 12
"""How many values of a fact a profile shows unfolded."""


def concept_pages() -> Iterator[Page]:
    """Return the pages of the topics and of the population groups."""
    return (
        Page(
            f"{kind.path}/{{name}}",
            "Everything that the graph says about one of them",
            lambda visit, name, scheme=kind.scheme: _thing_page(visit, f"{ONTOLOGY}/{scheme}#{quote(name, safe='')}"),
            examples={"name": [kind.example]},
        )
        for kind in KINDS
        if kind.scheme
    )


def thing_page(visit: PageRequest, path: str) -> Response:
    """Return the page of the thing whose IRI ends in this path, or all statements about it as RDF.

    The path of an external plan leads to the page of its graph, which describes the plan under another IRI.
    """
    site, iri = visit.site, visit.links.thing_iri(path)
    if path.startswith("plan/") and site.names.graph(path) in graph_names(site) and iri not in plan_texts(site):
        return graph_page(visit, path)
    # Up to release 0.2.0, addresses of parts that are counted through their whole plan had the theme in them too.
    kind, plan, theme, *below = (*path.split("/"), "", "")
    if kind == "plan" and any(below):
        part, whole = (visit.links.thing_iri(f"plan/{plan}/{each}") for each in ("/".join(below).rstrip("/"), theme))
        if site.select(f"SELECT ?x {{ VALUES ?x {{ {iri_ref(part)} }} ?x cg:within {iri_ref(whole)} }}"):
            address = visit.request.url.path.replace(f"/plan/{plan}/{theme}/", f"/plan/{plan}/", 1)
            return RedirectResponse(address, 308)
    return _thing_page(visit, iri)


def _thing_page(visit: PageRequest, iri: str) -> Response:
    site, language = visit.site, visit.language
    found = known(read_thing(site, iri, language), iri)
    if visit.form != HTML:
        return visit.respond_with_data(query_about("thing", site, iri))
    if "Source" in found.kinds and (whole := read_document(site, iri)):
        return _source_page(visit, found, whole)
    return _render_thing(visit, found)


def _source_page(visit: PageRequest, found: Record, whole: Document) -> Response:
    """Return the page of a source document with the annotations of its text."""
    site = visit.site
    notes = annotations_by_block(site, whole, visit.language)
    kinds = {part.kind for note in notes.values() for part in note.parts}
    labels = site.labels((*found.types, *(f"{ONTOLOGY}#{kind}" for kind in kinds)))
    context = {
        "thing": found,
        "document": whole,
        "anchors": anchors_by_block(site, whole),
        "read": next((plan for plan in plan_texts(site).values() if found.iri in plan.sources), None),
        "notes": notes,
        "kinds": {kind: labels.get(f"{ONTOLOGY}#{kind}", {}) for kind in kinds},
        "severities": SEVERITY_ORDER,
        "labels": labels,
    }
    return visit.render("source.html", context, offers=GRAPHS)


def _render_thing(visit: PageRequest, found: Record) -> Response:
    """Return the page of a thing that is no source document."""
    site, language, is_plan = visit.site, visit.language, "Plan" in found.kinds
    sources = dict.fromkeys(quotation.source for quotation in found.quotations)
    documents = (read_document(site, source, found.quotations) for source in sources)
    matches, disputed = matches_of_part(site, found.iri, language), disputed_claims(site, found.iri, language)
    told = read_profile(site, found, language)
    claims = [claim for each in disputed for claim in each]
    named = set(told.iris if told else ()).union(
        *((match.subject, match.object, match.way, match.author) for match in matches),
        *((claim.of, claim.property, claim.confidence, *claim.sources) for claim in claims),
        (claim.value.value for claim in claims if claim.value.is_iri),
    )
    defect = read_finding(site, found.iri, language) if "Finding" in found.kinds else None
    context = {
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
