"""Correspondences between the parts of plans, from the crosswalks of this project and from files of decisions.

Both are mapping sets in the TSV format of SSSOM 1.0 (https://mapping-commons.github.io/sssom/). In a crosswalk, the
lines that begin with # are YAML metadata; a header and one mapping per row follow. A row whose object is
sssom:NoTermFound means that the subject has no counterpart in the other plan. Two columns are extensions: `ext_words`,
the words of the subject that justify the mapping, and `ext_comment_es`, the comment in Spanish.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, XSD, Dataset, Literal, URIRef

from crmgraph.decisions import NOTHING, RELATIONS, SEMAPV, Decision, read_decisions
from crmgraph.describing.tables import Column, Row, read_table
from crmgraph.describing.vocabulary import (
    CG,
    add,
    concept,
    date_literal,
    describe_quotation,
    describe_statement,
    find_quote,
)
from crmgraph.errors import Place, TableError
from crmgraph.files import read_text
from crmgraph.namespaces import BASE, PREFIXES, Names
from crmgraph.reading.languages import key, tidy
from crmgraph.reading.model import Part, Passage, Plan

_CONFIDENCE_DEGREES = ((0.85, "high"), (0.65, "medium"), (0.0, "low"))
"""The degrees of certainty, each with its minimum confidence."""
_SSSOM_CONFIDENCE, _SSSOM_JUSTIFICATION = (
    URIRef(PREFIXES["sssom"] + name) for name in ("confidence", "mapping_justification")
)
"""The properties of SSSOM for the certainty of a mapping, from 0 to 1, and for how it was made."""
_BY_HAND = URIRef(f"{SEMAPV}ManualMappingCuration")
_BY_MODEL = URIRef(f"{SEMAPV}UnspecifiedMatching")
"""How the mappings of this project were made: SEMAPV has no term for the reading of a language model."""
_CURIE = r"[a-z]+:[^\s:]+"
_CURIE_HINT = "a prefix, a colon and a name, such as plan:crm/pgm/7"
_RELATIONS = {f"skos:{name}Match": name for name in RELATIONS}
_ANY = "skos:mappingRelation"
_NOTHING = "sssom:NoTermFound"
_JUSTIFICATION = "semapv:UnspecifiedMatching"
_COLUMNS = (
    Column("subject_id", required=True, pattern=_CURIE, hint=_CURIE_HINT),
    Column("subject_label", required=True),
    Column("predicate_id", required=True, pattern="|".join((*_RELATIONS, _ANY)), hint="a mapping relation of SKOS"),
    Column("object_id", required=True, pattern=_CURIE, hint=_CURIE_HINT),
    Column("object_label"),
    Column("mapping_justification", required=True, pattern=_JUSTIFICATION, hint=_JUSTIFICATION),
    Column("author_id", required=True, pattern=_CURIE, hint=_CURIE_HINT),
    Column("mapping_date", required=True, pattern=r"\d{4}-\d\d-\d\d", hint="a day, such as 2026-11-27"),
    Column("confidence", required=True, pattern=r"0(\.\d+)?|1(\.0+)?", hint="a number from 0 to 1"),
    Column("comment", required=True),
    Column("ext_comment_es", required=True),
    Column("ext_words"),
    Column("reviewer_id", pattern=_CURIE, hint=_CURIE_HINT, optional=True),
)


class _Links:
    """The graph `links` of a dataset, to which correspondences are added.

    Attributes:
        dataset: The dataset with the plans.
        names: The IRIs of the dataset.
        graph: The graph `links`.
        parts: The parts of all plans by IRI, each as a pair of the plan and the part.
    """

    def __init__(self, plans: Mapping[str, Plan], dataset: Dataset, names: Names) -> None:
        self.dataset, self.names = dataset, names
        self.graph = dataset.graph(URIRef(names.graph("links")))
        self.parts = {
            names.id("plan", plan.id, part.id): (plan, part) for plan in plans.values() for part, _ in plan.walk()
        }

    def label_problem(self, label: str, iri: str) -> str:
        """Return a message if a label is not that of a thing in the dataset; else an empty text."""
        labels = sorted({tidy(str(quad[2])) for quad in self.dataset.quads((URIRef(iri), RDFS.label, None, None))})
        called = f"it is called {' or '.join(labels)}" if labels else "there is no such thing"
        return "" if label in labels else f"“{label}” is no name of {iri}: {called}"

    def add(
        self,
        subject: URIRef,
        other: URIRef,
        value: URIRef | None,
        relation: str,
        passage: Passage,
        by: str,
        date: Literal,
        confidence: str,
        comments: Iterable[Literal],
        justification: URIRef = _BY_HAND,
        reviewer: URIRef | None = None,
    ) -> None:
        """Add a correspondence, or the lack of one: as a triple, and as a cg:Statement about the triple.

        Args:
            subject: The part of a plan.
            other: The plan that it was compared with, or the 2030 Agenda.
            value: The corresponding part of `other`; None if there is none.
            relation: The SKOS mapping relation: exact, close, broad, narrow or related.
            passage: The words of the subject that justify the mapping.
            by: The id of the annotator.
            date: The day of the comparison.
            confidence: The certainty, from "0" to "1", or empty.
            comments: The reasons.
            justification: How the mapping was made, a term of SEMAPV.
            reviewer: The annotator who has reviewed the mapping, if any.
        """
        plan, _ = self.parts[str(subject)]
        ground = describe_quotation(
            self.dataset.graph(URIRef(self.names.graph("source", plan.id))), plan, passage, self.names
        )
        predicate, object = (CG.correspondsToNothingIn, other) if value is None else (SKOS[f"{relation}Match"], value)
        triple = subject, predicate, object
        self.graph.add(triple)
        statement = describe_statement(self.graph, self.names, triple, passage=ground, by=by)
        degree = next(name for least, name in _CONFIDENCE_DEGREES if float(confidence or 0) >= least)
        add(
            self.graph,
            statement,
            (RDF.type, CG.NoCorrespondence if value is None else CG.Correspondence),
            (CG.relation, None if value is None else concept("correspondence", relation)),
            (CG.comparedWith, other),
            (_SSSOM_JUSTIFICATION, justification),
            (DCTERMS.date, date),
            (DCTERMS.contributor, reviewer),
            (_SSSOM_CONFIDENCE, Literal(confidence, datatype=XSD.decimal) if confidence else None),
            (CG.confidence, concept("confidence", degree) if confidence else None),
            *((RDFS.comment, comment) for comment in comments),
        )


def describe_links(folder: Path, plans: Mapping[str, Plan], dataset: Dataset, names: Names) -> None:
    """Add the crosswalks in a folder to the graph `links` of a dataset.

    The dataset contains the graphs of `plans`, which are given by id. Raises TableError if a row names a resource that
    the dataset does not have, or words that the subject does not contain.
    """
    links = _Links(plans, dataset, names)
    for file in sorted(folder.glob("*.sssom.tsv")):
        head = [line.removeprefix("#") for line in read_text(file, TableError).splitlines() if line.startswith("#")]
        prefixes, other = _read_head(file, head, names)
        for row in read_table(file, _COLUMNS, ("subject_id", "object_id"), delimiter="\t", skip=len(head)):
            _describe_mapping(row, prefixes, other, links)


def _read_head(file: Path, lines: list[str], names: Names) -> tuple[dict[str, str], URIRef]:
    """Return the prefixes that a mapping set declares, and the IRI of the plan that contains its objects."""
    try:
        metadata: Any = yaml.safe_load("\n".join(lines))
        prefixes = {prefix: space.replace(BASE, names.base) for prefix, space in metadata["curie_map"].items()}
        return prefixes, URIRef(metadata["object_source"].replace(BASE, names.base))
    except (yaml.YAMLError, AttributeError, KeyError, TypeError):
        raise TableError(
            "the lines that begin with # must be YAML with curie_map and object_source (SSSOM)", Place(file, 1, 1)
        ) from None


def _iri(row: Row, column: str, prefixes: Mapping[str, str]) -> URIRef:
    """Return the IRI for the prefixed name in a cell. Raises TableError if the prefix is not declared."""
    prefix, _, name = row[column].partition(":")
    if prefix not in prefixes:
        raise row.problem(column, f"the prefix {prefix} is not in the curie_map above; add it there")
    return URIRef(prefixes[prefix] + name)


def _describe_mapping(row: Row, prefixes: Mapping[str, str], other: URIRef, links: _Links) -> None:
    subject, value, author = (_iri(row, name, prefixes) for name in ("subject_id", "object_id", "author_id"))
    nothing = row["object_id"] == _NOTHING
    if nothing != (row["predicate_id"] == _ANY):
        raise row.problem("predicate_id", f"{_ANY} goes with {_NOTHING}, and nothing else does; mend one of the two")
    for column, thing in (("subject_label", subject), ("object_label", value)):
        if not (nothing and thing == value) and (wrong := links.label_problem(row[column], thing)):
            raise row.problem(column, wrong)
    reviewer = _iri(row, "reviewer_id", prefixes) if row["reviewer_id"] else None
    for column, who in (("author_id", author), ("reviewer_id", reviewer)):
        if who and not any(links.dataset.quads((who, RDF.type, PROV.Agent, None))):
            raise row.problem(column, "no table has this annotator; add the row there, or correct this cell")
    if str(subject) not in links.parts:
        raise row.problem("subject_id", "no plan has this part; correct this cell")
    with row.converting("mapping_date") as day:
        date = date_literal(day)
    links.add(
        subject,
        other,
        None if nothing else value,
        _RELATIONS.get(row["predicate_id"], ""),
        _justifying_passage(row, links.parts[str(subject)][1]),
        author.rpartition("/")[2],
        date,
        row["confidence"],
        [Literal(row["comment"], "en"), Literal(row["ext_comment_es"], "es")],
        _BY_MODEL,
        reviewer,
    )


def _justifying_passage(row: Row, part: Part) -> Passage:
    """Return the passage that justifies a mapping: the words in `ext_words`, or the whole part if there are none.

    The words may also be in a part below. Raises TableError if they are not there.
    """
    if not row["ext_words"]:
        return part.passage
    for inner, _ in part.walk():
        with suppress(ValueError):
            return find_quote(inner.passage, row["ext_words"])
    raise row.problem("ext_words", f'neither {part.id} nor what is below it has the words "{row["ext_words"]}"')


def describe_decisions(files: Iterable[Path], plans: Mapping[str, Plan], dataset: Dataset, names: Names) -> None:
    """Add the decisions in some files to the graph `links` of a dataset, which contains the graphs of `plans`.

    Proposals, unsigned decisions, and the decision "no" are left out.

    Raises TableError, which lists all invalid rows. A row is invalid if the dataset lacks a part or its label, if the
    dataset already contains a correspondence of the pair, or if it contains one that contradicts the decision.
    """
    decided = _Decisions({file: read_decisions(file) for file in files}, _Links(plans, dataset, names))
    wrong = []
    for file, rows in decided.files.items():
        for decision in rows:
            if decision.is_comparison and decision.is_signed:
                try:
                    decided.describe(decision)
                except ValueError as error:
                    wrong.append(TableError(str(error), Place(file, decision.line)))
    if wrong:
        message = "\n    ".join((f"{len(wrong)} decisions cannot be in the dataset:", *map(str, wrong)))
        raise wrong[0] if len(wrong) == 1 else TableError(message)


class _Decisions:
    """The decisions in some files, and the graph to which they are added."""

    def __init__(self, files: Mapping[Path, Sequence[Decision]], links: _Links) -> None:
        self.files, self._links = files, links
        # The annotators of the project, under whose names nobody else may sign.
        self._project_annotators = {each for each, _, _, _ in links.dataset.quads((None, RDF.type, PROV.Agent, None))}
        self._first_plan = next((links.names.id("plan", plan.id, "") for plan, _ in links.parts.values()), "")
        self._refused = {
            each.pair: Place(file, each.line)
            for file, rows in files.items()
            for each in rows
            if each.decided == "no" and not any(self._label_problems(each))
        }

    def _label_problems(self, decision: Decision) -> Iterator[str]:
        """Yield a message for each side of a decision whose label differs from those in the dataset."""
        sides = (
            ("subject", decision.subject, decision.subject_label),
            ("object", decision.object, decision.object_label),
        )
        # The object of the decision NOTHING is a whole plan, which has no label in the row.
        for name, iri, label in sides[:1] if decision.decided == NOTHING else sides:
            if wrong := self._links.label_problem(tidy(label), iri):
                yield f"{name}_label: {wrong}"

    def describe(self, decision: Decision) -> None:
        """Add a decision to the graph. Raises ValueError if it does not agree with the dataset."""
        links = self._links
        if decision.pair in self._refused:
            raise ValueError(f"{self._refused[decision.pair]} says that these two do not correspond; keep one of both")
        if wrong := "; ".join(self._label_problems(decision)):
            raise ValueError(
                f"{wrong}; where the words have another number now, take this file out of the folder, and "
                "`crmgraph link … --decisions FILE` mends it; else correct the label, or decide anew"
            )
        nothing = decision.decided == NOTHING
        # The subject must be a part of a plan. If one of the two is a part of the first plan, it is the subject.
        is_in_first_plan, is_object_in_first_plan = (
            iri.startswith(self._first_plan) for iri in (decision.subject, decision.object)
        )
        if not nothing and ((is_object_in_first_plan and not is_in_first_plan) or decision.subject not in links.parts):
            decision = decision.inverse
        if decision.subject not in links.parts:
            raise ValueError("neither subject_id nor object_id is a part of a plan of this dataset; take the row out")
        plan, part = links.parts[decision.subject]
        subject, value = URIRef(decision.subject), None if nothing else URIRef(decision.object)
        own, other = URIRef(links.names.id("plan", plan.id)), URIRef(decision.part_and_plan[1])
        if other == own or not any(links.dataset.quads((other, RDFS.label, None, None))):
            raise ValueError(f"{decision.object} is no {'' if nothing else 'part of an'}other plan; take the row out")
        if self._is_decided(own, subject, other, value):
            known = f"how {subject} corresponds to {value}" if value else f"what corresponds to {subject} in {other}"
            raise ValueError(f"the dataset says already {known}, or that nothing does; take the row out")
        links.add(
            subject,
            other,
            value,
            decision.decided,
            part.passage,
            self._annotator(decision.author),
            date_literal(decision.date),
            decision.confidence,
            [Literal(decision.comment)] if decision.comment else [],
        )

    def _is_decided(self, own: URIRef, subject: URIRef, other: URIRef, value: URIRef | None) -> bool:
        """Return whether the graph already has a correspondence of the pair, or one that excludes it.

        `subject` is a part of the plan `own`, and `value` a part of the plan `other`. If `value` is None, the decision
        is that `subject` has no counterpart in `other`.
        """
        graph, nothing = self._links.graph, CG.correspondsToNothingIn
        if value is None:
            return any(
                f"{each}/".startswith(f"{other}/") for each in (*graph.objects(subject), *graph.subjects(None, subject))
            )
        patterns = ((subject, None, value), (value, None, subject), (subject, nothing, other), (value, nothing, own))
        return any(pattern in graph for pattern in patterns)

    def _annotator(self, author: str) -> str:
        """Return the id of an author, and add the author to the graph as an annotator.

        Raises ValueError if it is an annotator of the project.
        """
        id = re.sub(r"[^a-z0-9]+", "-", key(author)).strip("-") or hashlib.sha256(author.encode()).hexdigest()[:12]
        iri = URIRef(self._links.names.id("annotator", id))
        if iri in self._project_annotators:
            raise ValueError(f"author_label: {author} is who speaks for this dataset ({iri}); sign with another name")
        is_new = (iri, RDFS.label, None) not in self._links.graph
        add(self._links.graph, iri, (RDF.type, PROV.Agent), (RDFS.label, Literal(author) if is_new else None))
        return id
