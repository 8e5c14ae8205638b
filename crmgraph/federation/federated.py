"""An engine that answers queries with SERVICE (SPARQL 1.1 Federated Query), by asking the other endpoint first."""

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
from crmgraph.federation.fetching import Fetcher
from crmgraph.federation.snapshots import Snapshots
from crmgraph.sparql import Answer, Engine, Question
from crmgraph.sparql.engine import Limit, Snapshot
from crmgraph.sparql.rewriting import resolve_names
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

MOST_CLAUSES = 10
"""SERVICE clauses that a query may have."""

# Behind these comes a group, and no clause.
_BEFORE_GROUPS = frozenset({"OPTIONAL", "MINUS", "UNION", "EXISTS", "WHERE", "GRAPH"})
_IN_TRIPLES = frozenset({"A", "TRUE", "FALSE"})


@dataclass(frozen=True)
class Clause:
    """A SERVICE clause: where it begins and ends in the query, the address that it asks and whether it is SILENT.

    `prologue` are the declarations of the query, `group` is the text between the brackets of the clause; it
    `names_graphs` where GRAPH stands in it. `beside` is a pattern that each solution of the group around the clause
    satisfies at the clause, and `shared` are the variables that both have in common; empty where none is known.
    """

    start: int
    end: int
    address: str
    is_silent: bool
    prologue: str
    group: str
    beside: str
    shared: tuple[str, ...]
    names_graphs: bool

    @property
    def opening(self) -> int:
        """Where the group begins in the query, with its bracket."""
        return self.end - len(self.group) - 2


def clauses_of(text: str, longest: int, base_iri: str | None) -> list[Clause]:
    """Return the SERVICE clauses of a query of at most `longest` characters, which is sent to `base_iri`.

    Raises QueryRefusedError where it is longer, nests too deep or has too many, where a clause asks an address that
    only the answer tells (a variable), and where one stands within another; QuerySyntaxError as `checked_tokens` does,
    and where none can stand.
    """
    # There is always a token behind another, and one before it.
    found = [*checked_tokens(text, longest, may_ask_services=True), *[Token(TokenKind.SYMBOL, len(text), "")] * 3]
    start = prologue_length(found)
    services = [index for index in range(start, len(found)) if keyword(found[index]) == "SERVICE"]
    if not services or keyword(found[start]) not in QUERY_FORMS:
        return []
    if len(services) > MOST_CLAUSES:
        raise QueryRefusedError(
            Bilingual(
                f"A query may have {MOST_CLAUSES} SERVICE clauses at most.",
                f"Una consulta puede tener {MOST_CLAUSES} cláusulas SERVICE como máximo.",
            )
        )
    prologue = (f"BASE <{base_iri}> " if base_iri else "") + text[: found[start].start]
    names_dataset = any(keyword(token).startswith("FROM") for token in found)
    clauses: list[Clause] = []
    end = 0
    for index in services:
        at = index + 1 + (keyword(found[index + 1]) == "SILENT")
        closing = closing_bracket(found, at + 1)
        if index < end:
            raise QueryRefusedError(
                Bilingual(
                    "SERVICE within SERVICE is not answered here. Put them beside each other.",
                    "Aquí no se responde a SERVICE dentro de SERVICE. Póngalos uno junto al otro.",
                )
            )
        if (
            found[at + 1].text != "{"
            or closing is None
            or keyword(found[index - 1]) in _BEFORE_GROUPS
            or keyword(found[index - 2]) == "GRAPH"
            or keyword(found[closing + 1]) == "UNION"
        ):
            raise syntax_error_at(
                text,
                found[index].start,
                Bilingual(
                    "SERVICE stands where no clause can, or has no group in brackets",
                    "SERVICE está donde no cabe ninguna cláusula, o no tiene grupo entre llaves",
                ),
            )
        around = _groups_around(found, index)
        graphs = [found[group - 1] for group in around if group > 1 and keyword(found[group - 2]) == "GRAPH"]
        if any(name.kind is TokenKind.VARIABLE for name in graphs):
            raise QueryRefusedError(
                Bilingual(
                    "SERVICE within GRAPH and a variable is not answered here. Put the two beside each other.",
                    "Aquí no se responde a SERVICE dentro de GRAPH con una variable. Póngalos uno junto al otro.",
                )
            )
        address = resolve_names([found[at].text], prologue, None)
        if address is None:
            raise QueryRefusedError(
                Bilingual(
                    "SERVICE is answered here for an address that is written in the query, not for a variable.",
                    "Aquí se responde a SERVICE con una dirección escrita en la consulta, no con una variable.",
                )
            )
        end = closing
        inside = found[at + 2 : closing]
        is_known = around and not graphs and not names_dataset
        beside = _beside(found[around[0] + 1 : index], found[closing + 1 :]) if is_known else []
        clauses.append(
            Clause(
                found[index].start,
                found[closing].end,
                address[0].value,
                at > index + 1,
                prologue,
                text[found[at + 1].end : found[closing].start],
                " ".join(token.text for token in beside),
                tuple(sorted(_variables(inside) & _variables(beside))),
                any(keyword(token) == "GRAPH" for token in inside),
            )
        )
    return clauses


