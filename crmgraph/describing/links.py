"""Correspondences of parts of plans, by those who compared them.

The crosswalks of this project and what people decided about proposals are sets of mappings in the TSV form of SSSOM 1.0
(https://mapping-commons.github.io/sssom/). In a crosswalk, lines that begin with # are a YAML document about the whole
set, below them is a header, and each row is a mapping. A row whose object is sssom:NoTermFound says that nothing in the
other plan corresponds to the subject. Two columns are our own extensions: the words of the subject on which a mapping
rests, and the comment in Spanish.
"""

import hashlib
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from rdflib import DCTERMS, RDF, RDFS, SKOS, XSD, Dataset, Literal, URIRef

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
from crmgraph.namespaces import BASE, Names
from crmgraph.reading.languages import key, tidy
from crmgraph.reading.model import Part, Passage, Plan
from crmgraph.texts import read_text

_DEGREES = ((0.85, "high"), (0.65, "medium"), (0.0, "low"))
"""From which number on a mapping is as certain as that."""
_BY_HAND = URIRef(f"{SEMAPV}ManualMappingCuration")
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


class _Links:
    """The graph `links` of a dataset, with the plans whose parts correspond.

    `parts` are the parts of the plans by their IRIs, each behind its plan.
    """

    def __init__(self, plans: Mapping[str, Plan], dataset: Dataset, names: Names) -> None:
        self.dataset, self.names = dataset, names
        self.graph = dataset.graph(URIRef(names.graph("links")))
        self.parts = {
            names.id("plan", plan.id, part.id): (plan, part) for plan in plans.values() for part, _ in plan.walk()
        }

    def labels(self, iri: str) -> set[str]:
        """Return what a thing is called in the dataset."""
        return {tidy(str(label)) for _, _, label, _ in self.dataset.quads((URIRef(iri), RDFS.label, None, None))}

    def called(self, iri: str) -> str:
        """Return in words what a thing is called."""
        labels = self.labels(iri)
        return f"it is called {' or '.join(sorted(labels))}" if labels else "there is no such thing"

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
    ) -> None:
        """Add that to a subject a value in the other plan corresponds, or nothing, plainly and as a statement.

        Args:
            subject: the part of a plan.
            other: the plan that it was compared with, or the 2030 Agenda.
            value: what corresponds to it there; None where nothing does.
            relation: the mapping relation of SKOS: exact, close, broad, narrow or related.
            passage: the words of the subject that the mapping rests on.
            by: the id of who says so.
            date: the day when they said it.
            confidence: how certain it is, from 0 to 1; empty where nobody said that.
            comments: why it is so.
        """
        plan, _ = self.parts[str(subject)]
        source = self.dataset.graph(URIRef(self.names.graph("source", plan.id)))
        ground = describe_quotation(source, plan, passage, self.names)
        predicate, object = (CG.correspondsToNothingIn, other) if value is None else (SKOS[f"{relation}Match"], value)
        triple = subject, predicate, object
        self.graph.add(triple)
        statement = describe_statement(self.graph, self.names, triple, passage=ground, by=by)
        degree = next(name for least, name in _DEGREES if float(confidence or 0) >= least)
        add(
            self.graph,
            statement,
            (RDF.type, CG.NoCorrespondence if value is None else CG.Correspondence),
            (CG.relation, None if value is None else concept("correspondence", relation)),
            (CG.comparedWith, other),
            (CG.justification, _BY_HAND),
            (DCTERMS.date, date),
            (CG.certainty, Literal(confidence, datatype=XSD.decimal) if confidence else None),
            (CG.confidence, concept("confidence", degree) if confidence else None),
            *((RDFS.comment, comment) for comment in comments),
        )


