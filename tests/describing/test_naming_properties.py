"""What holds of mentions whatever the names and the text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef

from crmgraph.describing.naming import Lexicon
from crmgraph.describing.vocabulary import CG
from crmgraph.reading.folding import key

THING = "https://example.org/thing"
SPACES = st.text(" \u00a0\n\t\u2003", min_size=1, max_size=3)
SIGNS = ",.;:¿?¡!()«»“”/"
word = st.text("bcdfgáéíóúñü", min_size=1, max_size=9)
name = st.lists(word, min_size=1, max_size=6)
# Letters that no name has, some of more than one code point or beyond the first 65,536.
stranger = st.text("jkwxyzßﬁ𝐊😀\u0301", min_size=1, max_size=6).filter(lambda text: not unicodedata.combining(text[0]))
accented = st.sampled_from(["as it is", "NFC", "NFD", "none"])
cased = st.sampled_from([str, str.upper, str.title, str.lower])


def lexicon(*names: str, kind: URIRef = CG.Organisation, predicate: URIRef = RDFS.label) -> Lexicon:
    graph = Graph()
    for number, each in enumerate(names):
        graph.add((URIRef(f"{THING}/{number}"), RDF.type, kind))
        graph.add((URIRef(f"{THING}/{number}"), predicate, Literal(each, "es")))
    return Lexicon(graph)


def spell(text: str, accents: str) -> str:
    if accents == "none":
        return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    if accents == "as it is":
        return text
    return unicodedata.normalize("NFC" if accents == "NFC" else "NFD", text)


@given(
    name,
    st.lists(stranger, max_size=4),
    st.lists(stranger, max_size=4),
    SPACES,
    st.sampled_from(["", *SIGNS]),
    st.sampled_from(["", *SIGNS]),
    accented,
    cased,
    st.sampled_from([CG.Organisation, CG.AgentGroup, CG.State]),
)
def test_a_name_is_found_at_its_very_place_however_it_is_written(
    name: list[str],
    before: list[str],
    after: list[str],
    space: str,
    opening: str,
    closing: str,
    accents: str,
    case: type[str],
    kind: URIRef,
) -> None:
    written = spell(case(space.join(name)), accents)
    head = "".join(f"{each}{space}" for each in before) + opening
    text = head + written + closing + "".join(f"{space}{each}" for each in after)
    found = lexicon(" ".join(name), kind=kind).find(text)
    [(start, end, iri, form, used)] = found
    assert (start, end, iri, used) == (len(head), len(head) + len(written), f"{THING}/0", " ".join(name))
    assert form in ("full-name", "unaccented")


@given(st.lists(name, min_size=1, max_size=4), st.lists(stranger, max_size=12), SPACES)
def test_nothing_is_found_where_no_word_is_of_a_name(names: list[list[str]], text: list[str], space: str) -> None:
    assert lexicon(*map(" ".join, names)).find(space.join(text)) == []


@given(name, stranger.filter(str.isalpha), st.booleans())
def test_a_name_is_not_found_in_a_longer_word(name: list[str], more: str, behind: bool) -> None:
    written = " ".join(name)
    assert lexicon(written).find(written + more if behind else more + written) == []


@given(st.text("BCDFG", min_size=2, max_size=4), cased)
def test_an_acronym_is_found_in_capitals_only(acronym: str, case: type[str]) -> None:
    text = f"la {case(acronym)}, una"
    found = lexicon(acronym, predicate=SKOS.altLabel).find(text)
    assert [text[each.start : each.end] for each in found] == ([acronym] if case(acronym) == acronym else [])


@given(name, name, name)
def test_of_two_names_the_longer_is_found(first: list[str], second: list[str], third: list[str]) -> None:
    short, long = " ".join(second), " ".join([*first, *second, *third])
    assert [(each.start, each.end) for each in lexicon(short, long).find(long)] == [(0, len(long))]


@given(st.lists(name, max_size=4), st.text("bcdáé \u0301\u00a0,-’/()ßﬁİ\u00ad𝐀😀¹sS", max_size=40))
def test_what_is_found_is_in_order_apart_and_whole_words(names: list[list[str]], text: str) -> None:
    last = 0
    for start, end, *_ in lexicon(*{key(" ".join(each)): " ".join(each) for each in names}.values()).find(text):
        assert last <= start < end <= len(text)
        assert key(text[start]).strip() or text[start].isalnum()
        assert not text[end - 1].isspace()
        assert end == len(text) or not (text[end].isalnum() and text[end].isascii())
        assert end == len(text) or not unicodedata.combining(text[end])
        assert start == 0 or not text[start - 1].isalnum() or text[start - 1] == "¹"
        last = end


@pytest.mark.parametrize("text", ["", " ", "\u0301", "\u00ad", "-", "--", "’", "’s", "(as)", "ex-", "-ex", "😀", "¹"])
def test_odd_texts_name_nothing(text: str) -> None:
    assert lexicon("Red de Enlace", "OIM").find(text) == []
