"""Annotations of plans: strict reading of their tables, and the resulting triples."""

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import DCAT, DCTERMS, PROV, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef

from crmgraph.describing import Background, describe_plan, read_translations
from crmgraph.describing.annotations import known_documents, matching_parts, read_annotations
from crmgraph.describing.tables import describe_origin
from crmgraph.describing.vocabulary import ANALYSIS, CG, RECOGNISER, find_quote, subpassage
from crmgraph.errors import TableError
from crmgraph.extraction import Gazetteer
from crmgraph.files import resource
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading import Plan, read_plan, read_plan_text
from crmgraph.reading.languages import tidy
from crmgraph.reading.model import Origin, Passage, Source
from tests.support.backgrounds import NAMES, STATUS, made_background, made_plan, write_annotations
from tests.support.phrases import HEADINGS, rows_of

VALUES = "element,property,value,confidence,quote,occurrence,annotator\n"
PARTICIPATIONS = "element,agent,role,confidence,quote,occurrence,annotator\n"
USES = "element,instrument,use,confidence,quote,occurrence,annotator\n"
EVENTS = "id,kind,element,label_es,label_en,fulfils,date,since,places,meeting,agents,quote,occurrence,annotator\n"
TRANSLATIONS = "es,en,translator\n"
HEADERS = {"participations": PARTICIPATIONS, "instrument-uses": USES, "events": EVENTS}
PLAN = made_plan(
    ("Tema", "1. Uno", "1.1 Acción", "1.1.1 Honduras acoge, la OIM  informa según el Memorándum desde junio 2003",
     "1.1.1.1 Pendiente. La OIM informó al Foro, Vancouver"),
)  # fmt: skip


def thing(path: str) -> URIRef:
    return URIRef(NAMES.id(*path.split("/")))


ELEMENT, ENTRY = thing("plan/made/1.1.1"), thing("plan/made/1.1.1.1")


@pytest.fixture
def background(tmp_path: Path) -> Background:
    return made_background(tmp_path)


def graph_of(background: Background, plan: Plan = PLAN) -> Graph:
    return describe_plan(plan, background).graph(URIRef(NAMES.graph("plan", plan.id)))


def described(background: Background, table: str, text: str, plan: Plan = PLAN) -> Graph:
    file = write_annotations(background, table, text)
    try:
        return graph_of(background, plan)
    finally:
        file.unlink()


def passage(words: str, plan: Plan = PLAN) -> URIRef:
    start = plan.source.text.index(words)
    return thing(f"source/{plan.id}/{start}-{start + len(words)}")


def concept(name: str) -> URIRef:
    return URIRef(f"{ONTOLOGY}/{name}")


def test_a_row_is_about_a_part_and_rests_on_its_words(background: Background) -> None:
    rows = """1.1.1,actor/b,x,,OIM informa,,me
1,actor/z,x,,Uno,,crmgraph
1.1.1,actor/a,x,,OIM,1,me
1.1.1,actor/a,x,,la,,me
"""
    file = write_annotations(background, "participations", PARTICIPATIONS + rows)
    found = read_annotations(file, background.mappings["participations"], matching_parts(PLAN, PLAN))
    assert [(each.element.id, each.row["agent"], each.passage.exact) for each in found] == [
        ("1", "actor/z", "Uno"),
        ("1.1.1", "actor/a", "la"),
        ("1.1.1", "actor/a", "OIM"),
        ("1.1.1", "actor/b", "OIM  informa"),
    ], "in the order of the plan's words"


QUOTED = "La red  de\u00a0redes: México y la\n red; Me\u0301xico, la redada."
WORDS = st.lists(st.text("aáñE", min_size=1, max_size=3), min_size=1, max_size=12)


def test_quotes_are_found_whatever_the_space_and_composition() -> None:
    whole = Passage(100, 100 + len(QUOTED), QUOTED)
    for quote, occurrence, found, place in rows_of("quotes"):
        if place:
            start = 100 + int(place)
            assert find_quote(whole, quote, int(occurrence)) == Passage(start, start + len(found), found)
        else:
            with pytest.raises(ValueError, match=found):
                find_quote(whole, quote, int(occurrence))
    assert subpassage(whole, 3, 6) == Passage(103, 106, "red")
    # A name that begins within another word hides none.
    assert find_quote(Passage(0, 6, "aa a a"), "a a") == Passage(3, 6, "a a")
    assert find_quote(Passage(0, 5, "a a á"), "a á") == Passage(2, 5, "a á")


