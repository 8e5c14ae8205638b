"""The picture of the schedule: each entry is on the timeline once, where and how its words say."""

import csv
import dataclasses
import io
from collections import Counter
from collections.abc import Iterable

import pytest
from httpx import Client

from crmgraph.site.pictures.lettering import length
from crmgraph.site.pictures.schedule import Entry
from crmgraph.site.pictures.shapes import Box, Drawing, Line, Link, Shape, Words
from crmgraph.site.pictures.timeline import NARROW, WIDE, Wording, draw_schedule

WORDING = Wording("dated", "undated", "none", "other", "occasion", "since", "every {}".format, str)


@pytest.fixture(scope="module")
def drawing(entries: tuple[Entry, ...]) -> Drawing:
    return draw_schedule(entries, lambda iri: iri, WORDING)


def links(shapes: Iterable[Shape]) -> list[Link]:
    return [shape for shape in shapes if isinstance(shape, Link)]


def test_each_schedule_entry_of_the_plan_is_drawn_once(client: Client, drawing: Drawing) -> None:
    told = [
        row["element"]
        for row in csv.DictReader(io.StringIO(client.get("/queries/plan-outline.csv?lang=es").text))
        if row["kind"] == "Entrada de calendario"
    ]
    shown = Counter(link.target for link in links(drawing.shapes))
    assert len(told) == 37
    assert {iri: shown[iri] for iri in told} == dict.fromkeys(told, 1)


def test_a_status_without_a_date_is_not_drawn_in_the_year_of_an_event(
    entries: tuple[Entry, ...], drawing: Drawing
) -> None:
    [entry] = [each for each in entries if each.occasion and each.number == "2.4.1.1"]
    assert entry.occasion
    assert entry.status == "continuous"
    [event] = [link for link in links(drawing.shapes) if link.target == entry.occasion.iri]
    [chip] = [link for link in links(drawing.shapes) if link.target == entry.iri]
    [undated] = [shape for shape in drawing.shapes if isinstance(shape, Words) and shape.text == "undated"]
    tops = [part.y for part in (event.parts[0], chip.parts[0]) if isinstance(part, Box)]
    assert tops[0] < undated.y < tops[1]
    assert [part.kind for part in event.parts if isinstance(part, Line)] == ["occasion-mark", "bar none"]
    assert "status-mark busy" in [part.kind for part in chip.parts if isinstance(part, Line)]
    assert "2010" not in chip.title.removesuffix(entry.quotation.exact)
    own = draw_schedule([dataclasses.replace(entry, occasion=None)], lambda iri: iri, WORDING)
    [link] = links(own.shapes)
    assert [part.kind for part in link.parts if isinstance(part, Line)] == ["status-mark busy", "bar busy"]


def test_the_years_of_the_axis_hold_every_date(drawing: Drawing) -> None:
    years = [shape.text for shape in drawing.shapes if isinstance(shape, Words) and shape.kind == "year"]
    assert years == [str(year) for year in range(2003, 2011)]


def test_a_date_stands_below_its_year(entries: tuple[Entry, ...], drawing: Drawing) -> None:
    years = {shape.text: shape.x for shape in drawing.shapes if isinstance(shape, Words) and shape.kind == "year"}
    wide = years["2004"] - years["2003"]
    for each in entries:
        if each.date:
            dated = each.occasion.iri if each.occasion else each.iri
            [link] = [link for link in links(drawing.shapes) if link.target == dated]
            [bar] = [part for part in link.parts if isinstance(part, Line) and part.kind.startswith("bar")]
            begin = float(bar.path.removeprefix("M").split()[0])
            middle = years[each.date[:4]]
            assert middle - wide / 2 - 1 <= begin <= middle + wide / 2


def test_what_recurs_says_so_in_the_picture(entries: tuple[Entry, ...], drawing: Drawing) -> None:
    recurring = [each for each in entries if each.recurrence]
    assert [each.number for each in recurring] == ["2.4.2.1"]
    [link] = [link for link in links(drawing.shapes) if link.target == recurring[0].iri]
    assert "every P3Y" in [part.text for part in link.parts if isinstance(part, Words)]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_chip_lies_on_another_or_leaves_the_picture(entries: tuple[Entry, ...], width: float) -> None:
    drawing = draw_schedule(entries, lambda iri: iri, WORDING, width)
    assert drawing.width == width
    places = []
    for link in links(drawing.shapes):
        box = next(part for part in link.parts if isinstance(part, Box))
        places.append((box.x, box.y, box.x + box.width, box.y + box.height))
        assert box.x + box.width <= drawing.width
        assert box.y + box.height <= drawing.height
    for at, one in enumerate(places):
        for other in places[:at]:
            assert not (one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3])


def test_all_words_of_what_has_a_date_are_shown(entries: tuple[Entry, ...]) -> None:
    drawing = draw_schedule(entries, lambda iri: iri, WORDING, NARROW)
    for each in entries:
        if each.date or each.since:
            dated = each.occasion.iri if each.occasion else each.iri
            [link] = [link for link in links(drawing.shapes) if link.target == dated]
            quoted = [part for part in link.parts if isinstance(part, Words) and part.kind == "quoted"]
            assert " ".join(part.text for part in quoted) == " ".join(each.quotation.exact.split())
            assert all(length(part.text, 12) <= NARROW for part in quoted)


def test_a_schedule_without_dates_or_without_anything_is_drawn(entries: tuple[Entry, ...]) -> None:
    undated = [each for each in entries if not (each.date or each.since)]
    assert len(links(draw_schedule(undated, str, WORDING).shapes)) == len(undated)
    assert draw_schedule([], str, WORDING).shapes == ()
