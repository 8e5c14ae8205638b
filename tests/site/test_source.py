"""The document that a plan was read from: its words, what stands beside them, passages in their lines."""

from collections import Counter

import pytest

from crmgraph.site.base.site import Record, Site
from crmgraph.site.source import Block, annotations_by_block, read_contexts, read_document, read_quotations
from tests.support.pages import classes, having, text
from tests.support.visiting import Visitor, data_rows

ID = "https://w3id.org/crmgraph/id/"
CRM = f"{ID}source/crm"
PLACE = "source/crm/13011-13115"


def test_quotations(site: Site) -> None:
    passage, theme = f"{CRM}/13046-13048", f"{ID}plan/crm/vmd"
    found = read_quotations(site, [passage, theme, passage])
    assert [(q.start, q.end, q.exact, q.anchor) for q in found.values()] == [(13046, 13048, "12", "c13046-13048")]
    assert read_quotations(site, [theme]) == {}
    with pytest.raises(ValueError, match="not an IRI"):
        read_quotations(site, ["https://example.org/> } #/1-2"])


def test_quotations_stand_in_their_lines(site: Site) -> None:
    rows = site.select("SELECT DISTINCT ?p { ?x a cg:Finding ; cg:passage|cg:relatedPassage ?p }")
    quoted = read_quotations(site, (row["p"].value for row in rows))
    leaves = site.select("SELECT DISTINCT ?s ?e ?exact { ?x cg:row ?row ; cg:start ?s ; cg:end ?e ; cg:exact ?exact }")
    whole = [row["exact"].value for row in leaves]
    assert len(quoted) > 50
    found = read_contexts(site, quoted.values())
    figure = found[f"{CRM}/13046-13048"]
    assert (figure.before, figure.quotation.exact) == ("1.2.1 Ver actividades del objetivo ", "12")
    assert figure.after.startswith(" del tema “Políticas y Gestión Migratoria”")
    for context in found.values():
        before, after = context.before.removeprefix("… "), context.after.removesuffix(" …")
        assert len(before) <= 90
        assert len(after) <= 90
        assert any(after in line for line in whole)
        assert any(before + (context.quotation.exact if before else "") in line for line in whole)


@pytest.fixture(scope="module")
def notes(site: Site) -> dict[Block, Record]:
    whole = read_document(site, CRM)
    assert whole is not None
    return annotations_by_block(site, whole, "en")


def test_parts_and_mentions_beside_the_words(notes: dict[Block, Record], site: Site) -> None:
    assert len(notes) > 100
    for block, note in notes.items():
        assert "".join(piece.text for piece in note.pieces) == block.text
        assert all(piece.text for piece in note.pieces)
    counts = Counter(part.iri for note in notes.values() for part in note.parts if part.kind not in ("Plan", "Theme"))
    rows = site.select(
        "SELECT DISTINCT ?x { VALUES ?k { cg:Objective cg:Action cg:Activity cg:ScheduleEntry cg:Note } "
        "?x a ?k ; cg:within id:plan\\/crm }"
    )
    assert counts == Counter({row["x"].value: 1 for row in rows})
    pieces = [piece for note in notes.values() for piece in note.pieces]
    named = Counter(
        mention.iri for piece in pieces for mention in (*((piece.mention,) if piece.mention else ()), *piece.more)
    )
    rows = site.select(
        f"SELECT DISTINCT ?x ?p {{ ?m a cg:Mention ; cg:mentioned ?x ; cg:passage ?p . ?p cg:source <{CRM}> }}"
    )
    expected = Counter(row["x"].value for row in rows)
    assert named.keys() == expected.keys()
    assert all(named[iri] >= count for iri, count in expected.items())


def test_findings_are_flagged_where_their_words_end(notes: dict[Block, Record], site: Site) -> None:
    pieces = [piece for note in notes.values() for piece in note.pieces]
    flagged = Counter(
        (element, message) for piece in pieces for (element, _), said in piece.flags.items() for message in said
    )
    rows = site.select(
        "SELECT DISTINCT ?f ?e ?m { ?f a cg:Finding ; cg:element ?e ; rdfs:comment ?m ; "
        f'cg:passage/cg:source <{CRM}> FILTER (LANG(?m) = "en") '
        "FILTER NOT EXISTS { ?f cg:relatedElement ?e } }"
    )
    assert flagged == Counter((row["e"].value, row["m"].value) for row in rows)
    # Only some words of a block are underlined.
    assert all(note.pieces[0].severity == "" for note in notes.values() if len(note.pieces) == 1)
    [defect] = [piece for piece in pieces if piece.text == "12" and piece.severity == "violation"]
    assert defect.flags


def test_the_page_of_the_source(visit: Visitor, site: Site) -> None:
    leaves = site.select(
        "SELECT ?start ?end ?exact { ?x cg:row ?row ; cg:start ?start ; cg:end ?end ; cg:exact ?exact ; "
        f"cg:source <{CRM}> }} ORDER BY ?start"
    )
    expected = [(f"c{row['start'].value}-{row['end'].value}", row["exact"].value) for row in leaves]
    for language in ("es", "en"):
        root = visit.page(f"/{language}/id/source/crm")
        assert [(each.get("id"), "".join(each.itertext())) for each in having(root, "passage")] == expected
    source = next(having(root, "source"))
    flags = [flag for flag in having(source, "flag") if "flag-violation" in classes(flag)]
    assert any("12" in flag.get("aria-label", "") for flag in flags)
    assert all(flag.get("href", "").endswith("#findings") for flag in flags)


def test_passages_are_marked_in_their_row(visit: Visitor) -> None:
    root = visit.page(f"/en/passages?at={PLACE}")
    [row] = data_rows(root, "source-table")
    assert len(list(row.iter("td"))) == 5
    assert [text(mark)[:9] for mark in row.iter("mark")] == ["1.2.1 Ver"]
    several = visit.page(f"/en/passages?at={PLACE},%20source/crm/173-448")
    assert len(data_rows(several, "source-table")) == len(list(several.iter("mark"))) == 2
    alone = visit.get(f"/en/passages?at={PLACE}&part=rows").text
    assert "<html" not in alone
    assert "<mark>" in alone
