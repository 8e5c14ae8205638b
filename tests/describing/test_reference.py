"""The curated tables: the triples of sample rows, properties of all tables, and errors about invalid cells."""

import csv
import re
import shutil
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest
from babel import Locale
from rdflib import DCTERMS, OWL, RDF, RDFS, SDO, SKOS, XSD, BNode, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.describing.tables import describe_reference, read_mappings, read_table
from crmgraph.describing.vocabulary import CG, read_ontology, statement_iri
from crmgraph.errors import TableError
from crmgraph.files import resource
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.reading.languages import key
from tests.support.phrases import phrases, rows_of

NAMES = Names()
FOLDER = resource("data") / "reference"
LAYOUT = {name: (mapping.columns, mapping.key) for name, mapping in read_mappings(FOLDER).items()}


@cache
def dataset() -> Dataset:
    return describe_reference(FOLDER, NAMES)


@cache
def everything() -> Graph:
    return reference() + forums()


@cache
def reference() -> Graph:
    return dataset().graph(URIRef(NAMES.graph("reference")))


@cache
def forums() -> Graph:
    return dataset().graph(URIRef(NAMES.graph("processes")))


def rows(table: str, folder: Path = FOLDER) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def thing(path: str) -> URIRef:
    return URIRef(NAMES.id(*path.split("/")))


def texts(subject: Node, predicate: URIRef, language: str) -> list[str]:
    return sorted(str(o) for o in everything().objects(subject, predicate) if getattr(o, "language", None) == language)