@given(WORDS, st.data(), st.booleans(), st.text(" \u00a0\n", min_size=1, max_size=2))
def test_any_words_of_a_text_are_found_in_it(words: list[str], data: st.DataObject, apart: bool, space: str) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    text = unicodedata.normalize("NFD" if apart else "NFC", space.join(words))
    quote = unicodedata.normalize("NFC", " ".join(words[start:end]))
    found = find_quote(Passage(7, 7 + len(text), text), quote)
    assert tidy(found.exact) == quote
    assert text[found.start - 7 : found.end - 7] == found.exact
    assert found.start == 7 or text[found.start - 8].isspace()
    assert found.end == 7 + len(text) or text[found.end - 7].isspace()


def test_rows_as_statements(background: Background) -> None:
    """In the expected triples, words in guillemets represent their passage. Annotations are numbered in text order."""
    prologue = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMES.prefixes().items())
    for table, rows, subject, said in rows_of("readings"):
        turtle = re.sub("«(.*?)»", lambda words: passage(words[1]).n3(), f"<{subject}> {said} .")
        expected = set(Graph().parse(data=prologue + turtle, format="turtle", publicID=NAMES.id("")))
        for lines in (rows.splitlines(keepends=True), reversed(rows.splitlines(keepends=True))):
            graph = described(background, table, HEADERS[table] + "".join(lines))
            assert set(graph.triples((thing(subject), None, None))) == expected, rows


def test_whoever_reviewed_a_row_contributed_to_what_it_says(background: Background) -> None:
    header, row = PARTICIPATIONS.replace("\n", ",reviewed_by\n"), "1.1.1,actor/oim,reports,,OIM,,crmgraph,"
    participation = thing("plan/made/1.1.1/participation-1")
    for reviewer, expected in (("", None), ("me", thing("annotator/me"))):
        graph = described(background, "participations", f"{header}{row}{reviewer}\n")
        assert graph.value(participation, DCTERMS.contributor) == expected
        assert graph.value(participation, PROV.wasAttributedTo) == thing("annotator/crmgraph")
    with pytest.raises(TableError, match="column 8: reviewed_by: no table has annotator/nobody"):
        described(background, "participations", f"{header}{row}nobody\n")


def test_a_value_is_said_directly_and_with_its_ground(background: Background) -> None:
    for table, name, cell, local, written in rows_of("values"):
        text, _, datatype = written.partition(" ")
        predicate = CG[local]
        value = Literal(text, datatype=XSD[datatype]) if datatype else URIRef(NAMES.base + text)
        graph = described(background, table, f"{VALUES}1.1.1,{name},{cell},medium,desde junio 2003,,me\n")
        assert list(graph.objects(ELEMENT, predicate)) == [value], name
        [said] = set(graph.subjects(RDF.predicate, predicate)) & set(graph.subjects(RDF.subject, ELEMENT))
        assert set(graph.predicate_objects(said)) == {
            (RDF.type, CG.Statement), (RDF.subject, ELEMENT), (RDF.predicate, predicate),
            (RDF.object, value),
            (CG.passage, passage("desde junio 2003")), (PROV.wasAttributedTo, thing("annotator/me")),
            (CG.confidence, concept("confidence#medium")),
        }  # fmt: skip
    # The same read in two places is two statements.
    rows = "1.1.1,topic,return,,Honduras,,me\n1.1.1,topic,return,,acoge,,me\n"
    graph = described(background, "topics", VALUES + rows)
    assert len(list(graph.triples((ELEMENT, CG.topic, None)))) == 1
    assert len(list(graph.subjects(RDF.predicate, CG.topic))) == 2
    # A reader goes before the words.
    assert list(graph.objects(ENTRY, CG.status)) == [STATUS.pending]
    graph = described(background, "statuses", f"{VALUES}1.1.1.1,status,continuous,,Pendiente,,me\n")
    assert list(graph.objects(ENTRY, CG.status)) == [STATUS.continuous]
    assert len(list(graph.subjects(RDF.predicate, CG.status))) == 1


def test_a_wrong_row_is_named_by_file_line_and_column(background: Background) -> None:
    for table, row, says in rows_of("wrong_annotations"):
        with pytest.raises(TableError) as caught:
            described(background, table, f"{HEADERS.get(table, VALUES)}{row}\n")
        assert says in str(caught.value), row
        assert f"{table}.csv" in str(caught.value)
    with pytest.raises(TableError, match="the header has agent where instrument belongs"):
        described(background, "instrument-uses", PARTICIPATIONS)


