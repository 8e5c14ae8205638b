"""SHACL: validation, its results and logical contradictions as findings in two languages, and findings as RDF."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from itertools import chain, product, takewhile
from pathlib import Path
from typing import Any

from babel.dates import format_skeleton
from pyoxigraph import RdfFormat, Store, parse, serialize
from rdflib import DCTERMS, RDF, RDFS, SH, SKOS, XSD, BNode, Graph, Literal, URIRef
from rdflib.paths import Path as PropertyPath
from rdflib.term import Node

from crmgraph.checks.findings import PART_KINDS, SHAPES, Check, Finding, Location, place_names, read_checks, turtle_in
from crmgraph.describing.vocabulary import ANALYSIS, CG, Statement, find_quote, graph_of, node_of, statement_of
from crmgraph.errors import Bilingual, UsageError, shortened
from crmgraph.inference.entailment import Contradiction
from crmgraph.inference.rules import abbreviate_term, read_turtle, rows
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names
from crmgraph.reading.languages import fold, tidy
from crmgraph.reading.model import Passage

_TARGETS = {
    SH.targetClass: "?this a %s",
    SH.targetSubjectsOf: "?this %s ?any_object",
    SH.targetObjectsOf: "?any_subject %s ?this",
}


@dataclass(frozen=True)
class Shapes:
    """A set of SHACL shapes, such as those of the project.

    Attributes:
        graph: The shapes as a graph.
        checks: The check that each shape defines, by the node of the shape.
    """

    graph: Graph
    checks: Mapping[Node, Check]

    @cached_property
    def core(self) -> str:
        """The shapes without their SPARQL constraints, in Turtle."""
        return graph_of(each for each in self.graph if each[1] != SH.sparql).serialize(format="turtle")

    @cached_property
    def queries(self) -> list[tuple[Check, str]]:
        """The SPARQL constraints, each as one query for all focus nodes (?this), with the check that has it."""
        head = "".join(
            f"PREFIX {self.graph.value(each, SH.prefix)}: <{self.graph.value(each, SH.namespace)}>\n"
            for each in self.graph.objects(None, SH.declare)
        )
        found = []
        for shape, constraint in self.graph.subject_objects(SH.sparql):
            targets = (
                f"{{ {pattern % target.n3()} }}"
                for property, pattern in _TARGETS.items()
                for target in self.graph.objects(shape, property)
            )
            select, brace, where = str(self.graph.value(constraint, SH.select)).replace("$this", "?this").partition("{")
            focus = f" {{ SELECT DISTINCT ?this {{ {' UNION '.join(targets)} }} }}"
            found.append((self.checks[shape], f"{head}{select}{brace}{focus}{where}"))
        return found

    @property
    def catalogue(self) -> list[Check]:
        """All checks: by group, within a group from the most severe to the least severe, then by code."""
        return list(self.checks.values())

    def with_severity(self, severity: str) -> "Shapes":
        """Return only the shapes with this severity, one of SEVERITIES."""
        graph, left = Graph(), {shape: check for shape, check in self.checks.items() if check.severity == severity}
        graph += self.graph
        for shape in self.checks.keys() - left.keys():
            # The concise bounded description includes the statements about the blank nodes of the shape.
            graph -= self.graph.cbd(shape)
        return Shapes(graph, left)


@cache
def known_shapes(severity: str | None = None) -> Shapes:
    """Return the shapes of the project: all, or only those with the given severity."""
    return read_shapes(SHAPES) if severity is None else known_shapes().with_severity(severity)


def read_shapes(folder: Path) -> Shapes:
    """Return the SHACL shapes in the Turtle files of a folder. A shape that has a code (cg:code) defines a check."""
    turtle = turtle_in(folder)
    checks: dict[Node, Check] = {URIRef(shape): check for shape, check in read_checks(turtle).items()}
    return Shapes(Graph().parse(data=turtle, format="turtle"), checks)


@dataclass(frozen=True)
class Result:
    """A validation result: a check that failed for a node.

    Attributes:
        check: The check that failed.
        focus: The focus node (sh:focusNode).
        value: The node or literal that caused the failure, or the second of two elements that are compared (sh:value).
        constraint: The local name of the SHACL constraint component that is violated.
    """

    check: Check
    focus: Node
    value: Node | None
    constraint: str = "SPARQLConstraintComponent"


def validate(data: Graph, shapes: Shapes, engine: str = "fast") -> list[Result]:
    """Return the distinct validation results for `data`, found by `engine`: "fast" or "pyshacl".

    With "fast", Oxigraph answers each SPARQL constraint by one query for all focus nodes, which takes a tenth of the
    time of one query for each node. The other constraints are left to pyshifty.
    """
    if engine == "pyshacl":
        results = results_in(_run_pyshacl(data, shapes.graph), shapes)
    else:
        triples = data.serialize(format="nt", encoding="utf-8")
        results = chain(
            results_in(run_pyshifty(triples, shapes.core.encode()), shapes), _sparql_results(triples, shapes)
        )
    return list(dict.fromkeys(results))


def _sparql_results(triples: bytes, shapes: Shapes) -> Iterator[Result]:
    """Yield the results of the SPARQL constraints for a graph in N-Triples (SHACL, section 5.3)."""
    store = Store()
    store.bulk_load(triples, format=RdfFormat.N_TRIPLES)
    for check, query in shapes.queries:
        for row in rows(store.query(query)):
            yield Result(check, node_of(row["this"]), node_of(row.get("value", row["this"])))


def run_pyshifty(data: bytes, shapes: bytes) -> Graph:
    """Return the SHACL validation report of pyshifty on data and shapes, both in Turtle.

    Both are bytes because the engine reads a short `str` as a file name or a URL, and fetches that. Raises ValueError
    if either is not Turtle.
    """
    import shifty  # imported here because reports of stored findings need no engine

    _, written, _ = shifty.validate(
        data, shapes, graph_mode="data", infer=False, sort_results=False, on_unsupported="error"
    )
    return written


def _run_pyshacl(data: Graph, shapes: Graph) -> Graph:
    """Return the SHACL validation report of pySHACL, the reference engine."""
    import pyshacl

    def as_plain(value: Node) -> Node:
        # rdflib distinguishes an explicit xsd:string from a plain literal; its CONCAT returns plain literals.
        return Literal(str(value)) if isinstance(value, Literal) and value.datatype == XSD.string else value

    graph = graph_of((subject, predicate, as_plain(value)) for subject, predicate, value in data)
    _, found, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", inplace=True)
    if not isinstance(found, Graph):
        raise found
    return found


def results_in(report: Graph, shapes: Shapes) -> Iterator[Result]:
    """Yield the results in a SHACL validation report of any engine."""
    for node, shape in report.subject_objects(SH.sourceShape):
        focus = next(report.objects(node, SH.focusNode))
        constraint = str(report.value(node, SH.sourceConstraintComponent)).removeprefix(str(SH))
        yield Result(shapes.checks[shape], focus, report.value(node, SH.value), constraint)


_ELEMENT_PROPERTIES = ~CG.mention | RDF.subject | ~CG.participation | ANALYSIS.firstUsedIn | CG.toldIn
"""The properties that lead from an annotation, such as a mention, to the element in whose text it is."""
_ELEMENT_PROPERTY_BY_CLASS = {CG.Passage: CG.source, CG.Referral: DCTERMS.isPartOf, CG.CrossReference: DCTERMS.isPartOf}
"""For other classes, the property that leads to the element, or the source, that contains their words."""
_NAMED_THING_PROPERTIES = CG.mentioned | CG.standsFor
"""The properties that lead from a mention or an acronym to the thing that it names."""


def locations_of(result: Result, data: Graph) -> tuple[Location, Location | None]:
    """Return the location that a validation result is about, and a second one if it compares two elements."""
    location, value = location_of(result.focus, data), result.value
    if isinstance(value, Literal):
        return _narrow(location, str(value)), None
    if value is not None and (value, RDF.type, CG.Passage) in data:
        return replace(location, **_passage_fields(value, data)), None
    has_words = value is not None and (value, CG.passage, None) in data
    return location, location_of(value, data) if value is not None and has_words and value != result.focus else None


def location_of(node: Node, data: Graph) -> Location:
    """Return the location of a node: a part of a plan, a passage, or an annotation such as a mention."""
    # The passage of a cross-reference is that of the number that it cites.
    words = [*data.objects(node, ANALYSIS.targetPassage)] or [*data.objects(node, CG.passage)]
    first = min(words, key=lambda each: _integer(data.value(each, CG.start)) or 0, default=None)
    passage = node if (node, RDF.type, CG.Passage) in data else first
    # The element of a passage is its source; a node without a containing element is its own.
    ways = (way for kind, way in _ELEMENT_PROPERTY_BY_CLASS.items() if (node, RDF.type, kind) in data)
    element = _any_value(node, next(ways, _ELEMENT_PROPERTIES), data) or node
    above = list(data.transitive_objects(element, DCTERMS.isPartOf))
    theme = next((each for each in above if (each, RDF.type, CG.Theme) in data), None)
    number = data.value(element, CG.number)
    numbers = (str(each) for whole in above for each in data.objects(whole, CG.number))
    return Location(
        str(element),
        str(number) if number else None,
        str(theme).rpartition("/")[2] if theme is not None else None,
        kind=next((name for name in PART_KINDS if (element, RDF.type, CG[name]) in data), None),
        theme_es=_label_of(theme, data) or None,
        theme_en=_label_of(theme, data, "en") or None,
        under=None if number else next(numbers, None),
        **(_passage_fields(passage, data) if passage is not None else {}),
    )


def _passage_fields(passage: Node, data: Graph) -> dict[str, Any]:
    """Return the fields of a Location that describe a passage: `passage`, `start`, `end` and `exact`."""
    start, end = (_integer(data.value(passage, way)) for way in (CG.start, CG.end))
    exact = data.value(passage, CG.exact)
    words = str(exact) if None not in (start, end, exact) else None
    return {"passage": str(passage), "start": start, "end": end, "exact": words}


def _any_value(node: Node | None, way: Node | PropertyPath, data: Graph) -> Node | None:
    """Return any one value of a property, or property path, of a node; None if it has no value."""
    return None if node is None else next(data.objects(node, way), None)


def _narrow(location: Location, words: str) -> Location:
    """Return the location restricted to some words of its passage, or unchanged if the passage lacks these words."""
    if location.exact is None or location.start is None:
        return location
    try:
        place = find_quote(Passage(location.start, location.start + len(location.exact), location.exact), words)
    except ValueError:
        return location
    iri = f"{str(location.passage).rpartition('/')[0]}/{place.start}-{place.end}"
    return replace(location, passage=iri, start=place.start, end=place.end, exact=place.exact)


def _integer(value: Node | None) -> int | None:
    number = value.toPython() if isinstance(value, Literal) else None
    return number if isinstance(number, int) else None


_NOUN = re.compile(r"\b(obj|acc|actio|act)[a-z]*\.?")
_CLASSES = {"obj": CG.Objective, "acc": CG.Action, "actio": CG.Action, "act": CG.Activity}
_CLASS_PHRASES = {
    "es": {
        CG.Objective: ("ningún objetivo", "el {} es un objetivo"),
        CG.Action: ("ninguna acción", "la {} es una acción"),
        CG.Activity: ("ninguna actividad", "la {} es una actividad"),
        CG.ScheduleEntry: ("ninguna entrada de calendario", "la {} es una entrada de calendario"),
    },
    "en": {
        CG.Objective: ("no objective", "{} is an objective"),
        CG.Action: ("no action", "{} is an action"),
        CG.Activity: ("no activity", "{} is an activity"),
        CG.ScheduleEntry: ("no schedule entry", "{} is a schedule entry"),
    },
}
"""Phrases by language and class of part: "no …", and "{number} is a …". The classes are in the order of depth, which
is the number of dots in a number: 12 is an objective, 12.1 an action."""


def missing_target(reference: Node, data: Graph, language: str) -> str:
    """Return a phrase for the missing target of a cross-reference, such as “no objective 12”.

    If a part of another class has this number, the phrase also names that class: “no objective 12.1: 12.1 is an
    action”. Empty if the cross-reference cites no number.
    """
    number = data.value(reference, CG.targetNumber)
    if number is None:
        return ""
    theme, words = data.value(reference, CG.targetTheme), _CLASS_PHRASES[language]
    kind = _cited_kind(reference, str(number), data)
    parts = (part for part in data.subjects(CG.number, number) if (part, CG.within, theme) in data)
    other = next((each for part in parts for each in words if (part, RDF.type, each) in data), kind)
    phrase = f"{words[kind][0]} {number}"
    return phrase if other == kind else f"{phrase}: {words[other][1].format(number)}"


def _cited_kind(reference: Node, number: str, data: Graph) -> URIRef:
    """Return the class of part that a cross-reference cites.

    It follows from the last noun before the number (“la acción 12.1”), or from the depth of the number.
    """
    words = str(data.value(data.value(reference, CG.passage), CG.exact) or "")
    before = re.split(rf"(?<![\d.]){re.escape(number)}(?!\.?\d)", words)[0]
    nouns, by_depth = _NOUN.findall(fold(before).text), list(_CLASS_PHRASES["en"])
    return _CLASSES[nouns[-1]] if nouns else by_depth[min(number.count("."), len(by_depth) - 1)]


_LONGEST_EXTRACT = 100
"""The maximum number of code points that a message quotes from the source."""

_LONGEST_NAME = 60
"""The maximum number of code points quoted from a part without a number, in place of the number."""


def findings_of(results: Iterable[Result], data: Graph, names: Names) -> list[Finding]:
    """Return the distinct findings for some validation results, sorted by `Finding.sort_key`."""
    return sorted({_finding(result, data, names) for result in results}, key=lambda finding: finding.sort_key)


def _finding(result: Result, data: Graph, names: Names) -> Finding:
    check = result.check
    location, other = locations_of(result, data)
    spanish, english = (
        _placeholder_values(result, location, other, language, data, names) for language in ("es", "en")
    )
    return Finding(
        check.code,
        check.severity,
        location,
        other,
        check.message.spanish.format(**spanish),
        check.message.format(**english),
        constraint=result.constraint,
    )


def _placeholder_values(
    result: Result, location: Location, other: Location | None, language: str, data: Graph, names: Names
) -> dict[str, str]:
    """Return the values of the placeholders in a message, by name (see ontology/shapes/README.md)."""
    focus = result.focus
    dated = data.value(_any_value(result.value, _NAMED_THING_PROPERTIES, data), DCTERMS.date)
    beginning, dot, last = (location.number or "").rpartition(".")
    other_words = (other.exact or "").removeprefix(other.number or "") if other else ""
    values = {
        "number_before": f"{beginning}{dot}{int(last) - 1}" if last.isdigit() else "",
        "exact": shortened(location.exact or location.element.removeprefix(names.id("")), _LONGEST_EXTRACT),
        "label": _label_of(URIRef(location.element), data),
        "name": _label_of(_any_value(focus, _NAMED_THING_PROPERTIES, data), data, _language_of_name(focus, data)),
        "name_used": _name_used(focus, data),
        "other": shortened(other_words.strip(), _LONGEST_EXTRACT).removesuffix("."),
        "words": shortened(
            str(data.value(data.value(focus, CG.passage), CG.exact) or ""), _LONGEST_EXTRACT
        ).removesuffix("."),
        "cited_theme": tidy(str(data.value(data.value(focus, CG.targetTheme), CG.text) or "")),
        "other_date": _date(dated, language),
    }
    values["cited_words"], values["official_words"] = _differing_words(location.exact or "", values["name"])
    return {name: nested(words, language) for name, words in values.items()} | {
        "number": _short_name(location, language),
        "other_number": _short_name(other, language) if other else "",
        "other_place": place_names([other], language) if other else "",
        "cited": missing_target(focus, data, language),
        "read_as": _correction(location, _name_used(focus, data), language),
    }


def _differing_words(one: str, other: str) -> tuple[str, str]:
    """Return what is left of two texts without the words that they have in common at the beginning and at the end."""
    words, others = one.split(), other.split()
    first = _common_beginning(words, others)
    words, others = words[first:], others[first:]
    last = _common_beginning(words[::-1], others[::-1])
    parts = (each[: len(each) - last] for each in (words, others))
    left, right = (shortened(" ".join(each), _LONGEST_EXTRACT) for each in parts)
    return left, right


def _common_beginning(words: Sequence[str], others: Sequence[str]) -> int:
    """Return the number of words that two texts have in common at the beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(words, others, strict=False)))


