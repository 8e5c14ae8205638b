"""The findings about the CRM plan, compared with defects that a reader listed beforehand, and about made plans."""

from pathlib import Path

import pytest
from rdflib import RDFS, Literal, URIRef

from crmgraph.building.manifest import FINDINGS, SOURCE, Manifest
from crmgraph.checks.findings import SEVERITIES, Finding, from_json
from crmgraph.checks.plans import check_plan
from crmgraph.describing import describe_plan, read_translations
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import UsageError
from crmgraph.reading import read_plan
from crmgraph.reading.languages import tidy
from tests.checks.made import Row, activity, checked, found, locations, write
from tests.support.backgrounds import NAMES, made_background
from tests.support.dataset import real_background
from tests.support.phrases import rows_of

TEXT = SOURCE.read_text(encoding="utf-8")


def sentences(what: str) -> list[tuple[str, str, list[str]]]:
    """The rows of sentences.csv of one kind: the text of the action, the text of the activity, and what is expected."""
    rows = (row for kind, *row in rows_of("sentences", "checks") if kind == what)
    return [(above, words, expected.split("; ") if expected else []) for above, words, expected in rows]


@pytest.fixture(scope="module")
def findings(build_folder: Path, manifest: Manifest) -> list[Finding]:
    return from_json((manifest.folder(build_folder) / FINDINGS).read_text(encoding="utf-8"))


def test_the_defects_of_the_document(findings: list[Finding]) -> None:
    """Each defect is found once, at its cause. A row without text expects the whole text of the element."""
    expected = [tuple(row) for row in rows_of("crm", "checks")]
    whole = {(code, element, other) for code, _, element, exact, other, _ in expected if not exact}
    found = []
    for root, finding in ((each, single) for each in findings for single in each.singles):
        location, other = finding.location, finding.other.name if finding.other else ""
        is_whole = (finding.code, location.name, other) in whole
        words = "" if is_whole else tidy(location.exact or "")
        because = "" if finding.code == root.code else root.code
        found.append((finding.code, finding.severity, location.name, words, other, because))
        for each in (location, finding.other):
            assert each is None or (each.start is not None and TEXT[each.start : each.end] == each.exact)
        if is_whole:
            assert (location.exact or "").startswith(location.number or "")
            assert TEXT[: location.start].rstrip(" ")[-1] in "\t\n"
            assert TEXT[location.end :].lstrip(" ")[:1] in ("\n", "")
    assert sorted(found) == sorted(expected)


def test_gravest_first_and_counted_in_the_manifest(findings: list[Finding], manifest: Manifest) -> None:
    ranks = [SEVERITIES.index(finding.severity) for finding in findings]
    assert ranks == sorted(ranks)
    assert manifest.findings == {severity: ranks.count(rank) for rank, severity in enumerate(SEVERITIES)}


def test_findings_in_a_file(tmp_path: Path) -> None:
    """Findings have line and column. Missing translations are found only in a plan with a table of translations."""
    row = ("Tema", "2. Dos", "9.9 A", "9.9.1 Referirse al plan de trabajo de la Red de Cosas", "9.9.1.1 Continuo y ya")
    file = write(tmp_path, row, title="OTRO")
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    for plan, untranslated in (("otro", []), ("crm", ["", "2", "9.9", "9.9.1", "9.9.1.1", "t"])):
        findings = check_plan(read_plan(file, plan), NAMES, lambda _: None, real_background())
        assert sorted(each.location.name for each in findings if each.code == "translation-missing") == untranslated
        [outside] = [
            each for each in findings if each.code == "number-outside-parent" and each.location.number == "9.9"
        ]
        assert (outside.file, outside.location.line, outside.location.column) == (str(file), 10, 2)
        assert all(finding.file == str(file) for finding in findings)


FIRST = ("Tema", "1. Uno", "1.1 Acción", "1.1.1 Hacer algo", "1.1.1.1 Continuo")


def gaps(*rows: Row) -> list[str]:
    return [name for name, _, _ in locations("number-gap", *rows)]


def test_gaps_in_numbers() -> None:
    """A note may say what became of the missing number."""
    for note, expected in ((words, said) for _, words, said in sentences("gap")):
        row = ("", f"3. Tres\n\n{note}", "3.1 Acción", "3.1.1 Hacer algo", "3.1.1.1 Continuo")
        assert gaps(FIRST, row) == expected, note
    for note, silent in (
        ("se suprimió la acción 1.2", True), ("la 1.2 pasó a ser la 2.4.", True), ("se quitó la 1.20", False),
    ):  # fmt: skip
        row = ("Tema", "1. Uno", f"1.1 A\n\n1.3 C\n\nNota: {note}", "1.1.1 B\n\n1.3.1 D", "1.1.1.1 Continuo")
        assert gaps(row) == ([] if silent else ["1.3"]), note
    # What stands under the twin of its part is not missing.
    first = ("Tema", "1. Uno", "1.1 A\n\n1.2 B", "1.1.1 C\n\n1.2.1 D", "1.1.1.1 Continuo")
    for number, expected in (("1.3", []), ("1.4", ["1.4"])):
        again = ("", "1. Otra cosa", f"{number} E", f"{number}.1 F", f"{number}.1.1 Continuo")
        assert gaps(first, again) == expected


