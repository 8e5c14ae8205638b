"""Where an imported plan is from is written down beside it, and read again."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from crmgraph.errors import SourceError
from crmgraph.reading.origin import ORIGIN, origin_of, read_origin


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_bytes(b"Eje\n")
    (tmp_path / "m.toml").write_bytes(b"table = 1\n")
    assert read_origin(tmp_path / "plan.txt") is None
    origin = origin_of(tmp_path / "plan.csv", ("A",), tmp_path / "m.toml", "http://e/", date(2026, 11, 28))
    assert (origin.file, origin.media_type, origin.imported, origin.mapping) == (
        "plan.csv", "text/csv", "2026-11-28", "m.toml",
    )  # fmt: skip
    assert origin.sha256 == hashlib.sha256(b"Eje\n").hexdigest()
    assert origin.mapping_sha256 == hashlib.sha256(b"table = 1\n").hexdigest()
    (tmp_path / f"plan{ORIGIN}").write_text(origin.as_json(), encoding="utf-8")
    assert read_origin(tmp_path / "plan.txt") == origin


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"file": 1, "tables": []}', '{"file": "a", "tables": [], "imported": "soon"}']
)
def test_what_does_not_say_it_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    (tmp_path / f"plan{ORIGIN}").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=r"plan\.origin\.json: this does not say where a plan is from"):
        read_origin(tmp_path / "plan.txt")
