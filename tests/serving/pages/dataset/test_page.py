"""The page of a graph."""

from httpx import Client

from tests.support.pages import links, read_page, text


def test_a_graph_page_counts_and_leads_to_the_others(client: Client) -> None:
    root = read_page(client.get("/en/graph/plan/crm").text)
    rows = {text(row[0]).split()[0]: text(row[1]) for row in root.iter("tr") if row.find("td") is not None}
    assert (rows["Activity"], rows["Objective"]) == ("41", "20")
    assert text(next(root.iter("h1"))) == "RCM plan"
    assert links(root)["Source document: RCM plan"] == "/en/graph/source/crm"
