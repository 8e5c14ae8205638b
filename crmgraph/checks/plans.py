"""Checks of datasets, of single plans, and of external graphs.

An external graph is one that a user adds to the dataset. It may link to existing resources, but not change them.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

import yaml
from rdflib import ORG, OWL, RDF, SKOS, Dataset, Graph, URIRef
from rdflib.term import Node

from crmgraph.checks.findings import Finding, locate
from crmgraph.checks.shacl import findings_of, known_shapes, logical_findings, validate
from crmgraph.describing import Background, describe_background, describe_plan, mentioned_background
from crmgraph.describing.vocabulary import Statement, add_quads, add_triples, graph_of, triple_of
from crmgraph.errors import ContradictionError, UsageError, join_first
from crmgraph.files import resource
from crmgraph.inference.entailment import Contradiction, infer, infer_all, infer_by_owlrl
from crmgraph.inference.rules import iri
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.reading import Plan


def check_dataset(
    dataset: Dataset,
    names: Names,
    report_step: Callable[[str], None],
    strict: bool,
    severity: str | None = None,
    reasoner: str = "rules",
    engine: str = "fast",
    about: Collection[Node] | None = None,
) -> tuple[Graph, list[Finding]]:
    """Add the inferred triples to a dataset, in the graph `inferred`, and run the checks.

    Args:
        dataset: The dataset, which is modified.
        names: The IRIs of the dataset.
        report_step: Called with the name of each step before the step begins.
        strict: Whether a logical contradiction raises ContradictionError instead of becoming a finding.
        severity: If given, only the checks with this severity are run, besides those for contradictions.
        reasoner: "rules" or, only if `strict`, "owlrl".
        engine: The SHACL engine, "fast" or "pyshacl".
        about: If given, the focus nodes whose results count. The other nodes are there for their sake.

    Returns:
        The union of all graphs of the dataset, and the findings in their order.
    """
    report_step("inferring")
    contradictions: list[Contradiction] = []
    if strict:
        inferred = infer_by_owlrl(dataset, names) if reasoner == "owlrl" else infer(dataset, names)
    else:
        inferred, contradictions = infer_all(dataset, names)
    add_triples(dataset, names.graph("inferred"), inferred)
    report_step("checking")
    everything = merged_graph(dataset)
    results = validate(everything, known_shapes(severity), engine)
    if about is not None:
        results = [result for result in results if result.focus in about]
    findings = findings_of(results, everything, names)
    logical = logical_findings(contradictions, known_shapes().catalogue, everything, names)
    return everything, sorted({*findings, *logical}, key=lambda finding: finding.sort_key)


def merged_graph(dataset: Dataset) -> Graph:
    """Return the union of all graphs of a dataset."""
    return graph_of((subject, predicate, value) for subject, predicate, value, _ in dataset.quads())


def background(names: Names) -> Background:
    """Return the ontology and the reference data of the project, which the description of every plan needs."""
    return describe_background(resource("ontology"), resource("data"), names)


def check_plan(
    plan: Plan,
    names: Names,
    report_step: Callable[[str], None],
    known_background: Background,
    engine: str = "fast",
) -> list[Finding]:
    """Return the findings about a plan, with their locations in its file.

    Only the part of `known_background` that the plan mentions is checked, so that the time does not depend on its size.
    `report_step` is called with the name of each step. Raises InputError if an annotation of the plan is invalid.
    """
    report_step("describing")
    described = describe_plan(plan, known_background)
    dataset = mentioned_background(described, known_background)
    add_quads(dataset, described)
    return locate(check_dataset(dataset, names, report_step, strict=False, engine=engine)[1], plan.source)


_TERM_NAMES = yaml.safe_load(Path(__file__).with_name("external.yaml").read_text(encoding="utf-8"))
TERMS = {key: {URIRef(iri(name).value) for name in names} for key, names in _TERM_NAMES.items()}
"""The terms listed in `external.yaml`, by the key of the list. The lists define what external graphs may state."""
_ALTERNATIVES = {URIRef(iri(name).value): instead for name, instead in _TERM_NAMES["identities"].items()}
_MAX_LISTED = 3
_COUNTED_RANK = 4
"""The rank, among the problems of a statement, of a thing that the library's questions would count."""


