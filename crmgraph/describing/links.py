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
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from rdflib import DCTERMS, RDF, RDFS, SKOS, XSD, Dataset, Literal, URIRef

from crmgraph.decisions import AGENDA, NOTHING, RELATIONS, SEMAPV, Decision, Followed, Words, follow, read_decisions
from crmgraph.describing.tables import Column, Row, read_table
from crmgraph.describing.vocabulary import CG, concept, date_literal
from crmgraph.describing.writer import Said, add, describe_quotation, describe_statement, find_quote
from crmgraph.errors import Place, TableError
from crmgraph.namespaces import BASE, Names
from crmgraph.reading.folding import key, tidy
from crmgraph.reading.model import Part, Passage, Plan
from crmgraph.texts import read_text

__all__ = ["describe_decisions", "describe_links"]

_DEGREES = ((0.85, "high"), (0.65, "medium"), (0.0, "low"))
"""From which number on a mapping is as certain as that."""
_BY_HAND = URIRef(f"{SEMAPV}ManualMappingCuration")
_KINDS = (CG.Theme, CG.Objective, CG.Action, CG.Activity, URIRef(f"{AGENDA}/ontology#Target"))
"""The classes of what can have another number by now."""
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

    `parts` are the parts of the plans by their IRIs, each behind its plan; `graph` is the graph.
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

    def quotation(self, plan: Plan, passage: Passage) -> URIRef:
        """Return the IRI of a passage, which is added to the source of its plan."""
        source = self.dataset.graph(URIRef(self.names.graph("source", plan.id)))
        return describe_quotation(source, plan, passage, self.names)

    def add(
        self, subject: URIRef, other: URIRef, value: URIRef | None, relation: str, passage: URIRef, by: str, *said: Said
    ) -> None:
        """Add that to a subject a value in the other plan corresponds, or nothing, plainly and as a statement.

        Args:
            subject: the part of a plan.
            other: the plan that it was compared with, or the 2030 Agenda.
            value: what corresponds to it there; None where nothing does.
            relation: the mapping relation of SKOS: exact, close, broad, narrow or related.
            passage: the words that the mapping rests on.
            by: the id of who says so.
            said: what else is said of the statement.
        """
        nothing = value is None
        class_ = CG.NoCorrespondence if nothing else CG.Correspondence
        triple = (
            subject,
            CG.correspondsToNothingIn if nothing else SKOS[f"{relation}Match"],
            other if value is None else value,
        )
        self.graph.add(triple)
        statement = describe_statement(self.graph, self.names, triple, passage=passage, by=by)
        kind = (CG.relation, None if nothing else concept("correspondence", relation))
        add(self.graph, statement, (RDF.type, class_), kind, (CG.comparedWith, other), *said)


def _certainty(number: str) -> list[Said]:
    """Return what is said of a mapping that is as certain as a number from 0 to 1; nothing where that is not said."""
    if not number:
        return []
    degree = next(name for least, name in _DEGREES if float(number) >= least)
    return [(CG.certainty, Literal(number, datatype=XSD.decimal)), (CG.confidence, concept("confidence", degree))]


@dataclass(frozen=True)
class _MappingSet:
    """What is said of a set of mappings as a whole: the prefixes of its names, and what the objects are part of."""

    prefixes: Mapping[str, str]
    other: URIRef

    def iri(self, row: Row, column: str) -> URIRef:
        """Return the IRI in a cell. Raises TableError where its prefix is unknown."""
        prefix, _, name = row[column].partition(":")
        if prefix not in self.prefixes:
            raise row.problem(column, f"the prefix {prefix} is not in the curie_map above; add it there")
        return URIRef(self.prefixes[prefix] + name)


def describe_links(folder: Path, plans: Mapping[str, Plan], dataset: Dataset, names: Names) -> None:
    """Add to the graph `links` of a dataset that has these plans the crosswalks in a folder.

    Raises TableError where a row names what the dataset does not have, or words that are not in the subject.
    """
    links = _Links(plans, dataset, names)
    for file in sorted(folder.glob("*.sssom.tsv")):
        head = [line for line in read_text(file, TableError).splitlines() if line.startswith("#")]
        about = _mapping_set(file, head, names)
        for row in read_table(file, _COLUMNS, ("subject_id", "object_id"), delimiter="\t", skip=len(head)):
            _describe_mapping(row, about, links)


