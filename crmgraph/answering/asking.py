"""A question on its way through the pool: it waits for its turn, is worked on, and is answered."""

import time
from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import partial
from threading import Event

from crmgraph.answering.apologies import CLOSED, all_busy
from crmgraph.answering.child import GLANCE, NOBODY_WAITS, DisplacedError
from crmgraph.answering.floor import Floor, Turn
from crmgraph.answering.process import Said, UntakenError
from crmgraph.answering.question import Answer, Question
from crmgraph.answering.wire import pack_question
from crmgraph.errors import AbandonedError, AnswerError, EngineError, QueryTimeoutError, UnavailableError

__all__ = ["Asking"]

_SMALL = 64 * 1024
"""How many bytes a question has at most that can be put without waiting."""


class Asking:
    """A question that has been put to a pool, for at most `seconds`; they began at `since` (time.monotonic).

    Its answer comes in one of two ways: `look` never waits, and is to be called whenever `wake` was called (from any
    thread), and whenever there is something to read at the `descriptor`; `finish` waits. Whoever looked may finish, and
    then must not look again; who wants no answer any more has to `drop` it. All that raises an error ends it.
    """

    def __init__(
        self,
        floor: Floor,
        question: Question,
        seconds: float,
        since: float,
        by_parts: bool,
        wake: Callable[[], None] | None = None,
    ) -> None:
        self.client = question.client
        self._floor = floor
        self._packed = pack_question(question, by_parts)
        self._seconds = seconds
        self._since = since
        self._deadline = since + seconds
        self._wake = wake
        self._key = _key(question)
        self._turn: Turn | None = None
        self._refusal: AnswerError | None = None
        self._is_placed = Event()
        self._is_put = False
        self._first: Said | None = None
        floor.take(self, "slow" if floor.is_slow(self._key) else "quick")

    @property
    def descriptor(self) -> int | None:
        """The file that becomes readable when there is something new; None as long as no process works on it."""
        return self._turn.worker.descriptor if self._turn and self._is_put else None

    @property
    def has_to_wait(self) -> bool:
        """Whether looking leads nowhere any more: the question or the answer is too large for that."""
        if self._first is not None or self._is_large:
            return True
        return self._turn is not None and self._turn.worker.has_to_be_waited_for

    @property
    def _is_large(self) -> bool:
        return len(self._packed) > _SMALL

    def placed(self, turn: Turn | AnswerError) -> None:
        """Learn that it is one's turn, or why it will never be."""
        if isinstance(turn, Turn):
            self._turn = turn
        else:
            self._refusal = turn
        self._is_placed.set()
        wake = self._wake
        if wake is not None:
            wake()

    def look(self) -> Answer | None:
        """The answer, where it is there. Raises the errors below AnswerError."""
        if self._refusal is not None:
            raise self._refusal
        if self._turn is None or self.has_to_wait:
            return None
        return self._said(self._turn, self._turn.worker.hear)

    def finish(self, gone: Event | None = None) -> Answer:
        """The answer, as soon as it is there; when `gone` is set the work is ended.

        Where it may come by parts, a large one has a rest. Raises the errors below AnswerError.
        """
        self._wake = None
        while True:
            turn = self._await_turn(gone)
            answer = self._said(turn, partial(self._read, turn, gone), gone)
            if answer is not None:
                return answer
            if self._first is not None and self._may_send(turn, gone):
                self._turn = None
                rest = self._floor.transfer(turn, self._seconds, self._deadline - time.monotonic())
                return replace(self._first.answer, rest=rest)

    def drop(self) -> None:
        """Want no answer any more."""
        self._floor.forget(self)
        if self._turn is not None and self._is_put:
            self._turn.worker.kill()
        self._end()

    def _end(self) -> None:
        """Give back what it has, once."""
        turn, self._turn = self._turn, None
        if turn is not None:
            self._floor.give_back(turn)

    def _await_turn(self, gone: Event | None) -> Turn:
        waited = False
        while not self._is_placed.is_set():
            waited = True
            now = time.monotonic()
            has_left = gone is not None and gone.is_set()
            if has_left or now >= self._deadline:
                self._floor.forget(self)
                # It may have been placed meanwhile.
                if not self._is_placed.is_set():
                    raise AbandonedError(NOBODY_WAITS) if has_left else UnavailableError(all_busy(self._seconds))
            self._is_placed.wait(self._deadline - now if gone is None else min(self._deadline - now, GLANCE))
        if self._refusal is not None:
            raise self._refusal
        turn = self._turn
        assert turn is not None
        if not self._is_put:
            # Where it is too late, the process has not begun, and is of use to others.
            if gone is not None and gone.is_set():
                self._end()
                raise AbandonedError(NOBODY_WAITS)
            if time.monotonic() >= self._deadline:
                self._end()
                raise UnavailableError(all_busy(self._seconds)) if waited else turn.worker.too_late(self._seconds)
        return turn

    def _read(self, turn: Turn, gone: Event | None) -> Said:
        return turn.worker.read(self._seconds, self._deadline, gone, partial(self._floor.patience, turn))

    def _said(self, turn: Turn, listen: Callable[[], Said | None], gone: Event | None = None) -> Answer | None:
        """The whole answer, where this is what the process says."""
        try:
            if not self._is_put:
                if self._is_large:
                    turn.worker.open(self._seconds, self._deadline, gone)
                self._is_put = True
                turn.worker.put(self._packed, self._deadline - time.monotonic())
            if self._first is None:
                said = listen()
                if said is None:
                    return None
                self._floor.learn(self._key, said.worked)
                self._first = said
        except UntakenError:
            self._again(turn, is_slow=turn.lane != "quick")
            return None
        except DisplacedError:
            self._again(turn, is_slow=True)
            return None
        except UnavailableError:
            if turn.worker.since < self._since:
                # The store that was not there then may be there now.
                self._again(turn, is_slow=turn.lane != "quick")
                return None
            self._end()
            raise
        except BaseException as error:
            if isinstance(error, QueryTimeoutError):
                self._floor.learn(self._key, turn.worker.worked(), is_done=False)
            self._end()
            if isinstance(error, EngineError) and self._floor.is_closed:
                raise UnavailableError(CLOSED) from None
            raise
        if not self._first.is_last:
            return None
        self._end()
        return self._first.answer

    def _may_send(self, turn: Turn, gone: Event | None) -> bool:
        try:
            may_send = self._floor.may_send(turn, self._seconds, self._deadline, gone)
        except BaseException:
            self._end()
            raise
        if not may_send:
            self._again(turn, is_slow=True)
        return may_send

    def _again(self, turn: Turn, is_slow: bool) -> None:
        """Begin anew, in another process."""
        self._turn = self._first = None
        self._is_put = False
        self._is_placed.clear()
        self._floor.give_back(turn)
        self._floor.take(self, "slow" if is_slow else "quick")


def _key(question: Question) -> Hashable:
    """What the time that a question takes depends on."""
    return hash((question.text, question.default_graphs, question.named_graphs))
