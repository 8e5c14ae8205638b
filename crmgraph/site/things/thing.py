"""Things: their statements, the readings of plans about them, and disagreements of sources."""

from collections.abc import Collection, Iterable
from itertools import groupby
from operator import itemgetter

from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.site.base import (
    Record,
    Row,
    Site,
    Term,
    certainty_in,
    certainty_pattern,
    in_language,
    name_key,
    reference,
    rows_by,
    text_of,
)
from crmgraph.site.findings import findings_about
from crmgraph.site.plans import ancestors_of, plan_names
from crmgraph.site.source import Quotation, read_quotations

_CG = ONTOLOGY + "#"
_TYPE = PREFIXES["rdf"] + "type"
_NAMES = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")
_UNFOLDED, _LISTED = 20, 50
"""How many statements with a property a page shows unfolded, and how many it lists at all."""

POINTING_SHOWN = 200
_READINGS_UNFOLDED, _READINGS_UNFOLDED_BESIDE = 20, 5
"""How many readings of a kind a page shows unfolded: where all do, and beside some that it folds."""

_ABOUT = "SELECT ?graph ?property ?value { GRAPH ?graph { %s ?property ?value } }"
_SPOKEN_OF = "SELECT ?x { ?x ?property %s } LIMIT 1"
_POINTING = "SELECT ?graph ?property ?value { GRAPH ?graph { ?value ?property %s } }"
# The engine looks up what each part names itself; named once for all parts, it would go through all there is.
_GISTS = """
SELECT ?iri ?subject ?predicate ?value ?passage {
  { VALUES ?iri { %(x)s } ?iri a cg:Mention ; cg:mentioned ?value . OPTIONAL { ?iri cg:passage ?passage } }
  UNION
  { VALUES ?iri { %(x)s } ?iri a cg:Statement ; cg:subject ?subject ; cg:predicate ?predicate
    ; cg:object|cg:literal ?value
    OPTIONAL { ?iri cg:passage ?passage } }
  UNION
  { VALUES ?iri { %(x)s } ?iri a cg:Acronym ; cg:passage ?passage }
  UNION
  { VALUES ?iri { %(x)s } ?iri a cg:Passage . BIND (?iri AS ?passage) }
}
ORDER BY ?iri ?predicate ?value ?passage"""
_CLAIMS = """
SELECT DISTINCT ?iri ?of ?property ?value ?is_preferred ?confidence ?sources ?note {
  { ?iri cg:subject %(thing)s }
  UNION { ?iri cg:object %(thing)s ; cg:predicate cg:member }
  UNION { %(thing)s cg:membership/^cg:subject ?iri }
  ?iri cg:subject ?of ; cg:rank ?rank ; cg:predicate ?property ; cg:object|cg:literal ?value .
  BIND (?rank = rank:preferred AS ?is_preferred)
  OPTIONAL { ?iri cg:confidence ?confidence }
  OPTIONAL { ?iri dcterms:source ?sources }
  OPTIONAL { ?iri skos:note ?note }
} ORDER BY ?sources"""
_READING_KINDS = ("participations", "uses", "subjects", "circumstances", "mentions")
# Where a query begins stands in each of its parts: an engine that answers them one by one need not answer them for all.
_READINGS = f"""
SELECT DISTINCT ?kind ?plan ?element ?order ?number ?way ?value ?passage ?doubted ?degree {{
  {{ %(where)s VALUES ?kind {{ "participations" }}
    ?element cg:participation ?x . ?x cg:agent ?value ; cg:role ?way ; cg:passage ?passage }}
  UNION {{ %(where)s VALUES ?kind {{ "uses" }}
    ?element cg:instrumentUse ?x . ?x cg:instrument ?value ; cg:use ?way ; cg:passage ?passage }}
  UNION {{ %(where)s
    ?x cg:subject ?element ; cg:predicate ?way ; cg:object|cg:literal ?value ; cg:passage ?passage .
    ?element a cg:PlanElement
    VALUES (?kind ?way) {{
      ("circumstances" cg:date) ("circumstances" cg:since) ("circumstances" cg:until) ("circumstances" cg:recurrence)
      ("circumstances" cg:recursWith) ("circumstances" cg:delay) ("circumstances" cg:place)
      ("circumstances" cg:meeting) ("subjects" cg:topic) ("subjects" cg:populationGroup)
    }} }}
  UNION {{ %(where)s VALUES ?kind {{ "circumstances" }}
    VALUES ?way {{ cg:PastEvent cg:PlannedEvent }}
    ?element cg:tells ?value . ?value a ?way ; cg:passage ?passage . BIND (?value AS ?x) }}
  %(more)s
  OPTIONAL {{ ?element cg:order ?order }}
  OPTIONAL {{ ?element cg:number ?number }}{certainty_pattern("?x")}
}}"""
_MENTIONS = """
  UNION { VALUES ?value { %s } VALUES ?kind { "mentions" }
    ?x cg:mentioned ?value ; cg:passage ?passage ; cg:nameForm ?way . ?element cg:mention ?x }
  OPTIONAL { ?element cg:within? ?plan . ?plan a cg:Plan }"""


