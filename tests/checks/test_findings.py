"""Findings: their locations, IRIs and messages; accepted and new findings."""

from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checks.findings import (
    Check,
    Finding,
    Group,
    Location,
    accepted_findings_beside,
    as_json,
    from_json,
    group,
    mark_accepted,
    place_names,
    read_accepted_findings,
)
from crmgraph.checks.shacl import Result, describe_findings, findings_of, locations_of, missing_target
from crmgraph.describing.vocabulary import ANALYSIS, CG
from crmgraph.errors import Bilingual, TableError
from crmgraph.namespaces import Names
from tests.support.findings import ACCEPTED, PLAN, finding, location
from tests.support.phrases import rows_of

NAMES = Names()


def check(message: str) -> Check:
    said = Bilingual(message, message)
    return Check("x", "warning", Group(1, "g", said), said, said, said, said, said)


SOME_CHECK = check("")
HEADER = "code,element,exact,accepted_by,accepted_on,reason_es,reason_en\n"
CODES = {"some-code", "date-past"}
REASON = "Ana,2026-11-26,Se sabe.,It is known.\n"


def table(folder: Path, *rows: str) -> Path:
    file = folder / "plan.accepted.csv"
    file.write_text(HEADER + "".join(rows), encoding="utf-8")
    return file


def test_accepted_findings(tmp_path: Path) -> None:
    def accept(findings: list[Finding], *rows: str) -> list[str | None]:
        """Who accepted each finding."""
        marked = mark_accepted(findings, read_accepted_findings(table(tmp_path, *rows), CODES))
        return [each.accepted.by if each.accepted else None for each in marked]

    row = "some-code,pgm/7,12," + REASON
    findings = [finding(), finding("7.1 Tres"), finding(code="other-code")]
    assert accept(findings, row) == ["Ana", None, None]
    [told] = mark_accepted([finding()], read_accepted_findings(table(tmp_path, row), CODES))
    assert told.accepted == ACCEPTED
    assert mark_accepted([told], []) == [finding()], "another table counts alone"
    # An element may be written in full, and blank space in the words is no difference.
    broken = finding(None, location=location("uno\n  dos", "uno\n  dos"))
    assert accept([broken], f"some-code,{PLAN}pgm/7,uno dos,{REASON}") == ["Ana"]
    # The plan itself has no path, and a row without words fits any.
    findings = [finding(None, location=location("12", element=PLAN[:-1])), finding("7.1 Tres"), finding()]
    rows = ("some-code,,," + REASON, "some-code,pgm/7,,Eva,2026-11-25,Todo.,All.\n", row)
    assert accept(findings, *rows) == ["Ana", "Eva", "Ana"]
    for plan, is_marked in (("plan.txt", True), ("none.txt", False)):
        assert bool(accepted_findings_beside(tmp_path / plan, CODES)) == is_marked


def test_tables_of_accepted_findings_that_are_wrong(tmp_path: Path) -> None:
    for row, column, says in rows_of("wrong_accepted", "checks"):
        with pytest.raises(TableError) as caught:
            read_accepted_findings(table(tmp_path, f"{row}\n"), CODES)
        assert says in str(caught.value)
        assert caught.value.place is not None
        assert (caught.value.place.line, caught.value.place.column) == (2, int(column))
    with pytest.raises(TableError, match="already in line 2"):
        read_accepted_findings(table(tmp_path, *["some-code,pgm/7,12," + REASON] * 2), CODES)


