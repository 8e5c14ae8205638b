"""The assets of the site: all there, and kept by browsers for as long as they stay what they are."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from crmgraph.errors import UsageError
from crmgraph.site.assets import STATIC, Assets, check_assets, fingerprint
from tests.support.clients import client_of


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with client_of(Starlette(routes=[Mount("/static", Assets())])) as client:
        yield client


def test_what_was_built_is_there() -> None:
    check_assets()


def test_what_was_not_built_is_named_with_what_to_do(tmp_path: Path) -> None:
    for name in ("site.css", "page.css", "noscript.css", "site.js", "picture.css", "pictures.js", "icon.svg"):
        (tmp_path / name).touch()
    with pytest.raises(UsageError, match=r"workbench\.js are not built; install the package again"):
        check_assets(tmp_path)
    with pytest.raises(
        UsageError,
        match=r"site\.css, page\.css, noscript\.css, site\.js, workbench\.js, picture\.css, pictures\.js, icon\.svg",
    ):
        check_assets(tmp_path / "nowhere")


def test_an_asset_is_kept_where_its_address_says_which_it_is(client: httpx.Client) -> None:
    answer = client.get("/static/site.css", params={"v": fingerprint("site.css")})
    assert answer.content == (STATIC / "site.css").read_bytes()
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    tag = {"If-None-Match": answer.headers["etag"]}
    again = client.get("/static/site.css", params={"v": fingerprint("site.css")}, headers=tag)
    assert (again.status_code, again.headers["cache-control"]) == (304, answer.headers["cache-control"])


@pytest.mark.parametrize("query", ["", "?v=", "?v=000000000000", "?x=1"])
def test_an_asset_of_another_time_is_not_kept(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/static/site.css{query}")
    assert answer.status_code == 200
    assert "cache-control" not in answer.headers


def test_what_is_no_asset_is_404_whatever_its_address_says(client: httpx.Client) -> None:
    assert fingerprint("nothing.js") == "0"
    assert client.get("/static/nothing.js?v=0").status_code == 404
