"""The patterns of triples that stand in a group of a query, beside what else stands there."""

from collections.abc import Sequence

from crmgraph.sparql.tokens import BRACKETS, Kind, Token, closing_of, keyword

__all__ = ["graphs_around", "triples_beside"]

# What begins a part of a group that is no pattern of triples, and which bracket opens its end.
_OTHERS = {"OPTIONAL": "{", "MINUS": "{", "GRAPH": "{", "SERVICE": "{", "FILTER": "", "BIND": "(", "VALUES": "{"}
_PLAIN = frozenset({"A", "TRUE", "FALSE"})


def triples_beside(found: Sequence[Token], service: int, inside: int) -> tuple[list[Token], tuple[str, ...]]:
    """The patterns of triples beside the clause that have to do with it, and the variables that they share with it."""
    around = _groups_around(found, service)
    if not around or graphs_around(found, service):
        return [], ()
    within = _names(_patterns(found, inside))
    blocks = _blocks(_patterns(found, around[0]))
    shared = within & frozenset().union(*map(_names, blocks))
    variables = tuple(sorted(name[1:] for name in shared if name.startswith("?")))
    kept: list[list[Token]] = []
    reached = frozenset(f"?{name}" for name in variables)
    while more := [block for block in blocks if block not in kept and _names(block) & reached]:
        kept += more
        reached = reached.union(*map(_names, more))
    dot = Token(Kind.SIGN, 0, ".")
    return [token for block in kept for token in (*block, dot)], variables


def graphs_around(found: Sequence[Token], index: int) -> list[Token]:
    """What names the graph in each GRAPH that the token there is in."""
    groups = _groups_around(found, index)
    return [found[group - 1] for group in groups if group > 1 and keyword(found[group - 2]) == "GRAPH"]


def _groups_around(found: Sequence[Token], index: int) -> list[int]:
    """The bracket that opens each group that the token there is in, the innermost first."""
    groups, depth = [], 0
    for at in range(index - 1, -1, -1):
        if found[at].text == "}":
            depth += 1
        elif found[at].text == "{" and depth:
            depth -= 1
        elif found[at].text == "{":
            groups.append(at)
    return groups


def _patterns(found: Sequence[Token], opening: int) -> list[Token]:
    """The tokens of the patterns of triples right in the group that opens there; none in a sub-select."""
    closing = closing_of(found, opening)
    kept: list[Token] = []
    index = opening + 1
    while closing is not None and index < closing:
        token, word = found[index], keyword(found[index])
        if word == "SELECT":
            return []
        if word in _OTHERS or token.text == "{":
            after = _after(found, index, _OTHERS.get(word, "{"))
            if after is None:
                return []
            kept.append(Token(Kind.SIGN, 0, "."))
            index = after
        elif word == "UNION":
            index += 1
        elif (word and word not in _PLAIN) or _runs_into_another(token):
            # The engine may read more in it than the grammar does.
            return []
        else:
            kept.append(token)
            index += 1
    return kept


def _blocks(found: Sequence[Token]) -> list[list[Token]]:
    """Patterns of triples, cut where a full stop ends them."""
    blocks: list[list[Token]] = [[]]
    depth = 0
    for token in found:
        if token.kind is Kind.SIGN:
            depth += (token.text in BRACKETS) - (token.text in BRACKETS.values())
        if token.kind is Kind.SIGN and token.text == "." and depth == 0:
            blocks.append([])
        else:
            blocks[-1].append(token)
    return [block for block in blocks if block]


def _names(found: Sequence[Token]) -> frozenset[str]:
    """The variables and the nodes without a name, by which patterns hang together."""
    return frozenset(f"?{token.text[1:]}" for token in found if token.kind is Kind.VARIABLE) | {
        token.text for token in found if token.kind is Kind.BLANK
    }


def _runs_into_another(token: Token) -> bool:
    return token.kind is Kind.NAME and token.text.partition(":")[0].upper().endswith(tuple(_OTHERS))


def _after(found: Sequence[Token], index: int, bracket: str) -> int | None:
    """The index behind the part that begins there: behind the fellow of its first such bracket, or of any."""
    opens = (bracket,) if bracket else tuple(BRACKETS)
    at = index
    while at < len(found) and found[at].text not in opens:
        at += 1
    end = closing_of(found, at)
    return None if end is None else end + 1