def test_names_order_and_addresses() -> None:
    for element, name, plan in (
        (PLAN + "pgm/7.1", "pgm/7.1", "crm"),
        (PLAN[:-1], "", "crm"),
        ("https://example.org/id/country/MEX", "country/MEX", None),
        ("https://example.org/x", "https://example.org/x", None),
    ):
        assert (Location(element).name, Location(element).plan) == (name, plan)
    some = [finding(severity="info"), finding("7.1 Tres"), finding(), finding(severity="violation", code="z")]
    assert [(each.severity, each.location.exact) for each in sorted(some, key=lambda each: each.sort_key)] == [
        ("violation", "12"), ("warning", "12"), ("warning", "7.1 Tres"), ("info", "12"),
    ]  # fmt: skip
    several = [finding(), finding("7.1 Tres"), finding(other=location("7.1 Tres")), finding(code="b"), finding(None),
               finding(None, triples=("a",)), finding(None, triples=("b",))]  # fmt: skip
    assert len({each.iri for each in several}) == len(several)
    assert finding().iri == "https://w3id.org/crmgraph/id/finding/some-code/plan/crm/pgm/7/34-36"


def test_the_graph_of_findings() -> None:
    made = finding(other=location("7.1 Tres"))
    graph = describe_findings([made], Graph())
    [iri] = graph.subjects(RDF.type, CG.Finding)
    assert str(iri) == made.iri
    assert graph.value(graph.value(iri, CG.passage), CG.exact) == Literal("12")
    assert graph.value(graph.value(iri, CG.relatedPassage), CG.exact) == Literal("7.1 Tres")
    assert graph.value(iri, DCTERMS.contributor) is None
    # A passage that the data have is not described again.
    data = Graph()
    data.add((URIRef(str(finding().location.passage)), RDF.type, CG.Passage))
    assert list(describe_findings([finding()], data).subject_objects(CG.exact)) == []
    graph = describe_findings([finding(accepted=ACCEPTED)], Graph())
    [iri] = graph.subjects(RDF.type, CG.Finding)
    assert graph.value(iri, DCTERMS.contributor) == Literal("Ana")
    assert graph.value(iri, DCTERMS.dateAccepted) == Literal("2026-11-26", datatype=XSD.date)
    assert set(graph.objects(iri, SKOS.editorialNote)) == {Literal("Se sabe.", "es"), Literal("It is known.", "en")}


CAUSE, EFFECT = (
    replace(SOME_CHECK, code=code, causes=causes) for code, causes in (("cause", ()), ("effect", ("cause",)))
)


def about(part: str, words: str = "12", code: str = "cause", **changes: object) -> Finding:
    place = replace(location(words), element=PLAN + part, number=part.rpartition("/")[2])
    return finding(None, code=code, location=place, **changes)


def test_a_cause_is_one_finding() -> None:
    """It has its places, and what it explains: a finding of a consequence about the same words."""
    first, second = about("pgm/7"), about("dh/8")
    other_words, elsewhere = about("pgm/7", "7.1 Tres", "effect"), about("pgm/9", code="effect")
    effect, compared = about("pgm/7", code="effect"), about("pgm/3", code="effect", other=second.location)
    [cause, left] = group([effect, elsewhere, second, compared, first, other_words], [CAUSE, EFFECT])
    assert (cause.single, cause.places) == (second, (first,))
    assert [each.singles for each in cause.consequences] == [[compared, effect]]
    assert left.singles == [elsewhere, other_words]
    assert cause.text == (
        "Management, objectives 8 and 7: something is wrong. Hence: Management, objectives 3 and 7: something is wrong."
    )
    assert cause.text.spanish.startswith("Gestión, objetivos 8 y 7: algo pasa. De ahí: ")
    assert from_json(as_json([cause, left])) == [cause, left]
    assert str(group([first, effect], [CAUSE, EFFECT])[0].text).endswith("wrong. Hence: something is wrong.")
    # What differs in plan, statement or acceptance is told apart, and what was accepted is explained already.
    different = [
        first,
        replace(first, statement_en="x"),
        replace(first, file="b.txt"),
        replace(first, accepted=ACCEPTED),
    ]
    assert len(group(different, [CAUSE])) == len(different)
    assert len(group([first, replace(effect, accepted=ACCEPTED)], [CAUSE, EFFECT])) == 2


