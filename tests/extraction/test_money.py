"""The amounts of money in the cells of budgets, in four languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.extraction.money import find_amounts


def said(text: str, heading: str = "") -> str:
    return ", ".join(f"{amount.value} {amount.currency or '?'}" for amount in find_amounts(text, heading))


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("US$ 7,250", "7250 USD"),
        ("7 250 EUR", "7250 EUR"),
        ("7.250,50 €", "7250.5 EUR"),
        ("CHF 1'250'000", "1250000 CHF"),
        ("€2.3 million", "2300000 EUR"),
        ("2,5 millones de dólares", "2500000 USD"),
        ("35 mil euros", "35000 EUR"),
        ("3 milliards de francs CFA", "3000000000 ?"),
        ("250 k€", "250000 EUR"),
        ("R$ 2,5 milhões", "2500000 BRL"),
        ("9,000 quetzales", "9000 GTQ"),
        ("Q 9,000 y L 8,000", "9000 GTQ, 8000 HNL"),
        ("4.000 €\n5.000 €", "4000 EUR, 5000 EUR"),
        ("$ 7,000; 8,000 pesos", "7000 ?, 8000 ?"),
        ("NZD 9,000² (of which 4,000 pledged)", "9000 NZD"),
        ("USD 9,000, including USD 1,000 in kind", "9000 USD"),
        ("a) 9 000 par an\nPhase 2 : environ 8 000", "9000 ?, 8000 ?"),
    ],
)
def test_amounts(text: str, amounts: str) -> None:
    assert said(text) == amounts


@pytest.mark.parametrize(
    ("heading", "text", "amounts"),
    [
        ("Budget (USD)", "500; € 600", "500 USD, 600 EUR"),
        ("Budget (USD '000)", "12,500; EUR 600", "12500000 USD, 600 EUR"),
        ("Budget (USD '000)", "USD 12,500", ""),
        ("Presupuesto en miles de dólares", "12.5", "12500 USD"),
        ("Coût (en milliers d’euros)", "3,2 millions", "3200000 EUR"),
        ("Montante (M€)", "2,5", "2500000 EUR"),
        ("Montante (M€)", "2,500", ""),
        ("Budget (AUD)", "$ 5,000", "5000 AUD"),
        ("Costo real", "9,000", "9000 ?"),
    ],
)
def test_units_of_the_column(heading: str, text: str, amounts: str) -> None:
    assert said(text, heading) == amounts


@pytest.mark.parametrize(
    "text",
    ["", "within existing resources", "por determinar", "2028", "3 talleres", "15 %", "USD 5,000–6,000",
     "entre 5.000 y 6.000 €", "9" * 30 + " EUR", "de 5 000 à 6 000 EUR", "4 x USD 1,000",
     "1½ million USD", "1,250 million USD", "USD 1.2.3", "(2028)"],
)  # fmt: skip
def test_cells_without_one_amount(text: str) -> None:
    assert said(text) == ""


PIECES = st.sampled_from(
    ["USD", "US$ ", "€", "Q ", "k", " mil", " millones", " de ", "d’", "euros", "dollars", "1", "12", "500", "000", ",",
     ".", " ", "'", "-", "–", "\n", ";", "(", ")", "%", "x", "=", " to ", "entre ", "of which ",
     "²", "½", "\u0301", "\u00a0", "٣", "ﬁ"]
)  # fmt: skip


@given(
    st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=40)),
    st.sampled_from(["", "Cost (USD '000)"]),
)
def test_spans_are_in_order(text: str, heading: str) -> None:
    end = 0
    for amount in find_amounts(text, heading):
        assert end <= amount.start < amount.end <= len(text)
        assert amount.value >= 0
        end = amount.end
