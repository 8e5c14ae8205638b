"""Which entry of the main menu a page stands under."""

import pytest
from httpx import Client

from tests.support.pages import read_page


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/plan", "/plan"),
        ("/id/plan/crm/pgm/7.1.1", "/plan"),
        ("/plan/bali", "/crosswalk"),
        ("/id/plan/gcm", "/crosswalk"),
        ("/crosswalk/crm/gcm", "/crosswalk"),
        ("/id/source/crm/13011-13115", "/id/source/crm"),
        ("/findings/number-gap", "/findings"),
        ("/ontology/shapes", "/findings"),
        ("/id/country/MEX", "/actors"),
        ("/states", "/actors"),
        ("/id/process/rcm", "/processes"),
        ("/id/membership/rcm-MEX", "/processes"),
        ("/id/presidency/rcm-2006", "/processes"),
        ("/queries/theme-counts", "/queries"),
        ("/about", None),
    ],
)
def test_the_menu_tells_where_one_is(client: Client, path: str, entry: str | None) -> None:
    menu = read_page(client.get(f"/en{path}").text).find(".//nav[@class='main-nav']")
    assert menu is not None
    found = [link.get("href") for link in menu.iter("a") if link.get("aria-current")]
    assert found == ([f"/en{entry}"] if entry else [])