def _short_name(location: Location, language: str) -> str:
    """Return the number of a part, or the beginning of its text in quotation marks if it has no number."""
    return location.number or (quoted(shortened(location.exact, _LONGEST_NAME), language) if location.exact else "")


def _name_used(node: Node, data: Graph) -> str:
    """Return the correct spelling of the name or acronym that a mention uses; empty if the node has none."""
    ways = (CG.nameUsed, ANALYSIS.lettersMeant, SKOS.notation)
    return next((str(name) for way in ways if (name := _any_value(node, way, data))), "")


def _correction(location: Location, name: str, language: str) -> str:
    """Return the correct spelling of a misspelt name in brackets: “ (read “OIM”)”. Empty if the spelling is correct."""
    if not name or name == location.exact:
        return ""
    return f" ({'léase' if language == 'es' else 'read'} {quoted(name, language)})"


def _language_of_name(node: Node, data: Graph) -> str:
    """Return the language of the name that a mention uses: "en" if it is a name in English only, else "es"."""
    name, thing, ways = (
        _name_used(node, data),
        _any_value(node, _NAMED_THING_PROPERTIES, data),
        (RDFS.label, SKOS.prefLabel, SKOS.altLabel),
    )
    spanish, english = (any((thing, way, Literal(name, each)) in data for way in ways) for each in ("es", "en"))
    return "en" if english and not spanish else "es"


