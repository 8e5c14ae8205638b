"""SPARQL clients find examples, prefixes, and classes with their properties in the dataset, rightly counted."""

from collections import Counter, defaultdict

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from crmgraph.namespaces import BASE, PREFIXES, Names, abbreviate_iri
from crmgraph.site import Site

# What sparql-editor (SIB) reads from an endpoint, and checks for: https://sib-swiss.github.io/sparql-editor/check
EXAMPLES = """
PREFIX spex: <https://purl.expasy.org/sparql-examples/ontology#>
SELECT DISTINCT ?example ?comment ?query {
  ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|spex:describe ?query
}"""
VOID = """
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
SELECT DISTINCT ?class ?property ?triples ?valueClass ?datatype {
  OPTIONAL { ?graph sd:graph ?described . ?described void:classPartition ?part }
  ?part void:class ?class ; void:propertyPartition ?inner .
  ?inner void:property ?property .
  OPTIONAL { ?inner void:triples ?triples }
  OPTIONAL {
    { ?inner void:classPartition [ void:class ?valueClass ] }
    UNION { ?inner void-ext:datatypePartition [ void-ext:datatype ?datatype ] }
  }
}"""
NAMESPACES = "SELECT DISTINCT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix }"
PARTITIONS = """
SELECT ?part ?whole ?key ?size {
  ?whole void:classPartition|void:propertyPartition|void-ext:datatypePartition ?part .
  ?part void:class|void:property|void-ext:datatype ?key ; void:entities|void:triples ?size
}"""


def test_examples_are_the_questions_of_the_library_and_run_as_they_stand(site: Site) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for row in site.select(EXAMPLES):
        name = row["example"].value.removeprefix(f"{BASE}queries/")
        question = site.library[name]
        assert row["query"].value == question.text
        assert row["comment"].value.startswith(question.title[row["comment"].language])
        found[name].add(row["comment"].language)
        Store().query(row["query"].value)
    assert found == {name: {"es", "en"} for name in site.library}
    described = """SELECT DISTINCT ?example ?target { ?example a sh:SPARQLSelectExecutable ; rdfs:label ?es , ?en ;
      schema:keywords ?about ; schema:target ?target ; sh:prefixes/sh:declare/sh:prefix "cg" .
      ?service dcat:endpointURL ?target FILTER (LANG(?es) = "es" && LANG(?en) = "en") }"""
    assert len(site.select(described)) == len(site.library)


def test_prefixes_are_those_of_the_site(site: Site) -> None:
    rows = site.select(NAMESPACES)
    assert {row["prefix"].value: row["namespace"].value for row in rows} == site.names.prefixes()
    assert {row["namespace"].datatype for row in rows} == {"http://www.w3.org/2001/XMLSchema#anyURI"}


def test_classes_are_described_by_properties_and_the_classes_and_datatypes_of_values(site: Site) -> None:
    found = {
        tuple(abbreviate_iri(row[name].value, PREFIXES) for name in ("class", "property", kind))
        for row in site.select(VOID)
        for kind in ("valueClass", "datatype")
        if kind in row
    }
    assert ("cg:Activity", "cg:participation", "cg:Participation") in found
    assert ("cg:Passage", "cg:start", "xsd:integer") in found


def test_partitions_count_each_statement_of_all_graphs_but_the_catalogue_once(site: Site, store: Store) -> None:
    catalog = NamedNode(Names().graph("catalog"))
    triples = {quad.triple for quad in store if quad.graph_name != catalog}
    rdf_type = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    classes: dict[object, set[str]] = defaultdict(set)
    for each in triples:
        if each.predicate == rdf_type:
            assert isinstance(each.object, NamedNode)
            classes[each.subject].add(each.object.value)
    wanted: Counter[str] = Counter(name for names in classes.values() for name in names)
    for each in triples:
        assert not isinstance(each.object, BlankNode)
        kinds = {each.object.datatype.value} if isinstance(each.object, Literal) else classes.get(each.object, set())
        wanted[each.predicate.value] += 1
        for name in classes.get(each.subject, ()):
            path = f"{name} {each.predicate.value}"
            wanted[path] += 1
            wanted.update(f"{path} {kind}" for kind in kinds)
    rows = site.select(PARTITIONS)
    steps = {row["part"].value: (row["whole"].value, row["key"].value) for row in rows}

    def keys_to(part: str) -> str:
        whole, key = steps[part]
        return f"{keys_to(whole)} {key}" if whole in steps else key

    assert sorted((keys_to(row["part"].value), int(row["size"].value)) for row in rows) == sorted(wanted.items())
    outermost = {whole for whole, _ in steps.values() if whole not in steps}
    assert list(site.labels(outermost).values()) == [
        {"es": "Todos los grafos menos el catálogo", "en": "All graphs but the catalogue"}
    ]
