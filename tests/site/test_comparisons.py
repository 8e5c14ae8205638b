"""What corresponds in other plans, whichever side it was decided from."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from crmgraph.building.manifest import Manifest
from crmgraph.files import resource
from crmgraph.site.base.site import Record, Site
from crmgraph.site.comparisons import has_unmatched_parts, matches_of_part, read_comparisons
from crmgraph.site.plans import name_of_plan
from crmgraph.sparql.pool import Pool
from tests.support.pages import having, links, text
from tests.support.sides import GUEST_LED, LED, decided_store
from tests.support.visiting import Serve, Visitor, section, sections

ID = "https://w3id.org/crmgraph/id/"
FILES = {
    file.name.removeprefix("crm-").removesuffix(".sssom.tsv"): file
    for file in sorted(resource("data/links").glob("crm-*.sssom.tsv"))
}
UNSAID = "Nobody has said whether anything corresponds."


def rows(file: Path) -> list[dict[str, str]]:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


@pytest.fixture(scope="module")
def compared(site: Site) -> dict[str, Record]:
    """The comparisons in Spanish, by the name of the other plan."""
    return {name_of_plan(each.other): each for each in read_comparisons(site, "es")}


def test_a_comparison_is_what_the_file_says(compared: dict[str, Record], site: Site) -> None:
    assert compared.keys() == FILES.keys()
    english = {name_of_plan(each.other): each for each in read_comparisons(site, "en")}
    for name, file in FILES.items():
        found, said = compared[name], rows(file)
        matched = [row for row in said if row["object_id"] and row["predicate_id"] != "skos:mappingRelation"]
        assert found.answered == len({row["subject_id"] for row in matched}), name
        assert found.turned.answered == len({row["object_id"] for row in matched})
        counted = Counter(Counter(row["subject_id"] for row in said).values())
        assert Counter(len(part.matches) for part in found.own) == counted
        assert {match.why for part in found.own for match in part.matches} == {row["ext_comment_es"] for row in said}
        assert {each.why for part in english[name].own for each in part.matches} == {row["comment"] for row in said}
        assert sum(len(part.matches) for part in found.theirs) == len(matched)


def test_what_is_nearest_comes_first(site: Site, compared: dict[str, Record]) -> None:
    parts = {part.iri.removeprefix(ID): part for part in compared["gcm"].own}
    seven = parts["plan/crm/pgm/7"]
    first = seven.corresponding[0]
    assert first.object.startswith(f"{ID}plan/gcm/")
    assert seven.degree == {"close": 4, "broad": 3}[first.way.rpartition("#")[2]]
    assert first.quotation
    assert first in matches_of_part(site, seven.iri, "es")
    # From the other side it is the same statement.
    assert first.iri in {match.iri for match in matches_of_part(site, first.object, "es")}
    # Of what is equally near nine comes before ten.
    three = [match.object for match in parts["plan/crm/pgm/3"].corresponding]
    numbers = [each.rpartition("/")[2] for each in three]
    assert numbers.index("10") == numbers.index("9") + 1
    there = matches_of_part(site, f"{ID}plan/crm/pgm/3", "es")
    assert [match.object for match in there if "/gcm/" in match.object] == three
    for match in (match for each in compared.values() for part in each.own for match in part.matches):
        least = {"high": 0.8, "medium": 0.6, "low": 0, "": None}[match.confidence]
        assert match.certainty == "" if least is None else least <= match.certainty


def test_the_overview(visit: Visitor, site: Site) -> None:
    page = visit.page("/en/crosswalk")
    found = read_comparisons(site, "en")
    shown = [row for row in page.iter("tr") if row.find("td/meter") is not None]
    # The plan that was compared with several has a section; what the others say, folded, is the same turned around. The
    # 2030 Agenda is no plan.
    others = sorted((each.turned for each in found if name_of_plan(each.other) != "sdg"), key=lambda each: each.plan)
    for row, each in zip(shown, (*found, *others), strict=True):
        name = name_of_plan(each.plan if each.is_turned else each.other)
        assert f"/en/crosswalk/crm/{name}" in links(row).values()
        assert [meter.get("value") for meter in row.iter("meter")] == [str(each.answered), str(each.turned.answered)]
    [matrix] = having(page, "crosswalk")
    told = [[(cell.findtext("a") or "") for cell in row.iter("td")] for row in matrix.findall("tbody/tr[td]")]
    assert told == [
        [str(len(each.own[place].corresponding) or "") for each in found] for place in range(len(found[0].own))
    ]
    told_so = {row["other"]: row["parts_with_counterpart"] for row in visit.json("/crosswalk.json")}
    assert {each.other: told_so[each.other] for each in found} == {each.other: each.answered for each in found}
    for each in found:
        said = text(visit.page(f"/en/crosswalk/crm/{name_of_plan(each.other)}"))
        is_lacking = any(not part.corresponding for part in (*each.own, *each.theirs))
        assert ("Nothing corresponds" in said) == is_lacking


def test_parts_lead_to_what_corresponds(visit: Visitor, site: Site, compared: dict[str, Record]) -> None:
    match = matches_of_part(site, f"{ID}plan/crm/pgm/7", "es")[0]
    for path in ("plan/crm/pgm/7", match.object.removeprefix(ID)):
        assert match.why in text(section(visit.page(f"/es/id/{path}"), "matches"))
    assert "matches" not in sections(visit.page("/es/id/country/GTM"))
    # Seen from the other side the way is turned around.
    every = (match for part in compared["marrakesh"].own for match in part.corresponding)
    broad = next(match for match in every if match.way.endswith("#broad"))
    there = section(visit.page("/en/id/" + broad.object.removeprefix(ID)), "matches")
    [item] = [each for each in there.iter("li") if f"/en/id/{broad.subject.removeprefix(ID)}" in links(each).values()]
    assert item.findtext("span") == "RCM plan: is narrower"


# Two guests: one was compared from the side of the first plan, the other from its own.


@pytest.fixture(scope="module")
def decided(
    tmp_path_factory: pytest.TempPathFactory, build_folder: Path, manifest: Manifest, site: Site
) -> Iterator[Site]:
    folder = decided_store(tmp_path_factory.mktemp("sides"), manifest.folder(build_folder))
    with Pool(folder, memory_bytes=2**30) as pool:
        # What is kept of the dataset as it was built is not of this one.
        yield replace(site, pool=pool, digest="sides")


@pytest.fixture(scope="module")
def sides(decided: Site, serve: Serve) -> Iterator[Visitor]:
    with serve(pool=decided.pool, digest=decided.digest) as client:
        yield Visitor(client)


def said_of(page: Element) -> dict[str, str]:
    """Return what a comparison says of each part: how something corresponds, that nothing does, or that nobody said."""
    items = (item for listed in having(page, "sides") for item in listed.findall("li"))
    return {
        next(item.iter("a")).get("href", "").rpartition("/plan/")[2]: next(
            text(each) for name in ("way", "no-match") for each in having(item, name)
        )
        for item in items
    }


@pytest.mark.parametrize(
    ("guest", "unread", "unread_there", "nothing"),
    [(LED, "18 parts", "2 parts", "crm/pgm/9"), (GUEST_LED, "19 parts", "1 part", "norte/2")],
)
def test_decisions_from_either_side(
    sides: Visitor, decided: Site, guest: str, unread: str, unread_there: str, nothing: str
) -> None:
    [found] = [each for each in read_comparisons(decided, "en") if guest in map(name_of_plan, (each.plan, each.other))]
    assert (name_of_plan(found.plan), name_of_plan(found.other)) == ("crm", guest)
    [own], [theirs] = [[match for part in side for match in part.corresponding] for side in (found.own, found.theirs)]
    assert (theirs.subject, theirs.object, theirs.plan, theirs.other) == (own.object, own.subject, own.other, own.plan)
    assert theirs.is_turned != own.is_turned
    assert has_unmatched_parts(found)
    # The comparison has one address.
    there = sides.get(f"/en/crosswalk/{guest}/crm")
    assert (there.status_code, there.headers["Location"]) == (308, f"/en/crosswalk/crm/{guest}")
    page = sides.page(f"/en/crosswalk/crm/{guest}")
    [shares] = having(page, "shares")
    for item, count in zip(shares.findall("li"), (unread, unread_there), strict=True):
        assert text(item).endswith(f"Of {count}, nobody has said whether anything corresponds.")
    said = said_of(page)
    assert len(said) == 20 + 3
    assert {part: words for part, words in said.items() if words != UNSAID} == {
        "crm/pgm/3": f"Plan del {guest}: is narrower",
        f"{guest}/1": "RCM plan: is broader",
        nothing: "Nothing corresponds.",
    }
    data = sides.json(f"/en/crosswalk/crm/{guest}.json")
    plan = f"{ID}plan/"
    told = [(row["subject"].removeprefix(plan), (row["object"] or "").removeprefix(plan)) for row in data]
    assert told == [("crm/pgm/3", f"{guest}/1"), (nothing, "")]
    assert links(sides.page(f"/es/plan/{guest}"))["Comparado con otros planes"] == f"/es/crosswalk/crm/{guest}"

    # So have the pages of the parts.
    def matches(path: str) -> str:
        found = sections(sides.page(f"/en/id/plan/{path}")).get("matches")
        return "" if found is None else text(found)

    assert f"Plan del {guest}: is narrower" in matches("crm/pgm/3")
    assert "RCM plan: is broader" in matches(f"{guest}/1")
    assert "Nothing corresponds in 1 other plan RCM plan" in matches("norte/2")
    assert f"Plan del {guest}" not in matches("crm/pgm/4")
    assert (f"Plan del {guest}" in matches("crm/pgm/9")) == (guest == LED)