def _label_of(thing: Node | None, data: Graph, language: str = "es") -> str:
    """Return the label of a thing in a language, else in Spanish, else in any language; empty if it has no label."""
    labels = {
        str(getattr(label, "language", "")): str(label)
        for way in (RDFS.label, SKOS.prefLabel)
        for label in (data.objects(thing, way) if thing is not None else ())
    }
    return labels.get(language) or labels.get("es") or next(iter(labels.values()), "")


def _date(value: Node | None, language: str) -> str:
    """Return a year, month or day in words: “mayo de 2006”, “May 2006”; empty without a date."""
    written = str(value or "")
    if len(written) <= len("2006"):
        return written
    day = date.fromisoformat(f"{written}-01"[: len("2006-05-01")])
    return str(format_skeleton("yMMMM" if len(written) == len("2006-05") else "yMMMMd", day, locale=language))


_OUTER = {"es": "«»", "en": "“”"}
_INNER = {"es": str.maketrans("«»“”", "“”‘’"), "en": str.maketrans("“”", "‘’")}


def quoted(words: str, language: str) -> str:
    """Return words in the quotation marks of a language. Quotation marks within the words become inner ones."""
    marks = _OUTER[language]
    return f"{marks[0]}{nested(words, language)}{marks[1]}"


def nested(words: str, language: str) -> str:
    """Replace quotation marks in some words by inner ones, as within a quotation: “a” becomes ‘a’ in English."""
    return words.translate(_INNER[language]) if set(_OUTER[language]) & set(words) else words


