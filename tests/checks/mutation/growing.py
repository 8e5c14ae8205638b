"""Random plans without defects."""

from collections.abc import Iterator
from random import Random

_HEADINGS = ("TEMAS", "OBJETIVOS", "ACCIONES", "ACTIVIDADES", "CALENDARIO")
_THEMES = ("Integración laboral", "Gestión de fronteras", "Salud y bienestar", "Datos comparables")
_VERBS = ("Elaborar", "Revisar", "Difundir", "Ampliar", "Evaluar", "Reforzar", "Actualizar", "Preparar")
_THINGS = (
    "la guía", "el manual", "el registro", "la campaña", "el boletín", "el estudio", "el directorio", "la encuesta",
)  # fmt: skip
_ABOUT = ("oficinas locales", "horarios de atención", "formularios comunes", "aulas y bibliotecas", "vías de consulta")
_ENTRIES = (
    "Continuo", "En progreso", "Pendiente", "Continuo, desde enero de 2031", "Cada seis meses, desde marzo de 2031",
    "Actividad realizada en abril de 2031", "Marzo de 2032",
)  # fmt: skip
_DECLARATION = "Declaración Universal de los Derechos Humanos"
_ORGANISATION = "Organización Internacional para las Migraciones"


def clean_plan(seed: int) -> str:
    """A random plan as a text table: two or three themes, with a name, an acronym, a title and cross-references."""
    random = Random(seed)
    sentences = _sentences(random)
    themes = random.sample(_THEMES, random.randint(2, 3))
    cells = [*_HEADINGS]
    for theme in themes:
        objectives = random.randint(2, 4)
        for objective in range(1, objectives + 1):
            title = theme if objective == 1 else ""
            cells += [title, f"{objective}. {next(sentences)}", *_row(random, str(objective), sentences)]
    cells[6] += f" con la {_ORGANISATION} (OIM), como pide la {_DECLARATION}"
    cells[8] += f"; ver el objetivo 2 del tema “{themes[1]}”"
    cells[13] += " y OIM; ver la acción 1.1" if random.random() < 0.5 else " con la OIM"
    table = "".join(f"\t{cell}\n" for cell in cells)
    return f"PLAN DE ACCIÓN DE PRUEBA, 2031-2035\n\n{table}"


def _row(random: Random, objective: str, sentences: Iterator[str]) -> tuple[str, str, str]:
    actions, activities, entries = [], [], []
    for action in (f"{objective}.{n}" for n in range(1, random.randint(2, 4))):
        actions.append(f"{action} {next(sentences)}")
        for activity in (f"{action}.{n}" for n in range(1, random.randint(2, 4))):
            activities.append(f"{activity} {next(sentences)}")
            entries.append(f"{activity}.1 {random.choice(_ENTRIES)}")
    gap = random.choice(("\n", "\n\n"))
    return gap.join(actions), gap.join(activities), gap.join(entries)


def _sentences(random: Random) -> Iterator[str]:
    """Distinct sentences in random order."""
    all_of_them = [f"{verb} {thing} sobre {about}" for verb in _VERBS for thing in _THINGS for about in _ABOUT]
    random.shuffle(all_of_them)
    yield from all_of_them
