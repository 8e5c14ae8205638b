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
    ],
)
def test_which_they_are(text: str, words: list[str]) -> None:
    assert sorted(text[start:end] for start, end in bare_futures(text)) == sorted(words)


@given(st.text())
def test_each_is_a_word_of_the_text(text: str) -> None:
    for start, end in bare_futures(text):
        assert text[start:end].isalpha()
