"""The plan as a tree: folded below the objectives, and whole where all of them are open."""

import pytest
from httpx import Client

from crmgraph.site.pictures.shapes import Box, Drawing, Link, Words
from crmgraph.site.pictures.tree import KINDS, Branches, Toggle, draw_tree, foldable
from crmgraph.site.plans.outline import Node, outline
from crmgraph.site.site import Site
from tests.support.pages import having, read_page, text


@pytest.fixture(scope="module")
def themes(site: Site) -> tuple[Node, ...]:
    return outline(site, site.names.id("plan", "crm"), "es")


def drawn(themes: tuple[Node, ...], plan: str, opened: list[str], is_narrow: bool = False) -> Drawing:
    branches = Branches(themes, opened, {kind: kind for kind in KINDS})
    return draw_tree(
        branches,
        foldable(themes, plan),
        lambda iri: iri,
        lambda name, _: Toggle(f"#{name}", name, name in opened),
        is_narrow,
    )


def links(drawing: Drawing) -> list[Link]:
    return [shape for shape in drawing.shapes if isinstance(shape, Link)]


def test_objectives_are_folded_until_somebody_opens_them(site: Site, themes: tuple[Node, ...]) -> None:
    plan = site.names.id("plan", "crm")
    folded = links(drawn(themes, plan, []))
    assert len([link for link in folded if not link.key]) == 23
    assert len([link for link in folded if link.key]) == len(foldable(themes, plan))
    one = [link.target for link in links(drawn(themes, plan, ["pgm/7"])) if not link.key]
    objective = foldable(themes, plan)["pgm/7"]
    assert {node.iri for node in objective.below()} <= set(one)
    assert len(one) == 23 + sum(1 for _ in objective.below())


def test_what_is_folded_has_room_and_fits_a_narrow_window(site: Site, themes: tuple[Node, ...]) -> None:
    plan = site.names.id("plan", "crm")
    wide, narrow = drawn(themes, plan, []), drawn(themes, plan, [], is_narrow=True)
    assert narrow.width <= 326 < wide.width <= 720
    assert wide.height < narrow.height
    assert not any("…" in shape.text for link in links(wide) for shape in link.parts if isinstance(shape, Words))


def test_in_a_narrow_window_parts_stand_below_what_they_are_parts_of(site: Site, themes: tuple[Node, ...]) -> None:
    plan = site.names.id("plan", "crm")
    drawing = drawn(themes, plan, ["pgm/7"], is_narrow=True)
    assert drawing.width == drawn(themes, plan, [], is_narrow=True).width
    boxes = {
        link.target: next(part for part in link.parts if isinstance(part, Box))
        for link in links(drawing)
        if not link.key
    }
    whole, part, last = boxes[f"{plan}/pgm/7"], boxes[f"{plan}/pgm/7.1"], boxes[f"{plan}/pgm/8"]
    assert whole.x < part.x
    assert whole.y + whole.height < part.y < last.y
    assert part.x + part.width <= drawing.width


def test_columns_are_named_over_what_is_open(site: Site, themes: tuple[Node, ...]) -> None:
    plan = site.names.id("plan", "crm")
    headings = [
        [shape.text for shape in drawn(themes, plan, opened).shapes if isinstance(shape, Words)]
        for opened in ([], ["pgm/1", "pgm/2"], ["pgm/1", "pgm/7"])
    ]
    names = ["Action", "Activity", "ScheduleEntry"]
    assert headings == [[], names, 2 * names]


def test_the_whole_tree_has_each_part_once_and_none_on_another(site: Site, themes: tuple[Node, ...]) -> None:
    plan = site.names.id("plan", "crm")
    drawing = drawn(themes, plan, list(foldable(themes, plan)))
    shown = [link for link in links(drawing) if not link.key]
    every = [node.iri for theme in themes for node in (theme, *theme.below())]
    assert sorted(link.target for link in shown) == sorted(every)
    boxes = [next(part for part in link.parts if isinstance(part, Box)) for link in shown]
    for at, one in enumerate(boxes):
        assert one.x + one.width <= drawing.width
        assert one.y + one.height <= drawing.height
        for other in boxes[:at]:
            assert (
                one.x + one.width <= other.x
                or other.x + other.width <= one.x
                or one.y + one.height <= other.y
                or other.y + other.height <= one.y
            )


def _opening(client: Client, address: str) -> dict[str, str]:
    page = read_page(client.get(address).text)
    svg = "{http://www.w3.org/2000/svg}a"
    return {
        link.get("data-key", ""): link.get("href", "")
        for link in page.iter(svg)
        if link.get("data-key", "").startswith("toggle-")
    }


def test_links_open_and_fold_one_after_the_other(client: Client) -> None:
    first = _opening(client, "/en/pictures/plan-tree")
    assert first["toggle-pgm/7"] == "/en/pictures/plan-tree?open=pgm/7"
    second = _opening(client, first["toggle-pgm/7"])
    assert second["toggle-pgm/7"] == "/en/pictures/plan-tree"
    assert second["toggle-dh/1"] == "/en/pictures/plan-tree?open=pgm/7,dh/1"
    whole = _opening(client, "/en/pictures/plan-tree?open=all")
    others = whole["toggle-dh/1"].partition("open=")[2].split(",")
    assert sorted(others) == sorted({key.removeprefix("toggle-") for key in whole} - {"dh/1"})


@pytest.mark.parametrize(("language", "kind"), [("es", "Actividad"), ("en", "Activity")])
def test_the_table_has_all_parts_open_or_not(
    client: Client, themes: tuple[Node, ...], language: str, kind: str
) -> None:
    page = read_page(client.get(f"/{language}/pictures/plan-tree").text)
    [table] = having(page, "picture-data")
    rows = [text(row) for row in table.iter("tr")]
    assert len(rows) == 1 + sum(1 + len(list(theme.below())) for theme in themes)
    assert len([row for row in rows if row.startswith(kind)]) == sum(theme.count("Activity") for theme in themes)
