"""Words without their accents, acronyms and their expansions, and repeated sentences."""

import unicodedata
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SKOS, Graph, Literal, URIRef

from crmgraph.describing import Background, describe_plan
from crmgraph.describing.vocabulary import ANALYSIS, CG
from crmgraph.extraction import Gazetteer
from crmgraph.extraction.names import find_acronyms, find_words_without_accent
from tests.support.backgrounds import NAMES, made_background, made_plan
from tests.support.phrases import differences, phrases, rows_of

BEGINNING = NAMES.id("plan", "made", "")


def described(background: Background, *texts: str) -> Graph:
    cells = "\n\n".join(f"1.1.{number} {text}" for number, text in enumerate(texts, 1))
    plan = made_plan(("Tema", "1. Uno", "1.1 Hacer", cells, ""))
    return describe_plan(plan, background).graph(URIRef(NAMES.graph("plan", "made")))


def test_words_that_lack_their_accent_and_acronyms() -> None:
    assert (
        differences("accents", lambda text: ((*each, text[slice(*each)]) for each in find_words_without_accent(text)))
        == []
    )

    def acronyms(text: str) -> list[tuple[int, int, str]]:
        # Behind those that may be no acronyms stands a mark.
        return [(each.start, each.end, each.letters + "!" * each.is_doubtful) for each in find_acronyms(text)]

    assert differences("acronyms", acronyms) == []


@given(st.text(), st.from_regex(r"[a-zñ]{0,8}[ae]iran?", fullmatch=True))
def test_each_is_a_word_of_the_text(text: str, word: str) -> None:
    for start, end in find_words_without_accent(text):
        assert text[start:end].lower().endswith(("ion", "mas", "ra", "ran"))
    assert list(find_words_without_accent(f"Atención em {word} con la {word}.")) == []
    for acronym in find_acronyms(text):
        assert text[acronym.start : acronym.end].startswith(acronym.letters)
        assert acronym.letters.isupper()


def test_where_a_plan_first_has_each_word(tmp_path: Path) -> None:
    background = made_background(tmp_path)

    def bare(text: str) -> list[str]:
        said = described(background, text).subject_objects(ANALYSIS.unaccentedWord)
        return sorted(f"{element}/".removeprefix(BEGINNING).rstrip("/") for element, _ in said)

    # ACCION and IMPLEMENTACION are in the headings.
    assert bare("Una gestion para la accion y otra gestion") == ["", "", "1.1.1", "1.1.1"]
    # A name without accents tells it of itself.
    assert bare("Pedir a la Organizacion Mundial un informe") == ["", ""]
    assert bare("Pedir a la Organizacion un informe") == ["", "", "1.1.1"]
    assert bare("Hold the meetings of the comision and report on it to the members") == []


def acronym(name: str) -> URIRef:
    return URIRef(NAMES.id("plan", "made", "acronym", name))


def test_an_acronym_is_there_once_with_the_thing_it_stands_for(tmp_path: Path) -> None:
    background = made_background(tmp_path)
    oim = URIRef(NAMES.id("actor", "oim"))
    graph = described(background, "Pedir a la OIM", "La OIM informa")
    assert list(graph.subjects(RDF.type, CG.Acronym)) == [acronym("OIM")]
    assert graph.value(acronym("OIM"), ANALYSIS.firstUsedIn) == URIRef(f"{BEGINNING}1.1.1")
    assert graph.value(acronym("OIM"), CG.standsFor) == oim
    assert graph.value(acronym("OIM"), ANALYSIS.spelledOutIn) is None
    for text in (
        "Pedir a la IOM un informe de la red",
        "Ask the IOM for a report of the network",
        "La OIM XYZA informa",
    ):
        assert set(described(background, text).objects(None, CG.standsFor)) == {oim}
    # It is spelled out in the language of the plan, and by its own name only.
    english = "The World Organization has to report on it to the others"
    graph = described(background, "Ask the IOM for the report", english)
    assert graph.value(acronym("IOM"), ANALYSIS.spelledOutIn) is not None
    graph = described(background, "Trabajar con la Agencia Noruega de Cooperación (OIM)")
    assert graph.value(acronym("OIM"), ANALYSIS.spelledOutIn) is None


def test_what_spells_an_acronym_out(tmp_path: Path) -> None:
    background = made_background(tmp_path)
    wrong = []
    for row, expected in rows_of("spelled_out"):
        for written in (row, unicodedata.normalize("NFD", row)):
            graph = described(background, *phrases(written))
            found = [
                str(graph.value(each, SKOS.notation)) + ", spelled out" * ((each, ANALYSIS.spelledOutIn, None) in graph)
                for each in graph.subjects(RDF.type, CG.Acronym)
            ]
            if " ".join(found) != expected:
                wrong.append((written, found))
    assert wrong == []


def test_a_misspelt_acronym_is_the_one_that_is_meant(tmp_path: Path) -> None:
    background = made_background(tmp_path)
    reference = background.dataset.graph(URIRef(NAMES.graph("reference")))
    for thing, name in (("oim", "ACNUR"), ("foro", "FIBEMYD")):
        reference.add((URIRef(NAMES.id("actor", thing)), SKOS.altLabel, Literal(name, "es")))
    reference.add((URIRef(NAMES.id("actor", "foro")), SKOS.hiddenLabel, Literal("FYBEMID", "es")))
    here = replace(background, gazetteer_for=lambda _: Gazetteer(reference, (CG.Organisation, CG.Organ)))
    graph = described(here, "Pedir al ACNURR y al ACNUR, y al FYBEMID")
    assert set(graph.subjects(RDF.type, CG.Acronym)) == {acronym("ACNUR"), acronym("FIBEMYD")}
    assert {str(letters) for letters in graph.objects(None, SKOS.notation)} == {"ACNURR", "FYBEMID"}
    assert {str(letters) for letters in graph.objects(None, ANALYSIS.lettersMeant)} == {"ACNUR", "FIBEMYD"}
    assert graph.value(acronym("FIBEMYD"), CG.standsFor) == URIRef(NAMES.id("actor", "foro"))


def test_sentences_that_a_plan_says_more_than_once(tmp_path: Path) -> None:
    def repeated(*rows: tuple[str, str, str, str, str]) -> set[tuple[str, str]]:
        graph = describe_plan(made_plan(*rows), made_background(tmp_path)).graph(URIRef(NAMES.graph("plan", "made")))
        return {
            (str(one).removeprefix(BEGINNING), str(other).removeprefix(BEGINNING))
            for one, other in graph.subject_objects(CG.repeats)
        }

    # Each repeats the first, case, accents and a stop aside.
    activities = "1.1.1 Informar a la Red\n\n1.1.2 informar a la red.\n\n1.1.3 Informar  a la RED"
    assert repeated(
        ("Tema", "1. Uno", "1.1 Acción", activities, ""), ("", "2. Dos", "2.1 Otra", "2.1.1 Ínformar a la Red", "")
    ) == {("1.1.2", "1.1.1"), ("1.1.3", "1.1.1"), ("2.1.1", "1.1.1")}
    # Few words, another kind of part or a schedule are no repetition.
    assert not repeated(
        ("Tema", "1. Reunir a todos", "1.1 Reunir a todos", "1.1.1 Talleres", "1.1.1.1 Continuo, cada dos años"),
        ("", "2. Dos", "2.1 Otra", "2.1.1 Talleres", "2.1.1.1 Continuo, cada dos años"),
    )