def describe_links(folder: Path, plans: Mapping[str, Plan], dataset: Dataset, names: Names) -> None:
    """Add to the graph `links` of a dataset that has these plans the crosswalks in a folder.

    Raises TableError where a row names what the dataset does not have, or words that are not in the subject.
    """
    links = _Links(plans, dataset, names)
    for file in sorted(folder.glob("*.sssom.tsv")):
        head = [line.removeprefix("#") for line in read_text(file, TableError).splitlines() if line.startswith("#")]
        prefixes, other = _head(file, head, names)
        for row in read_table(file, _COLUMNS, ("subject_id", "object_id"), delimiter="\t", skip=len(head)):
            _describe_mapping(row, prefixes, other, links)


def _head(file: Path, lines: list[str], names: Names) -> tuple[dict[str, str], URIRef]:
    """Return the prefixes of the names in a set of mappings, and what its objects are part of."""
    try:
        said: Any = yaml.safe_load("\n".join(lines))
        prefixes = {prefix: space.replace(BASE, names.base) for prefix, space in said["curie_map"].items()}
        return prefixes, URIRef(said["object_source"].replace(BASE, names.base))
    except (yaml.YAMLError, AttributeError, KeyError, TypeError):
        raise TableError(
            "the lines that begin with # must be YAML with curie_map and object_source (SSSOM)", Place(file, 1, 1)
        ) from None


def _iri(row: Row, column: str, prefixes: Mapping[str, str]) -> URIRef:
    """Return the IRI in a cell. Raises TableError where its prefix is unknown."""
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
        if row[column] not in links.labels(thing) and not (nothing and thing == value):
            raise row.problem(column, f'"{row[column]}" is no name of {thing}: {links.called(thing)}')
    if not any(links.dataset.quads((author, RDF.type, CG.Annotator, None))):
        raise row.problem("author_id", "no table has this annotator; add the row there, or correct this cell")
    if str(subject) not in links.parts:
        raise row.problem("subject_id", "no plan has this part; correct this cell")
    with row.reading("mapping_date") as day:
        date = date_literal(day)
    links.add(
        subject,
        other,
        None if nothing else value,
        _RELATIONS.get(row["predicate_id"], ""),
        _words(row, links.parts[str(subject)][1]),
        author.rpartition("/")[2],
        date,
        row["confidence"],
        [Literal(row["comment"], "en"), Literal(row["ext_comment_es"], "es")],
    )


def _words(row: Row, part: Part) -> Passage:
    """Return the words that a mapping rests on: in the part, or in one below it; else all of the part."""
    if not row["ext_words"]:
        return part.passage
    for inner, _ in part.walk():
        with suppress(ValueError):
            return find_quote(inner.passage, row["ext_words"])
    raise row.problem("ext_words", f'neither {part.id} nor what is below it has the words "{row["ext_words"]}"')


def describe_decisions(files: Iterable[Path], plans: Mapping[str, Plan], dataset: Dataset, names: Names) -> None:
    """Add to the graph `links` of a dataset that has these plans what is decided in the files, and by whom.

    What nobody has signed, or says that two things do not correspond, is left out. Raises TableError that tells of all
    rows which name what the dataset does not have, by a name that it does not have, or say of two parts what is said
    already, or what speaks against it.
    """
    decided = _Decisions({file: read_decisions(file) for file in files}, _Links(plans, dataset, names))
    wrong = []
    for file, rows in decided.files.items():
        for decision in rows:
            if decision.is_comparison and decision.is_signed:
                try:
                    decided.describe(decision, file)
                except ValueError as error:
                    wrong.append(TableError(str(error), Place(file, decision.line)))
    if wrong:
        told = "\n    ".join((f"{len(wrong)} decisions cannot be in the dataset:", *map(str, wrong)))
        raise wrong[0] if len(wrong) == 1 else TableError(told)