_CONTRADICTION = "contradiction"
"""The code of the check for all logical contradictions. The broken rule of OWL 2 RL explains each of them."""


def logical_findings(
    contradictions: Iterable[Contradiction], checks: Iterable[Check], data: Graph, names: Names
) -> Iterator[Finding]:
    """Yield a finding for each logical contradiction. Its two locations are those of the first two subjects.

    `checks` is the catalogue, which has the check for contradictions.
    """
    check = next(check for check in checks if check.code == _CONTRADICTION)
    for found in contradictions:
        # One without statements follows from another contradiction, by which two literals were made equal.
        if stated := found.facts or found.axioms:
            locations = _locations_of_subjects(stated, data)
            values = {name: shortened(_term(term, names), _LONGEST_EXTRACT) for name, term in found.values.items()}
            statements = "; ".join(_triple_text(triple, names) for triple in stated)
            spanish, english = (
                str(message).format(reason=reason.format(**values), statements=statements)
                for message, reason in ((check.message.spanish, found.reason.spanish), (check.message, found.reason))
            )
            other = locations[1] if len(locations) > 1 else None
            yield Finding(
                check.code,
                check.severity,
                locations[0],
                other,
                spanish,
                english,
                triples=tuple(_ntriples([*found.facts, *found.axioms])),
            )


