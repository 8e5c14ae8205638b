"""An engine elsewhere, asked so that its answers are those of our own."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Event, Lock
from typing import Literal

from pyoxigraph import QuerySolutions, Triple

from crmgraph.caching import SizedCache
from crmgraph.errors import RemoteError, UnavailableError
from crmgraph.sparql import dialect
from crmgraph.sparql.elsewhere.asked import Asked, asked_of
from crmgraph.sparql.elsewhere.comparing import are_alike
from crmgraph.sparql.elsewhere.connection import N_TRIPLES, RESULTS, Connection, Reply
from crmgraph.sparql.elsewhere.copy import Copy
from crmgraph.sparql.elsewhere.describing import described, statements_query, things_query
from crmgraph.sparql.elsewhere.extensions import refuse_extensions
from crmgraph.sparql.elsewhere.fetching import count_graph
from crmgraph.sparql.elsewhere.publication import Places, Publication, read_publication, whole
from crmgraph.sparql.elsewhere.reading import ANY, read_results, read_triples
from crmgraph.sparql.engine import Engine, Wrapper
from crmgraph.sparql.limit import Limit
from crmgraph.sparql.question import LARGEST, Answer, Question
from crmgraph.sparql.results import write_graph, write_results
from crmgraph.sparql.validation import inspect
from crmgraph.wording import Bilingual

__all__ = ["Answers", "RemoteEngine"]

Answers = Literal["auto", "there", "here"]

_TRIES = 3
_REMEMBERED = 2**20
_AT_ONCE = 200


@dataclass(frozen=True)
class _Outline:
    """What our own engine says of a query: its form, its columns (None where it is no SELECT), and whether it lasts."""

    form: str
    lasting: bool
    columns: tuple[str, ...] | None


class RemoteEngine(Wrapper):
    """Answers questions from our graphs on the engine that `connection` leads to.

    `reader`, an engine of our own over a store with nothing in it, tells what a query is and what is wrong with it, so
    that it is told in the same words and only what is SPARQL leaves the house. After each answer the publication is
    looked at: an answer in which the data may have changed is asked for again.

    An engine that gave other answers than ours when the dataset was published is not asked: they come from `copy`. By
    `answers` all can come from there, or `here`; in an engine that errs each is then held to ours, and is an error
    where it is another.
    """

    def __init__(
        self, connection: Connection, places: Places, reader: Engine, copy: Copy, answers: Answers = "auto"
    ) -> None:
        self._connection = connection
        self._places = places
        super().__init__(reader)
        self._copy = copy
        self.answers = answers
        self._known: Publication | None = None
        self._sharing: tuple[str, bool] | None = None
        self._outlines = SizedCache[_Outline](_REMEMBERED)
        self._lock = Lock()
        self._busy = 0

    @property
    def store_path(self) -> None:
        """The answers come from elsewhere."""

    @property
    def state(self) -> str | None:
        """What names the data that the last answer came from."""
        return self._known.state if self._known else None

    @property
    def publication(self) -> Publication | None:
        """What the engine was last known to hold of ours."""
        return self._known

    @property
    def busy(self) -> int:
        """How many questions are being answered now."""
        return self._busy

    def refresh(self, seconds: float) -> None:
        """See in which state the data are now. Raises UnavailableError where they are not whole."""
        self._see(Limit(seconds))

    def answer(
        self,
        question: Question,
        seconds: float,
        gone: Event | None = None,
        in_parts: bool = False,  # noqa: ARG002 - what is not compared with the state of the data is not sent
    ) -> Answer:
        """Return the answer to the question, whole, within so many seconds.

        May be called from many threads at once. Raises the errors below AnswerError: RemoteError where the engine
        refuses, breaks off or gives what is no answer, UnavailableError where it cannot be reached or the data on it
        are not whole.
        """
        limit = Limit(seconds, time.monotonic(), gone)
        with self._at_work():
            return self._answer_whole(question, limit)

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        with self._lock:
            self._busy += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1

    def _answer_whole(self, question: Question, limit: Limit) -> Answer:
        """The answer of one state of the data, and of no two."""
        text = question.text.removeprefix("\ufeff")
        outline = self._outline(question, text, limit)
        for _ in range(_TRIES):
            known = self._known or self._see(limit)
            answer = self._answer(question, text, outline, known, limit)
            if self._see(limit).state == known.state:
                return answer
        raise UnavailableError(_RESTLESS)

    def ask_there(self, question: Question, known: Publication, limit: Limit) -> Answer:
        """The answer of the engine itself, whatever it is, where the data are known to be in this state."""
        text = question.text.removeprefix("\ufeff")
        outline = self._outline(question, text, limit)
        asked = asked_of(question, dialect.for_engine(text), known.graphs, self._places)
        return self._ask(question, asked, outline, limit)

    def close(self) -> None:
        """Answer nothing more. The connection is whose it was."""
        super().close()
        self._copy.close()

    def _see(self, limit: Limit) -> Publication:
        self._known = whole(read_publication(self._connection, self._places, limit))
        return self._known

    def _outline(self, question: Question, text: str, limit: Limit) -> _Outline:
        """What the query is. The errors of a query that is none are raised here, before anybody else sees it."""
        key = (text, question.base_iri)
        wants_all = question.result_type is not None and question.graph_type is not None
        known = self._outlines.get("", key) if wants_all else None
        if known is not None:
            return known
        # In the syntax that is wanted, for it may be none that the answer can have.
        said = self._engine.answer(question, limit.left(), limit.gone)
        refuse_extensions(text)
        columns = None
        if said.form == "SELECT":
            plain = (
                said
                if said.media_type == RESULTS
                else self._engine.answer(replace(question, result_type=RESULTS), limit.left(), limit.gone)
            )
            columns = tuple(json.loads(plain.body)["head"]["vars"])
        found = _Outline(said.form, said.lasting, columns)
        self._outlines.put("", key, found)
        return found

    def _answer(self, question: Question, text: str, outline: _Outline, known: Publication, limit: Limit) -> Answer:
        """The engine's answer, or ours from the copy. An engine that errs is held to ours in each answer.

        What several graphs share, other engines find once for each of them too, so that is not asked there.
        """
        asked = asked_of(question, dialect.for_engine(text), known.graphs, self._places)
        if len(asked.default_graphs) > 1 and self._share_statements(known, limit):
            return self._copy.pool(known, limit).answer(question, limit.left(), limit.gone)
        is_asked = self.answers == "there" or (self.answers == "auto" and known.is_faithful)
        answer = self._ask(question, asked, outline, limit) if is_asked else None
        if answer is not None and known.is_faithful:
            return answer
        ours = self._copy.pool(known, limit).answer(question, limit.left(), limit.gone)
        if answer is not None and not are_alike(answer, ours):
            raise RemoteError(_ERRS)
        return ours

    def _share_statements(self, known: Publication, limit: Limit) -> bool:
        """Whether a statement is in several of our graphs, which is known once for each state."""
        if self._sharing is None or self._sharing[0] != known.state:
            graphs = (self._places.union, *known.graphs)
            once, *each = (count_graph(self._connection, self._places, graph, limit) for graph in graphs)
            self._sharing = known.state, once != sum(each)
        return self._sharing[1]

    def _ask(self, question: Question, asked: Asked, outline: _Outline, limit: Limit) -> Answer:
        if question.base_iri is not None:
            asked = replace(asked, text=f"BASE <{question.base_iri}>\n{asked.text}")
        if outline.form in ("CONSTRUCT", "DESCRIBE"):
            triples = self._described(asked, limit) if outline.form == "DESCRIBE" else self._triples(asked, limit)
            media_type = question.graph_type or ""
            prefixes = {**question.prefixes, **inspect(question.text).prefixes}
            body = write_graph(dict.fromkeys(triples), media_type, prefixes, LARGEST)
        else:
            media_type = question.result_type or ""
            reply = self._send(asked, RESULTS, limit)
            body = write_results(read_results(reply, outline.columns), media_type, LARGEST)
        return Answer(body, media_type, outline.form, outline.lasting)

    def _described(self, asked: Asked, limit: Limit) -> Iterator[Triple]:
        """What is said of the things that a DESCRIBE query is about."""
        query = things_query(asked.text)
        found = read_results(self._send(replace(asked, text=query), RESULTS, limit), ANY)
        things = described(found) if isinstance(found, QuerySolutions) else []
        for start in range(0, len(things), _AT_ONCE):
            query = statements_query(things[start : start + _AT_ONCE])
            yield from self._triples(replace(asked, text=query), limit)

    def _triples(self, asked: Asked, limit: Limit) -> Sequence[Triple]:
        return read_triples(self._send(asked, N_TRIPLES, limit))

    def _send(self, asked: Asked, accept: str, limit: Limit) -> Reply:
        return self._connection.query(asked.text, asked.default_graphs, asked.named_graphs, accept, limit)


_RESTLESS = Bilingual(
    "The data changed again and again while they were asked. Ask again later.",
    "Los datos cambiaban una y otra vez mientras se consultaban. Vuelva a preguntar más tarde.",
)

_ERRS = Bilingual(
    "The engine that holds the data gives another answer to this query than SPARQL 1.1 asks for, so none is given.",
    "El motor que guarda los datos da a esta consulta una respuesta distinta de la que pide SPARQL 1.1, así que no se "
    "da ninguna.",
)