def _beside(before: Sequence[Token], after: Sequence[Token]) -> list[Token]:
    """Return a pattern that each solution of a group satisfies at a clause, given what is before and after it there.

    What comes before is joined with the clause, but for filters, which are for the whole group; so are the triples
    right behind it. Of several clauses only the first has something before it.
    """
    kept: list[Token] = []
    index = 0
    while index < len(before):
        if keyword(before[index]) == "FILTER":
            opening = next((at for at in range(index, len(before)) if before[at].text in ("(", "{")), len(before))
            index = (closing_bracket(before, opening) or len(before)) + 1
        else:
            kept.append(before[index])
            index += 1
    # The engine may read more in a word than the grammar does, as in "trueFILTER (".
    words = [token.text.upper() for token in kept if token.kind in (TokenKind.WORD, TokenKind.PREFIXED_NAME)]
    if any(word in text for text in words for word in ("SERVICE", "FILTER")):
        kept = []
    more = list(takewhile(_is_in_triples, after[bool(after and after[0].text == ".") :]))
    return [*kept, *([Token(TokenKind.SYMBOL, 0, ".")] if kept and kept[-1].text not in ".}" else []), *more]


def _is_in_triples(token: Token) -> bool:
    return token.text not in ("{", "}") and (token.kind is not TokenKind.WORD or token.text.upper() in _IN_TRIPLES)


def _variables(found: Sequence[Token]) -> set[str]:
    return {token.text[1:] for token in found if token.kind is TokenKind.VARIABLE}


def _groups_around(found: Sequence[Token], index: int) -> list[int]:
    """Return the bracket that opens each group that the token there is in, the innermost first."""
    groups: list[int] = []
    for at, token in enumerate(found[:index]):
        if token.text == "{":
            groups.append(at)
        elif token.text == "}" and groups:
            groups.pop()
    return groups[::-1]


_LONGEST = 2**21
"""Characters that the query may have when the answers stand in the place of its clauses."""

_SHORTEST = 3
"""Characters that a value has there at least, with the space behind it."""

_MOST_KNOWN = 1000
"""For how many rows that are known beforehand the other endpoint is asked for nothing else."""

_BATCH = 100
"""Rows that an endpoint gets at a time."""

_GUESSING = 2.0
"""Seconds in which values are looked for that are known beforehand."""

_AT_ONCE = 8
"""Questions that may ask other endpoints at a time."""

_PASSING = frozenset({404, 408, 410, 429})
"""Statuses of an endpoint that is not there, or has no time, and does not mean the question."""