def _locations_of_subjects(triples: Sequence[Statement], data: Graph) -> list[Location]:
    """Return the locations of the subjects of some triples; those with a passage come first."""
    subjects = dict.fromkeys(subject for subject, _, _ in triples if isinstance(subject, URIRef))
    locations = [location_of(subject, data) for subject in subjects] or [Location(str(triples[0][0]))]
    return sorted(locations, key=lambda location: location.start is None)


def _triple_text(triple: Statement, names: Names) -> str:
    subject, predicate, value = (_term(term, names) for term in triple)
    return f"{subject} {'a' if predicate == 'rdf:type' else predicate} {shortened(value, _LONGEST_EXTRACT)}"


def _term(term: Node, names: Names) -> str:
    """Return a term in abbreviated Turtle; a blank node is `[]`."""
    return "[]" if isinstance(term, BNode) else abbreviate_term(read_turtle(term.n3(), {}), names.prefixes())


def _ntriples(triples: Iterable[Statement]) -> Iterator[str]:
    """Yield triples in N-Triples. Blank nodes are numbered in the order of their first use: _:b0, _:b1 and so on."""
    labels: dict[Node, str] = {}
    for triple in triples:
        words = [
            labels.setdefault(term, f"_:b{len(labels)}") if isinstance(term, BNode) else term.n3() for term in triple
        ]
        yield f"{' '.join(words)} ."