def test_names_of_places() -> None:
    line = Location(PLAN + "dh/1-a", None, "dh", kind="Activity", theme_es="Derechos", theme_en="Rights", under="1.2")
    note = replace(line, kind="Note", element=PLAN + "dh/5-a", under="5")
    lines = [line, replace(line, element=PLAN + "dh/2-a", under="2.1"), location("12"), note]
    assert place_names(lines, "en") == (
        "Rights, activities without a number under 1.2 and 2.1, note under 5; Management, objective 7"
    )
    assert place_names([line, Location(PLAN[:-1])], "es") == "Derechos, actividad sin número bajo 1.2"
    assert place_names([Location("https://w3id.org/crmgraph/id/country/MEX")], "es") == "country/MEX"
    assert place_names([replace(line, kind=None)], "en") == "Rights"


TEXT = "7.1 La OIM y\n la OIM"


def iri(path: str) -> URIRef:
    return URIRef(NAMES.id(path))


THEME, ACTION, OTHER, MENTION = (iri(f"plan/p/{path}") for path in ("t", "t/7.1", "t/7.2", "t/7.1/mention-1"))
REFERENCE, BODY, WORDS = iri("plan/p/t/7.1/reference-1"), iri("actor/oim"), iri("source/p/17-20")


def passage(graph: Graph, start: int, end: int, exact: str) -> URIRef:
    node = iri(f"source/p/{start}-{end}")
    for triple in (
        (node, RDF.type, CG.Passage), (node, CG.source, iri("source/p")), (node, CG.start, Literal(start)),
        (node, CG.end, Literal(end)), (node, CG.exact, Literal(exact)),
    ):  # fmt: skip
        graph.add(triple)
    return node


@pytest.fixture
def graph() -> Graph:
    """Two actions of a theme. The first has the text `TEXT`, and contains a mention and a cross-reference."""
    return Graph().parse(Path(__file__).with_name("places.ttl"), format="turtle")


def messages(graph: Graph, message: str, focus: Node, value: Node | None = None) -> tuple[str, str]:
    [found] = findings_of([Result(check(message), focus, value)], graph, NAMES)
    return found.statement_es, found.statement_en


def test_the_place_of_a_result(graph: Graph) -> None:
    for focus, value, element, start, end in (
        (ACTION, None, ACTION, 10, 30),
        (MENTION, None, ACTION, 17, 20),
        (REFERENCE, None, ACTION, 17, 20),
        (ACTION, Literal("la OIM"), ACTION, 24, 30),
        (ACTION, Literal("y la OIM"), ACTION, 21, 30),
        (ACTION, Literal("nowhere"), ACTION, 10, 30),
        (ACTION, WORDS, ACTION, 17, 20),
        (WORDS, None, iri("source/p"), 17, 20),
    ):
        location, other = locations_of(Result(check(""), focus, value), graph)
        assert (location.element, location.start, location.end, other) == (str(element), start, end, None)
        assert (location.exact, location.passage) == (TEXT[start - 10 : end - 10], NAMES.id(f"source/p/{start}-{end}"))
    _, other = locations_of(Result(check(""), ACTION, OTHER), graph)
    assert other is not None
    assert (other.name, other.number, other.theme, other.exact) == ("t/7.2", "7.2", "t", "7.2")
    assert locations_of(Result(check(""), ACTION, ACTION), graph)[1] is None