_RESULTS = "application/sparql-results+json"
_TRIPLE = "<<("
_Row = Mapping[str, str]
_Table = tuple[Sequence[str], Sequence[_Row]]
"""Columns, and rows with their terms as SPARQL writes them, without what has no value."""


def _of_engine(name: str) -> Any:
    return property(lambda federated: getattr(federated._engine, name))


class _RefusalError(RemoteError):
    """The other endpoint was there, and did not take the question."""


class Federated(Engine):
    """Answers as `engine` does, and SERVICE for what the `fetcher` may reach (SPARQL 1.1 Federated Query).

    Each clause is replaced by what the other endpoint answers. Where few values are known beforehand for the variables
    of the clause, by what stands beside it, the endpoint is asked for these only. The time limit holds for all of it.
    Such an answer is never kept, for nobody here knows when it changes.

    Where the other endpoint is not there, fails, or has not answered in half of the time, a copy of it among the
    `snapshots` answers the whole clause in its place, and the answer says so.
    """

    def __init__(self, engine: Engine, fetcher: Fetcher, snapshots: Snapshots | None = None) -> None:
        self._engine = engine
        self._fetcher = fetcher
        self._snapshots = snapshots
        self._places = BoundedSemaphore(_AT_ONCE)

    store_path, state, activity, attach, detach, refresh = map(
        _of_engine, ("store_path", "state", "activity", "attach", "detach", "refresh")
    )

    def close(self) -> None:
        """See Engine."""
        self._engine.close()
        self._fetcher.close()
        if self._snapshots is not None:
            self._snapshots.close()

    async def ask(self, question: Question, seconds: float, in_parts: bool = False) -> Answer:
        """Return the answer (see Engine)."""
        if "service" in question.text.lower():
            return await super().ask(question, seconds, in_parts)
        return await self._engine.ask(question, seconds, in_parts)

    def answer(self, question: Question, seconds: float, gone: Event | None = None, in_parts: bool = False) -> Answer:
        """Return the answer (see Engine).

        Raises besides QueryRefusedError for an address that is not allowed, and UnavailableError and RemoteError where
        another endpoint cannot be reached or gives no answer. Nobody is asked where the query is not SPARQL.
        """
        limit = Limit(seconds, time.monotonic(), gone)
        text = question.text.removeprefix("\ufeff")
        clauses = clauses_of(text, LONGEST_QUERY, question.base_iri) if "service" in text.lower() else []
        if not clauses:
            return self._engine.answer(question, seconds, gone, in_parts)
        question, used = replace(question, text=text), dict[str, Snapshot]()
        if not self._places.acquire(blocking=False):
            raise BusyError(
                Bilingual(
                    f"As many queries are asking other endpoints as may at a time ({_AT_ONCE}). Ask again later.",
                    f"Ya preguntan a otros puntos todas las consultas que pueden a la vez ({_AT_ONCE}). Vuelva a "
                    "preguntar más tarde.",
                )
            )
        try:
            self._check_syntax(question, clauses, limit)
            values = [(each.start, each.end, self._values(question, each, limit, used)) for each in clauses]
        finally:
            self._places.release()
        written = apply_edits(text, values)
        if len(written) > _LONGEST:
            raise LimitError(_TOO_MANY)
        answer = self._engine.answer(
            replace(question, text=written, longest=_LONGEST), limit.seconds_left(), gone, in_parts
        )
        return replace(answer, is_deterministic=False, snapshots=tuple(used.values()))

    def _check_syntax(self, question: Question, clauses: Sequence[Clause], limit: Limit) -> None:
        """Have the engine read the query, its clauses too, before anybody else is asked. Raises QuerySyntaxError.

        It answers from no graph at all, so that this takes no time. What it does not know, such as a function, may be
        for the other endpoint.
        """
        text = question.text
        groups = [(each.start, each.opening, re.sub(r"\S", " ", text[each.start : each.opening])) for each in clauses]
        with suppress(QueryRefusedError, QueryTimeoutError, LimitError):
            asked = replace(question, text=apply_edits(text, groups), default_graphs=(), named_graphs=())
            # A worker may have to be started first.
            self._own(asked, limit, limit.seconds)

    def _values(self, question: Question, clause: Clause, limit: Limit, used: dict[str, Snapshot]) -> str:
        """Return a group with the solutions of a clause; a copy that gave them is noted."""
        # The variables of the clause are those of the query too, whatever is answered (18.2.1).
        text = f"{clause.prologue} SELECT * WHERE {{ {clause.group} }} LIMIT 0"
        asked = replace(question, text=text, default_graphs=(), named_graphs=())
        columns = (self._asked_here(asked, limit) or ((), ()))[0]
        try:
            more, rows = self._table(clause, self._known(question, clause, limit), limit, used)
        except (QueryTimeoutError, QueryRefusedError):
            raise
        except AnswerError:
            limit.seconds_left()
            if not clause.is_silent:
                raise
            # No solution is lost, and none is found (SPARQL 1.1 Federated Query, section 2.3).
            more, rows = (), [{}]
        return f"{{ {_written_out(list(dict.fromkeys((*columns, *more))), rows)} }}"

    def _table(self, clause: Clause, known: _Table | None, limit: Limit, used: dict[str, Snapshot]) -> _Table:
        """Return what the endpoint answers to a clause, or a copy of it."""
        snapshots = self._snapshots
        copy = snapshots.of(clause.address) if snapshots and not clause.names_graphs else None
        first = limit if copy is None else replace(limit, seconds=limit.seconds - limit.seconds_left() / 2)
        try:
            return _solutions(clause, known, lambda query: self._asked_there(clause.address, query, first))
        except (UnavailableError, RemoteError, QueryTimeoutError) as error:
            if snapshots is None or copy is None or isinstance(error, _RefusalError):
                raise
            limit.seconds_left()
        used[copy.endpoint] = Snapshot(copy.endpoint, copy.taken, copy.is_whole)
        return _solutions(
            clause, known, lambda query: _checked(clause.address, snapshots.answer(copy, query, limit).body, 200, limit)
        )

    def _known(self, question: Question, clause: Clause, limit: Limit) -> _Table | None:
        """Return the values that the shared variables can have at all; None where that is not known, or too many."""
        if not clause.shared:
            return None
        names = " ".join(f"?{name}" for name in clause.shared)
        text = f"{clause.prologue} SELECT DISTINCT {names} WHERE {{ {clause.beside} }} LIMIT {_MOST_KNOWN + 1}"
        columns, rows = self._asked_here(replace(question, text=text), limit) or ((), [])
        bound = [name for name in columns if all(name in row for row in rows)]
        # A term that is a triple is none for an endpoint of SPARQL 1.1.
        if not bound or len(rows) > _MOST_KNOWN or _holds(rows, "_:", _TRIPLE):
            return None
        return bound, sorted(({name: row[name] for name in bound} for row in rows), key=str)

    def _own(self, question: Question, limit: Limit, most: float = _GUESSING) -> bytes:
        asked = replace(question, result_type=_RESULTS)
        return self._engine.answer(asked, min(limit.seconds_left() / 4, most), limit.gone).body

    def _asked_here(self, question: Question, limit: Limit) -> _Table | None:
        """Return our own answer to a query; None where our engine cannot read it, such as for a function, in time."""
        try:
            return _read(self._own(question, limit), limit)
        except (QuerySyntaxError, QueryRefusedError, QueryTimeoutError, LimitError):
            return None

    def _asked_there(self, address: str, query: str, limit: Limit) -> _Table:
        said = self._fetcher.post_query(address, {"query": query}, _RESULTS, limit)
        if 400 <= said.status < 500 and said.status not in _PASSING:
            raise _RefusalError(_no_answer(address, said.status))
        if said.status != 200 or said.media_type not in (_RESULTS, "application/json"):
            raise RemoteError(_no_answer(address, said.status))
        return _checked(address, said.body, said.status, limit)


