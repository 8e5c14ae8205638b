"""An engine that answers queries with SERVICE, by asking the other endpoint first."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import BoundedSemaphore, Event
from urllib.parse import urlencode

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from crmgraph.errors import (
    AnswerError,
    BusyError,
    LimitError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    RemoteError,
    UnavailableError,
)
from crmgraph.federation.fetching import Fetcher
from crmgraph.federation.services import Clause, Clauses, clauses_of
from crmgraph.federation.snapshots import Copy, Snapshots
from crmgraph.sparql import Answer, Engine, Question
from crmgraph.sparql.limit import Limit
from crmgraph.sparql.question import Snapshot
from crmgraph.sparql.validation import LONGEST
from crmgraph.sparql.worker_process import End
from crmgraph.wording import Bilingual

__all__ = ["Federated"]

_LONGEST = 2**21
"""How many characters the query may have when the answers stand in the place of its clauses."""

_MOST_KNOWN = 1000
"""For how many rows that are known beforehand the other endpoint is asked for nothing else."""

_BATCH = 100
"""How many of them it is told at a time."""

_RESULTS = "application/sparql-results+json"
_HEADERS: dict[bytes | str, bytes | str] = {"Accept": _RESULTS, "Content-Type": "application/x-www-form-urlencoded"}
_Term = NamedNode | BlankNode | Literal | Triple
_Row = tuple[str | None, ...]
_Table = tuple[Sequence[str], list[_Row]]

_TRIPLE = "<<("
"""How a term that is a triple begins (SPARQL 1.2)."""

_PASSING = frozenset({404, 408, 410, 429})
"""With what an endpoint answers that is not there, or has no time, and does not mean the question."""

_GUESSING = 2.0
"""For how many seconds a query is read, and values are looked for that are known beforehand."""

_AT_ONCE = 8
"""How many questions may ask others at a time."""


class Federated(Engine):
    """Answers as `engine` does, and SERVICE for what the `fetcher` may reach (SPARQL 1.1 Federated Query).

    Each clause is replaced by what the other endpoint answers. Where few values are known beforehand for the variables
    of the clause, by the patterns of triples that stand beside it, it is asked for these only. The time limit holds for
    all of it. Such an answer is never kept, for nobody here knows when it changes.

    Where the other endpoint is not there, fails, or has not answered in half of the time, a copy of it among the
    `snapshots` answers the whole clause in its place, and the answer says so.
    """

    def __init__(self, engine: Engine, fetcher: Fetcher, snapshots: Snapshots | None = None) -> None:
        self._engine = engine
        self._fetcher = fetcher
        self._snapshots = snapshots
        self._places = BoundedSemaphore(_AT_ONCE)

    @property
    def store_path(self) -> Path | None:
        """See Engine."""
        return self._engine.store_path

    @property
    def state(self) -> str | None:
        """See Engine."""
        return self._engine.state

    @property
    def busy(self) -> int:
        """See Engine."""
        return self._engine.busy

    @property
    def waiting(self) -> int:
        """See Engine."""
        return self._engine.waiting

    @property
    def pids(self) -> frozenset[int]:
        """See Engine."""
        return self._engine.pids

    @property
    def ended(self) -> Mapping[End, int]:
        """See Engine."""
        return self._engine.ended

    def attach(self) -> None:
        """See Engine."""
        self._engine.attach()

    async def detach(self) -> None:
        """See Engine."""
        await self._engine.detach()

    def refresh(self, seconds: float) -> None:
        """See Engine."""
        self._engine.refresh(seconds)

    def close(self) -> None:
        """See Engine."""
        self._engine.close()
        self._fetcher.close()
        if self._snapshots is not None:
            self._snapshots.close()

    async def ask(self, question: Question, seconds: float, in_parts: bool = False) -> Answer:
        """Return the answer (see Engine)."""
        if _may_federate(question):
            return await super().ask(question, seconds, in_parts)
        return await self._engine.ask(question, seconds, in_parts)

    def answer(self, question: Question, seconds: float, gone: Event | None = None, in_parts: bool = False) -> Answer:
        """Return the answer (see Engine).

        Raises besides QueryRefusedError for an address that is not allowed, and UnavailableError and RemoteError where
        another endpoint cannot be reached or gives no answer. Nobody is asked where the query is not SPARQL.
        """
        limit = Limit(seconds, time.monotonic(), gone)
        text = question.text.removeprefix("\ufeff")
        found = clauses_of(text, LONGEST, question.base_iri) if _may_federate(question) else None
        if found is None or not found.clauses:
            return self._engine.answer(question, seconds, gone, in_parts)
        if not self._places.acquire(blocking=False):
            raise BusyError(_all_ask())
        used: dict[str, Copy] = {}
        try:
            self._check_syntax(replace(question, text=text), found, limit)
            written = self._written_out(replace(question, text=text), found, limit, used)
        finally:
            self._places.release()
        asked = replace(question, text=written, longest=_LONGEST)
        answer = self._engine.answer(asked, limit.left(), gone, in_parts)
        copies = tuple(Snapshot(copy.endpoint, copy.taken, copy.is_whole) for copy in used.values())
        return replace(answer, lasting=False, snapshots=copies)

    def _check_syntax(self, question: Question, found: Clauses, limit: Limit) -> None:
        """Have the engine read the query, its clauses too, before anybody else is asked. Raises QuerySyntaxError.

        It answers from no graph at all, so that this takes no time. What it does not know, such as a function, may be
        for the other endpoint.
        """
        asked = replace(question, text=found.groups_of(question.text), default_graphs=(), named_graphs=())
        with suppress(QueryRefusedError, QueryTimeoutError, LimitError):
            self._engine.answer(asked, min(limit.left() / 4, _GUESSING), limit.gone)

    def _written_out(self, question: Question, found: Clauses, limit: Limit, used: dict[str, Copy]) -> str:
        """The query, with the answers in the place of its clauses; the copies that gave some of them are noted."""
        parts: list[str] = []
        done = 0
        room = _Room(_LONGEST - len(question.text))
        for clause in found.clauses:
            known = self._known(question, found.prologue, clause, limit)
            named = self._named(question, found.prologue, clause, limit)
            parts.append(question.text[done : clause.start])
            try:
                table = self._table(found.prologue, clause, known, limit, room, used)
                parts.append(_values(*_with_columns(named, *table)))
            except (QueryTimeoutError, QueryRefusedError):
                raise
            except AnswerError:
                limit.left()
                if not clause.is_silent:
                    raise
                # No solution is lost, and none is found (SPARQL 1.1 Federated Query, section 2.3).
                parts.append(_values(*_with_columns(named, (), [()])))
            done = clause.end
        return "".join((*parts, question.text[done:]))

    def _table(
        self,
        prologue: str,
        clause: Clause,
        known: _Table | None,
        limit: Limit,
        room: "_Room",
        used: dict[str, Copy],
    ) -> _Table:
        """What the endpoint answers to the clause, or a copy of it."""
        copy = self._snapshots.of(clause.address) if self._snapshots and not clause.names_graphs else None
        if self._snapshots is None or copy is None:
            return _rows(clause, known, lambda group: self._asked(prologue, clause, group, limit, room))
        half = replace(limit, seconds=limit.seconds - limit.left() / 2)
        try:
            return _rows(clause, known, lambda group: self._asked(prologue, clause, group, half, room))
        except (UnavailableError, RemoteError, QueryTimeoutError) as error:
            if isinstance(error, _RefusalError):
                raise
            limit.left()
        snapshots = self._snapshots

        def remembered(group: str) -> _Table:
            said = snapshots.answer(copy, f"{prologue} SELECT * WHERE {{ {group} }}", limit)
            return _checked(clause.address, said.body, 200, limit, room)

        found = _rows(clause, known, remembered)
        used[copy.endpoint] = copy
        return found

    def _known(self, question: Question, prologue: str, clause: Clause, limit: Limit) -> _Table | None:
        """The values that the shared variables can have at all; None where that is not known, or too many."""
        if not clause.shared:
            return None
        names = " ".join(f"?{name}" for name in clause.shared)
        text = f"{prologue} SELECT DISTINCT {names} WHERE {{ {clause.beside} }} LIMIT {_MOST_KNOWN + 1}"
        asked = replace(question, text=text, result_type=_RESULTS)
        try:
            said = self._engine.answer(asked, min(limit.left() / 4, _GUESSING), limit.gone)
            table = _read(said.body, limit, _Room(_LONGEST))
        except (QuerySyntaxError, QueryTimeoutError, LimitError):
            return None
        columns, rows = table or ((), [])
        # A term that is a triple is none for an endpoint of SPARQL 1.1.
        if table is None or len(rows) > _MOST_KNOWN or _holds(rows, "_:", _TRIPLE):
            return None
        return columns, sorted(rows, key=str)

    def _named(self, question: Question, prologue: str, clause: Clause, limit: Limit) -> Sequence[str]:
        """The variables that the clause has, which are those of the query too, whatever is answered (18.2.1).

        Where our engine cannot read it, such as for a function, only those are known that are answered.
        """
        text = f"{prologue} SELECT * WHERE {{ {clause.group} }} LIMIT 0"
        asked = replace(question, text=text, result_type=_RESULTS, default_graphs=(), named_graphs=())
        try:
            said = self._engine.answer(asked, min(limit.left() / 4, _GUESSING), limit.gone)
        except (QuerySyntaxError, QueryRefusedError, QueryTimeoutError, LimitError):
            return ()
        columns, _ = _read(said.body, limit, _Room(_LONGEST)) or ((), [])
        return columns

    def _asked(self, prologue: str, clause: Clause, group: str, limit: Limit, room: "_Room") -> _Table:
        body = urlencode({"query": f"{prologue} SELECT * WHERE {{ {group} }}"}).encode()
        said = self._fetcher.post(clause.address, _HEADERS, body, limit)
        if 400 <= said.status < 500 and said.status not in _PASSING:
            raise _RefusalError(_no_answer(clause.address, said.status))
        if said.status != 200 or said.media_type not in (_RESULTS, "application/json"):
            raise RemoteError(_no_answer(clause.address, said.status))
        return _checked(clause.address, said.body, said.status, limit, room)


class _RefusalError(RemoteError):
    """The other endpoint was there, and did not take the question."""


def _rows(clause: Clause, known: _Table | None, ask: Callable[[str], _Table]) -> _Table:
    """What is answered to the group of the clause, for the values that are known beforehand where any are."""
    if known is None:
        return ask(clause.group)
    columns, rows = known
    if not rows:
        return columns, []
    found: list[_Row] = []
    head: Sequence[str] = ()
    for start in range(0, len(rows), _BATCH):
        head, more = ask(f"{_values(columns, rows[start : start + _BATCH])} {{ {clause.group} }}")
        found += more
    return head, found


def _checked(address: str, body: bytes, status: int, limit: Limit, room: "_Room") -> _Table:
    """The table that was answered. Raises RemoteError where it is none, or has nodes without a name."""
    table = _read(body, limit, room)
    if table is None:
        raise RemoteError(_no_answer(address, status))
    if _holds(table[1], "_:"):
        raise _RefusalError(_nodes(address))
    return table


class _Room:
    """How many characters there is room for."""

    def __init__(self, left: int) -> None:
        self._left = left

    def take(self, characters: int) -> None:
        """Use up some. Raises LimitError where there is no more."""
        self._left -= characters
        if self._left < 0:
            raise LimitError(_too_many())


def _may_federate(question: Question) -> bool:
    return "service" in question.text.lower()


def _holds(rows: Sequence[_Row], *beginnings: str) -> bool:
    """Whether a term is written with one of these beginnings."""
    return any(term is not None and term.startswith(beginnings) for row in rows for term in row)


def _written(term: _Term) -> str:
    """The term as SPARQL writes it; one that holds a node without a name begins as such a node does."""
    if not isinstance(term, Triple):
        return str(term)
    parts = [_written(part) for part in (term.subject, term.predicate, term.object)]
    node = next((part for part in parts if part.startswith("_:")), None)
    return node or f"{_TRIPLE} {' '.join(parts)} )>>"


def _read(body: bytes, limit: Limit, room: _Room) -> _Table | None:
    """The columns and rows of a table, its terms as SPARQL writes them; None where it is none."""
    # What reads it must not outlive this thread, as it would in an error that is raised here.
    try:
        found = parse_query_results(body, QueryResultsFormat.JSON)
        if not isinstance(found, QuerySolutions):
            return None
        columns = [variable.value for variable in found.variables]
        rows: list[_Row] = []
        for solution in found:
            row = tuple(None if term is None else _written(term) for term in solution)
            room.take(sum(len(term or "UNDEF") + 1 for term in row) + 2)
            rows.append(row)
            if len(rows) % 1000 == 0:
                limit.left()
    except (SyntaxError, ValueError):
        return None
    else:
        return columns, rows


def _with_columns(named: Sequence[str], columns: Sequence[str], rows: Sequence[_Row]) -> _Table:
    """The table with columns of these names before its others; without a value where it had none."""
    if list(columns) == list(named):
        return columns, list(rows)
    every = list(dict.fromkeys((*named, *columns)))
    found = (dict(zip(columns, row, strict=True)) for row in rows)
    return every, [tuple(row.get(name) for name in every) for row in found]


def _values(columns: Sequence[str], rows: Sequence[_Row]) -> str:
    """A group with these solutions."""
    if not rows:
        # The variables stay in scope, and nothing is found.
        names = " ".join(f"?{name}" for name in columns)
        return f"{{ VALUES ({names}) {{ }} }}"
    names = " ".join(f"?{name}" for name in columns)
    lines = (f"({' '.join(term or 'UNDEF' for term in row)})" for row in rows)
    return f"{{ VALUES ({names}) {{ {' '.join(lines)} }} }}"


def _no_answer(address: str, status: int) -> Bilingual:
    return Bilingual(
        f"{address} gave no table of results (status {status}). See whether it answers the clause by itself.",
        f"{address} no dio ninguna tabla de resultados (estado {status}). Compruebe si responde a la cláusula por sí "
        "sola.",
    )


def _nodes(address: str) -> Bilingual:
    return Bilingual(
        f"The answer of {address} has nodes without a name, which mean nothing here. Leave them out, for example with "
        "FILTER(isIRI(?x)) inside of SERVICE.",
        f"La respuesta de {address} tiene nodos sin nombre, que aquí no significan nada. Exclúyalos, por ejemplo con "
        "FILTER(isIRI(?x)) dentro de SERVICE.",
    )


def _all_ask() -> Bilingual:
    return Bilingual(
        f"As many queries are asking other endpoints as may at a time ({_AT_ONCE}). Ask again later.",
        f"Ya preguntan a otros puntos todas las consultas que pueden a la vez ({_AT_ONCE}). Vuelva a preguntar "
        "más tarde.",
    )


def _too_many() -> Bilingual:
    return Bilingual(
        f"The other endpoints answer more than can be put into a query of {_LONGEST} characters. Ask them for less, "
        "for example with VALUES or LIMIT inside of SERVICE.",
        f"Los otros puntos responden más de lo que cabe en una consulta de {_LONGEST} caracteres. Pídales menos, por "
        "ejemplo con VALUES o LIMIT dentro de SERVICE.",
    )