def values_of(path: str) -> dict[str, set[str]]:
    """Return the values of a thing by the local name of the property, without base IRIs and with language tags."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for predicate, value in everything().predicate_objects(thing(path)):
        name = re.split(r"[#/]", str(predicate))[-1]
        text = str(value).removeprefix(NAMES.id("")).removeprefix(f"{ONTOLOGY}/").removeprefix(f"{ONTOLOGY}#")
        found[name].add(f"{text}@{value.language}" if isinstance(value, Literal) and value.language else text)
    return dict(found)


def test_a_row_of_each_table_as_statements() -> None:
    # Nothing is said of what is not known.
    for path, name, values in rows_of("reference_rows"):
        assert (thing(path), RDF.type, None) in everything(), path
        assert values_of(path).get(name, set()) == set(phrases(values)), (path, name)


def test_every_row_is_in_the_graph() -> None:
    def count(*classes: URIRef) -> int:
        return sum(1 for class_ in classes for _ in everything().subjects(RDF.type, class_))

    for table, classes in {
        "states": (CG.State,), "places": (CG.Place,), "networks": (CG.Network,), "instruments": (CG.Instrument,),
        "meetings": (CG.Meeting,), "processes": (CG.ConsultativeProcess,), "memberships": (CG.Membership,),
        "presidencies": (CG.Presidency,), "sources": (DCTERMS.BibliographicResource,),
    }.items():  # fmt: skip
        assert count(*classes) == len(rows(table)) > 0, table
    assert count(CG.Organ, CG.Organisation, CG.AgentGroup) == len(rows("actors")) + len(rows("organisations"))
    for predicate, role in ((CG.member, "member"), (CG.observer, "observer")):
        assert set(forums().subject_objects(predicate)) == {
            (thing(f"process/{row['process']}"), thing(row["agent"]))
            for row in rows("memberships")
            if row["role"] == role
        }


def test_labels_notes_and_sources() -> None:
    things = set(everything().subjects(RDF.type))
    statements = set(everything().subjects(RDF.type, CG.Statement))
    # What a plan is called stands beside its text.
    plans = set(everything().subjects(CG.planOf))
    assert plans == {thing(f"plan/{file.stem}") for file in (resource("data") / "source").glob("*.txt")}
    described = set(everything().subjects())
    assert described - plans == things - plans
    bibliography = set(everything().subjects(RDF.type, DCTERMS.BibliographicResource))
    for subject in things:
        if subject not in statements | plans:
            assert [len(texts(subject, RDFS.label, language)) for language in ("es", "en")] == [1, 1], subject
        assert subject in bibliography or list(everything().objects(subject, DCTERMS.source)), subject
        assert len(texts(subject, SKOS.note, "es")) == len(texts(subject, SKOS.note, "en")), subject
    ours = {s for s in everything().objects(None, DCTERMS.source) if str(s).startswith(NAMES.id("source", ""))}
    assert ours == bibliography | {thing("source/crm")}
    pointed = {o for o in everything().objects() if isinstance(o, URIRef) and str(o).startswith(NAMES.id(""))}
    assert pointed - described == {thing("source/crm")}
    links = list(everything().subject_objects(SDO.sameAs))
    assert len({other for _, other in links}) == len(links) > 600
    seen = Counter(
        (str(label), getattr(label, "language", None))
        for class_ in (CG.Membership, CG.Presidency)
        for membership in forums().subjects(RDF.type, class_)
        for label in forums().objects(membership, RDFS.label)
    )
    assert set(seen.values()) == {1}, "no two memberships look alike"


def test_terms_and_nodes() -> None:
    defined = set(read_ontology(resource("ontology")).subjects())
    for subject, predicate, value in everything():
        assert not isinstance(subject, BNode)
        assert not isinstance(value, BNode)
        assert predicate != OWL.sameAs
        assert not str(predicate).startswith(str(SKOS)) or not str(predicate).endswith("Match")
        assert not (isinstance(value, Literal) and "|" in value), "several values are not read as one"
        for term in (predicate, value):
            assert not str(term).startswith(ONTOLOGY) or term in defined, term
    of_forums = {CG.ConsultativeProcess, CG.Membership, CG.Presidency}
    assert set(forums().objects(None, RDF.type)) == {*of_forums, CG.Statement}
    assert not set(reference().objects(None, RDF.type)) & of_forums


def test_names_are_of_one_thing() -> None:
    found: defaultdict[str, set[Node]] = defaultdict(set)
    for predicate in (RDFS.label, SKOS.altLabel):
        for subject, name in everything().subject_objects(predicate):
            assert not str(name).startswith(("la ", "los ", "las ", "el ", "the "))
            assert "*" not in str(name)
            if isinstance(name, Literal) and name.language == "es":
                found[name.casefold()].add(subject)
    assert {name: things for name, things in found.items() if len(things) > 1} == {}
    for state in reference().subjects(RDF.type, CG.State):
        names = [name for way in (RDFS.label, SKOS.altLabel) for name in reference().objects(state, way)]
        ours = {key(str(name)) for name in names if getattr(name, "language", None) in ("es", "en")}
        others = {key(str(name)) for name in names if getattr(name, "language", None) not in ("es", "en")}
        assert not ours & others, "another language has names of its own only where they are other names"
    # What two States are called is noted with the one whose name it is not.
    for code, short in (("COD", "Congo"), ("GNQ", "Guinea")):
        assert texts(thing(f"country/{code}"), SKOS.hiddenLabel, "es") == [short]


def test_cldr_says_each_name_that_is_credited_to_it() -> None:
    cldr, seen = thing("source/cldr"), 0
    for state in reference().subjects(RDF.type, CG.State):
        code = str(reference().value(state, CG.iso2))
        own = {reference().value(each, RDF.object): each for each in reference().subjects(RDF.subject, state)}
        for predicate in (RDFS.label, SKOS.altLabel):
            for name in reference().objects(state, predicate):
                assert isinstance(name, Literal)
                inherited = predicate == RDFS.label and (state, DCTERMS.source, cldr) in reference()
                if (own[name], DCTERMS.source, cldr) in reference() if name in own else inherited:
                    spoken = {"pt": ("pt", "pt_PT")}.get(str(name.language), (str(name.language),))
                    assert str(name) in {Locale.parse(each).territories[code] for each in spoken}, (code, name)
                    seen += 1
    assert seen > 600


def claims(path: str, predicate: URIRef) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for statement in everything().subjects(RDF.subject, thing(path)):
        if (statement, RDF.predicate, predicate) in everything():
            value = everything().value(statement, RDF.object)
            rank = "preferred" if (thing(path), predicate, value) in everything() else "alternative"
            found[rank].add(str(value).removeprefix(NAMES.id("")).removeprefix(f"{ONTOLOGY}/"))
    return dict(found)


def test_what_sources_disagree_on() -> None:
    for path, predicate, preferred, alternative in rows_of("disagreements"):
        found = claims(path, URIRef(predicate))
        assert [sorted(found.get(rank, ())) for rank in ("preferred", "alternative")] == [
            phrases(preferred), phrases(alternative),
        ], path  # fmt: skip


def test_mappings_and_tables_fit() -> None:
    assert sorted(LAYOUT) == sorted(file.stem for file in FOLDER.glob("*.csv"))
    for name, (columns, keys) in LAYOUT.items():
        assert read_table(FOLDER / f"{name}.csv", columns, keys)
        names = [column.name for column in columns]
        assert len(set(names)) == len(names)
        assert keys
        assert set(keys) <= set(names)
        for column in columns:
            assert bool(column.pattern) == bool(column.hint), column.name
            match = re.fullmatch(r"(label|name|title|what|note|acronym)_(es|en)", column.name)
            assert not match or f"{match[1]}_{'en' if match[2] == 'es' else 'es'}" in names, "said in both languages"
        assert {column.name: column.required for column in columns}.get("source_url", False) is (
            name not in ("annotators", "sources")
        )
        content = (FOLDER / f"{name}.csv").read_bytes()
        assert content.endswith(b"\n")
        assert b"\r" not in content
        assert not content.startswith(b"\xef\xbb\xbf")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the tables, with few memberships, as these take most of the time."""
    copy = Path(shutil.copytree(FOLDER, tmp_path / "reference"))
    file = copy / "memberships.csv"
    head, *lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text(head + "".join(each for each in lines if each.startswith(("rcm,", "almaty,"))), encoding="utf-8")
    return copy