def add_external(graphs: Mapping[str, Graph], dataset: Dataset, names: Names) -> list[Finding]:
    """Check external graphs, add them to the dataset, and return the findings in them.

    The triples inferred from them are added to the graph `inferred`.

    Args:
        graphs: The external graphs by id.
        dataset: The dataset, with its inferred triples. It has passed the checks.
        names: The IRIs of the dataset.

    Raises UsageError if a graph would change resources that are not its own, or violates a check.
    """
    examined = {}
    for id, graph in graphs.items():
        others = {names.graph("plan", each): other for each, other in graphs.items() if each != id}
        examined[id] = check_external_graph(graph, others, dataset, id, names)
    for id, graph in graphs.items():
        add_triples(dataset, names.graph("plan", id), graph)
        add_triples(dataset, names.graph("inferred"), examined[id][0])
    return [finding for _, findings in examined.values() for finding in findings]


def check_external_graph(
    graph: Graph, others: Mapping[str, Graph], dataset: Dataset, id: str, names: Names
) -> tuple[Graph, list[Finding]]:
    """Check an external graph, and return the triples inferred from it and the findings in it.

    Args:
        graph: The external graph.
        others: The other external graphs, by IRI.
        dataset: The dataset that the graphs are to be added to.
        id: The id of the external graph.
        names: The IRIs of the dataset.

    Raises UsageError if the graph states or entails something that it may not, or violates a check.
    """
    external = _External(graph, others, dataset, id, names)
    external.check_statements()
    inferred = external.infer_triples()
    findings = external.findings()
    check_findings(findings, id)
    return inferred, findings


def check_findings(findings: Iterable[Finding], id: str) -> None:
    """Raise UsageError if there is a finding of severity "violation" in the external graph with this id."""
    broken = [
        f"{each.location.element}: {each.statement_en} ({each.code})"
        for each in findings
        if each.severity == "violation"
    ]
    if broken:
        raise UsageError(f"the graph {id} is not as it says: {join_first(broken, _MAX_LISTED, '; ')}")


