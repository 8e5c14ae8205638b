"""The document's defects, one by one, as a reader wrote them down before any run; and plans made for a purpose."""

import csv
from pathlib import Path

import pytest

from crmgraph.building import FINDINGS, SOURCE, Manifest
from crmgraph.checking import SEVERITIES, Finding
from crmgraph.checking.reporting import from_json
from crmgraph.reading.folding import tidy
from tests.checking.made import activity, checked, found, spots, write

TEXT = SOURCE.read_text(encoding="utf-8")
EXPECTED = Path(__file__).with_name("crm.csv")


@pytest.fixture(scope="module")
def findings(build_folder: Path, manifest: Manifest) -> list[Finding]:
    return from_json((manifest.folder(build_folder) / FINDINGS).read_text(encoding="utf-8"))


def test_the_defects_of_the_document(findings: list[Finding]) -> None:
    """Each once, with its code, severity, element, words and second element. No words: all those of the element."""
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        expected = [tuple(row.values()) for row in csv.DictReader(file)]
    whole = {(code, element, other) for code, _, element, exact, other in expected if not exact}
    found = []
    for finding in findings:
        spot, other = finding.spot, finding.other.name if finding.other else ""
        is_whole = (finding.code, spot.name, other) in whole
        found.append((finding.code, finding.severity, spot.name, "" if is_whole else tidy(spot.exact or ""), other))
    assert sorted(found) == sorted(expected)


def test_where_no_words_are_named_all_those_of_the_element_are_meant(findings: list[Finding]) -> None:
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        whole = {(row["code"], row["element"]) for row in csv.DictReader(file) if not row["exact"]}
    for finding in findings:
        if (finding.code, finding.spot.name) in whole:
            assert finding.spot.exact is not None
            number = finding.spot.number
            assert number is None or finding.spot.exact.startswith(number)
            before = TEXT[: finding.spot.start].rstrip(" ")[-1]
            after = TEXT[finding.spot.end :].lstrip(" ")[:1]
            assert before in "\t\n"
            assert after in ("\n", "")


def test_each_finding_quotes_the_source_exactly(findings: list[Finding]) -> None:
    for finding in findings:
        for spot in (finding.spot, finding.other):
            assert spot is None or (spot.start is not None and TEXT[spot.start : spot.end] == spot.exact)


def test_the_dangling_reference_shows_the_number_and_the_last_objective_there_is(findings: list[Finding]) -> None:
    [finding] = [finding for finding in findings if finding.code == "unresolved-cross-reference"]
    assert (finding.spot.number, finding.spot.theme) == ("1.2.1", "vmd")
    assert TEXT[: finding.spot.start].endswith("Ver actividades del objetivo ")
    assert finding.other is not None
    assert (finding.other.exact or "").startswith("11. Promover vínculos")
    assert finding.message_es.endswith("en el tema «POLÍTICAS Y GESTIÓN MIGRATORIA» no hay ningún objetivo 12.")
    assert finding.message_en.endswith("in the theme “POLÍTICAS Y GESTIÓN MIGRATORIA” there is no objective 12.")


def test_gravest_first_and_counted_in_the_manifest(findings: list[Finding], manifest: Manifest) -> None:
    ranks = [SEVERITIES.index(finding.severity) for finding in findings]
    assert ranks == sorted(ranks)
    counts = {severity: ranks.count(rank) for rank, severity in enumerate(SEVERITIES)}
    assert manifest.findings == counts


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("Tema", "1. Uno", "1.1 Acción", "1.1.1 Actividad; ver el objetivo 1", "1.1.1.1 Continuo"), set()),
        (("Tema", "1. Uno", "", "", ""), {("objective-without-action", "t/1")}),
        (("Tema", "1. Uno", "1.1 A", "", ""), {("action-without-numbered-activity", "t/1.1")}),
        (("Tema", "Uno", "", "", ""), {("objective-without-action", "t/a")}),
        (("Tema", "1. Uno\n\nY más.", "1.1 A\n\nY más.", "1.1.1 B", "1.1.1.1 Continuo"),
         {("number-missing", "t/a"), ("number-missing", "t/a-a")}),
        (("Tema", "1. Uno", "1.1 A", "1.1.1 B", ""), {("activity-without-schedule", "t/1.1.1")}),
        (("Tema", "1. Uno", "1.1 A", "1.1.1 Ver el objetivo 3", "1.1.1.1 Continuo"),
         {("unresolved-cross-reference", "t/1.1.1")}),
        (("Tema", "1. Uno", "1.1 A", "1.1.1 B", "1.1.1.1 Continuo\n\n1.1.2.1 Continuo"),
         {("schedule-without-numbered-activity", "t/1.1.2.1")}),
    ],
    ids=lambda value: "|".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_a_plan_of_one_row(row: tuple[str, str, str, str, str], expected: set[tuple[str, str]], tmp_path: Path) -> None:
    assert found(tmp_path, row) == expected


