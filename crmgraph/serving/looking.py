"""Answers that come within a moment: looked for in the event loop, which spares each of them a thread."""

import asyncio
import os
from contextlib import suppress
from threading import get_ident

from crmgraph.answering import Answer, Asking, Engine, Question

__all__ = ["look_for"]

_MOMENT = 0.05
"""For how many seconds an answer is looked for."""


async def look_for(
    engine: Engine, question: Question, seconds: float, since: float, by_parts: bool
) -> Answer | Asking | None:
    """The answer, where it comes within a moment; else the question on its way, which has to be finished in a thread.

    None where the engine has to be asked in a thread from the first. The arguments are those of `Engine.ask`. Raises
    the errors below AnswerError.
    """
    looking = _Looking()
    asking = engine.ask(question, seconds, since, by_parts, looking.wake)
    return None if asking is None else await looking.at(asking)


class _Looking:
    """Looks at a question on its way whenever there may be something new."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = get_ident()
        self._done: asyncio.Future[Answer | None] = self._loop.create_future()
        self._asking: Asking | None = None
        self._descriptor: int | None = None

    def wake(self) -> None:
        """Look soon. May be called from any thread."""
        # Where the loop has ended nobody looks any more.
        with suppress(RuntimeError):
            if get_ident() == self._thread:
                self._loop.call_soon(self._look)
            else:
                self._loop.call_soon_threadsafe(self._look)

    async def at(self, asking: Asking) -> Answer | Asking:
        """The answer, or after a moment the question."""
        self._asking = asking
        moment = self._loop.call_later(_MOMENT, self._settle, None)
        try:
            return await self._done or asking
        except asyncio.CancelledError:
            asking.drop()
            raise
        finally:
            moment.cancel()
            self._listen(None)

    def _look(self) -> None:
        if self._asking is None or self._done.done():
            return
        # Once it is answered, its process may be another's.
        self._listen(None)
        try:
            answer = self._asking.look()
        except Exception as error:
            self._done.set_exception(error)
            return
        if answer is not None or self._asking.has_to_wait:
            self._settle(answer)
        else:
            self._listen(self._asking.descriptor)

    def _settle(self, answer: Answer | None) -> None:
        if not self._done.done():
            self._done.set_result(answer)

    def _listen(self, descriptor: int | None) -> None:
        if self._descriptor is not None:
            self._loop.remove_reader(self._descriptor)
        if descriptor is not None:
            self._loop.add_reader(descriptor, self._look)
            # Some loops have nobody wait any more for what they listen to, and others will wait for it later.
            os.set_blocking(descriptor, True)
        self._descriptor = descriptor