def change(folder: Path, table: str, line: int, cells: dict[str, str]) -> None:
    file = folder / f"{table}.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.reader(stream))
    for name, cell in cells.items():
        lines[line - 1][lines[0].index(name)] = cell
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(lines)


def build_error(folder: Path, table: str) -> TableError | None:
    """Return the error of a build with the tables, if any. The changed table is read first, which is quick."""
    try:
        read_table(folder / f"{table}.csv", *LAYOUT[table])
        describe_reference(folder, NAMES)
    except TableError as error:
        return error
    return None


def test_a_wrong_cell_is_named(folder: Path) -> None:
    def cells(text: str) -> dict[str, str]:
        return dict(each.split("=", 1) for each in text.replace(";", "|").split(", "))

    for case in rows_of("wrong_cells"):
        table, row, changed, column, words = case
        [line] = [n for n, each in enumerate(rows(table, folder), 2) if cells(row).items() <= each.items()]
        before = (folder / f"{table}.csv").read_bytes()
        change(folder, table, line, cells(changed))
        error = build_error(folder, table)
        (folder / f"{table}.csv").write_bytes(before)
        assert error is not None, case
        assert error.place is not None
        assert error.place.file == folder / f"{table}.csv"
        # Which of the rows that disagree is named does not matter.
        assert error.place.line == line or column == "rank", case
        assert error.place.column is not None
        assert LAYOUT[table][0][error.place.column - 1].name == column, case
        assert words in error.message, case