ADOPTED = "PLAN DE ACCIÓN 2026-2028, adoptado el 12 de febrero de 2026"
TIMELY = (
    *("note-contradicts-schedule", "status-repeated", "status-missing", "status-contradicts-date", "outcome-undated"),
    *("outcome-to-come", "period-reversed", "date-before-plan", "date-after-plan", "time-without-anchor"),
)


def timely(folder: Path, *objectives: tuple[str, tuple[tuple[str, str], ...]]) -> dict[str, list[str]]:
    """By the second place or the place of each finding on time and status: its codes, in a plan that is dated.

    An objective is given by what a note says of it, if anything, and its activities, each with its schedule.
    """
    rows = [
        (
            "Tema",
            f"{place}. Uno" + (f"\n\nNota: {note}" if note else ""),
            f"{place}.1 A",
            "\n\n".join(f"{place}.1.{each} {activity}" for each, (activity, _) in enumerate(activities, 1)),
            "\n\n".join(f"{place}.1.{each}.1 {schedule}" for each, (_, schedule) in enumerate(activities, 1)),
        )
        for place, (note, activities) in enumerate(objectives, 1)
    ]
    codes: dict[str, list[str]] = {}
    for finding in checked(write(folder, *rows, title=ADOPTED)):
        if finding.code in TIMELY:
            place = finding.other if finding.code == "note-contradicts-schedule" and finding.other else finding.spot
            codes.setdefault(place.number or "", []).append(finding.code)
    return codes


