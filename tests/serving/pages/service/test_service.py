"""The pages about the service: each figure from the graph, each file what it says, each example one that works."""

import re

import pytest
from httpx import Client
from pyoxigraph import RdfFormat, parse

from crmgraph import __version__
from crmgraph.exporting import FORMATS
from crmgraph.exporting.render import render
from crmgraph.http.openapi import REFUSALS
from crmgraph.namespaces import Names
from crmgraph.resources import resource
from crmgraph.site import Site
from crmgraph.site.citing.forms import CITATIONS
from crmgraph.site.dataset.catalog import catalog
from crmgraph.site.service.api_words import ENDINGS, WORDS
from crmgraph.storing.states import name_of
from tests.support.pages import having, links, read_page, text

HERE = "http://testserver"


def test_about_counts_what_there_is(client: Client, site: Site) -> None:
    page = text(read_page(client.get("/en/about").text))
    leaves = len(
        site.select("SELECT DISTINCT ?x { ?x a cg:LeafPassage ; cg:source <https://w3id.org/crmgraph/id/source/crm> }")
    )
    assert f"cut into {leaves} passages" in page
    [row] = site.select("SELECT (COUNT(*) AS ?n) { GRAPH <https://w3id.org/crmgraph/graph/inferred> { ?s ?p ?o } }")
    assert f"{int(row['n'].value):,} statements follow from the others" in page
    assert f"the library {len(site.library)} questions" in page
    assert re.search(r"error \d+ · warning \d+ · information \d+", page)
    assert "· its page" in page
    assert "in its version of May 2026" in page
    assert "The date of 3 of the 46 meetings." in page
    assert "Which States take part in 6 of the 34 consultative processes." in page
    rows = next(having(read_page(client.get("/en/processes").text), "results")).iter("tr")
    assert sum("none known" in text(row) for row in rows) == 6


@pytest.mark.parametrize(
    ("page", "title", "address"),
    [
        ("", "", "https://w3id.org/crmgraph/"),
        ("/id/country/MEX", "Mexico", "https://w3id.org/crmgraph/id/country/MEX"),
        ("/es/id/country/MEX", "Mexico", "https://w3id.org/crmgraph/id/country/MEX"),
        ("https://w3id.org/crmgraph/id/country/MEX", "Mexico", "https://w3id.org/crmgraph/id/country/MEX"),
        ("/findings?severity=info", "Findings", "/findings?severity=info"),
        (
            "/queries/agent-roles?agent=any",
            "Which parts of the plan name an actor, and in which role?",
            "/queries/agent-roles?agent=any",
        ),
        (
            "/en/queries/agent-roles?agent=actor%2Foim&role=implements&sort=number",
            "Which parts of the plan name International Organization for Migration in the role ‘implementing’?",
            "/queries/agent-roles?agent=actor%2Foim&role=implements&sort=number",
        ),
        ("/graph/inferred", "Graph inferred", "https://w3id.org/crmgraph/graph/inferred"),
        ("/states", "States", "/states"),
        (
            "/id/source/crm/13011-13115",
            "id:source/crm/13011-13115",
            "https://w3id.org/crmgraph/id/source/crm/13011-13115",
        ),
        ("/.well-known/void", "What this dataset is", "/.well-known/void"),
        ("/findings/number-gap", "The findings of one kind", "/findings/number-gap"),
        ("/downloads", "All that can be downloaded", "/downloads"),
        ("/findings?theme={a|b}", "Findings", "/findings?theme=%7Ba%7Cb%7D"),
    ],
)
def test_pages_and_answers_can_be_cited(client: Client, site: Site, page: str, title: str, address: str) -> None:
    said = client.get("/en/cite.txt", params={"page": page} if page else {}).text
    assert title in said
    assert f"{address} (accessed " in said
    assert f"data {name_of(site.state)[:12]}." in said
    form = client.get("/en/cite", params={"page": page} if page else {})
    assert form.status_code == 200
    for each in CITATIONS:
        assert (
            client.get(f"/cite.{each.extension}", params={"page": page})
            .headers["content-type"]
            .startswith(each.media_type)
        )


