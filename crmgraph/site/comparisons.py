"""Comparisons: what corresponds to each part of a plan in another plan, and how it changed between versions."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

from starlette.responses import RedirectResponse, Response

from crmgraph import errors
from crmgraph.comparing.changes import CHANGES
from crmgraph.comparing.reporting import pieces_of
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base import (
    GRAPHS,
    HTML,
    JSON,
    PageRequest,
    Record,
    Row,
    Site,
    Texts,
    grouped,
    in_language,
    iri_ref,
    known,
    name_key,
    query_about,
    rows_by,
    texts_by_language,
)
from crmgraph.site.plans import (
    compared_pairs,
    comparison_path,
    external_plans,
    name_of_plan,
    plan_names,
    plan_texts,
    plans,
)
from crmgraph.site.source import read_quotations

_RELATIONS = tuple(f"{ONTOLOGY}/correspondence#{name}" for name in ("exact", "close", "broad", "narrow", "related"))
"""The mapping relations between parts of plans, as in SKOS, the closest first."""

_CERTAINTY_LEVELS = {"high": 0.8, "medium": 0.6}
"""The least certainty, from 0 to 1, that counts as high or as medium; anything less is low."""

# The compared parts: the objectives of a plan, its themes without objectives, all other parts that have been compared,
# and the targets of the 2030 Agenda that concern migration.
_PARTS = """
SELECT DISTINCT ?whole ?iri ?above ?number ?order ?label {
  { SELECT DISTINCT ?whole { ?said cg:comparedWith|rdf:subject/cg:within ?whole ; cg:comparedWith ?any } }
  { ?iri cg:within ?whole ; a cg:Objective }
  UNION {
    ?iri cg:within ?whole ; a cg:Theme .
    FILTER NOT EXISTS { ?iri dcterms:hasPart ?objective . ?objective a cg:Objective }
  }
  UNION { ?iri skos:inScheme ?whole ; cg:concern ?concern }
  UNION { ?iri cg:within ?whole ; ^(rdf:subject|rdf:object) ?statement . ?statement cg:comparedWith ?compared }
  ?iri rdfs:label ?label .
  OPTIONAL { ?iri dcterms:isPartOf ?above }
  OPTIONAL { ?iri cg:number|skos:notation ?number }
  OPTIONAL { ?iri cg:order ?order }
}"""
# Each correspondence appears from both sides. Seen from its object, broader becomes narrower and the reverse.
_MATCHES = (
    """
