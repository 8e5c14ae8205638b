"""A page that is sent while it is written, so that a browser shows what stands above its content at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from io import StringIO

from starlette.responses import Response, StreamingResponse

__all__ = ["StreamedPage", "when_written"]

_CONTENT = "<main"
_FIRST_SCREENS = 30_000
"""How many characters of the content are sent before the rest: enough for a screen or two, and so few that they go,
with what stands above them, without waiting for whoever reads (below asyncio's 64 KiB)."""


class StreamedPage(StreamingResponse):
    """A page, from its `pieces`. What stands above its content is written at once, and may raise what that raises.

    `take` is given all of it, as bytes, when nothing is missing. Where the rest raises, `excuse` is sent after what
    there is, and the transfer is broken off.
    """

    media_type = "text/html"

    def __init__(
        self, pieces: Iterable[str], excuse: Callable[[], str], status: int, headers: Mapping[str, str]
    ) -> None:
        self.take: Callable[[bytes], None] | None = None
        self._excuse = excuse
        parts = _parts(pieces)
        super().__init__(self._sent(next(parts), parts), status, headers)

    def _sent(self, first: str, rest: Iterator[str]) -> Iterator[bytes]:
        written = [first.encode()]
        yield written[0]
        try:
            for part in rest:
                written.append(part.encode())
                yield written[-1]
        except Exception:
            yield self._excuse().encode()
            raise
        if self.take is not None:
            self.take(b"".join(written))


def when_written(page: Response, take: Callable[[bytes], None]) -> None:
    """Give `take` all of a page, as bytes: at once where it is written, else when it is, if nothing is missing then."""
    if isinstance(page, StreamedPage):
        page.take = take
    else:
        take(bytes(page.body))


def _parts(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces put together: all that stands above the content, the first screens of that, and all the rest."""
    left = iter(pieces)
    above = StringIO()
    for piece in left:
        above.write(piece)
        if _CONTENT in piece:
            break
    yield above.getvalue()
    screens = StringIO()
    for piece in left:
        screens.write(piece)
        if screens.tell() >= _FIRST_SCREENS:
            break
    if screens.tell():
        yield screens.getvalue()
    if rest := "".join(left):
        yield rest
