"""Keeps what we have on an engine elsewhere: each change is made in a copy here, and the difference sent there."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from pyoxigraph import Store

from crmgraph.errors import AnswerError, QueryRefusedError
from crmgraph.namespaces import Names
from crmgraph.sparql.elsewhere import Connection, Copy, Publication, RemoteEngine
from crmgraph.sparql.elsewhere.fetching import count_graph
from crmgraph.sparql.elsewhere.publication import Places, read_publication, whole
from crmgraph.sparql.limit import Limit
from crmgraph.storing.generations import Generations
from crmgraph.storing.scratch import scratch_folder
from crmgraph.updating.aftermath import NOTHING, UNKNOWN, followed, leaving_nothing
from crmgraph.updating.change import Change, Changed
from crmgraph.updating.difference import Difference, difference
from crmgraph.updating.keeper import Keeper
from crmgraph.updating.loading import Loader
from crmgraph.updating.rights import Writer
from crmgraph.updating.sending import Sender
from crmgraph.wording import Bilingual

__all__ = ["RemoteKeeper"]

_UNDOING = 30.0


class RemoteKeeper(Keeper):
    """Writes to our graphs on the engine that `connection` leads to, and has `engine` answer from what it has written.

    An update is carried out by our own engine, so it means what it means here, and reaches nothing that is not ours.
    `copy` is where changes are made first; `record` the file of the record of writes. One server writes at a time.
    """

    def __init__(
        self,
        connection: Connection,
        places: Places,
        engine: RemoteEngine,
        copy: Copy,
        memory: int,
        record: Path,
        names: Names | None = None,
        loader: Loader | None = None,
    ) -> None:
        self._remote = engine
        self._connection = connection
        self._places = places
        self._copy = copy
        self._sender = Sender(connection, places)
        self._known: Publication | None = None
        self._state = ""
        self._graphs: tuple[str, ...] = ()
        self._removed = ExitStack()
        self._place = self._removed.enter_context(scratch_folder())
        super().__init__(Generations.create(self._place / "first"), copy, memory, names, record, loader)

    @property
    def digest(self) -> str:
        """What names the data as they are now; after a write it is another one."""
        return self._remote.state or ""

    def close(self) -> None:
        """End the process and remove the copy."""
        super().close()
        self._removed.close()

    def dump(self, seconds: float) -> Path:
        """A file with all of ours that there is now: N-Quads, compressed. Raises the errors below AnswerError."""
        limit = Limit(seconds)
        known = whole(read_publication(self._connection, self._places, limit))
        return self._dumps.file(self._copy.path(known, limit), known.state, limit.left())

    def _settle(self) -> None:
        """Go on counting where the record ends; what was broken off shows on the engine."""
        last = self._audit.last().get("generation")
        self._number = last if isinstance(last, int) else 1

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _begin(self, limit: Limit) -> None:
        """Have a copy of what there is now."""
        with leaving_nothing():
            self._known = known = whole(read_publication(self._connection, self._places, limit))
            if self._state != known.state:
                place = Path(tempfile.mkdtemp(dir=self._place))
                self._generations = Generations.create(place, self._copy.path(known, limit))
                self._state = known.state

    def _ready(self, proposed: Path, limit: Limit) -> Callable[[int], object]:
        """See to it that the engine can be sent the difference that was made in the copy."""
        known = whole(self._known)
        found = difference(
            Store.read_only(str(self._generations.path)), Store.read_only(str(proposed)), self._places.union
        )
        for graph in found.graphs:
            if graph not in known.graphs:
                self._check_new(graph, limit)
        return partial(self._send, known, found, limit)

    def _send(self, known: Publication, found: Difference, limit: Limit, number: int) -> None:
        """Make the same difference there. From then on it counts, whatever becomes of the copy."""
        after = known.changed(found.graphs)
        try:
            self._sender.change(known, after, found.removed, found.added, limit)
        except AnswerError as error:
            self._state = ""
            is_undone = self._undo(known, after, found)
            # Whoever wrote is told of that, even where the disk takes no more.
            with suppress(OSError):
                self._audit.add(generation=number, undone=is_undone)
            raise followed(error, NOTHING if is_undone else UNKNOWN) from None
        self._graphs = found.graphs
        try:
            self._generations.adopt()
        except OSError:
            # The next who needs it fetches it anew.
            self._state = ""
        else:
            self._state = after.state
            self._copy.take(after.state, self._generations.path)
        # Where that fails, the next question sees it.
        with suppress(AnswerError):
            self._remote.refresh(max(limit.seconds, _UNDOING))

    def _write(self, change: Change, writer: Writer, limit: Limit, request: str) -> Changed:
        changed = super()._write(change, writer, limit, request)
        if change.kind not in ("put", "post") or change.graph is None:
            return changed
        # The copy has graphs without statements, and an engine has none: there it was not, and was not created.
        was_there = change.graph in whole(self._known).graphs
        return replace(changed, existed=was_there or change.graph not in self._graphs)

    def _check_new(self, graph: str, limit: Limit) -> None:
        if self._places.are_kept(graph):
            raise QueryRefusedError(
                Bilingual(
                    f"crmgraph keeps the graph {graph} itself, to say what is on the engine. Nothing was changed.",
                    f"El grafo {graph} lo lleva crmgraph, para decir qué hay en el motor. No se cambió nada.",
                )
            )
        with leaving_nothing():
            is_taken = count_graph(self._connection, self._places, graph, limit) > 0
        if is_taken:
            raise QueryRefusedError(
                Bilingual(
                    f"The engine that holds the data has a graph {graph} that is not ours. Nothing was changed.",
                    f"El motor que guarda los datos tiene un grafo {graph} que no es nuestro. No se cambió nada.",
                )
            )

    def _undo(self, before: Publication, after: Publication, found: Difference) -> bool:
        """Have all as it was; whether that could be done. Else it may not be whole, and whoever asks is told."""
        again = before.changed(before.graphs)
        try:
            self._sender.change(after, again, found.added, found.removed, Limit(_UNDOING))
            self._sender.declare(again, Limit(_UNDOING))
        except AnswerError:
            return False
        return True
