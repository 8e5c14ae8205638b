"""What answers questions: worker processes over a store on this machine, or an engine elsewhere."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import Self

from crmgraph.sparql.question import Answer, Question
from crmgraph.sparql.worker_process import End

__all__ = ["Engine", "Wrapper"]


class Engine(ABC):
    """Answers questions. Safe to use from several threads."""

    @property
    @abstractmethod
    def store_path(self) -> Path | None:
        """The folder of the Oxigraph store that the answers come from; None where they come from elsewhere."""

    @property
    @abstractmethod
    def state(self) -> str | None:
        """The state of the data that the last answer came from; None where nobody but us can change them."""

    @property
    @abstractmethod
    def busy(self) -> int:
        """The number of questions at work."""

    @property
    @abstractmethod
    def waiting(self) -> int:
        """The number of questions that wait for a worker."""

    @property
    @abstractmethod
    def pids(self) -> frozenset[int]:
        """The ids of the worker processes."""

    @property
    @abstractmethod
    def ended(self) -> Mapping[End, int]:
        """The number of workers that were ended at work, by reason."""

    @abstractmethod
    def answer(self, question: Question, seconds: float, gone: Event | None = None, in_parts: bool = False) -> Answer:
        """Return the answer to a question, within so many seconds; wait for it in this thread.

        When `gone` is set, the work ends and AbandonedError is raised. A large answer to a question that may be
        answered `in_parts` may have a `rest`. Raises the errors below AnswerError.
        """

    async def ask(self, question: Question, seconds: float, in_parts: bool = False) -> Answer:
        """Return the answer like `answer`, without holding up the event loop; cancelling it ends the work."""
        gone = Event()
        try:
            return await asyncio.to_thread(self.answer, question, seconds, gone, in_parts)
        except asyncio.CancelledError:
            gone.set()
            raise

    def attach(self) -> None:
        """Prepare for questions in the running event loop."""
        return

    async def detach(self) -> None:
        """Leave the running event loop, which is about to end."""
        return

    def refresh(self, seconds: float) -> None:  # noqa: ARG002 - for those that others can change
        """Look up the state of the data within so many seconds, where others can change them."""
        return

    @abstractmethod
    def close(self) -> None:
        """Answer nothing more. May be called more than once."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Wrapper(Engine):
    """An engine that leaves to another what it does not do itself."""

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
