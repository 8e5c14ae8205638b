"""Pages that were made before are given again for as long as the data are the same, and told by their tag."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

import anyio
import pytest
from fastapi import FastAPI
from httpx import Client
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from crmgraph.http.encoding import Encoding
from crmgraph.site import MadePages, Site
from crmgraph.site.representations import EVERY
from crmgraph.site.streaming import StreamedPage
from tests.support.clients import client_of
from tests.support.pages import read_parts


class Counted:
    """Makes pages, and counts them."""

    def __init__(self, status: int = 200) -> None:
        self.status, self.times = status, 0

    def __call__(self) -> Response:
        self.times += 1
        return HTMLResponse(f"<p>{self.times}</p>", self.status, {"Vary": "Accept, Accept-Language"})


def _asked(path: str = "/en/plan", headers: tuple[tuple[bytes, bytes], ...] = (), root: str = "") -> Request:
    scope = {"type": "http", "method": "GET", "scheme": "http", "server": ("e", 80), "path": path, "root_path": root,
             "query_string": b"", "headers": list(headers)}  # fmt: skip
    return Request(scope)


def test_a_page_is_made_once(site: Site) -> None:
    made, make = MadePages(100_000), Counted()
    first, again = made.answer(_asked(), site, EVERY, make), made.answer(_asked(), site, EVERY, make)
    assert make.times == 1
    assert first.body == again.body == b"<p>1</p>"
    assert first.headers == again.headers
    assert first.headers["etag"].startswith('W/"')


def test_what_a_page_depends_on_makes_another(site: Site) -> None:
    made, make = MadePages(100_000), Counted()
    asked = (
        _asked(),
        _asked("/es/plan"),
        _asked(headers=((b"accept", b"text/turtle"),)),
        _asked("/plan", headers=((b"accept-language", b"es"),)),
        _asked("/plan", headers=((b"accept-language", b"en"),)),
        _asked(headers=((b"host", b"example.org"),)),
        _asked(root="/below"),
    )
    tags = {made.answer(each, site, EVERY, make).headers["etag"] for each in asked}
    assert len(tags) == make.times == len(asked)


@pytest.mark.parametrize("headers", [
    ((b"accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"),),
    ((b"accept", b"text/html"), (b"accept", b"text/turtle;q=0.3"), (b"accept-language", b"es-MX,es;q=0.9")),
    ((b"accept", b"*/*"), (b"accept-language", b"qu")),
])  # fmt: skip
def test_browsers_share_a_page_however_they_ask(site: Site, headers: tuple[tuple[bytes, bytes], ...]) -> None:
    made, make = MadePages(100_000), Counted()
    made.answer(_asked(), site, EVERY, make)
    assert made.answer(_asked(headers=headers), site, EVERY, make).body == b"<p>1</p>"


ASKED = ("text/html", "text/html, image/svg+xml;q=0.9", "image/svg+xml, text/html;q=0.5", "text/csv, text/html;q=0.9",
         "application/x-bibtex, text/html;q=0.9, text/turtle;q=0.8", "text/turtle", "*/*")  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["plan", "states", "processes", "pictures/members", "cite", "findings", "queries/status-counts", "id/plan/crm/vmd"],
)
def test_whoever_asked_before_everybody_has_the_form_that_they_ask_for(client: Client, path: str) -> None:
    def forms(host: str, asked: Iterable[str]) -> dict[str, str]:
        return {
            accept: client.get(f"/en/{path}", headers={"Accept": accept, "Host": host}).headers["content-type"]
            for accept in asked
        }

    there, back = forms("one.example", ASKED), forms("other.example", reversed(ASKED))
    assert there == back
    assert len(set(there.values())) > 1


def test_other_data_make_another(site: Site) -> None:
    made, make = MadePages(100_000), Counted()
    one = made.answer(_asked(), site, EVERY, make)
    other = made.answer(_asked(), replace(site, written=lambda: "other"), EVERY, make)
    assert (one.body, other.body) == (b"<p>1</p>", b"<p>2</p>")
    assert one.headers["etag"] != other.headers["etag"]


@pytest.mark.parametrize("most", [0, 100_000])
def test_who_has_it_is_told_so(site: Site, most: int) -> None:
    made = MadePages(most)

    def make() -> Response:
        return HTMLResponse("<p>word</p>")

    tag = made.answer(_asked(), site, EVERY, make).headers["etag"]
    has_it = _asked(headers=((b"if-none-match", tag.encode()),))
    for _ in range(2):
        still = made.answer(has_it, site, EVERY, make)
        assert (still.status_code, still.body, still.headers["etag"]) == (304, b"", tag)
    assert still.headers["vary"] == "Accept, Accept-Language"
    assert still.headers["cache-control"] == "no-cache"
    assert made.answer(_asked(headers=((b"if-none-match", b"*"),)), site, EVERY, make).status_code == 200


def test_what_cannot_be_had_is_not_kept(site: Site) -> None:
    made, make = MadePages(100_000), Counted(503)
    for _ in range(2):
        assert "etag" not in made.answer(_asked(), site, EVERY, make).headers
    assert make.times == 2


def test_a_page_that_was_sent_while_it_was_written_is_kept(site: Site) -> None:
    made, app = MadePages(10**6), FastAPI()
    once = iter(["<main>", "word"])

    @app.get("/page")
    def page(request: Request) -> Response:
        return made.answer(request, site, EVERY, lambda: StreamedPage(once, lambda: "sorry", 200, {}))

    with client_of(app) as client:
        answers = [client.get("/page") for _ in range(2)]
    assert [each.text for each in answers] == ["<main>word"] * 2
    assert answers[0].headers["etag"] == answers[1].headers["etag"]


def test_a_page_that_broke_off_is_not_kept(site: Site) -> None:
    made = MadePages(10**6)
    good = ["<main>", "word"]

    def bad() -> Iterable[str]:
        yield "<main>"
        raise LookupError

    for pieces, seen in ((bad(), "<main>sorry"), (good, "<main>word")):
        page = made.answer(_asked(), site, EVERY, lambda: StreamedPage(pieces, lambda: "sorry", 200, {}))  # noqa: B023
        sent: list[bytes] = []
        assert isinstance(page, StreamedPage)
        with suppress(LookupError):
            anyio.run(read_parts, page, sent)
        assert b"".join(sent).decode() == seen
    assert made.answer(_asked(), site, EVERY, Counted()).body == b"<main>word"


def test_a_page_made_while_the_data_were_written_to_has_no_tag(site: Site) -> None:
    states = iter(["before", "after", "after", "after"])
    made, make = MadePages(10**6), Counted()
    written = replace(site, written=lambda: next(states))
    assert "etag" not in made.answer(_asked(), written, EVERY, make).headers
    assert "etag" in made.answer(_asked(), written, EVERY, make).headers
    assert make.times == 2


def test_packing_a_page_leaves_the_one_that_is_kept_as_it_is(site: Site) -> None:
    made = MadePages(10**6)
    app = FastAPI()
    app.add_middleware(Encoding)

    @app.get("/page")
    def page(request: Request) -> Response:
        return made.answer(request, site, EVERY, lambda: HTMLResponse("<p>word</p>" * 1000))

    with client_of(app) as client:
        sent = [client.get("/page", headers={"Accept-Encoding": each}) for each in ("gzip", "identity", "gzip")]
    assert {each.text for each in sent} == {"<p>word</p>" * 1000}
    assert [each.headers.get("content-encoding") for each in sent] == ["gzip", None, "gzip"]


def test_pages_have_a_tag_but_for_those_that_are_never_the_same(client: Client) -> None:
    for path in ("/en/", "/en/plan", "/es/findings", "/plan.ttl", "/en/queries", "/sitemap.xml"):
        answer = client.get(path)
        tag = answer.headers["etag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    editors = [client.get("/en/sparql") for _ in range(2)]
    assert "etag" not in editors[0].headers
    assert editors[0].headers["content-security-policy"] != editors[1].headers["content-security-policy"]
    assert client.get("/en/id/nobody").status_code == 404
