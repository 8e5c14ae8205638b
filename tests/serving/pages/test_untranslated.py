"""No text reaches the visitor that nobody could translate: in templates, in scripts, and on the pages themselves."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from babel.messages.pofile import read_po
from httpx import Client
from jinja2 import Environment, nodes

from crmgraph import serving
from tests.support.pages import read_page
from tests.support.sitemap import PAGES, REFUSED

SERVING = Path(serving.__file__).parent
TEMPLATES = sorted((SERVING / "templates").rglob("*.html"))
SCRIPTS = sorted(path for path in (SERVING / "web" / "src").rglob("*.[jt]s"))
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
SAID = {"alt", "title", "aria-label", "aria-description", "placeholder", "label", "data-heading"}
NOT_READ = {"code", "kbd", "pre", "script", "style", "title"}
# Graphs and severities are called so in every language, where they are told by the names that they have in data.
SAME = {"inferred", "processes", "violation", "warning"}
WORD = re.compile(r"[^\W\d_]{2,}")
HOLE = "\ufffc"
# What is translated as a whole, and what gives the body a class.
APART = re.compile(r"{% trans\b.*?{% endtrans %}|{% block page_class %}.*?{% endblock %}", re.DOTALL)
CLASS = re.compile(rf"[\w-]+-(?={HOLE})|\.[a-z]+\b")
# What is called the same in every language.
NAMES = {
    "crmgraph", "SPARQL", "OpenAPI", "RDF", "JSON", "CSV", "TSV", "XML", "XLSX", "SVG", "PNG", "VoID", "DCAT", "BibTeX",
    "kB", "KiB", "MiB", "SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "Creative", "Commons", "Attribution", "CC", "BY",
    "nbsp", "quot",
}  # fmt: skip


class Reader(HTMLParser):
    """What a template says in words of its own."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._within: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._within.append(tag)
        self.said += [value for name, value in attributes if name in SAID and value]
        given = dict(attributes)
        if tag == "meta" and given.get("name") == "description":
            self.said.append(given.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        while tag in self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not NOT_READ & set(self._within) or (data.strip(f" ·\n{HOLE}") and self._within[-1:] == ["title"]):
            self.said.append(data)


def words_of(text: str) -> list[str]:
    return [word for word in WORD.findall(text) if word not in NAMES]


def markup(source: str) -> str:
    """The template without what it computes: a hole for each expression."""
    tokens = ENVIRONMENT.lex(APART.sub("", source))
    found = (value if kind == "data" else HOLE for _, kind, value in tokens if kind in ("data", "variable_begin"))
    return CLASS.sub("", "".join(found))


def constants(node: nodes.Node) -> Iterator[str]:
    """The texts that an expression comes to by itself, whichever way it goes."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.CondExpr | nodes.Concat | nodes.Add | nodes.Or):
        for child in node.iter_child_nodes(exclude=("test",)):
            yield from constants(child)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_a_template_says_nothing_in_words_of_its_own(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert [said for said in Reader(markup(source)).said if words_of(said)] == []


def test_such_words_would_be_found() -> None:
    said = Reader(markup('<p title="Some words">{{ x }} and more<code>x y</code></p>{# nothing #}')).said
    assert [text for text in said if words_of(text)] == ["Some words", f"{HOLE} and more"]
    tree = ENVIRONMENT.parse('{{ "Yes indeed" if x else _("No") }}')
    assert [text for out in tree.find_all(nodes.Output) for each in out.nodes for text in constants(each)] == [
        "Yes indeed"
    ]


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_an_expression_comes_to_no_words_of_its_own(file: Path) -> None:
    tree = ENVIRONMENT.parse(file.read_text(encoding="utf-8"))
    # Attributes, classes and data are one word or begin with one; what people read has blanks or capitals.
    found = [
        text
        for out in tree.find_all(nodes.Output)
        for each in out.nodes
        if not isinstance(each, nodes.TemplateData)
        for text in constants(each)
        if re.match(r"[A-Z][a-z]+|[a-z]+ [a-z]+ ", text)
    ]
    assert found == []


def messages() -> dict[str, str]:
    """The texts in English that are another in Spanish."""
    with (SERVING.parent / "site" / "locales" / "es" / "LC_MESSAGES" / "crmgraph.po").open("rb") as file:
        catalogue = read_po(file, locale="es")
    return {
        message.id: str(message.string)
        for message in catalogue
        if isinstance(message.id, str) and message.id and message.string != message.id
    }


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_a_script_says_only_what_it_is_given_in_the_language_of_the_page(file: Path) -> None:
    source = re.sub(r"^\s*(//|\*|/\*).*$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    sentences = re.findall(r"""["'`]([A-Z][a-z]+ [a-z]+[^"'`\n]*)["'`]""", source)
    assert [said for said in sentences if said not in messages() and not said.startswith("M ")] == []


@pytest.mark.parametrize("path", [*PAGES, *REFUSED, "/completions.json"])
def test_nothing_says_the_head_of_the_catalogue_of_translations(client: Client, path: str) -> None:
    for form in ("text/html", "application/json"):
        assert "PROJECT VERSION" not in client.get(f"/es{path}", headers={"Accept": f"{form}, */*;q=0.1"}).text


def texts(element: Element, tongue: str = "es") -> Iterator[str]:
    """What is read in Spanish on a page, text by text."""
    tongue = element.get("lang", tongue)
    if not isinstance(element.tag, str) or element.tag in ("code", "pre", "script", "style", "textarea"):
        return
    # Graphs are called by their addresses.
    if "/graph/" in element.get("href", ""):
        return
    if tongue == "es":
        yield from (value for name, value in element.attrib.items() if name in SAID)
        yield element.text or ""
    for child in element:
        yield from texts(child, tongue)
        if tongue == "es":
            yield child.tail or ""


@pytest.mark.parametrize("path", [*PAGES, *REFUSED])
def test_no_page_in_spanish_says_in_english_what_has_a_translation(client: Client, path: str) -> None:
    english = messages()
    page = read_page(client.get(f"/es{path}").text)
    assert sorted({" ".join(text.split()) for text in texts(page)} & english.keys() - SAME) == []
