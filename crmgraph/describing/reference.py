"""The curated tables of States, bodies, networks, processes and instruments, as RDF.

A row is a thing, and the sources of the row are the dcterms:source of that thing; who takes part in a process is a
thing of its own, a cg:Membership, since each such statement has its own source. A source is always an IRI: a web page,
or where there is none to cite, `id/source/…`, which has labels.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rdflib import DCTERMS, FOAF, ORG, RDF, RDFS, SDO, SKOS, XSD, Dataset, Graph, Literal, URIRef

from crmgraph.describing.columns import (
    ACTORS,
    INSTRUMENTS,
    MEMBERSHIPS,
    NETWORKS,
    PROCESSES,
    SOURCES,
    STATES,
)
from crmgraph.describing.tables import Row, read_table
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import ONTOLOGY, Names

__all__ = ["describe_reference"]

_AGENT_CLASSES = {"organ": CG.Organ, "organisation": CG.Organisation, "group": CG.AgentGroup}
_UNDERTAKINGS = ("fund", "programme")
_DATE_TYPES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
_DIRECT = {"member": CG.member, "observer": CG.observer}
_CAPACITIES = {
    "participant": {"es": "participante", "en": "participant"},
    "observer": {"es": "observador", "en": "observer"},
    "partner": {"es": "colaborador", "en": "partner"},
    "secretariat": {"es": "secretaría", "en": "secretariat"},
}
_OURS = {
    "es": ("El título en español es una traducción de crmgraph.", "The Spanish title is a translation by crmgraph."),
    "en": ("El título en inglés es una traducción de crmgraph.", "The English title is a translation by crmgraph."),
}


def describe_reference(folder: Path, names: Names) -> Dataset:
    """The graphs `reference` and `processes` (consultative processes and who takes part) from the tables in `folder`.

    Raises TableError where a row cannot be used, or names a thing that no table has.
    """
    dataset = Dataset()
    reference = dataset.graph(URIRef(names.graph("reference")))
    processes = dataset.graph(URIRef(names.graph("processes")))
    tables = {
        name: read_table(folder / f"{name}.csv", columns, key)
        for name, columns, key in (SOURCES, STATES, ACTORS, NETWORKS, PROCESSES, INSTRUMENTS, MEMBERSHIPS)
    }
    known = {f"source/{row['id']}" for row in tables["sources"]} | {"source/crm"}
    known |= {f"country/{row['iso3']}" for row in tables["states"]}
    for kind, table in (("actor", "actors"), ("network", "networks"), ("process", "processes")):
        known |= {f"{kind}/{row['id']}" for row in tables[table]}
    things, forums = _Describer(reference, names, known), _Describer(processes, names, known)
    for row in tables["sources"]:
        things.source(row)
    for row in tables["states"]:
        things.state(row)
    for row in tables["actors"]:
        things.agent(row, "actor", _AGENT_CLASSES[row["kind"]])
    for row in tables["networks"]:
        things.network(row)
    for row in tables["instruments"]:
        things.instrument(row)
    for row in tables["processes"]:
        forums.process(row)
    for row in tables["memberships"]:
        forums.membership(row, dataset)
    return dataset


@dataclass(frozen=True)
class _Describer:
    """Writes rows into a graph. `known` are the things that a cell may name, such as `country/MEX`."""

    graph: Graph
    names: Names
    known: set[str]

    def source(self, row: Row) -> None:
        subject = self._start(row, "source", row["id"], DCTERMS.BibliographicResource)
        self._say(row, subject, RDFS.label, "label")
        if row["url"]:
            self.graph.add((subject, FOAF.page, URIRef(row["url"])))

    def state(self, row: Row) -> None:
        subject = self._start(row, "country", row["iso3"], CG.State)
        self._say(row, subject, RDFS.label, "name")
        self._say(row, subject, SKOS.altLabel, "alt")
        for code in ("iso2", "iso3", "m49"):
            self.graph.add((subject, CG[code], Literal(row[code])))
            self.graph.add((subject, SKOS.notation, Literal(row[code])))
        for same in (
            f"http://www.wikidata.org/entity/{row['wikidata']}",
            f"https://sws.geonames.org/{row['geonames']}/",
            row["eu_authority"],
        ):
            self.graph.add((subject, SDO.sameAs, URIRef(same)))

    def network(self, row: Row) -> None:
        subject = self.agent(row, "network", CG.Network)
        for member in row.values("members"):
            self.graph.add((subject, CG.member, self._thing(row, "members", member)))

    def agent(self, row: Row, kind: str, class_: URIRef) -> URIRef:
        subject = self._start(row, kind, row["id"], class_)
        self._names_and_description(row, subject)
        if row["process"]:
            self.graph.add((subject, CG.bodyOf, self._thing(row, "process", f"process/{row['process']}")))
        return subject

    def process(self, row: Row) -> None:
        subject = self._start(row, "process", row["id"], CG.ConsultativeProcess)
        self._names_and_description(row, subject)
        self._since(row, subject)

    def instrument(self, row: Row) -> None:
        subject = self._start(row, "instrument", row["id"], CG.Instrument)
        if row["kind"] in _UNDERTAKINGS:
            self.graph.add((subject, RDF.type, CG.Undertaking))
        self._say(row, subject, RDFS.label, "title")
        self._say(row, subject, SKOS.altLabel, "alt")
        self._say(row, subject, SKOS.note, "note")
        for language, notes in _OURS.items():
            if row[f"title_{language}_by"]:
                for note, note_language in zip(notes, _OURS, strict=True):
                    self.graph.add((subject, SKOS.editorialNote, Literal(note, note_language)))
            else:
                self.graph.add((subject, DCTERMS.title, Literal(row[f"title_{language}"], language)))
        self.graph.add((subject, CG.instrumentKind, URIRef(f"{ONTOLOGY}/instrument-kind#{row['kind']}")))
        self.graph.add((subject, CG.confidence, URIRef(f"{ONTOLOGY}/confidence#{row['confidence']}")))
        if row["date"]:
            self.graph.add((subject, DCTERMS.date, _date(row)))
        for state in row.values("parties"):
            self.graph.add((subject, CG.party, self._thing(row, "parties", f"country/{state}")))
        if row["adopted_by"]:
            self.graph.add((subject, CG.adoptedBy, self._thing(row, "adopted_by", row["adopted_by"])))

    def membership(self, row: Row, labels: Dataset) -> None:
        """A cg:Membership, and for members and observers the statement without it. `labels` has those of both ends.

        Its label says in which capacity, but for members. Agent and role are said with the terms of ORG too.
        """
        process = self._thing(row, "process", f"process/{row['process']}")
        agent = self._thing(row, "agent", row["agent"])
        role = row["role"]
        path = "-".join((row["process"], row["agent"].partition("/")[2], *(() if role == "member" else (role,))))
        subject = self._start(row, "membership", path, CG.Membership)
        for language in ("es", "en"):
            label = " – ".join(_label(labels, end, language) for end in (agent, process))
            if role in _CAPACITIES:
                label += f" ({_CAPACITIES[role][language]})"
            self.graph.add((subject, RDFS.label, Literal(label, language)))
        self.graph.add((subject, CG.process, process))
        for whose in (CG.agent, ORG.member):
            self.graph.add((subject, whose, agent))
        self.graph.add((agent, CG.membership, subject))
        for which in (CG.role, ORG.role):
            self.graph.add((subject, which, URIRef(f"{ONTOLOGY}/membership-role#{role}")))
        self._since(row, subject)
        if role in _DIRECT:
            self.graph.add((process, _DIRECT[role], agent))

    def _start(self, row: Row, kind: str, id_: str, class_: URIRef) -> URIRef:
        subject = URIRef(self.names.id(kind, id_))
        self.graph.add((subject, RDF.type, class_))
        for source in row.values("source_url") if kind != "source" else ():
            iri = URIRef(source) if "://" in source else self._thing(row, "source_url", source)
            self.graph.add((subject, DCTERMS.source, iri))
        return subject

    def _thing(self, row: Row, column: str, path: str) -> URIRef:
        if path not in self.known:
            raise row.problem(column, f"no table has {path}; add its row there, or correct this cell")
        return URIRef(self.names.id(*path.split("/")))

    def _names_and_description(self, row: Row, subject: URIRef) -> None:
        for predicate, column in (
            (RDFS.label, "label"),
            (SKOS.altLabel, "acronym"),
            (SKOS.altLabel, "alt"),
            (SKOS.hiddenLabel, "hidden"),
            (DCTERMS.description, "what"),
        ):
            self._say(row, subject, predicate, column)
        for acronym in {row["acronym_es"], row["acronym_en"]} - {""}:
            self.graph.add((subject, SKOS.notation, Literal(acronym)))
        if row["page_url"]:
            self.graph.add((subject, FOAF.page, URIRef(row["page_url"])))

    def _say(self, row: Row, subject: URIRef, predicate: URIRef, column: str) -> None:
        """What the columns `…_es` and `…_en` say, as far as the table has them."""
        for language in ("es", "en"):
            name = f"{column}_{language}"
            if name in row:
                for value in row.values(name):
                    self.graph.add((subject, predicate, Literal(value, language)))

    def _since(self, row: Row, subject: URIRef) -> None:
        if row["since_year"]:
            self.graph.add((subject, CG.since, Literal(row["since_year"], datatype=XSD.gYear)))


def _date(row: Row) -> Literal:
    text = row["date"]
    datatype = _DATE_TYPES[len(text)]
    if datatype == XSD.date:
        try:
            date.fromisoformat(text)
        except ValueError:
            raise row.problem("date", f"there is no day {text}") from None
    return Literal(text, datatype=datatype)


def _label(labels: Dataset, thing: URIRef, language: str) -> str:
    return next(
        str(label)
        for _, _, label, _ in labels.quads((thing, RDFS.label, None, None))
        if isinstance(label, Literal) and label.language == language
    )
