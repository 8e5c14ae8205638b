"""What corresponds in other plans to a part of a plan, as somebody says who compared them."""

import hashlib
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from rdflib import DCTERMS, RDF, RDFS, SKOS, XSD, Dataset, Graph, Literal, URIRef

from crmgraph.decisions import AGENDA, NOTHING, RELATIONS, SEMAPV, Decision, Followed, Words, follow, read_decisions
from crmgraph.describing.tables import Column, Row, read_cell, read_table
from crmgraph.describing.vocabulary import CG, concept, date_literal
from crmgraph.describing.writer import describe_quotation, describe_statement, find_quote
from crmgraph.errors import Place, TableError
from crmgraph.namespaces import BASE, Names
from crmgraph.reading.folding import key, tidy
from crmgraph.reading.model import Part, Passage, Plan
from crmgraph.texts import read_text

__all__ = ["Called", "Found", "describe_decisions", "describe_found", "describe_links", "part_with"]

_DEGREES = ((0.85, "high"), (0.65, "medium"), (0.0, "low"))
"""From which number on a mapping is as certain as that."""


@dataclass(frozen=True)
class Found:
    """What was found for `subject` in the plan `other`: `value` in this way, or with no way, nothing.

    The way is called as the mapping relation of SKOS that says it: exact, close, broad, narrow or related. `passage`
    has the words that it rests on, `by` the id of who found it, and `certainty` goes from 0 to 1 where it is said.
    """

    subject: URIRef
    other: URIRef
    value: URIRef | None
    way: str
    passage: URIRef
    by: str
    date: Literal
    justification: URIRef
    certainty: str
    reasons: Sequence[Literal]


def part_with(iri: str, plans: Mapping[str, Plan], names: Names) -> tuple[Plan, Part] | None:
    """The part of one of the plans that has this IRI, behind its plan; None where none has it."""
    id, _, path = iri.removeprefix(names.id("plan", "")).partition("/")
    plan = plans.get(id)
    part = next((part for part, _ in plan.walk() if part.id == path), None) if plan else None
    return (plan, part) if plan and part else None


def describe_found(graph: Graph, found: Found, names: Names) -> None:
    """Add what was found, plainly and as a statement."""
    if found.value:
        triple = (found.subject, SKOS[f"{found.way}Match"], found.value)
    else:
        triple = (found.subject, CG.correspondsToNothingIn, found.other)
    graph.add(triple)
    said = describe_statement(graph, names, triple, passage=found.passage, by=found.by)
    graph.add((said, CG.comparedWith, found.other))
    graph.add((said, CG.justification, found.justification))
    graph.add((said, DCTERMS.date, found.date))
    if found.certainty:
        graph.add((said, CG.certainty, Literal(found.certainty, datatype=XSD.decimal)))
        degree = next(name for least, name in _DEGREES if float(found.certainty) >= least)
        graph.add((said, CG.confidence, concept("confidence", degree)))
    for reason in found.reasons:
        graph.add((said, RDFS.comment, reason))
    if found.value is None:
        graph.add((said, RDF.type, CG.NoCorrespondence))
        return
    graph.add((said, RDF.type, CG.Correspondence))
    graph.add((said, CG.relation, concept("correspondence", found.way)))


_CURIE = r"[a-z]+:[^\s:]+"
_LINK = "a prefix, a colon and a name, such as plan:crm/pgm/7"
_RELATIONS = {f"skos:{name}Match": name for name in RELATIONS}
_ANY = "skos:mappingRelation"
_NOTHING = "sssom:NoTermFound"
_JUSTIFICATION = "semapv:ManualMappingCuration"
_COLUMNS = (
    Column("subject_id", required=True, pattern=_CURIE, hint=_LINK),
    Column("subject_label", required=True),
    Column("predicate_id", required=True, pattern="|".join((*_RELATIONS, _ANY)), hint="a mapping relation of SKOS"),
    Column("object_id", required=True, pattern=_CURIE, hint=_LINK),
    Column("object_label"),
    Column("mapping_justification", required=True, pattern=_JUSTIFICATION, hint=_JUSTIFICATION),
    Column("author_id", required=True, pattern=_CURIE, hint=_LINK),
    Column("mapping_date", required=True, pattern=r"\d{4}-\d\d-\d\d", hint="a day, such as 2026-11-27"),
    Column("confidence", required=True, pattern=r"0(\.\d+)?|1(\.0+)?", hint="a number from 0 to 1"),
    Column("comment", required=True),
    Column("ext_comment_es", required=True),
    Column("ext_words"),
)


