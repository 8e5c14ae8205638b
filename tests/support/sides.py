"""The real dataset with two more plans, and decisions about their correspondences with the first plan."""

import shutil
from pathlib import Path

from pyoxigraph import RdfFormat, Store
from rdflib import Dataset, URIRef

from crmgraph.building.parts import as_n_quads
from crmgraph.checks.plans import background
from crmgraph.decisions import Decision, write_decisions
from crmgraph.describing import describe_plan
from crmgraph.describing.links import describe_decisions
from crmgraph.describing.vocabulary import add_triples, fallback_labels
from crmgraph.files import resource
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.reading import Plan, read_plan
from crmgraph.store import STORE
from tests.support.phrases import HEADINGS

LED, GUEST_LED = "sur", "norte"
"""The plan whose decisions have the first plan as subject, and the plan whose decisions have itself as subject."""
_NAMES = Names()
_OBJECTIVES = ("Combatir el tráfico", "Asegurar la protección consular", "Cuidar las fronteras")
_WITHIN = f"""
PREFIX cg: <{ONTOLOGY}#> PREFIX dcterms: <http://purl.org/dc/terms/>
INSERT {{ GRAPH <{_NAMES.graph("inferred")}> {{ ?part cg:within ?plan }} }}
WHERE {{ GRAPH ?graph {{ ?part dcterms:isPartOf+ ?plan . ?plan a cg:Plan }} }}"""
"""Adds the inferred triples that the tests query."""
_CELLS = [cell for n, text in enumerate(_OBJECTIVES, 1) for cell in ("Cooperación", f"{n}. {text}", "", "", "2027")]


def decided_store(place: Path, built: Path) -> Path:
    """Copy the store of the built dataset into the folder `place`, add two plans and decisions, and return its folder.

    For each new plan, crm/pgm/3 is broader than its first objective, and crm/pgm/4 does not correspond to it. Nothing
    in one new plan corresponds to crm/pgm/9; nothing in crm corresponds to the second objective of the other.
    """
    plans = {"crm": read_plan(resource("data") / "source" / "crm.txt", "crm")}
    for name in (LED, GUEST_LED):
        text = f"Plan del {name}\n" + "".join(f"\t{cell}\n" for cell in (*HEADINGS, *_CELLS))
        (place / f"{name}.txt").write_text(text, encoding="utf-8")
        plans[name] = read_plan(place / f"{name}.txt", name)
    known = background(_NAMES)
    for plan in plans.values():
        for graph in describe_plan(plan, known).graphs():
            add_triples(known.dataset, str(graph.identifier), graph)
    files = []
    for name in (LED, GUEST_LED):
        broad = _decision(plans, f"{name}/1", "crm/pgm/3", "broad")
        refused = _decision(plans, f"{name}/1", "crm/pgm/4", "no")
        if name == LED:
            nothing = _decision(plans, "crm/pgm/9", f"{name}/1", "").without_counterpart
            said = [broad.inverse, refused.inverse, nothing]
        else:
            said = [broad, refused, _decision(plans, f"{name}/2", "crm/pgm/9", "").without_counterpart]
        files.append(place / f"{name}.sssom.tsv")
        write_decisions(files[-1], said)
    describe_decisions(files, plans, known.dataset, _NAMES)
    folder = place / STORE
    shutil.copytree(built / STORE, folder)
    store = Store(folder)
    added = _added(known.dataset)
    add_triples(added, _NAMES.graph("inferred"), fallback_labels(added))
    store.load(as_n_quads(added).encode(), RdfFormat.N_QUADS)
    store.update(_WITHIN)
    store.flush()
    return folder


def _decision(plans: dict[str, Plan], subject: str, object: str, decided: str) -> Decision:
    labels = {f"{plan.id}/{part.id}": part.text for plan in plans.values() for part, _ in plan.walk()}
    return Decision(
        _NAMES.id("plan", subject), labels[subject], _NAMES.id("plan", object), labels[object], 0.2,
        decided=decided, author="Ana", date="2026-11-27",
    )  # fmt: skip


def _added(dataset: Dataset) -> Dataset:
    """Return the graphs that the new plans and the decisions add to the built dataset."""
    added = Dataset()
    for graph in ("plan", "source"):
        for name in (LED, GUEST_LED):
            add_triples(added, _NAMES.graph(graph, name), dataset.graph(URIRef(_NAMES.graph(graph, name))))
    add_triples(added, _NAMES.graph("links"), dataset.graph(URIRef(_NAMES.graph("links"))))
    return added