def _mapping_set(file: Path, head: list[str], names: Names) -> _MappingSet:
    try:
        said: Any = yaml.safe_load("\n".join(line.removeprefix("#") for line in head))
        prefixes = {prefix: space.replace(BASE, names.base) for prefix, space in said["curie_map"].items()}
        return _MappingSet(prefixes, URIRef(said["object_source"].replace(BASE, names.base)))
    except (yaml.YAMLError, AttributeError, KeyError, TypeError):
        raise TableError(
            "the lines that begin with # must be YAML with curie_map and object_source (SSSOM)", Place(file, 1, 1)
        ) from None


def _describe_mapping(row: Row, about: _MappingSet, links: _Links) -> None:
    subject, value, author = (about.iri(row, name) for name in ("subject_id", "object_id", "author_id"))
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
    plan, part = links.parts[str(subject)]
    links.add(
        subject,
        about.other,
        None if nothing else value,
        _RELATIONS.get(row["predicate_id"], ""),
        links.quotation(plan, _words(row, part)),
        author.rpartition("/")[2],
        (CG.justification, about.iri(row, "mapping_justification")),
        (DCTERMS.date, date),
        *_certainty(row["confidence"]),
        (RDFS.comment, Literal(row["comment"], "en")),
        (RDFS.comment, Literal(row["ext_comment_es"], "es")),
    )


def _words(row: Row, part: Part) -> Passage:
    """Return the words that a mapping rests on: in the part, or in one below it; else all of the part."""
    if not row["ext_words"]:
        return part.passage
    for inner, _ in part.walk():
        try:
            return find_quote(inner.passage, row["ext_words"])
        except ValueError:
            continue
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
                except TableError as error:
                    wrong.append(error)
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        raise TableError("\n    ".join((f"{len(wrong)} decisions cannot be in the dataset:", *map(str, wrong))))


