"""What people decided about proposed correspondences, in the dataset beside the crosswalks of this project."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rdflib import RDF, RDFS, SKOS, Dataset, Graph, Literal, URIRef

from crmgraph.decisions import NOTHING, SEMAPV, Decision, read_decisions
from crmgraph.describing.called import Called
from crmgraph.describing.correspondences import Found, describe_found, part_with
from crmgraph.describing.literals import date_literal
from crmgraph.describing.passages import describe_quotation
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import Place, TableError
from crmgraph.namespaces import Names
from crmgraph.reading.folding import key
from crmgraph.reading.model import Plan

__all__ = ["describe_decisions"]

_JUSTIFICATION = URIRef(f"{SEMAPV}ManualMappingCuration")


def describe_decisions(files: Iterable[Path], plans: Mapping[str, Plan], dataset: Dataset, names: Names) -> None:
    """Add to the graph `links` of a dataset that has these plans what is decided in the files, and by whom.

    What nobody has signed, or says that two things do not correspond, is left out. Raises TableError that tells of all
    rows which name what the dataset does not have, by a name that it does not have, or say of two parts what is said
    already, or what speaks against it.
    """
    described = _Described(plans, dataset, names)
    read = {file: read_decisions(file) for file in files}
    called = Called(read, dataset, names)
    rows = [(file, each) for file, of in read.items() for each in of]
    refused = {
        pair: Place(file, each.line)
        for file, each in rows
        if each.decided == "no" and called.is_so(each)
        for pair in (each.key, each.turned.key)
    }
    wrong = []
    for file, decision in rows:
        if decision.is_comparison and decision.is_signed:
            at = Place(file, decision.line)
            try:
                if decision.key in refused:
                    told = f"{refused[decision.key]} says that these two do not correspond; keep one of both"
                    raise TableError(told, at)
                called.check(decision, file)
                _describe(decision, at, described)
            except TableError as error:
                wrong.append(error)
    _refuse(wrong)


def _refuse(wrong: Sequence[TableError]) -> None:
    """Raises TableError that tells all that is wrong, so that it can be mended in one go."""
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        raise TableError("\n    ".join((f"{len(wrong)} decisions cannot be in the dataset:", *map(str, wrong))))


class _Described:
    """A dataset that is described: its plans, the graph of what corresponds, and who spoke in it from the first."""

    def __init__(self, plans: Mapping[str, Plan], dataset: Dataset, names: Names) -> None:
        self.plans, self.dataset, self.names = plans, dataset, names
        self.links = dataset.graph(URIRef(names.graph("links")))
        self.ours = {str(subject) for subject, _, _, _ in dataset.quads((None, RDF.type, CG.Annotator, None))}

    def turned(self, decision: Decision) -> Decision:
        """The decision with a part of the first plan first, which is compared with the others, or else any part of one.

        What is no part of a plan can be what corresponds to one.
        """
        first = self.names.id("plan", next(iter(self.plans), "")) + "/"
        is_placed = part_with(decision.subject, self.plans, self.names) is not None
        leads = decision.object.startswith(first) and not decision.subject.startswith(first)
        return decision if is_placed and not leads else decision.turned


def _describe(decision: Decision, at: Place, described: _Described) -> None:
    names = described.names
    if decision.decided != NOTHING:
        decision = described.turned(decision)
    placed = part_with(decision.subject, described.plans, names)
    if placed is None:
        raise TableError("neither subject_id nor object_id is a part of a plan of this dataset; take the row out", at)
    plan, part = placed
    subject, object = URIRef(decision.subject), URIRef(decision.object)
    own = URIRef(names.id("plan", plan.id))
    value = None if decision.decided == NOTHING else object
    other = object if value is None else _whole(decision.object, described.dataset, names)
    if other in (None, own) or not any(described.dataset.quads((other, RDFS.label, None, None))):
        raise TableError(f"{object} is no {'' if value is None else 'part of an'}other plan; take the row out", at)
    _check_new(described.links, (own, subject), (other, value), at)
    source = described.dataset.graph(URIRef(names.graph("source", plan.id)))
    found = Found(
        subject,
        other,
        value,
        decision.decided if value else "",
        passage=describe_quotation(source, plan, part.passage, names),
        by=_annotator(decision.author, described, at),
        date=_date(decision.date, at),
        justification=_JUSTIFICATION,
        certainty=decision.confidence,
        reasons=[Literal(decision.comment)] if decision.comment else [],
    )
    describe_found(described.links, found, names)


def _whole(iri: str, dataset: Dataset, names: Names) -> URIRef | None:
    """The plan that something is a part of, or the scheme, such as the 2030 Agenda."""
    start = names.id("plan", "")
    if iri.startswith(start):
        return URIRef(start + iri.removeprefix(start).partition("/")[0])
    schemes = sorted(str(scheme) for _, _, scheme, _ in dataset.quads((URIRef(iri), SKOS.inScheme, None, None)))
    return URIRef(schemes[0]) if schemes else None


def _check_new(graph: Graph, one: tuple[URIRef, URIRef], another: tuple[URIRef, URIRef | None], at: Place) -> None:
    """Raises TableError where something is said already of how the two correspond, or that nothing does.

    Each is a plan and its part; without a part, nothing in that plan corresponds.
    """
    (own, subject), (other, value) = one, another
    if value is None:
        said = _said(graph, (CG.subject, subject), (CG.comparedWith, other)) | {
            str(each)
            for each in graph.subjects(CG.object, subject)
            if str(graph.value(each, CG.subject)).startswith(f"{other}/")
        }
        told = f"what corresponds to {subject} in {other}"
    else:
        said = {
            *_said(graph, (CG.subject, subject), (CG.object, value)),
            *_said(graph, (CG.subject, value), (CG.object, subject)),
            *_said(graph, (CG.subject, subject), (RDF.type, CG.NoCorrespondence), (CG.comparedWith, other)),
            *_said(graph, (CG.subject, value), (RDF.type, CG.NoCorrespondence), (CG.comparedWith, own)),
        }
        told = f"how {subject} corresponds to {value}"
    if said:
        raise TableError(f"the dataset says already {told}, or that nothing does ({min(said)}); take the row out", at)


def _said(graph: Graph, *having: tuple[URIRef, URIRef]) -> set[str]:
    """The statements that have all of these values."""
    return set.intersection(*(set(map(str, graph.subjects(*each))) for each in having))


def _annotator(author: str, described: _Described, at: Place) -> str:
    """The id of who decided, who is described once."""
    id = re.sub(r"[^a-z0-9]+", "-", key(author)).strip("-") or hashlib.sha256(author.encode()).hexdigest()[:12]
    iri = URIRef(described.names.id("annotator", id))
    if str(iri) in described.ours:
        raise TableError(f"author_label: {author} is who speaks for this dataset ({iri}); sign with another name", at)
    if (iri, RDF.type, CG.Annotator) not in described.links:
        described.links.add((iri, RDF.type, CG.Annotator))
        described.links.add((iri, RDFS.label, Literal(author)))
    return id


def _date(text: str, at: Place) -> Literal:
    try:
        return date_literal(text)
    except ValueError as error:
        raise TableError(f"mapping_date: {error}", at) from None