def thing(site: Site, iri: str, language: str) -> Record | None:
    """Return the thing with this IRI, and what the graph says `about` it; None where it says nothing.

    It has its `iri`, `label` (in `language`), `number` and `status`, the IRIs of its `types` and the names of those in
    our ontology (`kinds`), the `trail` to it from its plan, its `quotations` and `findings`. The `readings` of a part
    of a plan are those of its words and of its parts; a whole plan has too many.
    """
    rows = site.select(_ABOUT % reference(iri))
    if not rows and not site.select(_SPOKEN_OF % reference(iri)):
        return None
    about = _grouped(rows, site.names.graph("inferred"), language)
    values = {group.predicate: [said.value.value for said in group.statements] for group in about}
    label, spoken = in_language(site.labels((iri,)).get(iri, {}), language)
    types = values.get(_TYPE, [])
    kinds = {name.removeprefix(_CG) for name in types if name.startswith(_CG)}
    is_of_plan = not kinds.isdisjoint(("Plan", "PlanElement"))
    numbers = values.get(_CG + "number") or (values.get(PREFIXES["skos"] + "notation") if is_of_plan else None)
    passages = [*values.get(_CG + "passage", ()), *([iri] if "Passage" in kinds else ())]
    return Record(
        iri=iri,
        label=label,
        language=spoken,
        types=types,
        kinds=kinds,
        is_of_plan=is_of_plan,
        number=numbers[0] if numbers else "",
        status=next(iter(values.get(_CG + "status", ())), ""),
        trail=ancestors_of(site, iri, language) if PREFIXES["dcterms"] + "isPartOf" in values else (),
        about=about,
        quotations=sorted(read_quotations(site, passages).values()),
        findings=findings_about(site, iri, language),
        readings=readings_of(site, iri, kinds),
    )


def _grouped(rows: Iterable[Row], inferred: str, language: str) -> list[Record]:
    """Return statements, each a row with its ?property, ?value and ?graph, by property (`predicate`).

    Each has a `value`, and the IRIs of the `graphs` that state it. What is asserted comes before what is only in the
    graph `inferred`, what is in the language before the rest. A page folds what `is_long`, and shows those `listed`.
    """

    def place(said: Record) -> tuple[object, ...]:
        spoken = said.value.language
        return said.is_inferred, spoken not in ("", language), spoken, name_key(said.value.value)

    def rank(group: Record) -> tuple[object, ...]:
        name = group.predicate
        return name != _TYPE, name not in _NAMES, group.statements[0].is_inferred, name

    groups = []
    for (name,), said in rows_by(rows, "property").items():
        graphs: dict[Term, set[str]] = {}
        for row in said:
            graphs.setdefault(row["value"], set()).add(row["graph"].value)
        statements = sorted(
            (Record(value=value, graphs=sorted(of), is_inferred=of == {inferred}) for value, of in graphs.items()),
            key=place,
        )
        is_long, listed = len(statements) > _UNFOLDED, statements[:_LISTED]
        groups.append(Record(predicate=name, statements=statements, is_long=is_long, listed=listed))
    return sorted(groups, key=rank)


def tables(site: Site, thing: Record, language: str) -> Record:
    """Return at most POINTING_SHOWN of the statements `pointing` to the thing, of which there are more if it `is_cut`.

    `labels` are the names of all in these and in those about the thing, `gists` are for what has no name.
    """
    # Engines look up two names in each of their comparisons, so that they put in order slower than they answer.
    rows = sorted(site.select(_POINTING % reference(thing.iri)), key=itemgetter("property", "value", "graph"))
    pointing = _grouped(rows[:POINTING_SHOWN], site.names.graph("inferred"), language)
    groups = (*thing.about, *pointing)
    listed = [said for group in groups for said in group.listed]
    named = {group.predicate for group in groups}.union(*(said.graphs for said in listed))
    named |= {said.value.value for said in listed if said.value.is_iri}
    unnamed = gists(site, {thing.iri, *named})
    for gist in unnamed.values():
        named |= {gist.subject, gist.predicate, gist.value.value if gist.value and gist.value.is_iri else ""}
    return Record(pointing=pointing, is_cut=len(rows) > POINTING_SHOWN, gists=unnamed, labels=site.labels(named))


