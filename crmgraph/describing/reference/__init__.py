"""The curated tables of States, bodies, networks, processes, instruments and meetings, as RDF.

A row is a thing, and the sources of the row are the dcterms:source of that thing; who takes part in a process is a
thing of its own, a cg:Membership, since each such statement has its own source. A source is always an IRI: a web page,
or where there is none to cite, `id/source/…`, which has labels. What sources disagree on is a cg:Statement for each.
"""

from pathlib import Path

from rdflib import Dataset, URIRef

from crmgraph.describing.columns import LAYOUTS
from crmgraph.describing.reference.agents import describe_actor, describe_network
from crmgraph.describing.reference.claims import describe_claims
from crmgraph.describing.reference.hand import Hand
from crmgraph.describing.reference.instruments import describe_instrument
from crmgraph.describing.reference.labels import Labels
from crmgraph.describing.reference.meetings import describe_meeting
from crmgraph.describing.reference.plans import describe_plan_record
from crmgraph.describing.reference.processes import describe_membership, describe_presidency, describe_process
from crmgraph.describing.reference.sdg import describe_agenda, describe_goal_or_target
from crmgraph.describing.reference.states import describe_place, describe_source, describe_state
from crmgraph.describing.tables import Row, check_files, read_table
from crmgraph.namespaces import Names

__all__ = ["describe_reference"]

Tables = dict[str, tuple[Row, ...]]

_KINDS = {
    "sources": ("source", "id"),
    "states": ("country", "iso3"),
    "places": ("place", "id"),
    "actors": ("actor", "id"),
    "organisations": ("actor", "id"),
    "networks": ("network", "id"),
    "processes": ("process", "id"),
}
"""The tables whose rows other rows may name, with the first part and the column of the second part of their paths."""

_THINGS = {
    "sources": describe_source,
    "states": describe_state,
    "places": describe_place,
    "actors": describe_actor,
    "organisations": describe_actor,
    "networks": describe_network,
    "instruments": describe_instrument,
    "meetings": describe_meeting,
    "plans": describe_plan_record,
    "sdg": describe_goal_or_target,
}
"""How a row of each table in the graph `reference` is described."""


def describe_reference(folder: Path, names: Names) -> Dataset:
    """The graphs `reference` and `processes` (consultative processes and who takes part) from the tables in `folder`.

    Raises TableError where a row cannot be used, or names a thing that no table has, or a file is none of the tables.
    """
    check_files(folder, (name for name, _, _ in LAYOUTS))
    dataset = Dataset()
    tables = {name: read_table(folder / f"{name}.csv", columns, key) for name, columns, key in LAYOUTS}
    known = _known(tables)
    things = Hand(dataset.graph(URIRef(names.graph("reference"))), names, known)
    forums = Hand(dataset.graph(URIRef(names.graph("processes"))), names, known)
    for table, describe in _THINGS.items():
        for row in tables[table]:
            describe(things, row)
    describe_agenda(things)
    for row in tables["processes"]:
        describe_process(forums, row)
    labels = Labels(dataset)
    for row in tables["memberships"]:
        describe_membership(forums, row, labels)
    for row in tables["presidencies"]:
        describe_presidency(forums, row, labels)
    describe_claims(dataset, things, tables["statements"])
    return dataset


def _known(tables: Tables) -> frozenset[str]:
    """The paths that a cell may name. Raises TableError where two tables have the same one."""
    known = {"source/crm"}
    for table, (kind, column) in _KINDS.items():
        for row in tables[table]:
            path = f"{kind}/{row[column]}"
            if path in known:
                raise row.problem(column, f"another table has {path} already; keep one of the two")
            known.add(path)
    return frozenset(known)
