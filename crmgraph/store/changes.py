"""Changes to a store: how they are carried out, and whether they break a plan.

A change is a SPARQL 1.1 Update, or an operation of the Graph Store Protocol on one graph. The checks are those of the
gravest defects, before and after.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Store

from crmgraph.errors import (
    AnswerError,
    Bilingual,
    ConflictError,
    DataError,
    Place,
    PreconditionError,
    QueryRefusedError,
    QuerySyntaxError,
    StorageError,
    WriteRefusedError,
    in_language,
    joined,
)
from crmgraph.federation.fetching import Fetched
from crmgraph.namespaces import Names
from crmgraph.sparql.rewriting import adapt_for_engine, graph_name
from crmgraph.sparql.syntax import syntax_error
from crmgraph.store.access_control import DEFAULT_GRAPH, Writer
from crmgraph.store.dataset import fault, not_kept, write_union
from crmgraph.store.updates import MOST_LOADS, Load, Operation, operations_of, read_rdf

if TYPE_CHECKING:
    from crmgraph.checks.findings import Finding
    from crmgraph.describing import Background

_GRAVE = "violation"
_KINDS = ("plan", "source")
_MOST_TOLD = 5

Kind = Literal["update", "put", "post", "delete"]

Condition = Literal["is_new", "is_there"]
"""What a graph must be, or nothing is done."""


@dataclass(frozen=True)
class Change:
    """A SPARQL 1.1 Update (`update`), or an operation of the Graph Store Protocol on one graph.

    `parts` are the text of the update, or the RDF of the graph in the syntaxes of `media_types`: one for each part of a
    body in several. `graph` is the IRI of the graph or DEFAULT_GRAPH; None for an update. Relative IRIs are relative to
    `base_iri`. With a `condition` nothing is done where the graph is otherwise. `using` and `using_named` are graph
    IRIs given beside the update (SPARQL 1.1 Protocol, 2.2.3).

    Where the LOADs of an update have been fetched, `loaded` has the document of each; None where a SILENT one found
    nothing.
    """

    kind: Kind
    parts: tuple[bytes, ...] = ()
    media_types: tuple[str, ...] = ()
    graph: str | None = None
    base_iri: str | None = None
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    condition: Condition | None = None
    loaded: tuple[Fetched | None, ...] | None = None


class Outcome(NamedTuple):
    """The outcome of a change: whether the graph was there before, and for each LOAD whether it was done."""

    existed: bool = True
    loaded: Sequence[bool] = ()


def carry_out(change: Change, before: Path, proposed: Path, writer: Writer) -> Outcome:
    """Make a change in the store `proposed`, a copy of the one in `before`.

    When this returns, all of it is on the disk and the store is closed. Raises the errors below AnswerError, after
    which the copy is worth nothing: DataError and QuerySyntaxError for what was sent, QueryRefusedError where the
    writer may not change what is changed, PreconditionError and ConflictError where the data are not such as they must
    be, StorageError for a full disk.
    """
    try:
        outcome = _changed(change, before, proposed, writer)
        write_union(proposed)
    except OSError as error:
        raise unwritable(error) from None
    except RuntimeError as error:
        raise unwritable(error) if "space" in str(error).lower() else _conflict(error) from None
    return outcome


def _changed(change: Change, before: Path, proposed: Path, writer: Writer) -> Outcome:
    store = Store(proposed)
    if change.graph is not None:
        writer.check(change.graph)
        outcome = Outcome(_write_graph(store, change, change.graph))
        store.flush()
        return outcome
    outcome = Outcome(loaded=_update(store, change))
    store.flush()
    if "*" not in writer.graphs:
        _check_rights(Store.read_only(str(before)), store, writer)
    return outcome


def _check_rights(before: Store, after: Store, writer: Writer) -> None:
    """Check that every graph that the writer may not change is as it was."""
    for graph in (DefaultGraph(), *sorted({*before.named_graphs(), *after.named_graphs()}, key=str)):
        name = graph.value if isinstance(graph, NamedNode) else DEFAULT_GRAPH
        if not (writer.may_change(name) or is_same(graph, before, after)):
            writer.check(name)


def _write_graph(store: Store, change: Change, name: str) -> bool:
    """PUT, POST or DELETE a graph (Graph Store HTTP Protocol); tell whether it was there before."""
    graph = DefaultGraph() if name == DEFAULT_GRAPH else graph_name(name)
    existed = isinstance(graph, DefaultGraph) or store.contains_named_graph(graph)
    if change.condition is not None and existed != (change.condition == "is_there"):
        raise PreconditionError(
            Bilingual(
                f"The graph {name} is {'there already' if existed else 'not there'}. Nothing was changed.",
                f"El grafo {name} {'ya existe' if existed else 'no existe'}. No se cambió nada.",
            )
        )
    if change.kind in ("put", "delete"):
        store.clear_graph(graph)
    if isinstance(graph, NamedNode):
        store.remove_graph(graph) if change.kind == "delete" else store.add_graph(graph)
    for body, media_type in zip(change.parts, change.media_types, strict=True):
        store.extend(read_rdf(body, media_type, change.base_iri, graph))
    return existed


def _update(store: Store, change: Change) -> list[bool]:
    """Carry out an update with the documents of its LOADs; tell which of these were done.

    Raises QuerySyntaxError where it is none, DataError for a document that cannot be read, and QueryRefusedError for
    what is not carried out here.
    """
    steps = _steps(change)
    for operation, load in steps:
        if load is not None and not load.is_silent and change.loaded is None:
            at = Place.of(operation.update, operation.start)
            raise QueryRefusedError(
                Bilingual(
                    f"LOAD (line {at.line}, column {at.column}) is not carried out here: nothing is fetched from other "
                    "addresses. Send the data themselves, by PUT or POST to a graph.",
                    f"LOAD (línea {at.line}, columna {at.column}) no se ejecuta aquí: no se trae nada de otras "
                    "direcciones. Envíe los datos mismos, con PUT o POST a un grafo.",
                )
            )
    documents = iter(change.loaded or ())
    done = []
    for operation, load in steps:
        if load is not None:
            done.append(_load(store, load, next(documents, None)))
        else:
            operation.check_using(store, change.using)
            _run(store, operation, change)
    return done


def _steps(change: Change) -> list[tuple[Operation, Load | None]]:
    """Return the operations of an update, each with what it loads if it is a LOAD.

    All are parsed, so that what is not SPARQL is told first, whatever the rest would do.
    """
    try:
        text = change.parts[0].decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise QuerySyntaxError(Bilingual("The update is not in UTF-8.", "La actualización no está en UTF-8.")) from None
    steps = [(operation, operation.load()) for operation in operations_of(text, change.base_iri)]
    if len(steps) > 1:
        nowhere = Store()
        for operation, load in steps:
            with suppress(RuntimeError):
                if load is None:
                    _run(nowhere, operation, change)
    return steps


def _run(store: Store, operation: Operation, change: Change) -> None:
    written = operation.written(change.using, change.using_named)
    known = {"base_iri": operation.base, "prefixes": dict(operation.prefixes)}
    try:
        store.update(adapt_for_engine(written), **known)  # type: ignore[arg-type]
    except SyntaxError as error:
        parse = partial(Store().update, **known)  # type: ignore[arg-type]
        raise syntax_error(operation.in_place, str(error), parse, operation.base, operation.prefixes) from None


def _load(store: Store, load: Load, document: Fetched | None) -> bool:
    """Add a document to the graph that it is loaded into; where there is none, nothing is done."""
    if document is None:
        return False
    graph = DefaultGraph() if load.graph is None else NamedNode(load.graph)
    try:
        # All of it or nothing: what is wrong at its end may be passed over.
        found = list(read_rdf(document.body, document.media_type, document.url, graph))
    except DataError as error:
        if load.is_silent:
            return False
        # Its line is told in words, for it is none of the update's.
        where = (f", line {error.line}", f", línea {error.line}") if error.line else ("", "")
        raise DataError(
            Bilingual(
                f"{load.address}{where[0]}: {in_language(error, 'en')} Nothing was changed.",
                f"{load.address}{where[1]}: {in_language(error, 'es')} No se cambió nada.",
            )
        ) from None
    if isinstance(graph, NamedNode):
        store.add_graph(graph)
    store.extend(found)
    return True


def loads_of(change: Change, writer: Writer) -> list[Load]:
    """Return the LOADs of an update, in their order.

    Raises QuerySyntaxError where it is none, and QueryRefusedError for what is not carried out here, for too many
    LOADs, and for one into a graph that the writer may not change.
    """
    loads = [load for _, load in _steps(change) if load is not None]
    if len(loads) > MOST_LOADS:
        raise QueryRefusedError(
            Bilingual(
                f"An update may have {MOST_LOADS} LOADs at most.",
                f"Una actualización puede tener {MOST_LOADS} LOAD como máximo.",
            )
        )
    for load in loads:
        writer.check(DEFAULT_GRAPH if load.graph is None else load.graph)
    return loads


def unwritable(error: Exception) -> StorageError:
    """Return the error where the disk takes no change; such a change was not made."""
    return StorageError(joined(not_kept(Bilingual("The change", "El cambio"), fault(error)), _NOTHING))


def not_made(error: AnswerError) -> AnswerError:
    """Return the error with the word that nothing was changed."""
    fault = Bilingual(in_language(error, "en"), in_language(error, "es"))
    return type(error)(joined(fault, _NOTHING))


_NOTHING = Bilingual("Nothing was changed.", "No se cambió nada.")

# What the engine says of a graph, which update operations are to fail for (SPARQL 1.1 Update, section 3.2).
_CONFLICTS = (
    ("The graph <(.*)> does not exist", "the graph {} does not exist", "el grafo {} no existe"),
    ("The graph <(.*)> already exists", "the graph {} is there already", "el grafo {} ya existe"),
)


def _conflict(error: Exception) -> ConflictError:
    said = Bilingual(str(error), str(error))
    for found, english, spanish in _CONFLICTS:
        if match := re.fullmatch(found, str(error)):
            said = Bilingual(english.format(match[1]), spanish.format(match[1]))
    return ConflictError(
        Bilingual(
            f"The engine did not make the change: {said}. Nothing was changed.",
            f"El motor no hizo el cambio: {said.spanish}. No se cambió nada.",
        )
    )


def check_plans(before: Path, after: Path, names: Names) -> None:
    """Check each plan of which a graph is another one in the store `after`; other graphs may hold anything.

    Of the store only the graphs of the plan are looked at, against the ontology and reference data that came with this
    program, so a large store costs no more than a small one.

    Raises WriteRefusedError where there is a violation after the change that was not there before; one that was there
    may stay.
    """
    stores = Store.read_only(str(before)), Store.read_only(str(after))
    for plan in sorted(_plans_changed(*stores, names)):
        # Those of before cost as much to find, and are asked for only where there are some to hold against them.
        if found := _violations(stores[1], plan, names):
            known = {_known_by(each) for each in _violations(stores[0], plan, names)}
            new = [each for each in found if _known_by(each) not in known]
            if new:
                raise WriteRefusedError(_refusal(plan, new))


def is_same(graph: NamedNode | BlankNode | DefaultGraph, *stores: Store) -> bool:
    """Tell whether two stores have the same statements in a graph; one that is there is not one that is not."""
    if isinstance(graph, NamedNode | BlankNode) and len({store.contains_named_graph(graph) for store in stores}) == 2:
        return False
    # The engine gives them in the same order.
    pairs = zip_longest(*(store.quads_for_pattern(None, None, None, graph) for store in stores))
    return all(before == after for before, after in pairs)


def _plans_changed(before: Store, after: Store, names: Names) -> set[str]:
    """Return the ids of the plans with a graph that is another one after the change."""
    graphs = {
        graph.value for store in (before, after) for graph in store.named_graphs() if isinstance(graph, NamedNode)
    }
    starts = tuple(names.graph(kind, "") for kind in _KINDS)
    return {
        graph.removeprefix(start)
        for start in starts
        for graph in graphs
        if graph.startswith(start)
        if not is_same(NamedNode(graph), before, after)
    }


def _violations(store: Store, plan: str, names: Names) -> "list[Finding]":
    from rdflib import Dataset, URIRef

    from crmgraph.checks.plans import check_dataset, put
    from crmgraph.describing import spoken_of

    graphs = Dataset()
    for kind in _KINDS:
        name = names.graph(kind, plan)
        written = store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(name))
        graphs.graph(URIRef(name)).parse(data=written, format="nt")
    if not len(graphs):
        return []
    dataset = spoken_of(graphs, _background(names.base))
    for graph in graphs.graphs():
        put(dataset, str(graph.identifier), graph)
    found = check_dataset(dataset, names, lambda _: None, strict=False, severity=_GRAVE)[1]
    return [finding for finding in found if finding.severity == _GRAVE]


@cache
def _background(base: str) -> "Background":
    from crmgraph.checks.plans import background

    return background(Names(base))


def _known_by(finding: "Finding") -> tuple[object, ...]:
    return finding.code, finding.location, finding.other


def _refusal(plan: str, found: "Sequence[Finding]") -> Bilingual:
    first = found[:_MOST_TOLD]
    english = " ".join(f"[{each.code}] {each.location.name}: {each.message_en}" for each in first)
    spanish = " ".join(f"[{each.code}] {each.location.name}: {each.message_es}" for each in first)
    more = len(found) - len(first)
    return Bilingual(
        f"Nothing was changed, for this would break the plan {plan}: {english}"
        + (f" And {more} more." if more else ""),
        f"No se cambió nada, pues esto rompería el plan {plan}: {spanish}" + (f" Y {more} más." if more else ""),
    )
