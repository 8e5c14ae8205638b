import pytest

from crmgraph.describing.naming.mistyping import AcronymCorrections, Corrections, StateCorrections, is_long

NAMES = [("conferencia", "regional", "sobre", "migracion"), ("conferencia", "suramericana"), ("refugiados",)]


@pytest.fixture
def corrections() -> Corrections:
    return Corrections(
        NAMES, {"conferencia", "regional", "sobre", "migracion", "suramericana", "sudamericana", "refugiados"}
    )


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("conferncia", "conferencia"),
        ("conferenncia", "conferencia"),
        ("confereccia", "conferencia"),
        ("conferecnia", "conferencia"),
        ("regoinal", "regional"),
        ("migrcion", "migracion"),
    ],
)
def test_one_slip_is_forgiven(corrections: Corrections, slip: str, meant: str) -> None:
    assert corrections.of(slip) == meant


@pytest.mark.parametrize(
    "word",
    [
        "conferencia",
        "conferenci",
        "conferencias",
        "comferemcia",
        "emigracion",
        "refugiadas",
        "refugiado",
        "sudamericana",
        "sobbre",
        "2010",
        "x",
        ",",
    ],
)
def test_other_differences_make_other_words(corrections: Corrections, word: str) -> None:
    assert corrections.of(word) is None


def test_a_slip_that_may_be_of_two_words_is_left() -> None:
    assert Corrections([("nacionales", "racionales", "regatones", "regatanes")], ()).of("regatxnes") is None


@pytest.mark.parametrize(
    ("name", "long"),
    [
        ("conferencia regional sobre migracion", True),
        ("red de proteccion consular", False),
        ("trata de personas", False),
        ("secretaria tecnica", False),
    ],
)
def test_long_names(name: str, long: bool) -> None:
    assert is_long(name.split()) is long


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("acnurr", "acnur"), ("unicceff", None), ("undoc", "unodc"), ("unoda", None), ("acnu", None), ("oimm", None),
        ("acnur", None),
    ],
)  # fmt: skip
def test_slips_of_acronyms(slip: str, meant: str | None) -> None:
    corrections = AcronymCorrections([("acnur",), ("red", "de", "cosas")], ["acnur", "unodc", "unicef", "oim"])
    assert corrections.of(slip) == meant


@pytest.mark.parametrize(
    ("slip", "meant"), [("gcrm", "grcm"), ("grccm", "grcm"), ("rgcm", None), ("cema", None), ("crmm", None)]
)
def test_slips_of_short_acronyms_count_where_nobody_can_say_them(slip: str, meant: str | None) -> None:
    assert AcronymCorrections([], ["grcm", "ceam", "crm"]).of(slip) == meant


STATES = [
    ("honduras",),
    ("mexico",),
    ("canada",),
    ("ecuador",),
    ("chile",),
    ("alemania",),
    ("filipinas",),
    ("bolivia",),
]


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("honduraz", "honduras"), ("hondurus", "honduras"), ("honduris", "honduras"), ("hondurass", "honduras"),
        ("hoduras", "honduras"), ("hondursa", "honduras"), ("hondutas", "honduras"), ("mexco", "mexico"),
        ("mexcio", "mexico"), ("mexxico", "mexico"), ("canda", "canada"), ("ecuadro", "ecuador"), ("ecudor", "ecuador"),
        ("medico", None), ("mexica", None), ("cantada", None), ("casada", None), ("canad", None), ("hondura", None),
        ("honduros", None), ("onduras", None), ("chle", None), ("chine", None), ("alemana", None), ("filipinos", None),
        ("olivia", None), ("boliviana", None), ("honduras", None),
    ],
)  # fmt: skip
def test_slips_of_states(slip: str, meant: str | None) -> None:
    assert StateCorrections(STATES, {"honduras"}).of(slip) == meant


def test_a_name_of_four_letters_has_no_slips() -> None:
    corrections = StateCorrections([("mali",), ("peru",), ("chile",)], ())
    assert [corrections.of(word) for word in ("mail", "preu", "chlie")] == [None, None, "chile"]


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("phillipines", "philippines"), ("philipines", "philippines"), ("morroco", "morocco"), ("moroco", "morocco"),
        ("lybia", "libya"), ("libia", None), ("egipt", "egypt"), ("argentinia", "argentina"), ("bolivya", "bolivia"),
        ("greece", None),
    ],
)  # fmt: skip
def test_letters_doubled_elsewhere_and_those_that_sound_alike(slip: str, meant: str | None) -> None:
    names = [(name,) for name in ("philippines", "morocco", "libya", "egypt", "argentina", "bolivia", "greece")]
    assert StateCorrections(names, {"libia", "greece"}).of(slip) == meant


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("rrica", "rica"), ("ria", None), ("rcia", "rica"), ("cosa", None), ("risa", None), ("csta", "costa")],
)
def test_slips_of_states_of_several_words(slip: str, meant: str | None) -> None:
    assert StateCorrections([("costa", "rica")], {"cosa", "ria"}).of(slip) == meant


@pytest.mark.parametrize(
    ("slip", "meant"), [("migracoin", "migracion"), ("migracino", "migracion"), ("curz", "cruz"), ("crzu", "cruz")]
)
def test_letters_out_of_turn_are_forgiven_at_the_end_and_in_short_words(slip: str, meant: str) -> None:
    assert Corrections([("comite", "cruz", "migracion")], {"comite", "cruz", "migracion"}).of(slip) == meant


def test_a_short_word_with_another_slip_is_another_word() -> None:
    corrections = Corrections([("comite", "cruz", "casa")], {"cruz", "saca"})
    assert [corrections.of(word) for word in ("crux", "cruzz", "cuz", "curzx")] == [None] * 4


def test_the_last_u_but_one_of_a_state_may_be_missing() -> None:
    corrections = StateCorrections([("nicaragua",), ("alemania",)], ())
    assert (corrections.of("nicaraga"), corrections.of("alemana")) == ("nicaragua", None)
