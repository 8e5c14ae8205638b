"""A small handwritten background of reference data, and small plans to be described with it."""

from pathlib import Path

from rdflib import PROV, RDF, RDFS, SKOS, Dataset, Graph, Literal, Namespace, URIRef

from crmgraph.describing import Background
from crmgraph.describing.annotations import Things
from crmgraph.describing.tables import read_mappings
from crmgraph.describing.vocabulary import CG
from crmgraph.extraction import Gazetteer
from crmgraph.files import resource
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names
from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.model import Source
from tests.support.cases import cases
from tests.support.phrases import HEADINGS

NAMES = Names()
STATUS = Namespace(PREFIXES["status"])

_NAMED = (CG.Organisation, CG.Organ, CG.Network, CG.State, CG.Place, CG.Meeting)


def made_background(annotations: Path) -> Background:
    """Return a background of a few things and concepts; `annotations` has a folder for each plan."""
    dataset = Dataset()
    reference = dataset.graph(URIRef(NAMES.graph("reference")))
    for path, class_, spanish, english, acronym_es, acronym_en in cases("support/things"):
        thing = URIRef(NAMES.id(*path.split("/")))
        reference.add((thing, RDF.type, PROV.Agent if class_ == "Agent" else CG[class_]))
        reference.add((thing, RDFS.label, Literal(spanish, "es")))
        reference.add((thing, RDFS.label, Literal(english, "en")))
        for acronym, language in ((acronym_es, "es"), (acronym_en, "en")):
            if acronym:
                reference.add((thing, SKOS.altLabel, Literal(acronym, language)))
                reference.add((thing, SKOS.notation, Literal(acronym)))
    ontology = dataset.graph(URIRef(NAMES.graph("ontology")))
    statuses = Graph()
    for scheme, name, spanish, english in cases("support/concepts"):
        concept = URIRef(f"{ONTOLOGY}/{scheme}#{name}")
        for triple in (
            (concept, RDF.type, SKOS.Concept),
            (concept, SKOS.inScheme, URIRef(f"{ONTOLOGY}/{scheme}")),
            (concept, SKOS.prefLabel, Literal(spanish, "es")),
            (concept, SKOS.prefLabel, Literal(english, "en")),
        ):
            ontology.add(triple)
            if scheme == "status":
                statuses.add(triple)
    uses = f"{ONTOLOGY}/instrument-use#"
    ontology.add((URIRef(f"{uses}cited"), SKOS.broader, URIRef(f"{uses}reliance")))
    return Background(
        dataset,
        Things(dataset, NAMES),
        networks=Gazetteer(reference, (CG.Network,)),
        statuses=Gazetteer(statuses),
        gazetteer_for=lambda language: Gazetteer(reference, _NAMED, (language,)),
        annotations=annotations,
        mappings=read_mappings(resource("data") / "annotations"),
        sources=annotations,
        names=NAMES,
    )


def made_plan(*rows: tuple[str, str, str, str, str], id: str = "made", title: str = "PLAN DE ACCION") -> Plan:
    """Return the plan in a table of these rows, each of five cells."""
    cells = (cell for row in (HEADINGS, *rows) for cell in row)
    return read_plan_text(Source(f"{title}\n\n" + "".join(f"\t{cell}\n" for cell in cells)), id)


def write_annotations(background: Background, name: str, text: str, plan: str = "made") -> Path:
    """Write the table `<name>.csv` into the annotations folder of a plan, and return its path."""
    file = background.annotations / plan / f"{name}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file
