"""The recognition of names in a text, with their forms, and of words that only look like names."""

import unicodedata
from collections.abc import Iterable
from functools import cache

from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef

from crmgraph.describing import describe_plan
from crmgraph.describing.vocabulary import CG
from crmgraph.extraction import Gazetteer
from crmgraph.namespaces import BASE, ONTOLOGY, Names
from crmgraph.reading.languages import key
from tests.support.backgrounds import made_plan
from tests.support.dataset import real_background
from tests.support.phrases import differences, phrases, rows_of

ID = BASE + "id/"


@cache
def things() -> Graph:
    """Return the things in the table, in which acronyms are marked by = and misspellings by ~."""
    graph = Graph()
    for path, kind, label, others in rows_of("things"):
        iri = URIRef(f"{ONTOLOGY}/{path}" if "#" in path else ID + path)
        if "#" in path:
            graph.add((iri, SKOS.inScheme, URIRef(f"{ONTOLOGY}/{kind}")))
        else:
            graph.add((iri, RDF.type, CG[kind]))
        graph.add((iri, SKOS.prefLabel if "#" in path else RDFS.label, Literal(label, "es")))
        for other in phrases(others):
            name = Literal(other.strip("=~"), "es")
            graph.add((iri, SKOS.hiddenLabel if other[0] == "~" else SKOS.altLabel, name))
            if other[-1] == "=":
                graph.add((iri, SKOS.notation, Literal(str(name))))
        if kind == "State":
            graph.add((iri, SKOS.notation, Literal(path[-3:])))
    return graph


@cache
def lexicon() -> Gazetteer:
    return Gazetteer(things())


def named(text: str) -> list[tuple[int, int, str]]:
    """Return the mentions in a text: start, end and path of the thing, with ! for a misspelling."""
    return [
        (
            each.start,
            each.end,
            each.iri.removeprefix(ID).removeprefix(f"{ONTOLOGY}/") + "!" * (each.form == "misspelling"),
        )
        for each in lexicon().find(text)
    ]


def test_what_sentences_name() -> None:
    assert differences("names", named) == []


def is_name(text: str, name: str, kind: URIRef = CG.AgentGroup) -> bool:
    """Return whether the whole text is recognised as the name of a thing of this class."""
    found = lexicon_of(name, kind=kind).find(text)
    return any((each.start, each.end) == (0, len(text)) and each.form != "misspelling" for each in found)


def test_number_and_gender() -> None:
    for name, other, expected in rows_of("forms"):
        assert is_name(other, name) is (expected != "no"), other
        # Names of organisations are of no gender.
        assert expected != "feminine" or not is_name(other, name, CG.Organisation), other


MEX, SLV, RED = (ID + path for path in ("country/MEX", "country/SLV", "network/red"))
KINDS_OF = {MEX: CG.State, SLV: CG.State, RED: CG.Network}


def made(names: Iterable[str]) -> Graph:
    """Return a graph of names, such as `MEX altLabel Mexico@en`."""
    graph, known = Graph(), {"MEX": MEX, "SLV": SLV, "RED": RED}
    for each in names:
        thing, way, written = each.split(" ", 2)
        name, _, language = written.partition("@")
        iri = URIRef(known[thing])
        graph.add((iri, RDF.type, KINDS_OF[str(iri)]))
        graph.add((iri, RDFS.label if way == "label" else SKOS[way], Literal(name, language or None)))
    return graph


def test_names_by_language_class_and_form() -> None:
    """The better form of a name counts, in any order of the names; a misspelling gets the most similar name."""
    short = {MEX: "MEX", SLV: "SLV", RED: "RED"}
    for cell, languages, classes, text, expected in rows_of("gazetteer"):
        for names in (cell.split("|"), cell.split("|")[::-1]):
            lexicon = Gazetteer(made(names), [str(CG[each]) for each in classes.split()], languages.split())
            found = [f"{short[each.iri]} {each.form} {each.name}" for each in lexicon.find(text)]
            assert "; ".join(found) == expected, (cell, text)


