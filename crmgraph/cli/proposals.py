"""What corresponds as far as a program can tell: parts of two plans, or names in a table and things of the graph."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from crmgraph.errors import Place, TableError, UsageError
from crmgraph.namespaces import PREFIXES
from crmgraph.wording import Bilingual

if TYPE_CHECKING:
    from pyoxigraph import Store

    from crmgraph.decisions import Decision
    from crmgraph.linking.proposing import Part, Proposal, Similarity
    from crmgraph.namespaces import Names

__all__ = ["decision_of", "names_in", "number_of", "order_of", "parts_like", "things_called"]

_NOTHING = {"es": "nada en común", "en": "nothing in common"}


def parts_like(
    store: "Store", names: "Names", plans: tuple[str, str], kind: str, language: str
) -> "Iterator[Decision]":
    """The pairs of parts of two plans, called so, that have anything in common, the likest first.

    `kind` is that of the parts that are compared; empty for all. Raises UsageError where there is no such plan or kind,
    and for one plan twice.
    """
    from crmgraph.linking.proposing import parts_in, plan_iri, propose

    parts, corpus = parts_in(store)
    iris = [plan_iri(name, names) for name in plans]
    known = sorted({part.plan for part in parts.values()})
    for name, iri in zip(plans, iris, strict=True):
        if iri not in known:
            _refuse_graph(store, name, names)
            there = ", ".join(each.rpartition("/")[2] for each in known)
            hint = "; a plan of your own is in a folder that --plans names" if name else ""
            raise UsageError(f"there is no plan {name or 'to compare it with'}; there are {there}{hint}")
    if iris[0] == iris[1]:
        others = ", ".join(each.rpartition("/")[2] for each in known if each != iris[0])
        raise UsageError(
            Bilingual(
                f"{plans[0]} and {plans[1]} are the same plan, of which every part is like itself; name another to "
                f"compare it with ({others})",
                f"{plans[0]} y {plans[1]} son el mismo plan, del que cada parte se parece a sí misma; nombre otro con "
                f"el que compararlo ({others})",
            )
        )
    subjects, objects = ([part for part in parts.values() if part.plan == iri] for iri in iris)
    if kind:
        subjects, objects = _of_kind(kind, ((plans[0], subjects), (plans[1], objects)))
    _tell_of_languages(plans, subjects, objects)
    labels = {**{part.iri: part.labels for part in parts.values()}, **corpus.concept_names}
    for proposal in propose(corpus, subjects, objects):
        yield decision_of(proposal, labels, language)


def things_called(
    store: "Store", names: "Names", called: Sequence[str], kind: str, language: str
) -> "Iterator[Decision]":
    """The things of the graph that each of the names may stand for, of this kind if any, the likest first.

    Raises UsageError where there are no things of the kind.
    """
    from crmgraph.decisions import Decision
    from crmgraph.linking import Certainty, Matcher, called_so
    from crmgraph.linking.entities import entities_in

    entities = entities_in(store, names)
    kinds = {each.rpartition("/")[2].rpartition("#")[2]: each for entity in entities.values() for each in entity.kinds}
    if kind and kind not in kinds:
        raise UsageError(f"there are no things of the kind {kind}; there are {', '.join(sorted(kinds))}")
    matcher, certainty = Matcher(entities.values()), Certainty(entities.values())
    wanted = [kinds[kind]] if kind else []
    for name in called:
        matches = called_so(matcher.matches(name, wanted, 50), language)
        meant = certainty.meant(name, matches, wanted, language)
        for match in matches:
            why = f"{'=' if match is meant else '≈'} {match.name}"
            label = _label(match.entity.labels, language)
            yield Decision("", name, match.entity.iri, label, round(match.similarity, 4), why)


def names_in(file: Path, column: str) -> list[str]:
    """The different names in the column of the table, in their order; of a table with one column, none needs be named.

    Raises TableError where it has no such column.
    """
    from crmgraph.importing.containers import LARGEST
    from crmgraph.importing.spreadsheets import read_delimited
    from crmgraph.texts import read_bytes

    # As `import` reads it.
    [table] = read_delimited(read_bytes(file, TableError, LARGEST), file)
    for told in table.told:
        typer.echo(f"crmgraph: {told}", err=True)
    rows = table.rows
    header = rows[0] if rows else ()
    if not column and len(header) == 1:
        [column] = header
    if column not in header:
        there = f"it has {', '.join(header)}" if header else "it is empty"
        missing = f"no column is called “{column}”" if column else "name the column with the names by --column"
        raise TableError(f"{missing}: {there}", Place(file, 1))
    place = header.index(column)
    return list(dict.fromkeys(row[place].strip() for row in rows[1:] if len(row) > place and row[place].strip()))


def number_of(iri: str, store: "Store") -> str:
    """The number that a part has in its document, and a target in the 2030 Agenda; nothing where it has none."""
    return _said_of(iri, store, f"{PREFIXES['cg']}number", f"{PREFIXES['skos']}notation")


def order_of(iri: str, store: "Store") -> tuple[int, str]:
    """A key by which parts stand as they do in their document, and targets, which have no order there, by address."""
    return int(_said_of(iri, store, f"{PREFIXES['cg']}order") or 0), iri


def _said_of(iri: str, store: "Store", *properties: str) -> str:
    """The value of the first of the properties that something has; nothing where it has none."""
    from pyoxigraph import Literal, NamedNode

    found = (
        quad.object.value
        for property in properties
        for quad in store.quads_for_pattern(NamedNode(iri), NamedNode(property), None)
        if isinstance(quad.object, Literal)
    )
    return next(found, "")


def _tell_of_languages(plans: tuple[str, str], subjects: "Sequence[Part]", objects: "Sequence[Part]") -> None:
    """Say where the two plans have no language in common: they share no words then."""
    spoken = [{language for part in parts for language in part.labels} for parts in (subjects, objects)]
    if spoken[0].isdisjoint(spoken[1]):
        told = "; ".join(f"{name}: {', '.join(sorted(of))}" for name, of in zip(plans, spoken, strict=True))
        typer.echo(
            f"crmgraph: the two plans have no language in common ({told}), and are compared by their words; a "
            "translation of one, imported as a plan, can be compared",
            err=True,
        )


def _refuse_graph(store: "Store", name: str, names: "Names") -> None:
    """Raise UsageError where a plan is called so that others have in RDF, and that has no parts as plans have here."""
    from pyoxigraph import NamedNode

    graph = names.graph("plan", name)
    if name and store.contains_named_graph(NamedNode(graph)):
        raise UsageError(
            Bilingual(
                f"{name} is a graph in RDF, in the vocabulary of others, and has no parts that could be compared; what "
                f"it says is in {graph}. To compare the plan, import a table of it",
                f"{name} es un grafo en RDF, en el vocabulario de otros, y no tiene partes que puedan compararse; lo "
                f"que dice está en {graph}. Para comparar el plan, importe una tabla de él",
            )
        )


def _of_kind(kind: str, plans: "Sequence[tuple[str, list[Part]]]") -> "Iterator[list[Part]]":
    """The parts of this kind in each of the plans; all of a plan that has none: what is an objective in one may be a
    theme in another. Raises UsageError where none has any.
    """
    kinds = [(name, sorted({part.kind for part in parts})) for name, parts in plans]
    if not any(kind in there for _, there in kinds):
        told = "; ".join(f"{name}: {', '.join(of)}" for name, of in kinds)
        raise UsageError(
            Bilingual(
                f"neither plan has parts of the kind {kind}; there are, in {told}",
                f"ninguno de los dos planes tiene partes de la clase {kind}; hay, en {told}",
            )
        )
    for (name, there), (_, parts) in zip(kinds, plans, strict=True):
        if kind in there:
            yield [part for part in parts if part.kind == kind]
            continue
        typer.echo(
            f"crmgraph: the plan {name} has no parts of the kind {kind}; all of its parts are compared "
            f"({', '.join(there)})",
            err=True,
        )
        yield parts


def decision_of(proposal: "Proposal", labels: Mapping[str, Mapping[str, str]], language: str) -> "Decision":
    """The proposal as a row that nobody has decided, with what the two share said in this language."""
    from crmgraph.decisions import Decision

    similarity = proposal.similarity
    topics = [_label(labels.get(iri, {}), language) for iri in similarity.concepts]
    why = "; ".join(
        filter(None, (", ".join(_words(similarity, language)), ", ".join(f"«{topic}»" for topic in topics if topic)))
    )
    subject, other = (_told(part, language) for part in (proposal.subject, proposal.object))
    return Decision(
        proposal.subject.iri, subject, proposal.object.iri, other, proposal.score, why or _NOTHING[language]
    )


def _words(similarity: "Similarity", language: str) -> "Sequence[str]":
    """What the two share in this language, or else in one in which they share anything."""
    return next((similarity.words[each] for each in (language, *similarity.words) if similarity.words.get(each)), ())


def _told(part: "Part", language: str) -> str:
    return _label(part.labels, language)


def _label(labels: Mapping[str, str], language: str) -> str:
    return next((labels[each] for each in (language, "en", "es", *labels) if each in labels), "")
