"""Pages are sent while they are written: whole, in order, the top at once, and never passed off as whole where not."""

import zlib
from collections.abc import Iterator

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Scope

from crmgraph.http.encoding import Encoding
from crmgraph.site.streaming import StreamedPage, when_written

TOP = "<!doctype html><title>t</title>" + "<nav>x</nav>" * 200
SCOPE: Scope = {"type": "http", "method": "GET", "path": "/", "asgi": {"spec_version": "2.4"}, "headers": []}
PACKED: Scope = {**SCOPE, "headers": [(b"accept-encoding", b"gzip")]}


async def _receive() -> Message:
    await anyio.sleep_forever()
    raise AssertionError


def _send(page: StreamedPage, sent: list[bytes], scope: Scope = SCOPE) -> None:
    """Send it, and have its parts in `sent` as they come."""

    async def send(message: Message) -> None:
        sent.extend([message["body"]] if message.get("body") else [])

    async def run() -> None:
        await (Encoding(page) if scope is PACKED else page)(dict(scope), _receive, send)

    anyio.run(run)


def _page(pieces: Iterator[str]) -> StreamedPage:
    return StreamedPage(pieces, lambda: "<p>sorry</p>", 200, {})


@given(above=st.lists(st.text()), content=st.lists(st.text(min_size=1), max_size=5), times=st.sampled_from([1, 40_000]))
def test_nothing_is_lost_or_turned_around(above: list[str], content: list[str], times: int) -> None:
    sent: list[bytes] = []
    kept: list[bytes] = []
    pieces = [*above, '<main id="main">', *(piece * times for piece in content)]
    page = _page(iter(pieces))
    when_written(page, kept.append)
    _send(page, sent)
    whole = "".join(pieces).encode()
    assert b"".join(sent) == whole
    assert kept == [whole]
    assert len(sent) <= 3


def test_all_but_the_rest_goes_without_waiting_for_whoever_reads() -> None:
    sent: list[bytes] = []
    _send(_page(iter([TOP, '<main id="main">', *(["<p>ñ</p>"] * 40_000)])), sent)
    top, screens, rest = map(len, sent)
    assert top + screens < 2**16
    assert rest > 2**16


@pytest.mark.parametrize("scope", [SCOPE, PACKED], ids=["as it is", "packed"])
def test_a_browser_has_the_top_before_the_content_is_written(scope: Scope) -> None:
    sent: list[bytes] = []
    there: list[str] = []

    def pieces() -> Iterator[str]:
        yield TOP
        yield '<main id="main">'
        so_far = b"".join(sent)
        there.append((zlib.decompressobj(31).decompress(so_far) if scope is PACKED else so_far).decode())
        yield "<h1>h</h1></main>"

    _send(_page(pieces()), sent, scope)
    assert there == [TOP + '<main id="main">']


def test_what_cannot_be_begun_is_an_error() -> None:
    def pieces() -> Iterator[str]:
        yield TOP
        raise LookupError("no title")

    with pytest.raises(LookupError, match="no title"):
        _page(pieces())


def test_what_breaks_off_says_so_and_is_not_passed_off_as_whole() -> None:
    sent: list[bytes] = []
    kept: list[bytes] = []

    def pieces() -> Iterator[str]:
        yield '<main id="main">'
        yield "<p>one</p>"
        raise LookupError("no other")

    page = _page(pieces())
    when_written(page, kept.append)
    with pytest.raises(LookupError, match="no other"):
        _send(page, sent)
    assert sent == [b'<main id="main">', b"<p>sorry</p>"]
    assert kept == []
