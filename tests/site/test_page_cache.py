"""Pages that are kept while the data are the same."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from crmgraph.site import PageCache, Site
from crmgraph.site.base.addresses import PAGE_FORMS
from crmgraph.site.base.pages import PageRequest
from tests.support.visiting import Visitor


class Counted:
    """Makes pages, and counts them."""

    def __init__(self, status: int = 200) -> None:
        self.status, self.times = status, 0

    def __call__(self) -> Response:
        self.times += 1
        return HTMLResponse(f"<p>{self.times}</p>", self.status, {"Vary": "Accept, Accept-Language"})


def _asked(
    site: Site, path: str = "/en/plan", headers: tuple[tuple[bytes, bytes], ...] = (), root: str = ""
) -> PageRequest:
    scope = {"type": "http", "method": "GET", "scheme": "http", "server": ("e", 80), "path": path, "root_path": root,
             "query_string": b"", "headers": list(headers)}  # fmt: skip
    return PageRequest(Request(scope), site, PAGE_FORMS)


def test_a_page_is_made_once_for_all_that_it_depends_on(site: Site) -> None:
    made, make = PageCache(100_000), Counted()
    first = made.answer(_asked(site), make)
    assert first.headers["etag"].startswith('W/"')
    for headers in (
        ((b"accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"),),
        ((b"accept", b"text/html"), (b"accept", b"text/turtle;q=0.3"), (b"accept-language", b"es-MX,es;q=0.9")),
        ((b"accept", b"*/*"), (b"accept-language", b"qu")),
    ):
        again = made.answer(_asked(site, headers=headers), make)
        assert (again.body, again.headers) == (b"<p>1</p>", first.headers)
    others = (
        _asked(site, "/es/plan"),
        _asked(site, headers=((b"accept", b"text/turtle"),)),
        _asked(site, "/plan", headers=((b"accept-language", b"es"),)),
        _asked(site, "/plan", headers=((b"accept-language", b"en"),)),
        _asked(site, headers=((b"host", b"example.org"),)),
        _asked(site, root="/below"),
    )
    tags = {made.answer(each, make).headers["etag"] for each in others}
    tags.add(made.answer(_asked(replace(site, read_state=lambda: "other")), make).headers["etag"])
    assert len({*tags, first.headers["etag"]}) == make.times == len(others) + 2


def test_whoever_asked_before_does_not_change_the_form(visit: Visitor) -> None:
    asked = ("text/html", "image/svg+xml, text/html;q=0.5", "text/csv, text/html;q=0.9", "*/*",
             "application/x-bibtex, text/html;q=0.9, text/turtle;q=0.8")  # fmt: skip
    for path in ("states", "pictures/members", "cite", "queries/status-counts"):

        def forms(host: str, accepted: Iterable[str], path: str = path) -> dict[str, str]:
            ask = visit.client.get
            return {
                each: ask(f"/en/{path}", headers={"Accept": each, "Host": host}).headers["content-type"]
                for each in accepted
            }

        there, back = forms("one.example", asked), forms("other.example", reversed(asked))
        assert there == back
        assert len(set(there.values())) > 1


@pytest.mark.parametrize("most", [0, 100_000])
def test_who_has_a_page_is_told_so(site: Site, most: int) -> None:
    made = PageCache(most)

    def make() -> Response:
        return HTMLResponse("<p>word</p>")

    tag = made.answer(_asked(site), make).headers["etag"]
    for _ in range(2):
        still = made.answer(_asked(site, headers=((b"if-none-match", tag.encode()),)), make)
        assert (still.status_code, still.body, still.headers["etag"]) == (304, b"", tag)
    assert still.headers["vary"] == "Accept, Accept-Language"
    assert still.headers["cache-control"] == "no-cache"
    assert made.answer(_asked(site, headers=((b"if-none-match", b"*"),)), make).status_code == 200


def test_failures_and_changing_data_are_not_kept(site: Site) -> None:
    made, make = PageCache(100_000), Counted(503)
    for _ in range(2):
        assert "etag" not in made.answer(_asked(site), make).headers
    assert make.times == 2
    states = iter(["before", "after", "after", "after"])
    written = replace(site, read_state=lambda: next(states))
    assert "etag" not in made.answer(_asked(written), Counted()).headers
    assert "etag" in made.answer(_asked(written), Counted()).headers
