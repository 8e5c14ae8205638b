"""No text reaches the visitor that nobody could translate: in templates and in scripts."""

import re
from collections.abc import Iterator

import html5rdf  # type: ignore[import-untyped]
from jinja2 import Environment, nodes

from tests.site.translations import SITE, messages, texts_read

TEMPLATES = sorted((SITE / "templates").rglob("*.html"))
SCRIPTS = sorted(path for path in (SITE / "web" / "src").rglob("*.[jt]s"))
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
WORD = re.compile(r"[^\W\d_]{2,}")
HOLE = "\ufffc"
# What is translated as a whole, and what gives the body a class or a language.
APART = re.compile(r"{% trans\b.*?{% endtrans %}|{% block page_class %}.*?{% endblock %}", re.DOTALL)
CLASS = re.compile(rf"[\w-]+-(?={HOLE})|\.[a-z]+\b|\blang=\"[^\"]*\"")
# What is called the same in every language.
NAMES = {
    "crmgraph", "SPARQL", "OpenAPI", "RDF", "JSON", "CSV", "TSV", "XML", "XLSX", "SVG", "PNG", "VoID", "DCAT", "BibTeX",
    "kB", "KiB", "MiB", "SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "Creative", "Commons", "Attribution", "CC", "BY",
    "nbsp", "quot",
}  # fmt: skip


def own_words(source: str) -> list[str]:
    """Return what a template says by itself: a hole stands for each expression."""
    tokens = ENVIRONMENT.lex(APART.sub("", source))
    found = (value if kind == "data" else HOLE for _, kind, value in tokens if kind in ("data", "variable_begin"))
    parser = html5rdf.HTMLParser(namespaceHTMLElements=False)
    said = texts_read(parser.parse(CLASS.sub("", "".join(found))))
    return [each for each in said if any(word not in NAMES for word in WORD.findall(each))]


def constants(node: nodes.Node) -> Iterator[str]:
    """Return the texts that an expression comes to by itself, whichever way it goes."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.CondExpr | nodes.Concat | nodes.Add | nodes.Or):
        for child in node.iter_child_nodes(exclude=("test",)):
            yield from constants(child)


def written_texts(source: str) -> list[str]:
    """Return the texts for people that the expressions of a template come to."""
    outputs = ENVIRONMENT.parse(source).find_all(nodes.Output)
    computed = (each for out in outputs for each in out.nodes if not isinstance(each, nodes.TemplateData))
    # Attributes, classes and data are one word or begin with one; what people read has blanks or capitals.
    return [text for each in computed for text in constants(each) if re.match(r"[A-Z][a-z]+|[a-z]+ [a-z]+ ", text)]


def test_templates_have_no_words_of_their_own() -> None:
    said = {file.name: own_words(file.read_text("utf-8")) for file in TEMPLATES}
    assert {name: words for name, words in said.items() if words} == {}
    said = {file.name: written_texts(file.read_text("utf-8")) for file in TEMPLATES}
    assert {name: words for name, words in said.items() if words} == {}
    assert len(said) > 30


def test_scripts_say_only_what_has_a_translation() -> None:
    found = []
    for file in SCRIPTS:
        source = re.sub(r"^\s*(//|\*|/\*).*$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        sentences = re.findall(r"""["'`]([A-Z][a-z]+ [a-z]+[^"'`\n]*)["'`]""", source)
        found += [(file.name, each) for each in sentences if each not in messages() and not each.startswith("M ")]
    assert found == []
    assert SCRIPTS
