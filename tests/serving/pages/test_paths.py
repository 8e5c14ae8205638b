"""Which pages there are."""

from fastapi import FastAPI
from httpx import Client
from starlette.requests import Request

from crmgraph.site import Site, pages_router
from crmgraph.site.paths import known_paths, near_paths
from tests.support.sitemap import PAGES


def _request(site: Site) -> Request:
    app = FastAPI()
    app.include_router(pages_router(site))
    return Request({"type": "http", "method": "GET", "path": "/", "headers": [], "app": app})


def test_every_kind_of_page_is_known(site: Site, client: Client) -> None:
    known = known_paths(_request(site), site)
    assert len(known) == len(set(known)) > 4000
    assert {path.partition("?")[0] for path in PAGES} - {"/sparql", "/status"} <= set(known)
    assert [path for path in known if not path.startswith("/") or path.endswith((".txt", ".xml"))] == []
    for path in known[::500]:
        assert client.get(path).status_code == 200, path


def test_the_likest_comes_first(site: Site) -> None:
    request = _request(site)
    assert near_paths(request, site, "/id/actor/oimm")[0] == "/id/actor/oim"
    assert near_paths(request, site, "/procesos")[0] == "/processes"
    assert near_paths(request, site, "/id/process/csm")[0] == "/id/process/sacm"
    assert near_paths(request, site, "/id/country/M%C3%89X")[0] == "/id/country/MEX"
    assert near_paths(request, site, "/cgi-bin/luci") == []
