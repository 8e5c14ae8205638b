"""What pictures are made of."""

import pytest

from crmgraph.serving.pages.pictures.shapes import Box, Link, Shape, Words


@pytest.mark.parametrize(
    ("seen", "title", "name"),
    [
        (("CSM",), "Conferencia Suramericana sobre Migraciones", "CSM: Conferencia Suramericana sobre Migraciones"),
        (("1",), "Objetivo 1", "Objetivo 1"),
        (("VINCULACIÓN", "ENTRE MIGRACIÓN…"), "Vinculación entre migración y desarrollo", None),
        ((), "Un lugar", "Un lugar"),
    ],
)
def test_a_link_is_called_by_what_is_seen_of_it(seen: tuple[str, ...], title: str, name: str | None) -> None:
    parts: tuple[Shape, ...] = (Box(0, 0, 1, 1, "cell"), *(Words(0, 0, text) for text in seen))
    assert Link("/", title, parts).name == (name or title)