_DESCRIPTIVE_PROPERTIES = (CG.code, SH.severity, SH.group, RDFS.label, RDFS.comment, SKOS.example, CG.remedy)
_IRI = {"@type": "@id"}
_TEXT = {"@container": "@language"}
_CONTEXT = {
    **{prefix: PREFIXES[prefix] for prefix in ("cg", "dcterms", "rdfs", "severity", "sh", "skos", "xsd")},
    **{name: {"@id": name, **_IRI} for name in ("cg:severity", "cg:element", "cg:relatedElement", "cg:source")},
    **{name: {"@id": name, **_IRI} for name in ("sh:sourceShape", "sh:focusNode", "sh:resultSeverity")},
    "sh:sourceConstraintComponent": {"@id": "sh:sourceConstraintComponent", **_IRI},
    **{name: {"@id": name, **_TEXT} for name in ("rdfs:comment", "rdfs:label", "sh:resultMessage")},
    "skos:editorialNote": {"@id": "skos:editorialNote", **_TEXT},
    "dcterms:dateAccepted": {"@id": "dcterms:dateAccepted", "@type": "xsd:date"},
}
"""The JSON-LD context of findings."""


def shape_of(code: str) -> str:
    """Return the IRI of the SHACL shape that defines the check with this code."""
    return f"{ONTOLOGY}/shapes#{code}"


def describe_findings(findings: Iterable[Finding], data: Graph) -> Graph:
    """Return the contents of the graph `findings`. Passages are described only if `data` does not contain them."""
    nodes = []
    for finding in findings:
        node = _node(finding) | dict.fromkeys(("rdfs:comment", "rdfs:label"), _by_language(finding.text))
        for passage in filter(None, (node["cg:passage"], *node["cg:relatedPassage"])):
            if (URIRef(passage["@id"]), RDF.type, CG.Passage) in data:
                for name in passage.keys() - {"@id"}:
                    del passage[name]
        nodes.append(node)
    return graph_of(statement_of(quad.triple) for quad in _quads_of(nodes))