def test_claims_that_do_not_fit_the_tables(folder: Path) -> None:
    def line(table: str, **cells: str) -> int:
        [found] = [n for n, each in enumerate(rows(table, folder), 2) if cells.items() <= each.items()]
        return found

    preferred, other = (line("statements", subject="process/sacm", value=year) for year in ("2000", "1999"))
    change(folder, "processes", line("processes", id="sacm"), {"since_year": "1999"})
    assert '"2000" is preferred, but the table of its thing has 1999' in str(build_error(folder, "statements"))
    change(folder, "processes", line("processes", id="sacm"), {"since_year": "2000"})
    change(folder, "statements", other, {"rank": "preferred"})
    change(folder, "statements", preferred, {"rank": "alternative"})
    assert '"2000" is an alternative, but the value in the table of its thing' in str(build_error(folder, "statements"))
    # What nobody says otherwise needs no claim.
    file = folder / "statements.csv"
    file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    without = describe_reference(folder, NAMES)
    assert not list(without.quads((None, RDF.predicate, CG.since, None)))
    assert list(without.quads((thing("process/sacm"), CG.since, None, None)))


def test_tables_that_are_missing_or_not_in_order(folder: Path) -> None:
    for table, (columns, _) in sorted(LAYOUT.items()):
        file = folder / f"{table}.csv"
        whole = file.read_text(encoding="utf-8")
        lines = whole.splitlines(keepends=True)
        for text, says in (
            ("".join([*lines, lines[1]]), "is already in line 2; keep one of the two"),
            ("".join([lines[0], lines[1].replace("\n", ",\n")]), f"line 2, column {len(columns) + 1}: the row has"),
        ):
            file.write_text(text, encoding="utf-8")
            assert says in str(build_error(folder, table)), table
        file.unlink()
        with pytest.raises(TableError, match=rf"{table}\.csv: cannot be read"):
            describe_reference(folder, NAMES)
        file.write_text(whole, encoding="utf-8")


def test_a_table_is_a_file_and_its_mapping(tmp_path: Path) -> None:
    shutil.copytree(FOLDER / "mappings", tmp_path / "mappings", ignore=shutil.ignore_patterns("*.rq"))
    mapping = tmp_path / "mappings" / "books.rq"
    shutil.copy(Path(__file__).with_name("books.rq"), mapping)
    table = tmp_path / "books.csv"
    head = "id,name_es,alt_es,date,after,source_url\n"
    table.write_text(f"{head}a,Uno,Un|Una,1996-03,,https://example.org/a|source/crm\nb,Dos,,,a,source/crm\n")
    graph = describe_reference(tmp_path, NAMES).graph(URIRef(NAMES.graph("reference")))
    page, said = URIRef("https://example.org/a"), (thing("book/a"), RDFS.label, Literal("Uno", "es"))
    assert set(graph.predicate_objects(thing("book/a"))) == {
        (RDFS.label, Literal("Uno", "es")), (SKOS.altLabel, Literal("Un", "es")), (SKOS.altLabel, Literal("Una", "es")),
        (DCTERMS.date, Literal("1996-03", datatype=XSD.gYearMonth)), (DCTERMS.source, page),
        (DCTERMS.source, thing("source/crm")), (SKOS.note, statement_iri(NAMES, *said, page)),
    }  # fmt: skip
    assert graph.value(thing("book/b"), CG.after) == thing("book/a")
    table.write_text(f"{head}a,Uno,,,,source/crm\nb,Dos,,,a|b,source/crm\n")
    with pytest.raises(TableError, match=r"books\.csv, line 3, column 5: after: b comes after itself \(a\|b\)"):
        describe_reference(tmp_path, NAMES)
    for text, says in (("CONSTRUCT {", "this is not SPARQL"), ("#+ columns: [", "this is not YAML")):
        mapping.write_text(mapping.read_text(encoding="utf-8").replace("CONSTRUCT {", text, 1), encoding="utf-8")
        mapping.write_text(text if "YAML" in says else mapping.read_text(encoding="utf-8") + "}", encoding="utf-8")
        with pytest.raises(TableError, match=says):
            describe_reference(tmp_path, NAMES)