class _Decisions:
    """The decisions of some files, and the graph of links that they are to be added to."""

    def __init__(self, files: Mapping[Path, Sequence[Decision]], links: _Links) -> None:
        self.files, self._links = files, links
        # Who spoke in the dataset from the first.
        quads = links.dataset.quads((None, RDF.type, CG.Annotator, None))
        self._ours = {annotator for annotator, _, _, _ in quads}
        self._first = next(iter(links.parts), "")
        self._refused = {
            pair: Place(file, each.line)
            for file, rows in files.items()
            for each in rows
            if each.decided == "no" and not any(self._misnamed(each))
            for pair in (each.key, each.turned.key)
        }

    @cached_property
    def _followed(self) -> dict[Path, Followed]:
        """Return the decisions of each file, as far as they can follow their words."""
        quads = (quad for kind in _KINDS for quad in self._links.dataset.quads((None, RDF.type, kind, None)))
        words = Words({str(part): self._links.labels(str(part)) for part, _, _, _ in quads})
        return {file: follow(rows, words) for file, rows in self.files.items()}

    def _misnamed(self, decision: Decision) -> Iterator[str]:
        """Yield which of both is not called as the decision says, and what it is called."""
        sides = [("subject", decision.subject, decision.subject_label)]
        # A whole plan, in which nothing corresponds, has no words that could be another's by now.
        if decision.decided != NOTHING:
            sides.append(("object", decision.object, decision.object_label))
        for name, iri, label in sides:
            if tidy(label) not in self._links.labels(iri):
                yield f"{name}_label: “{label}” is no name of {iri}: {self._links.called(iri)}"

    def _check_names(self, decision: Decision, file: Path) -> None:
        """Raise TableError where a thing is not called as the decision says: another may have its number by now.

        Nobody is sent to `crmgraph link` with a row that this could not mend.
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

    def describe(self, decision: Decision, file: Path) -> None:
        """Add a decision to the graph. Raises TableError where it does not fit the dataset."""
        at, links = Place(file, decision.line), self._links
        if decision.key in self._refused:
            told = f"{self._refused[decision.key]} says that these two do not correspond; keep one of both"
            raise TableError(told, at)
        self._check_names(decision, file)
        nothing = decision.decided == NOTHING
        if not nothing:
            decision = self._turned(decision)
        if decision.subject not in links.parts:
            raise TableError(
                "neither subject_id nor object_id is a part of a plan of this dataset; take the row out", at
            )
        plan, part = links.parts[decision.subject]
        subject, value = URIRef(decision.subject), URIRef(decision.object)
        own, other = URIRef(links.names.id("plan", plan.id)), value if nothing else URIRef(decision.compared[1])
        if other == own or not any(links.dataset.quads((other, RDFS.label, None, None))):
            raise TableError(f"{value} is no {'' if nothing else 'part of an'}other plan; take the row out", at)
        self._check_new((own, subject), (other, None if nothing else value), at)
        passage, by = links.quotation(plan, part.passage), self._annotator(decision.author, at)
        try:
            date = date_literal(decision.date)
        except ValueError as error:
            raise TableError(f"mapping_date: {error}", at) from None
        links.add(
            subject,
            other,
            None if nothing else value,
            decision.decided,
            passage,
            by,
            (CG.justification, _BY_HAND),
            (DCTERMS.date, date),
            *_certainty(decision.confidence),
            (RDFS.comment, Literal(decision.comment) if decision.comment else None),
        )

    def _turned(self, decision: Decision) -> Decision:
        """Return the decision with a part of the first plan first, which is compared with the others, or else any part.

        What is no part of a plan can be what corresponds to one.
        """
        start = self._links.names.id("plan", "")
        first = start + self._first.removeprefix(start).partition("/")[0] + "/"
        leads = decision.object.startswith(first) and not decision.subject.startswith(first)
        return decision if decision.subject in self._links.parts and not leads else decision.turned

    def _check_new(self, one: tuple[URIRef, URIRef], another: tuple[URIRef, URIRef | None], at: Place) -> None:
        """Raise TableError where something is said already of how two parts correspond, or that nothing does.

        Each is a plan and its part; without a part, nothing in that plan corresponds.
        """
        (own, subject), (other, value), graph = one, another, self._links.graph
        nothing = (RDF.type, CG.NoCorrespondence)
        cases: list[tuple[tuple[URIRef, URIRef], ...]] = [((CG.subject, subject), (CG.comparedWith, other))]
        told = f"what corresponds to {subject} in {other}"
        if value is not None:
            cases = [
                ((CG.subject, subject), (CG.object, value)),
                ((CG.subject, value), (CG.object, subject)),
                ((CG.subject, subject), nothing, (CG.comparedWith, other)),
                ((CG.subject, value), nothing, (CG.comparedWith, own)),
            ]
            told = f"how {subject} corresponds to {value}"
        said = {each for having in cases for each in set.intersection(*(set(graph.subjects(*of)) for of in having))}
        if value is None:
            said |= {
                each
                for each in graph.subjects(CG.object, subject)
                if str(graph.value(each, CG.subject)).startswith(f"{other}/")
            }
        if said:
            first = min(map(str, said))
            raise TableError(f"the dataset says already {told}, or that nothing does ({first}); take the row out", at)

    def _annotator(self, author: str, at: Place) -> str:
        """Return the id of who decided, who is described once."""
        id = re.sub(r"[^a-z0-9]+", "-", key(author)).strip("-") or hashlib.sha256(author.encode()).hexdigest()[:12]
        iri = URIRef(self._links.names.id("annotator", id))
        if iri in self._ours:
            raise TableError(
                f"author_label: {author} is who speaks for this dataset ({iri}); sign with another name", at
            )
        add(self._links.graph, iri, (RDF.type, CG.Annotator))
        if (iri, RDFS.label, None) not in self._links.graph:
            add(self._links.graph, iri, (RDFS.label, Literal(author)))
        return id
