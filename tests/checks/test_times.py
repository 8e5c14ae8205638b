"""What plans say of times and states, in schedules, activities, notes and titles, and which of it does not agree."""

from tests.checks.made import checked, found

ADOPTED = "PLAN DE ACCIÓN 2026-2028, adoptado el 12 de febrero de 2026"
TIMELY = (
    *("note-contradicts-schedule", "status-repeated", "status-missing", "status-contradicts-date", "outcome-undated"),
    *("outcome-to-come", "period-reversed", "date-before-plan", "date-after-plan", "time-without-anchor"),
)


def timely(*objectives: tuple[str, tuple[tuple[str, str], ...]]) -> dict[str, list[str]]:
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
    for finding in checked(*rows, title=ADOPTED):
        if finding.code in TIMELY:
            place = finding.other if finding.code == "note-contradicts-schedule" and finding.other else finding.location
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
            *("Once the treaty is signed", "Until completed", "Half completed"),
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
    **{
        words: ["status-missing"] for words in ("Quizá", "Bianual", "Taller de alto nivel", "Guatemala", "Según se vea")
    },
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
    "aún sin avances": {"Continuo", "En progreso", "Realizado en enero de 2026"},
    "no ha comenzado": {"Continuo", "En progreso", "Realizado en enero de 2026"},
    "este objetivo no se ha cumplido": {"Realizado en enero de 2026"},
    "already completed": {"En progreso", "Pendiente"},
    "las actividades están en ejecución": {"Pendiente"},
    "actividad cancelada": {"Continuo", "En progreso"},
    "pendiente de fondos": set(),
    "actividad suspendida por falta de fondos": {"Continuo", "En progreso"},
    "no se ha iniciado la obra": {"Continuo", "En progreso", "Realizado en enero de 2026"},
    "no se ha iniciado la obra del puente": set(),
    "no se han efectuado actividades en Honduras": set(),
    "en Honduras no se ha hecho nada": set(),
}


def test_schedules() -> None:
    found = timely(("", tuple(("Capacitar", schedule) for schedule in SCHEDULES)))
    assert {text: found.get(f"1.1.{place}.1", []) for place, text in enumerate(SCHEDULES, 1)} == SCHEDULES


def test_dates_in_activities() -> None:
    found = timely(("", tuple((activity, "Continuo") for activity in ACTIVITIES)))
    assert {text: found.get(f"1.1.{place}", []) for place, text in enumerate(ACTIVITIES, 1)} == ACTIVITIES


def test_notes_against_the_schedule() -> None:
    schedules = ("Continuo", "En progreso", "Pendiente", "Realizado en enero de 2026")
    found = timely(*((note, tuple(("Capacitar", each) for each in schedules)) for note in NOTES))
    against = {
        note: {each for turn, each in enumerate(schedules, 1) if f"{place}.1.{turn}.1" in found}
        for place, note in enumerate(NOTES, 1)
    }
    assert against == NOTES
    # So does a note of an activity.
    note = "Dictar un curso de riego\n\nNota: esta actividad no se ha iniciado"
    assert timely_codes(note, "En progreso") == {"note-contradicts-schedule"}


def timely_codes(activity: str, schedule: str) -> set[str]:
    """The codes of findings on time and status in a plan of one row without a date."""
    row = ("Tema", "1. Uno", "1.1 A", f"1.1.1 {activity}", f"1.1.1.1 {schedule}")
    return {code for code, _ in found(row)} & {*TIMELY}


def test_from_when_a_recurrence_counts() -> None:
    for schedule, is_told in (
        ("Cada seis meses, en Managua", True),
        ("It may be held every six months", True),
        ("Cada seis meses, en enero y julio", False),
        ("En enero y julio, cada seis meses", False),
        ("Cada seis meses a partir de la adopción", False),
        ("Cada semana, los lunes", False),
        ("Every six months from adoption", False),
    ):
        assert timely_codes("Limpiar", schedule) == ({"time-without-anchor"} if is_told else set()), schedule


def test_dates_in_the_title() -> None:
    """Which are wrong, and which of its words are quoted as the second place."""
    for title, expected in (
        ("PLAN DE ACCIÓN HACIA LA AGENDA 2030", {"plan-undated"}),
        ("PLAN DE ACCIÓN\nAdoptado el 31 de abril de 2022", {"date-impossible"}),
        ("PLAN DE ACCIÓN 2026-2022", {"period-reversed"}),
        ("PLAN DE ACCIÓN 2022-2026", set()),
    ):
        findings = checked(("Tema", "1. Uno", "1.1 A", "1.1.1 B", "1.1.1.1 Mayo de 2024"), title=title)
        assert {finding.code for finding in findings} - {"accent-missing"} == expected, "the headings lack accents"
    period, adopted = "PLAN April 2025 to March 2028", "\nAdopted on 3 April 2025"
    for title, schedule, code, quoted in (
        (period, "March 2024", "date-before-plan", ["April 2025 to March 2028"]),
        (period + adopted, "March 2024", "date-before-plan", ["on 3 April 2025"]),
        ("PLAN 2025" + adopted, "February 2025", "date-before-plan", []),
        (period, "June 2028", "date-after-plan", ["April 2025 to March 2028"]),
        (period + adopted, "Done in May 2027", "outcome-to-come", ["in May 2027"]),
        (period, "Done in May 2027", "outcome-to-come", []),
        ("PLAN March 2028 to April 2025", "May 2026", "period-reversed", [""]),
    ):
        findings = checked(("Tema", "1. Uno", "1.1 A", "1.1.1 Clean", f"1.1.1.1 {schedule}"), title=title)
        assert [each.other.exact if each.other else "" for each in findings if each.code == code] == quoted, title
