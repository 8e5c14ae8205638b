"""Terms of statements as people write them: short names, IRIs, and literals as in Turtle."""

import re
from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from crmgraph.errors import UsageError
from crmgraph.inferring.rules import Term
from crmgraph.namespaces import Names
from crmgraph.wording import Bilingual

__all__ = ["read_term", "short"]

_NOT_IN_AN_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_LITERAL = re.compile(r"""["'+\-.\d]|(true|false)$""")
_ABSOLUTE = re.compile(r"(https?://|urn:|mailto:)")
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def read_term(text: str, names: Names) -> Term:
    """The term that is written as an IRI (within <> or not), a prefixed name, a path below `…/id/`, or a literal.

    `a` is rdf:type. Raises UsageError for anything else.
    """
    text = text.strip()
    if text == "a":
        return NamedNode(_TYPE)
    if _LITERAL.match(text):
        return _literal(text, names.prefixes())
    if text.startswith("<") and text.endswith(">"):
        return _iri(text[1:-1], text)
    prefix, colon, local = text.partition(":")
    if colon and prefix in names.prefixes():
        return _iri(names.prefixes()[prefix] + local, text)
    if _ABSOLUTE.match(text):
        return _iri(text, text)
    if not colon and "/" in text:
        return _iri(names.id(text), text)
    raise _wrong(text)


def short(term: Term, prefixes: Mapping[str, str]) -> str:
    """The term, an IRI with a prefix in place of the longest namespace that fits."""
    if not isinstance(term, NamedNode):
        return str(term)
    fitting = [(space, prefix) for prefix, space in prefixes.items() if term.value.startswith(space)]
    if not fitting:
        return str(term)
    space, prefix = max(fitting, key=lambda pair: len(pair[0]))
    return f"{prefix}:{term.value.removeprefix(space)}"


def _iri(iri: str, text: str) -> NamedNode:
    if _NOT_IN_AN_IRI.search(iri):
        raise _wrong(text)
    try:
        return NamedNode(iri)
    except ValueError:
        raise _wrong(text) from None


def _literal(text: str, prefixes: Mapping[str, str]) -> Literal:
    prologue = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in prefixes.items())
    try:
        values = [triple.object for triple in parse(f"{prologue}<a:> <a:> {text} .", format=RdfFormat.TURTLE)]
    except (SyntaxError, ValueError):
        raise _wrong(text) from None
    if len(values) != 1 or not isinstance(values[0], Literal):
        raise _wrong(text)
    return values[0]


def _wrong(text: str) -> UsageError:
    return UsageError(
        Bilingual(
            f"{text or 'nothing'} is no term: write a prefixed name (cg:within), an IRI, what follows …/id/ "
            '(plan/crm/pgm/7) or a literal as in Turtle ("words"@es)',
            f"{text or 'nada'} no es un término: escriba un nombre con prefijo (cg:within), un IRI, lo que sigue a "
            '…/id/ (plan/crm/pgm/7) o un literal como en Turtle ("palabras"@es)',
        )
    )
