"""A fast way to check many plans: the background is described once, and data that no check needs are left out."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from rdflib import RDF, RDFS, SKOS, Dataset, Graph, URIRef
from rdflib.term import Node

from crmgraph.checks.findings import Finding, group
from crmgraph.checks.shacl import findings_of, read_shapes, validate
from crmgraph.describing import describe_plan
from crmgraph.describing.vocabulary import CG
from crmgraph.extraction import Gazetteer, Mention
from crmgraph.files import resource
from crmgraph.namespaces import Names
from crmgraph.reading import read_plan_text
from crmgraph.reading.model import Source
from tests.support.dataset import real_background

PLAN = "mutant"
"""The id of every checked plan; no plan of the project has it."""

_THEMATIC_PROPERTIES = (CG.topic, CG.populationGroup)
_ANNOTATION_CLASSES = (CG.InstrumentUse, CG.PastEvent, CG.PlannedEvent, CG.Translation)
_UNCHECKED_PROPERTIES = frozenset({CG.mentions, CG.topic, CG.populationGroup, CG.instrumentUse})
_UNCHECKED_PROPERTIES |= {CG.translation, SKOS.definition}
"""The properties of plans that no check needs."""

Triple = tuple[Node, Node, Node]


class _CachingGazetteer(Gazetteer):
    """A gazetteer that caches its result for each text, since a mutant shares most sentences with its original plan."""

    def __init__(self, lexicon: Gazetteer) -> None:
        self.__dict__.update(lexicon.__dict__)
        self._found: dict[str, list[Mention]] = {}

    def find(self, text: str, within: bool = False) -> list[Mention]:
        if within:
            return super().find(text, within)
        if text not in self._found:
            self._found[text] = super().find(text)
        return self._found[text]


class Bench:
    """Checks plans."""

    def __init__(self) -> None:
        self.names = Names()
        background = real_background()
        self.background = replace(
            background,
            networks=_CachingGazetteer(background.networks),
            statuses=_CachingGazetteer(background.statuses),
            gazetteer_for=cache(lambda language: _CachingGazetteer(background.gazetteer_for(language))),
        )
        self.shapes = read_shapes(resource("ontology") / "shapes")
        self._about: dict[Node, list[Triple]] = defaultdict(list)
        self.known = Graph()
        for subject, predicate, value, _ in background.dataset.quads():
            self.known.add((subject, predicate, value))
            self._about[subject].append((subject, predicate, value))
        self._hierarchy = [(one, RDFS.subClassOf, other) for one, other in self._superclasses()]
        self._above: dict[Node, list[Node]] = defaultdict(list)
        for one, _, other in self._hierarchy:
            self._above[one].append(other)

    def findings(self, text: str) -> list[Finding]:
        return self.check(self.described(text))

    def described(self, text: str) -> Dataset:
        """The graphs of the plan in `text`."""
        return describe_plan(read_plan_text(Source(text), PLAN), self.background)

    def check(self, dataset: Dataset, whole: bool = False) -> list[Finding]:
        """The findings about the plan in `dataset`, those too that others explain. If `whole`, no data are left out."""
        data = self.data_to_check(dataset, whole)
        causes = group(findings_of(validate(data, self.shapes), data, self.names), self.shapes.catalogue)
        return sorted((single for cause in causes for single in cause.singles), key=lambda each: each.sort_key)

    def _superclasses(self) -> Iterator[tuple[Node, Node]]:
        terms = self.background.dataset.graph(URIRef(self.names.graph("ontology")))
        shapes = self.shapes.graph.serialize(format="turtle")
        for one in set(terms.subjects(RDFS.subClassOf)):
            for other in terms.transitive_objects(one, RDFS.subClassOf):
                if isinstance(other, URIRef) and f"cg:{str(other).removeprefix(CG)} " in shapes and other != one:
                    yield one, other

    def data_to_check(self, dataset: Dataset, whole: bool = False) -> Graph:
        """The data to check: the plan, the things that it mentions, and inferred triples; all of it if `whole`."""
        triples = [(subject, predicate, value) for subject, predicate, value, _ in dataset.quads()]
        thematic = {
            one for one, predicate, value in triples if predicate == RDF.predicate and value in _THEMATIC_PROPERTIES
        }
        readings = {one for one, predicate, value in triples if predicate == RDF.type and value in _ANNOTATION_CLASSES}
        left_out = set() if whole else thematic | readings
        kept = [
            triple
            for triple in triples
            if triple[0] not in left_out and (whole or triple[1] not in _UNCHECKED_PROPERTIES)
        ]
        named = {value for _, _, value in kept}
        idle = {one for one, predicate, value in kept if predicate == RDF.type and value == CG.Passage} - named
        idle = set() if whole else idle
        data = Graph()
        for triple in kept:
            if triple[0] not in idle:
                data.add(triple)
        for thing in named:
            for triple in self._about.get(thing, ()):
                data.add(triple)
        for triple in (*self._hierarchy, *self._inferred(data, dataset)):
            data.add(triple)
        return data

    def _inferred(self, data: Graph, dataset: Dataset) -> list[Triple]:
        """The inferred triples that checks need: superclasses, transitive cg:within, and agents involved in parts."""
        found: list[Triple] = []
        for thing, kind in data.subject_objects(RDF.type):
            found += [(thing, RDF.type, wider) for wider in self._above.get(kind, ())]
        above = dict(data.subject_objects(CG.within))
        readings: dict[Node, set[Triple]] = defaultdict(set)
        for element, _, reading, _ in dataset.quads((None, CG.participation, None, None)):
            readings[element].update(
                (reading, CG.agent, agent) for _, _, agent, _ in dataset.quads((reading, CG.agent, None, None))
            )
        for part in above:
            whole: Node | None = part
            while whole is not None:
                if whole != part:
                    found.append((part, CG.within, whole))
                for agency in readings.get(part, ()):
                    found += [(whole, CG.participationWithin, agency[0]), agency]
                whole = above.get(whole)
        return found
