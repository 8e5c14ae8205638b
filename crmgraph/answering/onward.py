"""An engine that hands on to another what it does not do itself."""

from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event

from crmgraph.answering.asking import Asking
from crmgraph.answering.child import End
from crmgraph.answering.engine import Engine
from crmgraph.answering.question import Answer, Question

__all__ = ["Onward"]


class Onward:
    """Answers as `engine` does; each method is that of Engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

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

    def refresh(self, seconds: float) -> None:
        """See Engine."""
        self._engine.refresh(seconds)

    def close(self) -> None:
        """See Engine."""
        self._engine.close()

    def ask(
        self, question: Question, seconds: float, since: float, by_parts: bool, wake: Callable[[], None]
    ) -> Asking | None:
        """See Engine."""
        return self._engine.ask(question, seconds, since, by_parts, wake)

    def answer(
        self,
        question: Question,
        seconds: float,
        gone: Event | None = None,
        since: float | None = None,
        by_parts: bool = False,
    ) -> Answer:
        """See Engine."""
        return self._engine.answer(question, seconds, gone, since, by_parts)