def statements_with(graph: Graph, *predicates: URIRef) -> set[tuple[str, str, str, str]]:
    """Return the statements with some properties: the part, the property, the value and the annotator."""
    return {
        (
            str(graph.value(said, RDF.subject)).rpartition("/made/")[2],
            str(predicate).rpartition("#")[2],
            str(graph.value(said, RDF.object) or graph.value(said, RDF.object)).rpartition("#")[2],
            str(graph.value(said, PROV.wasAttributedTo)).rpartition("/")[2],
        )
        for said, predicate in graph.subject_objects(RDF.predicate)
        if predicate in predicates
    }


def times(graph: Graph) -> set[tuple[str, str, str]]:
    found = statements_with(graph, CG.date, CG.recurrence, CG.delay, CG.since, CG.until)
    return {(name, value, by) for _, name, value, by in found}


def activity(text: str) -> Plan:
    return made_plan(("Tema", "1. Uno", "1.1 Acción", f"1.1.1 {text}", "1.1.1.1 Pendiente"))


def test_times_that_no_reader_noted_are_recognised(background: Background) -> None:
    plan = activity("Talleres durante 2010, cada seis meses, y un seminario dentro de tres años; de 2011 a 2012")
    graph = graph_of(background, plan)
    values = (("date", "2010"), ("recurrence", "P6M"), ("delay", "P3Y"), ("since", "2011"), ("until", "2012"))
    assert times(graph) == {(*each, RECOGNISER) for each in values}
    [said] = graph.subjects(RDF.object, Literal("2010", datatype=XSD.gYear))
    assert graph.value(said, CG.passage) == passage("durante 2010", plan)
    # What no calendar has is no value, but its words are kept; a period is told as it stands.
    for text, words in (
        ("Taller el 30 de febrero de 2010", "30 de febrero de 2010"),
        ("Informe, 15/13/2009", "15/13/2009"),
    ):
        graph = graph_of(background, activity(text))
        assert times(graph) == set()
        assert list(graph.objects(ELEMENT, ANALYSIS.impossibleDate)) == [passage(words, activity(text))]
    graph = graph_of(background, activity("Talleres de 2012 a 2010"))
    assert times(graph) == {("since", "2012", RECOGNISER), ("until", "2010", RECOGNISER)}
    assert list(graph.objects(ELEMENT, ANALYSIS.impossibleDate)) == []
    # Where a reader noted a time of the same words the recogniser says nothing.
    plan = activity("Retorno de niños desde junio 2003")
    graph = described(background, "times", f"{VALUES}1.1.1,date,2003,,junio 2003,,me\n", plan)
    assert times(graph) == {("date", "2003", "me")}
    graph = described(background, "times", f"{VALUES}1.1.1,recurrence,P1Y,,Retorno,,me\n", plan)
    assert times(graph) == {("recurrence", "P1Y", "me"), ("since", "2003-06", RECOGNISER)}


def test_dates_of_the_plan_itself(background: Background) -> None:
    for title, dates in rows_of("dates_of_titles"):
        cells = "".join(f"\t{cell}\n" for cell in (*HEADINGS, "Tema", "1. Uno", "1.1 Dos", "1.1.1 Tres", ""))
        plan = read_plan_text(Source(title.replace("|", "\n") + f"\n\n{cells}"), "made")
        graph, found = graph_of(background, plan), []
        for said in graph.subjects(RDF.subject, thing("plan/made")):
            if (said, RDF.predicate, CG.date) in graph:
                start, _, end = str(graph.value(said, CG.passage)).rpartition("/")[2].partition("-")
                found.append(f"{graph.value(said, RDF.object)}: {plan.source.text[int(start) : int(end)]}")
        assert ", ".join(sorted(found)) == dates, title


def test_the_words_of_a_clause_and_their_translation(background: Background) -> None:
    header = "element,property,label_en,confidence,quote,occurrence,annotator\n"
    graph = described(background, "clauses", f"{header}1.1.1,condition,by the MoU,,según el Memorándum,,me\n")
    own, english = Literal("según el Memorándum", "es"), Literal("by the MoU", "en")
    assert set(graph.objects(ELEMENT, CG.condition)) == {own, english}
    said = {graph.value(each, RDF.object): each for each in graph.subjects(RDF.predicate, CG.condition)}
    assert {(each, graph.value(node, CG.passage)) for each, node in said.items()} == {
        (each, passage("según el Memorándum")) for each in (own, english)
    }
    assert [each for each, node in said.items() if (node, RDF.type, CG.Translation) in graph] == [english]


