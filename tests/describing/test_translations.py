"""The translation memory: complete for the plan, strict about its rows, and each label attributed to who made it."""

from pathlib import Path

import pytest
from rdflib import PROV, RDF, RDFS, Literal, URIRef

from crmgraph.describing import describe_plan
from crmgraph.describing.things import Things
from crmgraph.describing.translations import Translation, Translations, read_translations
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import TableError
from crmgraph.reading import read_plan
from crmgraph.reading.folding import tidy
from crmgraph.reading.plan import CrossReference, Referral
from crmgraph.resources import resource
from tests.support.backgrounds import NAMES, made_background, made_plan, write_annotations

HELLO = made_plan(("Tema", "1. Hola", "1.1 Acción", "1.1.1 Ver. Referirse al plan de trabajo de cada red", ""))
MEMORY = resource("data") / "annotations" / "crm" / "translations.csv"


@pytest.fixture
def things(tmp_path: Path) -> Things:
    return made_background(tmp_path).things


@pytest.fixture
def memory(things: Things) -> Translations:
    return read_translations(MEMORY, read_plan(resource("data") / "source" / "crm.txt"), things)


def test_every_text_of_the_plan_has_its_translation(memory: Translations) -> None:
    plan = read_plan(resource("data") / "source" / "crm.txt")
    texts = {tidy(part.text) for part, _ in plan.walk() if not isinstance(part, Referral | CrossReference)}
    assert texts - set(memory) == set()
    assert memory["Continuo"] == Translation("Continuous", "crmgraph")


def test_numbers_and_acronyms_survive_translation(memory: Translations) -> None:
    for spanish, translation in memory.items():
        digits = [word for word in spanish.replace(",", " ").replace(".", " ").split() if word.isdigit()]
        for number in digits:
            assert number in translation.text or number == "3", spanish


def test_no_file_no_translations(tmp_path: Path, things: Things) -> None:
    assert read_translations(tmp_path / "none.csv", HELLO, things) == {}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("Hola,Hello,me\nHola,Hi,me\n", "already in line 2"),
        ("Hola,,me\n", "line 2, column 2: en: the cell is empty"),
        ("Hola,Hello\n", "2 cells, the header 3"),
        ("Hola,Hello,nobody\n", "line 2, column 3: translator: no table has annotator/nobody"),
        (
            "Hola,Hello,me\nAdiós,Bye,me\n",
            'line 3, column 1: es: no part of the plan says "Adiós"; write all its words',
        ),
        ("hola,Hello,me\n", 'no part of the plan says "hola"'),
        ("1. Hol,Hello,me\n", 'no part of the plan says "1. Hol"'),
        ("Referirse al plan de trabajo de cada red,X,me\n", "line 2, column 1: es: no part of the plan says"),
    ],
)
def test_a_wrong_row(rows: str, says: str, tmp_path: Path, things: Things) -> None:
    file = tmp_path / "translations.csv"
    file.write_text("es,en,translator\n" + rows, encoding="utf-8")
    with pytest.raises(TableError) as caught:
        read_translations(file, HELLO, things)
    assert says in str(caught.value)


def test_an_english_label_is_a_statement_of_its_translator(tmp_path: Path) -> None:
    background = made_background(tmp_path)
    rows = "PLAN DE ACCION,Plan of Action,crmgraph\nUna cosa,A thing,me\n"
    write_annotations(background, "translations", "es,en,translator\n" + rows)
    plan = made_plan(("Tema", "1. Una  cosa", "1.1 Acción", "", ""))
    dataset = describe_plan(plan, background)
    graph = dataset.graph(URIRef(NAMES.graph("plan", "made")))
    for path, english, quoted, translator in (
        ("", "Plan of Action", "PLAN DE ACCION", "crmgraph"),
        ("/t/1", "A thing", "1. Una  cosa", "me"),
    ):
        subject = URIRef(NAMES.id("plan/made") + path)
        start = plan.source.text.index(quoted)
        passage = URIRef(NAMES.id(f"source/made/{start}-{start + len(quoted)}"))
        assert (subject, RDFS.label, Literal(english, "en")) in graph
        [statement] = graph.subjects(CG.subject, subject)
        assert set(graph.predicate_objects(statement)) == {
            (RDF.type, CG.Statement),
            (RDF.type, CG.Translation),
            (CG.subject, subject),
            (CG.predicate, RDFS.label),
            (CG.literal, Literal(english, "en")),
            (CG.passage, passage),
            (PROV.wasAttributedTo, URIRef(NAMES.id("annotator", translator))),
        }
    assert sum(1 for _ in graph.subjects(RDF.type, CG.Translation)) == 2
    source = URIRef(NAMES.id("source/made"))
    told = dataset.graph(URIRef(NAMES.graph("source", "made")))
    assert (source, RDFS.label, Literal("Source document: Plan of Action", "en")) in told
