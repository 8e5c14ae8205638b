"""Plans in StratML, of both parts and as programs write them."""

from pathlib import Path

import pytest

from crmgraph.errors import SourceError
from crmgraph.importing import as_text_table, check_levels, guess, left_out, read_tables
from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.source import Source
from tests.support.counting import counted

CORE = "urn:ISO:std:iso:17469:tech:xsd:stratml_core"
REPORT = "urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport"

PLAN = f"""<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="stratml.xsl"?>
<StrategicPlan xmlns="{CORE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="{CORE} http://example.org/StrategicPlan.xsd">
  <Name>Plan Nacional de Integración 2027</Name>
  <Description/>
  <OtherInformation>Aprobado en consejo.</OtherInformation>
  <StrategicPlanCore>
    <Organization><Name>Instituto de Movilidad</Name><Acronym>IM</Acronym><Identifier>_o</Identifier>
      <Stakeholder><Name/><Description/></Stakeholder></Organization>
    <Vision><Description>Una región que acoge.</Description></Vision>
    <Mission><Description/></Mission>
    <Value><Name>Dignidad</Name><Description/></Value>
    <Goal>
      <Name>Protección</Name>
      <Description>Que nadie quede
        sin amparo.</Description>
      <Identifier>_g1</Identifier>
      <SequenceIndicator>1</SequenceIndicator>
      <Stakeholder StakeholderTypeType="Generic_Group"><Name>Niñez</Name><Description/></Stakeholder>
      <OtherInformation/>
      <Objective>
        <Name>Albergues</Name><!-- por revisar -->
        <Description>Abrir tres albergues &amp; dotarlos de personal.</Description>
        <Identifier>_o1</Identifier>
        <SequenceIndicator>1.1</SequenceIndicator>
        <Stakeholder><Name>ACNUR</Name><Description>Agencia de la ONU</Description></Stakeholder>
      </Objective>
      <Objective><Name>¿Y el asilo?</Name><Description>Resolver en 90 días.</Description>
        <SequenceIndicator>1.2</SequenceIndicator></Objective>
      <Objective><Name/><Description/><SequenceIndicator/></Objective>
    </Goal>
    <Goal>
      <Name/><Description>Trabajo decente para todas las personas</Description><SequenceIndicator>II</SequenceIndicator>
      <Objective><Name>Permisos</Name><Description/><SequenceIndicator>2.1</SequenceIndicator></Objective>
    </Goal>
    <Goal><Name>Retorno</Name><Description/><SequenceIndicator>Meta final</SequenceIndicator></Goal>
    <Goal><Name/><Description/></Goal>
  </StrategicPlanCore>
  <AdministrativeInformation><StartDate>2027-01-01</StartDate></AdministrativeInformation>
</StrategicPlan>
"""

PERFORMANCE = f"""<?xml version="1.0"?>
<s:PerformancePlanOrReport xmlns:s="{REPORT}" Type="Performance_Plan">
<s:Name>The plan of the agency for safe labour pathways</s:Name><s:StrategicPlanCore>
<s:Goal><s:Name>To be ready</s:Name><s:SequenceIndicator>Part 1</s:SequenceIndicator>
<s:Objective><s:Name>Forms</s:Name><s:Description>Publish the forms in all the languages of the region.</s:Description>
<s:Stakeholder><s:Name>Registry</s:Name><s:Role><s:Name>Publisher</s:Name><s:RoleType>Performer</s:RoleType></s:Role>
</s:Stakeholder>
<s:PerformanceIndicator IndicatorType="Quantitative"><s:MeasurementDimension>Forms</s:MeasurementDimension>
<s:UnitOfMeasurement>Number</s:UnitOfMeasurement><s:MeasurementInstance><s:TargetResult>
<s:NumberOfUnits>12</s:NumberOfUnits><s:EndDate>2027-12-31</s:EndDate></s:TargetResult><s:ActualResult>
<s:NumberOfUnits/></s:ActualResult></s:MeasurementInstance></s:PerformanceIndicator></s:Objective></s:Goal>
</s:StrategicPlanCore></s:PerformancePlanOrReport>
"""


def imported(text: str, tmp_path: Path, name: str = "plan.xml") -> tuple[Plan, list[str]]:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    grids = read_tables(file)
    mapping = guess(grids, file)
    check_levels(grids, mapping, file)
    plan = read_plan_text(Source(as_text_table(grids, mapping, file), Path("plan.txt")), "plan")
    return plan, left_out(grids, mapping)


def tree(plan: Plan) -> list[tuple[str, str | None, str]]:
    return [(part.kind, counted(part), part.text) for part, _ in plan.walk()]


