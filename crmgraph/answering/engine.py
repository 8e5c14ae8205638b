"""What answers questions: processes of ours over a store on this machine, or an engine elsewhere."""

from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event
from typing import Protocol

from crmgraph.answering.asking import Asking
from crmgraph.answering.child import End
from crmgraph.answering.question import Answer, Question

__all__ = ["Engine"]


class Engine(Protocol):
    """Answers questions."""

    @property
    def store_path(self) -> Path | None:
        """The folder of the Oxigraph store that the answers come from; None where they come from elsewhere."""

    @property
    def state(self) -> str | None:
        """What names the data that the last answer came from; None where nobody but us can change them."""

    def answer(
        self,
        question: Question,
        seconds: float,
        gone: Event | None = None,
        since: float | None = None,
        by_parts: bool = False,
    ) -> Answer:
        """The answer to the question, in at most `seconds`, of which `since` says when they began.

        Where it may come `by_parts`, a large one can have a rest, which must be read to its end or closed.
        May be called from many threads at once. Raises the errors below AnswerError.
        """

    def ask(
        self, question: Question, seconds: float, since: float, by_parts: bool, wake: Callable[[], None]
    ) -> Asking | None:
        """Put the question without waiting for anything; None where that cannot be done, and it has to be answered.

        `wake` is called, from any thread, when it is time to look whether the answer is there. Raises the errors below
        AnswerError.
        """

    @property
    def busy(self) -> int:
        """How many questions are being answered now."""

    @property
    def waiting(self) -> int:
        """How many questions wait to be answered."""

    @property
    def pids(self) -> frozenset[int]:
        """The numbers of the processes of ours that there are for it."""

    @property
    def ended(self) -> Mapping[End, int]:
        """How many processes have been ended at their work, by why."""

    def refresh(self, seconds: float) -> None:
        """See in which state the data are now."""

    def close(self) -> None:
        """Answer nothing more."""
