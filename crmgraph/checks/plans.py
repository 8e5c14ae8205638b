"""Checks of datasets, of single plans, and of graphs of others, which may change nothing of anybody's."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import yaml
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Prefix
from rdflib import ORG, OWL, RDF, SKOS, Dataset, Graph, URIRef
from rdflib.term import Node

from crmgraph.checks.engine import find, known_shapes, logical_findings, validate
from crmgraph.checks.findings import Finding, locate
from crmgraph.describing import Background, describe_background, describe_plan, spoken_of
from crmgraph.errors import ContradictionError, UsageError, join_first
from crmgraph.inference.entailment import Contradiction, infer, infer_all, infer_by_owlrl, triple_of
from crmgraph.inference.terms import iri
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.reading import Plan
from crmgraph.resources import resource


def check_dataset(
    dataset: Dataset,
    names: Names,
    say: Callable[[str], None],
    strict: bool,
    severity: str | None = None,
    reasoner: str = "rules",
    engine: str = "pyshifty",
) -> tuple[Graph, list[Finding]]:
    """Add to a dataset what it entails; return all that it has then as one graph, and what is wrong with it.

    Where it is `strict`, a contradiction is raised as an error; else it is one of the findings. With a `severity` only
    findings of this severity, and contradictions, are looked for. `reasoner` is "rules" or, where it is strict,
    "owlrl"; `engine` is "pyshifty" or "pyshacl".
    """

    say("inferring")
    contradictions: list[Contradiction] = []
    if strict:
        inferred = infer_by_owlrl(dataset, names) if reasoner == "owlrl" else infer(dataset, names)
    else:
        inferred, contradictions = infer_all(dataset, names)
    put(dataset, names.graph("inferred"), inferred)
    say("checking")
    everything = merged(dataset)
    findings = find(validate(everything, known_shapes(severity), engine), everything, names)
    logical = logical_findings(contradictions, known_shapes().catalogue, everything, names)
    return everything, sorted({*findings, *logical}, key=lambda finding: finding.order)


def merged(dataset: Dataset) -> Graph:
    """Return all graphs of a dataset taken together."""

    data = Graph()
    data += ((subject, predicate, value) for subject, predicate, value, _ in dataset.quads())
    return data


def put(dataset: Dataset, name: str, triples: Graph) -> None:
    """Add the triples to the named graph of a dataset."""

    graph = dataset.graph(URIRef(name))
    graph += triples


def background(names: Names) -> Background:
    """Return the ontology and the reference data, which every plan is seen against."""

    return describe_background(resource("ontology"), resource("data"), names)


def check_plan(
    read: Plan,
    names: Names,
    say: Callable[[str], None],
    known: Background,
    engine: str = "pyshifty",
) -> list[Finding]:
    """Return what is wrong with a plan that has been read, each finding with its place. Raises InputError as `build`.

    Of the background, which is `known`, only what the plan speaks of is looked at, so other plans and all the other
    things cost nothing.
    """

    say("describing")
    described = describe_plan(read, known)
    dataset = spoken_of(described, known)
    for graph in described.graphs():
        put(dataset, str(graph.identifier), graph)
    return locate(check_dataset(dataset, names, say, strict=False, engine=engine)[1], read.source)


_Triple = tuple[Node, Node, Node]

_WRITTEN = yaml.safe_load(Path(__file__).with_name("external.yaml").read_text(encoding="utf-8"))
TERMS = {key: {URIRef(iri(name).value) for name in names} for key, names in _WRITTEN.items()}
"""The terms of which `external.yaml` says what others may say with them, by what it says."""
_INSTEAD = {URIRef(iri(name).value): instead for name, instead in _WRITTEN["identities"].items()}
_MOST_TOLD = 3
_COUNTED = 4
"""The rank of the problem that questions would count something."""
_MOST_NEAR = 3
_LEAST_ALIKE = 80


def add_external(graphs: Mapping[str, Graph], dataset: Dataset, names: Names) -> list[Finding]:
    """Add to the dataset, which has been inferred from and checked, the graphs of others with these ids.

    What follows from each goes with what was inferred; the findings in them are returned. Raises UsageError where one
    would change anything that is not its own, or breaks a check that every plan passes.
    """
    examined = {}
    for id, graph in graphs.items():
        others = {names.graph("plan", each): other for each, other in graphs.items() if each != id}
        examined[id] = examine(graph, others, dataset, id, names)
    for id, graph in graphs.items():
        put(dataset, names.graph("plan", id), graph)
        put(dataset, names.graph("inferred"), examined[id][0])
    return [finding for _, findings in examined.values() for finding in findings]


def examine(
    graph: Graph, others: Mapping[str, Graph], dataset: Dataset, id: str, names: Names
) -> tuple[Graph, list[Finding]]:
    """Return what follows from the graph of others that is called `id` here, and what the checks find in it.

    It stands beside the dataset and further such graphs, by their IRIs. Raises UsageError where it says, or something
    follows from it, that is not for it to say; or where it breaks a check that every plan passes.
    """
    external = _External(graph, others, dataset, id, names)
    external.check_statements()
    inferred = external.conclusions()
    findings = external.findings()
    check_findings(findings, id)
    return inferred, findings


def check_findings(findings: Iterable[Finding], id: str) -> None:
    """Raise UsageError where a check that others pass finds something in the graph."""
    broken = [
        f"{each.location.element}: {each.message_en} ({each.code})" for each in findings if each.severity == "violation"
    ]
    if broken:
        raise UsageError(f"the graph {id} is not as it says: {join_first(broken, _MOST_TOLD, '; ')}")


class _External:
    """A graph of others, as it stands beside the dataset and further such graphs."""

    def __init__(self, graph: Graph, others: Mapping[str, Graph], dataset: Dataset, id: str, names: Names) -> None:
        self._graph, self._others, self._dataset, self._id, self._names = graph, others, dataset, id, names
        self._is_own = re.compile(
            rf"{re.escape(names.base)}((id|graph)/(plan|source|event)/{id}([/#].*)?|id/statement/[0-9a-f]{{12}})"
        ).fullmatch
        self._places = {str(each.identifier) for each in dataset.graphs() if len(each)}
        self._places |= {*others, ONTOLOGY, f"{ONTOLOGY}#"}

    def check_statements(self) -> None:
        """Raise UsageError where the graph says something that is not for it to say.

        Nothing else may be the subject of its statements, nor be called as a thing of the dataset's might be called. Of
        what others answer for it may say only what links to it; those who act, places, instruments and terms it may
        name in what a plan says, but not in what is counted of them, such as memberships.
        """
        foreign = {triple[0] for triple in self._graph if not self._may_say(*triple)}
        own = self._names.id("plan", self._id)
        for what, subjects in (
            ("something of what is described here already", filter(self._is_known, foreign)),
            (
                f"something of what has an address as things of others have here (its own begin with {own}/)",
                filter(self._is_address, foreign),
            ),
            ("something of a term that others use here", foreign),
        ):
            if found := sorted(map(str, subjects)):
                raise UsageError(
                    f"the graph {self._id} says {what}, and the two are never mixed: {join_first(found, _MOST_TOLD)}; "
                    "give it things of its own, and link them by what it says of these"
                )
        wrong = [found for triple in sorted(self._graph, key=_written) for found in self._problems(triple)]
        if wrong:
            raise UsageError(min(wrong, key=lambda each: each[0])[1])

    def _problems(self, triple: _Triple) -> Iterator[tuple[int, str]]:
        """Return what is wrong with a statement, each with its rank: the lowest is told first."""
        subject, name, value = triple
        graph, written = f"the graph {self._id}", _written(triple)
        for node in (name, value):
            if self._is_address(node) and not (self._is_foreign(node) or str(node) in self._places):
                near = self._nearest(str(node))
                advice = f"; the nearest are {', '.join(near)}" if near else ""
                yield 1, f"{graph} links to what there is not: {written}; nothing here has the address {node}{advice}"
        if name in TERMS["codes"] and (others := self._others_with(name, value)):
            yield (
                2,
                f"{graph} says that {subject} has the code {value}, and that is the code of {others[0]}: {written}; "
                "leave it out, or link to that by skos:exactMatch",
            )
        if name in TERMS["identities"] and self._is_foreign(value):
            yield (
                3,
                f"{graph} makes one of two: {written}; what is said of each would be said of both, and the two are "
                f"never mixed; say it by {_INSTEAD[URIRef(str(name))]}",
            )
        if name == RDF.type and value in TERMS["counted"]:
            yield (
                _COUNTED,
                f"by {graph} something would count among the things that are described here, each with its source: "
                f"{written}; name that which is here, or say what it is in another vocabulary, such as org: or schema:",
            )
        if not self._is_link(name, value):
            yield (
                5,
                f"{graph} says more than a link of what is described here already, and the two are never mixed: "
                f"{written}; say it by skos:closeMatch or another match, rdfs:seeAlso, dcterms:relation or "
                "dcterms:references",
            )

    def conclusions(self) -> Graph:
        """Return what follows from the graph. Raises UsageError where that says something of what is not its own."""
        # What is said of terms is looked at as of things, and so does not stand in the graph of the ontology.
        here = self._names.graph("plan", self._id)
        before, after = self._neighbours(here, here), self._neighbours(here, here)
        known = {triple_of(triple) for triple in (*infer(before, self._names), *before.graph(URIRef(here)))}
        put(after, here, self._graph)
        try:
            following = sorted(infer(after, self._names), key=_written)
        except ContradictionError as error:
            raise UsageError(
                f"the graph {self._id} cannot be true beside the ontology and what it names: {error}"
            ) from None
        # What holds of every term, as that it is wider than itself, tells nobody anything.
        new = [
            (subject, name, value)
            for subject, name, value in following
            if triple_of((subject, name, value)) not in known
            and not (subject in (value, OWL.Nothing) or value == OWL.Thing)
        ]
        if wrong := [_written(triple) for triple in new if not self._may_follow(*triple)]:
            raise UsageError(
                f"from the graph {self._id} something follows of what is not its own: {'; '.join(wrong[:_MOST_TOLD])}; "
                "say it without a property or class that says something of both"
            )
        if counted := [told for triple in new for rank, told in self._problems(triple) if rank == _COUNTED]:
            raise UsageError(counted[0])
        found = Graph()
        found += new
        return found

    def findings(self) -> list[Finding]:
        """Return what the checks find in the graph's own things."""
        dataset = self._neighbours(self._names.graph("ontology"), self._names.graph("reference"))
        put(dataset, self._names.graph("plan", self._id), self._graph)
        own = {str(subject) for subject in self._graph.subjects()}
        found = check_dataset(dataset, self._names, lambda _: None, strict=True)[1]
        return [finding for finding in found if finding.location.element in own]

    def _may_say(self, subject: Node, name: Node, value: Node) -> bool:
        """Return whether a statement is about what is not known elsewhere, or only repeats what kind a term is of."""
        is_kind = value in TERMS["kinds_of_terms"]
        if self._is_known(subject):
            return is_kind and any(self._said(subject, name, value))
        return not self._is_address(subject) and ((name == RDF.type and is_kind) or not self._is_term(subject))

    def _may_follow(self, subject: Node, name: Node, value: Node) -> bool:
        """Return whether it is about the graph's own things, or the inverse of what these may say of others."""
        if self._is_foreign(subject):
            return name in TERMS["inverses"] and not self._is_foreign(value)
        return not self._is_foreign(value) or (name not in TERMS["identities"] and self._is_link(name, value))

    def _is_link(self, name: Node, value: Node) -> bool:
        """Return whether a property may lead to this value: to what is the graph's own, any may.

        One that is not used here says nothing that anybody here asks for.
        """
        if not self._is_foreign(value) or name in TERMS["links"]:
            return True
        kinds = {kind for _, _, kind, _ in self._dataset.quads((value, RDF.type, None, None))}
        if kinds & {SKOS.Concept, *TERMS["kinds_of_terms"]}:
            return name not in TERMS["of_reference"]
        is_used = self._is_foreign(name) or str(name).startswith(str(ORG))
        return not kinds.isdisjoint(TERMS["named"]) and (name in TERMS["of_plans"] or not is_used)

    def _is_known(self, node: Node) -> bool:
        """Return whether something is said of the node beside the graph."""
        return any(self._said(node, None, None))

    def _is_term(self, node: Node) -> bool:
        """Return whether others use it as a property or a class."""
        patterns = ((None, node, None, None), (None, RDF.type, node, None))
        return any(next(self._dataset.quads(pattern), None) is not None for pattern in patterns)

    def _is_foreign(self, node: Node) -> bool:
        """Return whether the node is a thing or term of others."""
        return isinstance(node, URIRef) and (self._is_known(node) or self._is_term(node))

    def _is_address(self, node: Node) -> bool:
        """Return whether the node has an address as the things of others have here."""
        ours = (self._names.id(), self._names.graph(), ONTOLOGY)
        return str(node).startswith(ours) and not self._is_own(str(node))

    def _said(self, subject: Node | None, name: Node | None, value: Node | None) -> Iterator[_Triple]:
        """Return the statements of the dataset and of further graphs that fit."""
        for one, way, other, _ in self._dataset.quads((subject, name, value, None)):
            yield one, way, other
        for graph in self._others.values():
            yield from graph.triples((subject, name, value))

    def _others_with(self, name: Node, value: Node) -> list[str]:
        """Return the things of others that have this value."""
        code = str(value).strip().casefold()
        return sorted({str(one) for one, _, known in self._said(None, name, None) if str(known).casefold() == code})

    def _nearest(self, address: str) -> list[str]:
        """Return the addresses that are most like this one, the nearest first."""
        known = sorted({str(subject) for subject, _, _, _ in self._dataset.quads() if self._is_address(subject)})
        near = process.extract(address, known, scorer=fuzz.ratio, score_cutoff=_LEAST_ALIKE, limit=_MOST_NEAR * 10)
        end = re.split("[/#]", address)[-1]
        ranked = sorted(
            (not other.endswith(end), -Prefix.similarity(other, address), -similarity, other)
            for other, similarity, _ in near
        )
        return [other for _, _, _, other in ranked[:_MOST_NEAR]]

    def _neighbours(self, terms: str, things: str) -> Dataset:
        """Return the ontology, in the graph `terms`, and in `things` what is said of what the graph names."""
        found = Dataset()
        put(found, terms, self._dataset.graph(URIRef(self._names.graph("ontology"))))
        graph = found.graph(URIRef(things))
        for node in {value for value in self._graph.objects() if isinstance(value, URIRef)}:
            graph += (quad[:3] for quad in self._dataset.quads((node, None, None, None)))
        return found


def _written(triple: _Triple) -> str:
    return " ".join(term.n3() for term in triple)
