"""RDF terms and SPARQL solutions: their types, and conversions from and to text."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, RdfFormat, Store, parse

from crmgraph.errors import Bilingual, UsageError
from crmgraph.namespaces import PREFIXES, Names

Term = NamedNode | BlankNode | Literal
Triple = tuple[Term, Term, Term]
Row = dict[str, Term]
"""A solution of a SPARQL query: the terms by the names of the variables, without unbound variables."""
Select = Callable[[str], Iterable[Row]]
"""A function that returns the solutions of a SELECT query. The query may use the prefixes of `crmgraph.namespaces`."""

_ABSOLUTE = re.compile(r"(https?://|urn:|mailto:)")
_PATH = re.compile(r"[^\x00-\x20<>\"{}|^`\\:']+/[^\x00-\x20<>\"{}|^`\\:']*")


def iri(name: str) -> NamedNode:
    """Return the IRI of a prefixed name such as `owl:sameAs`."""
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def read_turtle(text: str, prefixes: Mapping[str, str]) -> Term:
    """Return a term that is written in Turtle syntax. Raises ValueError or SyntaxError for any other text."""
    prologue = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in prefixes.items())
    [triple] = parse(f"{prologue}<a:> <a:> {text} .", format=RdfFormat.TURTLE)
    return cast(Term, triple.object)


def rows(found: object) -> list[Row]:
    """Return the solutions in a query result of pyoxigraph."""
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: term for name in names if (term := row[name]) is not None} for row in found]


def select_from(store: Store) -> Select:
    """Return a function that runs SELECT queries over the union of all graphs in a store."""
    return lambda query: rows(store.query(query, prefixes=dict(PREFIXES), use_default_graph_as_union=True))


def read_term(written: str, names: Names) -> Term:
    """Return the term that a user has written.

    The text is an IRI (with or without angle brackets), a prefixed name, a path below `…/id/`, a literal in Turtle
    syntax, or `a` for rdf:type. Raises UsageError for any other text.
    """
    text, prefixes = written.strip(), names.prefixes()
    prefix, colon, local = text.partition(":")
    if text == "a":
        text = f"<{prefixes['rdf']}type>"
    elif colon and prefix in prefixes:
        text = f"<{prefixes[prefix]}{local}>"
    elif _ABSOLUTE.match(text):
        text = f"<{text}>"
    elif _PATH.fullmatch(text):
        text = f"<{names.id(text)}>"
    with suppress(SyntaxError, ValueError):
        term = read_turtle(text, prefixes)
        if not isinstance(term, BlankNode):
            return term
    raise UsageError(
        Bilingual(
            f"{written or 'nothing'} is no term: write a prefixed name (cg:within), an IRI, what follows …/id/ "
            '(plan/crm/pgm/7) or a literal as in Turtle ("words"@es)',
            f"{written or 'nada'} no es un término: escriba un nombre con prefijo (cg:within), un IRI, lo que sigue a "
            '…/id/ (plan/crm/pgm/7) o un literal como en Turtle ("palabras"@es)',
        )
    )


def abbreviate_term(term: Term, prefixes: Mapping[str, str]) -> str:
    """Return a term in Turtle syntax; an IRI is written with the longest prefix that matches."""
    iri = term.value if isinstance(term, NamedNode) else ""
    space, prefix = max(
        ((space, prefix) for prefix, space in prefixes.items() if iri.startswith(space)), default=("", "")
    )
    return f"{prefix}:{iri.removeprefix(space)}" if space else str(term)
