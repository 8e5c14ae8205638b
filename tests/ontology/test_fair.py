"""The ontology as others would find it: the checks of FOOPS! for the FAIR principles, against a running server.

Each test bears the name of the check in FOOPS!. The lasting addresses lead to the server as the redirection rules of
docs/w3id have it. Not here, for they ask registries on the network: FIND2, FIND3, FIND_3_BIS, OM4.2, and the DOI that
OM3 would like to see, which the ontology does not have.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, parse, serialize
from rdflib import DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, VANN, Graph, URIRef

from crmgraph.building import Manifest
from crmgraph.namespaces import BASE, ONTOLOGY
from tests.support.servers import running_server

BIBO_STATUS = URIRef("http://purl.org/ontology/bibo/status")
SUBJECT = URIRef(ONTOLOGY)
SYNTAXES = ("text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples")
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)


@pytest.fixture(scope="module")
def site(build_folder: Path, manifest: Manifest) -> Iterator[httpx.Client]:
    assert manifest.graphs
    with (
        running_server(build_folder) as address,
        httpx.Client(follow_redirects=True, trust_env=False, timeout=60) as client,
    ):
        client.base_url = httpx.URL(address)
        yield client


@pytest.fixture(scope="module")
def ontology(site: httpx.Client) -> Graph:
    return read(found(site, ONTOLOGY, "text/turtle"))


def read(answer: httpx.Response) -> Graph:
    """The graph in an answer, by an RDF parser that goes by the answer's media type."""
    syntax = RdfFormat.from_media_type(answer.headers["content-type"])
    triples = (quad.triple for quad in parse(answer.content, syntax))
    return Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")


def found(site: httpx.Client, iri: str, accept: str) -> httpx.Response:
    """What the server has at a lasting address."""
    return site.get("/" + iri.partition("#")[0].removeprefix(BASE), headers={"Accept": accept})


def terms(ontology: Graph) -> set[URIRef]:
    """The ontology's own classes and properties."""
    typed = {term for kind in KINDS for term in ontology.subjects(RDF.type, kind) if isinstance(term, URIRef)}
    return {term for term in typed if term.startswith(ONTOLOGY + "#")}


@pytest.mark.parametrize("accept", ["text/html", *SYNTAXES])
def test_cn1_content_negotiation(site: httpx.Client, accept: str) -> None:
    answer = found(site, ONTOLOGY, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == accept
    assert "accept" in answer.headers["vary"].lower()


def test_doc1_html_documentation(site: httpx.Client, ontology: Graph) -> None:
    page = found(site, ONTOLOGY, "text/html").text
    assert not [term for term in terms(ontology) if f'id="{term.rpartition("#")[2]}"' not in page]


@pytest.mark.parametrize("accept", SYNTAXES)
def test_rdf1_rdf_availability(site: httpx.Client, ontology: Graph, accept: str) -> None:
    graph = read(found(site, ONTOLOGY, accept))
    assert (SUBJECT, RDF.type, OWL.Ontology) in graph
    assert terms(graph) == terms(ontology)
    assert len(terms(graph)) > 100


def test_purl1_persistent_uri_and_http1_open_protocol() -> None:
    assert ONTOLOGY.startswith("https://w3id.org/")


def test_uri1_resolvable_and_uri2_consistent(site: httpx.Client, ontology: Graph) -> None:
    assert found(site, ONTOLOGY, "text/turtle").status_code == 200
    assert list(ontology.subjects(RDF.type, OWL.Ontology)) == [SUBJECT]


def test_ver1_version_iri_and_ver2_resolvable(site: httpx.Client, ontology: Graph) -> None:
    [version] = ontology.objects(SUBJECT, OWL.versionIRI)
    assert version != SUBJECT
    graph = read(found(site, str(version), "text/turtle"))
    assert (SUBJECT, OWL.versionIRI, version) in graph


def test_the_version_before_resolves_too(site: httpx.Client, ontology: Graph) -> None:
    [before] = ontology.objects(SUBJECT, OWL.priorVersion)
    graph = read(found(site, str(before), "text/turtle"))
    assert (SUBJECT, OWL.versionIRI, before) in graph


@pytest.mark.parametrize(
    "predicate",
    [
        pytest.param(predicate, id=f"{check}-{predicate.rpartition('#')[2].rpartition('/')[2]}")
        for check, predicates in {
            "OM1": (
                DCTERMS.title,
                DCTERMS.description,
                DCTERMS.license,
                OWL.versionIRI,
                DCTERMS.creator,
                DCTERMS.created,
                VANN.preferredNamespaceUri,
            ),
            "OM2": (VANN.preferredNamespacePrefix, OWL.versionInfo, DCTERMS.bibliographicCitation),
            "OM3": (
                DCTERMS.publisher,
                FOAF.logo,
                BIBO_STATUS,
                DCTERMS.source,
                DCTERMS.issued,
                DCTERMS.modified,
                OWL.priorVersion,
                OWL.backwardCompatibleWith,
            ),
        }.items()
        for predicate in predicates
    ],
)
def test_om_metadata(ontology: Graph, predicate: URIRef) -> None:
    assert any(str(value).strip() for value in ontology.objects(SUBJECT, predicate))


def test_om4_1_licence_is_one_that_a_machine_knows(ontology: Graph) -> None:
    assert set(ontology.objects(SUBJECT, DCTERMS.license)) == {URIRef("https://creativecommons.org/licenses/by/4.0/")}


def test_om5_provenance(ontology: Graph) -> None:
    created, issued, modified = (
        ontology.value(SUBJECT, predicate) for predicate in (DCTERMS.created, DCTERMS.issued, DCTERMS.modified)
    )
    assert str(created)[:10] <= str(issued)[:10] <= str(modified)[:10]


def test_find1_prefix(ontology: Graph) -> None:
    assert str(ontology.value(SUBJECT, VANN.preferredNamespacePrefix)) == "cg"
    assert str(ontology.value(SUBJECT, VANN.preferredNamespaceUri)) == ONTOLOGY + "#"


def test_the_logo_is_there(site: httpx.Client, ontology: Graph) -> None:
    [logo] = ontology.objects(SUBJECT, FOAF.logo)
    answer = found(site, str(logo), "image/*")
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "image/svg+xml")


def test_voc1_and_voc2_reuse(ontology: Graph) -> None:
    described_with = {str(predicate) for predicate in ontology.predicates(SUBJECT)}
    assert any(predicate.startswith(str(DCTERMS)) for predicate in described_with)
    above = {
        str(parent)
        for term in terms(ontology)
        for relation in (RDFS.subClassOf, RDFS.subPropertyOf)
        for parent in ontology.objects(term, relation)
    }
    for vocabulary in ("prov#", "org#", "p-plan#", "schema.org/", "dc/terms/", "skos/core#", "oa#"):
        assert any(vocabulary in parent for parent in above), vocabulary


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize(
    "predicate", [pytest.param(RDFS.label, id="voc3-label"), pytest.param(SKOS.definition, id="voc4-definition")]
)
def test_voc_documentation(ontology: Graph, predicate: URIRef, language: str) -> None:
    without = {
        term
        for term in terms(ontology)
        if not any(getattr(text, "language", None) == language for text in ontology.objects(term, predicate))
    }
    assert not without