def _solutions(clause: Clause, known: _Table | None, ask: Callable[[str], _Table]) -> _Table:
    """Return what is answered to the group of a clause, for the values that are known beforehand where any are."""
    if known is None:
        return ask(f"{clause.prologue} SELECT * WHERE {{ {clause.group} }}")
    columns, rows = known
    found: list[_Row] = []
    for start in range(0, len(rows), _BATCH):
        values = _written_out(known[0], rows[start : start + _BATCH])
        columns, more = ask(f"{clause.prologue} SELECT * WHERE {{ {values} {{ {clause.group} }} }}")
        found += more
    return columns, found


def _written_out(columns: Sequence[str], rows: Sequence[_Row]) -> str:
    """Return VALUES with these rows; without any, the variables stay in scope and nothing is found."""
    lines = (f"({' '.join(row.get(name, 'UNDEF') for name in columns)})" for row in rows)
    return f"VALUES ({' '.join(f'?{name}' for name in columns)}) {{ {' '.join(lines)} }}"


def _checked(address: str, body: bytes, status: int, limit: Limit) -> _Table:
    """Return the table that was answered. Raises RemoteError where it is none, or has nodes without a name."""
    table = _read(body, limit)
    if table is None:
        raise RemoteError(_no_answer(address, status))
    if _holds(table[1], "_:"):
        raise _RefusalError(
            Bilingual(
                f"The answer of {address} has nodes without a name, which mean nothing here. Leave them out, for "
                "example with FILTER(isIRI(?x)) inside of SERVICE.",
                f"La respuesta de {address} tiene nodos sin nombre, que aquí no significan nada. Exclúyalos, por "
                "ejemplo con FILTER(isIRI(?x)) dentro de SERVICE.",
            )
        )
    return table


