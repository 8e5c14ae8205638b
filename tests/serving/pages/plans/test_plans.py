"""All plans of the dataset."""

from httpx import Client

from crmgraph.resources import resource
from crmgraph.site.plans.plans import plans
from crmgraph.site.site import Site
from tests.support.pages import read_page, text


def test_all_plans_are_listed(client: Client, site: Site) -> None:
    page = read_page(client.get("/en/crosswalk").text)
    section = next(each for each in page.iter("section") if each.get("aria-labelledby") == "all")
    told = {}
    for row in section.iter("tr"):
        target = row.find("th/a")
        if target is not None:
            told[target.get("href")] = [text(target), *(text(cell) for cell in row.findall("td"))]
    assert len(told) == len(list(resource("data/source").glob("*.txt"))) == len(plans(site))
    assert told["/en/id/plan/gcm"] == [
        "Global Compact",
        "GLOBAL COMPACT FOR SAFE, ORDERLY AND REGULAR MIGRATION",
        "United Nations",
        "23",
        "24",
    ]
    assert not any(row[0].isupper() for row in told.values())
    assert next(iter(told)) == "/en/id/plan/crm"
    for plan in ("crm", "gcm"):
        tree = read_page(client.get(f"/en/plan/{plan}").text)
        assert f"{told[f'/en/id/plan/{plan}'][-1]} parts" in [text(each) for each in tree.iter("h2")]