def test_a_strategic_plan(tmp_path: Path) -> None:
    plan, left = imported(PLAN, tmp_path)
    assert plan.title == "Plan Nacional de Integración 2027"
    assert tree(plan) == [
        ("Theme", "1", "Protección"),
        ("Objective", "1", "Albergues: Abrir tres albergues & dotarlos de personal."),
        ("Objective", "2", "¿Y el asilo? Resolver en 90 días."),
        ("Theme", "II", "Trabajo decente para todas las personas"),
        ("Objective", "1", "Permisos"),
        ("Theme", None, "Meta final Retorno"),
    ]
    assert left == [
        "“Description of the goal”", "“Stakeholders of the goal”", "“Stakeholders of the objective”",
        "other information", "the vision", "the values", "the administrative information",
        "the acronym of the organization", "the identifiers", "the types of the stakeholders",
    ]  # fmt: skip


def test_a_performance_plan_is_the_same_and_its_indicators_can_be_mapped(tmp_path: Path) -> None:
    plan, left = imported(PERFORMANCE, tmp_path, "plan.stratml")
    assert tree(plan) == [
        ("Theme", None, "Part 1 To be ready"),
        ("Objective", "1", "Forms: Publish the forms in all the languages of the region."),
    ]
    assert left == [
        "“Stakeholders of the objective”", "“Performance indicators”", "the types of the roles", "the type of the plan",
        "the types of the performance indicators",
    ]  # fmt: skip
    [grid] = read_tables(tmp_path / "plan.stratml")
    row = dict(zip(grid.rows[0], grid.rows[1], strict=True))
    assert row["Stakeholders of the objective"] == "Registry (Publisher)"
    assert row["Performance indicators"] == "Forms; Number; target: 12 2027-12-31"


def test_what_no_column_has_is_told(tmp_path: Path) -> None:
    more = "<Description>Que reúne</Description><Stakeholder><Name>Estados</Name></Stakeholder></Organization>"
    text = PLAN.replace("</Organization>", more)
    indicator = "<s:SequenceIndicator>1.1</s:SequenceIndicator><s:Relationship><s:Name>Sirve</s:Name></s:Relationship>"
    assert {"the description of the organization", "the stakeholders of the organization"} <= {
        *imported(text, tmp_path)[1]
    }
    text = PERFORMANCE.replace("<s:MeasurementInstance>", f"{indicator}<s:MeasurementInstance>")
    assert {"the relationships", "the numbers of the performance indicators"} <= {*imported(text, tmp_path)[1]}


def test_its_older_namespace(tmp_path: Path) -> None:
    plan, _ = imported(PLAN.replace(CORE, "http://www.stratml.net"), tmp_path)
    assert len(tree(plan)) == 6


def test_a_goal_within_another_has_its_objectives_for_itself(tmp_path: Path) -> None:
    inner = "<Goal><Name>Salud</Name><Objective><Name>Vacunas</Name></Objective></Goal>"
    plan, _ = imported(PLAN.replace("</Objective>\n    </Goal>", f"</Objective>{inner}</Goal>", 1), tmp_path)
    assert [text for kind, _, text in tree(plan) if kind == "Objective"].count("Vacunas") == 1


def test_numbers_that_are_none_stay_in_the_words(tmp_path: Path) -> None:
    text = PLAN.replace("<SequenceIndicator>1.2<", "<SequenceIndicator>b<")
    plan, _ = imported(text, tmp_path)
    assert [(number, text[:9]) for kind, number, text in tree(plan) if kind == "Objective"] == [
        ("1", "1.1 Alber"), ("2", "b ¿Y el a"), ("1", "Permisos"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<a><b></a>", "this is not XML, or it is damaged"),
        ("rubbish", "this is not XML, or it is damaged"),
        ("<html><body/></html>", "this XML is not StratML: it begins with <html> in no namespace"),
        ('<StrategicPlan xmlns="http://example.org/x"/>', "in the namespace http://example.org/x, and a plan in"),
        (f'<StrategicPlan xmlns="{CORE}"><Name>x</Name></StrategicPlan>', "there is no table with words"),
        (
            f'<StrategicPlan xmlns="{CORE}"><Goal><Objective><Name>Asilo</Name></Objective></Goal></StrategicPlan>',
            "the goal above “Asilo” has neither a name nor a description",
        ),
    ],
)
def test_what_is_no_stratml_is_told_so(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        imported(text, tmp_path)
    assert said in str(caught.value)


def test_rdf_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"this XML is RDF; call the file \.rdf, and it is read as a graph"):
        imported('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', tmp_path)


def test_no_entity_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secreto", encoding="utf-8")
    for value in (f'SYSTEM "{secret.as_uri()}"', '"yyy"'):
        kind = f"<!DOCTYPE p [<!ENTITY x {value}>]>\n<StrategicPlan"
        text = PLAN.replace("<StrategicPlan", kind, 1).replace("Permisos", "Permisos&x;")
        with pytest.raises(SourceError, match="it has the entity &x;, and none is read"):
            imported(text, tmp_path)


def test_entities_that_grow_without_end(tmp_path: Path) -> None:
    grown = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(12))
    text = PLAN.replace("<StrategicPlan", f"<!DOCTYPE p [{grown}]><StrategicPlan", 1)
    with pytest.raises(SourceError):
        imported(text.replace("Permisos", "Permisos&e11;"), tmp_path)