SCHEDULES = {
    "Realizado en diciembre de 2028": ["outcome-to-come"],
    "Two courses were held in June 2027": ["outcome-to-come"],
    "Celebrado en marzo de 2029": ["outcome-to-come"],
    "Realizado en febrero de 2026": [],
    "Realizado en 2026": [],
    "Realizado en febrero de 2026; el siguiente en mayo de 2027": [],
    "Se realizó un taller en febrero de 2026 y se hará otro en mayo de 2027": [],
    "Del 5 al 3 de marzo de 2027": ["period-reversed"],
    "De 2034 a 2032": ["period-reversed"],
    "De 2030 a 2020": ["period-reversed"],
    "Continuo. Finalizado": ["status-repeated"],
    "Continuo. Se ha publicado el informe": [],
    "Continuo desde 2003": [],
    "Continuo hasta 2003": ["date-before-plan"],
    "Junio de 2019": ["date-before-plan"],
    "Ya se hizo": ["outcome-undated"],
    "Se ha publicado el informe": ["outcome-undated"],
    "The report has been published": ["outcome-undated"],
    "Completed in May 2027": ["outcome-to-come"],
    "Talleres realizados en mayo de 2027": ["outcome-to-come"],
    "Continuo, en ejecución": [],
    "Se inició en enero de 2023 y continúa": [],
    "Started in January 2023 and ongoing": [],
    "Permanente (se inició en 2021)": [],
    "Desde enero de 2021": [],
    "De enero de 2020 a mayo de 2021": ["date-before-plan"],
    "Cancelado y en ejecución": ["status-repeated"],
    "Se remitió el informe": ["outcome-undated"],
    "Fecha por definir, marzo de 2027": ["status-contradicts-date"],
    "TBD, May 2027": ["status-contradicts-date"],
    "Marzo de 2027 o fecha por definir": [],
    "Fecha por definir (la reunión anterior fue en mayo de 2026)": [],
    "Por definir en el segundo semestre de 2027": [],
    "Por definir con cada país; meta: diciembre de 2027": [],
    "Date to be set; deadline: December 2027": [],
    **{
        words: []
        for words in (
            *("Debe estar terminado en junio de 2027", "Quedará terminado en junio de 2027"),
            *("Meta: 80 % ejecutado en diciembre de 2026", "Target: 80% completed in December 2026"),
            *("Once the treaty is signed", "Until completed", "Completed: no", "Half completed"),
            *("Con los fondos aprobados en enero de 2026", "Se han lanzado dos proyectos (2026)"),
            *("The pump installed in 2019 will be replaced in 2026", "Started; ends in January 2027"),
            *("Iniciará en enero de 2027", "En curso hasta enero de 2027"),
        )
    },
    **{
        words: ["outcome-to-come"]
        for words in (
            *("Iniciada en enero de 2027", "Comenzó en enero de 2027", "Se inició en enero de 2027"),
            *("Arrancó en enero de 2027", "Started in January 2027", "Launched in January 2027"),
            *("Work began in January 2027", "100 % ejecutado en enero de 2027", "Se publicó el manual (2027)"),
        )
    },
    "Se han lanzado dos proyectos (fase 2)": ["outcome-undated"],
    "Continuo\n\nPendiente": [],  # two entries of one activity may be of two steps of it
    **{words: ["status-missing"] for words in ("Quizá", "Taller de alto nivel", "Guatemala", "Según se vea")},
    **{
        words: []
        for words in (
            *("24 meses", "24 months", "A los seis meses de la aprobación del plan", "Todos los lunes", "Every Monday"),
            *("Dentro de los 90 días siguientes a la adopción", "Corto plazo", "Mediano y largo plazo", "Medium-term"),
            *("A demanda", "On request", "As needed", "Según disponibilidad de fondos", "Subject to funding"),
            *("El próximo año", "Next year", "Cuando sea necesario", "When resources permit", "At each meeting"),
            *("En la próxima reunión", "Una vez aprobado el presupuesto", "Licitación en trámite", "En revisión"),
            *("En preparación", "En negociación con España", "En fase de diseño", "Proceso de contratación en curso"),
            *("Avance del 60 %", "Durante la vigencia del plan", "Según calendario escolar", "Según la respuesta"),
            *("Under review", "Being drafted", "Throughout the life of the plan", "As agreed with each country"),
            *("40% complete", "Delayed", "Se acordó un taller", "Por concluir", "Cuando los mapas estén listos"),
            *("Hasta agotar existencias", "Cuarta sesión ordinaria", "On track", "Same as above", "No aplica"),
        )
    },
}
ACTIVITIES = {
    "Seguir los acuerdos de la reunión de mayo de 2025": [],
    "Review the commitments made at the summit of June 2024": [],
    "Evaluar lo hecho en 2024 y 2025": [],
    "Celebrar la cumbre de junio de 2024": ["date-before-plan"],
    "Taller en mayo de 2019": ["date-before-plan"],
    "Aplicar la Ley General, que entró en vigor en mayo de 2019": [],
    "Digitalizar los expedientes de 1990 a 2005": [],
    "Restaurar la presa de 1931, dañada en 2017": [],
    "Mend the canals that the storm broke in 2017": [],
    "Do it again as in 2019": [],
    "Hold the seminar in May 2019": ["date-before-plan"],
    "Reducir los casos de 2050 en 2024 a 1990 en 2026": [],
    "Limpiar los cauces de 2034 a 2032": ["period-reversed"],
}
NOTES = {
    "no activity has been carried out": {"Continuo", "En progreso", "Realizado en enero de 2026"},
    "aún sin avances": {"Continuo", "En progreso", "Realizado en enero de 2026"},
    "no ha comenzado": {"Continuo", "En progreso", "Realizado en enero de 2026"},
    "este objetivo no se ha cumplido": {"Realizado en enero de 2026"},
    "already completed": {"En progreso", "Pendiente"},
    "las actividades están en ejecución": {"Pendiente"},
    "actividad cancelada": {"Continuo", "En progreso"},
    "pendiente de fondos": set(),
    "actividad suspendida por falta de fondos": {"Continuo", "En progreso"},
    "not yet begun": {"Continuo", "En progreso", "Realizado en enero de 2026"},
    "aún no comienza": {"Continuo", "En progreso", "Realizado en enero de 2026"},
    "no se ha iniciado la obra": {"Continuo", "En progreso", "Realizado en enero de 2026"},
    "no se ha iniciado la obra del puente": set(),
    "nunca se ha hecho nada": {"Continuo", "En progreso", "Realizado en enero de 2026"},
    "no se han efectuado actividades en Honduras": set(),
    "en Honduras no se ha hecho nada": set(),
}