class _Decisions:
    """The decisions of some files, and the graph of links that they are to be added to."""

    def __init__(self, files: Mapping[Path, Sequence[Decision]], links: _Links) -> None:
        self.files, self._links = files, links
        # Who spoke in the dataset from the first.
        self._ours = {each for each, _, _, _ in links.dataset.quads((None, RDF.type, CG.Annotator, None))}
        self._first = next((links.names.id("plan", plan.id, "") for plan, _ in links.parts.values()), "")
        self._refused = {
            each.pair: Place(file, each.line)
            for file, rows in files.items()
            for each in rows
            if each.decided == "no" and not any(self._misnamed(each))
        }

    def _misnamed(self, decision: Decision) -> Iterator[str]:
        """Yield which of both is not called as the decision says, and what it is called."""
        sides = (
            ("subject", decision.subject, decision.subject_label),
            ("object", decision.object, decision.object_label),
        )
        # A whole plan, in which nothing corresponds, has no words that could be another's by now.
        for name, iri, label in sides[:1] if decision.decided == NOTHING else sides:
            if tidy(label) not in self._links.labels(iri):
                yield f"{name}_label: “{label}” is no name of {iri}: {self._links.called(iri)}"

    def describe(self, decision: Decision, file: Path) -> None:
        """Add a decision to the graph. Raises ValueError where it does not fit the dataset."""
        links = self._links
        if decision.pair in self._refused:
            raise ValueError(f"{self._refused[decision.pair]} says that these two do not correspond; keep one of both")
        if wrong := "; ".join(self._misnamed(decision)):
            link = f"`crmgraph link … --decisions {shlex.quote(str(file))}`"
            raise ValueError(
                f"{wrong}; {link} mends a row whose words have another number now; else correct the label, or take the "
                "row out and decide the pair again"
            )
        nothing = decision.decided == NOTHING
        # A part of the first plan is compared with the others; what is no part of a plan can correspond to one.
        leads = decision.object.startswith(self._first) and not decision.subject.startswith(self._first)
        if not nothing and (leads or decision.subject not in links.parts):
            decision = decision.turned
        if decision.subject not in links.parts:
            raise ValueError("neither subject_id nor object_id is a part of a plan of this dataset; take the row out")
        plan, part = links.parts[decision.subject]
        subject, value = URIRef(decision.subject), None if nothing else URIRef(decision.object)
        own, other = URIRef(links.names.id("plan", plan.id)), URIRef(decision.compared[1])
        if other == own or not any(links.dataset.quads((other, RDFS.label, None, None))):
            raise ValueError(f"{decision.object} is no {'' if nothing else 'part of an'}other plan; take the row out")
        if self._is_said(own, subject, other, value):
            told = f"how {subject} corresponds to {value}" if value else f"what corresponds to {subject} in {other}"
            raise ValueError(f"the dataset says already {told}, or that nothing does; take the row out")
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

    def _is_said(self, own: URIRef, subject: URIRef, other: URIRef, value: URIRef | None) -> bool:
        """Return whether it is said already how a subject and a value correspond, or that nothing does.

        They are parts of the plans `own` and `other`; without a value, nothing in that plan corresponds.
        """
        graph, nothing = self._links.graph, CG.correspondsToNothingIn
        if value is None:
            compared = (*graph.objects(subject), *graph.subjects(None, subject))
            return any(f"{each}/".startswith(f"{other}/") for each in compared)
        said = ((subject, None, value), (value, None, subject), (subject, nothing, other), (value, nothing, own))
        return any(triple in graph for triple in said)

    def _annotator(self, author: str) -> str:
        """Return the id of who decided, who is described once."""
        id = re.sub(r"[^a-z0-9]+", "-", key(author)).strip("-") or hashlib.sha256(author.encode()).hexdigest()[:12]
        iri = URIRef(self._links.names.id("annotator", id))
        if iri in self._ours:
            raise ValueError(f"author_label: {author} is who speaks for this dataset ({iri}); sign with another name")
        is_new = (iri, RDFS.label, None) not in self._links.graph
        add(self._links.graph, iri, (RDF.type, CG.Annotator), (RDFS.label, Literal(author) if is_new else None))
        return id