def test_things_without_a_name() -> None:
    graph = made(["MEX label   @es"])
    graph.add((BNode(), RDFS.label, Literal("nadie", "es")))
    graph.add((URIRef(MEX), RDFS.label, URIRef(SLV)))
    assert Gazetteer(graph).find("nadie hay aquí") == Gazetteer(Graph()).find("México") == []
    for text in ("", " ", "\u0301", "\u00ad", "--", "’s", "(as)", "ex-", "-ex", "😀", "¹"):
        assert lexicon().find(text) == []


SPACES = st.text(" \u00a0\n\t\u2003", min_size=1, max_size=3)
SIGNS = st.sampled_from(["", *",.;:¿?¡!()«»“”/"])
word = st.text("bcdfgáéíóúñü", min_size=1, max_size=9)
name = st.lists(word, min_size=1, max_size=6)
# Letters that no name has, some of more than one code point or beyond the first 65,536.
stranger = st.text("jkwxyzßﬁ𝐊😀\u0301", min_size=1, max_size=6).filter(lambda text: not unicodedata.combining(text[0]))
strangers = st.lists(stranger, max_size=4)
cased = st.sampled_from([str, str.upper, str.title, str.lower])
few = settings(max_examples=50)


def lexicon_of(*names: str, kind: URIRef = CG.Organisation) -> Gazetteer:
    graph = Graph()
    for number, each in enumerate(names):
        graph.add((URIRef(f"{ID}{number}"), RDF.type, kind))
        graph.add((URIRef(f"{ID}{number}"), RDFS.label, Literal(each, "es")))
    return Gazetteer(graph)


@few
@given(
    name, strangers, strangers, SPACES, SIGNS, SIGNS, st.sampled_from(["NFC", "NFD", "none"]), cased,
    st.sampled_from([CG.Organisation, CG.AgentGroup, CG.State]),
)  # fmt: skip
def test_a_name_is_found_at_its_very_place(
    name: list[str], before: list[str], after: list[str], space: str, opening: str, closing: str, accents: str,
    case: type[str], kind: URIRef,
) -> None:  # fmt: skip
    written = unicodedata.normalize("NFC" if accents == "NFC" else "NFD", case(space.join(name)))
    if accents == "none":
        written = "".join(c for c in written if not unicodedata.combining(c))
    head = "".join(f"{each}{space}" for each in before) + opening
    text = head + written + closing + "".join(f"{space}{each}" for each in after)
    [found] = lexicon_of(" ".join(name), kind=kind).find(text)
    assert (found.start, found.end, found.name) == (len(head), len(head) + len(written), " ".join(name))
    assert found.form in ("full-name", "unaccented")


@few
@given(st.lists(name, max_size=4), st.text("bcdáé \u0301\u00a0,-’/()ßﬁİ\u00ad𝐀😀¹sS", max_size=40))
def test_what_is_found_is_in_order_apart_and_whole_words(names: list[list[str]], text: str) -> None:
    last = 0
    for start, end, *_ in lexicon_of(*{key(" ".join(each)): " ".join(each) for each in names}.values()).find(text):
        assert last <= start < end <= len(text)
        assert key(text[start]).strip() or text[start].isalnum()
        assert not text[end - 1].isspace()
        assert end == len(text) or not (text[end].isalnum() and text[end].isascii())
        assert end == len(text) or not unicodedata.combining(text[end])
        assert start == 0 or not text[start - 1].isalnum() or text[start - 1] == "¹"
        last = end


KINDS = (
    "State", "Organ", "Organisation", "AgentGroup", "Network", "ConsultativeProcess", "Instrument", "Meeting", "Place",
)  # fmt: skip


@cache
def real_names() -> Graph:
    dataset = real_background().dataset
    return sum((dataset.graph(URIRef(Names().graph(graph))) for graph in ("reference", "processes")), Graph())


