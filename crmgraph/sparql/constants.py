"""Constants in place of the variables of a query that VALUES binds to a single term.

The engine plans a query anew each time, and its planner does not carry such a binding into the patterns and filters
that use it. The questions of the library, whose parameters are such variables, take a quarter less time without them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Store

from crmgraph.sparql.syntax import (
    Edit,
    Token,
    TokenKind,
    apply_edits,
    closing_bracket,
    keyword,
    tokenize,
)

_IRIS = (TokenKind.IRI, TokenKind.PREFIXED_NAME)
_SINGLE_TERMS = frozenset(
    {
        *((kind,) for kind in (*_IRIS, TokenKind.STRING, TokenKind.NUMBER)),
        (TokenKind.STRING, TokenKind.LANGUAGE),
        *((TokenKind.STRING, TokenKind.SYMBOL, kind) for kind in _IRIS),
    }
)
"""The kinds of the tokens of one IRI or literal."""
_HINDERING = frozenset({"SERVICE", "MINUS", "LATERAL"})
"""Keywords of queries that stay as they are. MINUS compares solutions only if they have a variable in common."""


@dataclass
class _Group:
    """A group graph pattern or another pair of braces.

    Attributes:
        kind: The keyword before its opening brace; empty for a plain group or a branch of UNION.
        parent: The group around it; None for the outermost.
        around: The brackets around it in the parent: FILTER, BIND (also for other brackets) or empty.
        has_select: Whether it is a sub-select, whose variables are its own.
        constants: The variables that it binds by VALUES, each with the index of the token after the clause.
    """

    kind: str
    parent: "_Group | None"
    around: str
    has_select: bool
    constants: dict[str, int]


def substitute_constants(text: str, base_iri: str | None = None) -> str:
    """Return a query with the same answer in which variables that VALUES binds to one term are replaced by the term.

    A variable is replaced only if it is nowhere in a result, and each of its uses is joined with the VALUES clause of a
    group around it, so that its value there is certain (SPARQL 1.1 Query Language, section 18.2). All its VALUES
    clauses must have the same term; they are dropped. Other queries, and those that are not SPARQL, are returned
    unchanged.

    A constant at an end of a path that may be empty is no exception: unlike section 18.4, the engine finds such a path
    only from and to nodes of the graph, as with a variable.
    """
    if "VALUES" not in text.upper():
        return text
    tokens = list(tokenize(text))
    words = {keyword(token) for token in tokens}
    if not words.isdisjoint(_HINDERING) or any(map(_shows_all, tokens, tokens[1:])):
        return text
    try:
        Store().query(text, base_iri=base_iri)
    except (SyntaxError, RuntimeError):
        # The error is reported, with its place, when the query itself is run.
        return text
    groups, clauses = list(_groups_of(tokens)), set[int]()
    terms, edits = defaultdict[str, set[str]](set), defaultdict[str, list[Edit]](list)
    for index, token in enumerate(tokens):
        group, _ = groups[index]
        if group is not None and (found := _constant_at(tokens, index, group)):
            name, end = found
            terms[name].add(text[tokens[index + 3].start : tokens[end - 1].start])
            group.constants[name] = end
            edits[name].append((token.start, tokens[end].start, ""))
            clauses.add(index + 1)
    single = {name: term for name, (term, *more) in terms.items() if not more}
    for index, token in enumerate(tokens):
        name = token.text[1:]
        if token.kind is TokenKind.VARIABLE and name in single and index not in clauses:
            edits[name].append((token.start, token.end, f" {single[name]} "))
            if not _is_certain(tokens, index, *groups[index], next(tokenize(single[name])).kind in _IRIS):
                del single[name]
    return apply_edits(text, (edit for name in single for edit in edits[name]))


def _shows_all(token: Token, following: Token) -> bool:
    """Return whether two tokens may begin a construct that needs all variables, such as `SELECT *` or `<<`."""
    return token.text in ("<<", "<<(") or (
        following.text == "*" and keyword(token) in ("SELECT", "DISTINCT", "REDUCED", "DESCRIBE")
    )


def _groups_of(tokens: Sequence[Token]) -> Iterator[tuple[_Group | None, str]]:
    """Yield, for each token, the innermost group around it, and the function of the outermost brackets within that."""
    stack: list[tuple[_Group | None, str, int]] = [(None, "", 0)]
    for index, token in enumerate(tokens):
        group, around, depth = stack[-1]
        if token.text == "}" and len(stack) > 1:
            stack.pop()
        elif token.text == "(":
            is_filter = "FILTER" in map(keyword, tokens[max(index - 2, 0) : index])
            stack[-1] = group, around or ("FILTER" if is_filter else "BIND"), depth + 1
        elif token.text == ")":
            stack[-1] = group, around if depth > 1 else "", depth - 1
        yield group, stack[-1][1]
        if token.text == "{":
            kind, is_select = keyword(tokens[index - 1]), keyword(tokens[index + 1]) == "SELECT"
            function = "FILTER" if kind == "EXISTS" and not around else around
            stack.append((_Group(kind, group, function, is_select, {}), "", 0))


def _constant_at(tokens: Sequence[Token], index: int, group: _Group) -> tuple[str, int] | None:
    """Return the variable of a clause such as `VALUES ?a { "b" }` at an index, and the index of the token after it."""
    if keyword(tokens[index]) != "VALUES" or group.has_select or tokens[index + 1].kind is not TokenKind.VARIABLE:
        return None
    closing = closing_bracket(tokens, index + 2) or 0
    kinds = tuple(token.kind for token in tokens[index + 3 : closing])
    return (tokens[index + 1].text[1:], closing + 1) if kinds in _SINGLE_TERMS else None


def _is_certain(tokens: Sequence[Token], index: int, group: _Group | None, around: str, in_patterns: bool) -> bool:
    """Return whether the variable at an index has the value of the VALUES clause of a group around it.

    Args:
        tokens: The tokens of the query.
        index: The index of the variable.
        group: The innermost group around it.
        around: The function of the brackets around it: FILTER, BIND or empty, for a triple pattern.
        in_patterns: Whether the value may stand anywhere in a triple pattern.
    """
    name, before = tokens[index].text[1:], [token.text.upper() for token in tokens[max(index - 2, 0) : index]]
    if before[-1:] in (["AS"], ["GRAPH"], ["VALUES"]) or before == ["BOUND", "("] or not (in_patterns or around):
        return False
    while group is not None and not group.has_select and group.kind != "CONSTRUCT":
        if name in group.constants:
            return group.constants[name] <= index
        if group.kind == "EXISTS":
            around = group.around
        elif group.kind == "OPTIONAL":
            # A filter of OPTIONAL sees the variables on its left.
            if around == "BIND" or group.parent is None or name not in group.parent.constants:
                return False
        elif around:
            return False
        group = group.parent
    return False
