"""The page on the look of the site and its style sheet agree."""

import re
from pathlib import Path

from crmgraph import site

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "style.md").read_text(encoding="utf-8")
STYLES = Path(site.__file__).parent / "web" / "src" / "styles"
BASE = (STYLES / "base.css").read_text(encoding="utf-8")
TOKEN = re.compile(r"^\s*--([\w-]+): ([^;]+);", re.MULTILINE)


def test_each_colour_is_as_it_is_told_in_light_and_in_dark() -> None:
    light, _, dark = BASE.partition("@media (prefers-color-scheme: dark)")
    colours = {
        name: (value, dict(TOKEN.findall(dark))[name]) for name, value in TOKEN.findall(light) if value.startswith("#")
    }
    told = {
        name: (bright, dim) for name, bright, dim in re.findall(r"^\| `--([\w-]+)` \| `(#\w+)` \| `(#\w+)`", PAGE, re.M)
    }
    assert len(colours) > 20
    assert told == colours


def test_every_token_is_told() -> None:
    assert {name for name, _ in TOKEN.findall(BASE)} == set(re.findall(r"`--([\w-]+)`", PAGE))


def test_every_class_that_is_told_has_a_style() -> None:
    styles = "".join(file.read_text(encoding="utf-8") for file in STYLES.glob("*.css"))
    told = {name for names in re.findall(r"`\.([\w.-]+)`", PAGE) for name in names.split(".")}
    assert len(told) > 10
    assert [name for name in sorted(told) if not re.search(rf"\.{re.escape(name)}\b", styles)] == []


def test_no_style_uses_a_token_that_there_is_not() -> None:
    known = {name for file in STYLES.glob("*.css") for name in re.findall(r"--([\w-]+):", file.read_text("utf-8"))}
    used = {name for file in STYLES.glob("*.css") for name in re.findall(r"var\(--([\w-]+)", file.read_text("utf-8"))}
    assert used - known == set()


def test_every_size_of_text_is_on_the_scale() -> None:
    written = "".join(file.read_text("utf-8") for file in STYLES.glob("*.css") if file.name != "picture.css")
    sizes = re.findall(r"font-size: ([^;]+);", written) + re.findall(r"font: (?:\d{3} )?([^/ ;]+)", written)
    on_it = re.compile(r"var\(--text-[\w-]+\)|[\d.]+em|inherit|\d+pt")
    assert len(sizes) > 100
    beside = [size for size in sizes if not on_it.fullmatch(size)]
    # What all of it is a share of, and a drawing within a page.
    assert sorted(beside) == ["125%", "13px", "162.5%"]