SELECT DISTINCT ?iri ?is_turned ?subject ?plan ?other ?object ?way ?certainty ?author ?date ?passage ?why ?confidence {
  %s
  ?iri cg:comparedWith ?second ; rdf:subject ?from .
  ?from cg:within ?first . ?first a cg:Plan .
  OPTIONAL { ?iri a cg:Correspondence ; rdf:object ?to ; cg:relation ?relation }
  VALUES ?is_turned { false true } FILTER (BOUND(?to) || !?is_turned)
  BIND (IF(?is_turned, ?to, ?from) AS ?subject) BIND (IF(?is_turned, ?from, ?to) AS ?object)
  BIND (IF(?is_turned, ?second, ?first) AS ?plan) BIND (IF(?is_turned, ?first, ?second) AS ?other)
  BIND (IF(!?is_turned || ?relation NOT IN (correspondence:broad, correspondence:narrow), ?relation,
    IF(?relation = correspondence:broad, correspondence:narrow, correspondence:broad)) AS ?way)
  OPTIONAL {
    ?iri sssom:confidence ?certainty
    BIND (IF(?certainty >= """
    + f"{_CERTAINTY_LEVELS['high']}, 'high', IF(?certainty >= {_CERTAINTY_LEVELS['medium']}, 'medium', 'low'))"
    + """ AS ?confidence)
  }
  OPTIONAL { ?iri prov:wasAttributedTo ?author }
  OPTIONAL { ?iri dcterms:date ?date }
  OPTIONAL { ?iri cg:passage ?passage }
  OPTIONAL { ?iri rdfs:comment ?why }
}"""
)
# A statement that nothing in a plan corresponds to a part is about that part only.
_STATEMENTS_ABOUT_PART = """
SELECT DISTINCT ?said {
  { ?said rdf:subject %(part)s ; cg:comparedWith ?any } UNION { ?said a cg:Correspondence ; rdf:object %(part)s }
}"""
_RELATION_DEFINITIONS = """
SELECT ?iri ?label ?definition {
  VALUES ?iri { %s }
  ?iri skos:prefLabel ?label ; skos:definition ?definition FILTER (LANG(?label) = LANG(?definition))
}"""


def read_comparisons(site: Site, language: str) -> list[Record]:
    """Return the comparisons of all pairs of plans that have been compared (see `compare_plans`).

    They are sorted by their first plan, then by overlap, the largest first.
    """
    said = grouped(
        _read_matches(site, "", language, is_cached=True), lambda match: (match.plan, match.other, match.subject)
    )
    listed = site.records(_PARTS, "whole", "iri", language=language, texts=("label",), is_cached=True)

    def parts_of(plan: str, other: str) -> list[Record]:
        own = sorted((part for part in listed if part.whole == plan), key=_document_order)
        return [part_with_matches(part, said.get((plan, other, part.iri), ())) for part in own]

    found = [
        compare_plans(plan, other, parts_of(plan, other), parts_of(other, plan)) for plan, other in compared_pairs(site)
    ]
    return sorted(found, key=lambda each: (each.plan, *_overlap_key(each)))


def part_with_matches(part: Record, matches: Iterable[Record]) -> Record:
    """Return a part of a plan with the `matches` of which it is the subject.

    Attributes of the result:
        matches: All matches (see `_read_matches`), the closest first.
        corresponding: The matches that have an object.
        degree: How close the closest match is, from 5 (exact) to 1 (related); 0 if nothing corresponds.
    """
    ordered = sorted(matches, key=_match_key)
    corresponding = [match for match in ordered if match.object]
    return Record(
        **{
            **vars(part),
            "matches": ordered,
            "corresponding": corresponding,
            "degree": max((_closeness(match.way) for match in corresponding), default=0),
        }
    )


def compare_plans(plan: str, other: str, own: Sequence[Record], theirs: Sequence[Record]) -> Record:
    """Return the comparison of two plans, given the parts of each with their matches in the other.

    Attributes of the result:
        plan: The IRI of the first plan.
        other: The IRI of the second plan.
        own: The parts of the first plan.
        theirs: The parts of the second plan.
        path: The path of the page of this comparison.
        side: The name of the first plan's side on that page: `own` or `theirs`.
        is_turned: Whether the order of the plans is the reverse of that on the page.
        turned: The same comparison with the plans in reverse order.
        answered: The number of parts in `own` that something corresponds to.
        unread: The number of parts in `own` that have not been compared with the second plan. It is 0 if all parts in
            `theirs` have been compared with the first plan.
    """

    def view_from(plan: str, other: str, own: Sequence[Record], theirs: Sequence[Record], **more: object) -> Record:
        are_known = all(any(not match.is_turned for match in part.matches) for part in theirs)
        unread = 0 if are_known else sum(not part.matches for part in own)
        return Record(
            plan=plan,
            other=other,
            own=own,
            theirs=theirs,
            answered=sum(bool(part.corresponding) for part in own),
            unread=unread,
            **more,
        )

    path = comparison_path(plan, other)
    found = view_from(plan, other, own, theirs, path=path, side="own", is_turned=False)
    found.turned = view_from(other, plan, theirs, own, path=path, side="theirs", is_turned=True, turned=found)
    return found


def has_unmatched_parts(found: Record) -> bool:
    """Return whether some part of either plan is known to have no counterpart in the other."""
    return any(
        not part.corresponding and (part.matches or not side.unread)
        for side in (found, found.turned)
        for part in side.own
    )


def matches_of_part(site: Site, iri: str, language: str) -> list[Record]:
    """Return the matches of the part with this IRI (see `_read_matches`), the closest first."""
    said = " ".join(iri_ref(row["said"].value) for row in site.select(_STATEMENTS_ABOUT_PART % {"part": iri_ref(iri)}))
    found = _read_matches(site, f"VALUES ?iri {{ {said} }}", language) if said else []
    return sorted((match for match in found if match.subject == iri), key=_match_key)


def part_numbers(site: Site) -> dict[str, str]:
    """Return the numbers of all compared parts, by IRI. Parts without a number are left out."""
    return {row["iri"].value: row["number"].value for row in site.select(_PARTS, is_cached=True) if "number" in row}


def _read_matches(site: Site, condition: str, language: str, *, is_cached: bool = False) -> list[Record]:
    """Return the matches between parts of plans that fulfil a SPARQL `condition` on `?iri`.

    A match is the statement of whoever has read two plans: something in the other plan corresponds to a part, or
    nothing does. If something does, there are two records, one from each side.

    Attributes of the result:
        iri: The IRI of the statement.
        subject: The IRI of the part.
        plan: The IRI of its plan.
        object: The IRI of the corresponding part; empty if nothing corresponds.
        other: The IRI of the other plan.
        way: The IRI of the mapping relation from `subject` to `object`; empty if nothing corresponds.
        is_turned: Whether the statement has the two parts in reverse order.
        certainty: A number from 0 to 1; empty if not stated.
        confidence: The certainty as `high`, `medium` or `low`; empty if not stated.
        author: The IRI of the person.
        date: The date of the statement.
        why: The reason, in the language `why_language`.
        quotation: The passage that supports it (a Quotation), or None.
    """
    found = site.records(
        _MATCHES % condition, "iri", "is_turned", language=language, texts=("why",), is_cached=is_cached
    )
    words = read_quotations(site, filter(None, (match.passage for match in found)))
    for match in found:
        match.quotation = words.get(match.passage)
    return found


def _document_order(part: Record) -> tuple[float, list[float], str]:
    """Return a sort key: the order of a part in its document or, without one, its number."""
    order = [float(piece) if piece.isdecimal() else math.inf for piece in part.number.split(".")]
    return part.order or 0, order, part.iri


def _closeness(way: str) -> int:
    return len(_RELATIONS) - _RELATIONS.index(way) if way in _RELATIONS else 0


def _overlap_key(found: Record) -> tuple[int, int, str]:
    """Return a sort key that puts the comparisons with the largest overlap first."""
    return -found.answered, -found.turned.answered, found.other


def _match_key(match: Record) -> tuple[int, float, list[tuple[int, str]]]:
    """Return a sort key: the closest match first, then the most certain, then the IRI (part 9 before part 10)."""
    return -_closeness(match.way), -(match.certainty or 0), name_key(match.object)


def _read_relations(site: Site, parts: Iterable[Record], language: str) -> list[Record]:
    """Return the mapping relations in the matches of these parts, the closest first, with labels and definitions."""
    said = {match.way for part in parts for match in part.corresponding}
    query = _RELATION_DEFINITIONS % " ".join(map(iri_ref, _RELATIONS))
    found = site.records(query, "iri", language=language, texts=("label", "definition"), is_cached=True)
    for way in found:
        way.degree = _closeness(way.iri)
    return sorted((way for way in found if way.iri in said), key=lambda way: -way.degree)


def _group_by_parent(parts: Sequence[Record]) -> list[tuple[str, list[Record]]]:
    """Return the parts of a plan in groups, each with the IRI of their parent.

    If all have the same parent, the only group has an empty IRI.
    """
    groups = [(above, list(each)) for above, each in groupby(parts, key=lambda part: part.above)]
    return groups if len({above for above, _ in groups}) > 1 else [("", list(parts))]


def _group_by_plan(found: Iterable[Record], plans: Collection[str]) -> list[tuple[str, list[Record]]]:
    """Return each of these plans with its comparisons, seen from its side.

    The plan that has been compared with most others comes first.
    """
    every = (side for one in found for side in (one, one.turned) if side.plan in plans)
    sides: dict[str, list[Record]] = grouped(every, lambda side: side.plan)
    ordered = sorted(sides, key=lambda plan: (-len(sides[plan]), plan))
    return [(plan, sorted(sides[plan], key=_overlap_key)) for plan in ordered]


def crosswalk_page(visit: PageRequest) -> Response:
    """Return the overview of all plans and of how far the compared ones overlap."""
    site = visit.site
    found = read_comparisons(site, visit.language)
    if visit.form != HTML:
        labels = site.labels(iri for each in found for iri in (each.plan, each.other))
        return visit.respond_with_data(
            query_about("comparisons", site), (_comparison_as_json(each, labels) for each in found)
        )
    all_plans, plans_known = plans(site), plan_texts(site)
    sections = _group_by_plan(found, {plan.iri for plan in all_plans})
    order = [plan for plan, _ in sections]
    # A plan with one comparison needs no section of its own if an earlier section contains that comparison.
    mirrored = {
        plan: sides[0] for plan, sides in sections if len(sides) == 1 and sides[0].other in order[: order.index(plan)]
    }
    own = {plan: [part for each in sides for part in each.own] for plan, sides in sections}
    above = {part.above for parts in own.values() for part in parts}
    context = {
        "all": all_plans,
        "external_plans": external_plans(site, all_plans),
        "plans": [
            (plan, sides, _read_relations(site, own[plan], visit.language))
            for plan, sides in sections
            if plan not in mirrored
        ],
        "mirrored": list(mirrored.values()),
        "is_partial": any(each.unread for each in found),
        "known": plans_known,
        "abridged": len({each.other for each in found if plans_known[each.other].is_abridged}),
        "plan_names": plan_names(site),
        "labels": site.labels((above | {plan.process for plan in all_plans}) - {""}),
        "questions": [question for question in site.library.values() if question.group == "correspondences"],
    }
    return visit.render("crosswalk.html", context, offers=(*GRAPHS, JSON))


def comparison_page(visit: PageRequest, plan: str, other: str) -> Response:
    """Return the page of two compared plans: each part with its matches, from both sides, with the reasons.

    If the plans are in reverse order in the path, the response redirects to the path with the usual order.
    """
    site = visit.site
    pairs = {
        (name_of_plan(each.plan), name_of_plan(each.other)): each for each in read_comparisons(site, visit.language)
    }
    if (plan, other) not in pairs and (turned := pairs.get((other, plan))):
        return RedirectResponse(visit.links.page_address(visit.language, turned.path), 308)
    one = known(pairs.get((plan, other)), f"/crosswalk/{plan}/{other}")
    parts = [*one.own, *one.theirs]
    named = {
        iri
        for part in parts
        for match in part.matches
        for iri in (match.subject, match.object, match.way, match.author)
    }
    labels = site.labels({one.plan, one.other, *named, *(part.above for part in parts)} - {""})
    if visit.form != HTML:
        # Each match once, from the side of the first plan, and the parts of the second without a counterpart.
        rows = (
            _match_as_json(match, part.number, labels)
            for part in parts
            for match in part.matches
            if match.plan == one.plan or not match.object
        )
        return visit.respond_with_data(query_about("comparison", site, one.plan, one.other), rows)
    context = {
        "comparison": one,
        "known": plan_texts(site),
        "plan_names": plan_names(site),
        "ways": _read_relations(site, parts, visit.language),
        "has_unmatched_parts": has_unmatched_parts(one),
        "by_theme": _group_by_parent,
        "certain": _CERTAINTY_LEVELS,
        "labels": labels,
        "numbers": {part.iri: part.number for part in parts},
    }
    return visit.render("comparison.html", context, offers=(*GRAPHS, JSON))


def _comparison_as_json(pair: Record, labels: Mapping[str, Texts]) -> dict[str, object]:
    """Return the JSON object for a comparison: how many parts of each plan have a counterpart in the other."""
    return {
        "plan": pair.plan,
        "plan_label": labels.get(pair.plan, {}),
        "parts": len(pair.own),
        "parts_with_counterpart": pair.answered,
        "other": pair.other,
        "other_label": labels.get(pair.other, {}),
        "other_parts": len(pair.theirs),
        "other_parts_with_counterpart": pair.turned.answered,
    }


def _match_as_json(match: Record, number: str, labels: Mapping[str, Texts]) -> dict[str, object]:
    """Return the JSON object for a match, with the `number` of its subject."""
    return {
        "statement": match.iri,
        "subject": match.subject,
        "subject_number": number or None,
        "subject_label": labels.get(match.subject, {}),
        "object": match.object or None,
        "object_label": labels.get(match.object, {}),
        "way": match.way or None,
        "certainty": None if match.certainty == "" else match.certainty,
        "author": match.author,
        "date": match.date,
        "why": {match.why_language: match.why},
        "passage": match.quotation.iri if match.quotation else None,
    }


_EARLIER_VERSIONS = """
SELECT DISTINCT ?iri ?plan ?following ?headings {
  ?iri dcterms:isVersionOf ?plan .
  ?following prov:wasRevisionOf ?iri .
  OPTIONAL { ?revision prov:used ?iri ; prov:generated ?following ; skos:note ?headings }
  %s
}"""
_EARLIER_PART = """OPTIONAL { ?old rdfs:label ?oldLabel ; dcterms:source ?source ; dcterms:type ?oldPart
      OPTIONAL { ?old skos:notation ?oldNumber } }"""
_LATER_PART = """OPTIONAL { ?new cg:text|rdfs:label ?newLabel OPTIONAL { ?new cg:number|skos:notation ?newNumber } }
      OPTIONAL { ?new a|dcterms:type ?newPart
        FILTER (?newPart IN (cg:Theme, cg:Objective, cg:Action, cg:Activity, cg:Note)) }
      OPTIONAL { ?new dcterms:source ?place }"""
# An added part has no ?old, and a dropped part no ?new: an OPTIONAL with an unbound subject would match everything.
_REVISIONS = f"""
SELECT DISTINCT ?old ?new ?kind ?note ?oldLabel ?newLabel ?oldPart ?newPart ?oldNumber ?newNumber ?source ?place {{
  {{ GRAPH %(graph)s {{
      ?new prov:qualifiedRevision ?said . ?said prov:entity ?old . OPTIONAL {{ ?said dcterms:type ?kind }}
      OPTIONAL {{ ?said skos:note ?note }} }}
    {_EARLIER_PART} {_LATER_PART} }}
  UNION {{ GRAPH %(graph)s {{ ?old prov:wasInvalidatedBy ?any BIND ("dropped" AS ?kind) }} {_EARLIER_PART} }}
  UNION {{ GRAPH %(graph)s {{ ?new prov:wasGeneratedBy ?any BIND ("added" AS ?kind) }} {_LATER_PART} }}
}}"""
_UNCHANGED = "SELECT (COUNT(*) AS ?n) { GRAPH %s { ?new prov:wasDerivedFrom ?old } }"


def read_earlier_versions(site: Site, plan: str) -> list[Record]:
    """Return the earlier versions of the plan with this IRI, the last first.

    Each has its `iri` and, as `following`, the IRI of the version that replaced it.
    """
    return sorted(
        site.records(_EARLIER_VERSIONS % f"FILTER (?plan = {iri_ref(plan)})", "iri"),
        key=lambda each: each.iri,
        reverse=True,
    )


def read_version(site: Site, iri: str, language: str) -> Record | None:
    """Return the earlier version with this IRI and its changes, or None if there is no such version.

    Attributes of the result:
        iri: The IRI of the earlier version.
        plan: The IRI of the plan.
        following: The IRI of the version that replaced it.
        headings: How the text above the table changed; empty if it did not.
        revisions: One record for each part that changed (see `_revision_of_part`), in the order of the later text;
            dropped parts come last, in the order of the earlier text.
        unchanged: The number of parts that did not change.
    """
    found = next(iter(site.records(_EARLIER_VERSIONS % f"FILTER (?iri = {iri_ref(iri)})", "iri")), None)
    if found is not None:
        graph = iri_ref(site.names.graph("versions", iri.removeprefix(site.names.id("plan", ""))))
        told = rows_by(site.select(_REVISIONS % {"graph": graph}), "old", "new")
        revisions = (_revision_of_part(old, new, each, language) for (old, new), each in told.items())
        # The later version itself is in the rows too, without a kind of change.
        changed = (each for each in revisions if each.kinds)
        found.revisions = sorted(changed, key=lambda each: (not each.new, each.start))
        found.unchanged = int(site.select(_UNCHANGED % graph)[0]["n"].value)
    return found


def _revision_of_part(old: str, new: str, rows: Sequence[Row], language: str) -> Record:
    """Return the change of one part of a plan between two versions.

    `old` and `new` are the IRIs of the part in the earlier and in the later version. `old` is empty for an added part,
    `new` for a dropped part.

    Attributes of the result:
        old: The IRI in the earlier version.
        new: The IRI in the later version.
        part: The IRI of the class of the part, in the later version if it is there.
        kinds: The kinds of change: keys of CHANGES.
        number: The number of the part, in the later version if it has one there.
        pieces: The words before and after the change, in pieces (see `pieces_of`).
        notes: Remarks on the change, in this language or without a language tag.
        source: The IRI of the passage in the earlier version; empty for an added part.
        start: The code point offset of the part in the later text; of a dropped part, in the earlier text.
    """

    def first_value(*names: str) -> str:
        return next((row[name].value for name in names for row in rows if name in row), "")

    was = texts_by_language(rows, "oldLabel")
    # Compare the earlier text with the later text in the same language, not with a translation.
    after = in_language(texts_by_language(rows, "newLabel"), next(iter(was), language))[0]
    # The IRI of a passage ends in its start and end offsets, as in `…/13011-13115`.
    start = first_value("place", "source").rpartition("/")[2].partition("-")[0]
    return Record(
        old=old,
        new=new,
        part=first_value("newPart", "oldPart"),
        kinds=sorted({row["kind"].value for row in rows if "kind" in row}),
        number=first_value("newNumber", "oldNumber"),
        pieces=list(pieces_of(in_language(was, language)[0], after)),
        notes=sorted({row["note"].value for row in rows if "note" in row and row["note"].language in ("", language)}),
        source=first_value("source"),
        start=int(start) if start.isdecimal() else 0,
    )


def version_page(visit: PageRequest, name: str) -> Response:
    """Return the page or the data that show how each part of an earlier version changed in the next."""
    site, language = visit.site, visit.language
    found = known(read_version(site, visit.links.thing_iri(f"plan/{name}"), language), f"/versions/{name}")
    if visit.form != HTML:
        return visit.respond_with_data(
            query_about("graph", site, site.names.graph("versions", name)), map(_revision_as_json, found.revisions)
        )
    context = {
        "version": found,
        "counts": Counter(kind for each in found.revisions for kind in each.kinds),
        "changes": {name: errors.in_language(said, language) for name, said in CHANGES.items()},
        "labels": site.labels({found.plan, found.following, *(each.part for each in found.revisions)} - {""}),
    }
    return visit.render("version.html", context, offers=(*GRAPHS, JSON))


def _revision_as_json(revision: Record) -> dict[str, object]:
    """Return the JSON object for the change of one part."""
    return {
        "earlier": revision.old or None,
        "later": revision.new or None,
        "number": revision.number or None,
        "kind": revision.part or None,
        "changes": revision.kinds,
        "earlier_words": " ".join(words for words, kind in revision.pieces if kind != "new") or None,
        "later_words": " ".join(words for words, kind in revision.pieces if kind != "old") or None,
        "notes": revision.notes,
        "earlier_passage": revision.source or None,
    }
