"""The pages about the service and its data: each figure from the graph, each file what it says."""

import re
from functools import partial

import pytest
from pyoxigraph import Store

from crmgraph.exporting import FORMATS, render
from crmgraph.files import resource
from crmgraph.http.openapi import ERROR_DESCRIPTIONS
from crmgraph.namespaces import Names
from crmgraph.site import Site
from crmgraph.site.base.addresses import is_ontology_version, query_about
from crmgraph.site.base.metadata import catalog
from crmgraph.site.service import TRANSLATED_SUFFIXES, TRANSLATED_TEXTS
from tests.support.pages import having, links, text
from tests.support.visiting import Visitor, data_rows

HERE = "https://w3id.org/crmgraph"


def test_about_counts_what_there_is(visit: Visitor, site: Site) -> None:
    page = visit.page("/en/about")
    said = text(page)
    leaves = site.select(f"SELECT DISTINCT ?x {{ ?x cg:row ?row ; cg:source <{HERE}/id/source/crm> }}")
    assert f"cut into {len(leaves)} passages" in said
    [row] = site.select(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{HERE}/graph/inferred> {{ ?s ?p ?o }} }}")
    assert f"{int(row['n'].value):,} statements follow from the others" in said
    assert f"the library {len(site.library)} questions" in said
    assert re.search(r"error \d+ · warning \d+ · information \d+", said)
    assert sum("none known" in text(row) for row in data_rows(visit.page("/en/processes"))) == 6
    whole = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")
    count = sum(not sign.isspace() for sign in whole)
    assert f"hold all of its {count:,} characters that are not blank space" in said
    # Those who read the plan are told of in the language of the page.
    annotators = site.select("SELECT ?label { ?x a prov:Agent ; rdfs:label ?label }")
    for language in ("es", "en"):
        told = text(visit.page(f"/{language}/about"))
        labels = {row["label"].value for row in annotators if row["label"].language == language}
        assert labels
        assert all(label in told for label in labels)


def test_what_can_be_downloaded(visit: Visitor, site: Site, store: Store) -> None:
    main = next(visit.page("/en/downloads").iter("main"))
    addresses = {each.get("href", "") for each in main.iter("a")}
    tables = {f"/{name}.{form}" for name in ("findings", "processes", "states") for form in ("csv", "json", "ttl")}
    assert tables <= addresses
    files = tables | {address for address in addresses if address.startswith("/downloads/")}
    assert len(files) > len(tables) + 4
    # The whole is made anew for each.
    for address in sorted(each for each in files if "/crmgraph." not in each):
        assert visit.client.head(address).status_code == 200, address
    assert all(f"crmgraph export {name}" in text(main) for name in FORMATS)
    assert len([row for row in main.iter("tr") if "plan/crm" in text(row)]) == 1
    plan = visit.get("/downloads/crm.txt")
    assert plan.headers["content-type"] == "text/plain; charset=utf-8"
    assert plan.headers["content-disposition"] == 'attachment; filename="crm.txt"'
    assert plan.text == render(store, "crm", Names())
    found = visit.client.get("/downloads/crmgraph.nt")
    assert found.headers["content-type"] == "application/n-triples"
    triples = set(found.text.splitlines())
    [row] = site.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert len(triples) == int(row["n"].value)


def test_the_page_of_the_api_has_every_address_in_both_languages(visit: Visitor, site: Site) -> None:
    document = visit.json("/openapi.json")
    words = set(ERROR_DESCRIPTIONS.values())
    for path, methods in document["paths"].items():
        assert f"<code>{path}</code>" in visit.get("/es/api").text
        assert not path.startswith(("/es", "/en"))
        if not site.library.get(path.removeprefix("/queries/")):
            for each in methods.values():
                words |= {each["summary"], *(one.get("description", "") for one in each.get("parameters", ()))}
    for ending in TRANSLATED_SUFFIXES:
        words = {said.removesuffix(ending) for said in words}
    assert words - {""} - TRANSLATED_TEXTS == set()
    assert not [each for each in visit.page("/en/api").iter("details") if "open" in each.attrib]
    assert document["paths"]["/id/{path}"]["get"]["parameters"][0]["name"] == "path"


def test_what_is_there_to_be_copied_has_a_button(visit: Visitor) -> None:
    for path, blocks in (("/cite", 5), ("/cite?page=/id/country/MEX", 5), ("/queries/theme-counts", 3)):
        page = visit.page(f"/en{path}")
        buttons = [button for button in page.iter("button") if button.get("data-copies")]
        assert len({text(button) for button in buttons}) == len(buttons) == blocks
        told = {each.get("id"): text(each) for each in page.iter() if each.get("id")}
        assert all(told[button.get("data-copies")] for button in buttons)


def test_the_catalogue(visit: Visitor, site: Site) -> None:
    about = catalog(site, "en")
    assert about is not None
    assert about.publisher_name
    assert visit.get("/en/cite.txt").text.startswith(f"{about.publisher_name} (")
    assert f"author = {{{{{about.publisher_name}}}}}" in visit.get("/en/cite.bib").text
    page = visit.page("/en/void")
    offered = {
        "/dump.nq.gz",
        "/sparql",
        "/en/graph/plan/crm",
        "/void.ttl",
        "https://creativecommons.org/licenses/by/4.0/",
    }
    assert offered <= set(links(page).values())
    rows = site.select("SELECT ?graph (COUNT(*) AS ?n) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph")
    counted = {row["graph"].value: int(row["n"].value) for row in rows}
    assert {entry.iri: entry.triples for entry in about.graphs} == counted
    assert about.triples == sum(counted.values())
    assert f"{counted[site.names.graph('plan', 'crm')]:,}" in [text(cell) for cell in having(page, "numeric")]


def test_the_data_about_a_thing_or_a_scheme(visit: Visitor, site: Site) -> None:
    lines = visit.get("/id/plan/crm/vmd/1.2.1.nt").text.splitlines()
    assert any("/source/crm/13011-13115> <https://w3id.org/crmgraph/ontology#exact>" in line for line in lines)
    assert any("#element> <https://w3id.org/crmgraph/id/plan/crm/vmd/1.2.1>" in line for line in lines)
    assert visit.get("/ontology/alignments/prov").text.count("rdfs:subClassOf prov:") > 5
    scheme = visit.get("/ontology/severity.nt").text.split("\n")[:-1]
    assert scheme
    assert all(line.startswith(f"<{HERE}/ontology/severity") for line in scheme)
    findings = [line for line in visit.get("/findings/number-missing.nt").text.splitlines() if line]
    assert len(findings) > 4
    assert all(line.startswith(f"<{HERE}/id/finding/number-missing/") for line in findings)
    assert is_ontology_version(site, site.select("SELECT ?v { ?x owl:versionIRI ?v }")[0]["v"].value)
    assert not is_ontology_version(site, f"{HERE}/ontology/status")
    for make in (partial(query_about, "thing", site), partial(query_about, "graph", site)):
        with pytest.raises(ValueError, match="not an IRI"):
            make("http://example.org/> } DROP ALL #")
