"""What stands beside the words of the source."""

from collections import Counter

import pytest
from httpx import Client

from crmgraph.site.site import Site
from crmgraph.site.source.excerpt import Block, Document, document
from crmgraph.site.source.marginalia import Note, marginalia
from tests.support.pages import classes, having, links, read_page, text

ID = "https://w3id.org/crmgraph/id/"


@pytest.fixture(scope="module")
def whole(site: Site) -> Document:
    found = document(site, site.names.id("source", "crm"))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def notes(site: Site, whole: Document) -> dict[Block, Note]:
    return marginalia(site, whole, "en")


def test_the_pieces_of_a_block_are_its_words(notes: dict[Block, Note]) -> None:
    assert len(notes) > 100
    for block, note in notes.items():
        assert "".join(piece.text for piece in note.pieces) == block.text
        assert all(piece.text for piece in note.pieces)


def test_every_part_of_the_plan_begins_in_one_block(notes: dict[Block, Note], site: Site) -> None:
    counts = Counter(part.iri for note in notes.values() for part in note.parts if part.kind not in ("Plan", "Theme"))
    rows = site.select(
        "SELECT DISTINCT ?x { VALUES ?k { cg:Objective cg:Action cg:Activity cg:ScheduleEntry cg:Note } "
        "?x a ?k ; cg:within id:plan\\/crm }"
    )
    assert counts == Counter({row["x"].value: 1 for row in rows})


def test_every_mention_leads_to_what_it_names(notes: dict[Block, Note], site: Site) -> None:
    named = Counter(
        mention.iri
        for note in notes.values()
        for piece in note.pieces
        for mention in (*((piece.mention,) if piece.mention else ()), *piece.more)
    )
    rows = site.select(
        f"SELECT DISTINCT ?x ?p {{ ?m a cg:Mention ; cg:mentioned ?x ; cg:passage ?p . ?p cg:source <{ID}source/crm> }}"
    )
    expected = Counter(row["x"].value for row in rows)
    assert named.keys() == expected.keys()
    assert all(named[iri] >= count for iri, count in expected.items())


def test_what_a_mention_names_has_its_kind_and_label(notes: dict[Block, Note]) -> None:
    found = {
        piece.text: (piece.mention.kind, piece.mention.label)
        for note in notes.values()
        for piece in note.pieces
        if piece.mention
    }
    assert found["OIM"] == ("Agent", "International Organization for Migration")
    assert found["redes de enlace"][0] == "Network"
    assert found["México"][0] == "State"


def test_every_finding_with_words_is_flagged_where_they_end(notes: dict[Block, Note], site: Site) -> None:
    flagged = Counter(
        (flag.element, message)
        for note in notes.values()
        for piece in note.pieces
        for flag in piece.flags
        for message in flag.messages
    )
    rows = site.select(
        "SELECT DISTINCT ?f ?e ?m { ?f a cg:Finding ; cg:element ?e ; rdfs:comment ?m ; cg:passage/cg:source "
        f'<{ID}source/crm> FILTER (LANG(?m) = "en") }}'
    )
    assert flagged == Counter((row["e"].value, row["m"].value) for row in rows)


def test_only_some_words_of_a_block_are_underlined(notes: dict[Block, Note]) -> None:
    for note in notes.values():
        if len(note.pieces) == 1:
            assert note.pieces[0].severity == ""
    (defect,) = [p for note in notes.values() for p in note.pieces if p.text == "12" and p.severity == "violation"]
    assert defect.severity == "violation"


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_page_of_the_source_has_its_words_and_no_others(client: Client, whole: Document, language: str) -> None:
    root = read_page(client.get(f"/{language}/id/source/crm").text)
    shown = ["".join(passage.itertext()) for passage in having(root, "passage")]
    assert shown == [block.text for line in whole.lines for cell in line.cells for block in cell.blocks]


def test_what_stands_beside_the_words_leads_on(client: Client) -> None:
    root = read_page(client.get("/en/id/source/crm").text)
    tags = {text(tag): tag.get("href") for tag in having(root, "part-tag")}
    assert tags["Activity 7.1.1"] == "/en/id/plan/crm/pgm/7.1.1"
    source = next(having(root, "source"))
    assert links(source)["OIM"] == "/en/id/actor/oim"
    flags = [flag for flag in having(source, "flag") if "flag-violation" in classes(flag)]
    assert any("12" in flag.get("aria-label", "") for flag in flags)
    assert all(flag.get("href", "").endswith("#findings") for flag in flags)
