"""All that a store holds in one file, for download: N-Quads, compressed, made anew after a write when somebody asks."""

import gzip
import logging
import os
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Lock
from typing import IO, cast

from pyoxigraph import RdfFormat, Store

from crmgraph.errors import StorageError, UnavailableError
from crmgraph.sparql.process import Child
from crmgraph.sparql.sandbox import deny_sockets, end_with_parent
from crmgraph.storing.faults import fault, unkept
from crmgraph.wording import Bilingual, joined

__all__ = ["Dumps", "main"]

_PREFIX = "dump-"
_LEVEL = 6
_ADVICE = Bilingual("Try again later.", "Vuelva a intentarlo más tarde.")


class Dumps:
    """The dump of a store, of which one is kept in `folder`. The process that makes it can be ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = Lock()

    def file(self, store: Path, state: str, seconds: float, gone: Event | None = None) -> Path:
        """The dump of the Oxigraph store in the folder `store`, made within so many seconds where there is none yet.

        `state` names what the store holds; the dump of any other is removed. Raises the errors below AnswerError:
        QueryTimeoutError, EngineError where `gone` is set, StorageError where the disk takes no more, UnavailableError
        where others were waiting for it until then.
        """
        deadline = time.monotonic() + seconds
        if not self._turn.acquire(timeout=seconds):
            raise UnavailableError(_OTHERS)
        try:
            file = self._folder / f"{_PREFIX}{state}.nq.gz"
            if not file.is_file():
                self._make(store, file, seconds, deadline, gone)
                for other in self._folder.glob(f"{_PREFIX}*"):
                    if other != file:
                        other.unlink(missing_ok=True)
            return file
        finally:
            self._turn.release()

    def _make(self, store: Path, file: Path, seconds: float, deadline: float, gone: Event | None) -> None:
        unfinished = file.with_suffix(".unfinished")
        child = Child("crmgraph.updating.dumping", (store, unfinished), Bilingual("copy", "copia"), _ADVICE, 0)
        try:
            child.wait(seconds, deadline, gone)
            if failure := child.pipe.recv_bytes().decode():
                logging.getLogger(__name__).error("%s cannot be written: %s", file, failure)
                raise StorageError(_unkept(failure))
            # The data are as old as their store, and the same on whatever server they are packed.
            written = store.stat().st_mtime
            os.utime(unfinished, (written, written))
            unfinished.replace(file)
        except (EOFError, ConnectionError):
            raise child.epitaph() from None
        except OSError as error:
            raise StorageError(_unkept(fault(error))) from error
        finally:
            child.end()
            unfinished.unlink(missing_ok=True)


def main(descriptor: str, store: str, target: str) -> None:
    """Write what the Oxigraph store in the folder `store` holds to the file `target`.

    What the system says where that cannot be written goes through the pipe, and nothing where it was.
    """
    end_with_parent(sys.stdin.fileno())
    deny_sockets()
    failure = ""
    try:
        with gzip.open(target, "wb", compresslevel=_LEVEL) as file:
            Store.read_only(store).dump(cast(IO[bytes], file), RdfFormat.N_QUADS)
    except (OSError, RuntimeError) as error:
        failure = fault(error)
    Connection(int(descriptor)).send_bytes(failure.encode())


def _unkept(failure: str) -> Bilingual:
    return joined(unkept(_COPY, failure), _ADVICE_ON_ROOM)


_COPY = Bilingual("The copy", "La copia")
_ADVICE_ON_ROOM = Bilingual(
    "Try again when whoever runs the service has made room.",
    "Vuelva a intentarlo cuando quien administra el servicio haya hecho espacio.",
)
_OTHERS = Bilingual(
    "Others are waiting for the same file. Try again later.",
    "Otros están esperando el mismo archivo. Vuelva a intentarlo más tarde.",
)
