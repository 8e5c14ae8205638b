"""The SHACL engine, and its results and contradictions as findings with their messages in both languages."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_skeleton
from rdflib import DCTERMS, RDF, RDFS, SH, SKOS, XSD, BNode, Graph, Literal, URIRef
from rdflib.paths import MulPath
from rdflib.paths import Path as PropertyPath
from rdflib.term import Node

from crmgraph.checks.findings import SHAPES, Check, Finding, Location, read_checks, turtle_in
from crmgraph.describing.vocabulary import CG, find_quote
from crmgraph.errors import shortened
from crmgraph.inference.entailment import Contradiction
from crmgraph.inference.terms import abbreviate_term, read_turtle
from crmgraph.namespaces import Names
from crmgraph.reading.languages import fold
from crmgraph.reading.model import Passage


@dataclass(frozen=True)
class Shapes:
    """SHACL shapes, as a graph and as the Turtle they were read from, with the check that each shape is."""

    graph: Graph
    turtle: str
    checks: Mapping[Node, Check]

    @property
    def catalogue(self) -> list[Check]:
        """All checks by group, the gravest first, then by code."""
        return list(self.checks.values())

    def of(self, severity: str) -> "Shapes":
        """Return the shapes of this severity alone."""
        graph, left = Graph(), {shape: check for shape, check in self.checks.items() if check.severity == severity}
        graph += self.graph
        for shape in self.checks.keys() - left.keys():
            # With all that is said of nodes without a name in it.
            graph -= self.graph.cbd(shape)
        return Shapes(graph, graph.serialize(format="turtle"), left)


@cache
def known_shapes(severity: str | None = None) -> Shapes:
    """Return the shapes of the project, those of one severity if one is named."""
    return read_shapes(SHAPES) if severity is None else known_shapes().of(severity)


def read_shapes(folder: Path) -> Shapes:
    """Return the shapes in the Turtle files of `folder`, each check by the shape that carries its code."""
    turtle = turtle_in(folder)
    checks: dict[Node, Check] = {URIRef(shape): check for shape, check in read_checks(turtle).items()}
    return Shapes(Graph().parse(data=turtle, format="turtle"), turtle, checks)


@dataclass(frozen=True)
class Result:
    """A failure of a check for a focus node. `value` is what SHACL names as the cause, or the second place.

    `constraint` is the name of the kind of constraint that is not met, as SHACL has it.
    """

    check: Check
    focus: Node
    value: Node | None
    constraint: str = "SPARQLConstraintComponent"


def validate(data: Graph, shapes: Shapes, engine: str = "pyshifty") -> list[Result]:
    """Return each way in which the data falls short of the shapes, once, as `engine` finds it: pyshifty or pyshacl."""
    if engine == "pyshacl":
        found = _report_of_pyshacl(data, shapes.graph)
    else:
        found = report(data.serialize(format="nt", encoding="utf-8"), shapes.turtle.encode())
    return list(dict.fromkeys(results(found, shapes)))


def report(data: bytes, shapes: bytes) -> Graph:
    """Return the SHACL validation report on data and shapes, both in Turtle. Raises ValueError where they are not.

    Both are bytes, for the engine would take a short text for the name of a file or an address, and fetch it.
    """
    import shifty  # imported here, for a report of findings already made needs no engine

    _, written, _ = shifty.validate(
        data, shapes, graph_mode="data", infer=False, sort_results=False, on_unsupported="error"
    )
    return written


def _report_of_pyshacl(data: Graph, shapes: Graph) -> Graph:
    """Return the report of pySHACL, the reference engine."""
    import pyshacl

    graph = Graph()
    for subject, predicate, value in data:
        # To rdflib a string with its datatype written is another than one without it, which CONCAT makes.
        is_string = isinstance(value, Literal) and value.datatype == XSD.string
        graph.add((subject, predicate, Literal(str(value)) if is_string else value))
    _, found, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", inplace=True)
    if not isinstance(found, Graph):
        raise found
    return found


def results(report: Graph, shapes: Shapes) -> Iterator[Result]:
    """Return the results in a SHACL validation report, whichever engine wrote it."""
    for node in report.subjects(RDF.type, SH.ValidationResult):
        shape, focus = report.value(node, SH.sourceShape), report.value(node, SH.focusNode)
        assert shape is not None
        assert focus is not None
        constraint = str(report.value(node, SH.sourceConstraintComponent)).removeprefix(str(SH))
        yield Result(shapes.checks[shape], focus, report.value(node, SH.value), constraint)


_READ_IN = CG.inElement | CG.subject | CG.participationIn | CG.firstUsedIn | CG.toldIn
"""The properties from a reading, such as a mention, to the element whose words it is about."""
_HELD_BY = {CG.Passage: CG.source, CG.Referral: DCTERMS.isPartOf, CG.CrossReference: DCTERMS.isPartOf}
"""The properties of other kinds of things to the element, or the source, that has their words."""
_MEANT = CG.mentioned | CG.standsFor
"""The properties from words to the thing that they are a name of."""


def locations_of(result: Result, data: Graph) -> tuple[Location, Location | None]:
    """Return where what a result is about is to be seen, and the second place of one that is about two."""
    location, value = location_of(result.focus, data), result.value
    if isinstance(value, Literal):
        return _narrowed(location, str(value)), None
    if value is not None and (value, RDF.type, CG.Passage) in data:
        return replace(location, **_extent(value, data)), None
    if value is not None and (value, CG.passage, None) in data and value != result.focus:
        return location, location_of(value, data)
    return location, None


def location_of(node: Node, data: Graph) -> Location:
    """Return where a node is to be seen: a part of a plan, or a reading of some words of one."""
    passage = node if (node, RDF.type, CG.Passage) in data else _words(node, data)
    element = _holder(node, data)
    number, theme = data.value(element, CG.number), theme_of(element, data)
    return Location(
        str(element),
        str(number) if number else None,
        str(theme).rpartition("/")[2] if theme is not None else None,
        **(_extent(passage, data) if passage is not None else {}),
    )


def theme_of(element: Node, data: Graph) -> Node | None:
    """Return the theme that an element is part of or is."""
    wholes = data.objects(element, MulPath(DCTERMS.isPartOf, "*"))
    return next((each for each in wholes if (each, RDF.type, CG.Theme) in data), None)


def _extent(passage: Node, data: Graph) -> dict[str, Any]:
    """Return the fields of a location that a passage gives."""
    start, end = (_integer(data.value(passage, way)) for way in (CG.start, CG.end))
    exact = data.value(passage, CG.exact)
    words = str(exact) if None not in (start, end, exact) else None
    return {"passage": str(passage), "start": start, "end": end, "exact": words}


def _holder(node: Node, data: Graph) -> Node:
    """Return the element that people look for: for a reading, a referral or a reference, that which has the words.

    For a passage it is the source.
    """
    ways = (way for kind, way in _HELD_BY.items() if (node, RDF.type, kind) in data)
    return _first(node, next(ways, _READ_IN), data) or node


def _first(node: Node | None, way: Node | PropertyPath, data: Graph) -> Node | None:
    """Return the first thing that a property, or a path of several, leads to from a node, if there is one."""
    return None if node is None else next(data.objects(node, way), None)


def _words(node: Node, data: Graph) -> Node | None:
    """Return the words to show: the node's own, of a cross-reference the number that it refers to."""
    words = [*data.objects(node, CG.targetPassage)] or [*data.objects(node, CG.passage)]
    return min(words, key=lambda passage: _integer(data.value(passage, CG.start)) or 0, default=None)


