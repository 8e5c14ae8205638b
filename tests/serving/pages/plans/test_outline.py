"""The plan as a tree."""

import pytest

from crmgraph.site.plans.outline import Node, outline, theme_place, trail
from crmgraph.site.site import Site


@pytest.fixture(scope="module")
def themes(site: Site) -> tuple[Node, ...]:
    return outline(site, site.names.id("plan", "crm"), "en")


def test_themes_stand_in_the_order_of_the_document(themes: tuple[Node, ...]) -> None:
    assert [theme.iri.rpartition("/")[2] for theme in themes] == ["pgm", "dh", "vmd"]
    assert [theme.count("Objective") for theme in themes] == [11, 5, 4]
    assert [theme.count("Action") for theme in themes] == [17, 11, 5]
    assert [theme.count("ScheduleEntry") for theme in themes] == [18, 14, 5]


def test_numbers_are_in_order_though_ten_comes_after_nine(themes: tuple[Node, ...]) -> None:
    assert [objective.number for objective in themes[0].children] == [str(n) for n in range(1, 12)]


def test_a_line_without_a_number_has_none(themes: tuple[Node, ...]) -> None:
    bare = [node for theme in themes for node in theme.below() if node.kind == "Activity" and not node.number]
    assert len(bare) == 6
    assert all(node.label for node in bare)


def test_statuses_stand_at_entries_and_are_gathered_above_them(themes: tuple[Node, ...]) -> None:
    objective = themes[1].children[1]
    assert objective.status == ""
    assert set(objective.statuses()) == {"continuous", "pending"}
    assert objective.statuses()["pending"] == "pending"


def test_findings_are_counted_at_what_they_concern_and_above(site: Site, themes: tuple[Node, ...]) -> None:
    total = site.select("SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x cg:element/dcterms:isPartOf+ id:plan\\/crm }")
    assert sum(len(theme.findings_below()) for theme in themes) == int(total[0]["n"].value) > 0


def test_labels_come_in_the_language(site: Site) -> None:
    (action,) = outline(site, site.names.id("plan", "crm", "pgm", "8"), "es")
    assert (action.label, action.language) == (
        "Fortalecer la capacidad de los sistemas especializados para la gestión migratoria",
        "es",
    )


def test_what_has_no_parts_has_no_outline(site: Site) -> None:
    assert outline(site, site.names.id("country", "MEX"), "en") == ()


def test_the_trail_goes_from_the_plan_down(site: Site) -> None:
    crumbs = trail(site, site.names.id("plan", "crm", "pgm", "7.1.1"), "en")
    assert [crumb.number for crumb in crumbs] == ["", "", "7", "7.1"]
    assert [crumb.iri.rpartition("/")[2] for crumb in crumbs] == ["crm", "pgm", "7", "7.1"]
    assert trail(site, site.names.id("plan", "crm"), "en") == ()


@pytest.mark.parametrize(
    ("way", "place"),
    [
        (["crm"], (0, 3)),
        (["crm", "crm/pgm"], (1, 3)),
        (["crm", "crm/vmd", "crm/vmd/1"], (3, 3)),
        (["marrakesh", "marrakesh/imst"], (4, 5)),
    ],
)
def test_the_theme_of_a_part_has_its_place_in_the_plan(site: Site, way: list[str], place: tuple[int, int]) -> None:
    assert theme_place(site, [f"{site.names.id('plan')}/{step}" for step in way]) == place


def test_what_is_in_no_plan_has_no_theme(site: Site) -> None:
    assert theme_place(site, [site.names.id("country", "MEX")]) == (0, 0)