def test_what_schedules_say(tmp_path: Path) -> None:
    found = timely(tmp_path, ("", tuple(("Capacitar", schedule) for schedule in SCHEDULES)))
    assert {text: found.get(f"1.1.{place}.1", []) for place, text in enumerate(SCHEDULES, 1)} == SCHEDULES


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("PLAN DE ACCIÓN HACIA LA AGENDA 2030", {"plan-undated"}),
        ("PLAN DE ACCIÓN\nAdoptado el 31 de abril de 2022", {"date-impossible"}),
        ("PLAN DE ACCIÓN 2026-2022", {"period-reversed"}),
        ("PLAN DE ACCIÓN 2022-2026", set()),
    ],
)
def test_dates_in_the_title(title: str, expected: set[str], tmp_path: Path) -> None:
    file = write(tmp_path, ("Tema", "1. Uno", "1.1 A", "1.1.1 B", "1.1.1.1 Mayo de 2024"), title=title)
    codes = {finding.code for finding in checked(file)}
    assert codes - {"accent-missing"} == expected, "the headings lack accents"


def test_dates_in_activities(tmp_path: Path) -> None:
    found = timely(tmp_path, ("", tuple((activity, "Continuo") for activity in ACTIVITIES)))
    assert {text: found.get(f"1.1.{place}", []) for place, text in enumerate(ACTIVITIES, 1)} == ACTIVITIES


def test_notes_against_the_schedule(tmp_path: Path) -> None:
    schedules = ("Continuo", "En progreso", "Pendiente", "Realizado en enero de 2026")
    found = timely(tmp_path, *((note, tuple(("Capacitar", each) for each in schedules)) for note in NOTES))
    against = {
        note: {each for turn, each in enumerate(schedules, 1) if f"{place}.1.{turn}.1" in found}
        for place, note in enumerate(NOTES, 1)
    }
    assert against == NOTES


def test_a_note_of_an_activity_that_denies_its_own_subject(tmp_path: Path) -> None:
    def told(note: str, schedule: str) -> set[str]:
        row = ("Tema", "1. Uno", "1.1 A", f"1.1.1 Dictar un curso de riego\n\nNota: {note}", f"1.1.1.1 {schedule}")
        return {code for code, _ in found(tmp_path, row) if code in TIMELY}

    contradiction = {"note-contradicts-schedule"}
    assert told("no se ha dictado ningún curso.", "Realizado en mayo de 2026") == contradiction
    assert told("esta actividad todavía no arranca", "50 %") == contradiction
    assert told("no se ha dictado ningún curso.", "En curso") == set(), "it may be prepared"
    assert told("no se ha dictado ningún taller.", "Realizado en mayo de 2026") == set()


@pytest.mark.parametrize(
    ("schedule", "codes"),
    [
        ("Cada seis meses", {"time-without-anchor"}),
        ("Cada seis meses, en Managua", {"time-without-anchor"}),
        ("Cada seis meses, en enero y julio", set()),
        ("En enero y julio, cada seis meses", set()),
        ("Cada seis meses a partir de la adopción", set()),
        ("Cada semana, los lunes", set()),
        ("Every six months from adoption", set()),
        ("It may be held every six months", {"time-without-anchor"}),
    ],
)
def test_from_when_a_recurrence_counts(schedule: str, codes: set[str], tmp_path: Path) -> None:
    row = ("Tema", "1. Uno", "1.1 A", "1.1.1 Limpiar", f"1.1.1.1 {schedule}")
    assert {code for code, _ in found(tmp_path, row)} & {*TIMELY} == codes


