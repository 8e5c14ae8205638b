"""Verbs in the future that lack their accent: which surely do, and what only looks like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.describing.futures import bare_futures


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("El comité se reunira en mayo", ["reunira"]),
        ("Se hara una campaña y habra tres talleres", ["hara", "habra"]),
        ("Las oficinas tendran internet; estaran abiertas", ["tendran", "estaran"]),
        ("1.1.1 Habra tres talleres", ["Habra"]),
        ("1.1.1 Realizaran un taller. Se publicara el informe", ["Realizaran", "publicara"]),
        ("La OIM preparara para cada reunión una matriz", ["preparara"]),
        ("La Organización Internacional para las Migraciones preparara para cada reunión una matriz", ["preparara"]),
        ("Se hará, tendrán, reunirá y HARÁ", []),
        ("La OIM prepara una matriz; las partes declaran lo suyo", []),
        ("Pidió que la OIM preparara una matriz, si los países la suministraran", []),
        ("Pereira, Elvira y Palmira. Samira viaja a Madeira", []),
        ("Se mira, gira y retira; la mentira, la lira y la satira", []),
        ("Protocolo de atención em fronteira; bandeira, primeira, carteira, estrangeira e brasileira", []),
        ("Confira, prefira, adquira, insira, sugira, transfira; caipira", []),
        ("Reunira a los países. Consistira en un taller; construira, seguira, recibiran, producira y definira", [
            "Reunira", "Consistira", "construira", "seguira", "recibiran", "producira", "definira",
        ]),
    ],
)  # fmt: skip
def test_which_they_are(text: str, words: list[str]) -> None:
    assert sorted(text[start:end] for start, end in bare_futures(text)) == sorted(words)


@given(st.text())
def test_each_is_a_word_of_the_text(text: str) -> None:
    for start, end in bare_futures(text):
        assert text[start:end].isalpha()


@given(st.from_regex(r"[a-zñ]{0,8}[ae]iran?", fullmatch=True))
def test_no_word_in_eira_is_one(word: str) -> None:
    assert list(bare_futures(f"Atención em {word} con la {word}.")) == []


VERBS = """
abrir acudir adherir admitir adquirir advertir añadir asistir asumir atribuir combatir compartir competir
concluir concurrir conducir conferir consentir consistir constituir construir contribuir convertir convivir
corregir cubrir cumplir debatir decidir definir describir descubrir destruir difundir dirigir discutir
disminuir distinguir distribuir dividir elegir emitir escribir exhibir exigir existir expedir exprimir fluir
huir impartir impedir imprimir incidir incluir incurrir influir inscribir insistir instituir instruir
introducir invertir medir morir nutrir ocurrir oir omitir pedir percibir permitir persistir prescribir
presidir producir prohibir proseguir recibir recurrir redefinir reducir referir regir remitir rendir repartir
repetir requerir residir resumir retribuir reunir revertir seguir sentir servir subir subsistir sufrir sugerir
suplir suprimir surgir suscribir sustituir traducir transferir transmitir unir vivir
"""


@pytest.mark.parametrize("verb", VERBS.split())
def test_the_future_of_each_verb_in_ir_is_one(verb: str) -> None:
    text = f"Se {verb}a y se {verb}an"
    assert [text[start:end] for start, end in bare_futures(text)] == [f"{verb}a", f"{verb}an"]