@dataclass(frozen=True)
class _Set:
    """What is said of a set of mappings as a whole: the prefixes of its names, and what the objects are part of."""

    prefixes: Mapping[str, str]
    other: URIRef

    def iri(self, row: Row, column: str) -> URIRef:
        prefix, _, name = row[column].partition(":")
        if prefix not in self.prefixes:
            raise row.problem(column, f"the prefix {prefix} is not in the curie_map above; add it there")
        return URIRef(self.prefixes[prefix] + name)


def describe_links(folder: Path, plans: Mapping[str, Plan], dataset: Dataset, names: Names) -> None:
    """Add the graph `links` to a dataset that has these plans, from the tables in `folder`.

    Raises TableError where a row names what the dataset does not have, or words that are not in the subject.
    """
    graph = dataset.graph(URIRef(names.graph("links")))
    for file in sorted(folder.glob("*.sssom.tsv")):
        text = read_text(file, TableError)
        head = [line for line in text.splitlines() if line.startswith("#")]
        about = _about(file, head, names)
        key = ("subject_id", "object_id")
        for row in read_table(file, _COLUMNS, key, delimiter="\t", skip=len(head)):
            _describe_mapping(row, about, plans, dataset, graph, names)


def _about(file: Path, head: list[str], names: Names) -> _Set:
    try:
        said: Any = yaml.safe_load("\n".join(line.removeprefix("#") for line in head))
        prefixes = {prefix: space.replace(BASE, names.base) for prefix, space in said["curie_map"].items()}
        return _Set(prefixes, URIRef(said["object_source"].replace(BASE, names.base)))
    except (yaml.YAMLError, AttributeError, KeyError, TypeError):
        raise TableError(
            "the lines that begin with # must be YAML with curie_map and object_source (SSSOM)", Place(file, 1, 1)
        ) from None


def _describe_mapping(
    row: Row, about: _Set, plans: Mapping[str, Plan], dataset: Dataset, graph: Graph, names: Names
) -> None:
    subject, value = about.iri(row, "subject_id"), about.iri(row, "object_id")
    _check(row, subject, value, about, dataset)
    placed = part_with(subject, plans, names)
    if placed is None:
        raise row.problem("subject_id", "no plan has this part; correct this cell")
    plan, part = placed
    source = dataset.graph(URIRef(names.graph("source", plan.id)))
    found = Found(
        subject,
        about.other,
        None if row["object_id"] == _NOTHING else value,
        _RELATIONS.get(row["predicate_id"], ""),
        passage=describe_quotation(source, plan, _words(row, part), names),
        by=about.iri(row, "author_id").rpartition("/")[2],
        date=read_cell(row, "mapping_date", date_literal),
        justification=about.iri(row, "mapping_justification"),
        certainty=row["confidence"],
        reasons=[Literal(row["comment"], "en"), Literal(row["ext_comment_es"], "es")],
    )
    describe_found(graph, found, names)


def _check(row: Row, subject: URIRef, value: URIRef, about: _Set, dataset: Dataset) -> None:
    nothing = row["object_id"] == _NOTHING
    if nothing != (row["predicate_id"] == _ANY):
        raise row.problem("predicate_id", f"{_ANY} goes with {_NOTHING}, and nothing else does; mend one of the two")
    _check_label(row, "subject_label", subject, dataset)
    if not nothing:
        _check_label(row, "object_label", value, dataset)
    if not any(dataset.quads((about.iri(row, "author_id"), RDF.type, CG.Annotator, None))):
        raise row.problem("author_id", "no table has this annotator; add the row there, or correct this cell")


