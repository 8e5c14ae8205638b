"""Parts that belong to one further up than others of their kind."""

from pathlib import Path

import pytest

from crmgraph.errors import SourceError
from crmgraph.importing import Grid, as_text_table, guess
from crmgraph.importing.parts.loose import loose_told
from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.source import Source

FILE = Path("plan.xlsx")
HEADER = ("Eje", "Objetivo", "Acción", "Actividad", "Plazo")


def plan_of(*rows: tuple[str, ...]) -> Plan:
    grids = [Grid("x", (), (HEADER, *rows))]
    mapping = guess(grids, FILE).model_copy(update={"numbers": "add"})
    return read_plan_text(Source(as_text_table(grids, mapping, FILE), FILE), "plan")


def belonging(plan: Plan) -> dict[str, str]:
    return {part.text: parent.text if parent else "" for part, parent in plan.walk()}


def test_a_date_beside_an_action_alone_is_that_of_the_action() -> None:
    plan = plan_of(
        ("Trabajo", "Vías", "Firmar", "", "2027"),
        ("", "", "", "Reunión", "2028"),
        ("", "", "Publicar", "Guía", "2029"),
        ("", "Datos", "", "", "2030"),
        ("", "", "Difundir", "Boletín", "2031"),
    )
    assert belonging(plan) == {
        "Trabajo": "", "Vías": "Trabajo", "Firmar": "Vías", "2027": "Firmar", "Reunión": "Firmar", "2028": "Reunión",
        "Publicar": "Vías", "Guía": "Publicar", "2029": "Guía", "Datos": "Trabajo", "2030": "Datos",
        "Difundir": "Datos", "Boletín": "Difundir", "2031": "Boletín",
    }  # fmt: skip
    assert list(loose_told(plan)) == [
        "taken as belonging to the objectives, for nothing stands beside them in between: 1 in the schedule (“2030”)",
        "taken as belonging to the actions, for nothing stands beside them in between: 1 in the schedule (“2027”)",
    ]


def test_where_no_part_has_the_level_nothing_is_loose() -> None:
    assert list(loose_told(plan_of(("Trabajo", "Vías", "", "Reunión", "2027"), ("", "", "", "Guía", "2028")))) == []


@pytest.mark.parametrize(
    "row",
    [
        # Nothing is above it at all.
        ("Salud", "", "Atender", "", ""),
        # An activity belongs to an action.
        ("Salud", "Cuidar", "", "Visita", ""),
        # The file counts the activities, and which of them this would be nobody knows.
        ("Salud", "Cuidar", "Atender", "", "2027"),
    ],
)
def test_what_cannot_be_placed_is_refused(row: tuple[str, ...]) -> None:
    with pytest.raises(SourceError, match="belongs to nothing"):
        plan_of(("Trabajo", "Vías", "1.1 Firmar", "1.1.1 Reunión", "2028"), row)