def test_a_mention_that_its_context_explains(background: Background) -> None:
    header = "element,thing,confidence,quote,occurrence,annotator\n"
    graph = described(background, "mentions", f"{header}1.1.1.1,actor/foro,medium,Foro,,me\n")
    [mention] = graph.subjects(CG.mentioned, thing("actor/foro"))
    assert list(graph.subject_predicates(mention)) == [(ENTRY, CG.mention)]
    assert (ENTRY, CG.mentions, thing("actor/foro")) in graph
    assert set(graph.predicate_objects(mention)) == {
        (RDF.type, CG.Mention), (CG.mentioned, thing("actor/foro")),
        (CG.nameForm, concept("name-form#other-name")), (CG.nameUsed, Literal("Foro de Ministros")),
        (CG.confidence, concept("confidence#medium")), (CG.passage, passage("Foro")),
        (PROV.wasAttributedTo, thing("annotator/me")),
    }  # fmt: skip


def test_topics_where_nobody_has_read_the_plan(background: Background) -> None:
    concepts = background.dataset.graph(URIRef(NAMES.graph("ontology")))
    here = replace(background, gazetteer_for=lambda _: Gazetteer(concepts, (SKOS.Concept,)))
    plan = made_plan(
        ("Retorno", "1. Facilitar el retorno", "1.1 Cuidar a la niñez", "1.1.1 Talleres", "1.1.1.1 Continuo")
    )

    def said(graph: Graph) -> set[tuple[str, ...]]:
        return {(part, value, by) for part, _, value, by in statements_with(graph, CG.topic, CG.populationGroup)}

    children = ("1.1", "children", RECOGNISER)
    assert said(graph_of(here, plan)) == {("r", "return", RECOGNISER), ("1", "return", RECOGNISER), children}
    # Where a reader noted topics only these are said, and groups are recognised.
    graph = described(here, "topics", f"{VALUES}1,topic,return,,retorno,,me\n", plan)
    assert said(graph) == {("1", "return", "me"), children}


def test_translations(background: Background, tmp_path: Path) -> None:
    hello = made_plan(("Tema", "1. Hola", "1.1 Acción", "1.1.1 Ver. Referirse al plan de trabajo de cada red", ""))
    file = tmp_path / "translations.csv"
    assert read_translations(file, hello, background.things) == {}
    for rows, says in rows_of("wrong_translations"):
        file.write_text(TRANSLATIONS + rows, encoding="utf-8")
        with pytest.raises(TableError) as caught:
            read_translations(file, hello, background.things)
        assert says in str(caught.value)
    file.unlink()
    # An English label is a statement of its translator.
    rows = "PLAN DE ACCION,Plan of Action,crmgraph\nUna cosa,A thing,me\n"
    write_annotations(background, "translations", TRANSLATIONS + rows)
    plan = made_plan(("Tema", "1. Una  cosa", "1.1 Acción", "", ""))
    dataset = describe_plan(plan, background)
    graph = dataset.graph(URIRef(NAMES.graph("plan", "made")))
    for path, english, quoted, translator in (
        ("", "Plan of Action", "PLAN DE ACCION", "crmgraph"),
        ("/1", "A thing", "1. Una  cosa", "me"),
    ):
        subject = URIRef(NAMES.id("plan/made") + path)
        assert (subject, RDFS.label, Literal(english, "en")) in graph
        [said] = graph.subjects(RDF.subject, subject)
        assert set(graph.predicate_objects(said)) == {
            (RDF.type, CG.Statement), (RDF.type, CG.Translation), (RDF.subject, subject), (RDF.predicate, RDFS.label),
            (RDF.object, Literal(english, "en")), (CG.passage, passage(quoted, plan)),
            (PROV.wasAttributedTo, thing(f"annotator/{translator}")),
        }  # fmt: skip
    assert sum(1 for _ in graph.subjects(RDF.type, CG.Translation)) == 2
    told = dataset.graph(URIRef(NAMES.graph("source", "made")))
    assert (thing("source/made"), RDFS.label, Literal("Source document: Plan of Action", "en")) in told