def _words(row: Row, part: Part) -> Passage:
    """The passage of the words that a mapping rests on: in the part, or in one below it; else all of the part."""
    if not row["ext_words"]:
        return part.passage
    for inner, _ in part.walk():
        try:
            return find_quote(inner.passage, row["ext_words"])
        except ValueError:
            continue
    raise row.problem("ext_words", f'neither {part.id} nor what is below it has the words "{row["ext_words"]}"')


def _check_label(row: Row, column: str, thing: URIRef, dataset: Dataset) -> None:
    labels = {str(label) for _, _, label, _ in dataset.quads((thing, RDFS.label, None, None))}
    if row[column] not in labels:
        known = f"it is called {' or '.join(sorted(labels))}" if labels else "there is no such thing"
        raise row.problem(column, f'"{row[column]}" is no name of {thing}: {known}')


_KINDS = (CG.Theme, CG.Objective, CG.Action, CG.Activity, URIRef(f"{AGENDA}/ontology#Target"))
"""What can have another number by now."""


class Called:
    """What the things in a dataset are called, beside what the decisions in these files say."""

    def __init__(self, files: Mapping[Path, Sequence[Decision]], dataset: Dataset, names: Names) -> None:
        self._files, self._dataset, self._names = files, dataset, names

    def is_so(self, decision: Decision) -> bool:
        """Whether both things are called as the decision says."""
        return not any(self._misnamed(decision))

    def check(self, decision: Decision, file: Path) -> None:
        """Raises TableError where one is not: another may have its number by now.

        It sends nobody to `crmgraph link` with a row that this could not mend.
        """
        at, wrong = Place(file, decision.line), "; ".join(self._misnamed(decision))
        if not wrong:
            return
        followed = self._followed[file]
        for stray in followed.strays:
            if stray.decision.line == decision.line:
                raise TableError(stray.why, at)
        for old, new in followed.moved:
            if old.line == decision.line:
                pairs = ((old.subject, new.subject), (old.object, new.object))
                has = " and ".join(now for was, now in pairs if was != now)
                link = f"`crmgraph link … --decisions {shlex.quote(str(file))}`"
                raise TableError(f"{wrong}. The words are those of {has} now, and {link} mends the row", at)
        raise TableError(f"{wrong}; correct the label, or take the row out and decide the pair again", at)

    @cached_property
    def _followed(self) -> dict[Path, Followed]:
        """The decisions of each file, as far as they can follow their words."""
        parts = {part for kind in _KINDS for part, _, _, _ in self._dataset.quads((None, RDF.type, kind, None))}
        words = Words({str(part): self._labels(str(part)) for part in parts}, self._names)
        return {file: follow(rows, words) for file, rows in self._files.items()}

    def _labels(self, iri: str) -> set[str]:
        return {tidy(str(label)) for _, _, label, _ in self._dataset.quads((URIRef(iri), RDFS.label, None, None))}

    def _misnamed(self, decision: Decision) -> Iterator[str]:
        """Which of both is not called as the decision says, and what it is called."""
        for name, iri, label in (
            ("subject", decision.subject, decision.subject_label),
            ("object", decision.object, decision.object_label),
        ):
            # A whole plan, in which nothing corresponds, has no words that could be another's by now.
            if name == "object" and decision.decided == NOTHING:
                continue
            labels = self._labels(iri)
            if tidy(label) not in labels:
                known = f"it is called {' or '.join(sorted(labels))}" if labels else "there is no such thing"
                yield f"{name}_label: “{label}” is no name of {iri}: {known}"


_BY_HAND = URIRef(f"{SEMAPV}ManualMappingCuration")


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
                _describe_decision(decision, at, described)
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


def _describe_decision(decision: Decision, at: Place, described: _Described) -> None:
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
        justification=_BY_HAND,
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
