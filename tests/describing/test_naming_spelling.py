import pytest

from crmgraph.describing.naming.spelling import acronym_spellings, is_acronym, singular_acronym, spellings, words


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("La Secretaría  Técnica", "la secretaria tecnica"),
        ("CRM-RROCM, 2010", "crm rrocm , 2010"),
        ("Pro-Témpore", "protempore"),
        ("pro-México", "pro mexico"),
        ("PRO-MÉXICO", "promexico"),
        ("extra-regionales extrarregionales", "extraregionales extraregionales"),
        ("México – Belice, México–Belice", "mexico - belice , mexico belice"),
        ("niños/as, niños(as), trabajador(es), y/o", "ninos , ninos , trabajador , y / o"),
        ("ONG’s ONG´s", "ong ' s ong ' s"),
        ("O\u00adIM¹", "oim ^"),
        ("_OIM_", "_ oim _"),
    ],
)
def test_words_are_compared_by_what_readers_hold_alike(text: str, forms: str) -> None:
    assert [word.form for word in words(text)] == forms.split()


@pytest.mark.parametrize(
    "text",
    [
        "la Red, (OIM) – «Pro-Témpore»",
        "Me\u0301xico",
        "𝐀😀 niños/as ﬁn ß",
        "pro-México anti-OEA",
        "extra\u00ad-regional\u00ad",
    ],
)
def test_words_stand_in_order_where_they_are(text: str) -> None:
    last = 0
    for word in words(text):
        assert last <= word.start < word.end <= len(text)
        assert not text[word.start].isspace()
        assert not text[last : word.start].strip(" -")
        last = word.end
    assert not text[last:].strip("\u00ad")


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Presidencia Pro-Témpore", ["presidencia pro tempore"]),
        ("Presidencia Pro Tempore", ["presidencia protempore"]),
        ("Reunión Viceministerial", ["reunion vice ministerial"]),
        ("migrantes extrarregionales", ["migrantes extra regionales"]),
        ("proceso", []),
        ("Comisión", []),
    ],
)
def test_prefixes_are_joined_or_apart(name: str, others: list[str]) -> None:
    assert [" ".join(forms) for forms in spellings(name)][1:] == others


@pytest.mark.parametrize(
    "name", ["OIM", "ST", "CEPAL/CELADE", "EE. UU.", "ONG’s", "ONGs", "EaPPMA", "MERCOSUR", "XIV CRM"]
)
def test_acronyms_are_written_in_capitals(name: str) -> None:
    assert is_acronym(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "A",
        "5+5",
        "oim",
        "Red",
        "México",
        "La OIM en casa",
        "Grupo Ad Hoc CRM-RROCM",
        "OIM 2010",
        "CONFERENCIA REGIONAL",
        "AG/RES. 2326 Poblaciones",
    ],
)
def test_other_names_are_no_acronyms(name: str) -> None:
    assert not is_acronym(name)


@pytest.mark.parametrize(
    ("name", "singular"), [("ONG’s", "ONG"), ("ONG's", "ONG"), ("ONGs", "ONG"), ("ONG", "ONG"), ("GRCMS", "GRCMS")]
)
def test_the_plural_of_an_acronym(name: str, singular: str) -> None:
    assert singular_acronym(name) == singular


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("OIM", {"oim": (3,), "oims": (3,), "oim ' s": (3, 0, 0), "o . i . m .": (1, 0, 1, 0, 1, 0)}),
        ("ST", {"st": (2,)}),
        ("Unicef", {"unicef": (1,)}),
        ("CEPAL/CELADE", {"cepal / celade": (5, 0, 6)}),
        ("EE. UU.", {"ee . uu .": (2, 0, 2, 0), "ee uu": (2, 2), "eeuu": (4,), "ee . uu": (2, 0, 2)}),
        ("ONG’s", {"ong ' s": (3, 0, 0)}),
    ],
)
def test_the_ways_of_writing_an_acronym(name: str, ways: dict[str, tuple[int, ...]]) -> None:
    found = {" ".join(forms): capitals for forms, capitals in acronym_spellings(name)}
    assert next(iter(found)) == next(iter(ways))
    assert ways.items() <= found.items()


def test_two_letters_with_dots_are_a_person() -> None:
    assert all("." not in forms for forms, _ in acronym_spellings("ST"))
