"""Crosswalks: what an objective of one plan corresponds to in others, as somebody who read both says (SSSOM).

A table holds a set of mappings in the TSV form of SSSOM 1.0 (https://mapping-commons.github.io/sssom/): lines that
begin with # are a YAML document about the whole set, below them is a header, and each row is a mapping. A row whose
object is sssom:NoTermFound says that nothing in the other plan corresponds to the subject. Two columns are our own
extensions: the words of the subject on which a mapping rests, and the comment in Spanish.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rdflib import RDF, RDFS, Dataset, Graph, Literal, URIRef

from crmgraph.decisions import RELATIONS
from crmgraph.describing.correspondences import Found, describe_found, part_with
from crmgraph.describing.literals import date_literal
from crmgraph.describing.passages import describe_quotation
from crmgraph.describing.quoting import find_quote
from crmgraph.describing.tables import Column, Row, read_cell, read_table
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import Place, TableError
from crmgraph.namespaces import BASE, Names
from crmgraph.reading.model import Part, Passage, Plan
from crmgraph.texts import read_text

__all__ = ["describe_links"]

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
            _describe(row, about, plans, dataset, graph, names)


def _about(file: Path, head: list[str], names: Names) -> _Set:
    try:
        said: Any = yaml.safe_load("\n".join(line.removeprefix("#") for line in head))
        prefixes = {prefix: space.replace(BASE, names.base) for prefix, space in said["curie_map"].items()}
        return _Set(prefixes, URIRef(said["object_source"].replace(BASE, names.base)))
    except (yaml.YAMLError, AttributeError, KeyError, TypeError):
        raise TableError(
            "the lines that begin with # must be YAML with curie_map and object_source (SSSOM)", Place(file, 1, 1)
        ) from None


def _describe(row: Row, about: _Set, plans: Mapping[str, Plan], dataset: Dataset, graph: Graph, names: Names) -> None:
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