class _External:
    """An external graph to be checked, with the dataset and the other external graphs.

    A *foreign* resource, below, is one that the dataset or another external graph describes or uses.
    """

    def __init__(self, graph: Graph, others: Mapping[str, Graph], dataset: Dataset, id: str, names: Names) -> None:
        self._graph, self._others, self._dataset, self._id, self._names = graph, others, dataset, id, names
        self._matches_own_iri = re.compile(
            rf"{re.escape(names.base)}((id|graph)/(plan|source|event)/{id}([/#].*)?|id/statement/[0-9a-f]{{12}})"
        ).fullmatch
        graphs = (str(each.identifier) for each in dataset.graphs() if len(each))
        self._places = {*graphs, *others, ONTOLOGY, f"{ONTOLOGY}#"}

    def check_statements(self) -> None:
        """Raise UsageError if the graph contains a statement that it may not contain.

        The subjects must be resources of the graph itself, with IRIs that the dataset could not use. Foreign resources
        may be objects of linking properties only, such as skos:closeMatch. Foreign agents, places, instruments and
        concepts may also be objects of the properties of plans, but not of those that the questions of the library
        count, such as memberships.
        """
        foreign = {triple[0] for triple in self._graph if not self._may_state(*triple)}
        own = self._names.id("plan", self._id)
        for what, subjects in (
            ("something of what is described here already", filter(self._is_described, foreign)),
            (
                f"something of what has an address as things of others have here (its own begin with {own}/)",
                filter(self._has_dataset_iri, foreign),
            ),
            ("something of a term that others use here", foreign),
        ):
            if found := sorted(map(str, subjects)):
                raise UsageError(
                    f"the graph {self._id} says {what}, and the two are never mixed: {join_first(found, _MAX_LISTED)}; "
                    "give it things of its own, and link them by what it says of these"
                )
        wrong = [found for triple in sorted(self._graph, key=_triple_text) for found in self._problems(triple)]
        if wrong:
            raise UsageError(min(wrong, key=lambda each: each[0])[1])

    def _problems(self, triple: Statement) -> Iterator[tuple[int, str]]:
        """Yield the problems of a statement, each with its rank. The problem with the lowest rank is reported."""
        subject, name, value = triple
        graph, written = f"the graph {self._id}", _triple_text(triple)
        for node in (name, value):
            if self._has_dataset_iri(node) and not (self._is_foreign(node) or str(node) in self._places):
                yield 1, f"{graph} links to what there is not: {written}; nothing here has the address {node}"
        if name in TERMS["codes"] and (others := self._with_value(name, value)):
            yield (
                2,
                f"{graph} says that {subject} has the code {value}, and that is the code of {others[0]}: {written}; "
                "leave it out, or link to that by skos:exactMatch",
            )
        if name in TERMS["identities"] and self._is_foreign(value):
            yield (
                3,
                f"{graph} makes one of two: {written}; what is said of each would be said of both, and the two are "
                f"never mixed; say it by {_ALTERNATIVES[URIRef(str(name))]}",
            )
        if name == RDF.type and value in TERMS["counted"]:
            yield (
                _COUNTED_RANK,
                f"by {graph} something would count among the things that are described here, each with its source: "
                f"{written}; name that which is here, or say what it is in another vocabulary, such as org: or schema:",
            )
        if not self._is_permitted_link(name, value):
            yield (
                5,
                f"{graph} says more than a link of what is described here already, and the two are never mixed: "
                f"{written}; say it by skos:closeMatch or another match, rdfs:seeAlso, dcterms:relation or "
                "dcterms:references",
            )

    def infer_triples(self) -> Graph:
        """Return the triples inferred from the graph. Raises UsageError if one describes a foreign resource."""
        # The ontology is added to the graph of the plan, so that its terms are treated like other resources.
        here = self._names.graph("plan", self._id)
        before, after = self._context(here, here), self._context(here, here)
        known = {triple_of(triple) for triple in (*infer(before, self._names), *before.graph(URIRef(here)))}
        add_triples(after, here, self._graph)
        try:
            following = sorted(infer(after, self._names), key=_triple_text)
        except ContradictionError as error:
            raise UsageError(
                f"the graph {self._id} cannot be true beside the ontology and what it names: {error}"
            ) from None
        # Leave out what holds for every term, such as that a class is a subclass of itself.
        new = [
            (subject, name, value)
            for subject, name, value in following
            if triple_of((subject, name, value)) not in known
            and not (subject in (value, OWL.Nothing) or value == OWL.Thing)
        ]
        if wrong := [_triple_text(triple) for triple in new if not self._may_entail(*triple)]:
            raise UsageError(
                f"from the graph {self._id} something follows of what is not its own: "
                f"{'; '.join(wrong[:_MAX_LISTED])}; say it without a property or class that says something of both"
            )
        if counted := [problem for triple in new for rank, problem in self._problems(triple) if rank == _COUNTED_RANK]:
            raise UsageError(counted[0])
        return graph_of(new)

    def findings(self) -> list[Finding]:
        """Return the findings about the resources of the graph itself."""
        dataset = self._context(self._names.graph("ontology"), self._names.graph("reference"))
        add_triples(dataset, self._names.graph("plan", self._id), self._graph)
        own = {str(subject) for subject in self._graph.subjects()}
        return [
            finding
            for finding in check_dataset(dataset, self._names, lambda _: None, strict=True)[1]
            if finding.location.element in own
        ]

    def _may_state(self, subject: Node, name: Node, value: Node) -> bool:
        """Return whether the graph may contain a statement with this subject.

        The subject is usually a resource of the graph itself. The graph may also repeat the type of a term, such as
        owl:Class.
        """
        is_kind = value in TERMS["kinds_of_terms"]
        if self._is_described(subject):
            return is_kind and any(self._statements(subject, name, value))
        return not self._has_dataset_iri(subject) and (
            (name == RDF.type and is_kind) or not self._is_used_as_term(subject)
        )

    def _may_entail(self, subject: Node, name: Node, value: Node) -> bool:
        """Return whether the graph may entail a statement: about a resource of its own, with a permitted link."""
        is_link = name not in TERMS["identities"] and self._is_permitted_link(name, value)
        return not self._is_foreign(subject) and (is_link or not self._is_foreign(value))

    def _is_permitted_link(self, name: Node, value: Node) -> bool:
        """Return whether a statement may have this property and value.

        All properties may have values of the graph itself. Properties that the dataset does not use may have foreign
        agents, places and instruments as values, as no question of the library asks for them.
        """
        if not self._is_foreign(value) or name in TERMS["links"]:
            return True
        kinds = {kind for _, _, kind, _ in self._dataset.quads((value, RDF.type, None, None))}
        if kinds & {SKOS.Concept, *TERMS["kinds_of_terms"]}:
            return name not in TERMS["of_reference"]
        is_used = self._is_foreign(name) or str(name).startswith(str(ORG))
        return not kinds.isdisjoint(TERMS["named"]) and (name in TERMS["of_plans"] or not is_used)

    def _is_described(self, node: Node) -> bool:
        """Return whether the dataset or another external graph has statements about the node."""
        return any(self._statements(node, None, None))

    def _is_used_as_term(self, node: Node) -> bool:
        """Return whether the dataset uses the node as a property or a class."""
        return any(
            next(self._dataset.quads(pattern), None) is not None
            for pattern in ((None, node, None, None), (None, RDF.type, node, None))
        )

    def _is_foreign(self, node: Node) -> bool:
        """Return whether the node is a foreign resource: described, or used as a property or class."""
        return isinstance(node, URIRef) and (self._is_described(node) or self._is_used_as_term(node))

    def _has_dataset_iri(self, node: Node) -> bool:
        """Return whether the IRI of the node belongs to the dataset or the ontology, and not to this graph."""
        return str(node).startswith((self._names.id(), self._names.graph(), ONTOLOGY)) and not self._matches_own_iri(
            str(node)
        )

    def _statements(self, subject: Node | None, name: Node | None, value: Node | None) -> Iterator[Statement]:
        """Return the matching statements of the dataset and of the other external graphs. None matches any node."""
        here = (quad[:3] for quad in self._dataset.quads((subject, name, value, None)))
        return chain(here, *(graph.triples((subject, name, value)) for graph in self._others.values()))

    def _with_value(self, name: Node, value: Node) -> list[str]:
        """Return the foreign resources that have this value of a property. Case is ignored."""
        code = str(value).strip().casefold()
        return sorted(
            {str(one) for one, _, known in self._statements(None, name, None) if str(known).casefold() == code}
        )

    def _context(self, terms: str, things: str) -> Dataset:
        """Return a new dataset that describes the context of this graph.

        It has the ontology in the graph `terms`, and the descriptions of all objects of this graph in `things`.
        """
        found = Dataset()
        add_triples(found, terms, self._dataset.graph(URIRef(self._names.graph("ontology"))))
        objects = {value for value in self._graph.objects() if isinstance(value, URIRef)}
        quads = chain.from_iterable(self._dataset.quads((node, None, None, None)) for node in objects)
        add_triples(found, things, (quad[:3] for quad in quads))
        return found


def _triple_text(triple: Statement) -> str:
    return " ".join(term.n3() for term in triple)