def _narrowed(location: Location, words: str) -> Location:
    """Return the place of some words within the passage of a location; the location itself where they are not in it."""
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
_KINDS = {"obj": CG.Objective, "acc": CG.Action, "actio": CG.Action, "act": CG.Activity}
_NO_AND_IS = {
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
"""The kinds of parts by the depth of their numbers: that there is none, and that something is one."""


def cited(reference: Node, data: Graph, language: str) -> str:
    """Return that there is no part such as a cross-reference cites: “no objective 12”.

    Where a part of another kind has its number, that is said too. Empty where it is no reference to a number.
    """
    number = data.value(reference, CG.targetNumber)
    if number is None:
        return ""
    theme, words = data.value(reference, CG.targetTheme), _NO_AND_IS[language]
    kind = _cited_kind(reference, str(number), data)
    parts = (part for part in data.subjects(CG.number, number) if (part, CG.within, theme) in data)
    other = next((each for part in parts for each in words if (part, RDF.type, each) in data), kind)
    told = f"{words[kind][0]} {number}"
    return told if other == kind else f"{told}: {words[other][1].format(number)}"


def _cited_kind(reference: Node, number: str, data: Graph) -> URIRef:
    """Return the kind of part that the last noun before the number says, or without one the depth of the number."""
    words = str(data.value(data.value(reference, CG.passage), CG.exact) or "")
    before = re.split(rf"(?<![\d.]){re.escape(number)}(?!\.?\d)", words)[0]
    nouns, by_depth = _NOUN.findall(fold(before).text), list(_NO_AND_IS["en"])
    return _KINDS[nouns[-1]] if nouns else by_depth[min(number.count("."), len(by_depth) - 1)]


LONGEST = 100
"""The number of code points of the source that a message shows at most."""

_CALLED = 60
"""The number of code points of a part's words that stand for its number at most."""


def find(results: Iterable[Result], data: Graph, names: Names) -> list[Finding]:
    """Return the findings that SHACL results amount to, each once, in their order."""
    return sorted({_finding(result, data, names) for result in results}, key=lambda finding: finding.order)


def _finding(result: Result, data: Graph, names: Names) -> Finding:
    check = result.check
    location, other = locations_of(result, data)
    spanish, english = (_shown(result, location, other, language, data, names) for language in ("es", "en"))
    return Finding(
        check.code,
        check.severity,
        location,
        other,
        check.message.spanish.format(**spanish),
        check.message.format(**english),
        constraint=result.constraint,
    )


def _shown(
    result: Result, location: Location, other: Location | None, language: str, data: Graph, names: Names
) -> dict[str, str]:
    """Return what stands in a message for the words in braces."""
    focus = result.focus
    dated = data.value(_first(result.value, _MEANT, data), DCTERMS.date)
    beginning, dot, last = (location.number or "").rpartition(".")
    said = {
        "number_before": f"{beginning}{dot}{int(last) - 1}" if last.isdigit() else "",
        "exact": shortened(location.exact or location.element.removeprefix(names.id("")), LONGEST),
        "label": _label(URIRef(location.element), data),
        "name": _label(_first(focus, _MEANT, data), data, _language(focus, data)),
        "name_used": _name_used(focus, data),
        "other": shortened(other.exact or "", LONGEST).removesuffix(".") if other else "",
        "words": shortened(str(data.value(data.value(focus, CG.passage), CG.exact) or ""), LONGEST).removesuffix("."),
        "cited_theme": _label(data.value(focus, CG.targetTheme), data),
        "other_date": _date(dated, language),
    }
    return {name: nested(words, language) for name, words in said.items()} | {
        "number": _called(location, language),
        "other_number": _called(other, language) if other else "",
        "other_key": other.name if other else "",
        "cited": cited(focus, data, language),
        "read_as": _read_as(location, _name_used(focus, data), language),
    }


def _called(location: Location, language: str) -> str:
    """Return what people call a part: its number or, where it has none, its words in quotes."""
    return location.number or (quoted(shortened(location.exact, _CALLED), language) if location.exact else "")


def _name_used(node: Node, data: Graph) -> str:
    """Return the name that words are a form of, as it is rightly written."""
    return str(_first(node, CG.nameUsed | CG.letters, data) or "")


def _read_as(location: Location, name: str, language: str) -> str:
    """Return what a misspelt word is meant as, in brackets; nothing where it is written as it should be."""
    if not name or name == location.exact:
        return ""
    return f" ({'léase' if language == 'es' else 'read'} {quoted(name, language)})"


def _language(node: Node, data: Graph) -> str:
    """Return the language of the name that words are a form of: English where it is a name in that language alone."""
    name, thing, ways = _name_used(node, data), _first(node, _MEANT, data), (RDFS.label, SKOS.prefLabel, SKOS.altLabel)
    spanish, english = (any((thing, way, Literal(name, each)) in data for way in ways) for each in ("es", "en"))
    return "en" if english and not spanish else "es"


def _label(thing: Node | None, data: Graph, language: str = "es") -> str:
    """Return the name of a thing in a language, or else in Spanish, or else the one that it has."""
    labels = {
        str(getattr(label, "language", "")): str(label)
        for way in (RDFS.label, SKOS.prefLabel)
        for label in (data.objects(thing, way) if thing is not None else ())
    }
    return labels.get(language) or labels.get("es") or next(iter(labels.values()), "")


def _date(value: Node | None, language: str) -> str:
    """Return a year, month or day as people write it: mayo de 2006, May 2006."""
    written = str(value or "")
    if len(written) <= len("2006"):
        return written
    day = date.fromisoformat(f"{written}-01"[: len("2006-05-01")])
    return str(format_skeleton("yMMMM" if len(written) == len("2006-05") else "yMMMMd", day, locale=language))


_OUTER = {"es": "«»", "en": "“”"}
_INNER = {"es": str.maketrans("«»“”", "“”‘’"), "en": str.maketrans("“”", "‘’")}


def quoted(words: str, language: str) -> str:
    """Return words in the quotation marks of a language, with others for those within them."""
    marks = _OUTER[language]
    return f"{marks[0]}{nested(words, language)}{marks[1]}"


def nested(words: str, language: str) -> str:
    """Return words as they stand within the quotation marks of a language, with the next kind for marks in them."""
    return words.translate(_INNER[language]) if set(_OUTER[language]) & set(words) else words


_CONTRADICTION = "contradiction"
"""The code of all contradictions; the rule of OWL 2 RL that one breaks says what is wrong."""

_Triple = tuple[Node, Node, Node]


def logical_findings(
    contradictions: Iterable[Contradiction], checks: Iterable[Check], data: Graph, names: Names
) -> Iterator[Finding]:
    """Return a finding for each contradiction: in the first thing it is about, and in the second if there is one."""
    check = next(check for check in checks if check.code == _CONTRADICTION)
    for found in contradictions:
        # One that comes of no statement comes of another contradiction, in which two values became one.
        if stated := found.facts or found.axioms:
            locations = _locations(stated, data)
            values = {name: shortened(_term(term, names), LONGEST) for name, term in found.values.items()}
            statements = "; ".join(_written(triple, names) for triple in stated)
            spanish, english = (
                str(message).format(reason=reason.format(**values), statements=statements)
                for message, reason in ((check.message.spanish, found.reason.spanish), (check.message, found.reason))
            )
            triples = tuple(_ntriples([*found.facts, *found.axioms]))
            other = locations[1] if len(locations) > 1 else None
            yield Finding(check.code, check.severity, locations[0], other, spanish, english, triples=triples)


def _locations(triples: Sequence[_Triple], data: Graph) -> list[Location]:
    """Return where the things are that the statements are about, those first that can be seen in a text."""
    subjects = dict.fromkeys(subject for subject, _, _ in triples if isinstance(subject, URIRef))
    locations = [location_of(subject, data) for subject in subjects] or [Location(str(triples[0][0]))]
    return sorted(locations, key=lambda location: location.start is None)


def _written(triple: _Triple, names: Names) -> str:
    subject, predicate, value = (_term(term, names) for term in triple)
    return f"{subject} {'a' if predicate == 'rdf:type' else predicate} {shortened(value, LONGEST)}"


def _term(term: Node, names: Names) -> str:
    """Return the term as people write it in Turtle."""
    return "[]" if isinstance(term, BNode) else abbreviate_term(read_turtle(term.n3(), {}), names.prefixes())


def _ntriples(triples: Iterable[_Triple]) -> Iterator[str]:
    """Return the statements in N-Triples; a blank node is called by its turn, not by the name it has by chance."""
    turns: dict[Node, str] = {}
    for triple in triples:
        words = [
            turns.setdefault(term, f"_:b{len(turns)}") if isinstance(term, BNode) else term.n3() for term in triple
        ]
        yield f"{' '.join(words)} ."