def test_messages(graph: Graph) -> None:
    whole = "{number}|{exact}|{label}|{name}|{other}|{other_number}"
    for focus, value, expected in (
        (ACTION, None, "7.1|7.1 La OIM y la OIM|Acción|||"),
        (MENTION, None, "7.1|OIM|Acción|OIM||"),
        (REFERENCE, None, "7.1|OIM|Acción|||"),
        (ACTION, Literal("la OIM"), "7.1|la OIM|Acción|||"),
        (ACTION, OTHER, "7.1|7.1 La OIM y la OIM|Acción|||7.2"),
        (WORDS, None, "“OIM”|OIM||||"),
        (iri("country/MEX"), None, "|country/MEX||||"),
    ):
        assert messages(graph, whole, focus, value)[1] == expected
    assert messages(graph, "{number_before} {other_place}", ACTION, OTHER)[1] == "7.0 Tema, action 7.2"
    assert messages(graph, "{exact}{read_as}", MENTION)[1] == "OIM"
    two = [Result(check(whole), ACTION, None, "MinCountConstraintComponent"), Result(check(whole), ACTION, None)]
    assert len(findings_of(two, graph, NAMES)) == 1, "the same result twice is one finding"
    # A part without a number is called by its words; quotes within those of a message are others.
    graph.remove((OTHER, CG.number, None))
    assert messages(graph, "{other_number}", ACTION, OTHER) == ("«7.2»", "“7.2”")
    assert messages(graph, "{number}", OTHER) == ("«7.2»", "“7.2”")
    graph.set((ACTION, RDFS.label, Literal("El «agua» y la “tierra”", "es")))
    assert messages(graph, "{label}", ACTION, OTHER) == ("El “agua” y la ‘tierra’", "El «agua» y la ‘tierra’")
    # A theme is called as the plan prints it, whatever it is called in another language.
    graph.add((REFERENCE, CG.targetTheme, OTHER))
    graph.add((OTHER, CG.text, Literal("Border  management", "en")))
    assert messages(graph, "{cited_theme}", REFERENCE) == ("Border management",) * 2
    graph.set((MENTION, CG.nameUsed, Literal("OIMM")))
    assert messages(graph, "{exact}{read_as}", MENTION) == ("OIM (léase «OIMM»)", "OIM (read “OIMM”)")
    for date, *said in (
        ("2006", "2006", "2006"),
        ("2006-05", "mayo de 2006", "May 2006"),
        ("2004-05-21", "21 de mayo de 2004", "May 21, 2004"),
    ):
        graph.set((BODY, DCTERMS.date, Literal(date)))
        assert messages(graph, "{other_date}", ACTION, MENTION) == tuple(said)
    for way, name, message in (
        (CG.nameUsed, "OIM", "OIM, OIM"), (CG.nameUsed, "IOM", "IOM, IOM"), (SKOS.notation, "IOM", "IOM, IOM"),
        (ANALYSIS.lettersMeant, "IOM", "IOM, IOM"),
        (CG.nameUsed, "nowhere", "nowhere, OIM"),
    ):  # fmt: skip
        for each in (CG.nameUsed, SKOS.notation, ANALYSIS.lettersMeant):
            graph.remove((MENTION, each, None))
        graph.add((MENTION, way, Literal(name)))
        assert messages(graph, "{name_used}, {name}", MENTION)[0] == message


def test_what_a_reference_cites() -> None:
    for words, number, spanish, english in rows_of("citations", "checks"):
        graph, start = Graph(), words.index(number)
        for triple in (
            (REFERENCE, CG.targetNumber, Literal(number, datatype=XSD.string)), (REFERENCE, CG.targetTheme, THEME),
            (REFERENCE, CG.passage, passage(graph, 50, 50 + len(words), words)),
            (REFERENCE, ANALYSIS.targetPassage, passage(graph, 50 + start, 50 + start + len(number), number)),
            (OTHER, CG.number, Literal("1.1.1.1", datatype=XSD.string)), (OTHER, CG.within, THEME),
            (OTHER, RDF.type, CG.ScheduleEntry),
        ):  # fmt: skip
            graph.add(triple)
        assert (missing_target(REFERENCE, graph, "es"), missing_target(REFERENCE, graph, "en")) == (spanish, english)
        graph.remove((None, CG.start, None))
        assert missing_target(REFERENCE, graph, "en"), "a passage that is gone breaks nothing"
    assert missing_target(ACTION, Graph(), "es") == ""