@pytest.mark.parametrize(
    ("title", "schedule", "code", "quoted"),
    [
        ("PLAN April 2025 to March 2028", "March 2024", "date-before-plan", "April 2025 to March 2028"),
        ("PLAN April 2025 to March 2028\nAdopted on 3 April 2025", "March 2024", "date-before-plan", "on 3 April 2025"),
        ("PLAN 2025\nAdopted on 3 April 2025", "February 2025", "date-before-plan", None),
        ("PLAN April 2025 to March 2028", "June 2028", "date-after-plan", "April 2025 to March 2028"),
        (
            "PLAN April 2025 to March 2028\nAdopted on 3 April 2025",
            "Done in May 2027",
            "outcome-to-come",
            "in May 2027",
        ),
        ("PLAN April 2025 to March 2028", "Done in May 2027", "outcome-to-come", None),
        ("PLAN March 2028 to April 2025", "May 2026", "period-reversed", ""),
    ],
)
def test_which_words_of_the_title_are_quoted(
    title: str, schedule: str, code: str, quoted: str | None, tmp_path: Path
) -> None:
    file = write(tmp_path, ("Tema", "1. Uno", "1.1 A", "1.1.1 Clean", f"1.1.1.1 {schedule}"), title=title)
    found = [each for each in checked(file) if each.code == code]
    assert [(each.other.exact if each.other else "") for each in found] == ([] if quoted is None else [quoted])


def test_each_finding_in_a_file_says_its_line_and_column(tmp_path: Path) -> None:
    file = write(tmp_path, ("Tema", "2. Dos", "9.9 A", "9.9.1 B", "9.9.1.1 Continuo"))
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    findings = checked(file)
    [outside] = [
        finding for finding in findings if finding.code == "number-outside-parent" and finding.spot.number == "9.9"
    ]
    assert (outside.file, outside.line, outside.column) == (str(file), 10, 2)
    assert all(finding.file == str(file) for finding in findings)


def test_a_plan_that_nobody_has_begun_to_translate_lacks_no_translation(tmp_path: Path) -> None:
    row = ("Tema", "1. Uno", "1.1 A", "1.1.1 Referirse al plan de trabajo de la Red de Cosas", "1.1.1.1 Continuo y ya")
    file = write(tmp_path, row, title="OTRO")

    def untranslated(plan: str) -> list[str]:
        findings = checked(file, plan)
        return sorted(finding.spot.name for finding in findings if finding.code == "translation-missing")

    assert untranslated("otro") == []
    # Of one with a table of translations all is told but what this project makes for itself.
    assert untranslated("crm") == ["", "t", "t/1", "t/1.1", "t/1.1.1", "t/1.1.1.1"]


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("Monitorear las actividades de la red", "la red"),
        ("Reunirse con la Red, cada año", "la Red"),
        ("Report on the activities of the network", "the network"),
        ("The members of the Network and others meet", "the Network"),
        ("Ampliar la Red Andina de Refugios y formar a los miembros de la red", None),
        ("Crear la red de alcaldes y difundir las actividades de la red", None),
        ("Asistir a la red consular. Informar a la red.", None),
        ("Formar a los miembros de la red de protección consular", None),
        ("Coordinar las redes, y con ellas la red", None),
        ("Support the Andean Network and report on the activities of the network", None),
        ("Support the Network of Mayors and the members of the network", None),
        ("Support the protection network and the members of the network", None),
        ("Publicar los informes en la red", None),
        ("Publish the reports on the network.", None),
        ("La red informará a los ministros", "La red"),
        ("Celebrar reuniones de la Red con el gobierno", "la Red"),
        ("La Red se reunirá cada año", "La Red"),
        ("The network will report to the ministers", "The network"),
        ("Navegar por la red", None),
        ("Subir el formulario a la red", None),
        ("Conectar los puestos a la red", None),
        ("Connect the offices to the network", None),
        ("Mejorar la red vial y la red de agua", None),
        ("Enredar la redacción", None),
    ],
)
def test_the_network_without_a_name(words: str, marked: str | None, tmp_path: Path) -> None:
    expected = [] if marked is None else [("t/1.1.1", marked, "")]
    assert spots(tmp_path, "network-unnamed", activity(words)) == expected