def gists(site: Site, iris: Iterable[str]) -> dict[str, Record]:
    """Return the content of each mention, acronym, statement and passage among these IRIs that has no name, by IRI.

    It has a `subject`, a `predicate`, a `value` (a Term) and a `quotation`, as far as there are any.
    """
    ours = {iri for iri in iris if iri.startswith(site.names.id())}
    wanted = sorted(ours - site.labels(ours).keys())
    found = site.records(_GISTS % {"x": " ".join(map(reference, wanted))}, "iri", terms=("value",)) if wanted else []
    words = read_quotations(site, filter(None, (gist.passage for gist in found)))
    for gist in found:
        gist.quotation = words.get(gist.passage)
    return {gist.iri: gist for gist in found}


def disputes(site: Site, iri: str, language: str) -> list[list[Record]]:
    """Return where sources disagree about the thing with this IRI, then about what it is a member of and as what.

    Each is the claims about a `property` of a thing (`of`), the preferred first. A claim has its `iri` and `value`, its
    `confidence`, the IRIs of its `sources` and a `note`.
    """

    def place(claim: Record) -> tuple[object, ...]:
        term = claim.value
        return claim.of != iri, claim.of, claim.property, term.language, not claim.is_preferred, term.value, claim.iri

    query = _CLAIMS % {"thing": reference(iri)}
    keys, lists = ("of", "property", "iri"), ("sources",)
    found = site.records(query, *keys, language=language, texts=("note",), lists=lists, terms=("value",))
    # What a thing is called is another matter in each language.
    matters = groupby(sorted(found, key=place), key=lambda claim: (claim.of, claim.property, claim.value.language))
    return [list(claims) for _, claims in matters]


def readings_of(site: Site, iri: str, kinds: Collection[str] = ()) -> Record:
    """Return what the words of a part of a plan and of the parts below bring in, or where plans bring in another thing.

    See `_read`. A whole plan brings in too many.
    """
    here = reference(iri)
    if "PlanElement" in kinds:
        return _read(site, _READINGS % {"where": f"?element cg:within? {here} .", "more": ""}, iri)
    about = _READINGS % {"where": f"VALUES ?value {{ {here} }}", "more": _MENTIONS % here}
    return _read(site, "" if "Plan" in kinds else about, "")


def _read(site: Site, query: str, whole: str) -> Record:
    """Return the readings of a query by their kinds (`by_kind`), in the order of the document.

    Each says what an `element` brings in: a `value` in this `way` (a role, a use, a property, a kind of event or a form
    of a name), by the words of its `quotation`, with its `certainty`. They are in the part `whole` of a plan, or of any
    plan where that is empty; then there are mentions too, and those in another plan than ours are `elsewhere`. A page
    shows at most so many of a kind `unfolded`. `further_mentions` are those but in words that already stand in another
    reading of the same part. It `is_only_a_place` where it is one in all of its circumstances.
    """

    def place(pair: tuple[Row, Quotation]) -> tuple[object, ...]:
        """Return a key that puts what the plan that the site is about says before what other plans do."""
        row, quotation = pair
        is_other = quotation.source != site.names.id("source", "crm")
        order = int(text_of(row, "order") or 0)
        return is_other, quotation.source, order, quotation, row["way"].value, row["value"].value

    rows, ours = site.select(query) if query else (), site.names.id("plan", "crm")
    words = read_quotations(site, (row["passage"].value for row in rows))
    by_kind: dict[str, list[Record]] = {kind: [] for kind in _READING_KINDS}
    known = [(row, words[row["passage"].value]) for row in rows if row["passage"].value in words]
    for row, quotation in sorted(known, key=place):
        reading = Record(**{name: text_of(row, name) for name in ("element", "plan", "number", "way")})
        reading.value, reading.quotation, reading.certainty = row["value"], quotation, certainty_in(row)
        reading.elsewhere = not whole and reading.plan != ours
        by_kind[row["kind"].value].append(reading)
    labels = dict(site.labels(term.value for row in rows for term in row.values() if term.is_iri))
    for way in {text_of(row, "way") for row in rows} & labels.keys():
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
    """Return whether the words of a reading are of the same element as those of the other and have these in them."""
    own, its = reading.quotation, other.quotation
    is_same = (reading.element, own.source) == (other.element, its.source)
    return bool(is_same and own.start <= its.start and its.end <= own.end)