@cache
def real_lexicon() -> Gazetteer:
    return Gazetteer(real_names(), [str(CG[kind]) for kind in KINDS])


def test_every_spanish_name_of_the_tables_leads_to_its_thing() -> None:
    names = real_names()
    wanted = {thing for kind in KINDS for thing in names.subjects(RDF.type, CG[kind])}
    # An acronym is one in whatever language.
    right = {str(name) for predicate in (RDFS.label, SKOS.altLabel) for _, name in names.subject_objects(predicate)}
    missed = []
    for predicate in (RDFS.label, SKOS.altLabel, SKOS.hiddenLabel):
        for thing, name in names.subject_objects(predicate):
            if predicate == SKOS.hiddenLabel and str(name) in right:
                continue
            if thing in wanted and isinstance(name, Literal) and name.language == "es":
                found = real_lexicon().find(name)
                if str(thing) not in {each.iri for each in found if (each.start, each.end) == (0, len(name))}:
                    missed.append((thing, name))
    assert missed == []
    # A name that others give to another State, too, stands for its own.
    for short, code in (("Congo", "COG"), ("Guinea", "GIN")):
        [mention] = real_lexicon().find(f"con {short} en ello")
        assert (mention.iri, mention.form) == (Names().id("country", code), "full-name")


def test_slips_in_real_names_and_what_only_looks_like_one() -> None:
    # Of those that are none: demonyms and adjectives, words that may begin a sentence, names of people and of towns.
    for slip in (word for word, expected in rows_of("slips") if expected == "yes"):
        text = f"Apoyar a {slip} en ello"
        assert [(text[m.start : m.end], m.form) for m in real_lexicon().find(text)] == [(slip, "misspelling")]
    words = [word for word, expected in rows_of("slips") if expected == "no"]
    territories = [text for locale in ("es", "en") for text in Locale.parse(locale).territories.values()]
    languages = [text for locale in ("es", "en") for text in Locale.parse(locale).languages.values()]
    texts = [written(word) for word in words for written in (str, str.capitalize, str.upper)]
    texts += [f"{word.title()} en ello" for word in words]
    texts += [text.title() for text in (*territories, *languages)]
    wrong = [(text, m.name) for text in texts for m in real_lexicon().find(text) if m.form == "misspelling"]
    assert wrong == []
    for text, expected in (
        ("COIMBRA, OIMa, oim, st, can, sv, ppt; Nuevo México, el Golfo de Guinea, mexicanos", []),
        ("los ONG’s, la CRM’s, el FYBEMID", ["ONG’s", "CRM’s", "FYBEMID"]),
    ):
        assert [text[m.start : m.end] for m in real_lexicon().find(text)] == expected


def test_spelling_is_not_judged_in_a_plan_of_another_language() -> None:
    found = real_background().gazetteer_for("fr").find("Appui au Senegal, Mexico, Panama; la Guatemla")
    assert [(each.name, each.form) for each in found] == [(s, "full-name") for s in ("Senegal", "México", "Panamá")]


def test_a_body_of_one_process_is_not_that_of_another() -> None:
    words = ("Borders", "1. Safety", "1.1 Meet", "1.1.1 Social media, member States and the PPT", "1.1.1.1 2027")
    for title, activity, expected in (
        *(("Kariba Dialogue", words[3], set()), ("Plan of the SACM", f"{words[3]} of the RCM", set())),
        ("Plan of the RCM", words[3], {"paises-miembros", "ppt"}),
        ("Plan", f"{words[3]} of the RCM", {"paises-miembros", "ppt"}),
    ):
        quads = [*describe_plan(made_plan((*words[:3], activity, words[4]), title=title), real_background()).quads()]
        for predicate, wanted in ((CG.mentions, expected), (CG.standsFor, expected & {"ppt"})):
            found = {str(thing).rpartition("/")[2] for _, way, thing, _ in quads if way == predicate}
            assert found & {"medios-comunicacion", "paises-miembros", "ppt"} == wanted, (title, activity)
