"""What holds of all the curated tables together."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import DCTERMS, OWL, RDF, RDFS, SDO, SKOS, BNode, Dataset, Graph, Literal, URIRef

from crmgraph.describing.columns import LAYOUTS
from crmgraph.describing.naming import Lexicon
from crmgraph.describing.reference import describe_reference
from crmgraph.describing.vocabulary import CG, read_ontology
from crmgraph.errors import TableError
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.resources import resource
from tests.support.reference import COLUMNS, NAMES, change, line_of, texts, thing

FOLDER = resource("data") / "reference"
ROWS = {name: len((FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()) - 1 for name, _, _ in LAYOUTS}


@pytest.fixture(scope="module")
def lexicon(everything: Graph) -> Lexicon:
    return Lexicon(everything)


def trouble(folder: Path) -> TableError | None:
    """What stops the build, if anything."""
    try:
        describe_reference(folder, NAMES)
    except TableError as error:
        return error
    return None


def test_every_thing_has_a_label_in_both_languages_and_a_source(everything: Graph) -> None:
    things = set(everything.subjects(RDF.type, None))
    assert len(things) > 1000
    # What a plan is called stands beside its text.
    plans = set(everything.subjects(CG.planOf))
    for subject in things - set(everything.subjects(RDF.type, CG.Statement)) - plans:
        for language in ("es", "en"):
            assert len(texts(everything, URIRef(str(subject)), RDFS.label, language)) == 1, subject
    for subject in things - set(everything.subjects(RDF.type, DCTERMS.BibliographicResource)):
        assert list(everything.objects(subject, DCTERMS.source)), subject


def test_no_cell_with_several_values_is_read_as_one(everything: Graph) -> None:
    assert not [value for value in everything.objects() if isinstance(value, Literal) and "|" in value]


def test_whatever_is_described_has_a_class(reference: Graph, processes: Graph) -> None:
    described = set(reference.subjects()) | set(processes.subjects())
    # What a plan is stands beside its text; here only that it is abridged.
    plans = set(reference.subjects(CG.planOf))
    assert described - plans == set((reference + processes).subjects(RDF.type)) - plans
    assert plans - set(reference.subjects(RDF.type, CG.AbridgedPlan)) == {thing("plan/crm")}
    assert plans == {thing(f"plan/{file.stem}") for file in (resource("data") / "source").glob("*.txt")}


def test_every_source_of_ours_is_described(everything: Graph) -> None:
    ours = {s for s in everything.objects(None, DCTERMS.source) if str(s).startswith(NAMES.id("source", ""))}
    described = set(everything.subjects(RDF.type, DCTERMS.BibliographicResource))
    assert described
    assert ours == described | {thing("source/crm")}


def test_whatever_a_statement_points_to_below_our_ids_is_there(everything: Graph) -> None:
    ids = NAMES.id("")
    pointed = {o for o in everything.objects() if isinstance(o, URIRef) and str(o).startswith(ids)}
    assert pointed - set(everything.subjects()) == {thing("source/crm"), thing("annotator/crmgraph")}


def test_every_term_that_is_used_is_in_the_ontology(everything: Graph) -> None:
    defined = set(read_ontology(resource("ontology")).subjects())
    used = {term for _, *terms in everything for term in terms if str(term).startswith(ONTOLOGY)}
    assert len(used) > 40
    assert not used - defined


def test_there_are_no_blank_nodes_and_no_same_as(everything: Graph) -> None:
    for subject, predicate, object_ in everything:
        assert not isinstance(subject, BNode)
        assert not isinstance(object_, BNode)
        assert predicate != OWL.sameAs


def test_nothing_but_a_concept_is_matched_with_skos(everything: Graph) -> None:
    mappings = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
    assert not [triple for mapping in mappings for triple in everything.triples((None, mapping, None))]


def test_each_graph_holds_its_own(reference: Graph, processes: Graph) -> None:
    forums = {CG.ConsultativeProcess, CG.Membership, CG.Presidency}
    assert set(processes.objects(None, RDF.type)) == {*forums, CG.Statement}
    assert not set(reference.objects(None, RDF.type)) & forums
    assert {CG.State, CG.Place, CG.Meeting, CG.Instrument, CG.Statement} <= set(reference.objects(None, RDF.type))


def test_the_same_tables_give_the_same_statements_whatever_the_base(dataset: Dataset) -> None:
    once = set(dataset.quads())
    assert set(describe_reference(FOLDER, NAMES).quads()) == once
    moved = describe_reference(FOLDER, Names("http://localhost/"))
    assert len(set(moved.quads())) == len(once)
    assert not [quad for quad in moved.quads() if any(str(term).startswith(NAMES.id("")) for term in quad)]
    states = moved.graph(URIRef("http://localhost/graph/reference"))
    assert (URIRef("http://localhost/id/country/MEX"), RDF.type, CG.State) in states


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("Red para el Combate a la Trata", "network/red-trata"),
        ("Red de Protección Consular", "network/red-proteccion-consular"),
        ("redes de enlace", "network/redes-enlace"),
        ("cada red", "network/redes-enlace"),
        ("RROCM", "network/rrocm"),
        ("OIM", "actor/oim"),
        ("ACNUR", "actor/acnur"),
        ("Presidencia Pro Tempore", "actor/ppt"),
        ("PPT", "actor/ppt"),
        ("ST", "actor/st"),
        ("SV", "actor/sv"),
        ("GRCM", "actor/grcm"),
        ("ONG’s", "actor/organizaciones-no-gubernamentales"),
        ("líneas aéreas", "actor/aerolineas"),
        ("países miembros", "actor/paises-miembros"),
        ("CEAM", "actor/ceam"),
        ("CSM", "process/sacm"),
        ("FYBEMID", "process/fibemyd"),
        ("CRM", "process/rcm"),
        ("Proceso Puebla", "process/rcm"),
        ("XIV CRM", "meeting/crm-xiv"),
        ("Vancouver", "place/vancouver"),
        ("Estados Unidos Mexicanos", "country/MEX"),
        ("Estados Unidos de América", "country/USA"),
        ("Estados Unidos", "country/USA"),
        ("República de El Salvador", "country/SLV"),
        ("Declaración Universal de los Derechos Humanos de 1948", "instrument/udhr-1948"),
    ],
)
def test_the_names_of_the_plan_lead_to_one_thing(lexicon: Lexicon, words: str, path: str) -> None:
    source = " ".join((resource("data") / "source" / "crm.txt").read_text(encoding="utf-8").split())
    assert words in source
    assert {mention.iri for mention in lexicon.find(words)} == {str(thing(path))}


def test_no_two_things_share_a_spanish_name(everything: Graph) -> None:
    found: dict[str, set[str]] = {}
    for predicate in (RDFS.label, SKOS.altLabel):
        for subject, name in everything.subject_objects(predicate):
            if isinstance(name, Literal) and name.language == "es":
                found.setdefault(name.casefold(), set()).add(str(subject))
    assert {name: things for name, things in found.items() if len(things) > 1} == {}


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_every_table_must_be_there(folder: Path, table: str) -> None:
    (folder / f"{table}.csv").unlink()
    with pytest.raises(TableError, match=rf"{table}\.csv: cannot be read"):
        describe_reference(folder, NAMES)


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_a_row_that_comes_twice_is_refused(folder: Path, table: str) -> None:
    file = folder / f"{table}.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([*lines, lines[1]]), encoding="utf-8")
    with pytest.raises(TableError, match="is already in line 2; keep one of the two"):
        describe_reference(folder, NAMES)


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_a_row_with_a_cell_too_many_is_refused(folder: Path, table: str) -> None:
    file = folder / f"{table}.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([lines[0], lines[1].replace("\n", ",\n"), *lines[2:]]), encoding="utf-8")
    with pytest.raises(TableError, match=rf"{table}\.csv, line 2, column {len(COLUMNS[table]) + 1}: the row has"):
        describe_reference(folder, NAMES)


def test_two_tables_may_not_have_the_same_thing(folder: Path) -> None:
    change(folder, "organisations", line_of(folder, "organisations", id="ue"), {"id": "oim"})
    with pytest.raises(TableError, match="id: another table has actor/oim already; keep one of the two"):
        describe_reference(folder, NAMES)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_cell_with_anything_in_it_can_be_used_or_is_named(folder: Path, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(COLUMNS)))
    line = data.draw(st.integers(2, ROWS[table] + 1))
    column = data.draw(st.sampled_from(COLUMNS[table]))
    text = data.draw(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12) | st.just("país/ABC|x"))
    file = folder / f"{table}.csv"
    before = file.read_bytes()
    change(folder, table, line, {column: text})
    error = trouble(folder)
    file.write_bytes(before)
    if error:
        assert error.place is not None
        assert error.place.file in {folder / f"{name}.csv" for name in COLUMNS}
        assert error.place.line
        assert error.place.column


def test_no_two_things_are_the_same_as_one_elsewhere_and_each_link_has_a_source(everything: Graph) -> None:
    links = list(everything.subject_objects(SDO.sameAs))
    assert len(links) > 600
    assert len({other for _, other in links}) == len(links)
    assert all((subject, DCTERMS.source, None) in everything for subject, _ in links)
