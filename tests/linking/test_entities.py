"""What the graph says of the things that names are matched with."""

from crmgraph.linking import Value, kinds_of, read_entities
from crmgraph.namespaces import PREFIXES, Names

CG, RDFS, SKOS, RDF = (PREFIXES[name] for name in ("cg", "rdfs", "skos", "rdf"))
NAMES = Names("http://e/")
GTM, RCM = NAMES.id("country", "GTM"), NAMES.id("process", "rcm")
ROWS = [
    (GTM, RDF + "type", Value(CG + "State", is_iri=True)),
    (GTM, RDF + "type", Value("http://www.w3.org/ns/org#FormalOrganization", is_iri=True)),
    (GTM, RDFS + "label", Value("Guatemala", language="es")),
    (GTM, SKOS + "altLabel", Value("República de Guatemala", language="es")),
    (GTM, SKOS + "altLabel", Value("Guatemala", language="pt")),
    (GTM, SKOS + "altLabel", Value("Goatemala", language="pt")),
    (GTM, SKOS + "altLabel", Value("GT", language="en")),
    (GTM, SKOS + "hiddenLabel", Value("GT", language="es")),
    (GTM, SKOS + "hiddenLabel", Value("Guate", language="es")),
    (GTM, SKOS + "notation", Value("320")),
    (GTM, CG + "iso3", Value("GTM")),
    (GTM, CG + "memberOf", Value(RCM, is_iri=True)),
    (GTM, CG + "membership", Value(NAMES.id("membership", "rcm-GTM"), is_iri=True)),
    (GTM, CG + "order", Value("3")),
    (GTM, PREFIXES["schema"] + "sameAs", Value("http://www.wikidata.org/entity/Q774", is_iri=True)),
    (RCM, RDF + "type", Value(CG + "ConsultativeProcess", is_iri=True)),
    (RCM, RDFS + "label", Value("CRM", language="es")),
]


def test_a_thing_has_its_names_its_codes_and_what_is_said_of_it() -> None:
    things = read_entities(ROWS, {GTM: {"es": "Guatemala"}}, NAMES)
    thing = things[GTM]
    assert thing.kinds == (CG + "State",)
    assert thing.labels == {"es": "Guatemala"}
    assert set(thing.names) == {"Guatemala", "República de Guatemala", "Goatemala", "GT", "Guate"}
    assert thing.given == {"GT": {"es"}, "Guate": {"es"}}
    assert thing.never_own == {"Guate"}
    assert thing.foreign == {"Goatemala"}
    assert {"320", "GTM", "Q774", GTM, "country/GTM"} <= set(thing.codes)
    assert thing.values[CG + "memberOf"] == (Value(RCM, is_iri=True),)
    assert CG + "membership" not in thing.values
    assert CG + "order" not in thing.values
    assert kinds_of(things) == (CG + "State", CG + "ConsultativeProcess")


def test_a_goal_or_target_has_its_number_with_what_people_write_before_it() -> None:
    target = "http://metadata.un.org/sdg/10.7"
    rows = [
        (target, RDF + "type", Value("http://metadata.un.org/sdg/ontology#Target", is_iri=True)),
        (target, SKOS + "notation", Value("10.7")),
    ]
    assert {"10.7", "SDG 10.7", "ODS 10.7", "Target 10.7", "Meta 10.7"} <= set(
        read_entities(rows, {}, NAMES)[target].codes
    )