def _holds(rows: Sequence[_Row], *beginnings: str) -> bool:
    """Tell whether a term is written with one of these beginnings."""
    return any(term.startswith(beginnings) for row in rows for term in row.values())


def _written(term: NamedNode | BlankNode | Literal | Triple) -> str:
    """Return a term as SPARQL writes it; one that holds a node without a name begins as such a node does."""
    if not isinstance(term, Triple):
        return str(term)
    parts = [_written(part) for part in (term.subject, term.predicate, term.object)]
    node = next((part for part in parts if part.startswith("_:")), None)
    return node or f"{_TRIPLE} {' '.join(parts)} )>>"


def _read(body: bytes, limit: Limit) -> _Table | None:
    """Return the table in a body; None where it is none. Raises LimitError where it is too large for a query."""
    try:
        found = parse_query_results(body, QueryResultsFormat.JSON)
        if not isinstance(found, QuerySolutions):
            return None
        columns = [variable.value for variable in found.variables]
        rows: list[_Row] = [
            {name: _written(term) for name, term in zip(columns, solution, strict=True) if term is not None}
            for solution in found
        ]
    except (SyntaxError, ValueError):
        return None
    if len(rows) * len(columns) * _SHORTEST > _LONGEST:
        raise LimitError(_TOO_MANY)
    limit.seconds_left()
    return columns, rows


def _no_answer(address: str, status: int) -> Bilingual:
    return Bilingual(
        f"{address} gave no table of results (status {status}). See whether it answers the clause by itself.",
        f"{address} no dio ninguna tabla de resultados (estado {status}). Compruebe si responde a la cláusula por sí "
        "sola.",
    )


_TOO_MANY = Bilingual(
    f"The other endpoints answer more than can be put into a query of {_LONGEST} characters. Ask them for less, "
    "for example with VALUES or LIMIT inside of SERVICE.",
    f"Los otros puntos responden más de lo que cabe en una consulta de {_LONGEST} caracteres. Pídales menos, por "
    "ejemplo con VALUES o LIMIT dentro de SERVICE.",
)
