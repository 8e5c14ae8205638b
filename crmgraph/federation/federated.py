"""An engine for queries with SERVICE (SPARQL 1.1 Federated Query), which queries the other endpoints itself."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import takewhile
from threading import BoundedSemaphore, Event
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from crmgraph.errors import (
    AnswerError,
    Bilingual,
    BusyError,
    LimitError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    RemoteError,
    UnavailableError,
)
from crmgraph.federation.endpoints import Fetcher
from crmgraph.federation.snapshots import Snapshots
from crmgraph.sparql.engine import Answer, Engine, Limit, Question, Snapshot
from crmgraph.sparql.syntax import (
    LONGEST_QUERY,
    QUERY_FORMS,
    Token,
    TokenKind,
    apply_edits,
    checked_tokens,
    closing_bracket,
    keyword,
    prologue_length,
    syntax_error_at,
)
from crmgraph.sparql.workarounds import resolve_names

MAX_SERVICE_CLAUSES = 10
"""The largest number of SERVICE clauses in one query."""

# After these keywords the grammar requires a group, so SERVICE may not follow them.
_BEFORE_GROUPS = frozenset({"OPTIONAL", "MINUS", "UNION", "EXISTS", "WHERE", "GRAPH"})
_KEYWORDS_IN_TRIPLES = frozenset({"A", "TRUE", "FALSE"})


@dataclass(frozen=True)
class ServiceClause:
    """A SERVICE clause of a query.

    Attributes:
        start: The code point offset of the clause in the query.
        end: The code point offset after the clause.
        address: The address of the endpoint.
        is_silent: Whether the clause is SERVICE SILENT.
        prologue: The BASE and PREFIX declarations of the query.
        group: The text between the braces of the clause.
        context_pattern: The triple patterns and VALUES clauses that are joined with the clause in the surrounding
            group. Their solutions limit the values that the endpoint is asked for.
        shared_variables: The variables in both `group` and `context_pattern`.
        has_graph_clause: Whether `group` contains GRAPH.
    """

    start: int
    end: int
    address: str
    is_silent: bool
    prologue: str
    group: str
    context_pattern: str
    shared_variables: tuple[str, ...]
    has_graph_clause: bool

    @property
    def group_start(self) -> int:
        """The code point offset of the opening brace of the group."""
        return self.end - len(self.group) - 2


def service_clauses(text: str, longest: int, base_iri: str | None) -> list[ServiceClause]:
    """Return the SERVICE clauses of a query. Relative IRIs are resolved against `base_iri`.

    Raises QueryRefusedError if the query has more than `longest` code points, is nested too deeply, or has more than
    MAX_SERVICE_CLAUSES clauses. Clauses with a variable as address, inside another SERVICE, inside GRAPH with a
    variable, or inside EXISTS with a variable from outside that its first triple patterns lack are refused, too. Raises
    QuerySyntaxError for a clause at a wrong position, and as `checked_tokens` does.
    """
    # The empty tokens at the end allow the code to look at the tokens after the last one.
    tokens = [*checked_tokens(text, longest, may_ask_services=True), *[Token(TokenKind.SYMBOL, len(text), "")] * 3]
    start = prologue_length(tokens)
    services = [index for index in range(start, len(tokens)) if keyword(tokens[index]) == "SERVICE"]
    if not services or keyword(tokens[start]) not in QUERY_FORMS:
        return []
    if len(services) > MAX_SERVICE_CLAUSES:
        raise QueryRefusedError(
            Bilingual(
                f"A query may have {MAX_SERVICE_CLAUSES} SERVICE clauses at most.",
                f"Una consulta puede tener {MAX_SERVICE_CLAUSES} cláusulas SERVICE como máximo.",
            )
        )
    prologue = (f"BASE <{base_iri}> " if base_iri else "") + text[: tokens[start].start]
    names_dataset = any(keyword(token).startswith("FROM") for token in tokens)
    clauses: list[ServiceClause] = []
    end = 0
    for index in services:
        at = index + 1 + (keyword(tokens[index + 1]) == "SILENT")
        closing = closing_bracket(tokens, at + 1)
        around = _enclosing_groups(tokens, index)
        if index < end:
            raise QueryRefusedError(
                Bilingual(
                    "SERVICE within SERVICE is not answered here. Put them beside each other.",
                    "Aquí no se responde a SERVICE dentro de SERVICE. Póngalos uno junto al otro.",
                )
            )
        if (
            not around
            or tokens[at + 1].text != "{"
            or closing is None
            or keyword(tokens[index - 1]) in _BEFORE_GROUPS
            or keyword(tokens[index - 2]) == "GRAPH"
            or keyword(tokens[closing + 1]) == "UNION"
        ):
            raise syntax_error_at(
                text,
                tokens[index].start,
                Bilingual(
                    "SERVICE stands where no clause can, or has no group in brackets",
                    "SERVICE está donde no cabe ninguna cláusula, o no tiene grupo entre llaves",
                ),
            )
        graphs = [tokens[group - 1] for group in around if group > 1 and keyword(tokens[group - 2]) == "GRAPH"]
        if any(name.kind is TokenKind.VARIABLE for name in graphs):
            raise QueryRefusedError(
                Bilingual(
                    "SERVICE within GRAPH and a variable is not answered here. Put the two beside each other.",
                    "Aquí no se responde a SERVICE dentro de GRAPH con una variable. Póngalos uno junto al otro.",
                )
            )
        address = resolve_names([tokens[at].text], prologue, None)
        if address is None:
            raise QueryRefusedError(
                Bilingual(
                    "SERVICE is answered here for an address that is written in the query, not for a variable.",
                    "Aquí se responde a SERVICE con una dirección escrita en la consulta, no con una variable.",
                )
            )
        end = closing
        inside, outside = tokens[at + 2 : closing], [*tokens[:index], *tokens[closing:]]
        triples = list(takewhile(_may_be_in_triples, inside))
        others = _variables(inside[len(triples) :]) - _variables(triples)
        if others & _variables(outside) and any(keyword(tokens[group - 1]) == "EXISTS" for group in around):
            # The endpoint evaluates the clause once, and not for each value of the variable.
            raise QueryRefusedError(
                Bilingual(
                    "SERVICE within EXISTS is answered here where its first triple patterns have each variable from "
                    "outside. Put these first, and a FILTER behind the SERVICE.",
                    "A SERVICE dentro de EXISTS se responde aquí si sus primeros patrones de tripletas tienen cada "
                    "variable de fuera. Póngalos al principio, y el FILTER detrás del SERVICE.",
                )
            )
        is_known = not graphs and not names_dataset
        context = _context_tokens(tokens[around[0] + 1 : index], tokens[closing + 1 :]) if is_known else []
        clauses.append(
            ServiceClause(
                tokens[index].start,
                tokens[closing].end,
                address[0].value,
                at > index + 1,
                prologue,
                text[tokens[at + 1].end : tokens[closing].start],
                " ".join(token.text for token in context),
                tuple(sorted(_variables(inside) & _variables(context))),
                any(keyword(token) == "GRAPH" for token in inside),
            )
        )
    return clauses


def _context_tokens(before: Sequence[Token], after: Sequence[Token]) -> list[Token]:
    """Return the tokens of the triple patterns and VALUES clauses that are joined with a clause in its group.

    `before` and `after` are the tokens of the group before and after the clause. All else is left out: without filters
    and nested groups, there are only more solutions.
    """
    kept: list[Token] = []
    index = 0
    while index < len(before):
        token = before[index]
        ends_triple = not kept or kept[-1].text in ("}", ".")
        is_values = keyword(token) == "VALUES"
        if not is_values and _may_be_in_triples(token):
            kept += [] if token.text == "." and ends_triple else [token]
            index += 1
            continue
        opening = next((at for at in range(index, len(before)) if before[at].text in ("(", "{")), len(before))
        if is_values:
            # The variables of VALUES may be in brackets, too.
            opening = next((at for at in range(opening, len(before)) if before[at].text == "{"), len(before))
        end = (closing_bracket(before, opening) or len(before)) + 1
        kept += [] if ends_triple else [Token(TokenKind.SYMBOL, 0, ".")]
        kept += before[index:end] if is_values else ()
        index = end
    more = list(takewhile(_may_be_in_triples, after[bool(after and after[0].text == ".") :]))
    return [*kept, *([Token(TokenKind.SYMBOL, 0, ".")] if kept and kept[-1].text not in ".}" else []), *more]


def _may_be_in_triples(token: Token) -> bool:
    return token.text not in ("{", "}") and (
        token.kind is not TokenKind.WORD or token.text.upper() in _KEYWORDS_IN_TRIPLES
    )


def _variables(tokens: Sequence[Token]) -> set[str]:
    return {token.text[1:] for token in tokens if token.kind is TokenKind.VARIABLE}


def _enclosing_groups(tokens: Sequence[Token], index: int) -> list[int]:
    """Return the indexes of the braces that open the groups around a token, the innermost first."""
    groups: list[int] = []
    for at, token in enumerate(tokens[:index]):
        if token.text == "{":
            groups.append(at)
        elif token.text == "}" and groups:
            groups.pop()
    return groups[::-1]


_MAX_LENGTH = 2**21
"""The most code points of a query after results have replaced its SERVICE clauses."""

_MIN_TERM_LENGTH = 3
"""The fewest code points that a term takes in a VALUES clause, with the space after it."""

_MAX_BINDINGS = 1000
"""The most candidate bindings to send. If there are more, the endpoint is queried without bindings."""

_BATCH_SIZE = 100
"""The number of candidate bindings in one query to an endpoint."""

_BINDINGS_TIMEOUT = 2.0
"""Seconds for finding candidate bindings."""

_MAX_PARALLEL = 8
"""The most queries that may wait for other endpoints at the same time."""

_TEMPORARY_STATUSES = frozenset({404, 408, 410, 429})
"""The 4xx statuses of an endpoint that is missing or overloaded. Other 4xx statuses reject the query itself."""

_RESULTS = "application/sparql-results+json"
_TRIPLE = "<<("
_Row = Mapping[str, str]
_Table = tuple[Sequence[str], Sequence[_Row]]
"""The columns of a table of results, and its rows: terms in SPARQL syntax by column, without unbound variables."""


def _delegated(name: str) -> Any:
    """Return a property that returns the attribute `name` of the engine inside a FederatedEngine."""
    return property(lambda federated: getattr(federated._engine, name))


class _RejectedError(RemoteError):
    """The endpoint rejected the query or returned blank nodes. Its snapshot must not answer in its place."""


class FederatedEngine(Engine):
    """Answers queries as `engine` does, and evaluates SERVICE for addresses that the `fetcher` allows.

    Each SERVICE clause is replaced by a VALUES clause with the results of the endpoint. If the surrounding pattern
    leaves few candidate values for the shared variables, the endpoint is asked for those only. The time limit applies
    to the whole query. The answer is never cached, since the data of the other endpoint may change at any time.

    If an endpoint is unreachable, fails, or takes more than half of the time, its snapshot in `snapshots` answers the
    clause. The answer then names the snapshot.
    """

    def __init__(self, engine: Engine, fetcher: Fetcher, snapshots: Snapshots | None = None) -> None:
        self._engine = engine
        self._fetcher = fetcher
        self._snapshots = snapshots
        self._slots = BoundedSemaphore(_MAX_PARALLEL)

    store_path, state, activity, attach, detach, refresh = map(
        _delegated, ("store_path", "state", "activity", "attach", "detach", "refresh")
    )

    def close(self) -> None:
        """Close the engine, the connections to endpoints and the snapshots."""
        self._engine.close()
        self._fetcher.close()
        if self._snapshots is not None:
            self._snapshots.close()

    async def ask(self, question: Question, seconds: float, in_parts: bool = False) -> Answer:
        """Return the answer to a question; one without SERVICE is passed to the engine as it is."""
        if "service" in question.text.lower():
            return await super().ask(question, seconds, in_parts)
        return await self._engine.ask(question, seconds, in_parts)

    def answer(
        self, question: Question, seconds: float, cancel_event: Event | None = None, in_parts: bool = False
    ) -> Answer:
        """Return the answer (see Engine).

        Also raises QueryRefusedError for an address that is not allowed, UnavailableError or RemoteError if an endpoint
        fails, and BusyError if too many queries wait for other endpoints. A syntax error is reported before an endpoint
        is queried.
        """
        limit = Limit(seconds, time.monotonic(), cancel_event)
        text = question.text.removeprefix("\ufeff")
        clauses = service_clauses(text, LONGEST_QUERY, question.base_iri) if "service" in text.lower() else []
        if not clauses:
            return self._engine.answer(question, seconds, cancel_event, in_parts)
        # The results of other endpoints are put into the query, and notices would be about them.
        question, snapshots_used = replace(question, text=text, with_notices=False), dict[str, Snapshot]()
        if not self._slots.acquire(blocking=False):
            raise BusyError(
                Bilingual(
                    f"As many queries are asking other endpoints as may at a time ({_MAX_PARALLEL}). Ask again later.",
                    f"Ya preguntan a otros puntos todas las consultas que pueden a la vez ({_MAX_PARALLEL}). Vuelva a "
                    "preguntar más tarde.",
                )
            )
        try:
            self._check_syntax(question, clauses, limit)
            values = [
                (each.start, each.end, self._solutions_group(question, each, limit, snapshots_used)) for each in clauses
            ]
        finally:
            self._slots.release()
        rewritten = apply_edits(text, values)
        if len(rewritten) > _MAX_LENGTH:
            raise LimitError(_TOO_MANY_RESULTS)
        answer = self._engine.answer(
            replace(question, text=rewritten, longest=_MAX_LENGTH), limit.seconds_left(), cancel_event, in_parts
        )
        return replace(answer, is_deterministic=False, snapshots=tuple(snapshots_used.values()))

    def _check_syntax(self, question: Question, clauses: Sequence[ServiceClause], limit: Limit) -> None:
        """Raise QuerySyntaxError if our own engine cannot parse the query, including the groups of its SERVICE clauses.

        The engine evaluates the query over an empty dataset, which takes no time. Its other errors are ignored: the
        other endpoint may support a function that our engine does not.
        """
        text = question.text
        groups = [
            (each.start, each.group_start, re.sub(r"\S", " ", text[each.start : each.group_start])) for each in clauses
        ]
        with suppress(QueryRefusedError, QueryTimeoutError, LimitError):
            asked = replace(question, text=apply_edits(text, groups), default_graphs=(), named_graphs=())
            # The full time limit applies, since a worker process may have to be started.
            self._ask_engine(asked, limit, limit.seconds)

    def _solutions_group(
        self, question: Question, clause: ServiceClause, limit: Limit, snapshots_used: dict[str, Snapshot]
    ) -> str:
        """Return a group with the solutions of a clause as VALUES; add a snapshot that was used to `snapshots_used`."""
        # All variables of the clause are in scope in the query, even without a solution (SPARQL 1.1 Query Language,
        # 18.2.1).
        text = f"{clause.prologue} SELECT * WHERE {{ {clause.group} }} LIMIT 0"
        found = self._local_table(replace(question, text=text, default_graphs=(), named_graphs=()), limit)
        columns = found[0] if found else ()
        try:
            more, rows = self._clause_answer(
                clause, self._candidate_bindings(question, clause, found and found[0], limit), limit, snapshots_used
            )
        except (QueryTimeoutError, QueryRefusedError):
            raise
        except AnswerError:
            limit.seconds_left()
            if not clause.is_silent:
                raise
            # A failed SERVICE SILENT has one solution without bindings (SPARQL 1.1 Federated Query, section 2.3).
            more, rows = (), [{}]
        return f"{{ {_values_clause(list(dict.fromkeys((*columns, *more))), rows)} }}"

    def _clause_answer(
        self, clause: ServiceClause, bindings: _Table | None, limit: Limit, snapshots_used: dict[str, Snapshot]
    ) -> _Table:
        """Return the results of the endpoint for a clause, or those of its snapshot."""
        snapshots = self._snapshots
        snapshot = snapshots.find(clause.address) if snapshots and not clause.has_graph_clause else None
        first = limit if snapshot is None else replace(limit, seconds=limit.seconds - limit.seconds_left() / 2)
        try:
            return _ask_in_batches(clause, bindings, lambda query: self._endpoint_table(clause.address, query, first))
        except (UnavailableError, RemoteError, QueryTimeoutError) as error:
            if snapshots is None or snapshot is None or isinstance(error, _RejectedError):
                raise
            limit.seconds_left()
        snapshots_used[snapshot.endpoint] = Snapshot(snapshot.endpoint, snapshot.taken, snapshot.is_whole)
        return _ask_in_batches(
            clause,
            bindings,
            lambda query: _checked_table(clause.address, snapshots.answer(snapshot, query, limit).body, 200, limit),
        )

    def _candidate_bindings(
        self, question: Question, clause: ServiceClause, in_scope: Sequence[str] | None, limit: Limit
    ) -> _Table | None:
        """Return all bindings of the shared variables that the context pattern allows; None if unknown or too many.

        Only variables that are `in_scope` outside the group of the clause are bound, if these are known.
        """
        shared = [name for name in clause.shared_variables if in_scope is None or name in in_scope]
        if not shared:
            return None
        names = " ".join(f"?{name}" for name in shared)
        text = (
            f"{clause.prologue} SELECT DISTINCT {names} WHERE {{ {clause.context_pattern} }} LIMIT {_MAX_BINDINGS + 1}"
        )
        columns, rows = self._local_table(replace(question, text=text), limit) or ((), [])
        bound = [name for name in columns if all(name in row for row in rows)]
        # An endpoint for SPARQL 1.1 has no triple terms.
        if not bound or len(rows) > _MAX_BINDINGS or _any_term_starts_with(rows, "_:", _TRIPLE):
            return None
        # Rows that differed in a variable that is not always bound must not count twice.
        different = sorted({tuple(row[name] for name in bound) for row in rows})
        return bound, [dict(zip(bound, values, strict=True)) for values in different]

    def _ask_engine(self, question: Question, limit: Limit, max_seconds: float = _BINDINGS_TIMEOUT) -> bytes:
        asked = replace(question, result_type=_RESULTS)
        return self._engine.answer(asked, min(limit.seconds_left() / 4, max_seconds), limit.cancel_event).body

    def _local_table(self, question: Question, limit: Limit) -> _Table | None:
        """Return the results of our own engine; None if it cannot evaluate the query, or not in time."""
        try:
            return _parse_table(self._ask_engine(question, limit), limit)
        except (QuerySyntaxError, QueryRefusedError, QueryTimeoutError, LimitError):
            return None

    def _endpoint_table(self, address: str, query: str, limit: Limit) -> _Table:
        response = self._fetcher.post_query(address, {"query": query}, _RESULTS, limit)
        if 400 <= response.status < 500 and response.status not in _TEMPORARY_STATUSES:
            raise _RejectedError(_no_table_message(address, response.status))
        if response.status != 200 or response.media_type not in (_RESULTS, "application/json"):
            raise RemoteError(_no_table_message(address, response.status))
        return _checked_table(address, response.body, response.status, limit)


def _ask_in_batches(clause: ServiceClause, bindings: _Table | None, ask: Callable[[str], _Table]) -> _Table:
    """Return the results for the group of a clause.

    With candidate `bindings`, `ask` is called for a batch of them at a time, and the results contain only these
    bindings.
    """
    if bindings is None:
        return ask(f"{clause.prologue} SELECT * WHERE {{ {clause.group} }}")
    columns, rows = bindings
    found: list[_Row] = []
    for start in range(0, len(rows), _BATCH_SIZE):
        values = _values_clause(bindings[0], rows[start : start + _BATCH_SIZE])
        columns, more = ask(f"{clause.prologue} SELECT * WHERE {{ {values} {{ {clause.group} }} }}")
        found += more
    return columns, found


def _values_clause(columns: Sequence[str], rows: Sequence[_Row]) -> str:
    """Return a VALUES clause. Without rows, the clause has no solution, but its variables stay in scope."""
    lines = (f"({' '.join(row.get(name, 'UNDEF') for name in columns)})" for row in rows)
    return f"VALUES ({' '.join(f'?{name}' for name in columns)}) {{ {' '.join(lines)} }}"


def _checked_table(address: str, body: bytes, status: int, limit: Limit) -> _Table:
    """Return the table in a response. Raises RemoteError if there is none, or if it contains blank nodes."""
    table = _parse_table(body, limit)
    if table is None:
        raise RemoteError(_no_table_message(address, status))
    if _any_term_starts_with(table[1], "_:"):
        raise _RejectedError(
            Bilingual(
                f"The answer of {address} has nodes without a name, which mean nothing here. Leave them out, for "
                "example with FILTER(isIRI(?x)) inside of SERVICE.",
                f"La respuesta de {address} tiene nodos sin nombre, que aquí no significan nada. Exclúyalos, por "
                "ejemplo con FILTER(isIRI(?x)) dentro de SERVICE.",
            )
        )
    return table


def _any_term_starts_with(rows: Sequence[_Row], *beginnings: str) -> bool:
    """Return whether the text of a term starts with one of the `beginnings`."""
    return any(term.startswith(beginnings) for row in rows for term in row.values())


def _term_text(term: NamedNode | BlankNode | Literal | Triple) -> str:
    """Return a term in SPARQL syntax.

    For a triple term that contains a blank node, return the label of the blank node, which callers recognise by its
    `_:`.
    """
    if not isinstance(term, Triple):
        return str(term)
    parts = [_term_text(part) for part in (term.subject, term.predicate, term.object)]
    node = next((part for part in parts if part.startswith("_:")), None)
    return node or f"{_TRIPLE} {' '.join(parts)} )>>"


def _parse_table(body: bytes, limit: Limit) -> _Table | None:
    """Return the table in a body, or None if there is none.

    Raises LimitError if the table is too large to be written into a query.
    """
    try:
        found = parse_query_results(body, QueryResultsFormat.JSON)
        if not isinstance(found, QuerySolutions):
            return None
        columns = [variable.value for variable in found.variables]
        rows: list[_Row] = [
            {name: _term_text(term) for name, term in zip(columns, solution, strict=True) if term is not None}
            for solution in found
        ]
    except (SyntaxError, ValueError):
        return None
    if len(rows) * len(columns) * _MIN_TERM_LENGTH > _MAX_LENGTH:
        raise LimitError(_TOO_MANY_RESULTS)
    limit.seconds_left()
    return columns, rows


def _no_table_message(address: str, status: int) -> Bilingual:
    return Bilingual(
        f"{address} gave no table of results (status {status}). See whether it answers the clause by itself.",
        f"{address} no dio ninguna tabla de resultados (estado {status}). Compruebe si responde a la cláusula por sí "
        "sola.",
    )


_TOO_MANY_RESULTS = Bilingual(
    f"The other endpoints answer more than can be put into a query of {_MAX_LENGTH} characters. Ask them for less, "
    "for example with VALUES or LIMIT inside of SERVICE.",
    f"Los otros puntos responden más de lo que cabe en una consulta de {_MAX_LENGTH} caracteres. Pídales menos, por "
    "ejemplo con VALUES o LIMIT dentro de SERVICE.",
)