def describe_checks(shapes: Shapes) -> Graph:
    """Return the descriptions of the checks and their groups for readers, without the constraints of the shapes."""
    checks = ((shape, RDF.type, CG.Check) for shape in shapes.checks)
    described = chain(
        product(shapes.checks, _DESCRIPTIVE_PROPERTIES),
        product(shapes.graph.objects(None, SH.group), (RDF.type, SH.order, RDFS.label)),
    )
    return graph_of(chain(checks, *(shapes.graph.triples((node, property, None)) for node, property in described)))


def as_turtle(findings: Sequence[Finding], base: str) -> str:
    """Return a SHACL validation report in Turtle whose results are the findings, under the IRIs that they have here.

    The passages of the findings are included. Accepted findings are included, with their acceptance. `base` is the base
    IRI of the dataset. Raises UsageError if two files contain plans with the same id, as findings would share IRIs.
    """
    files: dict[str, str | None] = {}
    for finding in findings:
        plan, file = finding.location.plan, finding.file
        if plan is not None and files.setdefault(plan, file) != file:
            named = " and ".join(sorted(map(str, (file, files[plan]))))
            raise UsageError(f"{named} are both the plan {plan}; rename one, or check one at a time")
    found = sorted({finding.iri: finding for finding in findings}.items())
    whole = {
        "@id": f"{base}id/validation-report",
        "@type": "sh:ValidationReport",
        "sh:conforms": not found,
        "sh:result": [_result(finding) for _, finding in found],
    }
    triples = dict.fromkeys(quad.triple for quad in _quads_of([whole]))
    spaces = {prefix: PREFIXES[prefix] for prefix in ("cg", "dcterms", "sh", "skos", "xsd")}
    return (serialize(triples, format=RdfFormat.TURTLE, prefixes=spaces) or b"").decode().rstrip("\n")


def _quads_of(nodes: Iterable[Mapping[str, Any]]) -> Any:
    """Return the quads of some JSON-LD nodes."""
    return parse(json.dumps({"@context": _CONTEXT, "@graph": [*nodes]}), format=RdfFormat.JSON_LD)


def _node(finding: Finding) -> dict[str, Any]:
    """Return the JSON-LD node of a finding, as in the graph `findings`."""
    location, further, accepted = finding.location, finding.further, finding.accepted
    return {
        "@id": finding.iri,
        "@type": ["cg:Finding"],
        "cg:code": finding.code,
        "cg:severity": f"severity:{finding.severity}",
        "sh:sourceShape": shape_of(finding.code),
        "cg:element": sorted({location.element, *(place.location.element for place in finding.places)}),
        "cg:passage": _passage(location),
        # Without the first element, which is so told from the further places of the defect.
        "cg:relatedElement": sorted({each.element for each in further} - {location.element}),
        "cg:relatedPassage": [passage for each in further if (passage := _passage(each))],
        "dcterms:contributor": accepted and accepted.by,
        "dcterms:dateAccepted": accepted and accepted.on,
        "skos:editorialNote": accepted and _by_language(Bilingual(accepted.reason_en, accepted.reason_es)),
    }


def _result(finding: Finding) -> dict[str, Any]:
    """Return the JSON-LD node of a finding as a SHACL validation result."""
    location, other = finding.location, finding.other
    # A logical contradiction violates no SHACL constraint, so its check is given as the component.
    constraint = shape_of(finding.code) if finding.triples else f"sh:{finding.constraint}"
    return _node(finding) | {
        "@type": ["sh:ValidationResult", "cg:Finding"],
        "sh:focusNode": location.element,
        "sh:resultSeverity": f"sh:{finding.severity.capitalize()}",
        "sh:sourceConstraintComponent": constraint,
        "sh:value": {"@id": other.element} if other else location.exact,
        "sh:resultMessage": _by_language(finding.text),
    }


def _passage(location: Location) -> dict[str, Any] | None:
    if location.passage is None:
        return None
    return {
        "@id": location.passage,
        "@type": "cg:Passage",
        "cg:source": location.passage.rpartition("/")[0],
        "cg:start": location.start or 0,
        "cg:end": location.end or 0,
        "cg:exact": location.exact or "",
    }


def _by_language(text: Bilingual) -> dict[str, str]:
    return {"es": text.spanish, "en": str(text)}
