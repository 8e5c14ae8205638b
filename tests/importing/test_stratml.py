"""Import of StratML, both parts of the standard, and of files written by programs."""

from pathlib import Path

import pytest

from crmgraph.errors import SourceError
from crmgraph.importing import read_tables
from tests.importing.made import omissions, plan, plan_table, plan_text, written

CORE = "urn:ISO:std:iso:17469:tech:xsd:stratml_core"
FILES = Path(__file__).parent / "cases"
PLAN, PERFORMANCE = ((FILES / f"{name}.xml").read_text(encoding="utf-8") for name in ("strategic", "performance"))


def imported(text: str, tmp_path: Path, name: str = "plan.xml") -> tuple[str, list[str]]:
    grids = read_tables(written(tmp_path / name, text))
    plan_table(grids).check_levels()
    return plan_text(plan(grids)), omissions(grids)


def test_a_strategic_plan(tmp_path: Path) -> None:
    found, left = imported(PLAN, tmp_path)
    assert plan(read_tables(tmp_path / "plan.xml")).title == "Plan Nacional de Integración 2027"
    assert found == (
        "T1 Protección|O1 Albergues: Abrir tres albergues & dotarlos de personal."
        "|O2 ¿Y el asilo? Resolver en 90 días.|TII Trabajo decente para todas las personas|O1 Permisos"
        "|T Meta final Retorno"
    )
    assert left == [
        "“Description of the goal”", "“Stakeholders of the goal”", "“Stakeholders of the objective”",
        "other information", "the vision", "the values", "the administrative information",
        "the acronym of the organization", "the identifiers", "the types of the stakeholders",
    ]  # fmt: skip
    # Its older namespace, numbers that are none, and a goal within another.
    assert imported(PLAN.replace(CORE, "http://www.stratml.net"), tmp_path)[0] == found
    text = PLAN.replace("<SequenceIndicator>1.2<", "<SequenceIndicator>b<")
    assert "|O1 1.1 Albergues: " in imported(text, tmp_path)[0]
    assert "|O2 b ¿Y el asilo? " in imported(text, tmp_path)[0]
    lettered = imported(PLAN.replace("<SequenceIndicator>1.2<", "<SequenceIndicator>1.b<"), tmp_path)[0]
    assert " 1.1 Albergues: " in lettered, "only numbers alone have something in common"
    inner = "<Goal><Name>Salud</Name><Objective><Name>Vacunas</Name></Objective></Goal>"
    text = PLAN.replace("</Objective>\n    </Goal>", f"</Objective>{inner}</Goal>", 1)
    assert imported(text, tmp_path)[0].count("Vacunas") == 1


def test_a_performance_plan(tmp_path: Path) -> None:
    found, left = imported(PERFORMANCE, tmp_path, "plan.stratml")
    assert found == "T Part 1 To be ready|O1 Forms: Publish the forms in all the languages of the region."
    assert left == [
        "“Stakeholders of the objective”", "“Performance indicators”", "the type of the plan",
        "the types of the performance indicators",
    ]  # fmt: skip
    [grid] = read_tables(tmp_path / "plan.stratml")
    row = dict(zip(grid.rows[0], grid.rows[1], strict=True))
    assert row["Stakeholders of the objective"] == "Registry Publisher Performer"
    assert row["Performance indicators"] == "Forms Number 12 2027-12-31"


def test_what_no_column_has_is_told(tmp_path: Path) -> None:
    more = "<Description>Que reúne</Description><Stakeholder><Name>Estados</Name></Stakeholder></Organization>"
    told = imported(PLAN.replace("</Organization>", more), tmp_path)[1]
    assert {"the description of the organization", "the stakeholders of the organization"} <= {*told}
    indicator = "<s:SequenceIndicator>1.1</s:SequenceIndicator><s:Relationship><s:Name>Sirve</s:Name></s:Relationship>"
    text = PERFORMANCE.replace("<s:MeasurementInstance>", f"{indicator}<s:MeasurementInstance>")
    assert "the relationships" in imported(text, tmp_path)[1]


def test_what_is_no_stratml(tmp_path: Path) -> None:
    secret = written(tmp_path / "secret.txt", "secreto")
    grown = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(12))

    def with_entities(declared: str, used: str) -> str:
        text = PLAN.replace("<StrategicPlan", f"<!DOCTYPE p [{declared}]>\n<StrategicPlan", 1)
        return text.replace("Permisos", f"Permisos&{used};")

    for text, said in (
        ("<a><b></a>", "this is not XML, or it is damaged"),
        ("rubbish", "this is not XML, or it is damaged"),
        ("<html><body/></html>", "this XML is not StratML: it begins with <html> in no namespace"),
        ('<StrategicPlan xmlns="http://example.org/x"/>', "in the namespace http://example.org/x, and a plan in"),
        (f'<StrategicPlan xmlns="{CORE}"><Name>x</Name></StrategicPlan>', "there is no table with words"),
        (f'<StrategicPlan xmlns="{CORE}"><Goal><Objective><Name>Asilo</Name></Objective></Goal></StrategicPlan>',
         "the goal above “Asilo” has neither a name nor a description"),
        (with_entities(f'<!ENTITY x SYSTEM "{secret.as_uri()}">', "x"), "it has the entity &x;, and none is read"),
        (with_entities('<!ENTITY x "yyy">', "x"), "it has the entity &x;, and none is read"),
        (with_entities(grown, "e11"), "plan.xml"),
    ):  # fmt: skip
        with pytest.raises(SourceError) as caught:
            imported(text, tmp_path)
        assert said in str(caught.value)
