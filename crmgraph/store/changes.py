"""Changes to a store: who may make them, how they are made, and the checks of the plans that they affect."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Store

from crmgraph.errors import (
    AnswerError,
    Bilingual,
    ConflictError,
    PreconditionError,
    QueryRefusedError,
    QuerySyntaxError,
    StorageError,
    WriteRefusedError,
    in_language,
    join_sentences,
)
from crmgraph.namespaces import Names
from crmgraph.sparql.syntax import syntax_error
from crmgraph.sparql.workarounds import adapt_for_engine, expand_graph_groups, graph_name, has_graph_groups_to_expand
from crmgraph.store.dataset import not_stored_message, system_message, write_union
from crmgraph.store.updates import Operation, operations_of, read_rdf

if TYPE_CHECKING:
    from crmgraph.checks.findings import Finding
    from crmgraph.describing import Background


DEFAULT_GRAPH = "default"
"""The name that settings and changes use for the default graph, which has no IRI."""


@dataclass(frozen=True)
class Writer:
    """A person or program that may write to the store.

    Attributes:
        name: The name for messages and the audit log.
        token: The digest of the writer's token, as `token_digest` makes it.
        graphs: The graphs that the writer may change. Each item is an IRI, DEFAULT_GRAPH, a prefix of IRIs followed by
            a star, or a star alone for every graph.
    """

    name: str
    token: str
    graphs: tuple[str, ...] = ("*",)

    def may_change(self, graph: str) -> bool:
        """Return whether this writer may modify a graph, given by its IRI or DEFAULT_GRAPH."""
        if graph == DEFAULT_GRAPH:
            return not {"*", DEFAULT_GRAPH}.isdisjoint(self.graphs)
        return any(graph.startswith(each[:-1]) if each.endswith("*") else graph == each for each in self.graphs)

    def check(self, graph: str) -> None:
        """Raise QueryRefusedError if this writer may not modify the graph, given by its IRI or DEFAULT_GRAPH."""
        if not self.may_change(graph):
            name = Bilingual(f"the graph {graph}", f"el grafo {graph}")
            if graph == DEFAULT_GRAPH:
                name = Bilingual("the default graph", "el grafo por defecto")
            raise QueryRefusedError(
                Bilingual(
                    f"{self.name} may not change {name}. Nothing was changed.",
                    f"{self.name} no puede cambiar {name.spanish}. No se cambió nada.",
                )
            )


def new_token() -> str:
    """Return a new random token of 256 bits."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """Return the SHA-256 digest of a token, which settings store in place of the token.

    A token from `new_token` is random enough that its digest needs neither a salt nor a slow hash function.
    """
    return f"sha256:{hashlib.sha256(token.encode()).hexdigest()}"


def find_writer(authorization: str, writers: Sequence[Writer]) -> Writer | None:
    """Return the writer with the bearer token in an Authorization header (RFC 6750, section 2.1).

    Return None if the header has no bearer token, or if no writer has that token. Tokens are compared in constant time.
    """
    match = re.fullmatch(r"bearer +([\w.~+/=-]+) *", authorization, re.IGNORECASE | re.ASCII)
    given = token_digest(match[1] if match else "")
    found = [writer for writer in writers if hmac.compare_digest(writer.token, given)]
    return found[0] if match and found else None


_BLOCKING_SEVERITY = "violation"
"""The severity of findings that a change may not introduce."""
_PLAN_GRAPHS = ("plan", "source")
"""The kinds of graphs that belong to a plan, as in `…/graph/plan/crm` and `…/graph/source/crm`."""
_MAX_FINDINGS_SHOWN = 5
"""The most findings that an error message shows."""

ChangeKind = Literal["update", "put", "post", "delete"]
"""An update, or the HTTP method of an operation on a graph."""

Precondition = Literal["is_new", "is_there"]
"""A precondition: the graph must not exist (`is_new`), or must exist (`is_there`); otherwise nothing is changed."""


@dataclass(frozen=True)
class Change:
    """A change that a client requests: a SPARQL 1.1 Update, or a Graph Store Protocol operation on one graph.

    Attributes:
        kind: "update", or the HTTP method of the graph operation.
        parts: The text of the update, or the RDF of the graph: one item for each part of a multipart body.
        media_types: The media type of each RDF part.
        graph: The IRI of the graph, or DEFAULT_GRAPH; None for an update.
        base_iri: The base for relative IRIs.
        using: IRIs of default graphs that the client sends as parameters (SPARQL 1.1 Protocol, 2.2.3).
        using_named: IRIs of named graphs that the client sends as parameters (SPARQL 1.1 Protocol, 2.2.3).
        condition: The precondition on the graph, if any.
    """

    kind: ChangeKind
    parts: tuple[bytes, ...] = ()
    media_types: tuple[str, ...] = ()
    graph: str | None = None
    base_iri: str | None = None
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    condition: Precondition | None = None


def carry_out(change: Change, before: Path, proposed: Path, writer: Writer) -> bool:
    """Make a change in the store in the folder `proposed`, which is a copy of the store in the folder `before`.

    Return whether the graph existed before; True for an update. On return, the change is on the disk and the store is
    closed. After an error, the copy must be thrown away. All errors are subclasses of AnswerError:

        DataError, QuerySyntaxError: the body is not RDF, or not a SPARQL update.
        QueryRefusedError: the writer may not modify one of the graphs.
        PreconditionError, ConflictError: the data do not meet the condition, or do not allow the update.
        StorageError: the disk is full.
    """
    try:
        existed = _make_change(change, before, proposed, writer)
        write_union(proposed)
    except OSError as error:
        raise storage_error(error) from None
    except RuntimeError as error:
        raise storage_error(error) if "space" in str(error).lower() else _conflict_error(error) from None
    return existed


def _make_change(change: Change, before: Path, proposed: Path, writer: Writer) -> bool:
    store = Store(proposed)
    if change.graph is not None:
        writer.check(change.graph)
        existed = _write_graph(store, change, change.graph)
        store.flush()
        return existed
    _update(store, change)
    store.flush()
    if "*" not in writer.graphs:
        _check_rights(Store.read_only(str(before)), store, writer)
    return True


def _check_rights(before: Store, after: Store, writer: Writer) -> None:
    """Raise QueryRefusedError if a graph that the writer may not modify differs between the stores."""
    for graph in (DefaultGraph(), *sorted({*before.named_graphs(), *after.named_graphs()}, key=str)):
        name = graph.value if isinstance(graph, NamedNode) else DEFAULT_GRAPH
        if not (writer.may_change(name) or is_graph_unchanged(graph, before, after)):
            writer.check(name)


def _write_graph(store: Store, change: Change, name: str) -> bool:
    """Replace, extend or delete a graph (Graph Store HTTP Protocol); return whether the graph existed before."""
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


def _update(store: Store, change: Change) -> None:
    """Carry out an update.

    Every operation is parsed before the first is carried out, so a syntax error is reported before any other error.
    Raises QuerySyntaxError if the text is not a SPARQL update, and QueryRefusedError for an operation that is not
    allowed, such as LOAD.
    """
    try:
        text = change.parts[0].decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise QuerySyntaxError(Bilingual("The update is not in UTF-8.", "La actualización no está en UTF-8.")) from None
    operations = operations_of(text, change.base_iri)
    steps = [each for each in operations if not each.is_load]
    if len(operations) > 1:
        scratch = Store()
        for operation in steps:
            with suppress(RuntimeError):
                _run_operation(scratch, operation, change)
    for operation in operations:
        operation.check_load()
    for operation in steps:
        operation.check_using(store, change.using)
        _run_operation(store, operation, change)


def _run_operation(store: Store, operation: Operation, change: Change) -> None:
    written = adapt_for_engine(operation.text_for_engine(change.using, change.using_named))
    if has_graph_groups_to_expand(written):
        written = expand_graph_groups(written, operation.named_graphs(store, change.using, change.using_named))
    declared = {"base_iri": operation.base, "prefixes": dict(operation.prefixes)}
    try:
        store.update(written, **declared)  # type: ignore[arg-type]
    except SyntaxError as error:
        parse = partial(Store().update, **declared)  # type: ignore[arg-type]
        raise syntax_error(operation.padded_text, str(error), parse, operation.prefixes) from None


def storage_error(error: Exception) -> StorageError:
    """Return the StorageError for a failed write to the disk. Its message adds that nothing was changed."""
    return StorageError(
        join_sentences(
            not_stored_message(Bilingual("The change", "El cambio"), system_message(error)), _NOTHING_CHANGED
        )
    )


def with_nothing_changed(error: AnswerError) -> AnswerError:
    """Return a copy of the error whose message adds that nothing was changed."""
    return type(error)(join_sentences(Bilingual(in_language(error, "en"), in_language(error, "es")), _NOTHING_CHANGED))


_NOTHING_CHANGED = Bilingual("Nothing was changed.", "No se cambió nada.")


def _conflict_error(error: Exception) -> ConflictError:
    # The engine's messages for graph operations that fail (SPARQL 1.1 Update, section 3.2).
    spanish = str(error).replace("The graph", "El grafo").replace("does not exist", "no existe")
    return ConflictError(
        Bilingual(
            f"{error}. Nothing was changed.", f"{spanish.replace('already exists', 'ya existe')}. No se cambió nada."
        )
    )


def check_plans(before: Path, after: Path, names: Names) -> None:
    """Check every plan that has a graph changed between the stores `before` and `after`; other graphs are not checked.

    Each plan is checked with the ontology and reference data of this program, not with those in the store. So the time
    depends on the size of the plan, not on that of the store. Raises WriteRefusedError if the change introduces a
    violation; earlier violations are tolerated.
    """
    stores = Store.read_only(str(before)), Store.read_only(str(after))
    for plan in sorted(_plans_changed(*stores, names)):
        # Finding the earlier violations takes as long again, so they are needed only if there are violations now.
        if found := _violations(stores[1], plan, names):
            earlier = {_finding_key(each) for each in _violations(stores[0], plan, names)}
            if new := [each for each in found if _finding_key(each) not in earlier]:
                raise WriteRefusedError(_refusal_message(plan, new))


def is_graph_unchanged(graph: NamedNode | BlankNode | DefaultGraph, *stores: Store) -> bool:
    """Return whether a graph has the same statements in two stores.

    An empty graph that exists differs from a graph that does not exist.
    """
    if isinstance(graph, NamedNode | BlankNode) and len({store.contains_named_graph(graph) for store in stores}) == 2:
        return False
    # Both stores return the statements in the same order.
    pairs = zip_longest(*(store.quads_for_pattern(None, None, None, graph) for store in stores))
    return all(before == after for before, after in pairs)


def _plans_changed(before: Store, after: Store, names: Names) -> set[str]:
    """Return the ids of the plans that have a graph which differs between the stores."""
    graphs = {
        graph.value for store in (before, after) for graph in store.named_graphs() if isinstance(graph, NamedNode)
    }
    return {
        graph.removeprefix(start)
        for start in (names.graph(kind, "") for kind in _PLAN_GRAPHS)
        for graph in graphs
        if graph.startswith(start)
        if not is_graph_unchanged(NamedNode(graph), before, after)
    }


def _violations(store: Store, plan: str, names: Names) -> "list[Finding]":
    """Return the findings of severity "violation" about a plan in a store."""
    from rdflib import Dataset, URIRef

    from crmgraph.checks.plans import check_dataset
    from crmgraph.describing import mentioned_background
    from crmgraph.describing.vocabulary import add_quads

    graphs = Dataset()
    for kind in _PLAN_GRAPHS:
        name = names.graph(kind, plan)
        graphs.graph(URIRef(name)).parse(
            data=store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(name)), format="nt"
        )
    if not len(graphs):
        return []
    dataset = mentioned_background(graphs, _background(names.base))
    add_quads(dataset, graphs)
    found = check_dataset(dataset, names, lambda _: None, strict=False, severity=_BLOCKING_SEVERITY)[1]
    return [finding for finding in found if finding.severity == _BLOCKING_SEVERITY]


@cache
def _background(base: str) -> "Background":
    from crmgraph.checks.plans import background

    return background(Names(base))


def _finding_key(finding: "Finding") -> tuple[object, ...]:
    """Return the attributes that identify the same finding in two versions of a plan."""
    return finding.code, finding.location, finding.other


def _refusal_message(plan: str, findings: "Sequence[Finding]") -> Bilingual:
    first = findings[:_MAX_FINDINGS_SHOWN]
    english = " ".join(f"[{each.code}] {each.text}" for each in first)
    spanish = " ".join(f"[{each.code}] {each.text.spanish}" for each in first)
    more = len(findings) - len(first)
    return Bilingual(
        f"Nothing was changed, for this would break the plan {plan}: {english}"
        + (f" And {more} more." if more else ""),
        f"No se cambió nada, pues esto rompería el plan {plan}: {spanish}" + (f" Y {more} más." if more else ""),
    )