def test_parts_without_a_number() -> None:
    """An unnumbered line is a defect if its siblings are numbered; otherwise its uncertain position is reported."""

    def told(activities: str) -> set[tuple[str, str]]:
        row = ("Tema", "1. Uno", "1.1 Acción\n\n1.2 Otra", activities, "1.1.1.1 Continuo\n\n1.2.1.1 Continuo")
        return {each for each in found(row) if each[0] in ("number-missing", "attachment-by-position")}

    assert told("1.1.1 Algo\n\nOtra cosa\n\n1.2.1 Más") == {("number-missing", "1.1-a")}
    assert told("1.1.1 Algo\n\nOtra cosa") == {("number-missing", "1.2-a")}
    assert told("Algo\n\nOtra cosa") == {("attachment-by-position", "1.1-a"), ("attachment-by-position", "1.2-a")}


REFERRALS = {"unknown-network", "referral-unverifiable", "unresolved-cross-reference"}


def test_referrals_to_networks() -> None:
    for action, words, codes in sentences("referral"):
        row = ("Tema", "1. Uno", f"1.1 {action}", f"1.1.1 {words}", "1.1.1.1 Continuo")
        assert {code for code, _ in found(row)} & REFERRALS == set(codes), words
    for code in ("unknown-network", "referral-unverifiable"):
        for _, words, marked in sentences(code):
            told = {each.code: each.location.exact for each in checked(activity(words)) if each.code in REFERRALS}
            assert told == {code: marked[0]}


def test_networks_without_a_name() -> None:
    """Each activity is in an objective of its own, below an action that may name a network."""
    cases = sentences("network")
    rows: list[Row] = [
        ("Tema", f"{n}. Uno", f"{n}.1 {action or 'Acción'}", f"{n}.1.1 {words}", f"{n}.1.1.1 Continuo")
        for n, (action, words, _) in enumerate(cases, 1)
    ]
    told = {name: [words] for name, words, _ in locations("network-unnamed", *rows)}
    assert [(words, told.get(f"{n}.1.1", [])) for n, (_, words, _) in enumerate(cases, 1)] == [
        (words, marked) for _, words, marked in cases
    ]


def test_titles_and_names() -> None:
    convention = "Repatriación Ordenada, Ágil y Segura de Migrantes Salvadoreños Vía Terrestre desde México"
    for words in (
        f"Usar el Acuerdo para la {convention}",
        "Usar el Plan Suramericano de Desarrollo Humano de las Migraciones",
        "Meet the United Nations Children's Fund (UNICEF) and use UNICEF's guidelines",
    ):
        told = {finding.code for finding in checked(activity(words))}
        assert told & {"title-differs", "name-misspelt", "name-variant"} == set(), words


def test_references_to_themes() -> None:
    for words, *expected in rows_of("references", "checks"):
        told = (locations(code, activity(words)) for code in ("unknown-theme", "unresolved-cross-reference"))
        assert ["|".join(map(",".join, each)) for each in told] == expected, words


ROWS: dict[str, Row] = {
    "en": ("Borders", "1. Safety at the borders", "1.1 Train the officers of the police",
           "1.1.1 Hold a workshop for the police", "1.1.1.1 2027"),
    "fr": ("Retour", "1. Faciliter la mobilité", "1.1 Les visas", "1.1.1 Atelier sur les visas", "1.1.1.1 2027"),
    "pt": ("Retorno", "1. Reforçar a rede", "1.1 Os vistos", "1.1.1 Oficina dos países e das redes", "1.1.1.1 2027"),
}  # fmt: skip


@pytest.mark.parametrize("language", ROWS)
def test_plans_in_other_languages(language: str, tmp_path: Path) -> None:
    """Texts have the language tag of the plan, and no label in another language is missed."""
    assert "label-spanish" not in {code for code, _ in found(ROWS[language])}
    plan = read_plan(write(tmp_path, ROWS[language]))
    described = describe_plan(plan, made_background(tmp_path / "background"))
    texts = described.graph(URIRef(NAMES.graph("plan", plan.id))).objects(None, CG.text)
    assert {text.language for text in texts if isinstance(text, Literal)} == {language}
    labels = described.graph(URIRef(NAMES.graph("source", plan.id))).objects(None, RDFS.label)
    assert {str(label.language) for label in labels if isinstance(label, Literal)} == {"es", "en"}
    if language == "fr":
        table = tmp_path / "translations.csv"
        table.write_text("es,en,translator\n", encoding="utf-8")
        with pytest.raises(UsageError, match="is in the language fr, and tables translate es and en"):
            read_translations(table, plan, made_background(tmp_path / "other").things)


def test_what_is_not_read_in_a_language() -> None:
    """Nothing that depends on words of an unsupported language is reported; accents are checked in Spanish only."""
    spanish = ("Retorno", "1. Uno", "1.1 La formacion", "1.1.1 Una reunion", "1.1.1.1 2027")
    french = ("Retour", "1. Un", "1.1 La mission", "1.1.1 Les dans leur", "1.1.1.1 2027")
    for row, is_said in ((spanish, True), (french, False)):
        assert ("accent-missing" in {each.code for each in checked(row) if each.location.name}) is is_said
    for row, is_said in (
        (("Retour", "1. Le retour dans la région", "1.1 Les visas", "1.1.1 Suivi du Sénégal", "1.1.1.1 En cours"),
         False),
        (("Retorno", "1. As redes dos países", "1.1 Os vistos", "1.1.1 Funcionários do Brasil", "1.1.1.1 A definir"),
         False),
        (("Retorno", "1. Las redes de los países", "1.1 Los visados", "1.1.1 Una reunión", "1.1.1.1 Quizá"), True),
        (("Return", "1. The networks of the region", "1.1 The visas", "1.1.1 A meeting", "1.1.1.1 Perhaps"), True),
    ):  # fmt: skip
        codes = {code for code, _ in found(row)}
        assert ("status-missing" in codes) is is_said
        assert not codes & {"name-misspelt", "name-unaccented"}
