import pytest

from crmgraph.describing.naming.inflecting import inflections


def forms(name: str, people: bool = True) -> set[str]:
    return {" ".join(form) for form in inflections(tuple(name.split()), people)}


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("aerolineas", "aerolinea"),
        ("cancillerias", "cancilleria"),
        ("policia fronteriza", "policias fronterizas"),
        ("autoridades migratorias", "autoridad migratoria"),
        ("paises miembros", "pais miembro"),
        ("pais miembro", "paises miembros"),
        ("redes de enlace", "red de enlace"),
        ("sedes", "sede"),
        ("luces", "luz"),
        ("voz", "voces"),
        ("alcances", "alcance"),
        ("madres", "madre"),
        ("migrantes", "migrante"),
        ("repatriacion", "repatriaciones"),
        ("mujeres migrantes", "mujer migrante"),
        ("organizaciones no gubernamentales", "organizacion no gubernamental"),
        ("organos estatales tutelares de derechos humanos", "organo estatal tutelar de derechos humanos"),
        ("ninos , ninas y adolescentes", "nino , nina y adolescente"),
    ],
)
def test_a_name_has_another_number(name: str, other: str) -> None:
    assert other in forms(name)


@pytest.mark.parametrize(
    ("name", "feminine"),
    [
        ("funcionarios consulares", {"funcionarias consulares", "funcionaria consular"}),
        ("funcionarios de migracion", {"funcionarias de migracion", "funcionaria de migracion"}),
        ("trabajadores migratorios", {"trabajadoras migratorias", "trabajadora migratoria"}),
        ("refugiado", {"refugiada", "refugiadas"}),
        ("ninos migrantes no acompanados", {"ninas migrantes no acompanadas", "nina migrante no acompanada"}),
    ],
)
def test_people_may_be_women(name: str, feminine: set[str]) -> None:
    assert feminine <= forms(name)
    assert not feminine & forms(name, people=False)


@pytest.mark.parametrize(
    ("name", "never"),
    [
        ("mujeres refugiadas", "hombres refugiados"),
        ("refugiadas", "refugiados"),
        ("gobiernos", "gobierna"),
        ("documentos", "documenta"),
        ("menores", "menoras"),
        ("grupos vulnerables", "grupas vulnerables"),
        ("trata", "tratar"),
        ("documentos de viaje", "documentos de viajes"),
        ("madres", "madr"),
        ("migrantes", "migrant"),
        ("pais", "pai"),
        ("crisis", "crisi"),
    ],
)
def test_a_name_has_no_other_forms(name: str, never: str) -> None:
    assert never not in forms(name)


def test_the_name_itself_is_not_among_its_other_forms() -> None:
    assert "aerolineas" not in forms("aerolineas")
    assert "crisis" not in forms("crisis")


@pytest.mark.parametrize("name", ["5 + 5", "de los migrantes", "una lista de mas de seis palabras que no acaba", ""])
def test_what_is_no_kind_of_thing_has_no_other_form(name: str) -> None:
    assert not [form for form in forms(name) if "migrante " in form or "5" in form]


def test_a_long_title_has_no_other_form() -> None:
    assert forms("lineamientos regionales mexicanos salvadorenos hondurenos nicaraguenses panamenos") == set()
