"""The dump of a store, for download: N-Quads, compressed, made anew after a write when somebody asks."""

import gzip
import logging
import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Lock
from typing import IO, cast

from pyoxigraph import RdfFormat, Store

from crmgraph.errors import EngineError, QueryTimeoutError, StorageError, UnavailableError
from crmgraph.sparql.messages import died, too_late
from crmgraph.sparql.sandbox import deny_sockets, end_with_parent, start_process
from crmgraph.store.files import fault, not_kept
from crmgraph.wording import Bilingual, joined

__all__ = ["Dumps", "main"]

_PREFIX = "dump-"
_COPY = Bilingual("copy", "copia")
_ADVICE = Bilingual("Try again later.", "Vuelva a intentarlo más tarde.")
_OTHERS = Bilingual(
    "Others are waiting for the same file. Try again later.",
    "Otros están esperando el mismo archivo. Vuelva a intentarlo más tarde.",
)
_NO_ROOM = Bilingual(
    "Try again when whoever runs the service has made room.",
    "Vuelva a intentarlo cuando quien administra el servicio haya hecho espacio.",
)


class Dumps:
    """The dump of a store, of which one is kept in `folder`. A process makes it that can be ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = Lock()

    def file(self, store: Path, state: str, seconds: float) -> Path:
        """Return the dump of an Oxigraph store, made within so many seconds where there is none yet.

        `state` names what the store holds; the dump of any other is removed. Raises the errors below AnswerError:
        QueryTimeoutError, StorageError where the disk takes no more, UnavailableError where others were waiting for it
        until then.
        """
        deadline = time.monotonic() + seconds
        if not self._turn.acquire(timeout=seconds):
            raise UnavailableError(_OTHERS)
        try:
            file = self._folder / f"{_PREFIX}{state}.nq.gz"
            if not file.is_file():
                self._make(store, file, seconds, deadline)
                for other in self._folder.glob(f"{_PREFIX}*"):
                    if other != file:
                        other.unlink(missing_ok=True)
            return file
        finally:
            self._turn.release()

    def _make(self, store: Path, file: Path, seconds: float, deadline: float) -> None:
        unfinished = file.with_suffix(".unfinished")
        process = start_process("crmgraph.store.dump", store, unfinished, stderr=subprocess.PIPE)
        # Leaving waits for its end and closes its pipes.
        with process:
            try:
                assert process.stderr is not None
                status = process.wait(deadline - time.monotonic())
                if failure := process.stderr.read().decode().strip():
                    logging.getLogger(__name__).error("%s cannot be written: %s", file, failure)
                    raise StorageError(_not_kept(failure))
                if status:
                    raise EngineError(died(status, _COPY))
                # The data are as old as their store, and the same on whatever server they are packed.
                written = store.stat().st_mtime
                os.utime(unfinished, (written, written))
                unfinished.replace(file)
            except subprocess.TimeoutExpired:
                raise QueryTimeoutError(too_late(seconds, _COPY, _ADVICE)) from None
            except OSError as error:
                raise StorageError(_not_kept(fault(error))) from error
            finally:
                process.kill()
                unfinished.unlink(missing_ok=True)


def main(store: str, target: str) -> None:
    """Write what an Oxigraph store holds to a file; end with what the system says where that cannot be written."""
    end_with_parent(sys.stdin.fileno(), group=True)
    deny_sockets()
    try:
        with gzip.open(target, "wb", compresslevel=6) as file:
            Store.read_only(store).dump(cast(IO[bytes], file), RdfFormat.N_QUADS)
    except (OSError, RuntimeError) as error:
        sys.exit(fault(error))


def _not_kept(failure: str) -> Bilingual:
    return joined(not_kept(Bilingual("The copy", "La copia"), failure), _NO_ROOM)