ROWS = (
    ("Tema", "1. Uno", "1.1 Acción", "1.1.1 La OIM informa\n\n1.1.2 Talleres", "1.1.1.1 Continuo\n\n1.1.2.1 Continuo"),
    ("", "2. Dos", "2.1 Otra", "2.1.1 Talleres", "2.1.1.1 Continuo"),
)
KNOWN = made_plan(*ROWS, id="known")


def test_the_same_sentence_is_found_under_another_number() -> None:
    def places(*activities: str) -> dict[str, list[str]]:
        cell = "\n\n".join(f"1.1.{n} {each}" for n, each in enumerate(activities, 1))
        found = matching_parts(KNOWN, made_plan(("Tema", "1. Otro", "1.1 Acción", cell, "")))
        return {id_: [part.id for part in parts] for id_, parts in found.items()}

    assert all([part.id for part in parts] == [id_] for id_, parts in matching_parts(KNOWN, KNOWN).items())
    found = places("Talleres", "La OIM  informa")
    assert [found[id_] for id_ in ("1.1.1", "1.1", "1")] == [["1.1.2"], ["1.1"], []]
    # Of several that say the same the first is the first, and those left over are as the last.
    found = places("Talleres", "Talleres", "Talleres")
    assert (found["1.1.2"], found["2.1.1"]) == (["1.1.1"], ["1.1.2", "1.1.3"])


def test_what_was_read_in_a_sentence_holds_wherever_it_stands(background: Background, tmp_path: Path) -> None:
    (tmp_path / "known.txt").write_text(KNOWN.source.text, encoding="utf-8")
    row = "1.1.1,actor/oim,reports,,La OIM informa,,me\n"
    write_annotations(background, "participations", PARTICIPATIONS + row, "known")
    write_annotations(background, "translations", TRANSLATIONS + "Dos,Two,me\n", "known")

    def changed(old: str, new: str) -> Graph:
        rows = [tuple(cell.replace(old, new) for cell in row) for row in ROWS]
        return graph_of(background, made_plan(*rows, id="new"))  # type: ignore[arg-type]

    graph = changed("Otra", "Otra nueva")
    [participation] = graph.objects(thing("plan/new/1.1.1"), CG.participation)
    assert graph.value(participation, CG.agent) == thing("actor/oim")
    assert Literal("Two", "en") in set(graph.objects(thing("plan/new/2"), RDFS.label))
    read = {str(part).rpartition("/new/")[2] for part in graph.subjects(ANALYSIS.readIn, thing("plan/known"))}
    assert "2" in read
    assert "2.1" not in read
    assert list(changed("informa", "no informa").subject_objects(CG.participation)) == []
    # A known document is known by itself alone.
    (tmp_path / "other.txt").write_text(KNOWN.source.text + "\n", encoding="utf-8")
    plan = read_plan(tmp_path / "known.txt")
    [own] = known_documents(plan, background.sources, background.annotations)
    assert own == (plan, background.annotations / "known")
    stranger = made_plan(*ROWS, id="stranger")
    others = known_documents(stranger, background.sources, background.annotations)
    assert [each.id for each, _ in others] == ["known", "other"]


def test_the_source_of_an_imported_plan_is_derived_from_its_file() -> None:
    origin = Origin(
        file="a.xlsx", sha256="ab", media_type="text/x", tables=("One", "Two"), imported="2026-11-28",
        mapping="m.toml", mapping_sha256="cd", source="http://e/plan",
    )  # fmt: skip
    graph, source = describe_origin(resource("data") / "origin.rq", origin, "other", NAMES), thing("source/other")
    file, work = graph.value(source, PROV.wasDerivedFrom), graph.value(source, PROV.wasGeneratedBy)
    assert file is not None
    assert str(graph.value(file, DCTERMS.identifier)) == "sha256:ab"
    assert str(graph.value(file, DCAT.mediaType)) == "text/x"
    assert graph.value(file, DCTERMS.source) == URIRef("http://e/plan")
    assert graph.value(work, DCTERMS.date) == Literal("2026-11-28", datatype=XSD.date)
    assert {str(graph.value(part, DCTERMS.title)) for part in graph.subjects(DCTERMS.isPartOf, file)} == {"One", "Two"}
    used = {str(graph.value(each, DCTERMS.identifier)) for each in graph.objects(work, PROV.used)}
    assert used == {"sha256:ab", "sha256:cd", "None"}