@pytest.mark.parametrize(
    ("page", "status"),
    [("//evil.org/", 400), ("https://evil.org/", 400), ("no slash", 400), ("/<b>", 404), ("/" + "a" * 20_001, 400),
     ("/id/none", 404), ("/nothing", 404), ("/graph/none", 404), ("/queries/none", 404),
     ("/queries/agent-roles?agent=nobody", 404), ("/queries/agent-roles?actor=x", 404)],
)  # fmt: skip
def test_what_is_no_page_here_is_not_cited(client: Client, page: str, status: int) -> None:
    for address in ("/en/cite", "/es/cite", "/es/cite.bib"):
        assert client.get(address, params={"page": page}).status_code == status
    assert client.get("/en/cite?pages=x").status_code == 400


def test_findings_and_processes_are_tables_as_well(client: Client) -> None:
    main = next(read_page(client.get("/en/downloads").text).iter("main"))
    offered = {link.get("href") for link in main.iter("a")}
    tables = {f"/{name}.{form}" for name in ("findings", "processes", "states") for form in ("csv", "json", "ttl")}
    assert tables <= offered
    for address in sorted(tables):
        assert client.get(address).status_code == 200, address


def test_a_site_is_counted_once_whether_or_not_it_is_called_www(client: Client) -> None:
    page = read_page(client.get("/en/about").text)
    hosts = [text(cell) for row in page.iter("tr") for cell in row.iter("td")][::2]
    assert "iom.int" in hosts
    assert not [host for host in hosts if host.startswith("www.")]


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/es/cite?page=/no/existe", 404, "La página /no/existe no existe aquí."),
        ("/en/cite?page=/no/existe", 404, "The page /no/existe does not exist here."),
        ("/en/cite?page=existe", 400, "The parameter page is the address of a page here"),
    ],
)
def test_what_cannot_be_cited_is_told_above_the_form_that_keeps_it(
    client: Client, address: str, status: int, said: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    page = read_page(answer.text)
    assert said in " ".join(text(each) for each in having(page, "problem"))
    [field] = [each for each in page.iter("input") if each.get("name") == "page"]
    assert field.get("value") == address.partition("=")[2]
    assert list(having(page, "citation")) == []


def test_programs_are_told_what_cannot_be_cited(client: Client) -> None:
    problem = client.get("/es/cite.bib?page=/no/existe", headers={"accept": "*/*", "accept-language": "es"}).json()
    assert problem["detail"].startswith("La página /no/existe no existe aquí.")


def test_all_that_the_downloads_page_offers_is_there(client: Client) -> None:
    page = read_page(client.get("/en/downloads").text)
    main = next(page.iter("main"))
    addresses = [
        address for address in links(main).values() if address.startswith(("/downloads/", "/states", "/findings."))
    ]
    assert len(addresses) > 4
    for address in addresses:
        assert client.head(address).status_code == 200, address
    said = text(main)
    assert all(f"crmgraph export {name}" in said for name in FORMATS)
    graphs = [row for row in main.iter("tr") if "plan/crm" in text(row)]
    assert len(graphs) == 1


@pytest.mark.parametrize(("language", "name"), [("es", "Catálogo"), ("en", "Catalogue")])
def test_graphs_are_called_by_their_names(client: Client, language: str, name: str) -> None:
    page = read_page(client.get(f"/{language}/downloads").text)
    assert links(next(page.iter("main")))[name] == f"/{language}/graph/catalog"
    assert text(next(read_page(client.get(f"/{language}/graph/catalog").text).iter("h1"))) == name


def test_the_plan_is_the_one_that_the_command_renders(client: Client, store: object) -> None:
    answer = client.get("/downloads/crm.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="crm.txt"'
    assert answer.text == render(store, "crm", Names())  # type: ignore[arg-type]


def test_the_whole_dataset_is_to_be_had_as_triples(client: Client, site: Site) -> None:
    found = client.get("/downloads/crmgraph.nt")
    assert found.headers["content-type"] == "application/n-triples"
    triples = set(found.text.splitlines())
    [row] = site.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert len(triples) == int(row["n"].value)
    turtle = client.get("/downloads/crmgraph.ttl").content
    assert sum(1 for _ in parse(turtle, format=RdfFormat.TURTLE)) == len(triples)


@pytest.mark.parametrize("name", ["none.txt", "crmgraph.txt", "crmgraph.xlsx", "crm.ttl", "..%2Fcrm.txt"])
def test_there_are_no_other_files(client: Client, name: str) -> None:
    assert client.get(f"/downloads/{name}").status_code == 404


def test_all_that_the_api_says_is_in_both_languages(client: Client, site: Site) -> None:
    document = client.get("/openapi.json").json()
    said = set(REFUSALS.values())
    for path, methods in document["paths"].items():
        if site.library.get(path.removeprefix("/queries/")):
            continue
        for each in methods.values():
            said |= {each["summary"], *(one.get("description", "") for one in each.get("parameters", ()))}
    for ending in ENDINGS:
        said = {text.removesuffix(ending) for text in said}
    assert said - {""} - WORDS == set()


def test_the_page_of_the_api_has_every_address(client: Client) -> None:
    page = client.get("/es/api").text
    for path in client.get("/openapi.json").json()["paths"]:
        assert f"<code>{path}</code>" in page
    said = text(read_page(page))
    assert "¿Qué partes del plan nombran a un actor, y en qué papel?" in said
    assert "Cómo citar el conjunto de datos, una página o una respuesta" in said
    assert not re.search(r"\bWhat the\b", said)


def test_on_the_page_of_the_api_an_address_is_a_line_that_opens(client: Client) -> None:
    page = read_page(client.get("/en/api").text)
    assert not [each for each in page.iter("details") if "open" in each.attrib]
    lines = [text(summary) for article in page.iter("article") for summary in article.iter("summary")]
    assert "GET /explain How a statement is known, down to its sources" in lines


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_accessibility_statement_says_what_is_not_right(client: Client, language: str) -> None:
    page = read_page(client.get(f"/{language}/accessibility").text)
    known = next(each for each in page.iter("section") if each.get("aria-labelledby") == "known")
    assert "WCAG) 2.2" in text(page)
    assert f" {__version__} " in text(page)
    assert len(list(known.iter("li"))) > 2


def test_the_foot_of_a_page_that_is_not_there_cites_nothing(client: Client) -> None:
    footer = next(read_page(client.get("/en/nothing").text).iter("footer"))
    assert links(footer)["How to cite"] == "/en/cite"


@pytest.mark.parametrize(
    "path", ["/queries/agent-roles", "/findings?severity=info", "/downloads", "/topics/return", "/api"]
)
def test_the_foot_of_a_page_leads_to_its_citation(client: Client, path: str) -> None:
    footer = next(read_page(client.get("/en" + path).text).iter("footer"))
    cited = client.get(links(footer)["How to cite"])
    assert cited.status_code == 200
    assert path in cited.text


@pytest.mark.parametrize("path", ["/about", "/cite", "/downloads", "/api", "/accessibility", "/states"])
def test_they_are_reached_from_every_page(client: Client, path: str) -> None:
    page = read_page(client.get("/en/queries").text)
    footer = next(page.iter("footer"))
    assert any(address.startswith("/en" + path) for address in links(footer).values())
    assert "/en/cite?page=/queries" in links(footer).values() or "/en/cite?page=%2Fqueries" in links(footer).values()


def test_the_passages_hold_as_many_characters_as_the_document_has_that_are_not_blank(client: Client) -> None:
    whole = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")
    count = sum(not sign.isspace() for sign in whole)
    assert f"hold all of its {count:,} characters that are not blank space" in client.get("/en/about").text


@pytest.mark.parametrize("language", ["es", "en"])
def test_citations_are_by_whom_the_catalogue_names(client: Client, site: Site, language: str) -> None:
    about = catalog(site, language)
    assert about
    assert about.publisher_name
    assert client.get(f"/{language}/cite.txt").text.startswith(f"{about.publisher_name} (")
    assert f"author = {{{{{about.publisher_name}}}}}" in client.get(f"/{language}/cite.bib").text


def test_bodies_are_called_so(client: Client) -> None:
    assert "the States, bodies, networks, instruments" in client.get("/en/about").text


@pytest.mark.parametrize(
    ("path", "blocks"), [("/cite", 5), ("/cite?page=/id/country/MEX", 5), ("/queries/theme-counts", 3)]
)
def test_what_is_there_to_be_copied_has_a_button(client: Client, path: str, blocks: int) -> None:
    page = read_page(client.get("/en" + path).text)
    buttons = [button for button in page.iter("button") if button.get("data-copies")]
    assert len({text(button) for button in buttons}) == len(buttons) == blocks
    told = {each.get("id"): text(each) for each in page.iter() if each.get("id")}
    assert all(told[button.get("data-copies")] for button in buttons)
