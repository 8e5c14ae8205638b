"""Plans in other languages: each part is told in the language of its words, and lacks no name in another."""

from pathlib import Path

import pytest
from rdflib import RDFS, Literal, URIRef

from crmgraph.describing import describe_plan
from crmgraph.describing.translations import read_translations
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import UsageError
from crmgraph.reading import read_plan
from tests.checking.made import Row, checked, findings_of, write
from tests.support.backgrounds import NAMES, made_background

ROWS: dict[str, Row] = {
    "en": (
        "Borders",
        "1. Safety at the borders",
        "1.1 Train the officers of the police",
        "1.1.1 Hold a workshop for the police",
        "1.1.1.1 2027",
    ),
    "fr": ("Retour", "1. Faciliter la mobilité", "1.1 Les visas", "1.1.1 Atelier sur les visas", "1.1.1.1 2027"),
    "pt": ("Retorno", "1. Reforçar a rede", "1.1 Os vistos", "1.1.1 Oficina dos países e das redes", "1.1.1.1 2027"),
}


@pytest.mark.parametrize("language", ROWS)
def test_no_part_lacks_a_name_in_spanish(language: str, tmp_path: Path) -> None:
    assert "label-spanish" not in {finding.code for finding in findings_of(tmp_path, ROWS[language])}


@pytest.mark.parametrize("language", ROWS)
def test_its_words_are_told_in_its_language(language: str, tmp_path: Path) -> None:
    plan = read_plan(write(tmp_path, ROWS[language]))
    graph = describe_plan(plan, made_background(tmp_path / "background")).graph(URIRef(NAMES.graph("plan", plan.id)))
    assert {text.language for text in graph.objects(None, CG.text) if isinstance(text, Literal)} == {language}
    source = describe_plan(plan, made_background(tmp_path / "other")).graph(URIRef(NAMES.graph("source", plan.id)))
    named = {str(label.language) for label in source.objects(None, RDFS.label) if isinstance(label, Literal)}
    assert named == {"es", "en"}


def test_accents_are_looked_for_in_spanish_only(tmp_path: Path) -> None:
    def codes(row: Row) -> set[str]:
        return {finding.code for finding in checked(write(tmp_path, row))}

    assert "accent-missing" in codes(("Retorno", "1. Uno", "1.1 La formacion", "1.1.1 Una reunion", "1.1.1.1 2027"))
    assert "accent-missing" not in codes(("Retour", "1. Un", "1.1 La mission", "1.1.1 Les dans leur", "1.1.1.1 2027"))


def test_a_table_translates_between_two_languages_only(tmp_path: Path) -> None:
    plan = read_plan(write(tmp_path, ROWS["fr"]))
    table = tmp_path / "translations.csv"
    table.write_text("es,en,translator\n", encoding="utf-8")
    with pytest.raises(UsageError, match="is in the language fr, and tables translate es and en"):
        read_translations(table, plan, made_background(tmp_path / "background").things)


@pytest.mark.parametrize(
    ("row", "is_said"),
    [
        (
            ("Retour", "1. Le retour dans la région", "1.1 Les visas", "1.1.1 Suivi du Sénégal", "1.1.1.1 En cours"),
            False,
        ),
        (
            ("Retour", "1. Le retour dans la région", "1.1 Les visas", "1.1.1 Une réunion", "1.1.1.1 chaque année"),
            False,
        ),
        (
            ("Retorno", "1. As redes dos países", "1.1 Os vistos", "1.1.1 Funcionários do Brasil", "1.1.1.1 A definir"),
            False,
        ),
        (("Retorno", "1. Las redes de los países", "1.1 Los visados", "1.1.1 Una reunión", "1.1.1.1 Quizá"), True),
        (("Return", "1. The networks of the region", "1.1 The visas", "1.1.1 A meeting", "1.1.1.1 Perhaps"), True),
    ],
)
def test_what_is_not_read_in_a_language_is_not_said_to_lack(row: Row, is_said: bool, tmp_path: Path) -> None:
    codes = {finding.code for finding in findings_of(tmp_path, row)}
    assert ("status-missing" in codes) is is_said
    assert not codes & {"name-misspelt", "name-unaccented"}
