"""The interface of everything that answers questions: worker processes over a store, or an endpoint elsewhere."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import Self

from crmgraph.sparql.question import Answer, Question
from crmgraph.sparql.worker_process import End

__all__ = ["Engine"]


class Engine(ABC):
    """Answers questions. Safe to use from several threads."""

    @property
    def store_path(self) -> Path | None:
        """The folder of the Oxigraph store that the answers come from; None where they come from elsewhere."""
        return None

    @property
    def state(self) -> str | None:
        """The state of the data that the last answer came from; None where nobody but the store writer changes them."""
        return None

    @property
    def busy(self) -> int:
        """The number of questions at work."""
        return 0

    @property
    def waiting(self) -> int:
        """The number of questions that wait for a worker."""
        return 0

    @property
    def pids(self) -> frozenset[int]:
        """The ids of the worker processes."""
        return frozenset()

    @property
    def ended(self) -> Mapping[End, int]:
        """The number of workers that were ended at work, by reason."""
        return {}

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

    def close(self) -> None:
        """Answer nothing more. May be called more than once."""
        return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
