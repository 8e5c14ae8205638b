"""A pool that tells what it was asked."""

from pathlib import Path
from threading import Event

from crmgraph.sparql import Answer, Pool, Question


class NotingPool(Pool):
    """Answers as a Pool does, and has noted all queries in `asked`. Its data are in a `told` state, if any."""

    def __init__(self, store_path: Path, told: str | None = None) -> None:
        super().__init__(store_path, memory_bytes=2**30)
        self.asked: list[str] = []
        self.told = told

    @property
    def state(self) -> str | None:
        """What names the data, as where others than us can change them."""
        return self.told

    def answer(
        self, question: Question, seconds: float, cancel_event: Event | None = None, in_parts: bool = False
    ) -> Answer:
        """The answer of the pool."""
        self.asked.append(question.text)
        return super().answer(question, seconds, cancel_event, in_parts)

    async def ask(self, question: Question, seconds: float, in_parts: bool = False) -> Answer:
        """The answer of the pool."""
        self.asked.append(question.text)
        return await super().ask(question, seconds, in_parts)
