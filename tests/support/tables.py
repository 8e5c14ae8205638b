"""Random plans and their text tables, written independently of the code under test."""

import unicodedata
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.support.phrases import HEADINGS

WORDS = st.sampled_from(
    [
        "migración",
        "tráfico",
        "niñez",
        "Red",
        "CRM",
        "¿qué?",
        "«año»",
        "1948",
        "3.5%",
        "fin;",
        "Ángel",
        "“cita”",
        "–",
        "12",
    ]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=6).map(lambda words: "Texto " + " ".join(words))


@dataclass(frozen=True)
class Activity:
    number: str | None
    text: str
    schedule: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Action:
    number: str
    text: str
    activities: tuple[Activity, ...]


@dataclass(frozen=True)
class Objective:
    number: str
    text: str
    note: str | None
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class Theme:
    title: str
    objectives: tuple[Objective, ...]


@st.composite
def _activities(draw: st.DrawFn, action: str) -> tuple[Activity, ...]:
    """Several numbered activities, or a single one without a number, whose parent is determined by its position."""
    if draw(st.integers(0, 3)) == 0:
        schedule = ((f"{action}.1.1", draw(TEXTS)),) if draw(st.booleans()) else ()
        return (Activity(None, draw(TEXTS), schedule),)
    return tuple(
        Activity(
            f"{action}.{n}",
            draw(TEXTS),
            tuple((f"{action}.{n}.{m}", draw(TEXTS)) for m in range(1, draw(st.integers(1, 3)))),
        )
        for n in range(1, draw(st.integers(2, 4)))
    )


@st.composite
def _objective(draw: st.DrawFn, number: int) -> Objective:
    actions = tuple(
        Action(f"{number}.{n}", draw(TEXTS), draw(_activities(f"{number}.{n}")))
        for n in range(1, draw(st.integers(2, 5)))
    )
    note = draw(st.none() | TEXTS.map(lambda text: "Nota: " + text))
    return Objective(str(number), draw(TEXTS), note, actions)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Theme, ...]:
    """Plans of one to three themes, each with one to three objectives."""
    names = draw(st.lists(st.sampled_from(("Derechos Humanos", "Migración y Desarrollo", "RETORNO", "Salud")),
                          min_size=1, max_size=3, unique=True))  # fmt: skip
    return tuple(
        Theme(name, tuple(draw(_objective(number)) for number in range(1, draw(st.integers(2, 4))))) for name in names
    )


@dataclass(frozen=True)
class Style:
    """Variations of a text table that do not affect the plan that is read."""

    newline: str = "\n"
    space: str = " "
    blank_lines: int = 1
    repeat_themes: bool = False
    decomposed: bool = False
    mark: bool = False


STYLES = st.builds(
    Style,
    newline=st.sampled_from(("\n", "\r\n", "\r")),
    space=st.sampled_from((" ", "  ", "\u00a0")),
    blank_lines=st.integers(1, 3),
    repeat_themes=st.booleans(),
    decomposed=st.booleans(),
    mark=st.booleans(),
)


def _row(theme: str, objective: Objective, style: Style) -> list[list[str]]:
    def numbered(number: str, text: str) -> str:
        return f"{number}{style.space}{text}"

    activities = [activity for action in objective.actions for activity in action.activities]
    objectives = [numbered(objective.number + ".", objective.text)]
    return [
        [theme] if theme else [],
        objectives + ([objective.note] if objective.note else []),
        [numbered(action.number, action.text) for action in objective.actions],
        [numbered(a.number, a.text) if a.number else a.text for a in activities],
        [numbered(number, text) for activity in activities for number, text in activity.schedule],
    ]


def write_table(plan: tuple[Theme, ...], style: Style | None = None) -> bytes:
    """Return the plan as a text table in UTF-8."""
    style = style or Style()
    rows = [[[heading] for heading in HEADINGS]]
    for theme in plan:
        for index, objective in enumerate(theme.objectives):
            title = theme.title if index == 0 or style.repeat_themes else ""
            rows.append(_row(title, objective, style))
    gap = style.newline * (1 + style.blank_lines)
    cells = ("\t" + gap.join(items) + style.newline for row in rows for items in row)
    text = style.newline.join([" PLAN DE ACCION ", "", "CONFERENCIA", ""]) + "".join(cells)
    if style.decomposed:
        text = unicodedata.normalize("NFD", text)
    return (b"\xef\xbb\xbf" if style.mark else b"") + text.encode()