@pytest.mark.parametrize(
    ("words", "code", "marked"),
    [
        ("Referirse al plan de trabajo de la Red de Cosas", "unknown-network", "Red de Cosas"),
        ("Refer to the work plan of the Network of Mayors", "unknown-network", "Network of Mayors"),
        ("Refer to the work plan of the Consular Protection Network", "referral-unverifiable", None),
        ("Refer to the work plan of each network", "referral-unverifiable", None),
        ("Referirse al plan de trabajo de cada red", "referral-unverifiable", None),
        ("Referirse al plan de trabajo de la red", "referral-unverifiable", None),
    ],
)
def test_a_referral_to_a_network(words: str, code: str, marked: str | None, tmp_path: Path) -> None:
    findings = checked(write(tmp_path, activity(words)))
    found = {finding.code: finding.spot.exact for finding in findings}
    assert {"unknown-network", "referral-unverifiable"} & set(found) == {code}
    assert found[code] == (marked or words)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Usar el Acuerdo para la Repatriación Ordenada y Segura de Migrantes Salvadoreños Vía Terrestre desde México",
         "title-differs"),
        ("Usar el Acuerdo para la Repatriación Ordenada, Ágil y Segura de Migrantes Salvadoreños Vía Terrestre desde"
         " México", None),
        ("Usar el Plan Suramericano de Desarrollo Humano de las Migraciones", None),
        ("Meet the United Nations Children's Fund (UNICEF) and use UNICEF's guidelines", None),
    ],
)  # fmt: skip
def test_the_title_of_an_instrument_and_the_name_of_a_body(words: str, code: str | None, tmp_path: Path) -> None:
    findings = checked(write(tmp_path, activity(words)))
    told = {finding.code for finding in findings}
    assert told & {"title-differs", "name-misspelt", "name-variant"} == ({code} if code else set())


def test_a_theme_that_is_cited_as_a_whole(tmp_path: Path) -> None:
    assert spots(tmp_path, "unknown-theme", activity("Ver el tema «Salud»")) == [("t/1.1.1", "Salud", "")]
    assert spots(tmp_path, "unknown-theme", activity("Ver el tema «TEMA»")) == []


def test_of_a_theme_that_there_is_not_its_title_is_shown(tmp_path: Path) -> None:
    row = activity("Ver los objetivos 1 y 2 del tema “Salud”")
    assert spots(tmp_path, "unknown-theme", row) == [("t/1.1.1", "Salud", "")]
    assert spots(tmp_path, "unresolved-cross-reference", row) == []
    there = activity("Ver el objetivo 7 del tema “Tema”")
    assert spots(tmp_path, "unknown-theme", there) == []
    assert spots(tmp_path, "unresolved-cross-reference", there) == [("t/1.1.1", "7", "t/1")]
    assert spots(tmp_path, "unresolved-cross-reference", activity("Remítase al punto 5.5")) == [("t/1.1.1", "5.5", "")]


def test_one_line_without_a_number_is_told_once(tmp_path: Path) -> None:
    """It lacks its number where others beside it have one; where none has, its place is told."""

    def told(activities: str) -> set[tuple[str, str]]:
        row = ("Tema", "1. Uno", "1.1 Acción\n\n1.2 Otra", activities, "1.1.1.1 Continuo\n\n1.2.1.1 Continuo")
        codes = ("number-missing", "attachment-by-position")
        return {(code, name) for code, name in found(tmp_path, row) if code in codes}

    assert told("1.1.1 Algo\n\nOtra cosa\n\n1.2.1 Más") == {("number-missing", "t/1.1-a")}
    assert told("1.1.1 Algo\n\nOtra cosa") == {("number-missing", "t/1.2-a")}
    assert told("Algo\n\nOtra cosa") == {("attachment-by-position", "t/1.1-a"), ("attachment-by-position", "t/1.2-a")}


def test_a_part_in_the_row_of_another_makes_no_other_seem_out_of_order(tmp_path: Path) -> None:
    rows = (
        ("Tema", "1. Uno", "1.1 Acción\n\n2.2 Otra", "1.1.1 Algo\n\n2.2.1 Más", "1.1.1.1 Continuo\n\n2.2.1.1 Continuo"),
        ("", "2. Dos", "2.1 Acción", "2.1.1 Algo", "2.1.1.1 Continuo"),
    )
    assert {(code, name) for code, name in found(tmp_path, *rows) if name == "t/2.1"} == set()
    assert ("number-outside-row", "t/2.2") in found(tmp_path, *rows)
